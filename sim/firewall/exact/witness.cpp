#include "sim/firewall/exact/witness.hpp"

#include "sim/firewall/evaluate.hpp"

#include <fmt/format.h>

namespace sim::firewall::exact {
namespace {

using wire::Protocol;
using wire::TcpFlags;

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmpv6 = 58;

wire::IpAddress usual(const AddressRange& range, const wire::IpAddress& wish) {
    if (range.contains(wish)) return wish;
    // The first address of a network is its name, and no host's.
    const bool name = range.low.is_v4() && (range.low.v4_bits() & 0xffU) == 0 && range.low < range.high;
    return name ? wire::IpAddress::v4(range.low.v4_bits() + 1) : range.low;
}
std::uint16_t usual(const PortSpan& span, std::uint16_t wish) {
    return span.low <= wish && wish <= span.high ? wish : span.low;
}

std::uint8_t usual_protocol(const Cell& cell) {
    const std::uint8_t own_icmp = cell.source.low.is_v4() ? icmp : icmpv6;
    for (const std::uint8_t wish : {tcp, udp, own_icmp})
        if (cell.protocols[wish]) return wish;
    for (unsigned n = 0; n < 256; ++n)
        if (cell.protocols[n]) return static_cast<std::uint8_t>(n);
    return 0;
}

std::uint8_t usual_flags(const Cell& cell) {
    constexpr unsigned syn = TcpFlags::syn, ack = TcpFlags::ack;
    for (const unsigned wish : {syn, syn | ack, ack})
        if (cell.flags[wish]) return static_cast<std::uint8_t>(wish);
    for (unsigned value = 0; value < 256; ++value)
        if (cell.flags[value]) return static_cast<std::uint8_t>(value);
    return 0;
}

TrackedAs usual_tracking(const Cell& cell) {
    for (const Label wish :
         {Label::none, Label::new_flow, Label::established, Label::related, Label::invalid, Label::untracked})
        for (const bool with_entry : {true, false})
            for (std::size_t i = 0; i < tracked_count; ++i) {
                const TrackedAs as = tracked_as(i);
                if (cell.tracked[i] && as.label == wish && as.direction.has_value() == with_entry) return as;
            }
    return {};
}

// How many octets of the header are there, in a cell of packets that are cut.
std::uint8_t cut_of(const Cell& cell, std::uint8_t protocol) {
    const bool ports = protocol == tcp || protocol == udp;
    if ((cell.shapes & Cell::cut_third) != 0) return ports ? 4 : 2;
    if ((cell.shapes & Cell::cut_second) != 0) return ports ? 2 : 1;
    return 0;
}

// The beginning of a header that ends before its end.
base::Bytes cut_header(const Witness& w) {
    base::Bytes octets(*w.cut, 0);
    const auto put = [&](std::size_t at, unsigned value) {
        if (at < octets.size()) octets[at] = static_cast<base::Byte>(value);
    };
    if (w.has_type()) {
        put(0, w.type);
        put(1, w.code);
    }
    if (w.has_source_port()) {
        put(0, w.source.port.value >> 8U);
        put(1, w.source.port.value & 0xffU);
    }
    if (w.has_target_port()) {
        put(2, w.target.port.value >> 8U);
        put(3, w.target.port.value & 0xffU);
    }
    if (w.has_flags()) put(13, w.flags);
    return octets;
}

// Hears which rules matched.
class Matched final : public Recorder {
public:
    void matched(RuleId rule) override { rules.push_back(rule); }
    std::vector<RuleId> rules;
};

}  // namespace

Witness witness_of(const Cell& cell, const Space& space) {
    const wire::IpAddress pc = wire::IpAddress::v4(192, 0, 2, 50), exchange = wire::IpAddress::v4(10, 0, 0, 10);
    const bool to_client = (cell.sides & Cell::from_client) == 0 && (cell.sides & Cell::from_server) != 0;
    Witness w;
    w.protocol = usual_protocol(cell);
    w.later_fragment = (cell.shapes & (Cell::whole | Cell::later_fragment)) == Cell::later_fragment;
    if ((cell.shapes & (Cell::whole | Cell::later_fragment)) == 0) w.cut = cut_of(cell, w.protocol);
    w.source.address = usual(cell.source, to_client ? exchange : pc);
    w.target.address = usual(cell.target, to_client ? pc : exchange);
    w.tracked = usual_tracking(cell);
    if ((cell.sides & Cell::from_neither) == 0) w.from = to_client ? Side::server : Side::client;
    w.in_interface = space.interface_name(cell.in_interfaces);
    w.out_interface = space.interface_name(cell.out_interfaces);
    if (w.has_source_port()) w.source.port = wire::Port{usual(cell.first, 1030)};
    if (w.has_target_port()) w.target.port = wire::Port{usual(cell.second, 135)};
    w.flags = w.has_flags() ? usual_flags(cell) : 0;
    const std::uint16_t message = usual(cell.first, w.protocol == icmp ? 8U * 256U : 128U * 256U);
    w.type = w.has_type() ? static_cast<std::uint8_t>(message / 256U) : 0;
    const unsigned code = space.codes_apart() ? cell.second.low / 256U : message % 256U;
    w.code = w.has_code() ? static_cast<std::uint8_t>(code) : 0;
    return w;
}

std::uint8_t header_length(std::uint8_t protocol) {
    switch (protocol) {
        case tcp: return 20;
        case udp: return 8;
        case icmp:
        case icmpv6: return 8;
        default: return 0;
    }
}

std::optional<base::Bytes> octets_of(const Witness& w) {
    const bool v4 = w.source.address.is_v4();
    wire::IpHeader ip{.source = w.source.address,
                      .target = w.target.address,
                      .protocol = static_cast<Protocol>(w.protocol),
                      .hop_limit = 64};
    if (w.later_fragment) {
        if (!v4) return std::nullopt;
        ip.dont_fragment = false;
        ip.fragment_offset = 800;
        return wire::emit_raw(ip, base::Bytes(16, 0));
    }
    if (w.cut) return wire::emit_raw(ip, cut_header(w));
    if (w.protocol == tcp) {
        wire::TcpHeader header;
        header.source = w.source.port;
        header.target = w.target.port;
        header.flags = {w.flags};
        return wire::emit_tcp(ip, header);
    }
    if (w.protocol == udp) return wire::emit_udp(ip, {w.source.port, w.target.port});
    if (w.protocol == (v4 ? icmp : icmpv6)) return wire::emit_icmp(ip, {w.type, w.code, 0});
    // Extension headers of IPv6 would be taken for what they are.
    constexpr std::uint8_t extensions[]{0, 43, 44, 50, 51, 60, 135, 139, 140};
    for (const std::uint8_t number : extensions)
        if (!v4 && number == w.protocol) return std::nullopt;
    base::Bytes content(16, 0);
    if (w.has_type()) {
        content[0] = w.type;
        content[1] = w.code;
    }
    return wire::emit_raw(ip, content);
}

std::optional<Judged> judge(const Witness& w, const RuleSet& rules, ChainId entry) {
    if (rules.family() && *rules.family() != w.source.address.family()) return std::nullopt;
    const auto octets = octets_of(w);
    const auto view = octets ? wire::parse(*octets)
                             : base::Result<wire::PacketView, wire::ParseError>(base::failure(wire::ParseError{}));
    if (!view) return std::nullopt;
    const Subject subject{.packet = &*view,
                          .in_interface = w.in_interface,
                          .out_interface = w.out_interface,
                          .from = w.from,
                          .label = w.tracked.label,
                          .direction = w.tracked.direction,
                          .marks = w.tracked.marks};
    Matched hearer;
    const Verdict verdict = evaluate(rules, entry, facts_of(subject), hearer);
    return Judged{verdict, std::move(hearer.rules)};
}

}  // namespace sim::firewall::exact
