#include "sim/firewall/exact/cover.hpp"

#include <algorithm>
#include <bit>
#include <memory>

namespace sim::firewall::exact {
namespace {

constexpr std::uint64_t costs_of_a_cell = 16;    // against a look at a key
constexpr std::size_t pieces_max = 20'000;       // that wait to be covered
constexpr std::size_t many_candidates = 8;       // from here on corners are looked at first
constexpr std::size_t candidates_weighed = 128;  // to find the one that overlaps most

template <class Span>
unsigned width_of(const Span& span) {
    if constexpr (std::is_same_v<Span, PortSpan>) {
        return static_cast<unsigned>(std::bit_width(static_cast<unsigned>(span.high - span.low)));
    } else {
        if (span.low.is_v4()) return static_cast<unsigned>(std::bit_width(span.high.v4_bits() - span.low.v4_bits()));
        const std::uint64_t high = span.high.high() - span.low.high();
        return high != 0 ? 64U + static_cast<unsigned>(std::bit_width(high))
                         : static_cast<unsigned>(std::bit_width(span.high.low() - span.low.low()));
    }
}

unsigned bits_of(std::uint64_t set) { return static_cast<unsigned>(std::popcount(set)); }

// How much of the cell a taker takes, roughly: the logarithm of what both have.
unsigned weight(const Cell& cell, const Cell& taker) {
    const Cell both = common(cell, taker);
    const auto log = [](std::size_t count) { return static_cast<unsigned>(std::bit_width(count)); };
    return width_of(both.source) + width_of(both.target) + width_of(both.first) + width_of(both.second) +
           bits_of(both.shapes) + bits_of(both.sides) + log(both.protocols.count()) + log(both.flags.count()) +
           log(both.tracked.count()) + log(bits_of(both.in_interfaces)) + log(bits_of(both.out_interfaces));
}

using Candidates = std::vector<const Taker*>;
struct Piece {
    Cell cell;
    std::shared_ptr<const Candidates> among;
};

std::shared_ptr<const Candidates> gather(const Cell& cell, std::span<const TakerSpan> spans, Effort& effort) {
    auto found = std::make_shared<Candidates>();
    for (const TakerSpan& span : spans)
        for (std::size_t i = span.takers->next_meeting(cell, 0, span.count, effort); i < span.count;
             i = span.takers->next_meeting(cell, i + 1, span.count, effort))
            found->push_back(&(*span.takers)[i]);
    return found;
}

const Taker* heaviest(const Cell& cell, const Candidates& among) {
    const Taker* best = nullptr;
    unsigned most = 0;
    for (std::size_t i = 0; i < among.size() && i < candidates_weighed; ++i) {
        const unsigned heavy = weight(cell, among[i]->cell);
        if (best != nullptr && heavy <= most) continue;
        best = among[i];
        most = heavy;
    }
    return best;
}

// One packet in a corner of the cell.
Cell corner(const Cell& cell, bool low) {
    Cell point = cell;
    const auto pin = [low](auto& span) { (low ? span.high : span.low) = low ? span.low : span.high; };
    pin(point.source);
    pin(point.target);
    pin(point.first);
    pin(point.second);
    const auto one = [](auto& set, auto has) {
        const auto size = set.size();
        for (std::size_t i = 0; i < size; ++i)
            if (has(i)) {
                set.reset();
                set.set(i);
                return;
            }
    };
    one(point.protocols, [&](std::size_t i) { return cell.protocols[i]; });
    one(point.flags, [&](std::size_t i) { return cell.flags[i]; });
    one(point.tracked, [&](std::size_t i) { return cell.tracked[i]; });
    point.shapes = static_cast<std::uint8_t>(cell.shapes & -cell.shapes);
    point.sides = static_cast<std::uint8_t>(cell.sides & -cell.sides);
    point.in_interfaces = cell.in_interfaces & (~cell.in_interfaces + 1U);
    point.out_interfaces = cell.out_interfaces & (~cell.out_interfaces + 1U);
    return point;
}

// A corner that none of many takes: the short way to say that there is an escape.
std::optional<Cell> free_corner(const Cell& cell, const Candidates& among, Effort& effort) {
    for (const bool low : {true, false}) {
        const Cell point = corner(cell, low);
        effort.steps(costs_of_a_cell * among.size());
        if (std::none_of(among.begin(), among.end(), [&](const Taker* taker) { return meet(taker->cell, point); }))
            return point;
    }
    return std::nullopt;
}

}  // namespace

// ---- the list ----

Takers::Key Takers::key_of(const Cell& cell) {
    Key key{};
    const bool v4 = cell.source.low.is_v4();
    key.family = v4 ? 1 : 2;
    key.target_low = v4 ? cell.target.low.v4_bits() : 0;
    key.target_high = v4 ? cell.target.high.v4_bits() : ~std::uint32_t{0};
    key.source_low = v4 ? cell.source.low.v4_bits() : 0;
    key.source_high = v4 ? cell.source.high.v4_bits() : ~std::uint32_t{0};
    key.first_low = cell.first.low, key.first_high = cell.first.high;
    key.second_low = cell.second.low, key.second_high = cell.second.high;
    const bool tcp = cell.protocols[6], udp = cell.protocols[17], icmp = cell.protocols[1];
    const std::size_t usual = (tcp ? 1U : 0U) + (udp ? 1U : 0U) + (icmp ? 1U : 0U);
    key.usual = static_cast<std::uint8_t>((tcp ? 1U : 0U) | (udp ? 2U : 0U) | (icmp ? 4U : 0U) |
                                          (cell.protocols.count() > usual ? 8U : 0U));
    key.sides = cell.sides;
    key.shapes = cell.shapes;
    return key;
}

// Written without branches: what is spared is mostly the guessing of them.
bool Takers::may_meet(const Key& a, const Key& b) {
    const auto apart = [](auto a_low, auto a_high, auto b_low, auto b_high) {
        return static_cast<unsigned>(a_low > b_high) | static_cast<unsigned>(b_low > a_high);
    };
    return (apart(a.target_low, a.target_high, b.target_low, b.target_high) |
            apart(a.source_low, a.source_high, b.source_low, b.source_high) |
            apart(a.first_low, a.first_high, b.first_low, b.first_high) |
            apart(a.second_low, a.second_high, b.second_low, b.second_high) |
            static_cast<unsigned>((a.family & b.family) == 0) | static_cast<unsigned>((a.usual & b.usual) == 0) |
            static_cast<unsigned>((a.sides & b.sides) == 0) | static_cast<unsigned>((a.shapes & b.shapes) == 0)) == 0;
}

void Takers::add(Taker taker) {
    keys_.push_back(key_of(taker.cell));
    all_.push_back(std::move(taker));
}

std::size_t Takers::next_meeting(const Cell& cell, std::size_t from, std::size_t end, Effort& effort) const {
    const Key key = key_of(cell);
    for (std::size_t i = from; i < end; ++i) {
        if (!may_meet(keys_[i], key)) continue;
        effort.steps(i - from + costs_of_a_cell);
        if (effort.spent()) return end;
        if (meet(all_[i].cell, cell)) return i;
        from = i + 1;
    }
    effort.steps(end - std::min(from, end));
    return end;
}

// ---- the two questions ----

Covering cover(const PacketSet& cells, std::span<const TakerSpan> spans, Effort& effort) {
    std::vector<Piece> left;
    for (const Cell& cell : cells) {
        left.push_back({cell, gather(cell, spans, effort)});
        while (!left.empty()) {
            if (effort.spent() || left.size() > pieces_max) return {Covered::unknown};
            const Piece piece = std::move(left.back());
            left.pop_back();
            auto here = std::make_shared<Candidates>();
            bool whole = false;
            for (const Taker* taker : *piece.among) {
                effort.steps(costs_of_a_cell);
                if (!meet(taker->cell, piece.cell)) continue;
                whole = contains(taker->cell, piece.cell);
                if (whole) break;
                here->push_back(taker);
            }
            if (whole) continue;
            if (here->empty()) return effort.spent() ? Covering{Covered::unknown} : Covering{Covered::no, piece.cell};
            if (here->size() > many_candidates)
                if (auto escape = free_corner(piece.cell, *here, effort))
                    return effort.spent() ? Covering{Covered::unknown} : Covering{Covered::no, std::move(escape)};
            effort.steps(costs_of_a_cell * std::min(here->size(), candidates_weighed));
            const Taker* best = heaviest(piece.cell, *here);
            std::erase(*here, best);
            PacketSet outside;
            carve(piece.cell, best->cell, outside);
            for (Cell& part : outside) left.push_back({std::move(part), here});
        }
    }
    return {effort.spent() ? Covered::unknown : Covered::yes};
}

bool decide(const PacketSet& cells, std::span<const TakerSpan> spans, std::size_t from, Effort& effort,
            const Part& part) {
    struct Waiting {
        Cell cell;
        std::size_t span, at;
    };
    std::vector<Waiting> left;
    for (auto cell = cells.rbegin(); cell != cells.rend(); ++cell) left.push_back({*cell, 0, from});
    while (!left.empty()) {
        if (effort.spent() || left.size() > pieces_max) return false;
        Waiting now = std::move(left.back());
        left.pop_back();
        const Taker* taker = nullptr;
        while (now.span < spans.size() && taker == nullptr) {
            const TakerSpan& span = spans[now.span];
            now.at = span.takers->next_meeting(now.cell, now.at, span.count, effort);
            if (effort.spent()) return false;
            if (now.at < span.count)
                taker = &(*span.takers)[now.at++];
            else
                now = {std::move(now.cell), now.span + 1, 0};
        }
        if (taker == nullptr) {
            if (!part(now.cell, nullptr)) return false;
            continue;
        }
        if (!part(common(now.cell, taker->cell), taker)) return false;
        effort.steps(costs_of_a_cell);
        PacketSet outside;
        carve(now.cell, taker->cell, outside);
        for (Cell& rest : outside) left.push_back({std::move(rest), now.span, now.at});
    }
    return !effort.spent();
}

}  // namespace sim::firewall::exact
