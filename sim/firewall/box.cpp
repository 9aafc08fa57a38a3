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

std::optional<wire::IpAddress> Box::own_address(std::size_t interface, wire::Family family) const {
    for (const BoxInterface::Address& a : interfaces_[interface].addresses)
        if (a.address.family() == family) return a.address;
    return std::nullopt;
}

std::optional<wire::IpAddress> Box::own_address(std::size_t interface, const wire::IpAddress& target) const {
    for (const BoxInterface::Address& a : interfaces_[interface].addresses)
        if (a.network.contains(target)) return a.address;
    return own_address(interface, target.family());
}

Box::Transit Box::judge_arrived(const wire::PacketView& arrived, std::size_t interface, base::SimTime now,
                                Recorder* recorder) {
    Mark mark = engine_.label(arrived, now, true);
    Transit transit{.label = mark.label};
    wire::PacketView packet = arrived;
    Subject subject{.packet = &packet, .in_interface = interfaces_[interface].name};
    auto translated = engine_.translate(Hook::prerouting, subject, mark,
                                        own_address(interface, arrived.ip.target.family()), now, recorder);
    if (translated.impossible) {
        transit.verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
        return transit;
    }
    transit.octets = std::move(translated.octets);
    if (transit.octets) packet = *wire::parse(*transit.octets);
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
    const Hook last = *transit.hook == Hook::input ? Hook::input : Hook::postrouting;
    if (transit.verdict.action == Action::accept) let_through(transit, subject, mark, last, now, recorder);
    if (transit.verdict.action == Action::reject)
        transit.answer = answer(packet, mark, transit.verdict.with, now, recorder, interface);
    return transit;
}

// The rules have accepted the packet: its source is translated, and its connection remembered.
void Box::let_through(Transit& transit, const Subject& subject, Mark& mark, Hook last, base::SimTime now,
                      Recorder* recorder) {
    Subject leaving = subject;
    if (last == Hook::postrouting) leaving.in_interface = {};  // no longer known there
    const auto own = last == Hook::postrouting && transit.out ? own_address(*transit.out, subject.packet->ip.target)
                                                              : std::optional<wire::IpAddress>{};
    auto translated = engine_.translate(last, leaving, mark, own, now, recorder);
    if (translated.impossible)
        transit.verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
    else
        (void)engine_.passed(*subject.packet, mark, now, transit.verdict);
    if (transit.verdict.action != Action::accept) {
        transit.out.reset();
        return;
    }
    if (mark.direction && mark.marks != 0) transit.port_drawn = engine_.tracker().entry_of(mark).drawn;
    if (translated.octets) transit.octets = std::move(translated.octets);
}

Box::Transit Box::send(base::ByteView octets, base::SimTime now, Recorder* recorder) {
    const auto packet = wire::parse(octets);
    if (!packet) return ended(Reason::malformed);
    const auto complete = whole(*packet, false, now);
    if (!complete) return ended(Reason::fragment_held);
    return judge_sent(*complete, now, recorder);
}

Box::Transit Box::judge_sent(const wire::PacketView& sent, base::SimTime now, Recorder* recorder) {
    Mark mark = engine_.label(sent, now, false);
    Transit transit{.hook = Hook::output, .label = mark.label, .out = route(sent.ip.target)};
    wire::PacketView packet = sent;
    Subject subject{.packet = &packet};
    if (transit.out) subject.out_interface = interfaces_[*transit.out].name;
    const auto loopback = sent.ip.source.is_v4() ? wire::IpAddress::v4(127, 0, 0, 1) : wire::IpAddress::v6(0, 1);
    auto translated = engine_.translate(Hook::output, subject, mark, loopback, now, recorder);
    if (translated.impossible) {
        transit.verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
        return transit;
    }
    transit.octets = std::move(translated.octets);
    if (transit.octets) {  // it may go another way now
        packet = *wire::parse(*transit.octets);
        const bool stays = packet.ip.target == loopback || is_own(packet.ip.target);
        transit.out = stays ? std::nullopt : route(packet.ip.target);
        subject.out_interface = stays         ? "lo"
                                : transit.out ? std::string_view(interfaces_[*transit.out].name)
                                              : std::string_view();
    }
    transit.verdict = engine_.judge(Hook::output, subject, mark, now, recorder);
    if (transit.verdict.action == Action::accept) let_through(transit, subject, mark, Hook::postrouting, now, recorder);
    if (transit.verdict.action == Action::reject)
        transit.answer = answer(packet, mark, transit.verdict.with, now, recorder);
    return transit;
}

std::optional<Box::Answer> Box::answer(const wire::PacketView& packet, const Mark& mark, std::optional<RejectWith> with,
                                       base::SimTime now, Recorder* recorder, std::optional<std::size_t> came_by) {
    auto made = engine_.answer(packet, mark, with, address_towards(packet, came_by), now);
    if (!made) return std::nullopt;
    auto view = wire::parse(made->octets);
    if (!view) return std::nullopt;
    Answer result{.octets = std::move(made->octets), .label = made->mark.label};
    Subject subject{.packet = &*view};
    const auto translate = [&](Hook hook) {
        auto translated = engine_.translate(hook, subject, made->mark, std::nullopt, now, nullptr);
        if (!translated.octets) return;
        if (hook == Hook::postrouting) result.judged = std::move(result.octets);
        result.octets = std::move(*translated.octets);
        view = wire::parse(result.octets);
    };
    translate(Hook::output);
    if (is_own(view->ip.target)) {
        result.fate = Answer::Fate::local;
        subject.out_interface = "lo";
    } else {
        result.out = route(view->ip.target);
        if (result.out) subject.out_interface = interfaces_[*result.out].name;
    }
    const Verdict verdict = engine_.judge(Hook::output, subject, made->mark, now, recorder);
    if (verdict.action == Action::accept)
        translate(Hook::postrouting);
    else
        result.fate = Answer::Fate::blocked;
    return result;
}

std::optional<ConnectionInfo> Box::connection_of(base::ByteView octets, base::SimTime now) {
    const auto packet = wire::parse(octets);
    if (!packet) return std::nullopt;
    const Entry* entry = engine_.tracker().entry_for(*packet, now);
    return entry == nullptr ? std::nullopt : std::optional(describe(*entry, now));
}

std::vector<ConnectionInfo> Box::connections(base::SimTime now) const {
    return connection_list(engine_.tracker().table(), now);
}

}  // namespace sim::firewall
