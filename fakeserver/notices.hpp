// Who is to be told of new mail, and how often already. Pure bookkeeping: the store's actor sends and sets timers.
// Internal.
//
// Life of an entry: registered (quiet) -> mail arrives (due) -> sent every 60 s (Q159302) -> quiet again when the
// session calls EcDoRpc, or after notice_sends_max sends; gone with its connection or its session.
#pragma once

#include "fakeserver/actors.hpp"
#include "sim/rpc/emsmdb.hpp"

#include <vector>

namespace fakeserver {

class Notices {
public:
    static constexpr std::size_t entries_max = 1024;

    // A session that registers again replaces its entry.
    void add(sim::actor::ConnectionId connection, const sim::rpc::EcRegisterPushRequest& request);
    void fetched(const sim::rpc::ContextHandle& session);
    void session_ended(const sim::rpc::ContextHandle& session);
    void connection_gone(sim::actor::ConnectionId connection);

    // One mail for every mailbox: entries become due. True when there is anyone to tell.
    bool mail_arrives();
    // Sends what is due; true when something will be due again.
    bool send(sim::actor::UdpId socket, sim::actor::Actions& out);
    bool empty() const { return entries_.empty(); }

private:
    struct Entry {
        sim::actor::ConnectionId connection;
        sim::rpc::EcRegisterPushRequest request;
        unsigned sends_left = 0;  // 0 = quiet
    };
    std::vector<Entry> entries_;
};

}  // namespace fakeserver
