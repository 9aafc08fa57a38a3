// Why a service is not where the filter expects it: the findings about registry and server, and the port that the
// filters have to be asked about once those are mended.
#pragma once

#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/needs.hpp"

#include <optional>

namespace scenarios::diagnosis {

struct ServiceFindings {
    Findings found;
    std::optional<Question> question;  // for the filters; nothing when a port is still to be chosen
};

// `need` is a service's, not the mapper's, and must outlive the answer.
ServiceFindings service_findings(const Situation& situation, const Need& need);

}  // namespace scenarios::diagnosis
