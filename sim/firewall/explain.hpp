// Hears how a verdict came about. The predicate that judges is the same with and without a recorder (evaluate.hpp);
// without one, nothing of this costs anything.
//
// Recorder is the raw account: calls in the order of events. Explanation turns it into words for people.
#pragma once

#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall {

// Everything that a rule may ask about a packet. Borrows the packet and the names.
struct Subject {
    const wire::PacketView* packet = nullptr;  // never null when judged
    std::string_view in_interface{};           // empty: this hook does not know it
    std::string_view out_interface{};
    std::optional<Side> from{};
    Label label = Label::none;
    std::optional<FlowSide> direction{};  // absent: the packet has no entry
    std::uint8_t marks = 0;               // StateSet::snat, StateSet::dnat
};

class Recorder {
public:
    Recorder() = default;
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    virtual ~Recorder() = default;

    // Who hears of the nat table, which only the first packet of a connection meets: the calls are the same, between
    // enter() with that table and the next. Nobody, unless somebody asks: who counts rules means those that filter.
    virtual Recorder* at_nat() { return nullptr; }

    // A finding outside of the rules, as a sentence: "belongs to no connection", "waits for other fragments".
    virtual void note(std::string_view sentence) { (void)sentence; }

    // The packet meets the rules at a hook. Followed by what happened there.
    virtual void enter(const RuleSet& rules, Hook hook, const Subject& subject) {
        (void)rules, (void)hook, (void)subject;
    }
    virtual void tried(RuleId rule) { (void)rule; }
    // One match of the rule tried last, in order; after the first that does not hold the rule is left.
    virtual void checked(const Match& match, bool holds) { (void)match, (void)holds; }
    virtual void matched(RuleId rule) { (void)rule; }         // all matches held; its target acts
    virtual void logged(RuleId rule) { (void)rule; }          // its log was written; before its target acts
    virtual void chain_end(ChainId chain) { (void)chain; }    // a user chain ran out, back to the caller
    virtual void policy(ChainId chain) { (void)chain; }       // nothing decided, the chain's policy does
    virtual void dropped_inside(RuleId rule) { (void)rule; }  // a match found the packet unfit to be matched at all
};

// Why a match holds or not, in words: "target port 5100 is not in 5000-5099".
std::string describe(const Match& match, const Subject& subject, bool holds);
// What a match asks: "target port 5000-5099", "not from 10.0.0.0/8".
std::string describe(const Match& match);

// The account as lines for people, indented by two spaces where they belong to the line above.
class Explanation : public Recorder {
public:
    struct Line {
        std::string text;
        unsigned depth = 0;
        std::optional<RuleId> rule{};
    };
    const std::vector<Line>& lines() const { return lines_; }
    std::string text() const;

    Recorder* at_nat() override { return this; }
    void note(std::string_view sentence) override;
    void enter(const RuleSet& rules, Hook hook, const Subject& subject) override;
    void tried(RuleId rule) override;
    void checked(const Match& match, bool holds) override;
    void matched(RuleId rule) override;
    void logged(RuleId rule) override;
    void chain_end(ChainId chain) override;
    void policy(ChainId chain) override;
    void dropped_inside(RuleId rule) override;

private:
    const RuleSet* rules_ = nullptr;
    Subject subject_;
    std::vector<Line> lines_;
};

}  // namespace sim::firewall
