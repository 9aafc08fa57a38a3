// The objects of `nft -j list ruleset` in order: tables, sets, maps, chains, rules; and from them a draft of rules.
// Private to the importer.
#pragma once

#include "sim/firewall/import/nft_rule.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::nft {

// A base chain: where packets enter it.
struct BaseChain {
    Hook hook = Hook::forward;
    std::int64_t priority = 0;
    std::uint32_t chain = 0;  // in the draft
    std::optional<wire::Family> family;
    const Json* at = nullptr;
};

// Whose connections are tracked because rules ask for them.
struct Tracked {
    bool v4 = false, v6 = false;
    bool any() const { return v4 || v6; }
};

struct Ruleset {
    std::vector<DraftChain> chains;
    std::vector<BaseChain> bases;        // in the order of the file
    std::optional<wire::Family> family;  // of all tables, where they have one in common
    Tracked tracked;
    std::string text;  // the whole in nft's own language
    base::Diagnostics remarks;
};

// Adds to the faults what is wrong; the rule set counts only when nothing is. `root` must outlive it.
Ruleset read_ruleset(const Json& root, const base::SourceText& source, base::Diagnostics& faults);

}  // namespace sim::firewall::import::nft
