// The JSON of `nft -j list ruleset` (firewall-semantics, section 10).
//
// Taken: tables of the families ip, ip6 and inet; base chains of the type filter on input, forward and output, in the
// order of their priorities; regular chains; sets and verdict maps; the matches of nft_key.cpp and the statements of
// nft_rule.cpp. Everything else is refused by name.
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/nft_ruleset.hpp"

#include <algorithm>

namespace sim::firewall::import {
namespace {

using nft::BaseChain;

constexpr std::int64_t tracking_priority = -200;  // of connection tracking on the hook output

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

base::Diagnostic plain_text(const base::SourceText& source) {
    std::size_t line = 1;
    while (line < source.line_count() &&
           (source.line(line).find_first_not_of(" \t") == std::string_view::npos || source.line(line)[0] == '#'))
        ++line;
    return source.diagnose(base::Severity::error, {source.name(), static_cast<std::uint32_t>(line), 1, 1},
                           "this is nft's own language, and only its JSON can be read", "nft-plain-text",
                           "run nft -j list ruleset on the firewall and take what it prints");
}

// Earlier is more: the kernel puts a chain before those of the same priority that are there already.
std::vector<BaseChain> in_order(std::vector<BaseChain> chains) {
    std::reverse(chains.begin(), chains.end());
    std::stable_sort(chains.begin(), chains.end(),
                     [](const BaseChain& a, const BaseChain& b) { return a.priority < b.priority; });
    return chains;
}

class Importer {
public:
    Importer(const base::SourceText& source, const ImportOptions& options) : source_(source), options_(options) {}

    base::Result<Imported, base::Diagnostics> import() {
        const std::string between = lower(options_.chain);
        if (between != "forward" && between != "input")
            faults_.push_back({base::Severity::error,
                               base::Place{source_.name()},
                               "hook " + nft::shown(options_.chain) + " cannot stand between client and server",
                               "bad-chain",
                               "FORWARD, or INPUT when the filter runs on the server itself",
                               {}});
        auto root = nft::parse_json(source_);
        if (!root) return base::failure(base::Diagnostics(root.error()));
        nft::Ruleset rules = nft::read_ruleset(*root, source_, faults_);
        remarks_ = std::move(rules.remarks);
        rules.bases = in_order(std::move(rules.bases));
        if (!base::has_errors(faults_)) review(rules, between == "input" ? Hook::input : Hook::forward);
        if (base::has_errors(faults_)) return base::failure(std::move(faults_));
        return finish(std::move(rules), between == "input");
    }

private:
    void review(const nft::Ruleset& rules, Hook between) {
        const bool filtered = std::any_of(rules.bases.begin(), rules.bases.end(),
                                          [between](const BaseChain& b) { return b.hook == between; });
        if (!filtered)
            remarks_.push_back(
                {base::Severity::warning,
                 base::Place{source_.name()},
                 "no chain stands on the hook " + lower(std::string(id(between))) +
                     ", so everything passes between client and server",
                 "nft-no-chain",
                 between == Hook::forward ? "chain = \"INPUT\" takes the filter for one on the server itself" : "",
                 {}});
        for (const BaseChain& base : rules.bases) {
            const bool tracked = base.family
                                     ? (*base.family == wire::Family::ipv4 ? rules.tracked.v4 : rules.tracked.v6)
                                     : rules.tracked.any();
            if (base.hook == Hook::output && base.priority <= tracking_priority && tracked)
                fault(*base.at, "this chain comes before connection tracking (priority -200), and rules ask for states",
                      "nft-unsupported");
        }
        review_order(rules);
        review_fragments(rules);
    }
    void review_order(const nft::Ruleset& rules) {
        for (std::size_t i = 0; i < rules.bases.size(); ++i)
            for (std::size_t j = i + 1; j < rules.bases.size(); ++j) {
                const BaseChain& a = rules.bases[i];
                const BaseChain& b = rules.bases[j];
                const bool meet = !a.family || !b.family || a.family == b.family;
                if (a.hook != b.hook || a.priority != b.priority || !meet) continue;
                remark(*b.at, base::Severity::warning,
                       "chains " + nft::shown(rules.chains[a.chain].name) + " and " +
                           nft::shown(rules.chains[b.chain].name) + " have the same hook and priority",
                       "nft-same-priority",
                       "the kernel begins with the one that was made last, likely the one further down in this file; "
                       "give them different priorities");
                return;
            }
    }
    // Without tracking nobody collects fragments, and some kernels take the octets of a later one for ports.
    void review_fragments(const nft::Ruleset& rules) {
        const auto untracked = [&](const BaseChain& b) {
            return b.hook == Hook::forward && ((b.family != wire::Family::ipv6 && !rules.tracked.v4) ||
                                               (b.family != wire::Family::ipv4 && !rules.tracked.v6));
        };
        if (std::none_of(rules.bases.begin(), rules.bases.end(), untracked)) return;
        for (const DraftChain& chain : rules.chains)
            for (const DraftRule& drafted : chain.rules)
                for (const Match& match : drafted.rule.matches) {
                    if (!std::holds_alternative<PortIn>(match.what) && !std::holds_alternative<AnyPortIn>(match.what))
                        continue;
                    remarks_.push_back(source_.diagnose(
                        base::Severity::warning, drafted.origin.place,
                        "no rule asks for connection states, so nobody puts fragments together, and this looks at "
                        "ports",
                        "nft-fragment-ports",
                        "a later fragment has no ports: here such a match does not hold for it; some kernels read what "
                        "stands in their place"));
                    return;
                }
    }

    base::Result<Imported, base::Diagnostics> finish(nft::Ruleset rules, bool on_server) {
        Draft draft;
        draft.name = source_.name();
        draft.dialect = Dialect::nft;
        draft.tracking = rules.tracked.any() ? Tracking::labels : Tracking::off;
        if (rules.tracked.v4 != rules.tracked.v6)
            draft.tracked_family = rules.tracked.v4 ? wire::Family::ipv4 : wire::Family::ipv6;
        draft.family = rules.family;
        draft.other_family_passes = draft.unbound_passes = true;
        for (const BaseChain& base : rules.bases) {
            const Binding at_hook{.hook = base.hook, .chain = ChainId{base.chain}, .family = base.family};
            draft.bindings.push_back(at_hook);
            if (!on_server || base.hook == Hook::forward) continue;
            Binding between = at_hook;
            between.hook = Hook::forward;
            between.from = base.hook == Hook::input ? Side::client : Side::server;
            between.seen_at = base.hook;
            draft.bindings.push_back(between);
        }
        if (on_server)
            std::erase_if(draft.bindings, [](const Binding& b) { return b.hook == Hook::forward && !b.from; });
        draft.chains = std::move(rules.chains);
        Imported made;
        made.canonical = std::move(rules.text);
        made.remarks = std::move(remarks_);
        auto shared = RuleSet::make(std::move(draft));
        if (!shared) return base::failure(base::Diagnostics(shared.error()));
        made.rules = *shared;
        return made;
    }

    void fault(const nft::Json& at, std::string what, std::string id) {
        faults_.push_back(
            source_.diagnose(base::Severity::error, source_.place_at(at.offset), std::move(what), std::move(id)));
    }
    void remark(const nft::Json& at, base::Severity severity, std::string what, std::string id, std::string hint) {
        remarks_.push_back(
            source_.diagnose(severity, source_.place_at(at.offset), std::move(what), std::move(id), std::move(hint)));
    }

    const base::SourceText& source_;
    const ImportOptions& options_;
    base::Diagnostics faults_, remarks_;
};

}  // namespace

base::Result<Imported, base::Diagnostics> import_nft(const base::SourceText& source, const ImportOptions& options) {
    if (is_nft_text(source.text())) return base::failure(base::Diagnostics{plain_text(source)});
    return Importer(source, options).import();
}

}  // namespace sim::firewall::import
