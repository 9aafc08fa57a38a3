// Mended rules: what is open without need is closed, and nothing else.
#include "tests/firewall/mend_tasks.hpp"

using namespace mending;

namespace {

const wire::IpAddress second_server = wire::IpAddress::v4(10, 0, 0, 11);

fw::mend::NeededFlow rpc() { return tcp({only(135), range(5001, 5002)}, "RPC"); }

const std::string filter = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n";
const std::string answers = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";
const std::string to_server = "-A FORWARD -d 10.0.0.10/32 -p tcp -m tcp --dport ";
const std::string in = "ip access-list extended IN\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(mend_excess)

BOOST_AUTO_TEST_CASE(native_files) {
    const fw::mend::MendTask task = closing({rpc()});
    const fw::mend::MendTask smb = closing({rpc()}, {only(139), only(445)});
    fw::mend::MendTask only_ours = task;
    only_ours.only_these_servers = true;
    const std::string drop_tcp = "drop tcp from 192.0.2.50 to 10.0.0.10";
    const Case cases[] = {
        {"nothing to do", Syntax::native, "allow tcp 135\nallow tcp 5001-5002\n", task, ""},
        {"open by default is no rule's doing", Syntax::native, "default allow\n", task, ""},
        {"narrowed", Syntax::native, "  allow tcp to 10.0.0.10 port 100-65535 log   # to make it work\n", smb,
         "~1   allow tcp to 10.0.0.10 port 135, 139, 445, 5001-5002 log   # to make it work (narrowed from "
         "100-65535)\n"},
        {"narrowed, without a note", Syntax::native,
         "allow tcp 135,5001-5002 to 10.0.0.10\nallow udp 1-9, 11 to 10.0.0.10\n",
         [] {
             fw::mend::MendTask t = closing({rpc()});
             t.may_stay_udp = {range(9, 11)};
             return t;
         }(),
         "~2 allow udp 9, 11 to 10.0.0.10  # narrowed from 1-9, 11\n"},
        {"removed", Syntax::native,
         "allow tcp to 10.0.0.10 port 135, 5001-5002\nallow tcp to 10.0.0.10 port 80 # web\n", task,
         "-2 # removed: allow tcp to 10.0.0.10 port 80 # web\n"},
        {"removed where what is needed is open before", Syntax::native,
         "allow tcp to 10.0.0.10 port 135\nallow tcp to 10.0.0.10 port 5001-5002\nallow tcp to 10.0.0.10 port "
         "1024-65535\n",
         task, "-3 # removed: allow tcp to 10.0.0.10 port 1024-65535\n"},
        {"not removed where it serves others too", Syntax::native,
         "allow tcp 135\nallow tcp from 192.0.2.50 to 10.0.0.10 port 5001-5002\nallow tcp to 10.0.0.10 port "
         "5000-5010\n",
         task, "~3 allow tcp to 10.0.0.10 port 5001-5002  # narrowed from 5000-5010\n"},
        {"others keep what is open to any server", Syntax::native, "allow tcp 135\nallow tcp 1024-65535\n", task,
         "+2 " + drop_tcp + " port 1024-5000, 5003-65535  # not needed\n"},
        {"there are no others", Syntax::native, "allow tcp 135\nallow tcp 1024-65535\n", only_ours,
         "~2 allow tcp 5001-5002  # narrowed from 1024-65535\n"},
        {"no ports to narrow", Syntax::native, "allow tcp to 10.0.0.10\n", smb,
         "+1 " + drop_tcp + " port 0-134, 136-138, 140-444, 446-5000, 5003-65535  # not needed\n"},
        {"everything", Syntax::native, "# all\nallow any\n", task,
         "+2 " + drop_tcp +
             " port 0-134, 136-5000, 5003-65535  # not needed\n"
             "+2 drop udp from 192.0.2.50 to 10.0.0.10  # not needed\n"},
        {"both ways of a filter that forgets", Syntax::native, "stateful no\nallow tcp port 135, 1024-65535 both\n",
         only_ours, "+2 " + drop_tcp + " port 1024-5000, 5003-65535  # not needed\n"},
        {"two servers, one rule", Syntax::native, "allow tcp to 10.0.0.10,10.0.0.11 port 1-9999\n",
         closing({tcp({only(5001)}, "a"), tcp({only(5002)}, "b", second_server)}),
         "+1 " + drop_tcp +
             " port 5002  # not needed\n"
             "+1 drop tcp from 192.0.2.50 to 10.0.0.11 port 5001  # not needed\n"
             "~1 allow tcp to 10.0.0.10,10.0.0.11 port 5001-5002  # narrowed from 1-9999\n"},
        {"opened and closed at once", Syntax::native, "drop tcp 135\nallow tcp to 10.0.0.10 port 5000-5001\n",
         closing({tcp({only(135)}, "mapper"), tcp({only(5001)}, "store")}),
         "+1 allow tcp from 192.0.2.50 to 10.0.0.10 port 135  # mapper\n"
         "~2 allow tcp to 10.0.0.10 port 5001  # narrowed from 5000-5001\n"},
        {"narrowing would leave it to the default", Syntax::native,
         "default allow\nallow tcp to 10.0.0.10 port 5001-5010\n", task,
         "+2 " + drop_tcp + " port 5003-5010  # not needed\n"},
        {"another address is not ours to close", Syntax::native,
         "allow tcp 135\nallow tcp 5001-5002\nallow tcp to 10.0.0.1\n", task, ""},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(iptables_files) {
    const fw::mend::MendTask task = closing({rpc()});
    const fw::mend::MendTask smb = closing({rpc()}, {only(139), only(445)});
    const std::string accept = " -j ACCEPT\n";
    const std::string deny = " -A FORWARD -s 192.0.2.50/32 -d 10.0.0.10/32 -p ";
    const std::string not_needed = " -m comment --comment \"not needed\" -j DROP\n";
    const auto text = [&](const std::string& rules) { return filter + answers + rules + "COMMIT\n"; };
    const Case cases[] = {
        {"narrowed to a range", Syntax::iptables, text(to_server + "135" + accept + to_server + "1024:65535" + accept),
         task, "~7 " + to_server + "5001:5002 -m comment --comment \"narrowed from 1024:65535\"" + accept},
        {"narrowed to a list, with counters", Syntax::iptables, text("[7:8] " + to_server + "1:65535" + accept), task,
         "~6 [7:8] -A FORWARD -d 10.0.0.10/32 -p tcp -m multiport --dports 135,5001:5002 -m comment --comment "
         "\"narrowed from 1:65535\"" +
             accept},
        {"the comment stands first", Syntax::iptables,
         text("-A FORWARD -m comment --comment \"to \\\"work\\\"\" -d 10.0.0.10 -p tcp --dport 1: -j ACCEPT\n"), task,
         "~6 -A FORWARD -m comment --comment \"to \\\"work\\\" (narrowed from 1:)\" -d 10.0.0.10 -p tcp -m multiport "
         "--dports "
         "135,5001:5002 -j ACCEPT\n"},
        {"a list is narrowed", Syntax::iptables,
         text("-A FORWARD -d 10.0.0.10/32 -p tcp -m multiport --dports 80,135,5000:5005 -m conntrack --ctstate NEW -j "
              "ACCEPT\n"),
         task,
         "~6 -A FORWARD -d 10.0.0.10/32 -p tcp -m multiport --dports 135,5001:5002 -m conntrack --ctstate NEW -m "
         "comment "
         "--comment \"narrowed from 80,135,5000:5005\" -j ACCEPT\n"},
        {"source ports stay", Syntax::iptables,
         text("-A FORWARD -d 10.0.0.10 -p tcp -m tcp --sport 1024:65535 --dport 100:6000 -j ACCEPT\n"), task,
         "~6 -A FORWARD -d 10.0.0.10 -p tcp -m tcp --sport 1024:65535 -m multiport --dports 135,5001:5002 -m comment "
         "--comment \"narrowed from 100:6000\" -j ACCEPT\n"},
        {"removed", Syntax::iptables,
         text(to_server + "135" + accept + to_server + "5001:5002" + accept + to_server + "80" + accept), task,
         "-8 # removed: " + to_server + "80" + accept},
        {"all of TCP", Syntax::iptables, text("-A FORWARD -d 10.0.0.10/32 -p tcp -j ACCEPT\n"), smb,
         "+6" + deny + "tcp -m multiport --dports 0:134,136:138,140:444,446:5000,5003:65535" + not_needed},
        {"all", Syntax::iptables, text("-A FORWARD -j ACCEPT\n"), task,
         "+6" + deny + "tcp -m multiport --dports 0:134,136:5000,5003:65535" + not_needed + "+6" + deny + "udp" +
             not_needed},
        {"all but some ports", Syntax::iptables, text("-A FORWARD -d 10.0.0.10 -p tcp ! --dport 1:134 -j ACCEPT\n"),
         task, "+6" + deny + "tcp -m multiport --dports 0,136:5000,5003:65535" + not_needed},
        {"source or target port", Syntax::iptables,
         text("-A FORWARD -d 10.0.0.10 -p tcp -m multiport --ports 135,5001,5002,5003 -j ACCEPT\n"), task,
         "+6" + deny + "tcp -m tcp --dport 5003" + not_needed},
        {"a narrower source", Syntax::iptables, text("-A FORWARD -s 192.0.2.0/24 -j ACCEPT\n"),
         [] {
             fw::mend::NeededFlow flow = rpc();
             flow.clients = wire::Prefix::any(wire::Family::ipv4);
             return closing({flow});
         }(),
         "+6 -A FORWARD -s 192.0.2.0/24 -d 10.0.0.10/32 -p tcp -m multiport --dports 0:134,136:5000,5003:65535" +
             not_needed + "+6 -A FORWARD -s 192.0.2.0/24 -d 10.0.0.10/32 -p udp" + not_needed},
        {"in a user chain", Syntax::iptables,
         filter + ":MAIL - [0:0]\n" + answers + "-A FORWARD -p tcp -j MAIL\n-A MAIL -j ACCEPT\nCOMMIT\n", task,
         "+8 -A MAIL -s 192.0.2.50/32 -d 10.0.0.10/32 -p tcp -m multiport --dports 0:134,136:5000,5003:65535" +
             not_needed},
        {"more ports than a line holds", Syntax::iptables, text("-A FORWARD -p tcp -j ACCEPT\n"),
         closing({tcp({only(1), only(3), only(5), only(7), only(9), only(11), only(13), only(15), only(17)}, "odd")}),
         "+6" + deny + "tcp -m multiport --dports 0,2,4,6,8,10,12,14,16,18:65535" + not_needed},
        {"more ranges than a line holds", Syntax::iptables, text("-A FORWARD -p tcp -j ACCEPT\n"),
         closing({tcp({only(10), only(20), only(30), only(40), only(50), only(60), only(70), only(80)}, "tens")}),
         "+6" + deny + "tcp -m multiport --dports 0:9,11:19,21:29,31:39,41:49,51:59,61:69" + not_needed + "+6" + deny +
             "tcp -m multiport --dports 71:79,81:65535" + not_needed},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(cisco_files) {
    const fw::mend::MendTask task = closing({rpc()});
    const std::string deny = "  deny tcp host 192.0.2.50 host 10.0.0.10 ";
    const Case cases[] = {
        {"narrowed to several", Syntax::cisco,
         in + " remark RPC\n permit tcp any host 10.0.0.10 gt 134 log\n deny ip any any\n", task,
         "~2  remark RPC (narrowed from gt 134)\n~3  permit tcp any host 10.0.0.10 eq 135 log\n"
         "+4  permit tcp any host 10.0.0.10 range 5001 5002 log\n"},
        {"narrowed, with numbers", Syntax::cisco,
         in + " 10 permit tcp any gt 1023 host 10.0.0.10 range 1 65535\n 20 deny ip any any\n", task,
         "+2  remark narrowed from range 1 65535\n~2  10 permit tcp any gt 1023 host 10.0.0.10 eq 135\n"
         "+3  11 permit tcp any gt 1023 host 10.0.0.10 range 5001 5002\n"},
        {"narrowed, in a numbered list", Syntax::cisco,
         "access-list 101 permit tcp 192.0.2.0 0.0.0.255 host 10.0.0.10 eq 135 136 5001 5002\n", task,
         "+1 access-list 101 remark narrowed from eq 135 136 5001 5002\n"
         "~1 access-list 101 permit tcp 192.0.2.0 0.0.0.255 host 10.0.0.10 eq 135\n"
         "+2 access-list 101 permit tcp 192.0.2.0 0.0.0.255 host 10.0.0.10 range 5001 5002\n"},
        {"removed with its remark", Syntax::cisco,
         in + " permit tcp any any eq 135\n permit tcp any any range 5001 5002\n remark web\n permit tcp any host "
              "10.0.0.10 eq www\n",
         task, "-4 ! removed: remark web\n-5 ! removed: permit tcp any host 10.0.0.10 eq www\n"},
        {"everything", Syntax::cisco, in + " permit ip any any\n", task,
         "+2  remark not needed\n+2" + deny + "lt 135\n+2" + deny + "range 136 5000\n+2" + deny +
             "gt 5002\n+2  remark not needed\n+2  deny udp host 192.0.2.50 host 10.0.0.10\n"},
        {"all ports but one", Syntax::cisco, in + " permit tcp any host 10.0.0.10 neq 80\n", task,
         "+2  remark not needed\n+2" + deny + "lt 80\n+2" + deny + "range 81 134\n+2" + deny + "range 136 5000\n+2" +
             deny + "gt 5002\n"},
    };
    for (const Case& c : cases) check(c);
}

// A list that loses its last entry would pass everything on a real router: the entry stays, and a deny goes before it.
BOOST_AUTO_TEST_CASE(a_list_never_runs_empty) {
    fw::mend::NeededFlow nothing = tcp({}, "");
    check({"the only entry", Syntax::cisco, in + " permit tcp any host 10.0.0.10 eq 80\n", closing({nothing}),
           "+2  remark not needed\n+2  deny tcp host 192.0.2.50 host 10.0.0.10 eq 80\n"});
}

BOOST_AUTO_TEST_SUITE_END()
