// Where a host keeps its connections, and what it does for them: segments out, timers, news to their programs.
#include "sim/net/host.hpp"

#include <algorithm>
#include <variant>

namespace sim::net {

namespace {

// More connections than a filter study ever needs, and a bound on what a flood of SYNs can take.
constexpr std::size_t most_connections = 65536;

std::uint32_t hash_of(const wire::Endpoint& local, const wire::Endpoint& peer) {
    std::uint64_t h = std::uint64_t{local.port.value} << 16U | peer.port.value;
    for (const std::uint64_t part : {peer.address.high(), peer.address.low(), local.address.low()})
        h = (h ^ part) * 0x9e3779b97f4a7c15U;
    return static_cast<std::uint32_t>(h >> 32U) | 1U;  // 0 says "free"
}

}  // namespace

// ---- slots ----

Host::Slot* Host::find(const wire::Endpoint& local, const wire::Endpoint& peer) {
    const std::uint32_t key = hash_of(local, peer);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (keys_[i] != key) continue;
        Slot& slot = *slots_[i];
        if (slot.tcp.local() == local && slot.tcp.peer() == peer) return &slot;
    }
    return nullptr;
}

Host::Slot* Host::slot_of(SocketId socket) {
    if (socket.index >= slots_.size()) return nullptr;
    Slot& slot = *slots_[socket.index];
    return slot.program != nullptr && slot.generation == socket.generation ? &slot : nullptr;
}

Host::Slot* Host::take_slot(const wire::Endpoint& local, const wire::Endpoint& peer) {
    if (free_slots_.empty()) {
        if (slots_.size() >= most_connections) return nullptr;
        const auto index = static_cast<std::uint32_t>(slots_.size());
        slots_.push_back(std::make_unique<Slot>());
        slots_.back()->tcp.slot = index;
        keys_.push_back(0);
        free_slots_.push_back(index);
    }
    const std::uint32_t index = free_slots_.back();
    free_slots_.pop_back();
    keys_[index] = hash_of(local, peer);
    Slot& slot = *slots_[index];
    slot.tcp.prepare(*this, settings_.profile,
                     {.local = local,
                      .peer = peer,
                      .first_sequence = static_cast<std::uint32_t>(random_.next()),
                      .segment_size = segment_size(peer.address)});
    return &slot;
}

// The connection must be closed already: this only gives the place back.
void Host::release(Slot& slot) {
    if (slot.owns_port) ports_.free(wire::Protocol::tcp, slot.tcp.local().port);
    slot.program = nullptr;
    slot.told = false;
    slot.owns_port = false;
    ++slot.generation;
    keys_[slot.tcp.slot] = 0;
    free_slots_.push_back(slot.tcp.slot);
}

// TIME-WAIT has no timer of its own, so that a world at rest is at rest: what is over is noticed when it matters.
void Host::forget_expired(base::SimTime now) {
    for (const auto& slot : slots_) {
        if (slot->tcp.state() != TcpState::time_wait || slot->tcp.time_wait_ends() > now) continue;
        slot->tcp.abort();
        release(*slot);
    }
}

// ---- what connections ask for ----

void Host::fire(std::uint64_t token, base::SimTime now) { slots_[static_cast<std::size_t>(token)]->tcp.timer(now); }

void Host::transmit(TcpConnection& connection, const wire::TcpHeader& header, base::ByteView payload) {
    const wire::IpHeader ip = ip_header(connection.local().address, connection.peer().address, wire::Protocol::tcp);
    emit(wire::emit_tcp(ip, header, payload));
}

void Host::set_timer(TcpConnection& connection, base::SimTime when) {
    Slot& slot = *slots_[connection.slot];
    scheduler_.cancel(slot.timer);
    slot.timer = scheduler_.at(when, *this, connection.slot);
}

void Host::stop_timer(TcpConnection& connection) { scheduler_.cancel(slots_[connection.slot]->timer); }

void Host::tell(TcpConnection& connection, const TcpNews& news) { tell_program(*slots_[connection.slot], news); }

void Host::tell_program(Slot& slot, const TcpNews& news) {
    Program* const program = slot.program;
    const SocketId id = id_of(slot);
    const Cookie cookie = slot.cookie;
    const bool told = slot.told;
    const wire::Endpoint peer = slot.tcp.peer();
    const auto unreachable = slot.tcp.unreachable();
    if (slot.tcp.state() == TcpState::closed) release(slot);
    if (program == nullptr) return;

    if (std::holds_alternative<TcpOpened>(news)) {
        const wire::Endpoint local = slot.tcp.local();
        if (told) return program->connected(id, cookie, local, peer);
        slot.told = true;
        const Cookie chosen = program->accepted(id, local, peer);
        if (slot.generation == id.generation) slot.cookie = chosen;
        return;
    }
    if (!told) return;  // a handshake that a peer began and never ended
    if (const auto* octets = std::get_if<TcpOctets>(&news)) return program->received(id, cookie, octets->octets);
    if (std::holds_alternative<TcpPeerClosed>(news)) return program->peer_closed(id, cookie);
    if (const auto* reset = std::get_if<TcpReset>(&news)) return program->reset(id, cookie, reset->cause);
    if (const auto* failed = std::get_if<TcpFailed>(&news))
        return program->connect_failed(id, cookie, {failed->error, peer, unreachable});
    // Finished: the slot stays in TIME-WAIT when this end closed first, but no longer belongs to the program.
    if (slot.generation == id.generation) {
        slot.program = nullptr;
        ++slot.generation;
    }
    program->finished(id, cookie);
}

// ---- addresses and headers ----

const wire::IpAddress* Host::address_towards(const wire::IpAddress& target) const {
    for (const wire::IpAddress& own : settings_.addresses)
        if (own.family() == target.family()) return &own;
    return nullptr;
}

std::uint16_t Host::segment_size(const wire::IpAddress& peer) const {
    const std::uint32_t heads = peer.is_v4() ? 40 : 60;
    const std::uint32_t size = settings_.mtu > heads ? settings_.mtu - heads : 0;
    return static_cast<std::uint16_t>(std::clamp<std::uint32_t>(size, 48, 65495));
}

wire::IpHeader Host::ip_header(const wire::IpAddress& from, const wire::IpAddress& to, wire::Protocol protocol) {
    wire::IpHeader ip;
    ip.source = from;
    ip.target = to;
    ip.protocol = protocol;
    ip.hop_limit = settings_.profile.hop_limit;
    if (from.is_v4()) ip.id = next_ip_id_++;
    return ip;
}

}  // namespace sim::net
