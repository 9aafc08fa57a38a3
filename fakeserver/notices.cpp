#include "fakeserver/notices.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fakeserver {

void Notices::add(sim::actor::ConnectionId connection, const sim::rpc::EcRegisterPushRequest& request) {
    session_ended(request.handle);
    if (entries_.size() < entries_max) entries_.push_back({connection, request, 0});
}

void Notices::fetched(const sim::rpc::ContextHandle& session) {
    for (Entry& entry : entries_)
        if (entry.request.handle == session) entry.sends_left = 0;
}

void Notices::session_ended(const sim::rpc::ContextHandle& session) {
    std::erase_if(entries_, [&session](const Entry& e) { return e.request.handle == session; });
}

void Notices::connection_gone(sim::actor::ConnectionId connection) {
    std::erase_if(entries_, [connection](const Entry& e) { return e.connection == connection; });
}

bool Notices::mail_arrives() {
    for (Entry& entry : entries_) entry.sends_left = notice_sends_max;
    return !entries_.empty();
}

bool Notices::send(sim::actor::UdpId socket, sim::actor::Actions& out) {
    bool again = false;
    for (Entry& entry : entries_) {
        if (entry.sends_left == 0) continue;
        --entry.sends_left;
        again = again || entry.sends_left != 0;
        out.emplace_back(sim::actor::Note{fmt::format("new-mail notice {} of at most {} to UDP {}",
                                                      notice_sends_max - entry.sends_left, notice_sends_max,
                                                      sim::wire::format(entry.request.callback))});
        out.emplace_back(sim::actor::SendTo{socket, entry.request.callback, entry.request.context});
    }
    return again;
}

}  // namespace fakeserver
