// One thread's event loop: the clock, the limits, the read buffer and the log that all drivers of a program share.
//
//   Log log(LogLevel::info);
//   Loop loop(Limits{}, log);
//   Driver mapper(loop, {.name = "endpoint mapper", .listen_on = loopback});
//   mapper.start(actor);
//   loop.on_signal({SIGINT, SIGTERM}, [&](int) { loop.stop(); });
//   loop.run();
//
// Single-threaded: everything but stop-by-signal happens inside run(). Time is the steady clock, as nanoseconds since
// the loop was made; it never goes back and never jumps with the wall clock.
//
// Memory in all is bounded: connections x (about one KiB here, and what their actor keeps of them) plus
// Limits::held_octets. There is one read buffer, however many connections are idle.
#pragma once

#include "sim/base/time.hpp"
#include "sim/live/limits.hpp"
#include "sim/live/log.hpp"

#include <functional>
#include <initializer_list>
#include <memory>

namespace sim::live {

class Loop {
public:
    // Raises the soft limit of descriptors to the hard one, and lowers Limits::connections to what that carries.
    Loop(Limits limits, Log& log);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Returns after stop(). May be called again.
    void run();
    void stop();
    // Runs until `done` says so, which is asked now, after every event and every few milliseconds. False when it has
    // not come true in that time, or after stop().
    bool run_until(const std::function<bool()>& done, base::SimDuration at_most);
    // Carries out `work` inside run(), behind whatever is under way.
    void post(std::function<void()> work);
    // Called inside run() for every arrival of one of the signals, until the loop goes.
    void on_signal(std::initializer_list<int> signals, std::function<void(int)> handler);
    // Once, after that time.
    void after(base::SimDuration duration, std::function<void()> work);

    base::SimTime now() const;
    const Limits& limits() const;  // in force
    std::uint64_t held_octets() const;
    std::size_t connections() const;  // accepted ones, of all drivers
    Log& log() const;

    struct State;  // loop_state.hpp: for the other sources of this room
    State& state() { return *state_; }

private:
    std::unique_ptr<State> state_;
};

}  // namespace sim::live
