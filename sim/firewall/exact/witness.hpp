// One packet that shows something about rules: as values, as octets, and as a line that people read and that
// `firedrill explain --packet` and `firedrill filter --packets` read too:
//
//   TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN
//   UDP 10.0.0.10:1030 > 192.0.2.50:1031 from-server ESTABLISHED
//   ICMP 10.0.0.1 > 192.0.2.50 type 3 code 13 in eth0
//   TCP fragment 192.0.2.50 > 10.0.0.10
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
    bool cut = false;  // so short that some of its transport header is missing
    wire::Endpoint source;  // ports of TCP and UDP
    wire::Endpoint target;
    std::uint8_t flags = wire::TcpFlags::syn;  // of TCP
    std::uint8_t type = 8, code = 0;           // of ICMP
    TrackedAs tracked{};
    std::optional<Side> from{};
    std::string in_interface{}, out_interface{};

    bool operator==(const Witness&) const = default;
};

// One packet of a cell, chosen so that it looks like one of this trade where it may.
Witness witness_of(const Cell& cell, const Space& space);

std::string format(const Witness& witness);
// What is wrong with the text, as a sentence.
[[nodiscard]] base::Result<Witness, std::string> parse_witness(std::string_view text);

// Absent where no such packet is made: a later fragment of IPv6, a packet that is cut.
std::optional<base::Bytes> octets_of(const Witness& witness);

// How a rule set judges it at a chain that packets enter: the predicate itself, with every rule that matched, in order.
// Absent when there are no octets, or the rules are for the other version of IP.
struct Judged {
    Verdict verdict;
    std::vector<RuleId> matched;
};
std::optional<Judged> judge(const Witness& witness, const RuleSet& rules, ChainId entry);

}  // namespace sim::firewall::exact
