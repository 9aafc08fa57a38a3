// Colour for terminals, as an afterthought: every text reads the same without it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace scenarios::report {

enum class Tone : std::uint8_t { plain, good, bad, quiet, strong };

struct Style {
    bool color = false;

    std::string operator()(Tone tone, std::string_view text) const {
        if (!color || tone == Tone::plain) return std::string(text);
        static constexpr std::string_view codes[] = {"", "\x1b[32m", "\x1b[1;31m", "\x1b[2m", "\x1b[1m"};
        return std::string(codes[static_cast<std::size_t>(tone)]) + std::string(text) + "\x1b[0m";
    }
};

}  // namespace scenarios::report
