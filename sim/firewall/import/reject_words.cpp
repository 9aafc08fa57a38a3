#include "sim/firewall/import/reject_words.hpp"

#include "sim/firewall/import/net_names.hpp"
#include "sim/firewall/import/nft_words.hpp"

namespace sim::firewall::import {

std::string reject_words(const RuleSet& rules, RejectWith with, wire::Family family, bool for_both) {
    if (rules.dialect() != Dialect::nft) return std::string(reject_name(with, family));
    if (with == RejectWith::tcp_reset) return "tcp reset";
    const std::string_view kind = for_both ? "icmpx " : family == wire::Family::ipv4 ? "icmp " : "icmpv6 ";
    return std::string(kind) + std::string(nft::reject_name(with, family, for_both));
}

std::string reject_words(const RuleSet& rules, const Verdict& verdict, wire::Family family) {
    if (!verdict.with) return {};
    const bool both = verdict.rule && rules.rule(*verdict.rule).target.for_both_families;
    return reject_words(rules, *verdict.with, family, both);
}

}  // namespace sim::firewall::import
