// Runs one actor on real sockets: the actor seam of sim/actor on one side, the kernel on the other. The live
// counterpart of sim/world's ActorDriver; the same actors run on both.
//
// Keeps the promises of actor.hpp. Beyond them:
// - Accepted connections are bound by the loop's Limits; whoever exceeds one is reset, counted and logged.
// - A connect that an actor asks for follows the connect schedule of a Windows generation in real time: it gives up
//   when that one would, and a refused port is tried again as often. What ICMP says is reported at once.
// - With a gate, connections that the actor opened, and datagrams, pass only what the gate passes (gate.hpp).
// - After stop() the actor hears nothing more; its connections are reset, its listening ports are closed. A driver
//   runs once: whoever starts again makes another.
//
// Not thread-safe; everything happens inside Loop::run(). The actor and the loop must outlive the driver's running.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/live/counters.hpp"
#include "sim/live/gate.hpp"
#include "sim/live/loop.hpp"
#include "sim/net/connect_schedule.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim::live {

struct DriverSettings {
    std::string name = "actor";  // in the log and in metrics
    // Where Listen and OpenUdp bind; loopback unless the user says otherwise.
    wire::IpAddress listen_on = wire::IpAddress::v4(127, 0, 0, 1);
    // UDP sockets of a client bind to no address in particular.
    bool udp_on_any_address = false;
    net::ConnectSchedule schedule = net::ConnectSchedule::windows2000();
    Gate gate{};
};

// A Listen that was answered with ListenFailed, and why.
struct ListenProblem {
    wire::Endpoint endpoint;
    std::string reason;   // the system's words: "Address already in use"
    bool in_use = false;  // taken by another program; otherwise no rights, no such address
};

class Driver {
public:
    Driver(Loop& loop, DriverSettings settings);
    ~Driver();
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    void start(actor::Actor& actor);
    void stop();
    void deliver(const actor::Event& event);

    // Called whenever the actor has handled an event and its actions are carried out.
    void after_event(std::function<void()> hook);

    const std::string& name() const;
    const Counters& counters() const;
    const std::vector<ListenProblem>& listen_problems() const;

    class State;  // driver_state.hpp

private:
    std::shared_ptr<State> state_;
};

// Whether a TCP port could be listened on right now; if not, why. For whoever must know before an actor starts.
std::optional<ListenProblem> try_listen(const wire::Endpoint& endpoint);

}  // namespace sim::live
