// Reads the whole list of an endpoint mapper: bind, then ept_lookup with continuation handles until the end, as the
// tools of the time do it (PortQry, RPCDump). An actor of its own, beside Outlook, for `firedrill probe`.
//
// The end is what any server says it is: a NULL handle, or "not registered" (dcerpc-epm section 8). A server that
// never ends is stopped at entries_max. Nothing is asked in the name of a user.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/rpc/client_session.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/wire/endpoint.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace client {

class MapperListing final : public sim::actor::Actor {
public:
    static constexpr std::size_t entries_max = 10'000;

    enum class State : std::uint8_t {
        working,
        complete,       // the server said that this is all
        not_connected,  // see connect_error()
        failed,         // see problem(); entries() holds what had come until then
    };

    explicit MapperListing(sim::wire::Endpoint mapper, sim::base::SimDuration reply_timeout = std::chrono::seconds(60))
        : mapper_(mapper), reply_timeout_(reply_timeout) {}

    void handle(const sim::actor::Event& event, sim::base::SimTime now, sim::actor::Actions& out) override;

    State state() const { return state_; }
    const std::vector<sim::rpc::EptEntry>& entries() const { return entries_; }
    sim::actor::ConnectError connect_error() const { return connect_error_; }
    const std::string& problem() const { return problem_; }  // a sentence

private:
    void take(const sim::rpc::ClientOutcome& outcome, sim::actor::Actions& out);
    void take_page(const sim::rpc::CallDone& page, sim::actor::Actions& out);
    void ask(sim::actor::Actions& out);
    void end(State state, std::string problem, sim::actor::Actions& out);
    void send(sim::base::Bytes octets, sim::actor::Actions& out);

    sim::wire::Endpoint mapper_;
    sim::base::SimDuration reply_timeout_;
    State state_ = State::working;
    sim::rpc::ClientSession session_{sim::rpc::epm_interface};
    sim::rpc::EptLookupRequest request_;
    std::vector<sim::rpc::EptEntry> entries_;
    sim::actor::ConnectError connect_error_ = sim::actor::ConnectError::timed_out;
    std::string problem_;
};

}  // namespace client
