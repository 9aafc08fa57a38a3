// Writes down what happens to packets: always the refusals and failed connects, journeys and notes only when a trace
// is wanted. Without a trace a packet's tag stays 0 and every call about it returns at once.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/net/link.hpp"
#include "sim/net/node.hpp"
#include "sim/world/trace.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sim::world {

class Recorder {
public:
    void begin(bool traced);
    bool traced() const { return traced_; }

    // Who is on the network; rule sets as they come into force (returns their number in Trace::rule_sets).
    void add_host(std::string name, const std::vector<wire::IpAddress>& addresses);
    void add_firewall(const std::string& name);
    std::uint32_t add_rules(std::shared_ptr<const firewall::RuleSet> rules);

    // A packet goes onto the network: gives it its tag, the number of its journey.
    void sent(net::Packet& packet, Maker maker, bool towards_servers, base::SimTime now, std::uint32_t cause = 0);

    struct Box {
        std::uint32_t firewall = 0;
        std::uint32_t rules = 0;
        firewall::Side from = firewall::Side::client;
    };
    void judged(const net::Packet& packet, const Box& box, const firewall::Passage& passage, base::SimTime now);
    // As the client has it: before the translations of the firewalls between.
    wire::FlowKey client_flow(const wire::FlowKey& flow) const;
    void ended(std::uint32_t tag, Fate fate, base::SimTime now, std::uint32_t at = 0);

    void note(HostId host, ActorId actor, std::string text, base::SimTime now);
    void connect_failed(const FailedConnect& failed);

    const Trace* trace() const { return traced_ ? &trace_ : nullptr; }
    const std::vector<FailedConnect>& failed_connects() const { return failed_connects_; }
    const std::vector<Refusal>& refusals() const { return refusals_; }

private:
    std::optional<HostId> owner_of(const wire::IpAddress& address) const;
    void note_translation(const net::Packet& packet, const Box& box, const base::Bytes& octets);

    bool traced_ = false;
    Trace trace_;
    std::vector<std::shared_ptr<const firewall::RuleSet>> rules_;
    std::vector<FailedConnect> failed_connects_;
    std::vector<Refusal> refusals_;
    std::map<wire::FlowKey, wire::FlowKey> known_as_;  // a connection behind a translation: what the client calls it
};

// Tells the recorder what one link of the path lost.
class LossWatch final : public net::LinkWatcher {
public:
    LossWatch(Recorder& recorder, std::uint32_t link) : recorder_(recorder), link_(link) {}
    void lost(const net::Packet& packet, Loss why, base::SimTime now) override {
        recorder_.ended(packet.tag, why == Loss::chance ? Fate::lost : Fate::too_big, now, link_);
    }

private:
    Recorder& recorder_;
    std::uint32_t link_;
};

}  // namespace sim::world
