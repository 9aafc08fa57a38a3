#include "sim/firewall/compiled/kinds.hpp"

#include <map>

namespace sim::firewall::compiled {
namespace {

constexpr std::size_t combinations_max = 1U << 16U;
constexpr std::size_t work_max = 1U << 26U;

bool less(const Set& a, const Set& b) {
    for (std::size_t i = 256; i-- > 0;)
        if (a[i] != b[i]) return b[i];
    return false;
}
struct SetLess {
    bool operator()(const Set& a, const Set& b) const { return less(a, b); }
};

// Splits classes by who is in the set and who is not. Numbers are given in the order of the first element.
template <class Inside>
std::uint32_t split(std::vector<std::uint32_t>& classes, Inside inside) {
    std::map<std::pair<std::uint32_t, bool>, std::uint32_t> made;
    for (std::uint32_t e = 0; e < classes.size(); ++e) {
        const auto next = static_cast<std::uint32_t>(made.size());
        classes[e] = made.try_emplace({classes[e], inside(e)}, next).first->second;
    }
    return static_cast<std::uint32_t>(made.size());
}

std::vector<Span> runs_in(const std::vector<bool>& in) {
    std::vector<Span> runs;
    for (std::uint32_t k = 0; k < in.size(); ++k) {
        if (!in[k]) continue;
        if (!runs.empty() && runs.back().high + 1 == k)
            runs.back().high = k;
        else
            runs.push_back({k, k});
    }
    return runs;
}

}  // namespace

bool SetsLess::operator()(const Sets& a, const Sets& b) const {
    for (std::size_t d = 0; d < dimensions; ++d)
        if (a[d] != b[d]) return less(a[d], b[d]);
    return false;
}

std::optional<Kinds> Kinds::make(const std::vector<Line>& lines) {
    Kinds kinds;
    std::array<std::map<Set, bool, SetLess>, dimensions> asked_of;
    for (const Line& line : lines)
        for (const Box& box : line.boxes)
            if (kinds.runs_.try_emplace(box.sets).second)
                for (std::size_t d = 0; d < dimensions; ++d) asked_of[d].emplace(box.sets[d], true);

    std::array<std::vector<std::uint32_t>, dimensions> classes;
    std::array<std::vector<std::uint8_t>, dimensions> samples;  // one element of each class
    for (std::size_t d = 0; d < dimensions; ++d) {
        classes[d].assign(256, 0);
        for (const auto& [set, unused] : asked_of[d])
            split(classes[d], [&asked = set](std::size_t e) { return asked[e]; });
        for (std::uint32_t e = 0; e < 256; ++e)
            if (classes[d][e] == samples[d].size()) samples[d].push_back(static_cast<std::uint8_t>(e));
    }
    std::array<std::size_t, dimensions> stride{};  // protocol counts most, so that its rules ask for one run of kinds
    std::size_t combinations = 1;
    for (std::size_t d = dimensions; d-- > 0;) {
        stride[d] = combinations;
        combinations *= samples[d].size();
        if (combinations > combinations_max) return std::nullopt;
    }
    if (combinations * kinds.runs_.size() > work_max) return std::nullopt;
    const auto inside = [&](const Sets& sets, std::size_t combination) {
        for (std::size_t d = 0; d < dimensions; ++d)
            if (!sets[d][samples[d][combination / stride[d] % samples[d].size()]]) return false;
        return true;
    };

    kinds.numbers_.assign(combinations, 0);
    kinds.count_ = 1;
    for (const auto& [sets, unused] : kinds.runs_)
        kinds.count_ = split(kinds.numbers_, [&inside, &asked = sets](std::size_t at) { return inside(asked, at); });
    for (auto& [sets, runs] : kinds.runs_) {
        std::vector<bool> in(kinds.count_, false);
        for (std::size_t at = 0; at < combinations; ++at)
            if (inside(sets, at)) in[kinds.numbers_[at]] = true;
        runs = runs_in(in);
    }
    for (std::size_t e = 0; e < 256; ++e) {
        kinds.protocol_row_[e] = static_cast<std::uint32_t>(classes[0][e] * stride[0]);
        kinds.flags_column_[e] = static_cast<std::uint32_t>(classes[1][e] * stride[1]);
        for (std::size_t d = 2; d < dimensions; ++d)
            kinds.context_[d - 2][e] = static_cast<std::uint16_t>(classes[d][e] * stride[d]);
    }
    kinds.by_protocol_ = combinations == samples[0].size();
    kinds.ask_context_ = combinations != samples[0].size() * samples[1].size();
    return kinds;
}

}  // namespace sim::firewall::compiled
