// The two ends of a path, where hosts sit: packets enter the network through an Egress, and leave it through an
// Ingress, which finds the host that owns the target address.
#pragma once

#include "sim/net/host.hpp"
#include "sim/net/node.hpp"
#include "sim/world/recorder.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim::world {

// The target address of a packet that a host or a firewall made; none when it is not a packet at all.
std::optional<wire::IpAddress> target_of(base::ByteView packet);

class Ingress final : public net::Node {
public:
    explicit Ingress(Recorder& recorder) : recorder_(recorder) {}

    void add(net::Host& host) { hosts_.push_back(&host); }
    net::Host* owner(const wire::IpAddress& address) const;
    std::size_t size() const { return hosts_.size(); }

    void receive(net::Packet packet, base::SimTime now) override;

private:
    Recorder& recorder_;
    std::vector<net::Host*> hosts_;
};

class Egress final : public net::Node {
public:
    // For a server, `neighbours` are the hosts of its own network, reached over `wire` without passing a firewall.
    Egress(Recorder& recorder, std::uint32_t host) : recorder_(recorder), host_(host) {}
    void connect(net::Node& path) { path_ = &path; }
    void connect(net::Node& path, const Ingress& neighbours, net::Node& wire) {
        path_ = &path;
        neighbours_ = &neighbours;
        wire_ = &wire;
    }

    void receive(net::Packet packet, base::SimTime now) override;

private:
    Recorder& recorder_;
    std::uint32_t host_;
    net::Node* path_ = nullptr;
    const Ingress* neighbours_ = nullptr;
    net::Node* wire_ = nullptr;
};

}  // namespace sim::world
