#include "sim/wire/packet.hpp"

#include <bit>
#include <cstddef>
#include <cstring>

namespace sim::wire {

namespace {

template <class Word>
std::uint64_t machine_word(const base::Byte* at) {
    Word word = 0;
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
    sum = (sum >> 48U) + (sum >> 32U & 0xffffU) + (sum >> 16U & 0xffffU) + (sum & 0xffffU);
    sum = (sum >> 16U) + (sum & 0xffffU);
    sum = (sum >> 16U) + (sum & 0xffffU);
    return static_cast<std::uint16_t>(sum);
}

// What is left behind the last eight whole octets. An odd last octet counts as if a zero followed (RFC 1071).
std::uint64_t tail_sum(const base::Byte* at, std::size_t left) {
    std::uint64_t sum = 0;
    if ((left & 4U) != 0) {
        sum += machine_word<std::uint32_t>(at);
        at += 4;
    }
    if ((left & 2U) != 0) {
        sum += machine_word<std::uint16_t>(at);
        at += 2;
    }
    if ((left & 1U) != 0) sum += std::endian::native == std::endian::little ? *at : std::uint64_t{*at} << 8U;
    return sum;
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
        even = add(even, machine_word<std::uint64_t>(at));
        odd = add(odd, machine_word<std::uint64_t>(at + 8));
        even = add(even, machine_word<std::uint64_t>(at + 16));
        odd = add(odd, machine_word<std::uint64_t>(at + 24));
    }
    for (; left >= 8; left -= 8, at += 8) even = add(even, machine_word<std::uint64_t>(at));
    const std::uint16_t native = folded(add(add(even, odd), tail_sum(at, left)));
    const std::uint64_t network =
        std::endian::native == std::endian::little ? static_cast<std::uint16_t>(native << 8U | native >> 8U) : native;
    return static_cast<std::uint16_t>(~folded(network + sum));
}

}  // namespace sim::wire
