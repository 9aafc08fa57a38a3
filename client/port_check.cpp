#include "client/port_check.hpp"

#include <variant>

namespace client {

namespace actor = sim::actor;

namespace {

// Connections are named after their place in the list.
actor::ConnectionId name_of(std::size_t index) { return {static_cast<std::uint32_t>(2 * index + 2)}; }
std::size_t index_of(actor::ConnectionId id) { return id.value / 2 - 1; }

PortState state_of(actor::ConnectError error) {
    switch (error) {
        // PortQry calls both NOT LISTENING: a reset, and an ICMP error (KB832919).
        case actor::ConnectError::refused:
        case actor::ConnectError::unreachable: return PortState::not_listening;
        case actor::ConnectError::timed_out: return PortState::filtered;
        case actor::ConnectError::no_resources: break;
    }
    return PortState::unknown;
}

}  // namespace

std::string_view word(PortState state) {
    switch (state) {
        case PortState::listening: return "LISTENING";
        case PortState::not_listening: return "NOT LISTENING";
        case PortState::filtered: return "FILTERED";
        case PortState::unknown: break;
    }
    return "UNKNOWN";
}

PortCheck::PortCheck(sim::wire::IpAddress host, const std::vector<sim::wire::Port>& ports) : host_(host) {
    ports_.reserve(ports.size());
    for (const sim::wire::Port port : ports) ports_.push_back({.port = port});
}

void PortCheck::handle(const actor::Event& event, sim::base::SimTime, actor::Actions& out) {
    if (const auto* connected = std::get_if<actor::Connected>(&event)) {
        finish(connected->connection, PortState::listening);
        out.emplace_back(actor::Close{connected->connection});
    } else if (const auto* failed = std::get_if<actor::ConnectFailed>(&event)) {
        finish(failed->connection, state_of(failed->error));
    }
    start_more(out);
}

void PortCheck::finish(actor::ConnectionId connection, PortState state) {
    ports_[index_of(connection)].state = state;
    ++finished_;
}

void PortCheck::start_more(actor::Actions& out) {
    for (; started_ < ports_.size() && started_ - finished_ < at_once_max; ++started_)
        out.emplace_back(actor::Connect{.connection = name_of(started_), .target = {host_, ports_[started_].port}});
}

}  // namespace client
