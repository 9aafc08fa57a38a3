#include "sim/base/diagnostic.hpp"
#include "sim/base/glyph.hpp"

#include <algorithm>

namespace sim::base {

namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edit distance where an exchange of neighbours counts once ("prot" for "port"); upper and lower case are alike.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

}  // namespace

std::string nearest_word(std::string_view typed, const std::vector<std::string_view>& known) {
    std::string_view nearest;
    std::size_t nearest_distance = 0;
    for (const std::string_view word : known) {
        const std::size_t allowed = word.size() / 3;
        // Lengths this far apart cannot be near; it also keeps a hostile, endless word cheap.
        if (typed.size() > word.size() + allowed || typed.size() + allowed < word.size()) continue;
        const std::size_t found = distance(typed, word);
        if (found <= allowed && (nearest.empty() || found < nearest_distance)) {
            nearest = word;
            nearest_distance = found;
        }
    }
    return std::string(nearest);
}

std::string printable(std::string_view text, std::size_t limit) {
    constexpr std::string_view dots = "...";
    std::string shown;
    std::size_t whole = 0;  // of `shown`, what still leaves room for the dots
    while (!text.empty()) {
        const Glyph glyph = first_glyph(text);
        if (shown.size() + glyph.shown.size() > limit) {
            shown.resize(whole);
            if (limit >= dots.size()) shown += dots;
            return shown;
        }
        shown += glyph.shown;
        if (limit < dots.size() || shown.size() + dots.size() <= limit) whole = shown.size();
        text.remove_prefix(glyph.octets);
    }
    return shown;
}

}  // namespace sim::base
