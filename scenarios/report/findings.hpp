// The diagnosis in lines for people, the same in every view: the cause with its id, what shows it, and the mend.
//
//   cause  IS reads its port from another key, so this value does nothing (likely) [port-wrong-key] Q148732
//   seen   branch.reg:7: "TCP/IP port"=dword:0000138a
//   mend   write "TCP/IP port" under HKEY_LOCAL_MACHINE\...\MSExchangeIS\ParametersSystem ...
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/runner/result.hpp"

#include <string>
#include <vector>

namespace scenarios::report {

struct Line {
    std::string label;  // "cause", "degrades", "risk", "seen", "mend"
    std::string text;
};

std::vector<Line> lines_of(const diagnosis::Findings& findings);

// Warnings of a run that no finding tells already.
std::vector<runner::Warning> warnings_beside(const std::vector<runner::Warning>& warnings,
                                             const diagnosis::Findings& findings);

}  // namespace scenarios::report
