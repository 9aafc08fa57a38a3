#include "sim/rpc/interface_server.hpp"

#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/mgmt.hpp"
#include "sim/rpc/status.hpp"

namespace sim::rpc {

CallFault opnum_out_of_range() { return {status::nca_op_rng_error, true}; }

InterfaceSet::InterfaceSet(std::initializer_list<InterfaceServer*> servers)
    : servers_(servers), management_(std::make_unique<MgmtServer>()) {}

InterfaceSet::~InterfaceSet() = default;

InterfaceServer* InterfaceSet::find(const SyntaxId& asked) const {
    for (InterfaceServer* server : servers_) {
        const SyntaxId served = server->id();
        if (served.uuid == asked.uuid && served.major == asked.major) return server;
    }
    const bool is_management = asked.uuid == mgmt_interface.uuid && asked.major == mgmt_interface.major;
    return is_management ? management_.get() : nullptr;
}

}  // namespace sim::rpc
