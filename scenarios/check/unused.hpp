// Ports that rules open and that nothing in the scenario can use: neither the endpoint mapper, nor any service with any
// port that it can get, nor what else listens there.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/situation.hpp"

namespace scenarios::check {

// For each rule that opens such ports, to clients, over TCP or UDP; exact, each with a packet that gets in. A rule of
// which nothing is of use is worth a warning (degrades), one that opens a part too much a note (risks). Where a hundred
// ports or more are open without need the diagnosis says so (too-wide), and nothing is said here.
diagnosis::Findings unused_findings(const diagnosis::Situation& situation);

}  // namespace scenarios::check
