// Any octets as a packet: nothing crashes or reads outside, views stay inside their input, and what was understood
// can be emitted and understood again.
#include "sim/wire/packet.hpp"

#include "sim/wire/flow.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace sim;
using namespace sim::wire;

void require(bool truth) {
    if (!truth) std::abort();
}

bool within(base::ByteView inner, base::ByteView outer) {
    return inner.empty() ||
           (inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size());
}

base::Bytes emitted_again(const PacketView& view) {
    if (const TcpHeader* tcp = view.tcp()) return emit_tcp(view.ip, *tcp, view.payload);
    if (const UdpHeader* udp = view.udp()) return emit_udp(view.ip, *udp, view.payload);
    if (const IcmpHeader* icmp = view.icmp()) return emit_icmp(view.ip, *icmp, view.payload);
    return emit_raw(view.ip, view.ip_payload);
}

void check_views(const PacketView& view, base::ByteView input) {
    require(within(view.octets, input) && within(view.ip_payload, view.octets) &&
            within(view.payload, view.ip_payload));
    require(!(view.transport_cut && view.transport.index() != 0));
    require(!summary(view).empty());
    require(!format(flow_of(view)).empty());
}

// A second fragment header counts as a payload that is not understood; behind a header of its own it is a first one.
bool has_second_fragment_header(const PacketView& view) {
    return !view.ip.source.is_v4() && view.ip.protocol == Protocol{44} && view.ip.fragment_offset == 0;
}

void check_round_trip(const PacketView& view) {
    if (has_second_fragment_header(view)) return;
    const base::Bytes octets = emitted_again(view);
    const auto again = parse(octets);
    require(again.has_value());
    IpHeader ip = view.ip;
    // An identification that IPv6 gives to a packet that is no fragment is not emitted.
    if (!ip.source.is_v4() && !ip.is_fragment()) ip.id = 0;
    require(again->ip == ip && again->transport == view.transport && again->transport_cut == view.transport_cut);
    require(std::equal(again->payload.begin(), again->payload.end(), view.payload.begin(), view.payload.end()));
    if (view.transport.index() != 0) require(!again->checksum_wrong);
}

void check_fragments(const PacketView& view) {
    constexpr std::size_t mtu = 68;
    std::size_t total = 0;
    const auto pieces = fragment(view.octets, mtu);
    require(!pieces.empty());
    for (const base::Bytes& piece : pieces) {
        const auto part = parse(piece);
        require(part.has_value());
        total += part->ip_payload.size();
    }
    require(total == view.ip_payload.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView input(data, size);
    if (const auto quoted = parse_quoted(input)) check_views(*quoted, input);
    const auto view = parse(input);
    if (!view) {
        require(view.error().offset <= size && !format(view.error().reason).empty());
        return 0;
    }
    check_views(*view, input);
    check_round_trip(*view);
    check_fragments(*view);
    return 0;
}
