// The fake server on real sockets: boots like a machine, listens, and restarts its services when told to.
//
//   LiveServer server(loop, order, registry);
//   if (const auto problem = server.boot()) ...     // the mapper, or a port without rights: a sentence
//   loop.on_signal({SIGHUP}, [&](int) { server.restart(registry_read_again); });
//
// What is real and what is played: a port counts as taken when this machine's kernel says so, beside those that the
// scenario names. A fixed port that is taken leaves its service without TCP (Q194952); a dynamic one is drawn
// again, as Windows would have skipped it. 139 and 445 are opened only when the scenario's `listen` names them.
//
// restart() is a restart of the services, not of the computer: they read their own values again, draw new ports and
// drop their connections; the endpoint mapper stays, with its connections; RPC's port range, which is read once per
// boot (KB154596), stays what it was and the difference is told.
#pragma once

#include "fakeserver/actors.hpp"
#include "fakeserver/machine.hpp"
#include "sim/live/driver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::live {

struct ServerOrder {
    std::string name = "EXCH01";
    fakeserver::StartConditions conditions;
    sim::wire::IpAddress listen_on = sim::wire::IpAddress::v4(127, 0, 0, 1);
    sim::wire::Port mapper = fakeserver::mapper_port;
    std::uint64_t seed = 1;
    // So long after a client registered for notices, a mail comes.
    sim::base::SimDuration mail_after = std::chrono::seconds(2);
};

class LiveServer {
public:
    LiveServer(sim::live::Loop& loop, ServerOrder order, fakeserver::Registry disk);
    ~LiveServer();
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;

    // A sentence when the server cannot be what was ordered: address, port and the system's reason.
    std::optional<std::string> boot();
    void restart(fakeserver::Registry disk);
    void stop();

    // What listens where, for stdout.
    std::string table() const;
    std::vector<sim::live::NamedCounters> counters() const;

private:
    struct Running {
        fakeserver::HostedActor hosted;
        std::unique_ptr<sim::live::Driver> driver;  // goes first
    };

    void mark_taken_ports();
    void draw_until_free();
    void tell_event_log();
    void start_services();
    sim::live::Driver& host(fakeserver::HostedActor hosted, std::vector<Running>& where);
    fakeserver::ActorOptions options() const;
    std::optional<sim::live::ListenProblem> taken(sim::wire::Port port) const;
    void read_policy();

    sim::live::Loop& loop_;
    ServerOrder order_;
    fakeserver::StartConditions conditions_;  // with the ports that are taken on this machine
    fakeserver::Registry disk_;
    fakeserver::Registry boot_disk_;  // as it was when RPC read its range
    fakeserver::PortPolicy policy_;
    fakeserver::ServerStart start_;
    sim::base::Random random_;
    std::uint64_t starts_ = 0;
    std::shared_ptr<fakeserver::EndpointMap> map_;
    std::vector<Running> lasting_;  // the mapper and the other listeners
    std::vector<Running> services_;
    std::vector<sim::live::ListenProblem> refused_;  // ports that could not be had for want of rights
};

}  // namespace scenarios::live
