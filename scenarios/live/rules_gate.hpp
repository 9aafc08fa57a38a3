// A rule file as a gate in the path of a live client: the same packet filter as in rehearsals (sim/firewall), judging
// the packets that the client's connections show (sim/live/gate.hpp).
//
// Native files, iptables-save output and Cisco access lists are told apart by their text. The filter stands between
// the client and the server; iptables rules are those of FORWARD.
#pragma once

#include "scenarios/runner/load_files.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/live/gate.hpp"

#include <functional>
#include <string>

namespace scenarios::live {

// Hears of every packet that did not pass, as a sentence: "TCP 10.0.0.1:4000 > 10.0.0.10:135 SYN ...: dropped.
// By rule 3 (branch.rules:8).".
using BlockedPacket = std::function<void(const std::string&)>;

// Hears of what RPC inspection did, as a sentence: "pinhole 1 opened for 10.0.0.10:4316 (NSPI), expires in 2 min".
using Inspected = std::function<void(const std::string&)>;

struct RulesGate {
    sim::live::Gate gate;                // empty when there is an error
    sim::base::Diagnostics diagnostics;  // errors, warnings, notes
};

// `settings`: what the box does beside its rules, such as RPC inspection; what that does is told to `inspected`.
RulesGate load_rules_gate(const std::string& path, runner::Files& files, BlockedPacket blocked,
                          const sim::firewall::Firewall::Settings& settings = {}, const Inspected& inspected = {});

}  // namespace scenarios::live
