// Writes down a packet's way through the rules as the recordings do: "FORWARD:3" for a rule that matched, "LAN:end"
// where a user chain ran out, "FORWARD:policy" where nothing decided. One way for the packet, one more for an answer.
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/firewall.hpp"

#include <string>
#include <vector>

namespace scenarios::cases {

class Wayfarer : public firewall::Recorder {
public:
    struct Way {
        std::vector<std::string> trace;
        std::string by;               // the last of the trace; empty when a match itself dropped the packet
        bool dropped_inside = false;  // "hotdrop"
        std::vector<std::string> logs;
    };
    const std::vector<Way>& ways() const { return ways_; }
    void forget_answer() { ways_.resize(ways_.empty() ? 0 : 1); }

    void enter(const firewall::RuleSet& rules, firewall::Hook hook, const firewall::Subject& subject) override;
    void matched(firewall::RuleId rule) override;
    void chain_end(firewall::ChainId chain) override;
    void policy(firewall::ChainId chain) override;
    void dropped_inside(firewall::RuleId rule) override;

private:
    void add(std::string step);

    const firewall::RuleSet* rules_ = nullptr;
    std::vector<Way> ways_;
};

// What connection tracking remembers, as the recordings write it: "tcp ESTABLISHED 432000 assured".
std::string entry_text(const firewall::ConnectionInfo& connection);

}  // namespace scenarios::cases
