#include "sim/wire/packet.hpp"

#include <algorithm>

namespace sim::wire {

namespace {

// IPv6 has no identification until a packet is cut. It must differ between packets in flight and may not come from a
// counter or a clock here, so it is taken from the octets (FNV-1a): the same packet is always cut the same way.
std::uint32_t identification(base::ByteView octets) {
    std::uint32_t hash = 0x811c9dc5U;
    for (const base::Byte octet : octets) hash = (hash ^ octet) * 0x01000193U;
    return hash;
}

// What must stay as it is, because its pieces would mean something else: behind a second IPv6 fragment header (emitted
// without the first it would be read as the first), and a fragment that reaches beyond the 65535 octets of a packet
// (its last pieces would begin again at offset 0).
bool cannot_be_cut(const PacketView& packet) {
    constexpr Protocol fragment_header{44};
    const IpHeader& ip = packet.ip;
    const bool second_header = !ip.source.is_v4() && ip.protocol == fragment_header && ip.fragment_offset == 0;
    return packet.ip_payload.empty() || second_header || ip.fragment_offset + packet.ip_payload.size() > 65535;
}

}  // namespace

std::vector<base::Bytes> fragment(base::ByteView octets, std::size_t mtu) {
    std::vector<base::Bytes> fragments;
    const auto packet = parse(octets);
    if (!packet || packet->octets.size() <= mtu || cannot_be_cut(*packet)) {
        fragments.emplace_back(octets.begin(), octets.end());
        return fragments;
    }
    const bool v4 = packet->ip.source.is_v4();
    const std::size_t head = v4 ? 20 : 48;
    // Every fragment but the last carries a multiple of eight octets, and at least eight, however small the MTU.
    const std::size_t most = std::max<std::size_t>(mtu > head ? (mtu - head) / 8 * 8 : 0, 8);

    IpHeader ip = packet->ip;
    if (v4)
        ip.dont_fragment = false;
    else if (!ip.is_fragment())
        ip.id = identification(packet->octets);
    const bool more_behind = ip.more_fragments;
    base::ByteView left = packet->ip_payload;
    while (!left.empty()) {
        const std::size_t size = std::min(most, left.size());
        ip.more_fragments = size < left.size() || more_behind;
        fragments.push_back(emit_raw(ip, left.first(size)));
        ip.fragment_offset = static_cast<std::uint16_t>(ip.fragment_offset + size);
        left = left.subspan(size);
    }
    return fragments;
}

}  // namespace sim::wire
