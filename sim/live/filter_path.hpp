// The packets that one client connection would put on the wire, made up for a gate to judge (gate.hpp).
#pragma once

#include "sim/live/gate.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>

namespace sim::live {

class FilterPath {
public:
    // `gate` must outlive this.
    FilterPath(const Gate& gate, const wire::Endpoint& client, const wire::Endpoint& server);

    // The client's SYN; the same again for each retry.
    Passing syn(base::SimTime now);
    // The server's answer, and the client's ACK behind it.
    Passing handshake(base::SimTime now);
    // Octets in segments of at most 1460; the first that does not pass decides, and the rest is lost with it.
    Passing data(Direction direction, base::ByteView octets, base::SimTime now);
    Passing fin(Direction direction, base::SimTime now);

private:
    Passing judge(Direction direction, std::uint8_t flags, base::ByteView payload, base::SimTime now);

    const Gate& gate_;
    wire::Endpoint client_, server_;
    std::uint32_t client_next_ = 1'000'000, server_next_ = 5'000'000;  // what each sends next; the values do not matter
    std::uint32_t packets_ = 0;
    bool answered_ = false;  // the client knows the server's number
};

}  // namespace sim::live
