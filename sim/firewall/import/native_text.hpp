// Native rule files: one rule a line, as a person would say it.
//
//   # branch.rules: what the London branch may do
//   default drop                    # or: allow, reject
//   stateful yes                    # no: answers are judged by the rules too
//   reject-with tcp-reset           # or: port-unreachable, admin-prohibited, host-unreachable, ...
//
//   allow tcp from any to 10.0.0.10 port 135                      # RPC endpoint mapper
//   allow tcp from 192.0.2.0/24 to 10.0.0.10 port 5000-5100, 6001 # RPC dynamic range
//   allow udp from 10.0.0.10 to any port 1024-65535 to-client     # new-mail notice
//   allow icmp
//   allow tcp 443                                                 # short: from any to any, that target port
//   reject any log
//
// Grammar (words in lower case; "#" starts a comment, which becomes the note of the rule on its line):
//
//   file      = { line }
//   line      = [ setting | rule ] [ "#" note ]
//   setting   = "default" ( "drop" | "allow" | "reject" )
//             | "stateful" ( "yes" | "no" )
//             | "reject-with" REJECT
//   rule      = ACTION [ PROTOCOL [ PORTS ] ] { part }
//   ACTION    = "allow" | "drop" | "reject" [ "with" REJECT ]
//   PROTOCOL  = "tcp" | "udp" | "icmp" | "any"                    (default any)
//   part      = "from" ADDRESSES [ "port" PORTS ]
//             | "to" ADDRESSES
//             | "port" PORTS                                      (of the target, unless it follows "from")
//             | "to-server" | "to-client" | "both"                (which way the packet goes; default to-server)
//             | "acknowledged"                                    (TCP with ACK or RST set)
//             | "log"
//   ADDRESSES = "any" | one { "," one }      one = address | address "/" length | address "/" mask | low "-" high
//   PORTS     = "any" | one { "," one }      one = port | low "-" high
//
// Settings may stand anywhere and count for the whole file; each at most once. All errors of a file are reported at
// once. Error ids: [unknown-word] [missing-word] [bad-address] [bad-port] [bad-value] [repeated] and those of build().
#pragma once

#include "sim/firewall/import/native.hpp"

namespace sim::firewall::import {

// `settings` are what holds where the file says nothing: its default, stateful and reject-with; its rules are ignored.
[[nodiscard]] base::Result<NativeRules, base::Diagnostics> parse_native(const base::SourceText& source,
                                                                        NativeRules settings = {});
// The same of a file that is named for its rules: one that says nothing is no rule set [empty-rules].
[[nodiscard]] base::Result<NativeRules, base::Diagnostics> parse_native_file(const base::SourceText& source,
                                                                             NativeRules settings = {});

// Settings and rules as a file that parses back to the same rules.
std::string format(const NativeRules& rules);

}  // namespace sim::firewall::import
