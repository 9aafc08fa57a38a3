// Random rule sets over a handful of addresses, ports and names, and all packets that they can tell apart: small enough
// to ask the predicate about every one of them.
#pragma once

#include "sim/base/random.hpp"
#include "sim/firewall/exact/witness.hpp"
#include "tests/firewall/packets.hpp"

#include <vector>

namespace random_rules {

using namespace packets;

class Maker {
public:
    // iptables, or nftables with what only it asks for.
    explicit Maker(std::uint64_t seed, fw::Dialect dialect = fw::Dialect::iptables)
        : random_(seed), nft_(dialect == fw::Dialect::nft) {
        tracked_ = random_.chance(1, 2);
        // What this set's rules ask about beside protocols: few things, so that they meet one another.
        do topics_ = random_.below(256);
        while (topics_ == 0);
    }

    fw::SharedRules rules() {
        fw::Draft draft;
        draft.dialect = nft_ ? fw::Dialect::nft : fw::Dialect::iptables;
        draft.tracking = tracked_ ? fw::Tracking::labels : fw::Tracking::off;
        if (random_.chance(1, 2)) draft.family = wire::Family::ipv4;
        const auto chains = static_cast<std::uint32_t>(1 + random_.below(5));
        const auto rules_in_each = static_cast<std::uint32_t>(2 + random_.below(8));
        std::uint32_t line = 0;
        for (std::uint32_t c = 0; c < chains; ++c) {
            fw::DraftChain chain;
            chain.name = "c" + std::to_string(c);
            if (c == 0) chain.policy = fw::Policy{random_.chance(1, 2) ? fw::Action::drop : fw::Action::accept};
            for (std::uint32_t i = 0; i < rules_in_each; ++i)
                chain.rules.push_back(
                    {rule(c, chains), {.place = {"r", ++line, 1, 1}, .text = std::to_string(line), .note = {}}});
            draft.chains.push_back(std::move(chain));
        }
        draft.bindings.push_back({.hook = fw::Hook::forward, .chain = fw::ChainId{0}});
        return *fw::RuleSet::make(std::move(draft));
    }

    // Every packet that rules of this set can tell apart, or `most` of them at even distances.
    std::vector<fw::exact::Witness> packets(std::size_t most) {
        std::vector<fw::exact::Witness> all{fw::exact::Witness{.protocol = 6,
                                                               .source = {at_address(0), wire::Port{134}},
                                                               .target = {at_address(0), wire::Port{134}},
                                                               .flags = 0}};
        const auto multiply = [&](auto values, auto set) {
            std::vector<fw::exact::Witness> more;
            for (const fw::exact::Witness& one : all)
                for (const auto& value : values) {
                    fw::exact::Witness made = one;
                    set(made, value);
                    more.push_back(std::move(made));
                }
            // Thinned on the way, so that no product grows beyond memory.
            all.clear();
            const std::size_t stride = more.size() / (4 * most) + 1;
            for (std::size_t i = random_.below(stride); i < more.size(); i += stride) all.push_back(std::move(more[i]));
        };
        using W = fw::exact::Witness;
        multiply(std::vector<std::uint8_t>{6, 17, 1, 47, 58}, [](W& w, std::uint8_t p) { w.protocol = p; });
        if (asks(0) || asks(1)) {
            multiply(four(), [](W& w, unsigned i) { w.source.address = at_address(i); });
            multiply(four(), [](W& w, unsigned i) { w.target.address = at_address(i); });
        }
        if (asks(2)) {
            multiply(four(), [](W& w, unsigned i) { w.source.port = port(i); });
            multiply(four(), [](W& w, unsigned i) { w.target.port = port(i); });
        }
        if (asks(3)) {
            multiply(std::vector<unsigned>{0, 2, 18, 16, 4, 1, 17, 3}, [](W& w, unsigned f) {
                if (w.protocol == 6) w.flags = static_cast<std::uint8_t>(f);
            });
            multiply(four(), [](W& w, unsigned i) {
                w.type = static_cast<std::uint8_t>(i);
                w.code = static_cast<std::uint8_t>((i * 7) % 3);
            });
            if (nft_) multiply(four(), [](W& w, unsigned i) { w.code = static_cast<std::uint8_t>(i); });
        }
        if (nft_)
            multiply(std::vector<std::uint8_t>{255, 0, 1, 2, 3, 4, 7, 13, 14, 19}, [](W& w, std::uint8_t cut) {
                if (cut < fw::exact::header_length(w.protocol)) w.cut = cut;
            });
        // Where connections are tracked, fragments are put together first.
        if (!tracked_)
            multiply(std::vector<bool>{false, true}, [](W& w, bool later) {
                w.later_fragment = later;
                if (later) w.cut.reset();
            });
        if (asks(4)) {
            const std::vector<std::string> names{"eth0", "eth1", "eth", "ppp0", ""};
            multiply(names, [](W& w, const std::string& name) { w.in_interface = name; });
            multiply(names, [](W& w, const std::string& name) { w.out_interface = name; });
        }
        if (asks(5))
            multiply(std::vector<int>{0, 1, 2}, [](W& w, int side) {
                w.from = side == 0   ? std::nullopt
                         : side == 1 ? std::optional(fw::Side::client)
                                     : std::optional(fw::Side::server);
            });
        if (tracked_) {
            // Untracked are link messages of ICMPv6 alone.
            multiply(std::vector{fw::Label::new_flow, fw::Label::established, fw::Label::related, fw::Label::invalid},
                     [](W& w, fw::Label label) { w.tracked.label = label; });
            if (asks(6))
                multiply(std::vector<int>{0, 1, 2, 3}, [](W& w, int how) {
                    if (how != 0) w.tracked.direction = how == 1 ? fw::FlowSide::original : fw::FlowSide::reply;
                    if (how == 3) w.tracked.marks = fw::StateSet::snat;
                });
        }
        return all;
    }

private:
    bool asks(unsigned topic) const { return (topics_ >> topic & 1U) != 0; }
    static std::vector<unsigned> four() { return {0, 1, 2, 3}; }
    static wire::IpAddress at_address(unsigned i) {
        return wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(i));
    }
    static wire::Port port(unsigned i) { return wire::Port{static_cast<std::uint16_t>(134 + i)}; }
    wire::IpAddress address() { return at_address(static_cast<unsigned>(random_.below(4))); }
    std::uint16_t some_port() { return port(static_cast<unsigned>(random_.below(4))).value; }
    fw::End end() { return static_cast<fw::End>(random_.below(3)); }

    fw::Rule rule(std::uint32_t chain, std::uint32_t chains) {
        fw::Rule made;
        const std::uint64_t wanted = random_.chance(1, 12) ? 0 : random_.between(1, 3);
        for (int tries = 0; tries < 30 && made.matches.size() < wanted; ++tries)
            if (auto what = some_match()) made.matches.push_back({std::move(*what), random_.chance(1, 4)});
        made.blind_to_fragments = !nft_ && random_.chance(1, 4);
        made.reads_octets = nft_;
        if (random_.chance(1, 8)) made.log.emplace();
        switch (random_.below(8)) {
            case 0:
            case 1: made.target = {fw::Target::Kind::accept}; break;
            case 2:
            case 3: made.target = {fw::Target::Kind::drop}; break;
            case 4: made.target = {random_.chance(1, 2) ? fw::Target::Kind::leave : fw::Target::Kind::reject}; break;
            default:
                if (chain + 1 == chains) break;
                made.target = {random_.chance(1, 3) ? fw::Target::Kind::go_to : fw::Target::Kind::jump,
                               {},
                               fw::ChainId{static_cast<std::uint32_t>(random_.between(chain + 1, chains - 1))}};
        }
        return made;
    }
    std::optional<fw::Match::What> some_match() {
        const std::uint64_t topic = random_.below(9);
        if (topic < 8 && !asks(static_cast<unsigned>(topic))) return std::nullopt;
        if (nft_)
            if (auto its_own = nft_match(topic)) return its_own;
        const std::uint16_t low = some_port();
        switch (topic) {
            case 0:
                return fw::InPrefix{end(), wire::Prefix::of(address(), static_cast<unsigned>(random_.between(30, 32)))};
            case 1:
                if (random_.chance(1, 3)) return fw::InPrefix{end(), wire::Prefix::of(wire::IpAddress::v6(1, 2), 64)};
                return fw::InAny{end(),
                                 {wire::Prefix(address(), wire::IpAddress::v4(255, 255, 255, 253))},
                                 {{address(), address()}}};
            case 2:
                return fw::PortIn{end(),
                                  {{wire::Port{low}, wire::Port{static_cast<std::uint16_t>(low + random_.below(3))}},
                                   wire::PortRange::only(wire::Port{134})}};
            case 3:
                if (!nft_ && random_.chance(1, 4)) return fw::AckOrRst{};
                if (!nft_ && random_.chance(1, 3))
                    return fw::IcmpIs{random_.chance(1, 4), static_cast<std::uint8_t>(random_.below(4)), 0,
                                      static_cast<std::uint8_t>(random_.below(3))};
                return fw::FlagsAre{static_cast<std::uint8_t>(random_.below(32)),
                                    static_cast<std::uint8_t>(random_.below(32))};
            case 4:
                return fw::InterfaceIs{random_.chance(1, 2), random_.chance(1, 2) ? "eth" : "eth1",
                                       random_.chance(1, 2)};
            case 5: return fw::FromSide{random_.chance(1, 2) ? fw::Side::client : fw::Side::server};
            case 6: {
                fw::ConnectionIs is;
                if (random_.chance(3, 4)) is.states = fw::StateSet{static_cast<std::uint8_t>(1 + random_.below(127))};
                is.not_states = random_.chance(1, 3);
                if (random_.chance(1, 3)) is.direction = fw::FlowSide::reply;
                return is;
            }
            case 7:
                if (random_.chance(1, 2)) return fw::LaterFragment{};
                return fw::HasHeader{random_.chance(1, 2) ? wire::Protocol::tcp : wire::Protocol::udp};
            default: return fw::ProtocolIn::only(random_.chance(1, 2) ? 6 : 17);
        }
    }

    // What nftables asks in place of what the others ask, or beside it.
    std::optional<fw::Match::What> nft_match(std::uint64_t topic) {
        switch (topic) {
            case 2:
                if (random_.chance(1, 4)) return fw::PortIn{end(), {wire::PortRange::all()}};  // that there is a port
                return std::nullopt;
            case 3: {
                std::bitset<256> few;
                for (int i = 0; i < 3; ++i) few.set(random_.below(4));
                if (random_.chance(1, 2)) return fw::IcmpFieldIn{random_.chance(1, 6), random_.chance(1, 2), few};
                if (random_.chance(1, 2)) return std::nullopt;
                return fw::FlagsOneOf{static_cast<std::uint8_t>(random_.below(16)),
                                      {static_cast<std::uint8_t>(random_.below(8)), 2}};
            }
            case 4: {
                fw::InterfaceIn in{random_.chance(1, 2), {{"ppp0", false}}};
                in.names.push_back({random_.chance(1, 2) ? "eth" : "eth1", random_.chance(1, 2)});
                return in;
            }
            case 5: return fw::FamilyIs{random_.chance(3, 4) ? wire::Family::ipv4 : wire::Family::ipv6};
            case 7: return fw::LaterFragment{};
            default: return std::nullopt;
        }
    }

    base::Random random_;
    bool nft_ = false;
    bool tracked_ = false;
    std::uint64_t topics_ = 0;
};

}  // namespace random_rules
