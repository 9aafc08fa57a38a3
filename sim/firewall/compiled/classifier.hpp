// The compiled classifier: the verdict of evaluate.hpp for one entry chain, found without trying its rules in turn.
//
//     Classifier classifier(rules, chain);
//     Verdict verdict = classifier.judge(facts_of(subject));       // == evaluate(*rules, chain, facts, silent)
//     classifier.judge(many_facts, verdicts);                      // the same for many at once, and faster
//
// Its answer is the predicate's, always: what cannot be compiled exactly (box.hpp says what that is) is put to the
// predicate, rule by rule or for the whole packet. Tests hold the two against each other. It explains nothing: for an
// explanation ask the predicate with a recorder.
//
// Worth it where one rule set judges many packets: making one takes as long as judging some thousand packets. Who uses
// it, and what it is measured against, is written in the README (Speed).
//
// The chain is written out as a list of lines (lines.hpp) for each of four frames (whole packets and later fragments of
// both families), and each list is made into a table (table.hpp) that is looked up with the widest registers that the
// processor has (layout.hpp).
#pragma once

#include "sim/firewall/compiled/box.hpp"
#include "sim/firewall/compiled/table.hpp"
#include "sim/firewall/facts.hpp"
#include "sim/firewall/rule_set.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace sim::firewall::compiled {

class Classifier {
public:
    // Requires an entry chain: one with a policy. A variant other than the best is for tests and benchmarks.
    Classifier(SharedRules rules, ChainId entry);
    Classifier(SharedRules rules, ChainId entry, Variant variant);

    Verdict judge(const Facts& facts) const;
    // Requires as many verdicts as facts.
    void judge(std::span<const Facts> facts, std::span<Verdict> verdicts) const;

    // A bare lookup in one of the tables, for those who keep keys instead of packets. A line is a place in
    // `lines(frame)`, or no_line when the policy decides; it is final only if that line is a plain decision.
    enum Frames : std::size_t { whole_v4, fragment_v4, whole_v6, fragment_v6, frame_count };
    static std::size_t frame_of(const Facts& facts);
    // Absent when the predicate must judge the packet.
    std::optional<Key> key(const Facts& facts) const;
    const Table* table(std::size_t frame) const { return frames_[frame].table ? &*frames_[frame].table : nullptr; }
    std::span<const Line> lines(std::size_t frame) const { return frames_[frame].lines; }

    // Octets of all tables.
    std::size_t memory() const;

private:
    struct Compiled {
        std::vector<Line> lines;
        std::optional<Table> table;  // absent: the predicate judges these packets
        bool plain = true;           // every line is final
    };
    Verdict verdict(const Compiled& compiled, const Key& key, const Facts& facts, std::uint32_t line) const;
    Verdict by_predicate(const Facts& facts) const;

    SharedRules rules_;
    ChainId entry_;
    const Lookup* lookup_;
    std::array<AddressScale, 2> addresses_{AddressScale(wire::Family::ipv4), AddressScale(wire::Family::ipv6)};
    InterfaceNames interfaces_;
    std::array<Compiled, frame_count> frames_;
};

}  // namespace sim::firewall::compiled
