#include "sim/wire/packet.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace sim::wire {

namespace {

std::uint64_t machine_word(const base::Byte* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// One's complement addition: the carry comes back in at the bottom.
std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t sum = a + b;
    return sum + (sum < b ? 1U : 0U);
}

std::uint16_t folded(std::uint64_t sum) {
    sum = (sum >> 32U) + (sum & 0xffffffffU);
    sum = (sum >> 32U) + (sum & 0xffffffffU);
    sum = (sum >> 16U) + (sum & 0xffffU);
    sum = (sum >> 16U) + (sum & 0xffffU);
    sum = (sum >> 16U) + (sum & 0xffffU);
    return static_cast<std::uint16_t>(sum);
}

}  // namespace

std::uint16_t internet_checksum(base::ByteView octets, std::uint32_t sum) {
    // RFC 1071 2(B): the sum does not care in which byte order it is taken, so whole machine words are added and the
    // result is turned round once. Two sums at a time, because each addition waits for the carry of the one before.
    const base::Byte* at = octets.data();
    std::size_t left = octets.size();
    std::uint64_t even = 0;
    std::uint64_t odd = 0;
    for (; left >= 32; left -= 32, at += 32) {
        even = add(even, machine_word(at));
        odd = add(odd, machine_word(at + 8));
        even = add(even, machine_word(at + 16));
        odd = add(odd, machine_word(at + 24));
    }
    for (; left >= 8; left -= 8, at += 8) even = add(even, machine_word(at));
    if (left > 0) {
        std::array<base::Byte, 8> tail{};  // an odd last octet counts as if a zero followed
        std::memcpy(tail.data(), at, left);
        odd = add(odd, machine_word(tail.data()));
    }
    const std::uint16_t native = folded(add(even, odd));
    const std::uint64_t network =
        std::endian::native == std::endian::little ? static_cast<std::uint16_t>(native << 8U | native >> 8U) : native;
    return static_cast<std::uint16_t>(~folded(network + sum));
}

}  // namespace sim::wire
