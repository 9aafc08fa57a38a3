#include "sim/firewall/routing.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

using wire::Family;
using wire::IpAddress;

constexpr IpAddress everybody = IpAddress::v4(255, 255, 255, 255);
constexpr IpAddress no_address_v4{};
constexpr IpAddress no_address_v6 = IpAddress::v6(0, 0);
constexpr IpAddress loopback_v6 = IpAddress::v6(0, 1);

bool is_loopback(const IpAddress& a) { return a.is_v4() ? a.v4_bits() >> 24U == 127 : a == loopback_v6; }
bool is_group(const IpAddress& a) { return a.is_v4() ? a.v4_bits() >> 28U == 14 : a.high() >> 56U == 0xff; }
bool is_link_local(const IpAddress& a) { return !a.is_v4() && a.high() >> 54U == 0xfe80U >> 6U; }

// The last address of an IPv4 network of more than two addresses.
bool is_last_of(const wire::Prefix& network, const IpAddress& a) {
    return a.is_v4() && network.family() == Family::ipv4 && network.length() < 31 &&
           a.v4_bits() == (network.address().v4_bits() | ~network.mask().v4_bits());
}

// The first address of an IPv6 network of more than two: any of its routers (RFC 4291 2.6.1).
bool is_routers_of(const wire::Prefix& network, const IpAddress& a) {
    return !a.is_v4() && network.family() == Family::ipv6 && network.length() < 127 && a == network.address();
}

}  // namespace

bool Routing::has(const IpAddress& address) const {
    return std::any_of(interfaces_.begin(), interfaces_.end(), [&](const BoxInterface& i) {
        return std::any_of(i.addresses.begin(), i.addresses.end(),
                           [&](const BoxInterface::Address& a) { return a.address == address; });
    });
}

bool Routing::is_inside(const IpAddress& address) const {
    if (is_loopback(address) || has(address)) return true;
    return std::any_of(interfaces_.begin(), interfaces_.end(), [&](const BoxInterface& i) {
        return std::any_of(i.addresses.begin(), i.addresses.end(),
                           [&](const BoxInterface::Address& a) { return is_routers_of(a.network, address); });
    });
}

bool Routing::is_broadcast(const IpAddress& address) const {
    if (address == everybody) return true;
    return std::any_of(interfaces_.begin(), interfaces_.end(), [&](const BoxInterface& i) {
        return std::any_of(i.addresses.begin(), i.addresses.end(),
                           [&](const BoxInterface::Address& a) { return is_last_of(a.network, address); });
    });
}

// All hosts of a link; for IPv6 also its routers, and those who share the last octets of an own address.
bool Routing::hears_group(const IpAddress& group) const {
    if (group.is_v4()) return group == IpAddress::v4(224, 0, 0, 1);
    constexpr std::uint64_t link = std::uint64_t{0xff02} << 48U, site = std::uint64_t{0xff05} << 48U;
    if (group.high() == link && (group.low() == 1 || group.low() == 2)) return true;
    if (group.high() == site && group.low() == 2) return true;
    constexpr std::uint64_t solicited = 0x1ff000000U, last = 0xffffffU;
    if (group.high() != link || (group.low() & ~last) != solicited) return false;
    return std::any_of(interfaces_.begin(), interfaces_.end(), [&](const BoxInterface& i) {
        return std::any_of(i.addresses.begin(), i.addresses.end(), [&](const BoxInterface::Address& a) {
            return !a.address.is_v4() && (a.address.low() & last) == (group.low() & last);
        });
    });
}

bool Routing::takes(const IpAddress& target) const {
    return is_inside(target) || is_broadcast(target) || (is_group(target) && hears_group(target)) ||
           target == no_address_v4;  // once a broadcast; from anybody who has an address already it is a martian
}

bool Routing::is_refused_at_once(const IpAddress& source, const IpAddress& target) {
    return !source.is_v4() && (is_group(source) || is_loopback(source) || is_loopback(target));
}

bool Routing::is_martian(const IpAddress& source, const IpAddress& target) const {
    if (is_refused_at_once(source, target) || is_group(source)) return true;
    if (!source.is_v4()) return is_group(target) && !hears_group(target);
    if (source == everybody || is_loopback(source) || is_loopback(target) || has(source)) return true;
    if (is_group(target)) return !hears_group(target);
    if (source == no_address_v4) return target != everybody && target != no_address_v4;  // it asks for an address
    return target == no_address_v4;
}

bool Routing::may_leave_its_link(const IpAddress& source) { return source != no_address_v6 && !is_link_local(source); }

std::optional<std::size_t> Routing::way_to(const IpAddress& target) const {
    std::optional<std::size_t> best;
    int longest = -1;
    for (std::size_t i = 0; i < interfaces_.size(); ++i) {
        for (const BoxInterface::Address& a : interfaces_[i].addresses)
            if (a.network.contains(target) && a.network.length() > longest) {
                best = i;
                longest = a.network.length();
            }
        if (interfaces_[i].default_route && longest < 0) best = best ? best : i;
    }
    return best;
}

std::optional<IpAddress> Routing::own_address(std::size_t interface, Family family) const {
    for (const BoxInterface::Address& a : interfaces_[interface].addresses)
        if (a.address.family() == family) return a.address;
    return std::nullopt;
}

std::optional<IpAddress> Routing::own_address(std::size_t interface, const IpAddress& target) const {
    for (const BoxInterface::Address& a : interfaces_[interface].addresses)
        if (a.network.contains(target)) return a.address;
    return own_address(interface, target.family());
}

std::optional<IpAddress> Routing::own_address_inside(const IpAddress& target) const {
    if (!target.is_v4()) return target;
    for (std::size_t i = 0; i < interfaces_.size(); ++i)
        if (const auto own = own_address(i, Family::ipv4)) return own;
    return std::nullopt;
}

}  // namespace sim::firewall
