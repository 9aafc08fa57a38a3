// Rule sets of the shape that firewalls have, and packets for them, from a seed: for benchmarks and tests of lookups.
//
// A made-up organisation: sites (/16 of 10.0.0.0/8) with subnets (/22 to /26) and hosts in them, and networks outside.
// Most rules open a service (one port of the well-known ones, some others, a few ranges) of a host to anyone, to a
// network or to a host; the rest are answers by source port, whole protocols between networks, hosts that may go
// anywhere, and networks that are shut out. About a fifth of the rules with ports are for UDP.
#pragma once

#include "sim/base/random.hpp"
#include "sim/firewall/rule_set.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace shaped {

struct Prefix {
    std::uint32_t address = 0;
    unsigned length = 0;
    std::uint32_t last() const { return address | static_cast<std::uint32_t>(0xffffffffULL >> length); }
};
struct Ports {
    std::uint16_t low = 0, high = 65535;
};
struct Rule {
    Prefix source, target;
    Ports source_port, target_port;
    std::optional<std::uint8_t> protocol = std::uint8_t{6};
    bool accepts = true;
};
struct Packet {
    std::uint32_t source = 0, target = 0;
    std::uint16_t source_port = 0, target_port = 0;
    std::uint8_t protocol = 0;
};

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    std::vector<Rule> rules(std::size_t count) {
        make_places(count);
        std::vector<Rule> made;
        while (made.size() < count) made.push_back(rule());
        return made;
    }

    // Anything at all.
    Packet random_packet() {
        static constexpr std::array<std::uint8_t, 6> protocols{6, 6, 6, 17, 17, 1};
        return {bits32(), bits32(), bits16(), bits16(), protocols[random_.below(protocols.size())]};
    }
    // One that some rule fits.
    Packet hit(const std::vector<Rule>& rules) {
        const Rule& r = rules[random_.below(rules.size())];
        Packet p = random_packet();
        p.source = within(r.source.address, r.source.last());
        p.target = within(r.target.address, r.target.last());
        p.source_port = static_cast<std::uint16_t>(within(r.source_port.low, r.source_port.high));
        p.target_port = static_cast<std::uint16_t>(within(r.target_port.low, r.target_port.high));
        if (r.protocol) p.protocol = *r.protocol;
        return p;
    }

private:
    std::uint32_t bits32() { return static_cast<std::uint32_t>(random_.next() >> 32U); }
    std::uint16_t bits16() { return static_cast<std::uint16_t>(random_.next() >> 48U); }
    std::uint32_t within(std::uint32_t low, std::uint32_t high) {
        return static_cast<std::uint32_t>(random_.between(low, high));
    }
    template <class T>
    const T& any_of(const std::vector<T>& list) {
        return list[random_.below(list.size())];
    }
    static Prefix prefix(std::uint32_t address, unsigned length) {
        return {length == 0 ? 0 : address & static_cast<std::uint32_t>(~std::uint64_t{0} << (32U - length)), length};
    }

    void make_places(std::size_t count) {
        std::vector<Prefix> sites, subnets;
        for (std::size_t i = 0; i < 2 + count / 400; ++i)
            sites.push_back(prefix(10U << 24U | static_cast<std::uint32_t>(random_.below(256) << 16U), 16));
        for (std::size_t i = 0; i < 2 + count / 40; ++i)
            subnets.push_back(prefix(any_of(sites).address | static_cast<std::uint32_t>(random_.below(256) << 8U),
                                     static_cast<unsigned>(random_.between(22, 26))));
        for (std::size_t i = 0; i < 4 + count / 8; ++i)
            hosts_.push_back(prefix(any_of(subnets).address | static_cast<std::uint32_t>(random_.between(1, 60)), 32));
        for (std::size_t i = 0; i < 2 + count / 16; ++i)
            outside_.push_back(
                prefix(bits32(), random_.chance(1, 3) ? 32U : static_cast<unsigned>(random_.between(12, 28))));
        networks_ = sites;
        networks_.insert(networks_.end(), subnets.begin(), subnets.end());
    }

    Ports service() {
        static constexpr std::array<std::uint16_t, 32> known{
            135, 80,  443,  25,   53,   110,  143,  389,  445,  139, 1433, 3389, 22,   21,   23,  88,
            123, 161, 5001, 5002, 6001, 6002, 6004, 8080, 8443, 993, 995,  636,  3268, 5060, 179, 514};
        const auto only = [](std::uint64_t port) {
            return Ports{static_cast<std::uint16_t>(port), static_cast<std::uint16_t>(port)};
        };
        switch (random_.below(10)) {
            case 0: {
                const auto low = static_cast<std::uint16_t>(1024 + 256 * random_.below(200));
                return {low, static_cast<std::uint16_t>(low + 50 + 100 * random_.below(4))};
            }
            case 1: return {1024, 65535};
            case 2: return only(random_.between(1024, 10'000));
            default: return only(known[random_.below(known.size())]);
        }
    }

    Rule rule() {
        Rule r;
        const std::uint64_t shape = random_.below(100);
        if (shape < 60) {  // a service of a host: for anyone, for a network, for a host
            if (shape >= 42)
                r.source = any_of(hosts_);
            else if (shape >= 22)
                r.source = random_.chance(1, 2) ? any_of(networks_) : any_of(outside_);
            r.target = any_of(hosts_);
            r.target_port = service();
        } else if (shape < 70) {  // between networks
            r.source = any_of(networks_);
            r.target = any_of(networks_);
            if (random_.chance(1, 2))
                r.protocol.reset();
            else
                r.target_port = service();
        } else if (shape < 78) {  // a host that goes out
            r.source = any_of(hosts_);
            if (random_.chance(1, 2)) r.target = any_of(outside_);
            r.target_port = service();
        } else if (shape < 84) {  // answers
            r.source = any_of(hosts_);
            r.target = any_of(networks_);
            r.source_port = service();
            r.target_port = {1024, 65535};
        } else if (shape < 89) {  // shut out
            r.source = any_of(outside_);
            r.protocol.reset();
            r.accepts = false;
        } else if (shape < 94) {  // ICMP
            if (random_.chance(1, 2)) r.source = any_of(networks_);
            r.target = any_of(networks_);
            r.protocol = std::uint8_t{1};
        } else {  // a service anywhere
            (shape < 97 ? r.source : r.target) = any_of(networks_);
            r.target_port = service();
        }
        if (r.protocol == 6 && random_.chance(1, 4)) r.protocol = std::uint8_t{17};
        return r;
    }

    sim::base::Random random_;
    std::vector<Prefix> hosts_, networks_, outside_;
};

// As one chain, that drops what no rule fits. The rules of the set are those given, in order.
inline sim::firewall::SharedRules rule_set(const std::vector<Rule>& rules) {
    namespace fw = sim::firewall;
    namespace wire = sim::wire;
    fw::DraftChain chain;
    chain.name = "FORWARD";
    chain.policy = fw::Policy{fw::Action::drop, {}};
    for (const Rule& r : rules) {
        fw::Rule made;
        const auto address = [&](fw::End end, const Prefix& p) {
            if (p.length != 0)
                made.matches.push_back({fw::InPrefix{end, wire::Prefix::of(wire::IpAddress::v4(p.address), p.length)}});
        };
        const auto ports = [&](fw::End end, const Ports& p) {
            if (p.low != 0 || p.high != 65535)
                made.matches.push_back({fw::PortIn{end, {{wire::Port{p.low}, wire::Port{p.high}}}}});
        };
        address(fw::End::source, r.source);
        address(fw::End::target, r.target);
        if (r.protocol) made.matches.push_back({fw::ProtocolIn::only(*r.protocol)});
        ports(fw::End::source, r.source_port);
        ports(fw::End::target, r.target_port);
        made.target.kind = r.accepts ? fw::Target::Kind::accept : fw::Target::Kind::drop;
        chain.rules.push_back({std::move(made), {}});
    }
    fw::Draft draft;
    draft.family = wire::Family::ipv4;
    draft.chains.push_back(std::move(chain));
    draft.bindings.push_back({.hook = fw::Hook::forward, .chain = fw::ChainId{0}});
    return *fw::RuleSet::make(std::move(draft));
}

}  // namespace shaped
