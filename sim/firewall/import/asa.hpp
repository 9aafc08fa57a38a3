// Cisco ASA configurations, as "show running-config" prints them (firewall-semantics, section 12): stateful, lists
// bound to named interfaces, security levels where no list stands.
//
// What is read:  access-list NAME [line N] extended|remark, access-group, object and object-group (asa_objects.hpp),
// name, interface with nameif and security-level, same-security-traffic, class-map, policy-map, service-policy, timeout
// (asa_policy.hpp), service resetinbound and resetoutbound. Known words that do not bear on what passes are passed over
// (asa_words.hpp); everything else is refused.
//
// What it means:
//   * A packet of a known connection passes before all lists, even while its other side is silent. Otherwise TCP must
//   be
//     a SYN alone, and anything else is dropped, whatever a list permits (message 106015). No pickup in the middle.
//   * A new flow meets the list of the interface it comes in by, then the global list, then a deny; then the list for
//     `out` of the interface it leaves by. Without any list on the way in: from the higher security level to the lower.
//   * Between two interfaces of one level nothing passes without "same-security-traffic permit inter-interface", lists
//   or
//     not; and a global list takes the place of the security levels. (Both likely.)
//   * ICMP is remembered only with "inspect icmp", ICMP errors are let back only with "inspect icmp error". Protocols
//     other than TCP, UDP and ICMP ask the lists both ways (likely).
//   * Refusals are silent, but for TCP under "service resetinbound" (towards the higher level, or the same) or
//     "service resetoutbound".
//   * Fragments are put together before they are judged.
//
// Only lists that stand on the way between the two interfaces become rules; of those that stand nowhere not even the
// words are looked at. Packets to and from the ASA itself are not modelled.
#pragma once

#include "sim/firewall/import/asa_policy.hpp"
#include "sim/firewall/import/import.hpp"

#include <map>

namespace sim::firewall::import {

struct AsaList {
    struct Line {
        std::vector<Word> words;
        std::size_t at = 0;  // of permit, deny or remark
        bool remark = false;
    };
    std::vector<Line> lines;      // in the order in which they are asked; remarks take numbers too
    std::optional<Word> foreign;  // "standard", "webtype": no list for an interface
};

struct AsaInterface {
    std::string name;  // nameif; empty: takes no part
    std::optional<unsigned> level{};
    std::optional<Word> shut{};
    std::optional<Word> management{};
};

struct AsaBinding {  // access-group
    enum class Way : std::uint8_t { in, out, global };
    Word list;
    Way way = Way::in;
    Word interface;  // not for global
};

struct AsaReset {  // service resetinbound, resetoutbound
    bool inbound = false;
    std::string interface;  // empty: all
};

// A configuration as read; what it means is made of it in asa_bind.cpp.
struct AsaConfiguration {
    explicit AsaConfiguration(Complaints& complaints) : objects(complaints), policies(complaints) {}

    Objects objects;
    Policies policies;
    std::map<std::string, AsaList, std::less<>> lists;
    std::vector<std::string> list_order;
    std::vector<AsaInterface> interfaces;  // those without nameif included
    std::vector<AsaBinding> bindings;      // at most one for a way and an interface
    std::vector<AsaReset> resets;
    bool same_level_passes = false;
    std::optional<Word> crypto_map;
    std::size_t left_alone = 0;
    std::vector<std::string> kept;  // lines that count, blanks tidied, the lists' own left out
};

void read_asa(AsaConfiguration& configuration, Complaints& complaints);

// The rules between the two sides that the options name. Complains when they cannot be made.
std::optional<Draft> bind_asa(AsaConfiguration& configuration, const ImportOptions& options, Complaints& complaints);

}  // namespace sim::firewall::import
