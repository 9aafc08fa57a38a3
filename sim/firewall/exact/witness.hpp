// One packet that shows something about rules: as values, as octets, and as a line that people read and that
// `firedrill explain --packet` and `firedrill filter --packets` read too:
//
//   TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN
//   UDP 10.0.0.10:1030 > 192.0.2.50:1031 from-server ESTABLISHED
//   ICMP 10.0.0.1 > 192.0.2.50 type 3 code 13 in eth0
//   TCP fragment 192.0.2.50 > 10.0.0.10
//   TCP cut to 2 octets 192.0.2.50:1030 > 10.0.0.10
//   protocol 47 192.0.2.50 > 10.0.0.10
//
// Behind the packet stands what it is to the box, where that is not what goes without saying: the side that it comes
// from, its connection label, the interfaces.
#pragma once

#include "sim/base/result.hpp"
#include "sim/firewall/exact/space.hpp"
#include "sim/firewall/facts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sim::firewall::exact {

struct Witness {
    std::uint8_t protocol = 6;
    bool later_fragment = false;
    // So short that some of its transport header is missing: this many octets of it are there. Only what they hold is
    // meant of what follows.
    std::optional<std::uint8_t> cut{};
    wire::Endpoint source;  // ports of TCP and UDP
    wire::Endpoint target;
    std::uint8_t flags = wire::TcpFlags::syn;  // of TCP
    std::uint8_t type = 8, code = 0;           // of ICMP
    TrackedAs tracked{};
    std::optional<Side> from{};
    std::string in_interface{}, out_interface{};

    // What of its transport header is there to be read.
    bool has_source_port() const { return has_ports() && reaches(2); }
    bool has_target_port() const { return has_ports() && reaches(4); }
    bool has_flags() const { return protocol == 6 && reaches(14); }
    // ICMP for IPv4 in a packet of IPv6, and the other way about, is read by some filters too.
    bool has_type() const { return is_icmp() && reaches(1); }
    bool has_code() const { return is_icmp() && reaches(2); }

    bool operator==(const Witness&) const = default;

private:
    bool has_ports() const { return protocol == 6 || protocol == 17; }
    bool is_icmp() const { return protocol == 1 || protocol == 58; }
    bool reaches(unsigned octets) const { return !later_fragment && (!cut || *cut >= octets); }
};
// The length of the shortest whole header of a protocol; 0 where none is known.
std::uint8_t header_length(std::uint8_t protocol);

// One packet of a cell, chosen so that it looks like one of this trade where it may.
Witness witness_of(const Cell& cell, const Space& space);

std::string format(const Witness& witness);
// What is wrong with the text, as a sentence.
[[nodiscard]] base::Result<Witness, std::string> parse_witness(std::string_view text);

// Absent where no such packet is made: a later fragment of IPv6.
std::optional<base::Bytes> octets_of(const Witness& witness);

// How a rule set judges it at a chain that packets enter: the predicate itself, with every rule that matched, in order.
// Absent when there are no octets, or the rules are for the other version of IP.
struct Judged {
    Verdict verdict;
    std::vector<RuleId> matched;
};
std::optional<Judged> judge(const Witness& witness, const RuleSet& rules, ChainId entry);

}  // namespace sim::firewall::exact
