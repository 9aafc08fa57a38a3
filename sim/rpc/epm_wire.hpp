// What ept_map and ept_lookup share on the wire: twr_t = max_count, tower_length, octets, padding to 4 (C706 appendix
// L and O). Of use to the endpoint mapper's bodies only.
#pragma once

#include "sim/rpc/epm.hpp"

namespace sim::rpc {

// Referents need only be distinct and not zero; counting from 3 is what Samba and Windows do.
inline constexpr std::uint32_t first_referent = 3;

inline base::Result<base::ByteView, StubReason> take_tower(NdrReader& in) {
    const std::uint32_t max_count = in.u32();
    const std::uint32_t length = in.u32();
    if (in.ok() && max_count != length) return base::failure(StubReason::lengths_differ);
    const base::ByteView octets = in.take(length);
    if (!in.ok()) return base::failure(StubReason::cut);
    return octets;
}

inline base::Result<Tower, StubReason> take_parsed_tower(NdrReader& in) {
    const base::Result<base::ByteView, StubReason> octets = take_tower(in);
    if (!octets) return base::failure(octets.error());
    const base::Result<Tower, TowerReason> tower = parse_tower(*octets);
    if (!tower) return base::failure(StubReason::tower_malformed);
    return *tower;
}

inline void emit_tower_octets(NdrWriter& out, base::ByteView octets) {
    out.u32(static_cast<std::uint32_t>(octets.size()));
    out.u32(static_cast<std::uint32_t>(octets.size()));
    out.bytes(octets);
    out.align(4);
}

void emit_tower_value(NdrWriter& out, const Tower& tower);

// The octets of one value alone.
template <class Value>
base::Bytes emitted(const Value& value, std::size_t size_hint) {
    base::Bytes stub;
    stub.reserve(size_hint);
    NdrWriter out(stub);
    emit(out, value);
    return stub;
}

}  // namespace sim::rpc
