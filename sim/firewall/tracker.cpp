#include "sim/firewall/tracker.hpp"

#include <utility>

namespace sim::firewall {
namespace {

using wire::Protocol;

constexpr std::uint8_t gre = 47;
constexpr std::uint8_t sctp = 132;
constexpr std::uint8_t no_next_header = 59;  // of IPv6

Mark refused(std::string_view why, bool broken = false) {
    return {.label = Label::invalid, .broken = broken, .why = why};
}

bool is_icmp(const wire::PacketView& p) {
    return p.ip.protocol == (p.ip.source.is_v4() ? Protocol::icmp : Protocol::icmpv6);
}

bool is_error(const wire::PacketView& p, std::uint8_t type) {
    if (!p.ip.source.is_v4()) return type < 128;  // RFC 4443 2.1
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

// Listener, neighbour and router messages of IPv6 (RFC 2710, 4861, 3810, 4286) are about the link, not about
// connections.
bool is_link_talk(const wire::PacketView& p, std::uint8_t type) {
    return !p.ip.source.is_v4() && ((type >= 130 && type <= 136) || type == 143 || type == 151 || type == 152);
}

bool may_ask(const wire::PacketView& p, std::uint8_t type) {
    if (!p.ip.source.is_v4()) return type == 128 || type == 139;
    return type == 8 || type == 13 || type == 15 || type == 17;
}

// RFC 9260 6.8 and appendix A: a CRC32c over the whole, with the checksum's own octets taken as zero.
bool is_wrong_sctp(const wire::PacketView& p) {
    constexpr std::size_t header = 12, at = 8;
    if (static_cast<std::uint8_t>(p.ip.protocol) != sctp || p.ip.is_fragment()) return false;
    if (p.ip_payload.size() < header) return true;
    std::uint32_t crc = ~std::uint32_t{0}, carried = 0;
    for (std::size_t i = 0; i < p.ip_payload.size(); ++i) {
        const bool own = i >= at && i < header;
        if (own) carried |= static_cast<std::uint32_t>(p.ip_payload[i]) << 8U * (i - at);
        crc ^= own ? 0U : p.ip_payload[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
    }
    return ~crc != carried;
}

}  // namespace

Mark Tracker::label(const wire::PacketView& packet, base::SimTime now, bool arriving) {
    if (const auto answered = std::exchange(answered_, std::nullopt); answered && !arriving && packet.icmp() != nullptr)
        if (const auto quoted = wire::parse_quoted(packet.payload); quoted && tuple_of(*quoted) == answered->tuple)
            if (packet.ip.target == quoted->ip.source) return answer_to(answered->mark);
    if (packet.transport_cut) return refused("its transport header is cut", true);
    if (arriving && (packet.checksum_wrong || is_wrong_sctp(packet))) return refused("its checksum is wrong", true);
    if (packet.ip.protocol == (packet.ip.source.is_v4() ? Protocol::icmpv6 : Protocol::icmp))
        return refused("this ICMP belongs to the other version of IP");
    if (!packet.ip.source.is_v4() && static_cast<std::uint8_t>(packet.ip.protocol) == no_next_header)
        return refused("it carries nothing");
    if (is_icmp(packet)) {
        const wire::IcmpHeader* icmp = packet.icmp();
        if (icmp == nullptr) return refused("a fragment has no place in the connection table");
        if (is_link_talk(packet, icmp->type))
            return {.label = Label::untracked, .why = "link messages are not tracked"};
        if (packet.ip.source.is_v4() && icmp->type > 18) return refused("no such ICMP type is known");
        if (is_error(packet, icmp->type)) return label_icmp_error(packet, now);
    }
    if (const wire::TcpHeader* tcp = packet.tcp(); tcp != nullptr && !sane(tcp->flags))
        return refused("no TCP sends this combination of flags");
    const std::optional<Tuple> tuple = tuple_of(packet);
    if (!tuple) return refused("GRE of version 1 that carries no PPP");
    Mark mark = look_up(packet, *tuple, now);
    if (mark.label == Label::invalid) return mark;

    TcpStep step = follow(packet, mark, entry(mark), now);
    if (step.outcome == TcpStep::Outcome::reopened) {
        table_.erase(mark.index);
        mark = look_up(packet, *tuple, now);
        if (mark.label == Label::invalid) return mark;
        step = follow(packet, mark, entry(mark), now);
    }
    if (step.timer) entry(mark).expires = now + *step.timer;
    if (step.outcome == TcpStep::Outcome::invalid) return refused(step.why);
    if (step.outcome == TcpStep::Outcome::answered_by_reset) {
        pending_ = table_.at(mark.index);  // still needed to translate this packet
        table_.erase(mark.index);
        mark.holder = Mark::Holder::gone;
        return mark;
    }
    if (step.assured) entry(mark).assured = true;
    if (mark.direction == FlowSide::reply) entry(mark).replied = true;
    mark.why = step.why;
    return mark;
}

Mark Tracker::label_icmp_error(const wire::PacketView& packet, base::SimTime now) {
    const auto quoted = wire::parse_quoted(packet.payload);
    if (!quoted) return refused("an ICMP error that quotes no packet");
    const std::optional<Tuple> tuple = tuple_of(*quoted);
    const std::optional<Tuple> wanted = tuple ? reversed(*tuple) : std::nullopt;
    if (!wanted) return refused("an ICMP error that quotes no connection");
    const auto found = table_.find(*wanted, now);
    if (!found) return refused("an ICMP error about no known connection");
    if (packet.ip.target != wanted->target) return refused("an ICMP error that goes to somebody else than it is about");
    return {.label = Label::related,
            .direction = found->side,
            .marks = table_.at(found->index).marks,
            .holder = Mark::Holder::table,
            .index = found->index};
}

// Finds the entry, or prepares a new one that waits for confirm().
Mark Tracker::look_up(const wire::PacketView& packet, const Tuple& tuple, base::SimTime now) {
    Mark mark;
    if (const auto found = table_.find(tuple, now)) {
        const Entry& known = table_.at(found->index);
        mark.holder = Mark::Holder::table;
        mark.index = found->index;
        mark.direction = found->side;
        mark.marks = known.marks;
        mark.pinhole = known.pinhole;
        mark.label = found->side == FlowSide::reply || known.replied ? Label::established
                     : known.announced                               ? Label::related
                                                                     : Label::new_flow;
        return mark;
    }
    if (!open(packet, tuple, now, mark)) mark.label = Label::invalid;
    return mark;
}

bool Tracker::open(const wire::PacketView& packet, const Tuple& tuple, base::SimTime now, Mark& mark) {
    const std::optional<Tuple> answer = reversed(tuple);
    const wire::IcmpHeader* icmp = packet.icmp();
    if (!answer || (icmp != nullptr && !may_ask(packet, icmp->type))) {
        mark.why = "an ICMP message that answers nothing asked before";
        return false;
    }
    pending_ = Entry{};
    pending_.original = tuple;
    pending_.reply = *answer;
    pending_.stream_from = now + std::chrono::seconds{2};
    if (const wire::TcpHeader* tcp = packet.tcp()) {
        if (!pending_.tcp.begin(segment_of(*tcp, packet.payload.size()), settings_)) {
            mark.why = "no connection is known, and this packet may not begin one";
            return false;
        }
    }
    mark.holder = Mark::Holder::pending;
    mark.direction = FlowSide::original;
    mark.label = Label::new_flow;
    return true;
}

TcpStep Tracker::follow(const wire::PacketView& packet, const Mark& mark, Entry& entry, base::SimTime now) {
    const Timers& timers = settings_.timers;
    switch (packet.ip.protocol) {
        case Protocol::tcp: return follow_tcp(packet, mark, entry, now);
        case Protocol::udp: return follow_udp(entry, now);
        case Protocol::icmp:
        case Protocol::icmpv6: return {.timer = timers.icmp};
        default: break;
    }
    if (static_cast<std::uint8_t>(packet.ip.protocol) != gre) return {.timer = timers.other};
    return {.timer = entry.replied ? timers.gre_stream : timers.gre, .assured = entry.replied};
}

TcpStep Tracker::follow_tcp(const wire::PacketView& packet, const Mark& mark, Entry& entry, base::SimTime now) {
    const wire::TcpHeader* tcp = packet.tcp();
    if (tcp == nullptr) return {.outcome = TcpStep::Outcome::invalid, .why = "its TCP header is not there"};
    const TcpTrack::Context context{
        .side = *mark.direction, .replied = entry.replied, .assured = entry.assured, .left = entry.expires - now};
    return entry.tcp.step(segment_of(*tcp, packet.payload.size()), context, settings_);
}

TcpStep Tracker::follow_udp(const Entry& entry, base::SimTime now) const {
    const bool stream = entry.replied && now > entry.stream_from;
    return {.timer = stream ? settings_.timers.udp_stream : settings_.timers.udp, .assured = stream};
}

bool Tracker::confirm(const Mark& mark, base::SimTime now, std::uint32_t pinhole) {
    if (!mark.is_new()) return true;
    pending_.pinhole = pinhole;
    const bool translated = pending_.marks != 0;
    if (translated && (table_.find(pending_.original, now) || table_.find(pending_.reply, now))) return false;
    table_.insert(pending_, now);
    sources_.add(pending_, table_, now);
    return true;
}

void Tracker::bind(Mark& mark, End end, const NatRange& range, base::SimTime now) {
    mark.bound = static_cast<std::uint8_t>(mark.bound | (end == End::source ? StateSet::snat : StateSet::dnat));
    NatBinding{pending_, table_, sources_, now}.bind(end, range);
    mark.marks = pending_.marks;
}

std::optional<base::Bytes> Tracker::translated(const wire::PacketView& packet, const Mark& mark, End end) const {
    if (!mark.direction || mark.holder == Mark::Holder::none) return std::nullopt;
    const wire::IcmpHeader* icmp = packet.icmp();
    const bool error = icmp != nullptr && is_error(packet, icmp->type);
    return firewall::translated(packet, entry_of(mark), *mark.direction, error, end);
}

Mark Tracker::answer_to(const Mark& mark) {
    Mark answer = mark;
    answer.label = Label::related;
    answer.direction = other(mark.direction.value_or(FlowSide::reply));
    answer.why = {};
    return answer;
}

void Tracker::answers(const wire::PacketView& packet, const Mark& mark) {
    const auto tuple = mark.direction ? tuple_of(packet) : std::nullopt;
    answered_ = tuple ? std::optional(Answered{*tuple, mark}) : std::nullopt;
}

void Tracker::reset(const Mark& mark, base::SimTime now) {
    if (mark.holder == Mark::Holder::none) return;
    if (entry(mark).tcp.close()) entry(mark).expires = now + settings_.timers.tcp_close;
}

const Entry* Tracker::entry_for(const wire::PacketView& packet, base::SimTime now) {
    const wire::IcmpHeader* icmp = packet.icmp();
    std::optional<Tuple> tuple = tuple_of(packet);
    if (icmp != nullptr && is_error(packet, icmp->type)) {
        const auto quoted = wire::parse_quoted(packet.payload);
        tuple = quoted ? tuple_of(*quoted) : std::nullopt;
    }
    const auto found = tuple ? table_.find(*tuple, now) : std::nullopt;
    return found ? &table_.at(found->index) : nullptr;
}

}  // namespace sim::firewall
