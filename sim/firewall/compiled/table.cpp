#include "sim/firewall/compiled/table.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <set>

namespace sim::firewall::compiled {
namespace {

constexpr std::size_t classes_max = 1U << 16U;    // a class is 16 bits of a block
constexpr std::size_t entries_max = 2'000'000;    // conditions written into cells
constexpr std::size_t entry_lines_max = 500'000;  // of one cell: the blocks that follow are counted in 16 bits
constexpr std::size_t cells_max = 1U << 20U;
constexpr std::size_t kinds_work_max = 1U << 24U;  // kinds times pieces
constexpr unsigned service_bits_max = 6;
constexpr std::size_t one_home_max = 16;  // so few conditions need no second home

// One condition set of a line: a product of intervals.
struct Piece {
    Span source, target, first, second, kind;
    std::uint32_t line = 0;
};

std::vector<Piece> pieces_of(const std::vector<Line>& lines, const Kinds& kinds) {
    std::vector<Piece> pieces;
    for (std::uint32_t i = 0; i < lines.size(); ++i)
        for (const Box& box : lines[i].boxes)
            for (const Span& run : kinds.runs(box))
                pieces.push_back({box.source, box.target, box.first, box.second, run, i});
    return pieces;
}

// The beginnings of classes: of every interval, and of what comes behind it.
std::vector<std::uint32_t> beginnings(const std::vector<Piece>& pieces, Span Piece::*dimension) {
    std::vector<std::uint32_t> begin{0};
    for (const Piece& p : pieces) {
        begin.push_back((p.*dimension).low);
        if ((p.*dimension).high != 0xffffffffU) begin.push_back((p.*dimension).high + 1);
    }
    std::sort(begin.begin(), begin.end());
    begin.erase(std::unique(begin.begin(), begin.end()), begin.end());
    return begin;
}

Starts starts_of(const std::vector<std::uint32_t>& begin) {
    Starts starts;
    if (begin.size() > 1U << Starts::few_bits)
        starts.bits = std::max(Starts::pivot_bits, static_cast<unsigned>(std::bit_width(begin.size() - 1)));
    starts.values = begin;
    starts.values.resize((std::size_t{1} << starts.bits) + 16, 0xffffffffU);
    if (starts.bits >= Starts::pivot_bits)
        for (std::size_t i = 0; i < starts.pivots.size(); ++i) {
            const std::size_t distance = std::size_t{1} << (starts.bits - Starts::pivot_bits);
            starts.pivots[i] = starts.values[i * distance];
            starts.middles[i] = starts.values[i * distance + distance / 2];
        }
    return starts;
}

Span classes_of(const std::vector<std::uint32_t>& begin, const Span& span) {
    const auto at = [&](std::uint32_t value) {
        return static_cast<std::uint32_t>(std::upper_bound(begin.begin(), begin.end(), value) - begin.begin()) - 1U;
    };
    return {at(span.low), at(span.high)};
}

// Pieces with their addresses as classes, and for each the groups of services that it may meet.
struct Placed {
    Piece piece;
    Span sources, targets;
    std::uint64_t services = 1;
    bool home_at_source = false;
};

constexpr std::uint32_t service(std::uint32_t kind, std::uint32_t port) { return kind << 16U | port; }

// Where groups of services begin: at quantiles of where pieces begin, so that each group has about as many of them.
std::vector<std::uint32_t> service_groups(const std::vector<Placed>& placed, std::size_t count) {
    std::vector<std::uint32_t> all;
    for (const Placed& p : placed)
        if (p.piece.second != Span{0, 65535} || p.piece.kind.low == p.piece.kind.high)
            all.push_back(service(p.piece.kind.low, p.piece.second.low));
    std::sort(all.begin(), all.end());
    std::set<std::uint32_t> begin{0};
    for (std::size_t i = 1; i < count && !all.empty(); ++i) begin.insert(all[i * all.size() / count]);
    return {begin.begin(), begin.end()};
}

void meet_services(std::vector<Placed>& placed, const std::vector<std::uint32_t>& groups) {
    for (Placed& p : placed) {
        p.services = 0;
        for (std::uint32_t k = p.piece.kind.low; k <= p.piece.kind.high; ++k) {
            const Span met = classes_of(groups, {service(k, p.piece.second.low), service(k, p.piece.second.high)});
            for (std::uint32_t g = met.low; g <= met.high; ++g) p.services |= std::uint64_t{1} << g;
        }
    }
}

// By class of the home's address: the pieces at home there, in the order of their lines. Absent when they are too many.
using Members = std::vector<std::vector<std::uint32_t>>;
std::optional<Members> members_of(const std::vector<Placed>& placed, bool at_source, std::size_t classes) {
    Members members(classes);
    std::size_t entries = 0;
    for (std::uint32_t i = 0; i < placed.size(); ++i) {
        if (placed[i].home_at_source != at_source) continue;
        const Span& span = at_source ? placed[i].sources : placed[i].targets;
        entries += span.high - span.low + 1U;
        if (entries > entries_max) return std::nullopt;
        for (std::uint32_t c = span.low; c <= span.high; ++c) members[c].push_back(i);
    }
    return members;
}

// Cells that need more than one block, in thousandths of those that need any.
std::size_t long_cells(const std::vector<Placed>& placed, const Members& members, std::size_t groups) {
    std::size_t used = 0, longer = 0;
    std::vector<std::size_t> count(groups);
    for (const auto& list : members) {
        std::fill(count.begin(), count.end(), 0);
        for (const std::uint32_t i : list)
            for (std::uint64_t bits = placed[i].services; bits != 0; bits &= bits - 1)
                ++count[static_cast<std::size_t>(std::countr_zero(bits))];
        for (const std::size_t n : count) {
            used += n != 0 ? 1U : 0U;
            longer += n > block_lines ? 1U : 0U;
        }
    }
    return used == 0 ? 0 : longer * 1000 / used;
}

class Builder {
public:
    Builder(Layout& layout, std::vector<Placed> placed, bool may_drop_covered)
        : out_(layout), placed_(std::move(placed)), may_drop_covered_(may_drop_covered) {
        out_.blocks.push_back(unfit());
    }

    bool build(std::size_t sources, std::size_t targets) {
        last_source_ = static_cast<std::uint32_t>(sources - 1);
        last_target_ = static_cast<std::uint32_t>(targets - 1);
        const auto at_target = members_of(placed_, false, targets), at_source = members_of(placed_, true, sources);
        if (!at_target || !at_source) return false;
        choose_services(*at_target, *at_source);
        out_.uses_sources =
            std::any_of(placed_.begin(), placed_.end(), [](const Placed& p) { return p.home_at_source; });
        return write(*at_target, false, out_.targets.bits, out_.by_target) &&
               write(*at_source, true, out_.sources.bits, out_.by_source);
    }

private:
    static Block unfit() {
        Block block{};
        for (auto& low : block.low) std::fill(std::begin(low), std::end(low), std::uint16_t{0xffff});
        for (auto& length : block.length) std::fill(std::begin(length), std::end(length), std::uint16_t{0});
        std::fill(std::begin(block.line), std::end(block.line), static_cast<std::uint16_t>(no_line));
        return block;
    }

    // As few groups of services as make nearly all cells short.
    void choose_services(const Members& at_target, const Members& at_source) {
        std::size_t best = ~std::size_t{0};
        const std::size_t classes = (std::size_t{1} << out_.targets.bits) + (std::size_t{1} << out_.sources.bits);
        std::vector<std::uint32_t> chosen{0};
        unsigned chosen_bits = 0;
        for (unsigned bits = 0; bits <= service_bits_max && classes << bits <= cells_max; ++bits) {
            const std::vector<std::uint32_t> groups = service_groups(placed_, std::size_t{1} << bits);
            meet_services(placed_, groups);
            const std::size_t share =
                std::max(long_cells(placed_, at_target, groups.size()), long_cells(placed_, at_source, groups.size()));
            if (share < best) {
                best = share;
                chosen = groups;
                chosen_bits = bits;
            }
            if (best < 10) break;
        }
        meet_services(placed_, chosen);
        out_.service_bits = chosen_bits;
        out_.services = starts_of(chosen);
    }

    bool write(const Members& members, bool at_source, unsigned class_bits, std::vector<Cell>& cells) {
        const std::size_t groups = std::size_t{1} << out_.service_bits;
        cells.assign(groups << class_bits, 0);
        std::vector<std::uint32_t> inside;
        for (std::size_t c = 0; c < std::size_t{1} << class_bits; ++c)
            for (std::size_t g = 0; g < groups; ++g) {
                if (c >= members.size()) {  // the largest value of all may be found in the padding
                    cells[c << out_.service_bits | g] = cells[(members.size() - 1) << out_.service_bits | g];
                    continue;
                }
                inside.clear();
                for (const std::uint32_t i : members[c])
                    if ((placed_[i].services >> g & 1U) != 0 && !covered(i, inside, at_source)) inside.push_back(i);
                cells[c << out_.service_bits | g] = cell_of(inside, at_source);
                if (out_.blocks.size() > entries_max / block_lines || inside.size() > entry_lines_max) return false;
            }
        return true;
    }

    // Whether an earlier one of the same cell takes all that it could take there.
    bool covered(std::uint32_t i, const std::vector<std::uint32_t>& earlier, bool at_source) const {
        constexpr std::size_t looked_at_max = 32;
        if (!may_drop_covered_) return false;
        const auto within = [](const Span& a, const Span& b) { return b.low <= a.low && a.high <= b.high; };
        const Placed& p = placed_[i];
        for (std::size_t k = 0; k < earlier.size() && k < looked_at_max; ++k) {
            const Placed& e = placed_[earlier[k]];
            if (within(p.piece.first, e.piece.first) && within(p.piece.second, e.piece.second) &&
                within(p.piece.kind, e.piece.kind) &&
                (at_source ? within(p.targets, e.targets) : within(p.sources, e.sources)))
                return true;
        }
        return false;
    }

    Cell cell_of(const std::vector<std::uint32_t>& inside, bool at_source) {
        if (inside.empty()) return 0;
        const auto [known, is_new] = known_[at_source].try_emplace(inside, 0);
        if (!is_new) return known->second;
        const std::size_t count = (inside.size() + block_lines - 1) / block_lines;
        const auto first = static_cast<Cell>(out_.blocks.size() * sizeof(Block));
        for (std::size_t b = 0; b < count; ++b) {
            Block block = unfit();
            block.following = static_cast<std::uint16_t>(count - 1 - b);
            for (std::size_t i = 0; i < block_lines && b * block_lines + i < inside.size(); ++i)
                put(block, i, placed_[inside[b * block_lines + i]], at_source);
            out_.blocks.push_back(block);
        }
        out_.has_following = out_.has_following || count > 1;
        return known->second = first | (count > 1 ? 1U : 0U);
    }

    void put(Block& block, std::size_t at, const Placed& p, bool at_source) const {
        const auto interval = [&](Block::Condition c, const Span& span) {
            block.low[at][c] = static_cast<std::uint16_t>(span.low);
            block.length[at][c] = static_cast<std::uint16_t>(span.high - span.low);
        };
        // The last class goes on into the padding.
        Span other = at_source ? p.targets : p.sources;
        if (other.high == (at_source ? last_target_ : last_source_)) other.high = 65535;
        interval(Block::first, p.piece.first);
        interval(Block::second, p.piece.second);
        interval(Block::other, other);
        interval(Block::kind, p.piece.kind);
        block.line[at] = static_cast<std::uint16_t>(p.piece.line);
    }

    struct Hash {
        using is_avalanching = void;
        std::size_t operator()(const std::vector<std::uint32_t>& list) const {
            std::uint64_t h = list.size();
            for (const std::uint32_t x : list) h = (h ^ x) * 0x9E3779B97F4A7C15U, h ^= h >> 32U;
            return h;
        }
    };

    Layout& out_;
    std::vector<Placed> placed_;
    bool may_drop_covered_;
    std::uint32_t last_source_ = 0, last_target_ = 0;
    // Asked by key alone: its order reaches nothing.
    boost::unordered_flat_map<std::vector<std::uint32_t>, Cell, Hash> known_[2];
};

void copy_kinds(const Kinds& kinds, Layout& layout) {
    layout.by_protocol = kinds.by_protocol();
    layout.protocol_row = kinds.protocol_row();
    layout.flags_column = kinds.flags_column();
    layout.kinds = kinds.numbers();
    if (!layout.by_protocol) return;
    std::map<std::uint32_t, std::size_t> protocols_of;
    for (const std::uint32_t row : layout.protocol_row) ++protocols_of[layout.kinds[row]];
    const auto most = std::max_element(protocols_of.begin(), protocols_of.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (256 - most->second > Layout::few_protocols) return;
    layout.kind_of_others = most->first << 16U;
    layout.named_protocols = 0;
    for (std::uint32_t p = 0; p < 256; ++p) {
        const std::uint32_t kind = layout.kinds[layout.protocol_row[p]];
        if (kind == most->first) continue;
        layout.protocols[layout.named_protocols] = p;
        layout.kinds_of_protocols[layout.named_protocols++] = kind << 16U;
    }
}

}  // namespace

std::optional<Table> Table::make(const std::vector<Line>& lines) {
    auto kinds = Kinds::make(lines);
    if (!kinds || kinds->count() > classes_max) return std::nullopt;
    Table table;
    table.kinds_ = std::move(*kinds);
    const std::vector<Piece> pieces = pieces_of(lines, table.kinds_);
    const auto sources = beginnings(pieces, &Piece::source), targets = beginnings(pieces, &Piece::target);
    if (sources.size() > classes_max || targets.size() > classes_max || pieces.size() > entries_max ||
        pieces.size() * table.kinds_.count() > kinds_work_max)
        return std::nullopt;
    table.layout_.sources = starts_of(sources);
    table.layout_.targets = starts_of(targets);
    copy_kinds(table.kinds_, table.layout_);

    std::vector<Placed> placed;
    for (const Piece& piece : pieces) {
        Placed p{piece, classes_of(sources, piece.source), classes_of(targets, piece.target)};
        p.home_at_source =
            pieces.size() > one_home_max && p.sources.high - p.sources.low < p.targets.high - p.targets.low;
        placed.push_back(p);
    }
    // With lines that lead elsewhere, a later one may be asked although an earlier one covers it.
    const bool plain = std::all_of(lines.begin(), lines.end(),
                                   [](const Line& line) { return line.kind == Line::Kind::decide && !line.confirm; });
    if (!Builder(table.layout_, std::move(placed), plain).build(sources.size(), targets.size())) return std::nullopt;
    return table;
}

std::size_t Table::memory() const {
    const auto octets = [](const auto& list) { return list.size() * sizeof(list[0]); };
    return octets(layout_.blocks) + octets(layout_.by_target) + octets(layout_.by_source) +
           octets(layout_.sources.values) + octets(layout_.targets.values) + octets(layout_.services.values) +
           octets(layout_.kinds) + sizeof(Layout);
}

}  // namespace sim::firewall::compiled
