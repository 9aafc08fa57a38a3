#include "sim/wire/readdress.hpp"

#include "sim/wire/big_endian.hpp"
#include "sim/wire/checksum.hpp"

#include <array>

namespace sim::wire {
namespace {

constexpr std::size_t v4_sum_at = 10, tcp_sum_at = 16, udp_sum_at = 6, icmp_sum_at = 2, icmp_id_at = 4;

// What replacing fields does to a sum over them: RFC 1624, equation 3.
class Change {
public:
    void field(std::uint16_t before, std::uint16_t after) {
        sum_ += static_cast<std::uint16_t>(~before);
        sum_ += after;
    }
    void field(base::ByteView before, base::ByteView after) {
        for (std::size_t i = 0; i + 1 < before.size(); i += 2) field(load16(&before[i]), load16(&after[i]));
    }
    void apply(base::Byte* checksum) const {
        std::uint32_t sum = sum_ + static_cast<std::uint16_t>(~load16(checksum));
        while (sum > 0xffffU) sum = (sum >> 16U) + (sum & 0xffffU);
        store16(checksum, static_cast<std::uint16_t>(~sum));
    }

private:
    std::uint32_t sum_ = 0;
};

// Replaces the address and says what that did to sums over it.
Change readdress_ip(std::span<base::Byte> packet, const NewEnd& end) {
    const bool v4 = end.address.is_v4();
    const std::size_t length = v4 ? 4 : 16;
    const std::size_t at = (v4 ? 12U : 8U) + (end.source ? 0U : length);
    std::array<base::Byte, 16> after{};
    if (v4) {
        store32(after.data(), end.address.v4_bits());
    } else {
        store64(after.data(), end.address.high());
        store64(after.data() + 8, end.address.low());
    }
    Change change;
    change.field(packet.subspan(at, length), base::ByteView(after).first(length));
    if (v4) change.apply(&packet[v4_sum_at]);
    std::copy_n(after.begin(), length, packet.begin() + static_cast<std::ptrdiff_t>(at));
    return change;
}

void replace16(base::Byte* at, std::uint16_t value, Change& change) {
    change.field(load16(at), value);
    store16(at, value);
}

bool is_query(const IcmpHeader& icmp, bool v4) {
    if (!v4) return icmp.type == 128 || icmp.type == 129 || icmp.type == 139 || icmp.type == 140;
    return icmp.type == 0 || icmp.type == 8 || (icmp.type >= 13 && icmp.type <= 18);
}

// `packet` is what `view` was parsed from; the transport's checksum is left alone where it was not quoted.
void readdress(std::span<base::Byte> packet, const PacketView& view, const NewEnd& end) {
    const auto start = static_cast<std::size_t>(view.ip_payload.data() - view.octets.data());
    const auto transport = packet.subspan(start, view.ip_payload.size());
    Change change = readdress_ip(packet, end);
    if (view.tcp() != nullptr || view.udp() != nullptr) {
        replace16(&transport[end.source ? 0 : 2], end.part, change);
        if (view.tcp() != nullptr) {
            constexpr std::size_t whole_header = 20;
            if (transport.size() >= whole_header) change.apply(&transport[tcp_sum_at]);
        } else if (load16(&transport[udp_sum_at]) != 0) {
            change.apply(&transport[udp_sum_at]);
            if (load16(&transport[udp_sum_at]) == 0) store16(&transport[udp_sum_at], 0xffff);
        }
        return;
    }
    const IcmpHeader* icmp = view.icmp();
    if (icmp == nullptr) return;
    const bool v4 = view.ip.source.is_v4();
    if (v4) change = Change{};  // ICMP for IPv4 sums up no address (RFC 792)
    if (is_query(*icmp, v4)) replace16(&transport[icmp_id_at], end.part, change);
    change.apply(&transport[icmp_sum_at]);
}

}  // namespace

base::Bytes readdressed(const PacketView& packet, const NewEnd& end) {
    base::Bytes octets(packet.octets.begin(), packet.octets.end());
    readdress(octets, packet, end);
    return octets;
}

base::Bytes readdressed_error(const PacketView& packet, const NewEnd& quoted, const NewEnd& own) {
    base::Bytes octets(packet.octets.begin(), packet.octets.end());
    const auto start = static_cast<std::size_t>(packet.payload.data() - packet.octets.data());
    if (const auto inner = parse_quoted(packet.payload))
        readdress(std::span(octets).subspan(start, inner->octets.size()), *inner, quoted);
    (void)readdress_ip(octets, own);
    const std::span<base::Byte> message = std::span(octets).last(packet.ip_payload.size());
    store16(&message[icmp_sum_at], 0);
    IpHeader ip = packet.ip;
    (own.source ? ip.source : ip.target) = own.address;
    const bool v4 = ip.source.is_v4();
    store16(&message[icmp_sum_at],
            internet_checksum(message, v4 ? 0 : pseudo_header_sum(ip, Protocol::icmpv6, message.size())));
    return octets;
}

}  // namespace sim::wire
