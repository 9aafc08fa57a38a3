#include "sim/firewall/inspector.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

using wire::TcpFlags;

constexpr wire::Port mapper_port{135};

bool asks_mapper(const wire::TcpHeader& tcp) { return tcp.target == mapper_port; }
bool is_syn_ack(const wire::TcpHeader& tcp) { return tcp.flags.has(TcpFlags::syn | TcpFlags::ack); }
bool is_syn_alone(const wire::TcpHeader& tcp) {
    return tcp.flags.has(TcpFlags::syn) && !tcp.flags.has(TcpFlags::ack) && !tcp.flags.has(TcpFlags::rst);
}

}  // namespace

RpcInspector::Reading RpcInspector::observe(const wire::PacketView& packet, const InspectionSettings& settings,
                                            base::SimTime now) {
    Reading reading;
    const wire::TcpHeader* tcp = packet.tcp();
    if (tcp == nullptr || (tcp->source != mapper_port && tcp->target != mapper_port)) return reading;
    ++packets_;
    const wire::FlowKey own = wire::flow_of(packet);
    const wire::FlowKey flow = asks_mapper(*tcp) ? own : wire::reversed(own);
    MapperTalk::News news;
    read(packet, flow, settings, news, reading);
    announce(flow, news, settings, now, reading);
    make_room(flow);
    return reading;
}

void RpcInspector::read(const wire::PacketView& packet, const wire::FlowKey& flow, const InspectionSettings& settings,
                        MapperTalk::News& news, Reading& reading) {
    const wire::TcpHeader& tcp = *packet.tcp();
    Talk* talk = find(flow);
    if (!asks_mapper(tcp) && is_syn_ack(tcp)) {
        const bool again = talk != nullptr && talk->talk.began_with(tcp.sequence + 1);
        if (!again) talk = &begin(flow, MapperTalk(tcp.acknowledgement, tcp.sequence + 1));
        talk->seen = packets_;
        return;
    }
    if (packet.payload.empty()) return;
    if (talk == nullptr) {
        // Picked up in the middle: nobody knows where a PDU begins. Remembered, so that it is said once.
        talk = &begin(flow, MapperTalk(0, 0));
        talk->talk.give_up(NotOpened::late_beginning, news);
    }
    talk->seen = packets_;
    const std::size_t before = talk->talk.held();
    if (asks_mapper(tcp))
        talk->talk.request(tcp.sequence, packet.payload, news);
    else
        talk->talk.answer(tcp.sequence, packet.payload, settings.lookup_timeout.has_value(), news);
    held_ += talk->talk.held();
    held_ -= before;
    reading.refused = settings.mapper_only && talk->talk.binds_others();
}

RpcInspector::Talk* RpcInspector::find(const wire::FlowKey& flow) {
    const auto known = talks_.find(flow);
    return known == talks_.end() ? nullptr : &known->second;
}

RpcInspector::Talk& RpcInspector::begin(const wire::FlowKey& flow, MapperTalk talk) {
    if (const Talk* old = find(flow)) held_ -= old->talk.held();
    return talks_.insert_or_assign(flow, Talk{std::move(talk), packets_}).first->second;
}

// The talk that is silent for longest goes first; never the one that has just spoken.
void RpcInspector::make_room(const wire::FlowKey& keep) {
    while (talks_.size() > 1 && (talks_.size() > talks_max || held_ > octets_max)) {
        auto oldest = talks_.end();
        for (auto at = talks_.begin(); at != talks_.end(); ++at)
            if (at->first != keep && (oldest == talks_.end() || at->second.seen < oldest->second.seen)) oldest = at;
        if (oldest == talks_.end()) return;
        held_ -= oldest->second.talk.held();
        talks_.erase(oldest);
    }
}

void RpcInspector::announce(const wire::FlowKey& flow, const MapperTalk::News& news, const InspectionSettings& settings,
                            base::SimTime now, Reading& reading) {
    const auto not_opened = [&](NotOpened why, const rpc::Uuid& interface, wire::Port port) {
        reading.inspected.push_back(
            {.kind = Inspected::Kind::not_opened,
             .hole = {.client = flow.source.address, .server = {flow.target.address, port}, .interface = interface},
             .why = why});
    };
    for (const MapperTalk::News::Silent& silent : news.silent) not_opened(silent.why, silent.interface, {});
    std::vector<wire::Endpoint> done;  // several interfaces of one program share its port
    for (const auto& [tower, lookup] : news.announced) {
        const wire::IpAddress host = tower.host != wire::IpAddress{} ? tower.host : flow.target.address;
        const wire::Endpoint target{host, tower.port};
        if (!settings.lists(tower.interface.uuid)) {
            if (!lookup) not_opened(NotOpened::not_listed, tower.interface.uuid, tower.port);
            continue;
        }
        if (std::find(done.begin(), done.end(), target) != done.end()) continue;
        done.push_back(target);
        const base::SimDuration timeout = lookup ? *settings.lookup_timeout : settings.pinhole_timeout;
        Inspected opened = pinholes_.open({.client = flow.source.address,
                                           .server = target,
                                           .interface = tower.interface.uuid,
                                           .expires = now + timeout,
                                           .single_use = settings.single_use},
                                          now);
        opened.host_differs = host != flow.target.address;
        reading.inspected.push_back(std::move(opened));
    }
}

std::optional<std::uint32_t> RpcInspector::passes_untracked(const wire::PacketView& packet, base::SimTime now,
                                                            base::SimDuration idle) {
    const wire::TcpHeader* tcp = packet.tcp();
    if (tcp == nullptr) return std::nullopt;
    const wire::FlowKey own = wire::flow_of(packet);
    for (const wire::FlowKey& flow : {own, wire::reversed(own)}) {
        const auto known = connections_.find(flow);
        if (known == connections_.end()) continue;
        if (now - known->second.seen < idle) {
            known->second.seen = now;
            return known->second.pinhole;
        }
        connections_.erase(known);
    }
    const Pinhole* hole = is_syn_alone(*tcp) ? pinholes_.fitting(packet, now) : nullptr;
    if (hole == nullptr) return std::nullopt;
    if (connections_.size() >= connections_max)
        connections_.erase(std::min_element(connections_.begin(), connections_.end(), [](const auto& a, const auto& b) {
            return a.second.seen < b.second.seen;
        }));
    const std::uint32_t number = hole->number;
    connections_[own] = {number, now};
    pinholes_.used(number, packet, now);
    return number;
}

void RpcInspector::forget() {
    talks_.clear();
    held_ = 0;
    pinholes_.clear();
    connections_.clear();
}

}  // namespace sim::firewall
