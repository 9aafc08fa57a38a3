// Which ports of the servers a new connection from the client gets through to, exactly: every port is answered for,
// none is sampled. A port counts as open when all firewalls on the path let the first packet pass, whether or not
// anything listens there; an open port that nobody uses today is open all the same.
//
// The answer holds for a client port as Windows hands it out and for the servers' own addresses. Ports that RPC
// inspection opens for a moment are not in it.
#pragma once

#include "scenarios/runner/stage.hpp"

#include <memory>
#include <vector>

namespace scenarios::runner {

struct Reach {
    std::vector<wire::PortRange> tcp;  // normalized
    std::vector<wire::PortRange> udp;
    bool operator==(const Reach&) const = default;
};

// `rules` are those in force, one per firewall of the variant.
Reach reach(const StagedVariant& variant, const std::vector<std::shared_ptr<const firewall::RuleSet>>& rules);
Reach reach(const StagedVariant& variant);  // with the rules it begins with

using wire::without;  // what is open and should not be

}  // namespace scenarios::runner
