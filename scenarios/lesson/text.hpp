// Screens as text: 80 columns, plain ASCII, the same with and without colour.
#pragma once

#include "scenarios/lesson/play.hpp"
#include "scenarios/report/events.hpp"
#include "scenarios/report/style.hpp"

#include <string>

namespace scenarios::lesson {

inline constexpr std::size_t text_width = 78;

// The parts; the prompt stands on a line of its own, without a line end, in square brackets.
std::string text_of(const Screen& screen, const report::Style& style);
std::string prompt_of(const Screen& screen, const report::Style& style);

// The packets that a part of a screen shows.
report::Events packets_of(const Ladder& part);

// Paragraphs wrapped, lists hanging, lines that begin with four blanks as they are.
std::string flowed(std::string_view text, std::size_t indent);

std::string drawn(const Picture& picture, std::size_t width);

}  // namespace scenarios::lesson
