// What one rule asks of a packet. A rule holds when all of its matches hold (AND); each may be inverted by itself.
//
// One vocabulary for every dialect: iptables options, Cisco ACL fields and native rules are translated into these.
// A match on a transport field that the packet does not have (a port of a later fragment) does not hold, inverted or
// not; evaluate.hpp has the exact meaning.
#pragma once

#include "sim/firewall/verdict.hpp"
#include "sim/wire/address.hpp"
#include "sim/wire/endpoint.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sim::firewall {

// The two sides of a box that stands between a client and a server.
enum class Side : std::uint8_t { client, server };

// Which end of the packet a match looks at; `either` is true when one of them matches (iptables --ports).
enum class End : std::uint8_t { source, target, either };

// Who sends, seen from the connection: its opener, or the other.
enum class FlowSide : std::uint8_t { original, reply };
constexpr FlowSide other(FlowSide side) { return side == FlowSide::original ? FlowSide::reply : FlowSide::original; }

// A set of connection labels. SNAT and DNAT are marks of a translated flow, true beside its label.
struct StateSet {
    std::uint8_t bits = 0;

    static constexpr std::uint8_t new_flow = 1, established = 2, related = 4, invalid = 8, untracked = 16, snat = 32,
                                  dnat = 64;
    constexpr bool has_any(std::uint8_t mask) const { return (bits & mask) != 0; }
    constexpr bool operator==(const StateSet&) const = default;
};
// The bit of a label; 0 for Label::none.
constexpr std::uint8_t state_bit(Label label) {
    return label == Label::none ? std::uint8_t{0}
                                : static_cast<std::uint8_t>(1U << (static_cast<unsigned>(label) - 1U));
}
// "NEW,ESTABLISHED", in the order in which iptables-save writes them.
std::string format(StateSet states);

struct AddressRange {  // both ends included; high < low holds nothing
    wire::IpAddress low;
    wire::IpAddress high;
    constexpr bool contains(const wire::IpAddress& a) const {
        return a.family() == low.family() && low <= a && a <= high;
    }
    constexpr bool operator==(const AddressRange&) const = default;
};

struct InPrefix {
    End end = End::source;
    wire::Prefix prefix;
    bool operator==(const InPrefix&) const = default;
};
struct InRange {
    End end = End::source;
    AddressRange range;
    bool operator==(const InRange&) const = default;
};
struct InAny {  // one of several
    End end = End::source;
    std::vector<wire::Prefix> prefixes;
    std::vector<AddressRange> ranges;
    bool operator==(const InAny&) const = default;
};
struct InterfaceIs {
    bool outgoing = false;
    std::string name;
    bool prefix = false;  // "eth+" in iptables; then `name` is "eth"
    bool operator==(const InterfaceIs&) const = default;
};
struct InterfaceIn {  // one of several
    struct Name {
        std::string name;
        bool prefix = false;
        bool operator==(const Name&) const = default;
    };
    bool outgoing = false;
    std::vector<Name> names;
    bool operator==(const InterfaceIn&) const = default;
};
struct FromSide {
    Side side = Side::client;
    bool operator==(const FromSide&) const = default;
};
struct FamilyIs {
    wire::Family family = wire::Family::ipv4;
    bool operator==(const FamilyIs&) const = default;
};
struct ProtocolIn {  // by IP protocol number
    std::bitset<256> numbers;
    static ProtocolIn only(std::uint8_t number) {
        ProtocolIn p;
        p.numbers.set(number);
        return p;
    }
    bool operator==(const ProtocolIn&) const = default;
};
// nftables "ip6 nexthdr": the field of the fixed IPv6 header, which names an extension header where there is one. Never
// holds for IPv4, inverted or not.
struct FirstHeaderIn {
    std::bitset<256> numbers;
    bool operator==(const FirstHeaderIn&) const = default;
};
// A whole transport header of the rule's protocol, as iptables `-m tcp` and `-m udp` demand it even without options.
// TCP: a fragment that begins at offset 8 (it could overwrite the flags) is dropped on the spot.
struct HasHeader {
    wire::Protocol protocol = wire::Protocol::tcp;
    bool operator==(const HasHeader&) const = default;
};
struct PortIn {  // TCP and UDP only
    End end = End::target;
    std::vector<wire::PortRange> ranges;
    bool operator==(const PortIn&) const = default;
};
// nftables "th": the first two or the next two octets behind the IP header, whatever the protocol calls them.
struct AnyPortIn {
    End end = End::target;  // not `either`
    std::vector<wire::PortRange> ranges;
    bool operator==(const AnyPortIn&) const = default;
};
struct FlagsAre {  // (flags AND mask) == value
    std::uint8_t mask = 0;
    std::uint8_t value = 0;
    bool operator==(const FlagsAre&) const = default;
};
struct FlagsOneOf {  // (flags AND mask) is one of these
    std::uint8_t mask = 0xff;
    std::vector<std::uint8_t> values;
    bool operator==(const FlagsOneOf&) const = default;
};
struct AckOrRst {  // Cisco "established": a look at two bits, not a connection state
    bool operator==(const AckOrRst&) const = default;
};
struct IcmpIs {  // ICMP for IPv4 rules, ICMPv6 for IPv6 rules
    bool any = false;
    std::uint8_t type = 0;
    std::uint8_t code_low = 0;
    std::uint8_t code_high = 255;
    bool operator==(const IcmpIs&) const = default;
};
// nftables looks at type and code one by one, and at the protocol alone: ICMP for IPv4 in an IPv6 packet is read too.
struct IcmpFieldIn {
    bool version6 = false;  // ICMPv6
    bool code = false;      // else the type
    std::bitset<256> values;
    bool operator==(const IcmpFieldIn&) const = default;
};
// The state and the direction are one match because of the packet without an entry: the state alone decides it, and
// a direction without a state does not hold (firewall-semantics, section 4).
struct ConnectionIs {
    std::optional<StateSet> states;
    bool not_states = false;
    std::optional<FlowSide> direction;  // neither: the packet has an entry
    bool operator==(const ConnectionIs&) const = default;
};
struct LaterFragment {  // a fragment that is not the first
    bool operator==(const LaterFragment&) const = default;
};

// The 16 bits of an IPv4 header that hold don't-fragment, more-fragments and the offset in units of eight octets.
// Never holds for IPv6, inverted or not.
struct FragmentFieldIn {  // (field AND mask) is in one of these ranges, both ends included
    struct Range {
        std::uint16_t low = 0;
        std::uint16_t high = 0;
        bool operator==(const Range&) const = default;
    };
    std::uint16_t mask = 0xffff;
    std::vector<Range> ranges;
    bool operator==(const FragmentFieldIn&) const = default;
};

struct Match {
    using What = std::variant<InPrefix, InRange, InAny, InterfaceIs, InterfaceIn, FromSide, FamilyIs, ProtocolIn,
                              FirstHeaderIn, HasHeader, PortIn, AnyPortIn, FlagsAre, FlagsOneOf, AckOrRst, IcmpIs,
                              IcmpFieldIn, ConnectionIs, LaterFragment, FragmentFieldIn>;
    What what;
    bool inverted = false;
    bool operator==(const Match&) const = default;
};

}  // namespace sim::firewall
