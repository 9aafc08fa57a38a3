#include "sim/firewall/compiled/lines.hpp"

namespace sim::firewall::compiled {
namespace {

constexpr std::size_t boxes_max = 64;  // of one line
constexpr unsigned depth_max = 200;    // chains within chains; gotos are not bounded by RuleSet::make
constexpr std::size_t visits_max = 10 * lines_max;

bool is_final(Target::Kind kind) {
    return kind == Target::Kind::accept || kind == Target::Kind::drop || kind == Target::Kind::reject;
}

class Writer {
public:
    Writer(const RuleSet& rules, const Frame& frame) : rules_(rules), frame_(frame) {}

    std::optional<std::vector<Line>> write(ChainId entry) {
        std::vector<std::uint32_t> returns;
        chain(entry, {Box{}}, returns, 0);
        for (const std::uint32_t line : returns) lines_[line].next = here();
        if (too_long_) return std::nullopt;
        return std::move(lines_);
    }

private:
    std::uint32_t here() const { return static_cast<std::uint32_t>(lines_.size()); }

    struct Asked {
        Boxes boxes;
        bool confirm = false;
    };
    // What of `where` a rule fits.
    Asked narrowed(const Boxes& where, const Rule& rule) const {
        Asked asked{where, false};
        for (const Match& match : rule.matches) {
            const Reading reading = read(match, rule.blind_to_fragments, frame_);
            if (reading.how == Reading::How::exact) {
                Boxes both;
                for (const Box& a : asked.boxes)
                    for (const Box& b : reading.boxes)
                        if (const auto box = common(a, b)) both.push_back(*box);
                if (both.size() <= boxes_max) {
                    asked.boxes = std::move(both);
                    continue;
                }
            }
            asked.confirm = true;
            // Whatever comes behind it is not asked when it drops the packet.
            if (reading.how == Reading::How::opaque) break;
        }
        return asked;
    }

    void add(Line line) {
        if (lines_.size() == lines_max)
            too_long_ = true;
        else
            lines_.push_back(std::move(line));
    }

    // `returns` collects the lines that lead out of the chain.
    void chain(ChainId id, const Boxes& where, std::vector<std::uint32_t>& returns, unsigned depth) {
        too_long_ = too_long_ || depth > depth_max;
        const Chain& chain = rules_.chain(id);
        for (std::uint32_t i = chain.first; i < chain.first + chain.count && !too_long_; ++i) {
            const Rule& rule = rules_.rules()[i];
            too_long_ = ++visits_ > visits_max;
            Asked asked = narrowed(where, rule);
            // One that decides nothing still matters when it may drop what it cannot read.
            if (asked.boxes.empty() || (rule.target.kind == Target::Kind::none && !asked.confirm)) continue;
            if (rule.target.kind == Target::Kind::jump || rule.target.kind == Target::Kind::go_to)
                lead_on(RuleId{i}, asked, returns, depth);
            else
                act(RuleId{i}, std::move(asked), returns);
        }
    }

    void act(RuleId id, Asked asked, std::vector<std::uint32_t>& returns) {
        const Target::Kind kind = rules_.rule(id).target.kind;
        Line line{.confirm = asked.confirm, .rule = id, .boxes = std::move(asked.boxes)};
        if (!is_final(kind)) line.kind = Line::Kind::skip;
        add(std::move(line));
        if (kind == Target::Kind::leave) returns.push_back(here() - 1);
        if (kind == Target::Kind::none) lines_.back().next = here();
    }

    void lead_on(RuleId id, const Asked& asked, std::vector<std::uint32_t>& returns, unsigned depth) {
        const Target& target = rules_.rule(id).target;
        const std::uint32_t first = here();
        if (asked.confirm) add({.kind = Line::Kind::enter, .confirm = true, .rule = id, .boxes = asked.boxes});
        if (target.kind == Target::Kind::jump) {
            std::vector<std::uint32_t> own;
            chain(target.chain, asked.boxes, own, depth + 1);
            for (const std::uint32_t line : own) lines_[line].next = here();
        } else {
            // The end of its chain leads where a return leads.
            chain(target.chain, asked.boxes, returns, depth + 1);
            add({.kind = Line::Kind::skip, .rule = id, .boxes = asked.boxes});
            returns.push_back(here() - 1);
        }
        if (asked.confirm && !too_long_) lines_[first].next = here();
    }

    const RuleSet& rules_;
    const Frame& frame_;
    std::vector<Line> lines_;
    std::size_t visits_ = 0;
    bool too_long_ = false;
};

}  // namespace

std::optional<std::vector<Line>> lines_of(const RuleSet& rules, ChainId entry, const Frame& frame) {
    return Writer(rules, frame).write(entry);
}

}  // namespace sim::firewall::compiled
