// Cisco ASA configurations: what entries mean, what objects and groups hold, what must not load.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

base::Result<fw::import::Imported, base::Diagnostics> import(const std::string& text,
                                                             const fw::import::ImportOptions& options = {}) {
    return fw::import::import_asa(base::SourceText("asa.cfg", text), options);
}

fw::import::Imported imported(const std::string& text, const fw::import::ImportOptions& options = {}) {
    auto result = import(text, options);
    if (!result)
        for (const auto& d : result.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(result.has_value());
    return std::move(*result);
}

// Objects for the entries below.
const std::string things =
    "name 10.0.0.10 EXCH01\n"
    "object network SERVER\n host 10.0.0.10\n"
    "object network ROAM\n range 192.0.2.40 192.0.2.60\n"
    "object network SIX\n subnet 2001:db8::/32\n"
    "object network BY-NAME\n fqdn exch01.example.com\n"
    "object service MAPPER\n service tcp source gt 1023 destination eq 135\n"
    "object-group network BRANCH-1\n network-object 192.0.2.0 255.255.255.0\n"
    "object-group network BRANCHES\n description all of them\n group-object BRANCH-1\n network-object host 192.0.9.9\n"
    " network-object object ROAM\n network-object 2001:db8:1::/48\n"
    "object-group service MAIL tcp\n port-object eq 135\n port-object range 5001 5002\n"
    "object-group service MAIL-MORE tcp\n group-object MAIL\n port-object eq pop3\n"
    "object-group service BOTH tcp-udp\n port-object eq domain\n"
    "object-group service ALL-MAIL\n service-object tcp destination eq 135\n service-object tcp destination eq 5001\n"
    " service-object udp\n service-object icmp echo\n service-object object MAPPER\n"
    "object-group protocol TCPUDP\n protocol-object tcp\n protocol-object udp\n"
    "object-group icmp-type PINGS\n icmp-object echo\n icmp-object time-exceeded\n";

std::string entry(const std::string& text) {
    return things + "access-list IN extended " + text + "\naccess-group IN in interface outside\n";
}

const wire::IpAddress client6 = *wire::IpAddress::parse("2001:db8:1::50");
const wire::IpAddress server6 = *wire::IpAddress::parse("2001:db8:9::10");

}  // namespace

BOOST_AUTO_TEST_SUITE(import_asa)

BOOST_AUTO_TEST_CASE(entries) {
    const auto six = [](std::uint16_t port) { return tcp(client6, server6, {.to_port = port}); };
    struct Case {
        const char* entry;
        base::Bytes packet;
        bool matches;
    };
    const Case cases[] = {
        {"permit ip any any", to_server({}), true},
        {"permit tcp any host 10.0.0.10 eq 135", to_server({}), true},
        {"permit tcp any host EXCH01 eq 135", to_server({}), true},
        {"permit tcp any EXCH01 255.255.255.255 eq 135", to_server({}), true},
        {"permit tcp any host 10.0.0.11 eq 135", to_server({}), false},
        {"permit tcp 192.0.2.0 255.255.255.0 any", to_server({}), true},
        {"permit tcp 192.0.2.0 255.255.255.128 any", to_server({}), true},
        {"permit tcp 192.0.2.0 255.255.255.224 any", to_server({}), false},
        {"permit tcp 192.0.3.0 255.255.255.0 any", to_server({}), false},
        {"permit tcp 0.0.0.0 0.0.0.0 any", to_server({}), true},
        {"permit tcp any any range 5000 5100", to_server({.to_port = 5100}), true},
        {"permit tcp any any range 5000 5099", to_server({.to_port = 5100}), false},
        {"permit tcp any any gt 1023", to_server({.to_port = 1023}), false},
        {"permit tcp any any gt 1023", to_server({.to_port = 1024}), true},
        {"permit tcp any any lt 1024", to_server({.to_port = 1023}), true},
        {"permit tcp any any lt 1024", to_server({.to_port = 1024}), false},
        {"permit tcp any any neq 135", to_server({}), false},
        {"permit tcp any any neq 136", to_server({}), true},
        {"permit tcp any any eq https", to_server({.to_port = 443}), true},
        {"permit tcp any any eq netbios-ssn", to_server({.to_port = 139}), true},
        {"permit tcp any any eq www", to_server({.to_port = 80}), true},
        {"permit tcp any eq 1030 any eq 135", to_server({}), true},
        {"permit tcp any eq 1031 any eq 135", to_server({}), false},
        {"permit 6 any any", to_server({}), true},
        {"permit udp any any", to_server({}), false},
        {"permit udp any any eq syslog", udp(client, server, 1, 514), true},
        {"permit icmp any any echo", icmp(client, server, 8), true},
        {"permit icmp any any echo-reply", icmp(client, server, 8), false},
        {"permit icmp any any 3 4", icmp(client, server, 3, 4), true},
        {"permit icmp any any 3 4", icmp(client, server, 3, 5), false},
        {"permit icmp any any unreachable log", icmp(client, server, 3, 5), true},
        {"permit icmp any any", icmp(client, server, 8), true},
        {"permit icmp any any object-group PINGS", icmp(client, server, 11), true},
        {"permit icmp any any object-group PINGS", icmp(client, server, 13), false},
        {"permit tcp any any eq 135 log informational interval 300", to_server({}), true},
        {"permit tcp any any eq 135 log disable", to_server({}), true},
        {"permit tcp any any eq 135 inactive", to_server({}), false},
        {"permit tcp any4 any4 eq 135", to_server({}), true},
        {"permit tcp any6 any6 eq 135", to_server({}), false},
        {"permit tcp any any eq 135", six(135), true},
        {"permit tcp any4 any eq 135", six(135), false},
        {"permit tcp any6 host 2001:db8:9::10 eq 135", six(135), true},
        {"permit tcp 2001:db8:1::/48 any eq 135", six(135), true},
        {"permit tcp 2001:db8:2::/48 any eq 135", six(135), false},
        {"permit tcp object ROAM object SERVER eq 135", to_server({}), true},
        {"permit tcp object ROAM object SERVER eq 135", tcp(wire::IpAddress::v4(192, 0, 2, 61), server, {}), false},
        {"permit tcp object SIX any eq 135", six(135), true},
        {"permit tcp object-group BRANCHES any eq 135", to_server({}), true},
        {"permit tcp object-group BRANCHES any eq 135", six(135), true},
        {"permit tcp object-group BRANCHES any eq 135", tcp(wire::IpAddress::v4(192, 0, 9, 9), server, {}), true},
        {"permit tcp object-group BRANCHES any eq 135", tcp(wire::IpAddress::v4(192, 0, 9, 8), server, {}), false},
        {"permit tcp any any object-group MAIL", to_server({.to_port = 5002}), true},
        {"permit tcp any any object-group MAIL", to_server({.to_port = 5003}), false},
        {"permit tcp any any object-group MAIL-MORE", to_server({.to_port = 5002}), true},
        {"permit tcp any any object-group MAIL-MORE", to_server({.to_port = 110}), true},
        {"permit tcp any object-group MAIL any", to_server({}), false},
        {"permit tcp any object-group MAIL any", to_server({.from_port = 135}), true},
        {"permit tcp object-group BRANCHES object-group BRANCHES object-group MAIL", to_server({}), false},
        {"permit udp any any object-group BOTH", udp(client, server, 1, 53), true},
        {"permit tcp any any object-group BOTH", to_server({.to_port = 53}), true},
        {"permit object-group TCPUDP any any object-group BOTH", udp(client, server, 1, 53), true},
        {"permit object-group TCPUDP any any eq 135", to_server({}), true},
        {"permit object-group ALL-MAIL any any", to_server({.to_port = 5001}), true},
        {"permit object-group ALL-MAIL any any", to_server({.to_port = 5002}), false},
        {"permit object-group ALL-MAIL any any", udp(client, server, 1, 5002), true},
        {"permit object-group ALL-MAIL any any", icmp(client, server, 8), true},
        {"permit object-group ALL-MAIL any any", icmp(client, server, 13), false},
        {"permit object MAPPER any any", to_server({}), true},
        {"permit object MAPPER any any", to_server({.from_port = 1023}), false},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.entry) {
            fw::Firewall box(imported(entry(c.entry)).rules);
            const fw::Passage p = box.judge(c.packet, fw::Side::client, base::time_zero);
            BOOST_TEST(words(p.verdict, box.rules()) == (c.matches ? "accept IN entry 1" : "drop no-rule-matched"));
            BOOST_TEST(!p.answer.has_value());
        }
}

BOOST_AUTO_TEST_CASE(what_must_not_load) {
    const std::string in = "access-group IN in interface outside\n";
    const std::string list = "access-list IN extended permit ip any any\n" + in;
    struct Case {
        std::string text;
        const char* says;  // of the first: place, sentence, id
    };
    const Case cases[] = {
        {"", "asa.cfg: error: there is no extended access list in this file [no-list]"},
        {"access-list IN extended permit tcp any 10.0.0.0 0.0.0.255 eq 135\n" + in,
         "asa.cfg:1:49: error: \"0.0.0.255\" is no netmask: its ones do not all stand in front [wildcard-as-netmask]"},
        {"access-list IN extended permit tcp any 10.0.0.10 0.0.0.0 eq 135\n" + in,
         "asa.cfg:1:50: error: the address 10.0.0.10 has bits that the netmask 0.0.0.0 leaves out "
         "[wildcard-as-netmask]"},
        {"access-list IN extended permit tcp any\n" + in,
         "asa.cfg:1:36: error: an address is missing behind this [missing-word]"},
        {"access-list IN extended permit frob any any\n" + in,
         "asa.cfg:1:32: error: \"frob\" is no protocol that an ASA names [bad-protocol]"},
        {"access-list IN extended permit ip any any eq 135\n" + in,
         "asa.cfg:1:43: error: ports need the protocol tcp or udp [ports-without-protocol]"},
        {"access-list IN extended permit tcp any any eq 65536\n" + in,
         "asa.cfg:1:47: error: \"65536\" is no port that an ASA names [bad-port]"},
        {"access-list IN extended permit tcp any any eq 135 5001\n" + in,
         "asa.cfg:1:51: error: \"5001\" is not supported in an entry [unsupported-option]"},
        {"access-list IN extended permit tcp any any gt 65535\n" + in,
         "asa.cfg:1:44: error: no port is left by this [bad-port]"},
        {"access-list IN extended permit tcp any any lt 0\n" + in,
         "asa.cfg:1:44: error: no port is left by this [bad-port]"},
        {"access-list IN extended permit tcp any any range 5100 5000\n" + in,
         "asa.cfg:1:44: error: no port is left by this [bad-port]"},
        {"access-list IN extended permit tcp any any eq kerberos\n" + in,
         "asa.cfg:1:47: error: \"kerberos\" is 750 on some releases and 88 on others [bad-port]"},
        {"access-list IN extended permit tcp any any established\n" + in,
         "asa.cfg:1:44: error: \"established\" is a word of IOS; an ASA knows its connections itself "
         "[unsupported-option]"},
        {"access-list IN extended permit tcp any any time-range T\n" + in,
         "asa.cfg:1:44: error: \"time-range\" is not supported in an entry [unsupported-option]"},
        {"access-list IN extended permit tcp user A any any\n" + in,
         "asa.cfg:1:36: error: \"user\" is not supported in an entry [unsupported-option]"},
        {"access-list IN extended permit icmp any any frob\n" + in,
         "asa.cfg:1:45: error: \"frob\" is no ICMP type that an ASA names [bad-icmp-type]"},
        {"access-list IN permit tcp any any\n" + in,
         "asa.cfg:1:16: error: \"extended\" is missing before \"permit\" [unsupported-line]"},
        {"access-list IN standard permit any\n" + in,
         "asa.cfg:2:14: error: \"IN\" is a list of the kind \"standard\", which judges no packets "
         "[unsupported-option]"},
        {"access-list IN extended frob tcp any any\n" + in,
         "asa.cfg:1:25: error: \"frob\" is not supported: an entry is permit or deny [unsupported-option]"},
        {"access-group OUT in interface outside\n",
         "asa.cfg:1:14: error: there is no access list \"OUT\" [unknown-list]"},
        {list + "access-group IN sideways interface outside\n",
         "asa.cfg:3:17: error: this is access-group NAME in interface IF, or out, or global [bad-group]"},
        {entry("permit tcp object-group BRANCHS any"),
         "asa.cfg:40:49: error: there is no object-group \"BRANCHS\" [unknown-object]"},
        {entry("permit tcp object BY-NAME any"),
         "asa.cfg:40:43: error: \"BY-NAME\" cannot be used here: it is a host name, which the ASA looks up by itself "
         "[unsupported-option]"},
        {entry("permit tcp object-group MAIL any"),
         "asa.cfg:40:49: error: \"MAIL\" holds ports, and addresses are wanted here [wrong-object]"},
        {entry("permit udp any any object-group MAIL"),
         "asa.cfg:40:57: error: the ports of \"MAIL\" are for another protocol than the entry's [wrong-object]"},
        {"object-group network A\n group-object B\nobject-group network B\n group-object A\n"
         "access-list IN extended permit ip object-group A any\n" +
             in,
         "asa.cfg:4:15: error: object-group \"A\" leads back into itself [object-loop]"},
        {"object-group network A\naccess-list IN extended permit ip object-group A any\n" + in,
         "asa.cfg:2:48: error: \"A\" holds nothing, so no packet could fit [empty-object]"},
        {"object-group network A\n network-object 10.0.0.0 0.0.0.255\n" + list,
         "asa.cfg:2:26: error: \"0.0.0.255\" is no netmask: its ones do not all stand in front [wildcard-as-netmask]"},
        {"object network A\n host 10.0.0.1\nobject-group service A tcp\n" + list,
         "asa.cfg:3:22: error: \"A\" is the name of something else already [repeated-name]"},
        {list + "nat (inside,outside) source static any any\n",
         "asa.cfg:3:1: error: \"nat\" is not supported: it translates addresses, and that is not modelled "
         "[unsupported-line]"},
        {"object network S\n host 10.0.0.10\n nat (inside,outside) static 203.0.113.9\n" + list,
         "asa.cfg:3:2: error: the ASA would translate addresses here, and that is not modelled [unsupported-line]"},
        {list + "frobnicate all\n",
         "asa.cfg:3:1: error: \"frobnicate\" is not known here, and may change what passes [unsupported-line]"},
        {list + "firewall transparent\n",
         "asa.cfg:3:1: error: \"firewall\" is not supported: the ASA would be a bridge, and that is not modelled "
         "[unsupported-line]"},
        {list + "aaa authentication match A outside RADIUS\n",
         "asa.cfg:3:1: error: \"aaa\" is not supported: users would have to log on before their packets pass "
         "[unsupported-line]"},
        {list + "no access-list IN extended deny ip any any\n",
         "asa.cfg:3:1: error: a line that takes something away is not supported [unsupported-line]"},
        {list + "interface Vlan1\n nameif inside\n zone-member Z\n",
         "asa.cfg:5:2: error: \"zone-member\" is not supported: interfaces would share their connections "
         "[unsupported-line]"},
        {list + "interface Vlan1\n frob\n",
         "asa.cfg:4:2: error: \"frob\" is not known in an interface, and may change what passes [unsupported-line]"},
        {list + "interface Vlan1\n nameif outside\n security-level 101\n",
         "asa.cfg:5:17: error: \"101\" is no level from 0 to 100 [bad-level]"},
        {list + "interface Vlan1\n nameif outside\n",
         "asa.cfg: error: there is no interface \"inside\", and nothing says which interface has which side "
         "[which-interface]"},
        {list + "interface Vlan1\n nameif inside\n",
         "asa.cfg:2:30: error: no interface has the name \"outside\" [unknown-interface]"},
        {list + "interface Vlan1\n nameif outside\n shutdown\ninterface Vlan2\n nameif inside\n",
         "asa.cfg:5:2: error: interface \"outside\" is shut down, so nothing passes [unsupported-line]"},
        {list + "timeout conn soon\n", "asa.cfg:3:14: error: \"soon\" is no time [bad-duration]"},
        {list + "timeout conn 1:60:00\n", "asa.cfg:3:14: error: \"1:60:00\" is no time [bad-duration]"},
        {list + "policy-map P\n class C\n  inspect dcerpc\nservice-policy P global\n",
         "asa.cfg:4:8: error: there is no class-map \"C\" [unknown-object]"},
        {list + "class-map C\n match any\npolicy-map P\n class C\n  police output 8000\nservice-policy P global\n",
         "asa.cfg:7:3: error: \"police output\" in a policy may change what passes, and is not supported "
         "[unsupported-line]"},
        {list + "class-map C\n match any\npolicy-map P\n class C\n  inspect frob\nservice-policy P global\n",
         "asa.cfg:7:11: error: \"inspect frob\" in a policy may change what passes, and is not supported "
         "[unsupported-line]"},
        {list + "class-map C\n match any\npolicy-map P\n class C\n  set connection advanced-options "
                "tcp-state-bypass\nservice-policy P global\n",
         "asa.cfg:7:3: error: \"set connection\" in a policy may change what passes, and is not supported "
         "[unsupported-line]"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto result = import(c.text);
            BOOST_REQUIRE(!result.has_value());
            const base::Diagnostic first = result.error().front();
            BOOST_TEST(base::format(first.place) + ": error: " + first.what + " [" + first.id + "]" == c.says);
        }
}

BOOST_AUTO_TEST_CASE(a_wildcard_is_told_its_netmask) {
    const auto result = import(entry("permit tcp any 10.0.0.0 0.0.0.255 eq 135"));
    BOOST_TEST(result.error().front().hint.find("255.255.255.0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_whole_configuration_is_taken) {
    const std::string text =
        ": Saved\n:\nASA Version 9.8(2)\n!\nhostname EDGE\nenable password x encrypted\nnames\n"
        "interface GigabitEthernet0/0\n description to the branches\n nameif outside\n security-level 0\n"
        " ip address 203.0.113.2 255.255.255.0\n!\ninterface GigabitEthernet0/1\n nameif inside\n"
        " security-level 100\n ip address 10.0.0.1 255.255.255.0\n!\n"
        "interface Management0/0\n management-only\n shutdown\n no nameif\n no security-level\n no ip address\n!\n"
        "ftp mode passive\nclock timezone GMT 0\n"
        "access-list CRYPTO extended permit tcp any any time-range NIGHT\n"
        "access-list IN remark Exchange\naccess-list IN extended permit tcp any host 10.0.0.10 eq 135\n"
        "pager lines 24\nlogging enable\nlogging trap informational\nmtu outside 1500\nno failover\n"
        "icmp unreachable rate-limit 1 burst-size 1\nno asdm history enable\narp timeout 14400\n"
        "access-group IN in interface outside\nroute outside 0.0.0.0 0.0.0.0 203.0.113.1 1\n"
        "timeout xlate 3:00:00\ntimeout pat-xlate 0:00:30\n"
        "timeout conn 2:00:00 half-closed 0:10:00 udp 0:05:00 icmp 0:00:02\n"
        "timeout uauth 0:05:00 absolute\naaa-server R protocol radius\naaa authentication ssh console LOCAL\n"
        "http server enable\nsnmp-server location cellar\nno snmp-server contact\n"
        "crypto ca certificate chain T\n certificate 01\n    30820201 30820105\n  quit\ntelnet timeout 5\n"
        "threat-detection basic-threat\nno threat-detection statistics tcp-intercept\nwebvpn\n anyconnect enable\n"
        "username admin password x encrypted\nclass-map inspection_default\n match default-inspection-traffic\n"
        "policy-map type inspect dns preset_dns_map\n parameters\n  message-length maximum 512\n"
        "policy-map global_policy\n class inspection_default\n  inspect dns preset_dns_map\n  inspect ftp\n"
        "  inspect esmtp\nservice-policy global_policy global\nprompt hostname context\n"
        "Cryptochecksum:d41d8cd98f00b204e9800998ecf8427e\n: end\n";
    const fw::import::Imported read = imported(text);
    BOOST_REQUIRE(read.rules->rules().size() == 1U);
    BOOST_TEST(read.rules->place(fw::RuleId{0}) == "asa.cfg:30");
    BOOST_TEST(read.rules->origin(fw::RuleId{0}).note == "Exchange");
    BOOST_TEST(read.rules->label(fw::RuleId{0}) == "IN entry 1");
    BOOST_TEST((read.rules->own().timers->tcp_established == 2h));
    BOOST_TEST((read.rules->own().timers->udp_stream == 5min));
    BOOST_TEST(!read.rules->own().inspect_dcerpc);
    BOOST_TEST((fw::import::detect_format(text) == fw::import::ImportFormat::cisco_asa));
    // What is written back reads as the same, and is then written the same.
    const fw::import::Imported again = imported(read.canonical);
    BOOST_TEST(again.canonical == read.canonical);
    BOOST_TEST(again.rules->rules().size() == 1U);
}

BOOST_AUTO_TEST_CASE(entries_keep_their_numbers_and_lines) {
    const fw::import::Imported read =
        imported(things +
                 "access-list IN remark first\naccess-list IN extended deny tcp any any eq 25 inactive\n"
                 "access-list IN extended permit object-group ALL-MAIL object-group BRANCHES object SERVER\n"
                 "access-list IN line 1 extended permit tcp any any eq 99\naccess-group IN in interface outside\n");
    const fw::RuleSet& rules = *read.rules;
    // tcp 135 and 5001 in one, udp, icmp, and the object with source ports.
    BOOST_REQUIRE(rules.rules().size() == 5U);
    BOOST_TEST(rules.label(fw::RuleId{0}) == "IN entry 1");
    BOOST_TEST(rules.place(fw::RuleId{0}) == "asa.cfg:43");
    for (std::uint32_t i = 1; i < 5; ++i) {
        BOOST_TEST(rules.label(fw::RuleId{i}) == "IN entry 3");
        BOOST_TEST(rules.place(fw::RuleId{i}) == "asa.cfg:42");
        BOOST_TEST(rules.origin(fw::RuleId{i}).text ==
                   "access-list IN extended permit object-group ALL-MAIL object-group BRANCHES object SERVER "
                   "[ALL-MAIL: lines 29-33; BRANCH-1: line 13; BRANCHES: lines 16-19; MAPPER: line 11; ROAM: line 5; "
                   "SERVER: line 3]");
    }
}

// A line that became several rules is blamed once, and not while one of them decides.
BOOST_AUTO_TEST_CASE(lint_blames_the_written_line) {
    const std::string end = "access-group IN in interface outside\n";
    const std::string late =
        "access-list IN extended permit object-group ALL-MAIL object-group BRANCHES object SERVER\n";
    const auto dead =
        fw::exact::lint(*imported(things + "access-list IN extended deny ip any any\n" + late + end).rules);
    BOOST_REQUIRE(dead.size() == 1U);
    BOOST_TEST(base::format(dead[0].place) == "asa.cfg:41:1");
    BOOST_TEST(dead[0].what == "this rule never decides: IN entry 1 (asa.cfg:40) takes every packet that it fits");
    const auto alive =
        fw::exact::lint(*imported(things + "access-list IN extended deny tcp any any\n" + late + end).rules);
    BOOST_TEST(alive.empty());
    const auto by_groups = fw::exact::lint(
        *imported(things + late + "access-list IN extended permit udp host 192.0.2.7 host 10.0.0.10\n" + end).rules);
    BOOST_REQUIRE(by_groups.size() == 1U);
    BOOST_TEST(by_groups[0].what == "this rule never decides: IN entry 1 (asa.cfg:40) takes every packet that it fits");
}

BOOST_AUTO_TEST_CASE(which_of_ciscos_languages) {
    using Format = fw::import::ImportFormat;
    struct Case {
        const char* text;
        Format format;
    };
    const Case cases[] = {
        {"access-list IN extended permit ip any any\n", Format::cisco_asa},
        {"hostname X\ninterface Vlan1\n nameif inside\n", Format::cisco_asa},
        {"hostname X\ninterface Vlan1\n ip address 10.0.0.1 255.255.255.0\naccess-list 101 permit ip any any\n",
         Format::cisco_ios},
        {": Saved\n: Written by enable_15\n", Format::cisco_asa},
        {":INPUT ACCEPT [0:0]\n", Format::iptables},
        {"object-group network A\n network-object host 10.0.0.1\n", Format::cisco_asa},
        {"object-group network A\n host 10.0.0.1\nip access-list extended X\n", Format::cisco_ios},
        {"access-list IN remark x\naccess-group IN in interface outside\n", Format::cisco_asa},
        {"access-list 101 remark x\naccess-list 101 permit ip any any\n", Format::cisco_ios},
        {"interface Ethernet0\n ip access-group 101 in\n", Format::cisco_ios},
        {"interface Ethernet0\n", Format::cisco_ios},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) BOOST_TEST((fw::import::detect_format(c.text) == c.format));
}

BOOST_AUTO_TEST_SUITE_END()
