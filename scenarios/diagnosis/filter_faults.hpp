// Why a filter stops a conversation: the findings about rules.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/needs.hpp"
#include "scenarios/diagnosis/path.hpp"

#include <string>
#include <vector>

namespace scenarios::diagnosis {

// What is asked of the filters on behalf of one need: the ports that the service has, or will have once its registry
// is mended.
struct Question {
    const Need* need = nullptr;
    std::vector<wire::PortRange> ports;
    bool after_mend = false;  // not the ports of today
    bool own_port = true;     // one fixed port (or 135), not a range to draw from
};

// Findings about each filter on the path that stops any of it. Filters that read the mapper's answers open the ports
// of services by themselves and are asked about 135 alone.
Findings filter_findings(const Situation& situation, const Question& question);

// The UDP notice of new mail that a filter stops.
Findings notice_findings(const Situation& situation);

// "rule 3 (branch.rules:8)", "FORWARD rule 2 (fw.v4:7)": how people find it.
std::string rule_name(const BoxSituation& box, firewall::RuleId rule);
// The same as evidence, with the rule's own text.
Evidence rule_evidence(const BoxSituation& box, firewall::RuleId rule, std::string_view says);
// "dropped by branch: rule 3 (branch.rules:8)", or "... no rule matched, so the default decided".
std::string verdict_words(const BoxSituation& box, const firewall::exact::ProbePacket& stopped);

}  // namespace scenarios::diagnosis
