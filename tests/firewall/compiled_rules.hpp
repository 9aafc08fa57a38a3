// Random rules with every kind of match, jumps, gotos and returns, and random packets, of which many are cut,
// fragments, or of the other family: for the test of the compiled classifier.
#pragma once

#include "sim/base/random.hpp"
#include "sim/firewall/facts.hpp"
#include "tests/firewall/packets.hpp"

#include <deque>
#include <string>
#include <vector>

namespace compiled_rules {

using namespace packets;

inline const std::vector<std::string> names{"eth0", "eth1", "eth", "eth10", "ppp0", ""};

// Packets with what they are judged by, kept together: facts point at subjects, subjects at views.
class Traffic {
public:
    void add(base::Bytes octets, fw::Subject subject) {
        octets_.push_back(std::move(octets));
        const auto view = wire::parse(octets_.back());
        BOOST_REQUIRE(view.has_value());
        views_.push_back(*view);
        subject.packet = &views_.back();
        subjects_.push_back(subject);
        facts_.push_back(fw::facts_of(subjects_.back()));
    }
    const std::vector<fw::Facts>& facts() const { return facts_; }

private:
    std::deque<base::Bytes> octets_;
    std::deque<wire::PacketView> views_;
    std::deque<fw::Subject> subjects_;
    std::vector<fw::Facts> facts_;
};

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    fw::SharedRules rules() {
        fw::Draft draft;
        draft.dialect = static_cast<fw::Dialect>(random_.below(3));
        if (random_.chance(1, 3)) draft.family = random_.chance(1, 2) ? wire::Family::ipv4 : wire::Family::ipv6;
        for (std::uint32_t c = 0; c < chain_count; ++c) {
            fw::DraftChain chain;
            chain.name = "c" + std::to_string(c);
            if (c < 2) chain.policy = fw::Policy{static_cast<fw::Action>(random_.below(3)), {}};
            for (std::uint64_t n = random_.below(14); n > 0; --n) chain.rules.push_back({rule(c), {}});
            draft.chains.push_back(std::move(chain));
        }
        return *fw::RuleSet::make(std::move(draft));
    }

    void packet(Traffic& traffic) {
        fw::Subject s;
        s.in_interface = names[random_.below(names.size())];
        s.out_interface = names[random_.below(names.size())];
        if (random_.chance(2, 3)) s.from = random_.chance(1, 2) ? fw::Side::client : fw::Side::server;
        s.label = static_cast<fw::Label>(random_.below(6));
        if (random_.chance(2, 3)) s.direction = random_.chance(1, 2) ? fw::FlowSide::original : fw::FlowSide::reply;
        s.marks = static_cast<std::uint8_t>((random_.chance(1, 4) ? fw::StateSet::snat : 0) |
                                            (random_.chance(1, 4) ? fw::StateSet::dnat : 0));
        traffic.add(octets(), s);
    }

private:
    static constexpr std::uint32_t chain_count = 5;

    wire::IpAddress v4() { return wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(random_.below(8))); }
    wire::IpAddress v6() { return wire::IpAddress::v6(0x20010db800000000U, random_.below(8)); }
    wire::IpAddress address() { return random_.chance(3, 4) ? v4() : v6(); }
    std::uint16_t port() { return static_cast<std::uint16_t>(130 + random_.below(8)); }
    fw::End end() { return static_cast<fw::End>(random_.below(3)); }
    wire::Protocol protocol() {
        static constexpr std::uint8_t some[]{6, 6, 17, 17, 1, 58, 47};
        return static_cast<wire::Protocol>(some[random_.below(7)]);
    }

    base::Bytes octets() {
        const bool is_v4 = random_.chance(2, 3);
        const auto from = is_v4 ? v4() : v6(), to = is_v4 ? v4() : v6();
        if (random_.chance(1, 5)) return piece(from, to);
        if (random_.chance(1, 4)) return udp(from, to, port(), port());
        if (random_.chance(1, 6)) {
            const auto type = static_cast<std::uint8_t>(random_.below(6)),
                       code = static_cast<std::uint8_t>(random_.below(4));
            return wire::emit_icmp(ip(from, to, is_v4 ? wire::Protocol::icmp : wire::Protocol::icmpv6),
                                   {type, code, 0});
        }
        return tcp(from, to,
                   {.from_port = port(), .to_port = port(), .flags = static_cast<std::uint8_t>(random_.below(256))});
    }
    // A fragment, a cut header, another protocol: octets without sense.
    base::Bytes piece(wire::IpAddress from, wire::IpAddress to) {
        wire::IpHeader header = ip(from, to, protocol());
        header.dont_fragment = false;
        if (random_.chance(2, 3)) {
            header.fragment_offset = static_cast<std::uint16_t>(8 * random_.below(3));
            header.more_fragments = true;
        }
        base::Bytes payload(4 * random_.below(8), 0);
        for (auto& octet : payload) octet = static_cast<std::uint8_t>(random_.below(256));
        return wire::emit_raw(header, payload);
    }

    fw::Rule rule(std::uint32_t chain) {
        fw::Rule made;
        for (std::uint64_t n = random_.below(4); n > 0; --n) made.matches.push_back({what(), random_.chance(1, 4)});
        made.blind_to_fragments = random_.chance(1, 4);
        switch (random_.below(8)) {
            case 0:
            case 1: made.target = {fw::Target::Kind::accept}; break;
            case 2: made.target = {fw::Target::Kind::drop}; break;
            case 3: made.target = {fw::Target::Kind::reject}; break;
            case 4: made.target = {fw::Target::Kind::leave}; break;
            default:
                if (chain + 1 == chain_count) break;
                made.target = {random_.chance(1, 3) ? fw::Target::Kind::go_to : fw::Target::Kind::jump,
                               {},
                               fw::ChainId{static_cast<std::uint32_t>(random_.between(chain + 1, chain_count - 1))}};
        }
        return made;
    }
    wire::Prefix prefix() {
        const auto a = address();
        if (random_.chance(1, 6))  // a mask with holes, few or too many
            return a.is_v4() ? wire::Prefix(a, wire::IpAddress::v4(random_.chance(1, 2) ? 0xfffffff5U : 0x55555555U))
                             : wire::Prefix(a, wire::IpAddress::v6(~std::uint64_t{0}, 0xf5U));
        return wire::Prefix::of(a,
                                static_cast<unsigned>(a.is_v4() ? random_.between(28, 32) : random_.between(124, 128)));
    }
    fw::AddressRange range() { return {address(), address()}; }
    std::vector<wire::PortRange> ports() {
        std::vector<wire::PortRange> made;
        for (std::uint64_t n = random_.below(3); n > 0; --n) {
            const std::uint16_t low = port();
            made.push_back({wire::Port{low}, wire::Port{static_cast<std::uint16_t>(low + random_.below(4))}});
        }
        return made;
    }
    fw::ConnectionIs connection() {
        fw::ConnectionIs made;
        if (random_.chance(3, 4)) made.states = fw::StateSet{static_cast<std::uint8_t>(random_.below(128))};
        made.not_states = random_.chance(1, 4);
        if (random_.chance(1, 3)) made.direction = random_.chance(1, 2) ? fw::FlowSide::original : fw::FlowSide::reply;
        return made;
    }
    fw::Match::What what() {
        const auto octet = [this](std::uint64_t below) { return static_cast<std::uint8_t>(random_.below(below)); };
        switch (random_.below(14)) {
            case 0: return fw::InPrefix{end(), prefix()};
            case 1: return fw::InRange{end(), range()};
            case 2: return fw::InAny{end(), {prefix(), prefix()}, {range()}};
            case 3:
                return fw::InterfaceIs{random_.chance(1, 2), names[random_.below(names.size())], random_.chance(1, 3)};
            case 4: return fw::FromSide{random_.chance(1, 2) ? fw::Side::client : fw::Side::server};
            case 5: return fw::FamilyIs{random_.chance(1, 2) ? wire::Family::ipv4 : wire::Family::ipv6};
            case 6: {
                fw::ProtocolIn made = fw::ProtocolIn::only(static_cast<std::uint8_t>(protocol()));
                if (random_.chance(1, 3)) made.numbers.set(static_cast<std::uint8_t>(protocol()));
                return made;
            }
            case 7: return fw::HasHeader{protocol()};
            case 8: return fw::PortIn{end(), ports()};
            case 9: return fw::FlagsAre{octet(64), octet(64)};
            case 10: return fw::AckOrRst{};
            case 11: return fw::IcmpIs{random_.chance(1, 4), octet(6), octet(3), octet(5)};
            case 12: return fw::LaterFragment{};
            default: return connection();
        }
    }
    base::Random random_;
};

}  // namespace compiled_rules
