// Where a host takes a packet: which addresses are its own, which interface leads to another one, and which packets
// from outside it neither takes in nor forwards, as a Linux 6.18 router without reverse-path filter does (RFC
// 1812 5.3.7, RFC 4291 2.5-2.7; observed).
//
// Not here: routes beyond the networks of the interfaces and one default, multicast forwarding, and link-local
// addresses of its own.
#pragma once

#include "sim/wire/packet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sim::firewall {

struct BoxInterface {
    struct Address {
        wire::IpAddress address;
        wire::Prefix network;
    };
    std::string name;
    std::vector<Address> addresses;
    bool default_route = false;  // what no network holds leaves here
};

class Routing {
public:
    explicit Routing(std::vector<BoxInterface> interfaces) : interfaces_(std::move(interfaces)) {}

    const std::vector<BoxInterface>& interfaces() const { return interfaces_; }

    // What the host sends there stays inside (`lo`): its own addresses, loopback, and the anycast address of routers on
    // its IPv6 networks.
    bool is_inside(const wire::IpAddress& address) const;
    // Packets from outside with that target are for the host: the same, broadcasts, and the groups that it is in.
    bool takes(const wire::IpAddress& target) const;
    bool is_broadcast(const wire::IpAddress& address) const;

    // The interface that leads there, by the longest prefix; absent when none does.
    std::optional<std::size_t> way_to(const wire::IpAddress& target) const;

    // IPv6: whether a packet from outside ends even before its target may be translated.
    static bool is_refused_at_once(const wire::IpAddress& source, const wire::IpAddress& target);
    // Whether a packet from outside has addresses that no host sends from or to there.
    bool is_martian(const wire::IpAddress& source, const wire::IpAddress& target) const;
    // IPv6: whether that source may be seen on another link than its own.
    static bool may_leave_its_link(const wire::IpAddress& source);

    // The host's address on an interface; the one that it would use for packets to that target.
    std::optional<wire::IpAddress> own_address(std::size_t interface, wire::Family family) const;
    std::optional<wire::IpAddress> own_address(std::size_t interface, const wire::IpAddress& target) const;
    // The same on `lo`, which has none that others could know.
    std::optional<wire::IpAddress> own_address_inside(const wire::IpAddress& target) const;

private:
    bool has(const wire::IpAddress& address) const;
    bool hears_group(const wire::IpAddress& group) const;

    std::vector<BoxInterface> interfaces_;
};

}  // namespace sim::firewall
