// The filter half of the advice: the rules of each filter on the path, in its own syntax, with exactly what mail needs.
#pragma once

#include "scenarios/advice/registry_mend.hpp"
#include "sim/firewall/mend/mend.hpp"

#include <string>
#include <vector>

namespace scenarios::advice {

struct RulesMend {
    std::size_t firewall = 0;                          // index into Setup::firewalls
    std::string syntax;                                // "native rules", "iptables-save", "a Cisco access list"
    std::string text;                                  // the whole mended file
    std::vector<sim::firewall::mend::RuleEdit> edits;  // empty: nothing to change
};

// Everything that has to get through, for one filter. `placements` by server.
sim::firewall::mend::MendTask task_for(const diagnosis::Situation& situation, std::size_t firewall,
                                       const std::vector<diagnosis::Need>& needs,
                                       const std::vector<std::vector<Placement>>& placements);

// Mends for as many clients as the filter's own rules would let in, and never for one whom they shut out; `task` says
// for whom only as an example.
base::Result<RulesMend, std::string> mend_rules(const diagnosis::Situation& situation, std::size_t firewall,
                                                sim::firewall::mend::MendTask task);

}  // namespace scenarios::advice
