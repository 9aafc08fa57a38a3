// Which ports of a host each rule opens to new connections from the clients' side, exactly: what comes to the rule and
// passes because of it, not what it would fit alone.
//
// Of every connection's first packet only (SYN for TCP); what answers need is another question. Rules that cannot be
// expressed open nothing here, so nothing wrong is said of them.
#pragma once

#include "sim/firewall/exact/witness.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/firewall/rule_set.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim::firewall::exact {

struct Opening {
    RuleId rule;
    std::vector<wire::PortRange> ports;  // normalized
};

class Openings {
public:
    // `effort` as for lint. The settings say what the interfaces are called.
    Openings(SharedRules rules, const Firewall::Settings& settings, std::uint64_t effort = 500'000'000);
    ~Openings();

    // By rule; absent when it could not be found out. TCP or UDP.
    std::optional<std::vector<Opening>> of(const wire::IpAddress& host, wire::Protocol protocol);
    // A packet of the last answer that the rule lets in to the port, from that client when the rule is for it.
    std::optional<Witness> witness(RuleId rule, wire::Port port, const wire::IpAddress& client) const;

private:
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace sim::firewall::exact
