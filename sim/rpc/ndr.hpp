// Network Data Representation (C706 chapter 14), as far as the interfaces here need it: integers aligned to their own
// size from the start of the stub, pointers as referents, conformant and varying arrays, context handles.
//
// Lengths and counts are the sender's claims. The reader hands out views into the stub and never allocates.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/byte_order.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim::rpc {

// Names state on the server: 20 octets, all zero = NULL. Belongs to the association group that got it.
struct ContextHandle {
    static constexpr std::size_t wire_size = 20;

    std::uint32_t attributes = 0;
    Uuid uuid{};

    constexpr bool is_null() const { return attributes == 0 && uuid.is_nil(); }
    constexpr auto operator<=>(const ContextHandle&) const = default;
};

class NdrReader {
public:
    explicit constexpr NdrReader(base::ByteView stub, ByteOrder order = ByteOrder::little) : in_(stub, order) {}

    constexpr bool ok() const { return in_.ok(); }
    constexpr std::size_t offset() const { return in_.offset(); }
    constexpr std::size_t left() const { return in_.left(); }

    constexpr std::uint8_t u8() { return in_.u8(); }
    constexpr std::uint16_t u16() { return in_.align(2), in_.u16(); }
    constexpr std::uint32_t u32() { return in_.align(4), in_.u32(); }
    Uuid uuid() { return in_.align(4), in_.uuid(); }
    // A UUID and a version as u16, u16 (rpc_if_id_t); the same octets as a syntax identifier in little-endian order
    // only.
    SyntaxId interface_id();
    ContextHandle handle();
    // A [ptr] or [unique] pointer: whether there is a pointee.
    constexpr bool referent() { return u32() != 0; }
    constexpr base::ByteView take(std::size_t count) { return in_.take(count); }
    constexpr void align(std::size_t boundary) { in_.align(boundary); }
    constexpr void fail() { in_.fail(); }

    // A conformant varying string: max_count, offset 0, actual_count, octets with their NUL. The view is without the
    // NUL. Fails when the offset is not 0, actual exceeds max, or the NUL is missing.
    std::string_view conformant_string();
    // The same without max_count, as in fixed-size character arrays with [string].
    std::string_view varying_string();

private:
    OrderedReader in_;
};

class NdrWriter {
public:
    explicit NdrWriter(base::Bytes& out, ByteOrder order = ByteOrder::little) : out_(out, order) {}

    std::size_t size() const { return out_.size(); }  // octets of stub written so far

    void u8(std::uint8_t v) { out_.u8(v); }
    void u16(std::uint16_t v) { out_.align(2), out_.u16(v); }
    void u32(std::uint32_t v) { out_.align(4), out_.u32(v); }
    void uuid(const Uuid& v) { out_.align(4), out_.uuid(v); }
    void interface_id(const SyntaxId& v);
    void handle(const ContextHandle& v);
    void bytes(base::ByteView octets) { out_.bytes(octets); }
    void zeros(std::size_t count) { out_.zeros(count); }
    void align(std::size_t boundary) { out_.align(boundary); }
    void truncate(std::size_t size) { out_.truncate(size); }
    void conformant_string(std::string_view text);  // adds the NUL
    void varying_string(std::string_view text);

private:
    OrderedWriter out_;
};

}  // namespace sim::rpc
