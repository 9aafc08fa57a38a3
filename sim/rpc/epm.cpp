// ept_map and ept_lookup_handle_free; ept_lookup is in epm_lookup.cpp.
#include "sim/rpc/epm.hpp"

#include "sim/rpc/epm_wire.hpp"

namespace sim::rpc {

std::string format(StubReason reason) {
    switch (reason) {
        case StubReason::cut: return "the arguments end too early";
        case StubReason::out_of_range: return "an argument is out of its range";
        case StubReason::lengths_differ: return "two lengths that must be equal differ";
        case StubReason::tower_malformed: return "a tower makes no sense";
    }
    return "unknown reason";
}

base::Result<EptMapRequest, StubReason> parse_ept_map_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EptMapRequest r;
    r.object.reset();
    if (in.referent()) r.object = in.uuid();
    if (in.referent()) {
        const base::Result<base::ByteView, StubReason> octets = take_tower(in);
        if (!octets) return base::failure(octets.error());
        r.tower.emplace(octets->begin(), octets->end());
    }
    r.entry_handle = in.handle();
    r.max_towers = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (r.max_towers > epm_max_entries) return base::failure(StubReason::out_of_range);
    return r;
}

void emit(NdrWriter& out, const EptMapRequest& r) {
    out.u32(r.object ? 1 : 0);
    if (r.object) out.uuid(*r.object);
    out.u32(r.tower ? 2 : 0);
    if (r.tower) emit_tower_octets(out, *r.tower);
    out.handle(r.entry_handle);
    out.u32(r.max_towers);
}

base::Bytes ept_map_stub(const SyntaxId& interface, std::uint32_t max_towers) {
    EptMapRequest request;
    request.max_towers = max_towers;
    request.tower.emplace().reserve(tcp_tower_size);
    emit_tower(*request.tower, Tower{.interface = interface});
    return emitted(request, 132);
}

base::Result<EptMapResponse, StubReason> parse_ept_map_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EptMapResponse r;
    r.entry_handle = in.handle();
    const std::uint32_t count = in.u32();
    r.max_towers = in.u32();
    const std::uint32_t offset = in.u32();
    const std::uint32_t actual = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (offset != 0 || actual != count || count > r.max_towers) return base::failure(StubReason::lengths_differ);
    // Every tower needs a referent of 4 octets here, so the claim is checked before anything is allocated.
    if (count > in.left() / 4) return base::failure(StubReason::cut);
    std::vector<bool> present(count);
    for (std::uint32_t i = 0; i < count; ++i) present[i] = in.referent();
    for (const bool there : present) {
        if (!there) continue;
        const base::Result<Tower, StubReason> tower = take_parsed_tower(in);
        if (!tower) return base::failure(tower.error());
        r.towers.push_back(*tower);
    }
    r.status = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EptMapResponse& r) {
    const auto count = static_cast<std::uint32_t>(r.towers.size());
    out.handle(r.entry_handle);
    out.u32(count);
    out.u32(r.max_towers);
    out.u32(0);
    out.u32(count);
    for (std::uint32_t i = 0; i < count; ++i) out.u32(first_referent + i);
    for (const Tower& tower : r.towers) emit_tower_value(out, tower);
    out.u32(r.status);
}

std::optional<wire::Port> tcp_port_of(const EptMapResponse& response) {
    if (response.status != 0) return std::nullopt;
    for (const Tower& tower : response.towers)
        if (tower.is_ncacn_ip_tcp() && tower.port.value != 0) return tower.port;
    return std::nullopt;
}

base::Result<ContextHandle, StubReason> parse_ept_handle_free_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    const ContextHandle handle = in.handle();
    if (!in.ok()) return base::failure(StubReason::cut);
    return handle;
}

base::Result<EptHandleFreeResponse, StubReason> parse_ept_handle_free_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EptHandleFreeResponse r;
    r.entry_handle = in.handle();
    r.status = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EptHandleFreeResponse& r) {
    out.handle(r.entry_handle);
    out.u32(r.status);
}

base::Bytes ept_handle_free_stub(const ContextHandle& handle) {
    base::Bytes stub;
    NdrWriter(stub).handle(handle);
    return stub;
}

}  // namespace sim::rpc
