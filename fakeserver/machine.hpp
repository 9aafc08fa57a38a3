// A server over time: the registry on its disk, what its services read when they last started, and what runs now.
//
// Importing a `.reg` file changes the disk alone. A service reads its own value when it starts; RPC's port range,
// MaxUserPort and ReservedPorts are read when the computer starts (KB154596). Until then the change is *pending*.
#pragma once

#include "fakeserver/start.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fakeserver {

// A difference between disk and what is in force.
struct PendingChange {
    std::optional<Service> service;  // nothing = a value of the whole computer
    std::string value;               // "MSExchangeIS\ParametersSystem: TCP/IP port"
    std::string in_force;            // "dynamic", "TCP 5000", "1025-5000"
    std::string on_disk;
    std::optional<Written> written;  // nothing when the value was deleted
    std::string needs;               // "restart of the service", "restart of the computer"
};

class Machine {
public:
    explicit Machine(StartConditions conditions) : policy_(make_port_policy(Registry{}, conditions)) {}

    // A machine that runs already: `policy` was read from `disk` when it booted, and `running` came of it.
    Machine(Registry disk, PortPolicy policy, ServerStart running)
        : disk_(std::move(disk)), policy_(std::move(policy)), running_(running) {}

    // Onto the disk; nothing that runs notices.
    void import(const RegistryFile& file) { disk_.import(file); }

    // Both read the disk as described above. boot() comes first.
    const ServerStart& boot(base::Random& random);
    const ServerStart& restart(Service service, base::Random& random);

    const Registry& disk() const { return disk_; }
    const PortPolicy& policy() const { return policy_; }  // in force
    const ServerStart& running() const { return running_; }
    std::vector<PendingChange> pending() const;

private:
    Registry disk_;
    PortPolicy policy_;
    ServerStart running_;
};

}  // namespace fakeserver
