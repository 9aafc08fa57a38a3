#include "sim/firewall/box.hpp"

#include "sim/firewall/connections.hpp"

#include <cassert>

namespace sim::firewall {
namespace {

Box::Transit ended(Reason reason) { return {.verdict = {Action::drop, reason, std::nullopt, std::nullopt}}; }

// The last address of an IPv4 network of more than two addresses, and the address for "everybody here".
bool is_broadcast(const wire::IpAddress& a, const wire::Prefix& network) {
    if (!a.is_v4()) return false;
    if (a.v4_bits() == 0xffffffffU) return true;
    return network.family() == wire::Family::ipv4 && network.length() < 31 &&
           a.v4_bits() == (network.address().v4_bits() | ~network.mask().v4_bits());
}

}  // namespace

Box::Box(SharedRules rules, const EngineSettings& settings, std::vector<BoxInterface> interfaces)
    : engine_(std::move(rules), settings), interfaces_(std::move(interfaces)) {}

bool Box::is_own(const wire::IpAddress& address) const {
    for (const BoxInterface& i : interfaces_)
        for (const BoxInterface::Address& a : i.addresses)
            if (a.address == address || is_broadcast(address, a.network)) return true;
    return false;
}

std::optional<std::size_t> Box::route(const wire::IpAddress& target) const {
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

// The source of an ICMP error: the address that was asked when it is ours, else that of the interface it leaves by; for
// IPv6 that of the interface by which the packet came (observed, Linux 6.18).
wire::IpAddress Box::address_towards(const wire::PacketView& packet, std::optional<std::size_t> came_by) const {
    if (is_own(packet.ip.target)) return packet.ip.target;
    if (const auto out = came_by && !packet.ip.source.is_v4() ? came_by : route(packet.ip.source))
        for (const BoxInterface::Address& a : interfaces_[*out].addresses)
            if (a.address.family() == packet.ip.source.family()) return a.address;
    return packet.ip.target;
}

std::optional<wire::PacketView> Box::whole(const wire::PacketView& packet, bool for_us, base::SimTime now) {
    const bool collects = engine_.tracks(packet.ip.source.family()) || (for_us && packet.ip.source.is_v4());
    if (!packet.ip.is_fragment() || !collects || !Reassembler::takes(packet)) return packet;
    std::optional<Datagram> datagram = engine_.gather(packet, now);
    if (!datagram) return std::nullopt;
    reassembled_ = std::move(datagram->whole);
    const auto parsed = wire::parse(reassembled_);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

Box::Transit Box::arrive(base::ByteView octets, std::size_t interface, base::SimTime now, Recorder* recorder) {
    assert(interface < interfaces_.size());
    const auto packet = wire::parse(octets);
    if (!packet) return ended(Reason::malformed);
    const auto complete = whole(*packet, is_own(packet->ip.target), now);
    if (!complete) return ended(Reason::fragment_held);
    return judge_arrived(*complete, interface, now, recorder);
}

Box::Transit Box::judge_arrived(const wire::PacketView& packet, std::size_t interface, base::SimTime now,
                                Recorder* recorder) {
    const Mark mark = engine_.label(packet, now, true);
    Transit transit{.label = mark.label};
    Subject subject{.packet = &packet, .in_interface = interfaces_[interface].name};
    if (is_own(packet.ip.target)) {
        transit.hook = Hook::input;
    } else {
        transit.out = route(packet.ip.target);
        const bool expired = packet.ip.hop_limit <= 1;
        if (!transit.out || expired) {
            transit.verdict = {Action::drop, expired ? Reason::hop_limit : Reason::malformed, std::nullopt,
                               std::nullopt};
            transit.answer = answer(packet, mark, expired ? std::nullopt : std::optional(RejectWith::net_unreachable),
                                    now, recorder, interface);
            return transit;
        }
        transit.hook = Hook::forward;
        subject.out_interface = interfaces_[*transit.out].name;
    }
    transit.verdict = engine_.judge(*transit.hook, subject, mark, now, recorder);
    if (transit.verdict.action == Action::accept) (void)engine_.passed(packet, mark, now, transit.verdict);
    if (transit.verdict.action == Action::reject)
        transit.answer = answer(packet, mark, transit.verdict.with, now, recorder, interface);
    return transit;
}

Box::Transit Box::send(base::ByteView octets, base::SimTime now, Recorder* recorder) {
    const auto packet = wire::parse(octets);
    if (!packet) return ended(Reason::malformed);
    const auto complete = whole(*packet, false, now);
    if (!complete) return ended(Reason::fragment_held);
    return judge_sent(*complete, now, recorder);
}

Box::Transit Box::judge_sent(const wire::PacketView& packet, base::SimTime now, Recorder* recorder) {
    const Mark mark = engine_.label(packet, now, false);
    Transit transit{.hook = Hook::output, .label = mark.label, .out = route(packet.ip.target)};
    Subject subject{.packet = &packet};
    if (transit.out) subject.out_interface = interfaces_[*transit.out].name;
    transit.verdict = engine_.judge(Hook::output, subject, mark, now, recorder);
    if (transit.verdict.action == Action::accept) (void)engine_.passed(packet, mark, now, transit.verdict);
    if (transit.verdict.action == Action::reject)
        transit.answer = answer(packet, mark, transit.verdict.with, now, recorder);
    return transit;
}

std::optional<Box::Answer> Box::answer(const wire::PacketView& packet, const Mark& mark, std::optional<RejectWith> with,
                                       base::SimTime now, Recorder* recorder, std::optional<std::size_t> came_by) {
    auto made = engine_.answer(packet, mark, with, address_towards(packet, came_by), now);
    if (!made) return std::nullopt;
    const auto view = wire::parse(made->octets);
    if (!view) return std::nullopt;
    Answer result{.octets = std::move(made->octets), .label = made->mark.label};
    Subject subject{.packet = &*view};
    if (is_own(view->ip.target)) {
        result.fate = Answer::Fate::local;
        subject.out_interface = "lo";
    } else {
        result.out = route(view->ip.target);
        if (result.out) subject.out_interface = interfaces_[*result.out].name;
    }
    const Verdict verdict = engine_.judge(Hook::output, subject, made->mark, now, recorder);
    if (verdict.action != Action::accept) result.fate = Answer::Fate::blocked;
    return result;
}

std::optional<ConnectionInfo> Box::connection_of(base::ByteView octets, base::SimTime now) {
    const auto packet = wire::parse(octets);
    if (!packet) return std::nullopt;
    const Entry* entry = engine_.tracker().entry_for(*packet, now);
    return entry == nullptr ? std::nullopt : std::optional(describe(*entry, now));
}

}  // namespace sim::firewall
