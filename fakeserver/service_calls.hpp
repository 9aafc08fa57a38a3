// What the services answer beyond sim/rpc's own servers: the calls of a logon that those refuse. Internal to the
// actors.
//
// - NSPI 2, NspiUpdateStat (MS-OXNSPI 3.1.4.1.4): the position asked for, unchanged. Bind and unbind are
// rpc::NspiServer's.
// - RFR 0, RfrGetNewDSA, and 1, RfrGetFQDNFromServerDN (MS-OXABREF 3.1.4.1): this server's own name.
// - EMSMDB 2, EcDoRpc: the request's buffer comes back as the answer's, which for an empty list of operations is the
//   right answer. The layout is that of clients before Exchange 2007, which MS-OXCRPC no longer describes (inferred).
//   Connect, disconnect and registration are rpc::EmsmdbServer's.
// - everything else: fault "access denied", as a server answers that does not know who asks.
#pragma once

#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/interface_server.hpp"
#include "sim/rpc/nspi.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fakeserver {

namespace base = sim::base;
namespace rpc = sim::rpc;

class DirectoryInterface final : public rpc::InterfaceServer {
public:
    explicit DirectoryInterface(rpc::Uuid server_guid) : basics_(server_guid) {}
    rpc::SyntaxId id() const override { return basics_.id(); }
    rpc::CallAnswer call(const rpc::Call& call, rpc::NdrWriter& response) override;

private:
    rpc::NspiServer basics_;
};

class ReferralInterface final : public rpc::InterfaceServer {
public:
    explicit ReferralInterface(std::string server_name) : server_name_(std::move(server_name)) {}
    rpc::SyntaxId id() const override;
    rpc::CallAnswer call(const rpc::Call& call, rpc::NdrWriter& response) override;

private:
    std::string server_name_;
};

// A session fetched with EcDoRpc, or ended with EcDoDisconnect.
struct SessionNews {
    rpc::ContextHandle session;
    bool ended = false;
};

class StoreInterface final : public rpc::InterfaceServer {
public:
    rpc::SyntaxId id() const override { return basics_.id(); }
    rpc::CallAnswer call(const rpc::Call& call, rpc::NdrWriter& response) override;

    // Since the last time they were asked: who wants notices, and what sessions did that matters to those.
    std::vector<rpc::EcRegisterPushRequest> take_registrations() { return basics_.take_registrations(); }
    std::vector<SessionNews> take_news() { return std::exchange(news_, {}); }

private:
    rpc::EmsmdbServer basics_;
    std::vector<SessionNews> news_;
};

// An interface of which only the door is played: it accepts binds and refuses calls.
class ClosedInterface final : public rpc::InterfaceServer {
public:
    explicit ClosedInterface(rpc::SyntaxId id) : id_(id) {}
    rpc::SyntaxId id() const override { return id_; }
    rpc::CallAnswer call(const rpc::Call& call, rpc::NdrWriter& response) override;

private:
    rpc::SyntaxId id_;
};

}  // namespace fakeserver
