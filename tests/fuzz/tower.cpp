// Towers: what parses and is TCP must come back from its own octets.
#include "sim/rpc/tower.hpp"

#include <cstdlib>

using namespace sim;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto tower = rpc::parse_tower({data, size});
    if (!tower) return 0;
    (void)format(*tower);
    if (!tower->is_ncacn_ip_tcp() || tower->network != rpc::tower_protocol::ip) return 0;
    base::Bytes octets;
    emit_tower(octets, *tower);
    const auto again = rpc::parse_tower(octets);
    if (!again || !(*again == *tower)) std::abort();
    return 0;
}
