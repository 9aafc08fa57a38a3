// The algebra against the verdict itself: random rule sets, every rule.
//
// A rule that is said never to decide decides none of many random packets; and for every other rule a packet is made
// from what the algebra says may come to it, and it is that rule that decides.
#include "sim/base/random.hpp"
#include "sim/firewall/evaluate.hpp"
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/exact/lint_walk.hpp"
#include "tests/firewall/packets.hpp"

#include <set>

using namespace packets;

namespace {

constexpr std::uint32_t chain_count = 3;

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    fw::SharedRules rules() {
        fw::Draft draft;
        draft.dialect = fw::Dialect::iptables;
        draft.tracking = random_.chance(1, 2) ? fw::Tracking::labels : fw::Tracking::off;
        if (random_.chance(1, 2)) draft.family = wire::Family::ipv4;
        std::uint32_t line = 0;
        for (std::uint32_t c = 0; c < chain_count; ++c) {
            fw::DraftChain chain;
            chain.name = "c" + std::to_string(c);
            if (c == 0) chain.policy = fw::Policy{fw::Action::drop};
            for (int i = 0; i < 7; ++i)
                chain.rules.push_back(
                    {rule(c), {.place = {"r", ++line, 1, 1}, .text = std::to_string(line), .note = {}}});
            draft.chains.push_back(std::move(chain));
        }
        draft.bindings.push_back({.hook = fw::Hook::forward, .chain = fw::ChainId{0}});
        tracked_ = draft.tracking != fw::Tracking::off;
        return *fw::RuleSet::make(std::move(draft));
    }
    base::Bytes packet() {
        if (random_.chance(1, 10)) return fragment();
        const auto from = address(), to = address();
        if (random_.chance(1, 4)) return udp(from, to, port(), port());
        if (random_.chance(1, 6))
            return icmp(from, to, static_cast<std::uint8_t>(random_.below(4)),
                        static_cast<std::uint8_t>(random_.below(3)));
        return tcp(from, to,
                   {.from_port = port(), .to_port = port(), .flags = static_cast<std::uint8_t>(random_.below(256))});
    }
    fw::Subject subject(const wire::PacketView& view) {
        static constexpr std::string_view names[] = {"eth0", "eth1", "eth", "ppp0", ""};
        fw::Subject s;
        s.packet = &view;
        s.in_interface = names[random_.below(5)];
        s.out_interface = names[random_.below(5)];
        if (random_.chance(2, 3)) s.from = random_.chance(1, 2) ? fw::Side::client : fw::Side::server;
        if (!tracked_) return s;
        s.label = static_cast<fw::Label>(1 + random_.below(5));
        if (random_.chance(2, 3)) s.direction = random_.chance(1, 2) ? fw::FlowSide::original : fw::FlowSide::reply;
        return s;
    }

private:
    wire::IpAddress address() { return wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(random_.below(4))); }
    std::uint16_t port() { return static_cast<std::uint16_t>(134 + random_.below(4)); }
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
        for (std::uint64_t n = random_.below(3); n > 0; --n) made.matches.push_back({what(), random_.chance(1, 4)});
        made.blind_to_fragments = random_.chance(1, 4);
        switch (random_.below(7)) {
            case 0:
            case 1: made.target = {fw::Target::Kind::accept}; break;
            case 2: made.target = {fw::Target::Kind::drop}; break;
            case 3: made.target = {fw::Target::Kind::reject}; break;
            case 4: made.target = {fw::Target::Kind::leave}; break;
            case 5: break;
            default:
                if (chain + 1 == chain_count) break;
                made.target = {random_.chance(1, 3) ? fw::Target::Kind::go_to : fw::Target::Kind::jump,
                               {},
                               fw::ChainId{chain + 1}};
        }
        return made;
    }
    fw::Match::What what() {
        const std::uint16_t low = port();
        switch (random_.below(13)) {
            case 0:
                return fw::InPrefix{end(), wire::Prefix::of(address(), static_cast<unsigned>(random_.between(30, 32)))};
            case 1: return fw::InPrefix{end(), wire::Prefix::of(wire::IpAddress::v6(1, 2), 64)};
            case 2:
                return fw::PortIn{end(),
                                  {{wire::Port{low}, wire::Port{static_cast<std::uint16_t>(low + 1)}},
                                   wire::PortRange::only(wire::Port{134})}};
            case 3: return fw::ProtocolIn::only(random_.chance(1, 2) ? 6 : 17);
            case 4: return fw::HasHeader{random_.chance(1, 2) ? wire::Protocol::tcp : wire::Protocol::udp};
            case 5:
                return fw::FlagsAre{static_cast<std::uint8_t>(random_.below(8)),
                                    static_cast<std::uint8_t>(random_.below(8))};
            case 6:
                return fw::IcmpIs{random_.chance(1, 4), static_cast<std::uint8_t>(random_.below(4)), 0,
                                  static_cast<std::uint8_t>(random_.below(3))};
            case 7: return fw::LaterFragment{};
            case 8:
                return fw::InterfaceIs{random_.chance(1, 2), random_.chance(1, 2) ? "eth" : "eth1",
                                       random_.chance(1, 2)};
            case 9: return fw::FromSide{random_.chance(1, 2) ? fw::Side::client : fw::Side::server};
            case 10:
                return fw::InAny{end(),
                                 {wire::Prefix(address(), wire::IpAddress::v4(255, 255, 255, 253))},
                                 {{address(), address()}}};
            case 11: {
                fw::ConnectionIs is;
                if (random_.chance(3, 4)) is.states = fw::StateSet{static_cast<std::uint8_t>(1 + random_.below(127))};
                is.not_states = random_.chance(1, 3);
                if (random_.chance(1, 3)) is.direction = fw::FlowSide::reply;
                return is;
            }
            default: return fw::AckOrRst{};
        }
    }
    base::Random random_;
    bool tracked_ = false;
};

// A packet of the cell; nothing when it needs what this test does not make (IPv6 fragments, odd protocols).
struct Made {
    base::Bytes octets;
    fw::Subject subject;
    std::string in, out;
};
std::optional<Made> packet_of(const fw::exact::Cell& cell, const fw::exact::Space& space) {
    Made made;
    const bool v4 = cell.source.low.is_v4();
    const auto a = cell.source.low, b = cell.target.low;
    const std::uint8_t icmp_number = v4 ? 1 : 58;
    if ((cell.shapes & fw::exact::Cell::whole) == 0) {
        if (!v4) return std::nullopt;
        unsigned number = 0;
        while (!cell.protocols[number]) ++number;
        wire::IpHeader header = ip(a, b, static_cast<wire::Protocol>(number));
        header.dont_fragment = false;
        header.fragment_offset = 800;
        made.octets = wire::emit_raw(header, base::Bytes(16, 0));
    } else if (cell.protocols[6]) {
        unsigned flags = 0;
        while (!cell.flags[flags]) ++flags;
        made.octets = tcp(
            a, b, {.from_port = cell.first.low, .to_port = cell.second.low, .flags = static_cast<std::uint8_t>(flags)});
    } else if (cell.protocols[17]) {
        made.octets = udp(a, b, cell.first.low, cell.second.low);
    } else if (v4 && cell.protocols[icmp_number]) {
        made.octets = icmp(a, b, static_cast<std::uint8_t>(cell.first.low / 256),
                           static_cast<std::uint8_t>(cell.first.low % 256));
    } else {
        return std::nullopt;
    }
    made.in = space.interface_name(cell.in_interfaces);
    made.out = space.interface_name(cell.out_interfaces);
    std::size_t as = 0;
    while (!cell.tracked[as]) ++as;
    made.subject.label = fw::exact::tracked_as(as).label;
    made.subject.direction = fw::exact::tracked_as(as).direction;
    made.subject.marks = fw::exact::tracked_as(as).marks;
    if ((cell.sides & fw::exact::Cell::from_neither) == 0)
        made.subject.from = (cell.sides & fw::exact::Cell::from_client) != 0 ? fw::Side::client : fw::Side::server;
    return made;
}

std::optional<fw::RuleId> decider(const fw::RuleSet& rules, const fw::Subject& subject) {
    // As the engine does before it asks the rules.
    if (rules.family() && *rules.family() != subject.packet->ip.source.family()) return std::nullopt;
    fw::Recorder recorder;
    return fw::evaluate(rules, fw::ChainId{0}, fw::facts_of(subject), recorder).rule;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lint_random)

BOOST_AUTO_TEST_CASE(blamed_rules_never_decide_and_others_do) {
    std::size_t blamed_count = 0, proved = 0, decided = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
            Maker maker(seed);
            const fw::SharedRules rules = maker.rules();
            std::set<std::uint32_t> blamed;  // by line, which is index + 1
            for (const auto& d : fw::exact::lint(*rules))
                if (d.id == "rule-shadowed" || d.id == "rule-never-matches") blamed.insert(d.place.line - 1);

            // What the algebra says of each rule.
            fw::exact::Effort effort(50'000'000);
            const fw::exact::RuleSpaces spaces(*rules, effort);
            BOOST_REQUIRE(!effort.spent());
            std::set<std::uint32_t> dead;
            for (std::uint32_t i = 0; i < rules->rules().size(); ++i) {
                const auto& rule = rules->rules()[i];
                const bool is_final = rule.target.kind == fw::Target::Kind::accept ||
                                      rule.target.kind == fw::Target::Kind::drop ||
                                      rule.target.kind == fw::Target::Kind::reject;
                BOOST_REQUIRE(spaces.of[i].has_value());
                if (!is_final) continue;
                fw::exact::Walk walk(*rules, spaces, effort);
                const fw::PacketSet may = walk.arrivals(fw::ChainId{0}, *spaces.of[i], fw::RuleId{i});
                BOOST_TEST((walk.sure()));
                if (may.empty()) {
                    dead.insert(i);
                    continue;
                }
                BOOST_TEST((blamed.count(i) == 0), "rule " << i << " is blamed, and decides");
                for (const fw::exact::Cell& cell : may) {
                    auto made = packet_of(cell, spaces.space);
                    if (!made) continue;
                    const auto view = wire::parse(made->octets);
                    BOOST_REQUIRE(view.has_value());
                    made->subject.packet = &*view;
                    made->subject.in_interface = made->in;
                    made->subject.out_interface = made->out;
                    const auto by = decider(*rules, made->subject);
                    BOOST_TEST((by && by->index == i),
                               "a packet that may come to rule " << i << ": " << fw::exact::sample_in_words(cell));
                    ++proved;
                    break;
                }
            }
            for (const std::uint32_t i : blamed) {
                const auto kind = rules->rules()[i].target.kind;
                BOOST_TEST((dead.count(i) != 0 || kind == fw::Target::Kind::jump || kind == fw::Target::Kind::go_to));
            }
            blamed_count += blamed.size();
            BOOST_REQUIRE(!effort.spent());

            for (int n = 0; n < 400; ++n) {
                const base::Bytes octets = maker.packet();
                const auto view = wire::parse(octets);
                BOOST_REQUIRE(view.has_value());
                const fw::Subject subject = maker.subject(*view);
                const auto by = decider(*rules, subject);
                if (by) ++decided;
                if (by)
                    BOOST_TEST((dead.count(by->index) == 0), "rule " << by->index << " is called dead, and decides");
            }
        }
    // Else the rules would be too odd to tell.
    BOOST_TEST(blamed_count > 300U);
    BOOST_TEST(proved > 800U);
    BOOST_TEST(decided > 50'000U);
}

// Set against set: a packet lies in a rule's set exactly when the rule fits it.
BOOST_AUTO_TEST_CASE(difference_and_intersection_divide_a_set) {
    for (std::uint64_t seed = 1000; seed < 1100; ++seed) {
        Maker maker(seed);
        const fw::SharedRules rules = maker.rules();
        fw::exact::Effort effort(50'000'000);
        const fw::exact::RuleSpaces spaces(*rules, effort);
        for (std::size_t i = 0; i + 1 < spaces.of.size(); ++i) {
            const fw::PacketSet& a = *spaces.of[i];
            const fw::PacketSet& b = *spaces.of[i + 1];
            const auto both = fw::exact::intersection(a, b, effort);
            const auto rest = fw::exact::difference(a, b, effort);
            BOOST_TEST(fw::exact::intersection(rest, b, effort).empty());
            BOOST_TEST(fw::exact::difference(both, a, effort).empty());
            BOOST_TEST(fw::exact::difference(both, b, effort).empty());
            // Nothing is lost: the two parts together are the whole.
            BOOST_TEST(fw::exact::difference(fw::exact::difference(a, rest, effort), both, effort).empty());
        }
        BOOST_REQUIRE(!effort.spent());
    }
}

BOOST_AUTO_TEST_SUITE_END()
