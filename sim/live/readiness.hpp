// Which of many sockets can be read or written: one epoll set for all connections, hung into Asio's loop as a single
// descriptor.
//
// Asio waits for one event of one socket at a time and tells the kernel so each time; at a hundred thousand requests a
// second that is a system call in four. Here the kernel is told once for a connection, and again only when a peer
// stops reading. Connections are named by numbers, not by pointers: an event that comes late finds nobody.
#pragma once

#include "sim/live/descriptor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstdint>
#include <memory>

namespace sim::live {

enum class Watch : std::uint8_t { readable, writable, nothing };

// Who owns a connection, and its name there.
struct Watched {
    std::uint32_t owner = 0;
    std::uint32_t connection = 0;
};

class Readiness {
public:
    class Target {
    public:
        Target() = default;
        Target(const Target&) = delete;
        Target& operator=(const Target&) = delete;
        virtual ~Target() = default;
        // What was watched for is there, or the connection is broken.
        virtual void ready(const Watched& who) = 0;
    };

    Readiness(boost::asio::io_context& io, Target& target);
    ~Readiness();
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;

    // False when the kernel has no room for another one. A descriptor leaves by being closed.
    bool add(const Descriptor& descriptor, const Watched& who, Watch watch);
    void change(const Descriptor& descriptor, const Watched& who, Watch watch);

private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace sim::live
