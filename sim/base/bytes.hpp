// Octet buffers, and a reader and a writer that cannot run off their end.
//
// Byte order is explicit in every name: `u16be` is network order, `u16le` is the little-endian order
// that DCE/RPC uses most. A Reader never throws and never reads outside its view: once a read does not
// fit, the reader is *failed*, every later read yields zero, and `ok()` is false. Check `ok()` once,
// after the last read of a structure, before believing any value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sim::base {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;         // owns its octets
using ByteView = std::span<const Byte>;  // borrows them; valid as long as the owner says

inline ByteView view_of(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }
inline std::string_view text_of(ByteView octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

class Reader {
public:
    explicit constexpr Reader(ByteView octets) : octets_(octets) {}

    constexpr bool ok() const { return ok_; }
    constexpr std::size_t offset() const { return at_; }  // octets consumed so far
    constexpr std::size_t left() const { return octets_.size() - at_; }

    constexpr std::uint8_t u8() { return need(1) ? octets_[at_++] : std::uint8_t{0}; }
    constexpr std::uint16_t u16be() { return static_cast<std::uint16_t>(big(2)); }
    constexpr std::uint32_t u32be() { return static_cast<std::uint32_t>(big(4)); }
    constexpr std::uint64_t u64be() { return big(8); }
    constexpr std::uint16_t u16le() { return static_cast<std::uint16_t>(little(2)); }
    constexpr std::uint32_t u32le() { return static_cast<std::uint32_t>(little(4)); }
    constexpr std::uint64_t u64le() { return little(8); }

    // The next `count` octets as a view into the input; an empty view, and failure, when too few are left.
    constexpr ByteView take(std::size_t count) {
        if (!need(count)) return {};
        const ByteView piece = octets_.subspan(at_, count);
        at_ += count;
        return piece;
    }
    constexpr void skip(std::size_t count) { (void)take(count); }
    // Skips padding up to a multiple of `boundary` octets from the start of the input.
    constexpr void align(std::size_t boundary) { skip((boundary - at_ % boundary) % boundary); }
    constexpr ByteView rest() { return take(left()); }
    constexpr void fail() {
        ok_ = false;
        at_ = octets_.size();
    }

private:
    constexpr bool need(std::size_t count) {
        if (ok_ && count <= octets_.size() - at_) return true;
        fail();
        return false;
    }
    constexpr std::uint64_t big(std::size_t count) {
        std::uint64_t value = 0;
        if (need(count))
            for (std::size_t i = 0; i < count; ++i) value = value << 8U | octets_[at_++];
        return value;
    }
    constexpr std::uint64_t little(std::size_t count) {
        std::uint64_t value = 0;
        if (need(count))
            for (std::size_t i = 0; i < count; ++i) value |= static_cast<std::uint64_t>(octets_[at_++]) << (8U * i);
        return value;
    }

    ByteView octets_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

// Appends to a buffer that the caller owns.
class Writer {
public:
    explicit Writer(Bytes& out) : out_(out), start_(out.size()) {}

    // Octets written since this writer was made.
    std::size_t size() const { return out_.size() - start_; }

    void u8(std::uint8_t v) { out_.push_back(v); }
    void u16be(std::uint16_t v) { big(v, 2); }
    void u32be(std::uint32_t v) { big(v, 4); }
    void u64be(std::uint64_t v) { big(v, 8); }
    void u16le(std::uint16_t v) { little(v, 2); }
    void u32le(std::uint32_t v) { little(v, 4); }
    void u64le(std::uint64_t v) { little(v, 8); }
    void bytes(ByteView octets) { out_.insert(out_.end(), octets.begin(), octets.end()); }
    void zeros(std::size_t count) { out_.insert(out_.end(), count, Byte{0}); }
    // Zero padding up to a multiple of `boundary` octets from where this writer began.
    void align(std::size_t boundary) { zeros((boundary - size() % boundary) % boundary); }

    // Goes back to fill in a length or checksum; `at` counts from where this writer began.
    void patch_u32le(std::size_t at, std::uint32_t v) {
        for (std::size_t i = 0; i < 4; ++i) out_[start_ + at + i] = static_cast<Byte>(v >> (8U * i));
    }

private:
    void big(std::uint64_t v, std::size_t count) {
        std::array<Byte, 8> octets{};
        for (std::size_t i = 0; i < count; ++i) octets[i] = static_cast<Byte>(v >> (8U * (count - 1 - i)));
        out_.insert(out_.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count));
    }
    void little(std::uint64_t v, std::size_t count) {
        std::array<Byte, 8> octets{};
        for (std::size_t i = 0; i < count; ++i) octets[i] = static_cast<Byte>(v >> (8U * i));
        out_.insert(out_.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count));
    }

    Bytes& out_;
    std::size_t start_;
};

}  // namespace sim::base
