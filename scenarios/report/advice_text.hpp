// The advice as a person reads it: what is wrong, what to do in which order, the files, and the proof.
#pragma once

#include "scenarios/advice/advise.hpp"

#include <string>

namespace scenarios::report {

std::string advice_text(const advice::Advice& advice, const runner::StagedVariant& variant);

// One JSON object: findings, steps, files with their contents, proof.
std::string advice_json(const advice::Advice& advice);

}  // namespace scenarios::report
