#include "sim/firewall/box.hpp"

#include "sim/firewall/connections.hpp"

#include <cassert>
#include <string_view>

namespace sim::firewall {
namespace {

constexpr std::string_view loopback = "lo";

Verdict dropped(Reason reason) { return {Action::drop, reason, std::nullopt, std::nullopt}; }
Box::Transit ended(Reason reason) { return {.verdict = dropped(reason)}; }

}  // namespace

Box::Box(SharedRules rules, const EngineSettings& settings, std::vector<BoxInterface> interfaces)
    : engine_(std::move(rules), settings), routing_(std::move(interfaces)) {}

// The source of an ICMP error: the address that was asked when it is ours, else that of the interface it leaves by; for
// IPv6 that of the interface by which the packet came (observed, Linux 6.18).
wire::IpAddress Box::address_towards(const wire::PacketView& packet, std::optional<std::size_t> came_by) const {
    if (routing_.is_inside(packet.ip.target)) return packet.ip.target;
    if (const auto out = came_by && !packet.ip.source.is_v4() ? came_by : routing_.way_to(packet.ip.source))
        if (const auto own = routing_.own_address(*out, packet.ip.source.family())) return *own;
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
    assert(interface < routing_.interfaces().size());
    const auto packet = wire::parse(octets);
    if (!packet) return ended(Reason::malformed);
    if (Routing::is_refused_at_once(packet->ip.source, packet->ip.target)) {
        if (recorder != nullptr) recorder->note(sentence(Reason::not_routed));
        return ended(Reason::not_routed);
    }
    const auto complete = whole(*packet, routing_.takes(packet->ip.target), now);
    if (!complete) return ended(Reason::fragment_held);
    return judge_arrived(*complete, interface, now, recorder);
}

Box::Transit Box::judge_arrived(const wire::PacketView& arrived, std::size_t interface, base::SimTime now,
                                Recorder* recorder) {
    Mark mark = engine_.label(arrived, now, true);
    Transit transit{.label = mark.label};
    wire::PacketView packet = arrived;
    const std::string_view in = routing_.interfaces()[interface].name;
    Subject subject{.packet = &packet, .in_interface = in};
    auto translated = engine_.translate(Hook::prerouting, subject, mark,
                                        routing_.own_address(interface, arrived.ip.target.family()), now, recorder);
    if (translated.impossible) {
        transit.verdict = dropped(Reason::not_translated);
        return transit;
    }
    transit.octets = std::move(translated.octets);
    if (transit.octets) packet = *wire::parse(*transit.octets);
    if (ends_on_the_way(transit, packet, mark, interface, now, recorder)) return transit;
    transit.hook = transit.out ? Hook::forward : Hook::input;
    if (transit.out) subject.out_interface = routing_.interfaces()[*transit.out].name;
    transit.verdict = engine_.judge(*transit.hook, subject, mark, now, recorder);
    const Hook last = *transit.hook == Hook::input ? Hook::input : Hook::postrouting;
    if (transit.verdict.action == Action::accept) let_through(transit, subject, mark, last, now, recorder);
    if (transit.verdict.action == Action::reject)
        transit.answer = answer(packet, mark, transit.verdict.with, now, recorder, interface);
    return transit;
}

// Where it goes on, `out` says: by that interface, or, without one, into the box itself.
bool Box::ends_on_the_way(Transit& transit, const wire::PacketView& packet, const Mark& mark, std::size_t interface,
                          base::SimTime now, Recorder* recorder) {
    const auto ends = [&](Reason reason) {
        if (recorder != nullptr) recorder->note(sentence(reason));
        transit.verdict = dropped(reason);
        return true;
    };
    if (routing_.is_martian(packet.ip.source, packet.ip.target)) return ends(Reason::not_routed);
    if (routing_.takes(packet.ip.target)) return false;
    transit.out = routing_.way_to(packet.ip.target);
    const bool expired = packet.ip.hop_limit <= 1;
    if (!transit.out || expired) {
        ends(expired ? Reason::hop_limit : Reason::not_routed);
        transit.answer = answer(packet, mark, expired ? std::nullopt : std::optional(RejectWith::net_unreachable), now,
                                recorder, interface);
        engine_.tracker().answers(packet, mark);
        return true;
    }
    if (transit.out == interface || Routing::may_leave_its_link(packet.ip.source)) return false;
    engine_.tracker().answers(packet, mark);  // "beyond scope of source address" (RFC 4443 3.1), which is not made here
    return ends(Reason::not_routed);
}

// The rules have accepted the packet: its source is translated, and its connection remembered.
void Box::let_through(Transit& transit, const Subject& subject, Mark& mark, Hook last, base::SimTime now,
                      Recorder* recorder) {
    Subject leaving = subject;
    if (last == Hook::postrouting) leaving.in_interface = {};  // no longer known there
    std::optional<wire::IpAddress> own;
    if (last == Hook::postrouting)
        own = transit.out ? routing_.own_address(*transit.out, subject.packet->ip.target)
                          : routing_.own_address_inside(subject.packet->ip.target);
    auto translated = engine_.translate(last, leaving, mark, own, now, recorder);
    if (translated.impossible)
        transit.verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
    else
        (void)engine_.passed(*subject.packet, mark, now, transit.verdict);
    if (transit.verdict.action != Action::accept) {
        transit.out.reset();
        return;
    }
    transit.port_drawn = engine_.port_is_drawn(mark);
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
    const auto out_to = [this](const wire::IpAddress& target) {
        return routing_.is_inside(target) ? std::nullopt : routing_.way_to(target);
    };
    const auto name_of = [this](const wire::IpAddress& target, std::optional<std::size_t> out) {
        return out                          ? std::string_view(routing_.interfaces()[*out].name)
               : routing_.is_inside(target) ? loopback
                                            : std::string_view();
    };
    Mark mark = engine_.label(sent, now, false);
    Transit transit{.hook = Hook::output, .label = mark.label, .out = out_to(sent.ip.target)};
    wire::PacketView packet = sent;
    Subject subject{.packet = &packet, .out_interface = name_of(sent.ip.target, transit.out)};
    const auto myself = sent.ip.source.is_v4() ? wire::IpAddress::v4(127, 0, 0, 1) : wire::IpAddress::v6(0, 1);
    auto translated = engine_.translate(Hook::output, subject, mark, myself, now, recorder);
    if (translated.impossible) {
        transit.verdict = dropped(Reason::not_translated);
        return transit;
    }
    transit.octets = std::move(translated.octets);
    if (transit.octets) {  // it may go another way now; OUTPUT still names the interface of the first one
        packet = *wire::parse(*transit.octets);
        transit.out = out_to(packet.ip.target);
    }
    transit.verdict = engine_.judge(Hook::output, subject, mark, now, recorder);
    subject.out_interface = name_of(packet.ip.target, transit.out);
    const bool stays = routing_.is_inside(packet.ip.target);
    if (transit.verdict.action == Action::accept) let_through(transit, subject, mark, Hook::postrouting, now, recorder);
    if (transit.verdict.action == Action::reject)
        transit.answer = answer(packet, mark, transit.verdict.with, now, recorder);
    if (transit.verdict.action == Action::accept && stays) {
        if (transit.octets) packet = *wire::parse(*transit.octets);
        come_back_in(transit, packet, mark, now, recorder);
    }
    return transit;
}

// A packet of the box to itself: it keeps its label, and no nat rule is asked a second time.
void Box::come_back_in(Transit& transit, const wire::PacketView& packet, const Mark& mark, base::SimTime now,
                       Recorder* recorder) {
    const Subject subject{.packet = &packet, .in_interface = loopback};
    Transit::Inside& inside = transit.inside.emplace(Transit::Inside{});
    inside.verdict = engine_.judge(Hook::input, subject, mark, now, recorder);
    if (inside.verdict.action == Action::reject)
        inside.answer = answer(packet, mark, inside.verdict.with, now, recorder);
}

std::optional<Box::Answer> Box::answer(const wire::PacketView& packet, const Mark& mark, std::optional<RejectWith> with,
                                       base::SimTime now, Recorder* recorder, std::optional<std::size_t> came_by) {
    if (routing_.is_broadcast(packet.ip.target)) return std::nullopt;
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
    if (routing_.is_inside(view->ip.target)) {
        result.fate = Answer::Fate::local;
        subject.out_interface = loopback;
    } else {
        result.out = routing_.way_to(view->ip.target);
        if (result.out) subject.out_interface = routing_.interfaces()[*result.out].name;
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
