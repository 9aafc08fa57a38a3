// RPC-aware inspection: reads the talk with endpoint mappers (TCP 135) that passes through the box, and holds the
// announced ports open for the client that asked (firewall-semantics, section 8).
//
// What a pinhole is stands in inspection.hpp, how a talk is read in mapper_talk.hpp. Here: which talks there are, and
// which packets go through a hole. A talk begins with the mapper's SYN-ACK, so that a forged SYN neither begins nor
// ends one, and the hole is open when the last segment of an answer has passed.
//
// Limits, as real inspection has them: mappers on other ports, sealed or signed talk, clients that do not ask, and
// answers that name another address than the client then calls. A box without tracking collects no IP fragments, so
// answers in fragments are not read there.
//
// Bounds: 1024 talks with 8 MiB of kept octets in all (the one that is silent for longest makes room), 4096 pinholes,
// and 4096 connections that a box without tracking remembers.
#pragma once

#include "sim/firewall/mapper_talk.hpp"
#include "sim/firewall/pinholes.hpp"
#include "sim/wire/flow.hpp"

#include <map>

namespace sim::firewall {

class RpcInspector {
public:
    struct Reading {
        std::vector<Inspected> inspected;
        bool refused = false;  // mapper_only: the talk is with somebody else
    };
    // A packet that the rules let pass.
    Reading observe(const wire::PacketView& packet, const InspectionSettings& settings, base::SimTime now);

    // For a packet that may begin a connection: the hole that lets it through.
    const Pinhole* opens(const wire::PacketView& packet, base::SimTime now) const {
        return pinholes_.fitting(packet, now);
    }
    // The first packet of a connection went through a hole.
    void used(std::uint32_t pinhole, const wire::PacketView& packet, base::SimTime now) {
        pinholes_.used(pinhole, packet, now);
    }
    std::optional<MissedPinhole> missed(const wire::PacketView& packet, base::SimTime now) const {
        return pinholes_.missed(packet, now);
    }

    // The same for a box without tracking, which knows no connections: those through a hole are remembered here, in
    // both directions, until they were silent for `idle`. The number of the hole.
    std::optional<std::uint32_t> passes_untracked(const wire::PacketView& packet, base::SimTime now,
                                                  base::SimDuration idle);

    std::vector<Pinhole> pinholes(base::SimTime now) const { return pinholes_.all(now); }
    // What is kept of talks: how many, and octets.
    std::size_t talks() const { return talks_.size(); }
    std::size_t held() const { return held_; }
    void forget();

private:
    static constexpr std::size_t talks_max = 1024;
    static constexpr std::size_t octets_max = 8U << 20U;
    static constexpr std::size_t connections_max = 4096;

    struct Talk {
        MapperTalk talk;
        std::uint64_t seen = 0;  // when last, as a count of packets
    };
    struct Connection {
        std::uint32_t pinhole = 0;
        base::SimTime seen{};
    };
    Talk* find(const wire::FlowKey& flow);
    Talk& begin(const wire::FlowKey& flow, MapperTalk talk);
    void read(const wire::PacketView& packet, const wire::FlowKey& flow, const InspectionSettings& settings,
              MapperTalk::News& news, Reading& reading);
    void make_room(const wire::FlowKey& keep);
    void announce(const wire::FlowKey& flow, const MapperTalk::News& news, const InspectionSettings& settings,
                  base::SimTime now, Reading& reading);

    std::map<wire::FlowKey, Talk> talks_;  // by the flow from the client
    std::size_t held_ = 0;                 // octets, of all talks
    std::uint64_t packets_ = 0;
    Pinholes pinholes_;
    std::map<wire::FlowKey, Connection> connections_;  // of a box without tracking
};

}  // namespace sim::firewall
