// Where a filter reads RPC and still opens nothing: clients that do not ask, talk that cannot be read, interfaces that
// are not listed, pinholes that were there and are no more.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/needs.hpp"

namespace scenarios::diagnosis {

// Why no inspecting filter opens the port of this service, from the settings alone; only where its rules do not open it
// either. Not for the mapper itself.
Findings inspection_findings(const Situation& situation, const Need& need);

// Whether the filter reads RPC and will open whatever port the service has, to this client.
bool opens_by_inspection(const Situation& situation, std::size_t box, const Need& need);
bool all_open_by_inspection(const Situation& situation, const Need& need);

// Of an action that failed: the pinhole that its connection came too late for, or that another connection used up; both
// where it would have been closed by either.
Findings pinhole_gone(const Situation& situation, const client::ActionOutcome& outcome);

}  // namespace scenarios::diagnosis
