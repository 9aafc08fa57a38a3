// All bodies, both ways, in either byte order: the first octet chooses. What parses must come back.
#include "sim/rpc/epm.hpp"

#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/mgmt.hpp"
#include "sim/rpc/nspi.hpp"

#include <cstdlib>

using namespace sim;
using namespace sim::rpc;

namespace {

template <class Parse>
void check(Parse parse, base::ByteView stub, ByteOrder order) {
    const auto value = parse(stub, order);
    if (!value) return;
    base::Bytes octets;
    NdrWriter out(octets, order);
    emit(out, *value);
    const auto again = parse(octets, order);
    if (!again || !(*again == *value)) std::abort();
}

// Towers other than TCP over IP do not keep their every octet; parsing them must only be safe.
template <class Parse>
void check_parse(Parse parse, base::ByteView stub, ByteOrder order) {
    const auto value = parse(stub, order);
    if (!value) return;
    base::Bytes octets;
    NdrWriter out(octets, order);
    emit(out, *value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const base::ByteView stub(data + 1, size - 1);
    const ByteOrder order = (data[0] & 0x80U) != 0 ? ByteOrder::big : ByteOrder::little;
    switch (data[0] & 0x0fU) {
        case 0: check(parse_ept_map_request, stub, order); break;
        case 1: check_parse(parse_ept_map_response, stub, order); break;
        case 2: check(parse_ept_lookup_request, stub, order); break;
        case 3: check_parse(parse_ept_lookup_response, stub, order); break;
        case 4: check(parse_ept_handle_free_response, stub, order); break;
        case 5: check(parse_inq_if_ids_response, stub, order); break;
        case 6: check(parse_inq_stats_response, stub, order); break;
        case 7: check(parse_nspi_bind_request, stub, order); break;
        case 8: check(parse_nspi_bind_response, stub, order); break;
        case 9: check(parse_ec_connect_request, stub, order); break;
        case 10: check(parse_ec_connect_response, stub, order); break;
        case 11: check(parse_ec_register_push_request, stub, order); break;
        case 12: check(parse_ec_register_push_response, stub, order); break;
        default: check(parse_nspi_unbind_request, stub, order); break;
    }
    return 0;
}
