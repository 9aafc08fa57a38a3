#include "scenarios/cases/packet_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace scenarios::cases {

std::vector<PacketWord> packet_words(std::string_view line) {
    std::vector<PacketWord> words;
    for (std::size_t at = 0; at < line.size();) {
        at = std::min(line.find_first_not_of(" \t\r", at), line.size());
        const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
        if (end > at) {
            PacketWord word{line.substr(at, end - at), std::string(line.substr(at, end - at)), at};
            for (char& c : word.folded)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            words.push_back(std::move(word));
        }
        at = end;
    }
    return words;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::optional<base::SimDuration> duration_of(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::uint64_t nanoseconds;
    };
    constexpr std::array<Unit, 5> units{{{"ms", 1'000'000ULL},
                                         {"s", 1'000'000'000ULL},
                                         {"m", 60'000'000'000ULL},
                                         {"h", 3'600'000'000'000ULL},
                                         {"d", 86'400'000'000'000ULL}}};
    constexpr std::uint64_t longest = 366 * units[4].nanoseconds;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = number_of(text.substr(0, digits));
    for (const Unit& unit : units)
        if (count && unit.name == text.substr(digits) && *count <= longest / unit.nanoseconds)
            return base::SimDuration(static_cast<std::int64_t>(*count * unit.nanoseconds));
    return std::nullopt;
}

bool add_flag_letters(std::string_view word, std::string& letters) {
    struct Name {
        std::string_view word;
        char letter;
    };
    constexpr std::array<Name, 8> names{{{"fin", 'F'},
                                         {"syn", 'S'},
                                         {"rst", 'R'},
                                         {"psh", 'P'},
                                         {"ack", 'A'},
                                         {"urg", 'U'},
                                         {"ece", 'E'},
                                         {"cwr", 'C'}}};
    std::string found;
    for (std::size_t at = 0; at <= word.size();) {
        const std::size_t end = std::min(word.find_first_of(",+-", at), word.size());
        const std::string_view one = word.substr(at, end - at);
        const auto name = std::find_if(names.begin(), names.end(), [one](const Name& n) { return n.word == one; });
        if (name == names.end()) return false;
        found += name->letter;
        at = end + 1;
    }
    letters += found;
    return true;
}

}  // namespace scenarios::cases
