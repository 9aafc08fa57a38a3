// The quick look changes no verdict: random rules and packets, judged with a recorder (every rule in full) and without.
#include "sim/base/random.hpp"
#include "sim/firewall/evaluate.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    fw::SharedRules rules() {
        fw::Draft draft;
        for (std::uint32_t c = 0; c < 3; ++c) {
            fw::DraftChain chain;
            chain.name = "c" + std::to_string(c);
            if (c == 0) chain.policy = fw::Policy{fw::Action::drop};
            for (int i = 0; i < 12; ++i) chain.rules.push_back({rule(c), {}});
            draft.chains.push_back(std::move(chain));
        }
        return *fw::RuleSet::make(std::move(draft));
    }
    base::Bytes packet() {
        if (random_.chance(1, 10)) return fragment();
        const auto from = address(), to = address();
        if (random_.chance(1, 4)) return udp(from, to, port(), port());
        if (random_.chance(1, 6)) return icmp(from, to, static_cast<std::uint8_t>(random_.below(12)));
        return tcp(from, to,
                   {.from_port = port(), .to_port = port(), .flags = static_cast<std::uint8_t>(random_.below(64))});
    }

private:
    wire::IpAddress address() { return wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(random_.below(8))); }
    std::uint16_t port() { return static_cast<std::uint16_t>(130 + random_.below(8)); }
    fw::End end() { return static_cast<fw::End>(random_.below(3)); }

    base::Bytes fragment() {
        wire::IpHeader header =
            ip(address(), address(), random_.chance(1, 2) ? wire::Protocol::tcp : wire::Protocol::udp);
        header.dont_fragment = false;
        header.fragment_offset = static_cast<std::uint16_t>(8 * random_.below(3));
        header.more_fragments = true;
        return wire::emit_raw(header, base::Bytes(8 * random_.below(4), 0));
    }
    fw::Rule rule(std::uint32_t chain) {
        fw::Rule made;
        for (std::uint64_t n = random_.below(4); n > 0; --n) made.matches.push_back({what(), random_.chance(1, 4)});
        made.blind_to_fragments = random_.chance(1, 4);
        switch (random_.below(6)) {
            case 0: made.target = {fw::Target::Kind::accept}; break;
            case 1: made.target = {fw::Target::Kind::drop}; break;
            case 2: made.target = {fw::Target::Kind::reject}; break;
            case 3: made.target = {fw::Target::Kind::leave}; break;
            default:
                if (chain == 2) break;
                made.target = {random_.chance(1, 3) ? fw::Target::Kind::go_to : fw::Target::Kind::jump,
                               {},
                               fw::ChainId{chain + 1}};
        }
        return made;
    }
    fw::Match::What what() {
        const std::uint16_t low = port();
        switch (random_.below(9)) {
            case 0:
                return fw::InPrefix{end(), wire::Prefix::of(address(), static_cast<unsigned>(random_.between(28, 32)))};
            case 1: return fw::InPrefix{end(), wire::Prefix::of(wire::IpAddress::v6(1, 2), 64)};
            case 2:
                return fw::PortIn{end(),
                                  {{wire::Port{low}, wire::Port{static_cast<std::uint16_t>(low + 2)}},
                                   wire::PortRange::only(wire::Port{131})}};
            case 3: return fw::ProtocolIn::only(random_.chance(1, 2) ? 6 : 17);
            case 4: return fw::HasHeader{random_.chance(1, 2) ? wire::Protocol::tcp : wire::Protocol::udp};
            case 5:
                return fw::FlagsAre{static_cast<std::uint8_t>(random_.below(64)),
                                    static_cast<std::uint8_t>(random_.below(64))};
            case 6: return fw::IcmpIs{false, static_cast<std::uint8_t>(random_.below(12)), 0, 255};
            case 7: return fw::LaterFragment{};
            default: return fw::AckOrRst{};
        }
    }
    base::Random random_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(screen)

BOOST_AUTO_TEST_CASE(both_ways_agree) {
    std::size_t decided = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Maker maker(seed);
        const fw::SharedRules rules = maker.rules();
        for (int i = 0; i < 60; ++i) {
            const base::Bytes octets = maker.packet();
            const auto view = wire::parse(octets);
            BOOST_REQUIRE(view.has_value());
            fw::Subject subject;
            subject.packet = &*view;
            const fw::Facts facts = fw::facts_of(subject);
            fw::Silent silent;
            fw::Recorder recorder;
            const fw::Verdict quick = fw::evaluate(*rules, fw::ChainId{0}, facts, silent);
            BOOST_TEST((quick == fw::evaluate(*rules, fw::ChainId{0}, facts, recorder)));
            decided += quick.rule ? 1U : 0U;
        }
    }
    BOOST_TEST(decided > 5000U);  // else the rules would be too strict to tell
}

BOOST_AUTO_TEST_SUITE_END()
