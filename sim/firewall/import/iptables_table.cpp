#include "sim/firewall/import/iptables_table.hpp"

#include <algorithm>
#include <array>

namespace sim::firewall::import::iptables {
namespace {

constexpr std::array<std::string_view, 3> filter_chains{"INPUT", "FORWARD", "OUTPUT"};
constexpr std::array<std::string_view, 4> nat_chains{"PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"};

// Chains that packets of a built-in chain can come to.
std::vector<bool> reached_from(std::uint32_t top, const std::vector<DraftChain>& chains) {
    std::vector<bool> reached(chains.size(), false);
    std::vector<std::uint32_t> open{top};
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        if (reached[at]) continue;
        reached[at] = true;
        for (const DraftRule& r : chains[at].rules)
            if (r.rule.target.kind == Target::Kind::jump || r.rule.target.kind == Target::Kind::go_to)
                open.push_back(r.rule.target.chain.index);
    }
    return reached;
}

std::string policy_of(const DraftChain& chain) {
    if (!chain.policy) return "-";
    return chain.policy->action == Action::accept ? "ACCEPT" : "DROP";
}

}  // namespace

Table Table::filter() { return {.name = "filter", .built_in = filter_chains}; }
Table Table::nat() { return {.name = "nat", .built_in = nat_chains}; }

bool Table::is_built_in(std::string_view chain) const {
    return std::find(built_in.begin(), built_in.end(), chain) != built_in.end();
}

std::string written(const Table& table) {
    const auto& chains = table.draft.chains;
    std::vector<std::size_t> order(chains.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(table.built_in.size()), order.end(),
              [&](std::size_t a, std::size_t b) { return chains[a].name < chains[b].name; });
    std::string text = "*" + std::string(table.name) + "\n";
    for (const std::size_t i : order) text += ":" + chains[i].name + " " + policy_of(chains[i]) + " [0:0]\n";
    for (const std::size_t i : order)
        for (const std::string& line : table.canonical[i]) text += line + "\n";
    return text + "COMMIT\n";
}

std::vector<Misplaced> misplaced(const Table& nat) {
    std::vector<Misplaced> found;
    for (std::uint32_t top = 0; top < nat.built_in.size(); ++top) {
        const std::vector<bool> reached = reached_from(top, nat.draft.chains);
        for (const Table::Translating& t : nat.translating)
            if (reached[t.chain] && t.belongs_in.find(nat.built_in[top]) == std::string_view::npos)
                found.push_back({t.rule, t.belongs_in, nat.built_in[top]});
    }
    return found;
}

}  // namespace sim::firewall::import::iptables
