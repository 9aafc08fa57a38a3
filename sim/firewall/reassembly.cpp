#include "sim/firewall/reassembly.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

constexpr std::size_t packet_max = 65535;

bool same_datagram(const wire::IpHeader& a, const wire::IpHeader& b) {
    // IPv6 knows no protocol in the key: later fragments could name another one (RFC 8200 4.5).
    return a.source == b.source && a.target == b.target && a.id == b.id &&
           (!a.source.is_v4() || a.protocol == b.protocol);
}

}  // namespace

bool Reassembler::takes(const wire::PacketView& fragment) {
    if (fragment.ip.source.is_v4() || fragment.ip.fragment_offset != 0) return true;
    const std::size_t least = fragment.ip.protocol == wire::Protocol::tcp      ? 20
                              : fragment.ip.protocol == wire::Protocol::udp    ? 8
                              : fragment.ip.protocol == wire::Protocol::icmpv6 ? 8
                                                                               : 1;
    return fragment.ip_payload.size() >= least;
}

void Reassembler::make_room(base::SimTime now) {
    collections_.erase(std::remove_if(collections_.begin(), collections_.end(),
                                      [now](const Collection& c) { return c.expires <= now; }),
                       collections_.end());
    const auto held = [this] {
        std::size_t octets = 0;
        for (const Collection& c : collections_)
            for (const Piece& p : c.pieces) octets += p.payload.size() + p.packet.size();
        return octets;
    };
    while (collections_.size() >= datagrams_max || (!collections_.empty() && held() > octets_max))
        collections_.erase(collections_.begin());
}

std::size_t Reassembler::find_or_begin(const wire::PacketView& fragment, base::SimTime now, const Timers& timers) {
    for (std::size_t i = 0; i < collections_.size(); ++i)
        if (same_datagram(collections_[i].key, fragment.ip)) return i;
    Collection fresh;
    fresh.key = fragment.ip;
    fresh.expires = now + (fragment.ip.source.is_v4() ? timers.fragments_v4 : timers.fragments_v6);
    collections_.push_back(std::move(fresh));
    return collections_.size() - 1;
}

Reassembler::Placed Reassembler::place(Collection& c, const wire::PacketView& fragment) {
    base::ByteView payload = fragment.ip_payload;
    const std::size_t offset = fragment.ip.fragment_offset;
    const bool last = !fragment.ip.more_fragments;
    if (!last && payload.size() % 8 != 0) {
        if (!fragment.ip.source.is_v4()) return Placed::spoils;
        payload = payload.first(payload.size() / 8 * 8);
    }
    const std::size_t end = offset + payload.size();
    if (payload.empty() || end > packet_max) return Placed::spoils;
    if (last && ((c.length && *c.length != end) || (!c.pieces.empty() && c.pieces.back().end() > end)))
        return Placed::spoils;
    if (!last && c.length && end > *c.length) return Placed::spoils;

    const auto behind =
        std::find_if(c.pieces.begin(), c.pieces.end(), [offset](const Piece& p) { return p.end() > offset; });
    if (behind != c.pieces.end() && behind->offset < end) {
        std::size_t covered = behind->offset <= offset ? behind->end() : offset;
        for (auto p = behind + 1; p < c.pieces.end() && p->offset == covered; ++p) covered = p->end();
        return covered >= end ? Placed::repeated : Placed::spoils;
    }
    if (last) c.length = end;
    if (offset == 0) c.first = fragment.ip;
    Piece piece{.offset = offset,
                .payload = base::Bytes(payload.begin(), payload.end()),
                .packet = base::Bytes(fragment.octets.begin(), fragment.octets.end())};
    c.pieces.insert(behind, std::move(piece));
    return Placed::yes;
}

std::optional<Datagram> Reassembler::join(Collection& c) {
    if (!c.length || !c.first) return std::nullopt;
    std::size_t covered = 0;
    for (const Piece& p : c.pieces) {
        if (p.offset != covered) return std::nullopt;
        covered = p.end();
    }
    if (covered != *c.length) return std::nullopt;
    base::Bytes payload;
    payload.reserve(covered);
    Datagram done;
    for (Piece& p : c.pieces) {
        payload.insert(payload.end(), p.payload.begin(), p.payload.end());
        done.pieces.push_back(std::move(p.packet));
    }
    wire::IpHeader ip = *c.first;
    ip.more_fragments = false;
    ip.fragment_offset = 0;
    done.whole = wire::emit_raw(ip, payload);
    return done;
}

std::optional<Datagram> Reassembler::add(const wire::PacketView& fragment, base::SimTime now, const Timers& timers) {
    constexpr std::size_t largest_header = 40;
    make_room(now);
    const std::size_t index = find_or_begin(fragment, now, timers);
    const auto where = collections_.begin() + static_cast<std::ptrdiff_t>(index);
    switch (place(*where, fragment)) {
        case Placed::repeated: return std::nullopt;
        case Placed::spoils: collections_.erase(where); return std::nullopt;
        case Placed::yes: break;
    }
    if (where->length && *where->length + largest_header > packet_max) {
        collections_.erase(where);
        return std::nullopt;
    }
    std::optional<Datagram> done = join(*where);
    if (done) collections_.erase(where);
    return done;
}

}  // namespace sim::firewall
