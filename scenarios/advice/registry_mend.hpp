// The registry half of the advice: which port each service gets, and the `.reg` file that gives it.
//
// A service whose port is good keeps it. One that draws from a range that is confined, large enough and opened keeps
// drawing. Every other service that a client needs gets a port of its own (diagnosis/choose.hpp). Values that nothing
// reads and that were meant for a port are taken out; a range that voids everything is completed or removed.
#pragma once

#include "scenarios/diagnosis/needs.hpp"
#include "scenarios/diagnosis/situation.hpp"
#include "sim/base/result.hpp"

#include <string>
#include <vector>

namespace scenarios::advice {

namespace diagnosis = scenarios::diagnosis;
namespace wire = sim::wire;
namespace base = sim::base;

// Where a needed service will be found.
struct Placement {
    fakeserver::Service service{};
    std::vector<wire::PortRange>
        ports;  // one port, or the range it draws from; none: whatever it draws is opened for it
    bool changed = false;
};

struct RegistryMend {
    std::string text;  // a whole .reg file (REGEDIT4) with "\n" line ends; empty: nothing to change
    std::vector<Placement> placements;
    bool range_changed = false;  // RPC reads its range once per boot: the computer has to restart
};

// For one server of the situation. Fails with a sentence when a service cannot be given a port.
base::Result<RegistryMend, std::string> mend_registry(const diagnosis::Situation& situation, std::size_t server,
                                                      const std::vector<diagnosis::Need>& needs);

}  // namespace scenarios::advice
