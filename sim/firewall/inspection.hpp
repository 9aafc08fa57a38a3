// What RPC inspection is told, and what it tells: plain values. Who does the work is inspector.hpp.
//
// A pinhole lets one client reach one announced address and port over TCP, although no rule opens it. The two
// documented behaviours (firewall-semantics, section 8): any number of connections until it expires, as Cisco's
// inspection has it; or one connection that uses it up, as the expectations of Linux's helpers are. What inspection
// cannot follow opens nothing, and each such case has a reason with an id and a sentence.
#pragma once

#include "sim/base/time.hpp"
#include "sim/rpc/uuid.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall {

struct InspectionSettings {
    base::SimDuration pinhole_timeout = std::chrono::minutes{2};  // likely; the default of Cisco's policy map
    bool single_use = false;
    // Only these interfaces get a pinhole (ISA Server's and Junos' lists of UUIDs). Empty: all of them.
    std::vector<rpc::Uuid> interfaces{};
    // Answers to ept_lookup open pinholes too, for this long (Cisco's lookup-operation). Absent: they open none.
    std::optional<base::SimDuration> lookup_timeout{};
    // Cisco's epm-service-only: who binds another interface on TCP 135 than the endpoint mapper's is not let through.
    bool mapper_only = false;

    bool lists(const rpc::Uuid& interface) const;
};

struct Pinhole {
    std::uint32_t number = 0;  // from 1 in the order of opening, for each box; a renewal keeps it
    wire::IpAddress client{};
    wire::Endpoint server{};  // as announced; not always who announced it
    rpc::Uuid interface {};   // of the answer that opened or renewed it last
    base::SimTime expires{};
    bool single_use = false;

    bool operator==(const Pinhole&) const = default;
};

// "pinhole 1 (192.0.2.50 to 10.0.0.10:4316, NSPI)"
std::string describe(const Pinhole& hole);

// Why an answer of the mapper, or a whole talk with it, opens nothing.
enum class NotOpened : std::uint8_t {
    sealed,          // packet privacy: the stub is encrypted
    is_signed,       // packet or integrity level: likely not followed (section 8 names signed talk among the limits)
    not_listed,      // the interface is not on the list
    no_endpoint,     // the mapper knows no endpoint for TCP: nothing to open
    lookup,          // an answer to ept_lookup, and lookups are not followed
    unreadable,      // the answer makes no sense
    out_of_order,    // too many octets are missing or came too early
    too_long,        // the answer is longer than is kept
    not_mapper,      // the talk is with another interface than the mapper's
    late_beginning,  // the connection's beginning was not seen, or was forgotten because of many others
};
inline constexpr std::size_t not_opened_count = 10;
std::string_view id(NotOpened why);        // "sealed" "signed" "not-listed" ...
std::string_view sentence(NotOpened why);  // without a full stop

// What came of one packet that inspection read.
struct Inspected {
    enum class Kind : std::uint8_t { opened, renewed, not_opened };
    Kind kind = Kind::not_opened;
    Pinhole hole{};   // opened, renewed; of not_opened the client, the server (port 0: unknown) and the interface
    NotOpened why{};  // not_opened
    bool host_differs = false;  // opened, renewed: another address is announced than the one that was asked

    bool operator==(const Inspected&) const = default;
};

// "pinhole 1 opened for 10.0.0.10:4316 (NSPI), expires in 2 min": what every view says of it.
std::string describe(const Inspected& what, base::SimTime now);

// A pinhole that fits a refused packet and does not let it through any more.
struct MissedPinhole {
    enum class Why : std::uint8_t { expired, used_up };
    std::uint32_t number = 0;
    Why why = Why::expired;
    base::SimTime since{};

    bool operator==(const MissedPinhole&) const = default;
};
// "pinhole 1 for this port expired 58 s ago"
std::string describe(const MissedPinhole& missed, base::SimTime now);

}  // namespace sim::firewall
