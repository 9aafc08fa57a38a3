// What happened to every packet, and what the programs noted: the one record that ladders, JSON and captures are
// drawn from.
//
// A packet that a host or a firewall puts on the network is a journey, numbered from 1 in the order of sending. A
// firewall's answer (RST, ICMP error) is a journey of its own that names its maker and the packet it answers; so is
// each packet that a firewall puts in the place of others (a reassembled datagram, say). A packet whose addresses are
// translated on its way stays the same journey.
//
// A Trace is only filled when the world was asked for one; else packets travel untagged and nothing is stored.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/firewall/verdict.hpp"
#include "sim/net/program.hpp"
#include "sim/wire/address.hpp"
#include "sim/wire/flow.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::world {

// 0 is the client, then the servers in the order of the plan.
struct HostId {
    std::uint32_t index = 0;
    auto operator<=>(const HostId&) const = default;
};
inline constexpr HostId client_host{0};
constexpr HostId server_host(std::uint32_t number) { return HostId{number + 1}; }  // 0 = the first server

struct ActorId {
    std::uint32_t index = 0;
    auto operator<=>(const ActorId&) const = default;
};

// One firewall's word on one packet.
struct Hop {
    std::uint32_t firewall = 0;  // in the order from the client to the servers
    std::uint32_t rules = 0;     // which of Trace::rule_sets it went by
    firewall::Side from = firewall::Side::client;
    base::SimTime time{};
    firewall::Verdict verdict{};
    firewall::Label label = firewall::Label::none;
    bool answered = false;  // the sender was told; the answer is a later journey with cause = this one
    std::vector<firewall::Inspected> inspected{};     // by RPC inspection
    std::optional<firewall::MissedPinhole> missed{};  // of a refused packet
    // The packet with the addresses that this firewall's translation gave it, as it went on, or as its rules saw it; and
    // the rules of the nat table that said so, for the first packet of a connection.
    std::optional<base::Bytes> translated{};
    std::vector<firewall::RuleId> translated_by{};
};

enum class Fate : std::uint8_t {
    under_way,     // when the world stood still
    delivered,     // reached the host that owns the target address
    dropped,       // by the firewall `at` (drop or reject, as its last hop says)
    lost,          // by chance, on the link `at`
    too_big,       // longer than the MTU of the link `at`
    no_such_host,  // nobody there owns the target address
    replaced,      // the firewall `at` sent other packets on in its place, or holds it for them
};
std::string_view id(Fate fate);  // "delivered" "no-such-host" ...

// Who made a packet.
struct Maker {
    enum class Kind : std::uint8_t { host, firewall };
    Kind kind = Kind::host;
    std::uint32_t index = 0;  // of the host or of the firewall
    bool operator==(const Maker&) const = default;
};

struct Journey {
    std::uint32_t number = 0;
    base::SimTime sent{};
    Maker from{};
    bool towards_servers = true;  // direction on the path; two servers of one network talk with this true, no hops
    std::optional<HostId> to{};   // owner of the target address, absent when there is none
    base::Bytes octets;
    std::vector<Hop> hops;
    Fate fate = Fate::under_way;
    base::SimTime ended{};    // time of delivery, drop or loss; equals sent while under way
    std::uint32_t at = 0;     // firewall or link (counted from the client), see Fate
    std::uint32_t cause = 0;  // the journey that this one answers or replaces; 0 = none
};

struct TraceNote {
    base::SimTime time{};
    HostId host{};
    ActorId actor{};
    std::uint32_t after = 0;  // number of journeys begun before it, so that views can merge both
    std::string text;
};

// A connect that came to nothing, with the ICMP error that was seen on the way even where the client's stack took it
// as advice and reported a time-out.
struct FailedConnect {
    base::SimTime time{};
    HostId host{};
    ActorId actor{};
    net::ConnectFailure failure{};
};

// A packet that a firewall did not let through, without its octets. Kept with or without a trace.
struct Refusal {
    base::SimTime time{};
    std::uint32_t firewall = 0;  // in the order from the client to the servers
    firewall::Side from = firewall::Side::client;
    firewall::Verdict verdict{};
    firewall::Label label = firewall::Label::none;
    wire::FlowKey flow{};                            // of the packet itself
    wire::FlowKey client_flow{};                     // the same, with the addresses that the client has for it
    std::uint32_t journey = 0;                       // its number in the trace; 0 without one
    std::shared_ptr<const firewall::RuleSet> rules;  // that it went by
    std::optional<firewall::MissedPinhole> missed{};
};

struct Trace {
    struct HostName {
        std::string name;
        std::vector<wire::IpAddress> addresses;
    };
    std::vector<HostName> hosts;         // by HostId
    std::vector<std::string> firewalls;  // names
    std::vector<std::shared_ptr<const firewall::RuleSet>>
        rule_sets;                  // all that were ever in force; null: a foreign gate
    std::vector<Journey> journeys;  // journeys[n].number == n + 1
    std::vector<TraceNote> notes;
    std::vector<FailedConnect> failed_connects;

    void clear();
};

}  // namespace sim::world
