// Every table of the lesson format and the keys that it knows, and the closed words. The reader refuses all others; the
// JSON Schema beside the scenarios is held against this list by a test.
#pragma once

#include "scenarios/lesson/lesson.hpp"
#include "scenarios/runner/load_keys.hpp"
#include "scenarios/runner/load_words.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace scenarios::lesson {

const runner::OwnKeys& lesson_keys();
const runner::OwnKeys& step_keys(Kind kind);
const runner::OwnKeys& choice_keys();
const runner::OwnKeys& meaning_keys();
const runner::OwnKeys& row_keys();
const runner::OwnKeys& toggle_keys();
const runner::OwnKeys& option_keys();
const runner::OwnKeys& item_keys();

std::span<const runner::Word<Kind>> kinds();
std::span<const runner::Word<Value>> values();

}  // namespace scenarios::lesson
