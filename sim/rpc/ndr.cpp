#include "sim/rpc/ndr.hpp"

namespace sim::rpc {

SyntaxId NdrReader::interface_id() {
    SyntaxId v;
    v.uuid = uuid();
    v.major = u16();
    v.minor = u16();
    return v;
}

ContextHandle NdrReader::handle() {
    ContextHandle v;
    v.attributes = u32();
    v.uuid = in_.uuid();
    return v;
}

std::string_view NdrReader::conformant_string() {
    const std::uint32_t max_count = u32();
    const std::string_view text = varying_string();
    if (text.size() >= max_count) fail();  // the NUL counts
    return ok() ? text : std::string_view{};
}

std::string_view NdrReader::varying_string() {
    const std::uint32_t offset = u32();
    const std::uint32_t count = u32();
    if (offset != 0 || count == 0) fail();
    const base::ByteView octets = take(count);
    if (!ok() || octets.back() != 0) {
        fail();
        return {};
    }
    return base::text_of(octets.first(octets.size() - 1));
}

void NdrWriter::interface_id(const SyntaxId& v) {
    uuid(v.uuid);
    u16(v.major);
    u16(v.minor);
}

void NdrWriter::handle(const ContextHandle& v) {
    u32(v.attributes);
    out_.uuid(v.uuid);
}

void NdrWriter::conformant_string(std::string_view text) {
    u32(static_cast<std::uint32_t>(text.size() + 1));
    varying_string(text);
}

void NdrWriter::varying_string(std::string_view text) {
    u32(0);
    u32(static_cast<std::uint32_t>(text.size() + 1));
    bytes(base::view_of(text));
    u8(0);
}

}  // namespace sim::rpc
