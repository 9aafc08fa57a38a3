// What answers calls: an InterfaceServer per interface, collected in the InterfaceSet of a listening port.
//
// A server writes its answer's stub, in little-endian NDR, straight into the octets that will be sent, and returns
// Done; or it returns a CallFault, and whatever it wrote is forgotten. It never sees fragments, contexts or PDUs.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/associations.hpp"
#include "sim/rpc/ndr.hpp"
#include "sim/rpc/syntax.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <variant>
#include <vector>

namespace sim::rpc {

class InterfaceSet;

struct CallContext {
    wire::Endpoint local;  // the address and port that the client connected to
    wire::Endpoint peer;
    const InterfaceSet& interfaces;  // of this port
    AssociationGroups::Membership& association;
};

struct Call {
    std::uint16_t opnum = 0;
    base::ByteView stub;  // whole, in `order`; valid during the call
    ByteOrder order = ByteOrder::little;
    CallContext& context;
};

struct Done {};
struct CallFault {
    std::uint32_t status = 0;
    bool did_not_execute = false;
    bool operator==(const CallFault&) const = default;
};
using CallAnswer = std::variant<Done, CallFault>;

// The fault for an opnum beyond the interface.
CallFault opnum_out_of_range();

class InterfaceServer {
public:
    InterfaceServer() = default;
    InterfaceServer(const InterfaceServer&) = delete;
    InterfaceServer& operator=(const InterfaceServer&) = delete;
    virtual ~InterfaceServer() = default;

    virtual SyntaxId id() const = 0;
    virtual CallAnswer call(const Call& call, NdrWriter& response) = 0;
};

// What inq_stats of the management interface tells.
struct CallStatistics {
    std::uint32_t calls_in = 0, calls_out = 0, packets_in = 0, packets_out = 0;
};

// The interfaces of one listening port; remote management is always among them. Owned by whoever owns the servers,
// and must outlive the sessions on the port.
class InterfaceSet {
public:
    InterfaceSet(std::initializer_list<InterfaceServer*> servers);  // borrowed
    InterfaceSet(const InterfaceSet&) = delete;
    InterfaceSet& operator=(const InterfaceSet&) = delete;
    ~InterfaceSet();

    void add(InterfaceServer& server) { servers_.push_back(&server); }

    // UUID and major version equal; the minor version is not compared (as Windows and Samba do). nullptr: not served.
    InterfaceServer* find(const SyntaxId& asked) const;

    // Without remote management.
    const std::vector<InterfaceServer*>& servers() const { return servers_; }

    CallStatistics statistics;

private:
    std::vector<InterfaceServer*> servers_;
    std::unique_ptr<InterfaceServer> management_;
};

}  // namespace sim::rpc
