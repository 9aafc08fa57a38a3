// The parts of a lesson file that read.cpp puts together: which run is meant, what an outcome means, pictures.
#pragma once

#include "scenarios/lesson/lesson.hpp"
#include "scenarios/runner/load_reader.hpp"

#include <optional>
#include <string_view>

namespace scenarios::lesson {

RunRef read_run(const runner::TableReader& reader);
Meaning read_meaning(runner::LoadContext& context, const runner::Node& table);
Picture read_picture(runner::LoadContext& context, const runner::Node& node);

// "5-9", or 7
std::optional<Placed<Span<std::uint64_t>>> read_span(runner::LoadContext& context, std::string_view key,
                                                     const runner::Node& node, std::uint64_t most);

// Tells of every {value} that there is none of; where no run stands behind a text, of every one.
void check_values(runner::LoadContext& context, const Words& words, bool has_run);

}  // namespace scenarios::lesson
