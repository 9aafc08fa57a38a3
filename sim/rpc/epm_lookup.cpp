#include "sim/rpc/epm.hpp"
#include "sim/rpc/epm_wire.hpp"

#include <algorithm>

namespace sim::rpc {

namespace {

constexpr std::size_t annotation_limit = 63;  // ept_max_annotation_size is 64 with the NUL

// Object, referent, and an annotation of at least its two counts and a NUL.
constexpr std::size_t smallest_entry = 16 + 4 + 8 + 1;

}  // namespace

void emit_tower_value(NdrWriter& out, const Tower& tower) {
    base::Bytes octets;
    octets.reserve(tcp_tower_size);
    emit_tower(octets, tower);
    emit_tower_octets(out, octets);
}

base::Result<EptLookupRequest, StubReason> parse_ept_lookup_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EptLookupRequest r;
    r.inquiry_type = in.u32();
    if (in.referent()) r.object = in.uuid();
    if (in.referent()) r.interface = in.interface_id();
    r.vers_option = in.u32();
    r.entry_handle = in.handle();
    r.max_entries = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (r.max_entries > epm_max_entries) return base::failure(StubReason::out_of_range);
    return r;
}

void emit(NdrWriter& out, const EptLookupRequest& r) {
    out.u32(r.inquiry_type);
    out.u32(r.object ? 1 : 0);
    if (r.object) out.uuid(*r.object);
    out.u32(r.interface ? 2 : 0);
    if (r.interface) out.interface_id(*r.interface);
    out.u32(r.vers_option);
    out.handle(r.entry_handle);
    out.u32(r.max_entries);
}

base::Result<EptLookupResponse, StubReason> parse_ept_lookup_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EptLookupResponse r;
    r.entry_handle = in.handle();
    const std::uint32_t count = in.u32();
    r.max_entries = in.u32();
    const std::uint32_t offset = in.u32();
    const std::uint32_t actual = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (offset != 0 || actual != count || count > r.max_entries) return base::failure(StubReason::lengths_differ);
    if (count > in.left() / smallest_entry) return base::failure(StubReason::cut);
    std::vector<bool> has_tower(count);
    r.entries.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        r.entries[i].object = in.uuid();
        has_tower[i] = in.referent();
        const std::string_view annotation = in.varying_string();
        if (!in.ok()) return base::failure(StubReason::cut);
        if (annotation.size() > annotation_limit) return base::failure(StubReason::out_of_range);
        // Some servers fill the whole array: the text ends at its first NUL.
        r.entries[i].annotation = annotation.substr(0, annotation.find('\0'));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!has_tower[i]) continue;
        const base::Result<Tower, StubReason> tower = take_parsed_tower(in);
        if (!tower) return base::failure(tower.error());
        r.entries[i].tower = *tower;
    }
    r.status = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EptLookupResponse& r) {
    const auto count = static_cast<std::uint32_t>(r.entries.size());
    out.handle(r.entry_handle);
    out.u32(count);
    out.u32(r.max_entries);
    out.u32(0);
    out.u32(count);
    std::uint32_t referent = first_referent;
    for (const EptEntry& entry : r.entries) {
        out.uuid(entry.object);
        out.u32(entry.tower ? referent++ : 0);
        out.varying_string(std::string_view(entry.annotation).substr(0, annotation_limit));
    }
    for (const EptEntry& entry : r.entries)
        if (entry.tower) emit_tower_value(out, *entry.tower);
    out.u32(r.status);
}

}  // namespace sim::rpc
