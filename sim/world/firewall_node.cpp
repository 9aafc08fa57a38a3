#include "sim/world/firewall_node.hpp"

#include <utility>

namespace sim::world {

FirewallNode::FirewallNode(std::uint32_t number, Recorder& recorder)
    : client_face_(*this, firewall::Side::client),
      server_face_(*this, firewall::Side::server),
      recorder_(recorder),
      number_(number) {}

void FirewallNode::pass(net::Packet packet, firewall::Side from, base::SimTime now) {
    const bool towards_servers = from == firewall::Side::client;
    firewall::Passage passage = gate_->judge(packet.octets, from, now);
    recorder_.judged(packet, {.firewall = number_, .rules = rules_, .from = from}, passage, now);
    const std::uint32_t tag = packet.tag;
    if (passage.verdict.action == firewall::Action::accept) {
        if (passage.translated) packet.octets = std::move(*passage.translated);
        if (passage.replaced.empty())
            (towards_servers ? towards_servers_ : towards_client_)->receive(std::move(packet), now);
        for (base::Bytes& octets : passage.replaced) send_own(std::move(octets), towards_servers, tag, now);
    }
    if (passage.answer) send_own(std::move(*passage.answer), !towards_servers, tag, now);
}

void FirewallNode::send_own(base::Bytes octets, bool towards_servers, std::uint32_t cause, base::SimTime now) {
    net::Packet packet{std::move(octets)};
    recorder_.sent(packet, {.kind = Maker::Kind::firewall, .index = number_}, towards_servers, now, cause);
    (towards_servers ? towards_servers_ : towards_client_)->receive(std::move(packet), now);
}

}  // namespace sim::world
