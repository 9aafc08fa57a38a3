// One actor of the client's side on real sockets, from its start until it is done.
#pragma once

#include "sim/live/driver.hpp"

#include <functional>
#include <optional>

namespace scenarios::live {

struct ClientOrder {
    sim::wire::IpAddress server;
    sim::net::ConnectSchedule schedule = sim::net::ConnectSchedule::windows2000();
    sim::live::Gate gate{};
};

// Runs the loop until `done` says so; it is asked after every event. False when the loop was stopped before.
bool play(sim::live::Loop& loop, const ClientOrder& order, sim::actor::Actor& actor, const std::function<bool()>& done);

// For a look at ports: one attempt, given up after that time, never tried again.
sim::net::ConnectSchedule schedule_of(sim::base::SimDuration timeout);

// The schedule of a Windows, given up after that time instead of its own; a refused port is tried again as ever.
sim::net::ConnectSchedule squeezed(sim::net::ConnectSchedule schedule, sim::base::SimDuration timeout);

}  // namespace scenarios::live
