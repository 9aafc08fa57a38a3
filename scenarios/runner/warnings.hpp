// What a careful administrator would notice although nobody complained: things that went wrong silently, or will.
//
// Warnings come from what happened in a run (a service without TCP, a notice that cannot arrive, a fall-back to named
// pipes, changes that are not in force yet) and from a review of the registry. Ids are stable; `warns` in a scenario
// names them.
#pragma once

#include "scenarios/runner/rehearsal.hpp"
#include "sim/base/diagnostic.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

enum class RunWarning : std::uint8_t {
    static_port_not_available,  // a fixed port was taken: the service runs without TCP (Q194952)
    static_port_unusable,       // 0 or above 65535: no TCP (likely)
    rpc_range_void,             // Rpc\Internet is incomplete: no service has TCP (likely)
    rpc_range_exhausted,        // no port left in the range (1721)
    named_pipes,                // works, but over named pipes after TCP failed
    new_mail_blocked,           // the UDP notice did not arrive
    change_not_in_force,        // the registry was changed, the service not restarted
};
inline constexpr std::size_t run_warning_count = 7;
std::string_view id(RunWarning warning);  // "static-port-not-available"

// Those of a run, without making any text: for sweeps.
std::vector<RunWarning> run_warnings(const Rehearsal& rehearsal);

struct Warning {
    std::string id;
    std::string text;   // a sentence
    base::Place place;  // of the registry value, where one is to blame
    bool operator==(const Warning&) const = default;
};

// Those of a run in words, then those of the registry's review.
std::vector<Warning> warnings(const Rehearsal& rehearsal, const StagedVariant& variant);

// Whether the id is one of any warning that a run can give, given the variant's findings.
bool warns_of(const std::vector<RunWarning>& of_run, const base::Diagnostics& findings, std::string_view id);

}  // namespace scenarios::runner
