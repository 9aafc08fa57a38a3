// Finds out what a list of TCP ports does with a connect attempt, and nothing more: a connection that comes about is
// closed at once. An actor, for `firedrill probe`.
//
// The words are PortQry's: LISTENING (accepted), NOT LISTENING (reset, or an ICMP error), FILTERED (no answer within the
// connect schedule). Source: exchange-ports section 10, KB832919.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace client {

enum class PortState : std::uint8_t { listening, not_listening, filtered, unknown };

// "LISTENING", "NOT LISTENING", "FILTERED"; "UNKNOWN" while nothing is known, or the prober had no port left.
std::string_view word(PortState state);

class PortCheck final : public sim::actor::Actor {
public:
    // So many attempts at once: a filtered port costs its whole schedule, and there may be thousands.
    static constexpr std::size_t at_once_max = 64;

    struct Checked {
        sim::wire::Port port;
        PortState state = PortState::unknown;
    };

    PortCheck(sim::wire::IpAddress host, const std::vector<sim::wire::Port>& ports);

    void handle(const sim::actor::Event& event, sim::base::SimTime now, sim::actor::Actions& out) override;

    bool done() const { return finished_ == ports_.size(); }
    const std::vector<Checked>& ports() const { return ports_; }  // in the order asked for

private:
    void start_more(sim::actor::Actions& out);
    void finish(sim::actor::ConnectionId connection, PortState state);

    sim::wire::IpAddress host_;
    std::vector<Checked> ports_;
    std::size_t started_ = 0, finished_ = 0;
};

}  // namespace client
