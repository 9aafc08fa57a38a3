#include "scenarios/runner/tally.hpp"

#include <algorithm>
#include <string_view>

namespace scenarios::runner {

std::string_view id(Clause clause) {
    static constexpr std::array<std::string_view, clause_count> words{"logon", "fails_at", "because", "ports",
                                                                      "warns", "new_mail", "within",  "says"};
    return words[static_cast<std::size_t>(clause)];
}

void Count::add(std::uint64_t seed) {
    first_seed = times == 0 ? seed : std::min(first_seed, seed);
    ++times;
}

void Count::merge(const Count& other) {
    if (other.times == 0) return;
    first_seed = times == 0 ? other.first_seed : std::min(first_seed, other.first_seed);
    times += other.times;
}

void Tally::merge(const Tally& other) {
    starts += other.starts;
    stopped_early = stopped_early || other.stopped_early;
    for (std::size_t i = 0; i < unmet.size(); ++i) unmet[i].merge(other.unmet[i]);
    for (std::size_t i = 0; i < actions.size(); ++i) {
        actions[i].works.merge(other.actions[i].works);
        actions[i].fails.merge(other.actions[i].fails);
        actions[i].degraded.merge(other.actions[i].degraded);
        for (std::size_t p = 0; p < actions[i].fails_at.size(); ++p)
            actions[i].fails_at[p].merge(other.actions[i].fails_at[p]);
    }
}

}  // namespace scenarios::runner
