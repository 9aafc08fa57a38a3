// Mended rules: these needs open these lines in this file.
#include "sim/firewall/mend/mend.hpp"

#include "tests/firewall/mend_tasks.hpp"

using namespace mending;

namespace {

const wire::IpAddress second_server = wire::IpAddress::v4(10, 0, 0, 11);

fw::mend::NeededFlow mapper() { return tcp({only(135)}, "RPC endpoint mapper"); }
fw::mend::NeededFlow directory() { return tcp({only(5001)}, "Exchange Directory"); }
fw::mend::NeededFlow store() { return tcp({only(5002)}, "Information Store"); }

const std::string filter = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n";
const std::string answers = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";
const std::string mapper_rule = "-A FORWARD -d 10.0.0.10/32 -p tcp -m tcp --dport 135 -j ACCEPT\n";

// The line that opens a service, as each syntax has it.
std::string native_line(const std::string& ports, const std::string& note) {
    return " allow tcp from 192.0.2.50 to 10.0.0.10 port " + ports + "  # " + note + "\n";
}
std::string iptables_line(const std::string& chain, const std::string& port, const std::string& note) {
    return " -A " + chain + " -s 192.0.2.50/32 -d 10.0.0.10/32 -p tcp -m tcp --dport " + port +
           " -m comment --comment \"" + note + "\" -j ACCEPT\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mend_rules)

BOOST_AUTO_TEST_CASE(native_files) {
    const fw::mend::MendTask all = opening({mapper(), directory(), store()});
    const std::string directory_line = native_line("5001", "Exchange Directory");
    const std::string store_line = native_line("5002", "Information Store");
    const std::string back = "allow tcp from 10.0.0.10 port ";
    const Case cases[] = {
        {"nothing to do", Syntax::native, "# mine\nallow tcp 135\n\nallow tcp 5001-5002 # both\n", all, ""},
        {"a wide default needs nothing", Syntax::native, "default allow\n", all, ""},
        {"the default", Syntax::native, "allow tcp 135\n# the end\n", all, "+2" + directory_line + "+2" + store_line},
        {"no rules at all", Syntax::native, "default reject\n", opening({directory()}), "+2" + directory_line},
        {"an empty text", Syntax::native, "", opening({directory()}), "+1" + directory_line},
        {"no line end at the end", Syntax::native, "allow tcp 135", opening({directory()}), "+2" + directory_line},
        {"a deny above the permit", Syntax::native, "allow tcp 135\n\n# no more\nreject tcp\nallow tcp 5001-5002\n",
         all, "+3" + directory_line + "+3" + store_line},
        {"one port of a range", Syntax::native, "allow tcp 135\nallow tcp 5001\n",
         opening({tcp({range(5001, 5003), only(6000)}, "RPC")}), "+3" + native_line("5002-5003, 6000", "RPC")},
        {"denies of different rules get one line above them all", Syntax::native,
         "allow tcp 135\ndrop tcp 5002\ndrop tcp 5001\n", opening({tcp({range(5001, 5002)}, "RPC")}),
         "+2" + native_line("5001-5002", "RPC")},
        {"answers that are forgotten", Syntax::native, "stateful no\nallow tcp 5001\n", opening({directory()}),
         "+3 " + back + "5001 to 192.0.2.50 to-client acknowledged  # answers of Exchange Directory\n"},
        {"answers that are denied", Syntax::native,
         "stateful no\nallow tcp 5001\ndrop tcp from any port 5001 to any to-client\nallow tcp to-client "
         "acknowledged\n",
         opening({directory()}),
         "+3 " + back + "5001 to 192.0.2.50 to-client acknowledged  # answers of Exchange Directory\n"},
        {"answers of a file that has a rule for them", Syntax::native,
         "stateful no\nallow tcp to-client acknowledged\n", opening({directory()}), "+3" + directory_line},
        {"a line for both services and none for what passes", Syntax::native, "allow tcp 5002\n", all,
         "+2" + native_line("135", "RPC endpoint mapper") + "+2" + directory_line},
        {"a notice", Syntax::native, "allow tcp 135\n", opening({mapper(), notice()}),
         "+2 allow udp from 10.0.0.10 to 192.0.2.50 port 1024-65535 to-client  # new-mail notice\n"},
        {"a second server", Syntax::native, "allow tcp to 10.0.0.10\n",
         opening({directory(), tcp({only(5001)}, "", second_server)}),
         "+2 allow tcp from 192.0.2.50 to 10.0.0.11 port 5001\n"},
        {"right port, wrong address", Syntax::native, "allow tcp to 10.0.0.1 port 5001\n", opening({directory()}),
         "+2" + directory_line},
        {"lines that end as DOS has them", Syntax::native, "allow tcp 135\r\ndrop any\r\n", opening({directory()}),
         "+2" + directory_line},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(iptables_files) {
    const fw::mend::MendTask all = opening({mapper(), directory(), store()});
    const fw::mend::MendTask one = opening({directory()});
    const auto line = [](const std::string& chain) { return iptables_line(chain, "5001", "Exchange Directory"); };
    const auto both = [&](const std::string& number) {
        return "+" + number + line("FORWARD") + "+" + number + iptables_line("FORWARD", "5002", "Information Store");
    };
    const std::string state = " -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";
    const Case cases[] = {
        {"nothing to do", Syntax::iptables, filter + answers + "-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n", all, ""},
        {"the policy", Syntax::iptables, filter + answers + mapper_rule + "COMMIT\n# Completed\n", all, both("7")},
        {"a deny above the permit", Syntax::iptables,
         filter + answers + mapper_rule +
             "-A FORWARD -p tcp -j DROP\n-A FORWARD -p tcp --dport 5001:5002 -j ACCEPT\nCOMMIT\n",
         all, both("7")},
        {"a LOG stays with its deny", Syntax::iptables,
         filter + answers + mapper_rule + "-A FORWARD -p tcp -j LOG\n-A FORWARD -j REJECT\nCOMMIT\n", all, both("7")},
        {"a LOG at the end", Syntax::iptables, filter + answers + mapper_rule + "-A FORWARD -j LOG\nCOMMIT\n", all,
         both("7")},
        {"counters", Syntax::iptables, filter + "[1:2] " + answers + "[3:4] -A FORWARD -j DROP\nCOMMIT\n", one,
         "+6 [0:0]" + line("FORWARD")},
        {"decided in a user chain", Syntax::iptables,
         filter + ":MAIL - [0:0]\n" + answers +
             "-A FORWARD -d 10.0.0.10/32 -j MAIL\n-A MAIL -p tcp --dport 25 -j ACCEPT\n-A MAIL -j DROP\nCOMMIT\n",
         one, "+9" + line("MAIL")},
        {"a chain that only refuses is no place for a permit", Syntax::iptables,
         filter + ":LOGDROP - [0:0]\n" + answers +
             "-A FORWARD -s 203.0.113.0/24 -j LOGDROP\n-A FORWARD -j LOGDROP\n-A LOGDROP -j LOG\n-A LOGDROP -j DROP\n"
             "COMMIT\n",
         one, "+8" + line("FORWARD")},
        {"back from a user chain", Syntax::iptables,
         filter + ":MAIL - [0:0]\n" + answers + "-A FORWARD -j MAIL\n-A MAIL -p tcp --dport 135 -j ACCEPT\nCOMMIT\n",
         one, "+8" + line("FORWARD")},
        {"a goto does not come back", Syntax::iptables,
         filter + ":MAIL - [0:0]\n" + answers +
             "-A FORWARD -g MAIL\n-A FORWARD -j ACCEPT\n-A MAIL -p udp -j ACCEPT\nCOMMIT\n",
         one, "+10" + line("MAIL")},
        {"a goto to an empty chain", Syntax::iptables,
         filter + ":MAIL - [0:0]\n" + answers + "-A FORWARD -g MAIL\nCOMMIT\n", one, "+8" + line("MAIL")},
        {"a RETURN to the policy", Syntax::iptables,
         filter + answers + "-A FORWARD -p tcp -j RETURN\n-A FORWARD -j ACCEPT\nCOMMIT\n", one, "+6" + line("FORWARD")},
        {"an empty chain, in its place", Syntax::iptables,
         filter + ":MAIL - [0:0]\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\n-A OUTPUT -j ACCEPT\nCOMMIT\n", one,
         "+7 -A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT\n+7" + line("FORWARD")},
        {"answers are forgotten", Syntax::iptables, filter + mapper_rule + "COMMIT\n", all, "+5" + state + both("6")},
        {"answers are denied", Syntax::iptables,
         filter + mapper_rule + "-A FORWARD -j LOG\n-A FORWARD -j DROP\nCOMMIT\n", opening({mapper()}), "+6" + state},
        {"only new ones are let in", Syntax::iptables,
         filter + "-A FORWARD -p tcp --dport 5001 -m state --state NEW -j ACCEPT\n-A FORWARD -s 10.0.0.0/8 -j "
                  "ACCEPT\nCOMMIT\n",
         one, "+5 -A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT\n"},
        {"places by number", Syntax::iptables,
         filter + "-A FORWARD -j DROP\n-I FORWARD -p tcp --dport 135 -j ACCEPT\n-I FORWARD -m state --state "
                  "ESTABLISHED -j ACCEPT\nCOMMIT\n",
         one, "+8 -I FORWARD 3" + line("FORWARD").substr(11)},
        {"several ports in one line", Syntax::iptables, filter + answers + "COMMIT\n",
         opening({tcp({range(5001, 5002), only(6000)}, "")}),
         "+6 -A FORWARD -s 192.0.2.50/32 -d 10.0.0.10/32 -p tcp -m multiport --dports 5001:5002,6000 -j ACCEPT\n"},
        {"other tables stay", Syntax::iptables,
         "*mangle\n:PREROUTING ACCEPT [1:2]\nCOMMIT\n" + filter + answers +
             "COMMIT\n*nat\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
         one, "+9" + line("FORWARD")},
        {"lines that end as DOS has them", Syntax::iptables,
         "*filter\r\n:FORWARD ACCEPT [0:0]\r\n-A FORWARD -p tcp -j DROP\r\nCOMMIT\r\n", one,
         "+3" + line("FORWARD") + "+3" + state},
    };
    for (const Case& c : cases) check(c);
}

// The filter runs on the server itself: answers meet OUTPUT.
BOOST_AUTO_TEST_CASE(iptables_on_the_server) {
    fw::import::ImportOptions options;
    options.chain = "INPUT";
    const std::string text =
        "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n-A INPUT -p tcp --dport 135 -j ACCEPT\n"
        "COMMIT\n";
    check({"on the server", Syntax::iptables, text, opening({directory()}),
           "+6" + iptables_line("INPUT", "5001", "Exchange Directory") +
               "+6 -A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"},
          options);
}

BOOST_AUTO_TEST_CASE(ip6tables_files) {
    const auto server = *wire::IpAddress::parse("2001:db8::10");
    const auto client = *wire::IpAddress::parse("2001:db8:5::50");
    fw::mend::NeededFlow flow = tcp({only(5001)}, "Directory", server, client);
    flow.clients = wire::Prefix::of(client, 48);
    const std::string text = "# Generated by ip6tables-save v1.8.9\n" + filter + answers + "COMMIT\n";
    check({"IPv6", Syntax::iptables, text, opening({flow}),
           "+7 -A FORWARD -s 2001:db8:5::/48 -d 2001:db8::10/128 -p tcp -m tcp --dport 5001 -m comment --comment "
           "Directory -j ACCEPT\n"});
    const auto wrong = mend(Syntax::iptables, filter + answers + "COMMIT\n", opening({flow}));
    BOOST_REQUIRE(!wrong.has_value());
    BOOST_TEST(wrong.error().find("other version of IP") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(cisco_files) {
    const fw::mend::MendTask all = opening({mapper(), directory(), store()});
    const fw::mend::MendTask one = opening({directory()});
    const std::string in = "ip access-list extended IN\n";
    const std::string permit = "permit tcp host 192.0.2.50 host 10.0.0.10 eq ";
    const auto both = [&](const std::string& n) {
        return "+" + n + "  remark Exchange Directory\n+" + n + "  " + permit + "5001\n+" + n +
               "  remark Information Store\n+" + n + "  " + permit + "5002\n";
    };
    const Case cases[] = {
        {"nothing to do", Syntax::cisco, in + " permit tcp any any\n", all, ""},
        {"the hidden end", Syntax::cisco, in + " permit tcp any any eq 135\n!\nend\n", all, both("3")},
        {"the final deny", Syntax::cisco, in + " permit tcp any any eq 135\n remark the rest\n deny ip any any log\n",
         all, both("3")},
        {"a deny above the permit", Syntax::cisco,
         in + " permit tcp any any eq 135\n deny tcp any any gt 1023\n permit tcp any any range 5001 5002\n", all,
         both("3")},
        {"a list without entries lets everything pass", Syntax::cisco, in + "!\n", one, ""},
        {"numbered entries", Syntax::cisco, in + " 10 permit tcp any any eq 135\n 20 deny ip any any\n", one,
         "+3  remark Exchange Directory\n+3  11 " + permit + "5001\n"},
        {"numbered entries, at the end", Syntax::cisco, in + " 10 permit tcp any any eq 135\n 5 permit udp any any\n",
         one, "+4  remark Exchange Directory\n+4  20 " + permit + "5001\n"},
        {"lines of a numbered list", Syntax::cisco,
         "access-list 101 permit tcp any any eq 135\naccess-list 101 deny ip any any\n", one,
         "+2 access-list 101 remark Exchange Directory\n+2 access-list 101 " + permit + "5001\n"},
        {"the way back has a list", Syntax::cisco,
         in + " permit tcp any any\nip access-list extended OUT\n permit tcp host 10.0.0.10 eq 135 any established\n "
              "deny ip any any\n",
         one,
         "+5  remark answers of Exchange Directory\n"
         "+5  permit tcp host 10.0.0.10 eq 5001 host 192.0.2.50 established\n"},
        {"a notice", Syntax::cisco,
         in + " permit tcp any any\nip access-list extended OUT\n permit tcp any any established\n",
         opening({mapper(), notice()}),
         "+5  remark new-mail notice\n+5  permit udp host 10.0.0.10 host 192.0.2.50 gt 1023\n"},
        {"a range and a port", Syntax::cisco, in + " permit udp any any\n",
         opening({tcp({range(5001, 5003), only(6000)}, "")}),
         "+3  permit tcp host 192.0.2.50 host 10.0.0.10 range 5001 5003\n+3  " + permit + "6000\n"},
        {"the netmask taken for a wildcard stays", Syntax::cisco,
         in + " permit tcp any 10.0.0.0 255.255.255.0 eq 5001\n", one,
         "+3  remark Exchange Directory\n+3  " + permit + "5001\n"},
    };
    for (const Case& c : cases) check(c);
}

// Lists bound to interfaces: a packet may meet two of them, and each gets its line.
BOOST_AUTO_TEST_CASE(cisco_interfaces) {
    const std::string text =
        "ip access-list extended A\n permit tcp any any eq 135\nip access-list extended B\n permit tcp any any eq 135\n"
        "interface Ethernet0\n ip access-group A in\ninterface Ethernet1\n ip access-group B out\n";
    fw::import::ImportOptions options;
    options.client_side = "Ethernet0";
    options.server_side = "Ethernet1";
    fw::mend::MendTask task = opening({tcp({only(5001)}, "")});
    task.settings.client_side = "Ethernet0";
    task.settings.server_side = "Ethernet1";
    const std::string entry = "  permit tcp host 192.0.2.50 host 10.0.0.10 eq 5001\n";
    check({"two lists on one way", Syntax::cisco, text, task, "+3" + entry + "+5" + entry}, options);
}

BOOST_AUTO_TEST_CASE(whom_a_rule_is_for) {
    fw::mend::NeededFlow flow = tcp({only(5001)}, "DS \"main\"\nx");
    flow.clients = wire::Prefix::any(wire::Family::ipv4);
    const std::string note = "DS \"main\"?x";
    check({"native", Syntax::native, "drop any\n", opening({flow}),
           "+1 allow tcp from any to 10.0.0.10 port 5001  # " + note + "\n"});
    check({"iptables", Syntax::iptables, filter + answers + "COMMIT\n", opening({flow}),
           "+6 -A FORWARD -d 10.0.0.10/32 -p tcp -m tcp --dport 5001 -m comment --comment \"DS \\\"main\\\"?x\" -j "
           "ACCEPT\n"});
    check({"cisco", Syntax::cisco, "ip access-list extended IN\n deny ip any any\n", opening({flow}),
           "+2  remark " + note + "\n+2  permit tcp any host 10.0.0.10 eq 5001\n"});
    flow.clients = wire::Prefix::of(packets::client, 24);
    check({"cisco", Syntax::cisco, "ip access-list extended IN\n deny ip any any\n", opening({flow}),
           "+2  remark " + note + "\n+2  permit tcp 192.0.2.0 0.0.0.255 host 10.0.0.10 eq 5001\n"});
}

BOOST_AUTO_TEST_CASE(why_not) {
    const std::string full =
        "ip access-list extended IN\n 1 permit tcp any any eq 135\n 2 deny ip any any\n 12 permit udp any any\n";
    fw::mend::NeededFlow outsider = directory();
    outsider.clients = wire::Prefix::host(second_server);
    fw::mend::NeededFlow mixed = directory();
    mixed.server = *wire::IpAddress::parse("2001:db8::10");
    fw::mend::NeededFlow ping = directory();
    ping.protocol = wire::Protocol::icmp;
    struct Refused {
        const char* name;
        Syntax syntax;
        std::string text;
        fw::mend::NeededFlow flow;
        const char* reason;  // part of it
    };
    const Refused cases[] = {
        {"no number is free", Syntax::cisco, full, directory(), "resequence"},
        {"the file cannot be read", Syntax::native, "allow tpc\n", directory(), "branch:1:7"},
        {"the file cannot be read", Syntax::iptables, "*filter\n", directory(), "COMMIT"},
        {"clients without the client", Syntax::native, "", outsider, "does not hold"},
        {"two versions of IP", Syntax::native, "", mixed, "version of IP"},
        {"no ports", Syntax::native, "", ping, "no ports"},
    };
    for (const Refused& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto result = mend(c.syntax, c.text, opening({c.flow}));
            BOOST_REQUIRE(!result.has_value());
            BOOST_TEST(result.error().find(c.reason) != std::string::npos, result.error());
        }
}

BOOST_AUTO_TEST_CASE(reasons_name_the_rule_of_the_original) {
    const auto result =
        mend(Syntax::native, "stateful no\nallow tcp 135\ndrop tcp to 10.0.0.10\nallow tcp to-client acknowledged\n",
             opening({directory(), store()}));
    BOOST_REQUIRE(result.has_value());
    BOOST_REQUIRE(result->edits.size() == 2U);
    BOOST_TEST(result->edits[0].why == "TCP 5001 of 10.0.0.10 (Exchange Directory) was stopped by rule 2 (line 3)");
    BOOST_TEST(result->edits[1].why == "TCP 5002 of 10.0.0.10 (Information Store) was stopped by rule 2 (line 3)");
}

BOOST_AUTO_TEST_SUITE_END()
