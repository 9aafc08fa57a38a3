// Texts with {values} in them: the numbers that a lesson speaks of come from the run, so that they cannot go stale.
// Two opening braces stand for one.
#pragma once

#include "scenarios/lesson/lesson.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::lesson {

// The names between braces, in order.
std::vector<std::string> names_in(std::string_view text);

std::optional<Value> value_named(std::string_view name);

// Every {value} replaced by what `of` gives for it.
std::string filled(std::string_view text, const std::function<std::string(Value)>& of);

}  // namespace scenarios::lesson
