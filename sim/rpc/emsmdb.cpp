// The bodies of EMSMDB; the server is in emsmdb_server.cpp.
#include "sim/rpc/emsmdb.hpp"

#include "sim/rpc/epm_wire.hpp"

namespace sim::rpc {

namespace {

constexpr std::size_t max_dn = 1024;
constexpr std::size_t max_notice = 16;  // MS-OXCRPC: cbContext is at most 16
constexpr std::uint16_t af_inet = 2;
constexpr std::size_t socket_address_size = 16;

MapiVersion take_version(NdrReader& in) {
    MapiVersion version{};
    for (std::uint16_t& part : version) part = in.u16();
    return version;
}

void emit_version(NdrWriter& out, const MapiVersion& version) {
    for (const std::uint16_t part : version) out.u16(part);
}

// A [string] char** on the way out: referent, and the text at once.
std::string take_optional_string(NdrReader& in) {
    return in.referent() ? std::string(in.conformant_string()) : std::string();
}

void emit_optional_string(NdrWriter& out, std::string_view text, std::uint32_t referent) {
    out.u32(referent);
    out.conformant_string(text);
}

// A conformant octet array.
base::ByteView take_array(NdrReader& in) {
    const std::uint32_t count = in.u32();
    return in.take(count);
}

// sockaddr_in is memory copied to the wire: the family in the order of the client's processor, which is little-endian
// on every Exchange client, port and address in network order.
wire::Endpoint callback_of(base::ByteView octets) {
    base::Reader in(octets);
    wire::Endpoint callback;
    if (in.u16le() != af_inet) return {};
    callback.port = wire::Port(in.u16be());
    callback.address = wire::IpAddress::v4(in.u32be());
    return in.ok() ? callback : wire::Endpoint{};
}

void emit_callback(NdrWriter& out, const wire::Endpoint& callback) {
    base::Bytes octets;
    octets.reserve(socket_address_size);
    base::Writer writer(octets);
    writer.u16le(af_inet);
    writer.u16be(callback.port.value);
    writer.u32be(callback.address.is_v4() ? callback.address.v4_bits() : 0U);
    writer.zeros(8);
    out.u32(socket_address_size);
    out.bytes(octets);
    out.u16(socket_address_size);
}

}  // namespace

base::Result<EcDoConnectRequest, StubReason> parse_ec_connect_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EcDoConnectRequest r;
    const std::string_view dn = in.conformant_string();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (dn.size() > max_dn) return base::failure(StubReason::out_of_range);
    r.user_dn = dn;
    r.flags = in.u32();
    r.connection_modulus = in.u32();
    r.limit = in.u32();
    r.code_page = in.u32();
    r.string_locale = in.u32();
    r.sort_locale = in.u32();
    r.link = in.u32();
    r.can_convert_code_pages = in.u16();
    r.client_version = take_version(in);
    r.time_stamp = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EcDoConnectRequest& r) {
    out.conformant_string(r.user_dn);
    out.u32(r.flags);
    out.u32(r.connection_modulus);
    out.u32(r.limit);
    out.u32(r.code_page);
    out.u32(r.string_locale);
    out.u32(r.sort_locale);
    out.u32(r.link);
    out.u16(r.can_convert_code_pages);
    emit_version(out, r.client_version);
    out.u32(r.time_stamp);
}

base::Result<EcDoConnectResponse, StubReason> parse_ec_connect_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EcDoConnectResponse r;
    r.handle = in.handle();
    r.polls_max_ms = in.u32();
    r.retries = in.u32();
    r.retry_delay_ms = in.u32();
    r.session = in.u16();
    r.dn_prefix = take_optional_string(in);
    r.display_name = take_optional_string(in);
    r.server_version = take_version(in);
    r.best_version = take_version(in);
    r.time_stamp = in.u32();
    r.code = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EcDoConnectResponse& r) {
    out.handle(r.handle);
    out.u32(r.polls_max_ms);
    out.u32(r.retries);
    out.u32(r.retry_delay_ms);
    out.u16(r.session);
    emit_optional_string(out, r.dn_prefix, 1);
    emit_optional_string(out, r.display_name, 2);
    emit_version(out, r.server_version);
    emit_version(out, r.best_version);
    out.u32(r.time_stamp);
    out.u32(r.code);
}

base::Result<ContextHandle, StubReason> parse_ec_disconnect_request(base::ByteView stub, ByteOrder order) {
    return parse_ept_handle_free_request(stub, order);
}

base::Result<EcDoDisconnectResponse, StubReason> parse_ec_disconnect_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EcDoDisconnectResponse r;
    r.handle = in.handle();
    r.code = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EcDoDisconnectResponse& r) {
    out.handle(r.handle);
    out.u32(r.code);
}

base::Result<EcRegisterPushRequest, StubReason> parse_ec_register_push_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EcRegisterPushRequest r;
    r.handle = in.handle();
    r.rpc_index = in.u32();
    const base::ByteView context = take_array(in);
    const std::size_t context_length = in.u16();
    r.advise_bits = in.u32();
    const base::ByteView address = take_array(in);
    const std::size_t address_length = in.u16();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (context.size() != context_length || address.size() != address_length)
        return base::failure(StubReason::lengths_differ);
    if (context.size() > max_notice || address.size() < socket_address_size)
        return base::failure(StubReason::out_of_range);
    r.context.assign(context.begin(), context.end());
    r.callback = callback_of(address);
    return r;
}

void emit(NdrWriter& out, const EcRegisterPushRequest& r) {
    const auto length = static_cast<std::uint16_t>(r.context.size());
    out.handle(r.handle);
    out.u32(r.rpc_index);
    out.u32(length);
    out.bytes(r.context);
    out.u16(length);
    out.u32(r.advise_bits);
    emit_callback(out, r.callback);
}

base::Result<EcRegisterPushResponse, StubReason> parse_ec_register_push_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    EcRegisterPushResponse r;
    r.handle = in.handle();
    r.notification = in.u32();
    r.code = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const EcRegisterPushResponse& r) {
    out.handle(r.handle);
    out.u32(r.notification);
    out.u32(r.code);
}

base::Bytes ec_connect_stub(const EcDoConnectRequest& request) { return emitted(request, 64 + request.user_dn.size()); }

base::Bytes ec_disconnect_stub(const ContextHandle& handle) { return ept_handle_free_stub(handle); }

base::Bytes ec_register_push_stub(const EcRegisterPushRequest& request) { return emitted(request, 80); }

}  // namespace sim::rpc
