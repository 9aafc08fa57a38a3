#include "scenarios/cases/way.hpp"

#include "sim/firewall/import/net_names.hpp"

#include <utility>

namespace scenarios::cases {

void Wayfarer::enter(const firewall::RuleSet& rules, firewall::Hook, const firewall::Subject&) {
    rules_ = &rules;
    ways_.emplace_back();
}

void Wayfarer::matched(firewall::RuleId id) {
    const firewall::Rule& rule = rules_->rule(id);
    add(rules_->chain(rule.chain).name + ":" + std::to_string(rule.number));
    if (rule.log) ways_.back().logs.push_back(rule.log->prefix);
}

void Wayfarer::chain_end(firewall::ChainId chain) { add(rules_->chain(chain).name + ":end"); }
void Wayfarer::policy(firewall::ChainId chain) { add(rules_->chain(chain).name + ":policy"); }

void Wayfarer::dropped_inside(firewall::RuleId) {
    ways_.back().by.clear();
    ways_.back().dropped_inside = true;
}

void Wayfarer::add(std::string step) {
    ways_.back().by = step;
    ways_.back().trace.push_back(std::move(step));
}

std::string entry_text(const firewall::ConnectionInfo& connection) {
    std::string text = firewall::import::protocol_name(static_cast<std::uint8_t>(connection.flow.protocol));
    if (text == "ipv6-icmp") text = "icmpv6";
    if (text != "tcp" && text != "udp" && text != "icmp" && text != "icmpv6" && text != "gre") text = "unknown";
    if (!connection.state.empty()) text += " " + connection.state;
    // Timers are whole seconds; what is left of one has just begun to run.
    text += " " + std::to_string((connection.expires_in + std::chrono::milliseconds(999)) / std::chrono::seconds(1));
    if (!connection.replied) text += " unreplied";
    if (connection.assured) text += " assured";
    return text;
}

}  // namespace scenarios::cases
