// Files that appear whole or not at all, and what the terminal can show.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace scenarios::cli {

// Writes beside the target and renames into place once everything is on the disk. Missing folders are made. Returns a
// sentence when it did not work; then the target is as it was before.
std::optional<std::string> write_whole(const std::string& path, std::string_view contents);

// To stdout, at once. False when the reader is gone or the disk is full; the program then ends with exit 3 (a closed
// pipe silently, as other tools do).
bool print(std::string_view text);

enum class ColorChoice { automatic, always, never };

// Colour only on a terminal, unless forced; NO_COLOR (no-color.org) and TERM=dumb switch it off.
bool use_color(ColorChoice choice, int descriptor);

bool is_terminal(int descriptor);

}  // namespace scenarios::cli
