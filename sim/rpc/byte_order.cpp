#include "sim/rpc/byte_order.hpp"

#include <algorithm>

namespace sim::rpc {

Uuid OrderedReader::uuid() {
    Uuid v;
    v.time_low = u32();
    v.time_mid = u16();
    v.time_high = u16();
    const base::ByteView tail = take(v.tail.size());
    std::copy(tail.begin(), tail.end(), v.tail.begin());
    return ok() ? v : Uuid{};
}

SyntaxId OrderedReader::syntax() {
    SyntaxId v;
    v.uuid = uuid();
    const std::uint32_t version = u32();
    v.major = static_cast<std::uint16_t>(version);
    v.minor = static_cast<std::uint16_t>(version >> 16U);
    return v;
}

void OrderedWriter::uuid(const Uuid& v) {
    base::Byte* to = grow(16);
    store(to, v.time_low, 4);
    store(to + 4, v.time_mid, 2);
    store(to + 6, v.time_high, 2);
    std::copy(v.tail.begin(), v.tail.end(), to + 8);
}

void OrderedWriter::syntax(const SyntaxId& v) {
    uuid(v.uuid);
    u32(static_cast<std::uint32_t>(v.minor) << 16U | v.major);
}

}  // namespace sim::rpc
