// Reads a registry with an administrator's eye: values that will not do what their writer meant. For `check`, and for
// the advice under a failed run. Changes nothing; every finding has file, line and a hint (exchange-ports.md 2.1, 11).
#pragma once

#include "fakeserver/port_policy.hpp"

#include <optional>
#include <vector>

namespace fakeserver {

// Ids, errors: port-zero port-above-65535 port-is-mapper port-duplicate port-busy rpc-range-void;
// warnings: port-hex-typed (5000 typed in hexadecimal, 0x5000) port-wrong-type port-wrong-key port-misspelt
// port-low (1-1023) port-just-above-1023 port-in-dynamic-range port-in-rpc-range rpc-range-not-used rpc-range-small
// rpc-range-misplaced mta-name-case other-control-set;
// notes: port-boundary (4900-5000) port-value-of-other-version.
struct RegistryFinding {
    base::Diagnostic diagnostic;
    std::optional<Service> service;   // whose port it is about; nothing for the range of the whole computer
    std::optional<wire::Port> meant;  // the port that the writer likely meant, where that can be told
};

// In the order of files and lines.
std::vector<RegistryFinding> review(const Registry& registry, const StartConditions& conditions);
// The same without what only a diagnosis needs.
base::Diagnostics review_registry(const Registry& registry, const StartConditions& conditions);

}  // namespace fakeserver
