// Internet addresses and prefixes as values. Numbers inside are in host order, so that `<` is the order people
// expect; octets are in network order only in packets.
//
// IpAddress holds either family. An IPv4 address never equals an IPv6 one, mapped or not: they are different
// networks to a packet filter.
#pragma once

#include "sim/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim::wire {

enum class Family : std::uint8_t { ipv4, ipv6 };

class IpAddress {
public:
    constexpr IpAddress() = default;  // 0.0.0.0

    static constexpr IpAddress v4(std::uint32_t host_order) { return IpAddress(Family::ipv4, 0, host_order); }
    static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
        return v4(static_cast<std::uint32_t>(a) << 24U | static_cast<std::uint32_t>(b) << 16U |
                  static_cast<std::uint32_t>(c) << 8U | d);
    }
    static constexpr IpAddress v6(std::uint64_t high, std::uint64_t low) { return IpAddress(Family::ipv6, high, low); }

    // Strict: four decimal parts without leading zeros, or RFC 4291 text (with ::, and with an IPv4 tail).
    // No zone, no brackets, no white space.
    [[nodiscard]] static base::Result<IpAddress, std::string> parse(std::string_view text);

    constexpr Family family() const { return family_; }
    constexpr bool is_v4() const { return family_ == Family::ipv4; }
    constexpr std::uint32_t v4_bits() const { return static_cast<std::uint32_t>(low_); }  // requires is_v4()
    constexpr std::uint64_t high() const { return high_; }
    constexpr std::uint64_t low() const { return low_; }

    // Dotted decimal, or RFC 5952 text. parse(format(a)) == a.
    std::string format() const;

    constexpr auto operator<=>(const IpAddress&) const = default;

private:
    constexpr IpAddress(Family family, std::uint64_t high, std::uint64_t low)
        : family_(family), high_(high), low_(low) {}

    Family family_ = Family::ipv4;
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 0;
};

// An address and a mask; the mask may have holes, as iptables and Cisco wildcards allow. Host bits are cleared on
// construction, so equal sets of addresses compare equal.
class Prefix {
public:
    constexpr Prefix() = default;  // 0.0.0.0/0

    constexpr Prefix(IpAddress address, IpAddress mask) : address_(masked(address, mask)), mask_(mask) {}
    static constexpr Prefix host(IpAddress a) { return Prefix(a, mask_of(a.family(), a.is_v4() ? 32 : 128)); }
    static constexpr Prefix of(IpAddress a, unsigned length) { return Prefix(a, mask_of(a.family(), length)); }
    static constexpr Prefix any(Family f) { return Prefix(mask_of(f, 0), mask_of(f, 0)); }

    // "a", "a/len" or "a/mask"
    [[nodiscard]] static base::Result<Prefix, std::string> parse(std::string_view text);

    constexpr Family family() const { return address_.family(); }
    constexpr const IpAddress& address() const { return address_; }
    constexpr const IpAddress& mask() const { return mask_; }
    constexpr bool contains(const IpAddress& a) const {
        return a.family() == family() && (a.high() & mask_.high()) == address_.high() &&
               (a.low() & mask_.low()) == address_.low();
    }
    // The length, or -1 for a mask with holes.
    int length() const;
    // "10.0.0.10" for a host, "10.0.0.0/8", "10.0.0.1/255.0.0.255" with holes.
    std::string format() const;

    constexpr auto operator<=>(const Prefix&) const = default;

    static constexpr IpAddress mask_of(Family family, unsigned length) {
        if (family == Family::ipv4)
            return IpAddress::v4(length == 0 ? 0U : static_cast<std::uint32_t>(~std::uint64_t{0} << (32U - length)));
        const std::uint64_t ones = ~std::uint64_t{0};
        const std::uint64_t high = length == 0 ? 0 : length >= 64 ? ones : ones << (64U - length);
        const std::uint64_t low = length <= 64 ? 0 : length >= 128 ? ones : ones << (128U - length);
        return IpAddress::v6(high, low);
    }

private:
    static constexpr IpAddress masked(IpAddress a, IpAddress m) {
        return a.is_v4() ? IpAddress::v4(a.v4_bits() & m.v4_bits())
                         : IpAddress::v6(a.high() & m.high(), a.low() & m.low());
    }

    IpAddress address_;
    IpAddress mask_;
};

}  // namespace sim::wire
