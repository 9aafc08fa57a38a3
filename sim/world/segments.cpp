#include "sim/world/segments.hpp"

#include "sim/base/bytes.hpp"

#include <utility>

namespace sim::world {

std::optional<wire::IpAddress> target_of(base::ByteView packet) {
    if (packet.empty()) return std::nullopt;
    base::Reader reader(packet);
    if (packet[0] >> 4U == 4) {
        reader.skip(16);
        const auto address = wire::IpAddress::v4(reader.u32be());
        return reader.ok() ? std::optional(address) : std::nullopt;
    }
    reader.skip(24);
    const std::uint64_t high = reader.u64be();
    const std::uint64_t low = reader.u64be();
    return reader.ok() ? std::optional(wire::IpAddress::v6(high, low)) : std::nullopt;
}

net::Host* Ingress::owner(const wire::IpAddress& address) const {
    for (net::Host* host : hosts_)
        if (host->owns(address)) return host;
    return nullptr;
}

void Ingress::receive(net::Packet packet, base::SimTime now) {
    const auto target = target_of(packet.octets);
    net::Host* host = target ? owner(*target) : nullptr;
    recorder_.ended(packet.tag, host != nullptr ? Fate::delivered : Fate::no_such_host, now);
    if (host != nullptr) host->receive(std::move(packet), now);
}

void Egress::receive(net::Packet packet, base::SimTime now) {
    if (neighbours_ != nullptr && neighbours_->size() > 1) {
        const auto target = target_of(packet.octets);
        if (target && neighbours_->owner(*target) != nullptr) {
            recorder_.sent(packet, {.kind = Maker::Kind::host, .index = host_}, true, now);
            return wire_->receive(std::move(packet), now);
        }
    }
    recorder_.sent(packet, {.kind = Maker::Kind::host, .index = host_}, neighbours_ == nullptr, now);
    path_->receive(std::move(packet), now);
}

}  // namespace sim::world
