// A descriptor that closes itself, and the few system calls that a connected, non-blocking TCP socket needs.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace sim::live {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) close();
        if (this != &other) number_ = std::exchange(other.number_, -1);
        return *this;
    }
    ~Descriptor() { close(); }

    explicit operator bool() const { return number_ >= 0; }
    int number() const { return number_; }
    void close();

private:
    int number_ = -1;
};

enum class Io : std::uint8_t {
    some,    // octets went
    later,   // none can go now
    ended,   // read: the peer's FIN
    broken,  // reset, or the network gave up
};
struct Moved {
    Io how = Io::later;
    std::size_t octets = 0;
};

Moved read_some(const Descriptor& socket, std::span<base::Byte> into);
Moved write_some(const Descriptor& socket, base::ByteView octets);
void finish_writing(const Descriptor& socket);  // FIN
void reset_on_close(const Descriptor& socket);  // close() will then send RST
void send_at_once(const Descriptor& socket);    // no waiting for more to send (Nagle)

// The next connection of a listening socket, non-blocking; without one, errno says why.
struct AcceptedSocket {
    Descriptor socket;
    wire::Endpoint peer;
};
std::optional<AcceptedSocket> accept_one(int listener);

std::optional<wire::Endpoint> local_endpoint(const Descriptor& socket);
std::optional<wire::Endpoint> remote_endpoint(const Descriptor& socket);

}  // namespace sim::live
