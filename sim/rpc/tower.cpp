#include "sim/rpc/tower.hpp"

#include "sim/rpc/byte_order.hpp"

#include <fmt/format.h>

namespace sim::rpc {

namespace {

using namespace tower_protocol;

struct Floor {
    base::ByteView left;   // protocol octet and its data
    base::ByteView right;  // the address
};

Floor take_floor(base::Reader& in) {
    Floor floor;
    floor.left = in.take(in.u16le());
    floor.right = in.take(in.u16le());
    return floor;
}

std::uint8_t protocol_of(const Floor& floor) { return floor.left.empty() ? std::uint8_t{0} : floor.left[0]; }

std::optional<SyntaxId> syntax_of(const Floor& floor) {
    if (protocol_of(floor) != uuid) return std::nullopt;
    OrderedReader left(floor.left.subspan(1), ByteOrder::little);
    OrderedReader right(floor.right, ByteOrder::little);
    SyntaxId id;
    id.uuid = left.uuid();
    id.major = left.u16();
    id.minor = right.u16();
    if (!left.ok() || !right.ok()) return std::nullopt;
    return id;
}

bool carries_port(std::uint8_t protocol) { return protocol == tcp || protocol == udp || protocol == http; }

void emit_syntax(OrderedWriter& out, const SyntaxId& id) {
    out.u16(19);
    out.u8(uuid);
    out.uuid(id.uuid);
    out.u16(id.major);
    out.u16(2);
    out.u16(id.minor);
}

void emit_floor(OrderedWriter& out, std::uint8_t protocol, std::uint32_t address, std::uint16_t length) {
    out.u16(1);
    out.u8(protocol);
    out.u16(length);
    for (unsigned shift = 8U * length; shift > 0; shift -= 8)
        out.u8(static_cast<std::uint8_t>(address >> (shift - 8U)));
}

}  // namespace

std::string format(TowerReason reason) {
    switch (reason) {
        case TowerReason::cut: return "a floor runs out of the tower";
        case TowerReason::too_few_floors: return "the tower has fewer than three floors";
        case TowerReason::not_an_interface: return "the first two floors do not name an interface and its encoding";
        case TowerReason::bad_port_or_host: return "a port or host floor has the wrong length";
    }
    return "unknown reason";
}

base::Result<Tower, TowerReason> parse_tower(base::ByteView octets) {
    base::Reader in(octets);
    const std::uint16_t floors = in.u16le();
    if (!in.ok()) return base::failure(TowerReason::cut);
    if (floors < 3) return base::failure(TowerReason::too_few_floors);
    const Floor interface = take_floor(in);
    const Floor encoding = take_floor(in);
    const Floor rpc = take_floor(in);
    const Floor transport = floors > 3 ? take_floor(in) : Floor{};
    const Floor network = floors > 4 ? take_floor(in) : Floor{};
    if (!in.ok()) return base::failure(TowerReason::cut);

    const std::optional<SyntaxId> interface_id = syntax_of(interface);
    const std::optional<SyntaxId> encoding_id = syntax_of(encoding);
    if (!interface_id || !encoding_id) return base::failure(TowerReason::not_an_interface);
    Tower tower;
    tower.interface = *interface_id;
    tower.transfer_syntax = *encoding_id;
    tower.rpc_protocol = protocol_of(rpc);
    tower.transport.reset();
    tower.network.reset();
    if (floors > 3) {
        tower.transport = protocol_of(transport);
        if (carries_port(*tower.transport)) {
            if (transport.right.size() != 2) return base::failure(TowerReason::bad_port_or_host);
            tower.port = wire::Port(base::Reader(transport.right).u16be());
        }
    }
    if (floors > 4) {
        tower.network = protocol_of(network);
        if (*tower.network == ip) {
            if (network.right.size() != 4) return base::failure(TowerReason::bad_port_or_host);
            tower.host = wire::IpAddress::v4(base::Reader(network.right).u32be());
        }
    }
    return tower;
}

void emit_tower(base::Bytes& out, const Tower& tower) {
    // A tower without transport has no network either: floors have no gaps.
    const std::uint16_t floors = !tower.transport ? 3 : !tower.network ? 4 : 5;
    OrderedWriter writer(out, ByteOrder::little);
    writer.u16(floors);
    emit_syntax(writer, tower.interface);
    emit_syntax(writer, tower.transfer_syntax);
    emit_floor(writer, tower.rpc_protocol, 0, 2);
    if (floors > 3) emit_floor(writer, *tower.transport, tower.port.value, 2);
    if (floors > 4) {
        // There is no IPv6 floor; Windows writes 0.0.0.0 for such hosts, and clients keep the host they know.
        const bool is_ip = *tower.network == ip;
        const std::uint32_t host = is_ip && tower.host.is_v4() ? tower.host.v4_bits() : 0U;
        emit_floor(writer, *tower.network, host, is_ip ? 4 : 2);
    }
}

std::string format(const Tower& tower) {
    const bool datagrams = tower.rpc_protocol == connectionless;
    const std::uint8_t transport = tower.transport.value_or(0);
    if (tower.rpc_protocol == local) return "ncalrpc";
    const std::string_view sequence = transport == udp && datagrams    ? "ncadg_ip_udp"
                                      : transport == tcp && !datagrams ? "ncacn_ip_tcp"
                                      : transport == http              ? "ncacn_http"
                                      : transport == named_pipe        ? "ncacn_np"
                                                                       : "";
    if (sequence.empty()) return fmt::format("protocol 0x{:02x}/0x{:02x}", tower.rpc_protocol, transport);
    if (!carries_port(transport)) return std::string(sequence);
    return fmt::format("{}:{}[{}]", sequence, tower.host.format(), tower.port.value);
}

}  // namespace sim::rpc
