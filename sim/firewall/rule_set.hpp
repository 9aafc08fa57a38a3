// One model for all rules: chains of rules, each rule with the place where a person wrote it.
//
// A RuleSet is immutable and shared by all runs of a scenario. It is made from a Draft (what an importer or the
// native builder collected), which `make` checks for what only the whole can show: loops of jumps, chains nested too
// deeply, a cost per packet without bound.
//
// Not here: how rules are tried (evaluate.hpp), what is remembered of connections (tracker.hpp), texts
// (native_text.hpp, import_*.hpp).
//
// A RuleSet may carry a second one, its nat table: rules that say how the addresses of new connections change. That one
// has no nat table of its own; its rules accept, and some have a Translation.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/base/result.hpp"
#include "sim/firewall/match.hpp"
#include "sim/firewall/settings.hpp"
#include "sim/firewall/translation.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sim::firewall {

struct Screen;
class RuleSet;

// Where the rules come from; decides how rules are named to people and which fine print holds.
enum class Dialect : std::uint8_t { native, iptables, cisco_ios, cisco_asa, nft };
std::string_view id(Dialect dialect);  // "native" "iptables" "cisco-ios" "cisco-asa" "nft"

// What connection tracking does in this rule set.
enum class Tracking : std::uint8_t {
    off,     // every packet and every fragment is judged alone
    labels,  // netfilter: packets carry a label that rules may ask for; nothing passes by itself
    gate,    // stateful by itself: packets of an allowed connection pass before the rules, invalid ones fail before
             // them; GateManners has the fine print
};

// Where on its way a packet meets a chain: to the box, through it, from it; for the nat table alone before and after
// the box finds out where it goes.
enum class Hook : std::uint8_t { input, forward, output, prerouting, postrouting };
std::string_view id(Hook hook);  // "INPUT" "FORWARD" "OUTPUT" "PREROUTING" "POSTROUTING"

struct ChainId {  // index of a chain in its RuleSet
    std::uint32_t index = 0;
    constexpr auto operator<=>(const ChainId&) const = default;
};

struct Target {
    enum class Kind : std::uint8_t { none, accept, drop, reject, leave, jump, go_to };  // leave = RETURN
    Kind kind = Kind::none;
    std::optional<RejectWith> with{};  // for reject; absent: TCP reset for TCP, port unreachable for the rest
    ChainId chain{};                   // for jump and go_to
    bool for_both_families = false;    // nftables "icmpx": one name for what ICMP and ICMPv6 call differently
    bool operator==(const Target&) const = default;
};

struct Log {  // a rule that is noted when it matches
    std::string prefix;
    std::uint8_t level = 4;
    bool operator==(const Log&) const = default;
};

// Where and how a person wrote a rule.
struct Origin {
    base::Place place;
    std::string text;  // the rule as written, one line
    std::string note;  // its comment or remark, if any
    // Its number among what a person wrote, where one line may become several rules or none; 0: Rule::number.
    std::uint32_t entry = 0;
};

struct Rule {
    std::vector<Match> matches;
    Target target;
    std::optional<Log> log{};
    // Cisco: a later fragment satisfies matches on ports, types and flags that it does not carry (permit entries).
    bool blind_to_fragments = false;
    // nftables: a match reads just the octets that it needs. Where they are not there it does not hold; nothing is
    // dropped for it.
    bool reads_octets = false;
    // nftables: a part of a rule that only writes its log, before the rest of the rule is looked at. Where it matches
    // the rule has not matched yet.
    bool only_logs = false;
    // Set by make: the chain that holds the rule, and its number there, from 1. Parts of one rule share its number.
    ChainId chain{};
    std::uint32_t number = 0;
};

struct Policy {
    Action action = Action::drop;
    std::optional<RejectWith> with{};  // for reject, as in Target
};

struct Chain {
    std::string name;
    std::string table;             // nftables, when another table has a chain of that name: "inet filter"; else empty
    std::optional<Policy> policy;  // present: a chain that packets enter from a hook
    std::uint32_t first = 0;       // its rules are RuleSet::rules()[first, first + count)
    std::uint32_t count = 0;
};

// Which packets enter a chain. Several bindings may fit one packet: they are entered in order, each must accept.
struct Binding {
    Hook hook = Hook::forward;
    ChainId chain;
    std::optional<Side> from{};  // two-sided box: only packets that come from this side
    std::string in_interface{};  // empty: any
    std::string out_interface{};
    std::optional<wire::Family> family{};  // absent: both
    // Two-sided box that stands for a filter on the server itself: the hook whose knowledge of interfaces holds (INPUT
    // knows no outgoing one, OUTPUT no incoming one).
    std::optional<Hook> seen_at{};
};

struct DraftRule {
    Rule rule;
    Origin origin;
    bool part = false;  // of the rule before it, whose number it shares
    std::optional<Translation> translation{};  // of a nat table
};
struct DraftChain {
    std::string name;
    std::string table{};
    std::optional<Policy> policy;
    std::vector<DraftRule> rules{};
    base::Place place{};  // where it was declared
};
struct Draft {
    std::string name;  // of the file, or the firewall
    Dialect dialect = Dialect::native;
    Tracking tracking = Tracking::off;
    // Absent: both. A packet of the other family meets no rule and is dropped, or accepted.
    std::optional<wire::Family> family{};
    bool other_family_passes = false;
    std::optional<wire::Family> tracked_family{};  // tracking, if any, is for this family only; absent: for both
    std::vector<DraftChain> chains;
    std::vector<Binding> bindings;
    bool mid_stream_pickup = true;  // for Tracking::labels (nf_conntrack_tcp_loose)
    bool unbound_passes = false;    // a packet that no binding fits is accepted (Cisco IOS) instead of dropped
    GateManners manners{};          // for Tracking::gate
    OwnSettings own{};
    bool is_nat = false;            // this is a nat table
    std::shared_ptr<const RuleSet> nat{};  // the nat table beside these rules
};

class RuleSet {
public:
    // Limits that keep one packet's cost bounded whatever a file says.
    static constexpr std::size_t jump_depth_max = 64;
    static constexpr std::uint64_t rules_per_packet_max = 1'000'000;

    ~RuleSet();
    RuleSet(const RuleSet&) = delete;
    RuleSet& operator=(const RuleSet&) = delete;

    // Errors: [jump-loop], [jump-depth], [rule-cost].
    [[nodiscard]] static base::Result<std::shared_ptr<const RuleSet>, base::Diagnostics> make(Draft draft);

    const std::string& name() const { return name_; }
    Dialect dialect() const { return dialect_; }
    Tracking tracking() const { return tracking_; }
    std::optional<wire::Family> family() const { return family_; }
    bool other_family_passes() const { return other_family_passes_; }
    std::optional<wire::Family> tracked_family() const { return tracked_family_; }
    bool mid_stream_pickup() const { return mid_stream_pickup_; }
    bool unbound_passes() const { return unbound_passes_; }
    const GateManners& manners() const { return manners_; }
    const OwnSettings& own() const { return own_; }
    bool is_nat() const { return is_nat_; }
    const std::shared_ptr<const RuleSet>& nat() const { return nat_; }  // null without a nat table

    std::span<const Chain> chains() const { return chains_; }
    std::span<const Rule> rules() const { return rules_; }
    std::span<const Binding> bindings() const { return bindings_; }

    // Beside rules(): see screen.hpp.
    std::span<const Screen> screens() const;

    const Chain& chain(ChainId id) const { return chains_[id.index]; }
    const Rule& rule(RuleId id) const { return rules_[id.index]; }
    const Origin& origin(RuleId id) const { return origins_[id.index]; }
    const Translation* translation(RuleId id) const;  // null: none
    // Whether the nat table beside these rules has a rule that translates.
    bool translates() const;

    // How people name the rule: "rule 3", "FORWARD rule 3", "nat PREROUTING rule 3", "BRANCH-IN entry 3", "inet filter
    // forward rule 3".
    std::string label(RuleId id) const;
    // "branch.rules:8", or empty when the rule was not written in a file. nftables: "branch.json:1:2034", for its files
    // often are one line.
    std::string place(RuleId id) const;

private:
    RuleSet();

    std::string name_;
    Dialect dialect_ = Dialect::native;
    Tracking tracking_ = Tracking::off;
    std::optional<wire::Family> family_;
    bool other_family_passes_ = false;
    std::optional<wire::Family> tracked_family_;
    bool mid_stream_pickup_ = true;
    bool unbound_passes_ = false;
    GateManners manners_;
    OwnSettings own_;
    std::vector<Chain> chains_;
    std::vector<Rule> rules_;
    std::vector<Screen> screens_;
    std::vector<Origin> origins_;  // beside rules_, so that trying rules does not drag texts through the cache
    std::vector<Binding> bindings_;
    std::vector<std::optional<Translation>> translations_;  // beside rules_ in a nat table, else empty
    bool is_nat_ = false;
    std::shared_ptr<const RuleSet> nat_;
};

using SharedRules = std::shared_ptr<const RuleSet>;

}  // namespace sim::firewall
