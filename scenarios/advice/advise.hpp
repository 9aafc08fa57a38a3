// The smallest change that makes a rehearsal work: registry, rules, and what only a person can do. The result is itself
// rehearsed before it is given: a scenario with all files, played over many starts, with nothing else of the servers
// open.
#pragma once

#include "scenarios/advice/rules_mend.hpp"
#include "scenarios/advice/scenario_text.hpp"
#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/runner/run.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::advice {

struct RegistryFile {
    std::string server;
    std::string name;  // "EXCH01-mended.reg"
    std::string text;
    bool restart_computer = false;  // else the services
};

struct RuleFile {
    std::string firewall;
    std::string name;  // "mended-branch.rules.v4"
    RulesMend mend;
};

struct Proof {
    std::uint64_t starts = 0;
    std::vector<wire::PortRange> open_tcp;  // of the servers, to this client, afterwards
    std::vector<wire::PortRange> open_udp;
    bool filtered = true;          // false: some of it is open by a default, not by a rule
    bool without_filters = false;  // nothing stands in between
};

struct Advice {
    diagnosis::Findings findings;  // what is wrong now
    std::vector<RegistryFile> registry;
    std::vector<RuleFile> rules;
    std::vector<std::string> by_hand;  // restarts, a line in HOSTS, a time-out: imperatives
    WrittenScenario scenario;          // the mended rehearsal, ready to run
    std::string scenario_name;         // "mended.toml"
    Proof proof;

    bool nothing_to_do() const { return registry.empty() && rules.empty() && by_hand.empty(); }
};

// For one variant, in the state in which its steps leave it. Fails with a sentence when no change helps, or when the
// mended rehearsal does not pass: advice that is not proved is not given.
base::Result<Advice, std::string> advise(const runner::Unit& unit, std::size_t variant,
                                         std::optional<std::uint64_t> seed);

}  // namespace scenarios::advice
