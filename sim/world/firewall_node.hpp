// A firewall's place on the path: two faces, one towards the client and one towards the servers. A packet that arrives
// on one is judged and leaves on the other, unchanged, replaced, or not at all; an answer leaves where the packet came
// from.
#pragma once

#include "sim/net/node.hpp"
#include "sim/world/gate.hpp"
#include "sim/world/recorder.hpp"

#include <cstdint>
#include <memory>

namespace sim::world {

class FirewallNode {
public:
    FirewallNode(std::uint32_t number, Recorder& recorder);

    FirewallNode(const FirewallNode&) = delete;
    FirewallNode& operator=(const FirewallNode&) = delete;

    net::Node& client_face() { return client_face_; }
    net::Node& server_face() { return server_face_; }

    // The nodes that packets leave to on either side; both must be set before the first packet.
    void connect(net::Node& towards_client, net::Node& towards_servers) {
        towards_client_ = &towards_client;
        towards_servers_ = &towards_servers;
    }

    void set_gate(std::shared_ptr<Gate> gate) { gate_ = std::move(gate); }
    // Which of the recorder's rule sets is in force.
    void set_rules(std::uint32_t number) { rules_ = number; }

private:
    class Face final : public net::Node {
    public:
        Face(FirewallNode& box, firewall::Side side) : box_(box), side_(side) {}
        void receive(net::Packet packet, base::SimTime now) override { box_.pass(std::move(packet), side_, now); }

    private:
        FirewallNode& box_;
        firewall::Side side_;
    };

    void pass(net::Packet packet, firewall::Side from, base::SimTime now);
    void send_own(base::Bytes octets, bool towards_servers, std::uint32_t cause, base::SimTime now);

    Face client_face_;
    Face server_face_;
    net::Node* towards_client_ = nullptr;
    net::Node* towards_servers_ = nullptr;
    std::shared_ptr<Gate> gate_;
    Recorder& recorder_;
    std::uint32_t number_;
    std::uint32_t rules_ = 0;
};

}  // namespace sim::world
