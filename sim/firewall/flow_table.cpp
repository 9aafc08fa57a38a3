#include "sim/firewall/flow_table.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace sim::firewall {
namespace {

constexpr std::uint8_t number(wire::Protocol p) { return static_cast<std::uint8_t>(p); }

constexpr std::uint16_t type_and_code(std::uint8_t type, std::uint8_t code) {
    return static_cast<std::uint16_t>(type << 8U | code);
}

// The message that answers, or that is answered by, an ICMP query (RFC 792, 950; RFC 4443, 4620).
std::optional<std::uint8_t> paired_type(std::uint8_t protocol, std::uint8_t type) {
    struct Pair {
        std::uint8_t ask, answer;
    };
    constexpr Pair v4[] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}};
    constexpr Pair v6[] = {{128, 129}, {139, 140}};
    const auto look = [type](const auto& pairs) -> std::optional<std::uint8_t> {
        for (const Pair& p : pairs) {
            if (p.ask == type) return p.answer;
            if (p.answer == type) return p.ask;
        }
        return std::nullopt;
    };
    return protocol == number(wire::Protocol::icmp) ? look(v4) : look(v6);
}

constexpr std::uint8_t gre = 47;

// GRE of version 1 (PPTP, RFC 2637) carries PPP and nothing else, and the number of a call at its target, of which the
// other end's packets know nothing. All other GRE is known by its addresses.
std::optional<Tuple> with_call(const wire::PacketView& packet, Tuple tuple) {
    const base::ByteView octets = packet.ip_payload;
    const auto word = [octets](std::size_t at) {
        return static_cast<std::uint16_t>(octets[at] << 8U | octets[at + 1]);
    };
    if (packet.ip.fragment_offset != 0 || octets.size() < 8 || (octets[1] & 7U) != 1) return tuple;
    constexpr std::uint16_t ppp = 0x880b;
    if (word(2) != ppp) return std::nullopt;
    tuple.target_part = word(6);
    return tuple;
}

}  // namespace

std::optional<Tuple> tuple_of(const wire::PacketView& packet) {
    Tuple t{.source = packet.ip.source, .target = packet.ip.target, .protocol = number(packet.ip.protocol)};
    if (const wire::TcpHeader* tcp = packet.tcp()) {
        t.source_part = tcp->source.value;
        t.target_part = tcp->target.value;
    } else if (const wire::UdpHeader* udp = packet.udp()) {
        t.source_part = udp->source.value;
        t.target_part = udp->target.value;
    } else if (const wire::IcmpHeader* icmp = packet.icmp()) {
        t.source_part = icmp->identifier();
        t.target_part = type_and_code(icmp->type, icmp->code);
    } else if (packet.transport_cut) {
        return std::nullopt;
    } else if (static_cast<std::uint8_t>(packet.ip.protocol) == gre) {
        return with_call(packet, t);
    }
    return t;
}

std::optional<Tuple> reversed(const Tuple& tuple) {
    Tuple r{.source = tuple.target, .target = tuple.source, .protocol = tuple.protocol};
    if (tuple.protocol == number(wire::Protocol::icmp) || tuple.protocol == number(wire::Protocol::icmpv6)) {
        const auto type = paired_type(tuple.protocol, static_cast<std::uint8_t>(tuple.target_part >> 8U));
        if (!type) return std::nullopt;
        r.source_part = tuple.source_part;
        r.target_part = type_and_code(*type, static_cast<std::uint8_t>(tuple.target_part & 0xffU));
        return r;
    }
    r.source_part = tuple.target_part;
    r.target_part = tuple.source_part;
    return r;
}

std::uint32_t FlowTable::living_value(const Tuple& tuple, std::uint32_t tag, base::SimTime now) {
    const std::uint32_t value = tuples_.find(tag, [&](std::uint32_t known) { return tuple_at(known) == tuple; });
    if (value == TupleIndex::nowhere || entries_[value >> 1U].expires > now) return value;
    erase(value >> 1U);
    return TupleIndex::nowhere;
}

// What is not where it should be: not at home, behind another with the same tag, over, or not there at all. Apart, so
// that the usual way stays short.
[[gnu::noinline]] std::optional<FlowTable::Found> FlowTable::find_further(const Tuple& tuple, std::uint32_t tag,
                                                                          base::SimTime now) {
    const std::uint32_t value = living_value(tuple, tag, now);
    return value == TupleIndex::nowhere ? std::nullopt : std::optional(found_at(value));
}

void FlowTable::find(std::span<const Tuple> tuples, base::SimTime now, std::span<std::optional<Found>> found) {
    assert(tuples.size() == found.size());
    // Three steps, each so many tuples behind the one before that what it reads has arrived.
    constexpr std::size_t behind = 16, kept = 4 * behind;
    std::array<std::uint32_t, kept> tags, values;
    const std::size_t count = tuples.size();
    const auto begin = [&](std::size_t i) {
        tags[i % kept] = TupleIndex::tag_of(TupleHash{}(tuples[i]));
        tuples_.prefetch(tags[i % kept]);
    };
    const auto go_on = [&](std::size_t i) {
        std::uint32_t value = tuples_.first(tags[i % kept]);
        if (value == TupleIndex::nowhere) [[unlikely]]
            value = tuples_.find(tags[i % kept], [](std::uint32_t) { return true; });  // not at home, or not there
        values[i % kept] = value;
        if (value == TupleIndex::nowhere) return;
        __builtin_prefetch(&entries_[value >> 1U].expires);
        __builtin_prefetch(&tuple_at(value));
    };
    const auto end = [&](std::size_t i) {
        const std::uint32_t value = values[i % kept];
        if (value != TupleIndex::nowhere && lives(value, tuples[i], now)) [[likely]]
            found[i] = found_at(value);
        else
            found[i] = find_further(tuples[i], tags[i % kept], now);
    };
    for (std::size_t step = 0; step < count + 2 * behind; ++step) {
        if (step < count) begin(step);
        if (step >= behind && step < count + behind) go_on(step - behind);
        if (step >= 2 * behind) end(step - 2 * behind);
    }
}

std::uint32_t FlowTable::insert(const Entry& entry, base::SimTime now) {
    if (entries_.size() - free_.size() >= sweep_at_) sweep(now);
    const std::uint32_t original = TupleIndex::tag_of(TupleHash{}(entry.original)),
                        reply = TupleIndex::tag_of(TupleHash{}(entry.reply));
    const std::uint32_t before = living_value(entry.original, original, now);
    const bool answered_by_other = living_value(entry.reply, reply, now) != TupleIndex::nowhere;
    std::uint32_t index = 0;
    if (free_.empty()) {
        index = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back({entry});
    } else {
        index = free_.back();
        free_.pop_back();
        entries_[index] = Kept{entry};
    }
    entries_[index].serial = ++serial_;
    if (before != TupleIndex::nowhere) tuples_.erase(original, before);
    tuples_.insert(original, value_of(index, FlowSide::original));
    // A host that talks to itself has one tuple for both.
    if (!answered_by_other && entry.reply != entry.original) tuples_.insert(reply, value_of(index, FlowSide::reply));
    return index;
}

void FlowTable::erase(std::uint32_t index) {
    Entry& entry = entries_[index];
    tuples_.erase(TupleIndex::tag_of(TupleHash{}(entry.original)), value_of(index, FlowSide::original));
    tuples_.erase(TupleIndex::tag_of(TupleHash{}(entry.reply)), value_of(index, FlowSide::reply));
    entry.serial = 0;
    free_.push_back(index);
}

void FlowTable::clear() { *this = FlowTable(entries_.get_allocator().resource()); }

void FlowTable::sweep(base::SimTime now) {
    for (std::uint32_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].serial != 0 && entries_[i].expires <= now) erase(i);
    sweep_at_ = std::max(sweep_least, 2 * (entries_.size() - free_.size()));
}

std::size_t FlowTable::memory() const {
    return entries_.capacity() * sizeof(Kept) + free_.capacity() * sizeof(free_[0]) + tuples_.memory();
}

std::vector<const Entry*> FlowTable::living(base::SimTime now) const {
    std::vector<const Entry*> found;
    for (const Entry& entry : entries_)
        if (entry.serial != 0 && entry.expires > now) found.push_back(&entry);
    std::sort(found.begin(), found.end(), [](const Entry* a, const Entry* b) { return a->serial < b->serial; });
    return found;
}

}  // namespace sim::firewall
