// Cisco ASA configurations: sim/firewall/import/asa.hpp.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"bad-level",
     Severity::error,
     Stage::reading,
     "a security level is no number from 0 to 100",
     "Levels decide what passes where no list stands.",
     "Write a number from 0 to 100; inside has 100 and outside 0 as a rule.",
     "",
     {FileKind::cisco_asa,
      "interface Vlan2\n nameif outside\n security-level 101\naccess-list IN extended permit tcp any any eq 135\n"}},
    {"empty-object",
     Severity::error,
     Stage::reading,
     "an object or group that an entry names holds nothing",
     "No packet could fit the entry, and an ASA does not take a group without members.",
     "Write its members, or take the entry out.",
     "",
     {FileKind::cisco_asa,
      "object-group network BRANCHES\naccess-list IN extended permit tcp object-group BRANCHES any eq 135\n"
      "access-group IN in interface outside\n"}},
    {"equal-levels",
     Severity::warning,
     Stage::reading,
     "both interfaces have the same security level",
     "Between them nothing passes, lists or not, unless same-security-traffic permit inter-interface is there. That "
     "lists "
     "do not help is likely.",
     "Write same-security-traffic permit inter-interface, or give one interface another level.",
     "",
     {FileKind::cisco_asa,
      "interface Vlan1\n nameif inside\n security-level 50\ninterface Vlan2\n nameif outside\n security-level 50\n"
      "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface outside\n"}},
    {"global-over-levels",
     Severity::note,
     Stage::reading,
     "a global list decides where the security level would let everything pass",
     "A global list is asked at every interface, and behind it all is denied; so the server's notices of new mail need "
     "an "
     "entry. That the level no longer counts is likely.",
     "Permit in the global list what servers begin, or bind lists to interfaces.",
     "",
     {FileKind::cisco_asa, "access-list ALL extended permit tcp any host 10.0.0.10 eq 135\naccess-group ALL global\n"}},
    {"level-assumed",
     Severity::note,
     Stage::reading,
     "an interface is not described, so its security level is assumed",
     "Where no list stands, levels decide: from the higher to the lower everything passes.",
     "Give the whole configuration, with nameif and security-level.",
     "",
     {FileKind::cisco_asa,
      "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface outside\n"}},
    {"object-loop",
     Severity::error,
     Stage::reading,
     "an object-group leads back into itself",
     "What such a group holds is not said by anything.",
     "Take the group-object line out that closes the circle.",
     "",
     {FileKind::cisco_asa,
      "object-group network A\n group-object B\nobject-group network B\n group-object A\n"
      "access-list IN extended permit tcp object-group A any eq 135\naccess-group IN in interface outside\n"}},
    {"repeated-name",
     Severity::error,
     Stage::reading,
     "two objects of different kinds have the same name",
     "An entry that names it would mean one or the other.",
     "Give one of them another name.",
     "",
     {FileKind::cisco_asa,
      "object network EXCH\n host 10.0.0.10\nobject-group service EXCH tcp\n port-object eq 135\n"
      "access-list IN extended permit tcp any object EXCH eq 135\n"}},
    {"sides-assumed",
     Severity::note,
     Stage::reading,
     "it is not said at which interfaces client and server are",
     "outside is taken for the clients and inside for the server. Lists stand at interfaces, so it matters.",
     "Write client_side and server_side in the scenario.",
     "",
     {FileKind::cisco_asa,
      "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface outside\n"}},
    {"timeout-assumed",
     Severity::note,
     Stage::reading,
     "the file does not say when connections are forgotten",
     "An hour of silence is the likely default. Outlook's connections may be silent for longer; then sending fails.",
     "Give the whole configuration, with timeout conn.",
     "Q149541",
     {FileKind::cisco_asa,
      "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface outside\n"}},
    {"unknown-object",
     Severity::error,
     Stage::reading,
     "there is no such object, group, class or policy",
     "What the line would do without it is not known.",
     "Write the name as the file has it, or give the whole configuration.",
     "",
     {FileKind::cisco_asa,
      "object-group network BRANCHES\n network-object 192.0.2.0 255.255.255.0\n"
      "access-list IN extended permit tcp object-group BRANCHS any eq 135\naccess-group IN in interface outside\n"}},
    {"vpn-not-modelled",
     Severity::note,
     Stage::reading,
     "the ASA has VPN, which is not modelled",
     "Clients are taken to call without a tunnel. As installed, packets out of a tunnel pass the interface's lists by.",
     "Nothing, when the clients of the rehearsal do not call through a tunnel.",
     "",
     {FileKind::cisco_asa,
      "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface outside\n"
      "crypto map VPN interface outside\n"}},
    {"wildcard-as-netmask",
     Severity::error,
     Stage::reading,
     "a wildcard stands where an ASA reads a netmask",
     "IOS writes 10.0.0.0 0.0.0.255 for what an ASA writes 10.0.0.0 255.255.255.0. The ASA refuses the line.",
     "Write the netmask; for one address write host A.",
     "",
     {FileKind::cisco_asa,
      "access-list IN extended permit tcp any 10.0.0.0 0.0.0.255 eq 135\naccess-group IN in interface outside\n"}},
    {"wrong-object",
     Severity::error,
     Stage::reading,
     "an object or group of another kind stands here",
     "A group of ports cannot stand for addresses, nor ports of UDP for those of TCP.",
     "Name a group of the kind that belongs in this place.",
     "",
     {FileKind::cisco_asa,
      "object-group service EXCH tcp\n port-object eq 135\n"
      "access-list IN extended permit tcp object-group EXCH any\naccess-group IN in interface outside\n"}},
});

}  // namespace

std::span<const Entry> cisco_asa_entries() { return all; }

}  // namespace scenarios::lint
