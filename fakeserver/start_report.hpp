// A server start in words: event log, listening ports, one sentence per service. Made on demand, never on the hot path.
// Product strings are cut short on purpose (exchange-ports.md sections 2.2 and 3.1).
#pragma once

#include "fakeserver/start.hpp"

#include <string>
#include <vector>

namespace fakeserver {

struct EventLogEntry {
    Service service{};
    std::string source;       // "MSExchangeDS"
    std::uint32_t id = 0;     // 1166
    std::uint32_t error = 0;  // 1720; 0 when the entry names none
    std::string text;

    bool operator==(const EventLogEntry&) const = default;
};

// What the administrator finds in the application log. SA and IS of 4.0-5.5 write nothing when they lose their port:
// their silence is the lesson.
std::vector<EventLogEntry> event_log(const PortPolicy& policy, const ServerStart& start);

struct Listener {
    wire::Port port;
    std::string program;             // "DSAMAIN.EXE", "RPCSS.EXE", "System"
    std::optional<Service> service;  // for Exchange's own
    bool operator==(const Listener&) const = default;
};

// As `netstat -an` would show them, by port: mapper, services, other listeners and busy ports.
std::vector<Listener> listeners(const PortPolicy& policy, const ServerStart& start);

// "DS listens on TCP 5000, set in branch.reg:7"; "IS has no TCP port: 5000 is taken by DS (branch.reg:9)".
std::string explain(const PortPolicy& policy, const ServerStart& start, Service service);

// Where the port of a service, or its absence, was decided; nothing when no registry value had a say.
std::optional<Written> origin(const PortPolicy& policy, const ServiceStart& start, Service service);

// "1720", "1721" with their names, for messages: 0 when the reason has no such code.
std::uint32_t rpc_status(NoTcp reason);

}  // namespace fakeserver
