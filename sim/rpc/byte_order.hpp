// Byte order chosen at run time, because DCE/RPC lets the sender choose (C706 14.1), and cursors that obey it.
//
// OrderedReader and OrderedWriter know nothing of alignment; NdrReader and NdrWriter (ndr.hpp) add it. A reader that
// ran off its end is failed and yields zeros, as base::Reader does: check ok() once, before believing any value.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/syntax.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sim::rpc {

enum class ByteOrder : std::uint8_t { little, big };

// The data representation label, four octets of every PDU. Only the integer order is obeyed; characters and
// floating point play no part in the interfaces here.
struct Drep {
    std::array<base::Byte, 4> label{0x10, 0, 0, 0};

    constexpr ByteOrder order() const { return (label[0] & 0x10U) != 0 ? ByteOrder::little : ByteOrder::big; }
    static constexpr Drep of(ByteOrder order) {
        return {{static_cast<base::Byte>(order == ByteOrder::little ? 0x10 : 0), 0, 0, 0}};
    }
    constexpr bool operator==(const Drep&) const = default;
};

class OrderedReader {
public:
    constexpr OrderedReader(base::ByteView octets, ByteOrder order) : in_(octets), order_(order) {}

    constexpr bool ok() const { return in_.ok(); }
    constexpr std::size_t offset() const { return in_.offset(); }
    constexpr std::size_t left() const { return in_.left(); }
    constexpr ByteOrder order() const { return order_; }

    constexpr std::uint8_t u8() { return in_.u8(); }
    constexpr std::uint16_t u16() { return order_ == ByteOrder::little ? in_.u16le() : in_.u16be(); }
    constexpr std::uint32_t u32() { return order_ == ByteOrder::little ? in_.u32le() : in_.u32be(); }
    Uuid uuid();
    SyntaxId syntax();  // UUID, then major and minor as one u32
    constexpr base::ByteView take(std::size_t count) { return in_.take(count); }
    constexpr base::ByteView rest() { return in_.rest(); }
    constexpr void skip(std::size_t count) { in_.skip(count); }
    // Padding up to a multiple of `boundary` from the start of the octets; it may hold anything.
    constexpr void align(std::size_t boundary) { in_.align(boundary); }
    constexpr void fail() { in_.fail(); }

private:
    base::Reader in_;
    ByteOrder order_;
};

// Appends to a buffer that the caller owns; offsets and alignment count from where the writer began.
class OrderedWriter {
public:
    explicit OrderedWriter(base::Bytes& out, ByteOrder order = ByteOrder::little)
        : out_(&out), start_(out.size()), order_(order) {}

    std::size_t size() const { return out_->size() - start_; }
    ByteOrder order() const { return order_; }

    void u8(std::uint8_t v) { out_->push_back(v); }
    void u16(std::uint16_t v) { store(grow(2), v, 2); }
    void u32(std::uint32_t v) { store(grow(4), v, 4); }
    void uuid(const Uuid& v);
    void syntax(const SyntaxId& v);
    void bytes(base::ByteView octets) { out_->insert(out_->end(), octets.begin(), octets.end()); }
    void zeros(std::size_t count) { out_->insert(out_->end(), count, base::Byte{0}); }
    void align(std::size_t boundary) { zeros((boundary - size() % boundary) % boundary); }
    void patch_u16(std::size_t at, std::uint16_t v) { store(out_->data() + start_ + at, v, 2); }
    // Forgets everything written behind `size` octets.
    void truncate(std::size_t size) { out_->resize(start_ + size); }

private:
    base::Byte* grow(std::size_t count) {
        out_->resize(out_->size() + count);
        return out_->data() + out_->size() - count;
    }
    void store(base::Byte* to, std::uint32_t v, std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i)
            to[i] = static_cast<base::Byte>(v >> 8U * (order_ == ByteOrder::little ? i : count - 1 - i));
    }

    base::Bytes* out_;
    std::size_t start_;
    ByteOrder order_;
};

}  // namespace sim::rpc
