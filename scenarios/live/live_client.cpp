#include "scenarios/live/live_client.hpp"

#include "sim/live/resolve.hpp"

namespace scenarios::live {

namespace live = sim::live;

bool play(live::Loop& loop, const ClientOrder& order, sim::actor::Actor& actor, const std::function<bool()>& done) {
    live::DriverSettings settings;
    settings.name = "client";
    settings.schedule = order.schedule;
    settings.gate = order.gate;
    settings.udp_on_any_address = true;
    settings.listen_on = live::local_address_towards(order.server).value_or(sim::wire::IpAddress::v4(127, 0, 0, 1));
    live::Driver driver(loop, std::move(settings));
    bool finished = false;
    driver.after_event([&] {
        finished = finished || done();
        if (finished) loop.stop();
    });
    loop.post([&] { driver.start(actor); });
    loop.run();
    driver.after_event({});
    return finished;
}

sim::net::ConnectSchedule schedule_of(sim::base::SimDuration timeout) {
    return {.first_wait = timeout, .retransmissions = 0, .longest_wait = timeout};
}

sim::net::ConnectSchedule squeezed(sim::net::ConnectSchedule schedule, sim::base::SimDuration timeout) {
    // n retransmissions with doubled waits give up after first x (2^(n+1) - 1).
    schedule.first_wait = timeout / ((1U << (schedule.retransmissions + 1U)) - 1U);
    schedule.longest_wait = timeout;
    return schedule;
}

}  // namespace scenarios::live
