#include "scenarios/runner/load.hpp"

namespace scenarios::runner {

namespace {

constexpr std::string_view text =
    R"toml(# A Firedrill scenario. Lines that begin with # are explanations, or parts to switch on by removing the #.
# Paths are relative to this file. "firedrill check FILE" says what is wrong, "firedrill run FILE" runs it.
format = 1
title  = "Random ports, firewall opens only 135"
about  = """
What this scenario is meant to show, in a few lines.
"""
# kb = ["Q155831"]                         # articles that it rests on

[server]                                   # several: [[server]], the first holds the mailbox
name    = "EXCH01"
address = "10.0.0.10"
version = "5.5"                            # 4.0, 5.0, 5.5, 2000, 2003, 2007, 2010
windows = "nt4"                            # nt4, 2000, 2003, 2008: decides the range of the random ports
# registry   = ["static-5000-5001.reg"]    # .reg files, imported in this order
# busy_ports = [5000]                      # ports that other programs took before Exchange started
# dynamic    = "random"                    # or "in-order": one after the other from the bottom of the range
# stopped    = ["attendant"]               # services that are not started
# listen     = [139]                       # other ports that are open on the server

[client]
name    = "PC-17"
address = "192.0.2.50"
windows = "2000"                           # nt4, 2000, xp, 2003, 2008: decides how long a connection is tried
do      = ["logon"]                        # and "check-name", "new-mail", "admin", "public-folders"
# binding_order = ["ncacn_ip_tcp", "ncacn_np"]   # named pipes after TCP
# resolves      = false                    # the client cannot turn the server's name into an address
# known_ports   = { directory = 5001 }     # ports that the client knows and never asks for
# remembers_ports = true                   # it asks once for each service; seals_mapper = true: under packet privacy

[firewall]                                 # several between client and server: [[firewall]], in that order
default  = "drop"                          # what happens to a connection that no rule allows: drop, reject, allow
allow    = [135]                           # short form: TCP from any client to the server; a range is "5000-5100"
stateful = true                            # answers of an allowed connection pass; false: rules judge them too
# inspect      = ["dcerpc"]                # opens the ports that the endpoint mapper announces: pinholes
# inspect_interfaces = ["NSPI", "EMSMDB"]  # only for these; all when absent
# pinhole_timeout = "2m"                   # and pinhole_uses = "one", inspect_lookups = "5m", inspect_mapper_only = true
# idle_timeout = "1h"                      # forgets a connection that was silent for so long
# reject_with  = "tcp-reset"               # or "port-unreachable", "admin-prohibited"

# In place of allow, one of these:
# rules  = "branch.rules"                  # a rule file of this program
# import = "branch.rules.v4"               # from iptables-save or nft -j, a Cisco ASA, or Cisco IOS with acl = "NAME"
#
# [[firewall.rule]]                        # or the long form: the first rule that matches decides
# note   = "RPC endpoint mapper"
# action = "allow"                         # allow, drop, reject
# from   = "192.0.2.0/24"                  # and protocol, from_port, to, direction, log
# port   = 135

# [network]
# latency = "10ms"
# loss    = "0%"
# mtu     = 1500
# mapper_port = 135                        # another one: a tunnel or a forwarder in front of the mapper

[expect]                                   # what must come out; without it the run only tells what happened
logon    = "fails"                         # works, fails, sometimes
fails_at = "directory"                     # name, endpoint-mapper, directory, information-store, attendant
# because   = "no-rule-matched"            # the reason
# open_only = [135]                        # nothing else of the server may be reachable
# ports     = { directory = 5000, information-store = 5001 }
# works     = "90%-99.9%"                  # with logon = "sometimes": in how many of the starts
# warns     = ["static-port-not-available"]
# within    = "30s"                        # how long the user waits at most

[sweep]
seeds = "1-20"                             # so many starts of the server; each must meet [expect]

[[case]]                                   # the same again with some keys replaced
title          = "all ports from 1024 on are open"
firewall.allow = [135, "1024-65535"]
expect.logon   = "works"
)toml";

}  // namespace

std::string scenario_template() { return std::string(text); }

}  // namespace scenarios::runner
