// Objects and object-groups of an ASA configuration, and the names that "name" gives to addresses.
//
//   object network N          host A, subnet A NETMASK, subnet P/LEN, range A B  (fqdn: known, but nothing can use it)
//   object service N          service PROTO [source OP PORT] [destination OP PORT], service icmp [TYPE [CODE]]
//   object-group network N    network-object host A | A NETMASK | P/LEN | object N, group-object N
//   object-group service N    service-object PROTO ... | object N, group-object N
//   object-group service N tcp|udp|tcp-udp     port-object eq P | range A B, group-object N
//   object-group protocol N   protocol-object PROTO, group-object N
//   object-group icmp-type N  icmp-object TYPE, group-object N
//
// Read first, followed later: a group may name what stands below it. What a group holds is a set: its members count
// once however often nested groups bring them. A group that leads back into itself is an error.
#pragma once

#include "sim/firewall/import/asa_names.hpp"
#include "sim/wire/address.hpp"

#include <map>
#include <set>
#include <string>
#include <variant>

namespace sim::firewall::import {

// One kind of traffic, as an entry or a service object asks for it.
struct Traffic {
    Protocols protocols;
    std::vector<wire::PortRange> from{};  // empty: any port. Only where have_ports(protocols)
    std::vector<wire::PortRange> to{};
    std::optional<IcmpIs> icmp{};
};

// The lines that an entry took from objects and groups, for people.
class Used {
public:
    void add(std::string_view name, std::uint32_t line) { lines_[std::string(name)].insert(line); }
    // "[BRANCHES: lines 4-6, 12; EXCH: line 9]"; empty when nothing was used.
    std::string format() const;

private:
    std::map<std::string, std::set<std::uint32_t>> lines_;
};

class Objects {
public:
    explicit Objects(Complaints& complaints) : complaints_(complaints) {}

    // "name A NAME", "object ...", "object-group ...", and a line that stands below one of the last two.
    void read_name(const AsaLine& line);
    void open(const AsaLine& line);
    void read_member(const AsaLine& line);

    // An address by number or by name; complains when it is none.
    std::optional<wire::IpAddress> address(Cursor& words, const Word& word) const;
    // "A NETMASK", from behind A.
    std::optional<wire::Prefix> subnet(Cursor& words, const Word& at, const wire::IpAddress& address) const;

    enum class Kind : std::uint8_t { network, service, ports, protocol, icmp_type, other };
    // What that name is; absent when there is no such thing.
    std::optional<Kind> kind_of(std::string_view name) const;

    using Hosts = std::variant<wire::Prefix, AddressRange>;
    // What a name holds. Nothing, and a complaint at the name or in the group, when it is no such thing, holds nothing,
    // or leads into itself. `group`: the entry says object-group, not object.
    std::optional<std::vector<Hosts>> hosts(const Word& name, bool group, Used& used) const;
    std::optional<std::vector<Traffic>> traffic(const Word& name, bool group, Used& used) const;
    std::optional<std::vector<wire::PortRange>> ports(const Word& name, const Protocols& needed, Used& used) const;
    std::optional<Protocols> protocols(const Word& name, Used& used) const;
    std::optional<std::vector<IcmpIs>> icmp_types(const Word& name, Used& used) const;

private:
    struct Reference {
        Word name;
        bool group = false;
    };
    struct Member {
        std::uint32_t line = 0;
        std::variant<Reference, wire::Prefix, AddressRange, Traffic, Protocols, IcmpIs> what;
    };
    struct Thing {
        Kind kind = Kind::other;
        bool group = false;
        Protocols has_ports{};           // Kind::ports: those that its numbers are for
        const char* unusable = nullptr;  // why no entry can use it
        std::vector<Member> members{};
    };

    static std::optional<Kind> kind_named(std::string_view word);
    void read_object_line(const AsaLine& line);
    void read_group_line(const AsaLine& line);
    void read_network(Cursor& words, const Word& first, std::uint32_t line);
    void read_network_member(Cursor& words, std::uint32_t line);
    std::optional<Traffic> read_service(Cursor& words) const;
    void add(std::uint32_t line, decltype(Member::what) what);

    const Thing* find(const Word& name, bool group, Kind wanted) const;
    // All members, those of nested groups and objects included; false after a complaint.
    bool flatten(const Word& name, bool group, Kind wanted, Used& used, std::vector<const Member*>& found) const;
    struct Walk;
    bool walk(const Word& name, bool group, Walk& way) const;

    Complaints& complaints_;
    std::map<std::string, wire::IpAddress, std::less<>> names_;
    std::map<std::string, Thing, std::less<>> things_;
    Thing* open_ = nullptr;
};

}  // namespace sim::firewall::import
