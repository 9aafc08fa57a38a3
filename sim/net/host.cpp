// A host's face to its programs: ports, connections, sockets.
#include "sim/net/host.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sim::net {

namespace {

constexpr std::size_t largest_datagram = 65535 - 40 - 8;

}  // namespace

Host::Host(Scheduler& scheduler, const HostSettings& settings, base::Random random, Node& out)
    : scheduler_(scheduler),
      settings_(settings),
      random_(random),
      out_(out),
      ports_(settings.profile, settings.ports_used_at_boot),
      next_ip_id_(static_cast<std::uint16_t>(random_.next())) {
    assert(!settings.addresses.empty());
}

Host::~Host() = default;

void Host::reset(const HostSettings& settings, base::Random random) {
    settings_ = settings;
    random_ = random;
    ports_.reset(settings.profile, settings.ports_used_at_boot);
    next_ip_id_ = static_cast<std::uint16_t>(random_.next());
    listeners_.clear();
    udp_.clear();
    for (const auto& slot : slots_) {
        slot->timer = EventId{};
        if (keys_[slot->tcp.slot] == 0) continue;
        slot->tcp.forget();
        release(*slot);
    }
    // The order in which slots are handed out must not depend on the life before.
    free_slots_.clear();
    for (std::size_t n = slots_.size(); n > 0; --n) free_slots_.push_back(static_cast<std::uint32_t>(n - 1));
}

bool Host::owns(const wire::IpAddress& address) const {
    return std::find(settings_.addresses.begin(), settings_.addresses.end(), address) != settings_.addresses.end();
}

// ---- listening ----

bool Host::listen(Program& program, wire::Port port) {
    if (ports_.taken(wire::Protocol::tcp, port)) return false;
    ports_.take(wire::Protocol::tcp, port);
    listeners_.push_back({port, &program});
    return true;
}

void Host::stop_listening(Program& program, wire::Port port) {
    const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                    [&](const Listener& l) { return l.port == port && l.program == &program; });
    if (found == listeners_.end()) return;
    ports_.free(wire::Protocol::tcp, port);
    listeners_.erase(found);
}

Program* Host::listener(wire::Port port) const {
    for (const Listener& l : listeners_)
        if (l.port == port) return l.program;
    return nullptr;
}

void Host::occupy(wire::Protocol protocol, wire::Port port) { ports_.take(protocol, port); }
void Host::vacate(wire::Protocol protocol, wire::Port port) { ports_.free(protocol, port); }

// ---- connections ----

base::Result<SocketId, ConnectError> Host::connect(Program& program, Cookie cookie, const wire::Endpoint& target) {
    forget_expired(scheduler_.now());
    const wire::IpAddress* source = address_towards(target.address);
    if (source == nullptr) return base::failure(ConnectError::no_resources);
    const auto port = ports_.take_any(wire::Protocol::tcp, random_);
    if (!port) return base::failure(ConnectError::no_resources);
    Slot* slot = take_slot({*source, *port}, target);
    if (slot == nullptr) {
        ports_.free(wire::Protocol::tcp, *port);
        return base::failure(ConnectError::no_resources);
    }
    slot->program = &program;
    slot->cookie = cookie;
    slot->told = true;
    slot->owns_port = true;
    const SocketId id = id_of(*slot);
    slot->tcp.open(scheduler_.now());
    return id;
}

void Host::send(SocketId socket, base::Bytes octets) {
    if (Slot* slot = slot_of(socket)) slot->tcp.send(std::move(octets), scheduler_.now());
}

void Host::close(SocketId socket) {
    Slot* slot = slot_of(socket);
    if (slot == nullptr) return;
    slot->tcp.close(scheduler_.now());
    if (slot->tcp.state() == TcpState::closed) release(*slot);
}

void Host::abort(SocketId socket) {
    Slot* slot = slot_of(socket);
    if (slot == nullptr) return;
    slot->tcp.abort();
    release(*slot);
}

void Host::end(Program& program) {
    for (const auto& slot : slots_) {
        if (slot->program != &program) continue;
        slot->tcp.abort();
        release(*slot);
    }
    for (std::size_t i = listeners_.size(); i > 0; --i)
        if (listeners_[i - 1].program == &program) stop_listening(program, listeners_[i - 1].port);
    for (Udp& udp : udp_) {
        if (udp.program != &program) continue;
        ports_.free(wire::Protocol::udp, udp.port);
        udp.program = nullptr;
        ++udp.generation;
    }
}

std::size_t Host::open_connections() const {
    return static_cast<std::size_t>(std::count_if(slots_.begin(), slots_.end(), [&](const auto& slot) {
        return keys_[slot->tcp.slot] != 0 && slot->tcp.state() != TcpState::time_wait;
    }));
}

// ---- datagrams ----

base::Result<Host::UdpSocket, ConnectError> Host::open_udp(Program& program, Cookie cookie, wire::Port port) {
    if (port == wire::Port{0}) {
        const auto any = ports_.take_any(wire::Protocol::udp, random_);
        if (!any) return base::failure(ConnectError::no_resources);
        port = *any;
    } else {
        if (ports_.taken(wire::Protocol::udp, port)) return base::failure(ConnectError::no_resources);
        ports_.take(wire::Protocol::udp, port);
    }
    auto udp = std::find_if(udp_.begin(), udp_.end(), [](const Udp& u) { return u.program == nullptr; });
    if (udp == udp_.end()) udp = udp_.insert(udp_.end(), Udp{});
    udp->program = &program;
    udp->cookie = cookie;
    udp->port = port;
    return UdpSocket{{static_cast<std::uint32_t>(udp - udp_.begin()), udp->generation}, port};
}

Host::Udp* Host::udp_of(SocketId socket) {
    if (socket.index >= udp_.size()) return nullptr;
    Udp& udp = udp_[socket.index];
    return udp.program != nullptr && udp.generation == socket.generation ? &udp : nullptr;
}

void Host::close_udp(SocketId socket) {
    Udp* udp = udp_of(socket);
    if (udp == nullptr) return;
    ports_.free(wire::Protocol::udp, udp->port);
    udp->program = nullptr;
    ++udp->generation;
}

void Host::send_to(SocketId socket, const wire::Endpoint& target, base::ByteView octets) {
    const Udp* udp = udp_of(socket);
    const wire::IpAddress* source = address_towards(target.address);
    if (udp == nullptr || source == nullptr || octets.size() > largest_datagram) return;
    const wire::IpHeader ip = ip_header(*source, target.address, wire::Protocol::udp);
    emit(wire::emit_udp(ip, {.source = udp->port, .target = target.port}, octets));
}

}  // namespace sim::net
