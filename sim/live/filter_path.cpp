#include "sim/live/filter_path.hpp"

#include "sim/wire/packet.hpp"

#include <algorithm>

namespace sim::live {

namespace {
using wire::TcpFlags;
constexpr std::size_t segment_size = 1460;
}  // namespace

FilterPath::FilterPath(const Gate& gate, const wire::Endpoint& client, const wire::Endpoint& server)
    : gate_(gate), client_(client), server_(server) {}

Passing FilterPath::syn(base::SimTime now) { return judge(Direction::to_server, TcpFlags::syn, {}, now); }

Passing FilterPath::handshake(base::SimTime now) {
    ++client_next_;
    answered_ = true;
    const Passing answer = judge(Direction::to_client, TcpFlags::syn | TcpFlags::ack, {}, now);
    ++server_next_;
    return answer == Passing::passes ? judge(Direction::to_server, TcpFlags::ack, {}, now) : answer;
}

Passing FilterPath::data(Direction direction, base::ByteView octets, base::SimTime now) {
    while (!octets.empty()) {
        const base::ByteView piece = octets.first(std::min(octets.size(), segment_size));
        octets = octets.subspan(piece.size());
        const Passing passing = judge(direction, TcpFlags::psh | TcpFlags::ack, piece, now);
        if (passing != Passing::passes) return passing;
        // The other end acknowledges, or a window would fill up that is none.
        (direction == Direction::to_server ? client_next_ : server_next_) += static_cast<std::uint32_t>(piece.size());
        const Direction back = direction == Direction::to_server ? Direction::to_client : Direction::to_server;
        const Passing acknowledged = judge(back, TcpFlags::ack, {}, now);
        if (acknowledged != Passing::passes) return acknowledged;
    }
    return Passing::passes;
}

Passing FilterPath::fin(Direction direction, base::SimTime now) {
    const Passing passing = judge(direction, TcpFlags::fin | TcpFlags::ack, {}, now);
    ++(direction == Direction::to_server ? client_next_ : server_next_);
    return passing;
}

Passing FilterPath::judge(Direction direction, std::uint8_t flags, base::ByteView payload, base::SimTime now) {
    const bool out = direction == Direction::to_server;
    const wire::Endpoint& from = out ? client_ : server_;
    const wire::Endpoint& to = out ? server_ : client_;
    const wire::IpHeader ip{.source = from.address, .target = to.address, .hop_limit = 128, .id = ++packets_ & 0xffffU};
    const bool acks = (flags & TcpFlags::ack) != 0 && answered_;
    const wire::TcpHeader tcp{.source = from.port,
                              .target = to.port,
                              .sequence = out ? client_next_ : server_next_,
                              .acknowledgement = acks ? (out ? server_next_ : client_next_) : 0,
                              .flags = {flags},
                              .mss = {},
                              .window_scale = {}};
    return gate_(wire::emit_tcp(ip, tcp, payload), direction, now);
}

}  // namespace sim::live
