// A run in words for people who learn, the same in the terminal and on the page.
#pragma once

#include "scenarios/lesson/plays.hpp"

#include <string>
#include <utility>
#include <vector>

namespace scenarios::lesson {

// What the user got, what he read, what decided, what is open; for a rehearsal of steps, each step and what followed.
std::vector<std::string> outcome_lines(const Played& run);

// "works", "fails at the Directory", "works in 980 of 1,000 starts"
std::string gets(const Facts& facts);

struct Grid {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;  // as wide as the head
    struct Bars {                                // numbers of ports, worth seeing as lengths
        std::size_t column = 0;
        std::vector<std::uint64_t> numbers;  // by row
    };
    std::vector<Bars> bars;
};
// Runs side by side; a column stands only where some run has something to say in it.
Grid grid_of(const std::vector<std::pair<std::string, const Played*>>& rows);
// Starts of one server side by side: where its services listen, and what the user gets.
Grid grid_of_starts(const std::vector<std::pair<std::string, const Played*>>& rows);

}  // namespace scenarios::lesson
