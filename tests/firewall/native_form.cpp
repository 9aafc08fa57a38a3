// Foreign rules written as native ones: what is printed, read again, gives the same verdict on every packet; and what
// native rules cannot say is said to have no native form.
#include "sim/firewall/import/native_form.hpp"

#include "sim/base/random.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native_text.hpp"
#include "sim/wire/packet.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

namespace fw = sim::firewall;
using namespace sim;

fw::SharedRules rules_of(const std::string& lines, wire::Family family) {
    const std::string text =
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:USER - [0:0]\n" + lines + "COMMIT\n";
    const auto imported = fw::import::import_iptables(base::SourceText("t", text), {.family = family});
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    return imported ? imported->rules : nullptr;
}

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    std::uint64_t below(std::uint64_t n) { return random_.below(n); }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    template <std::size_t n>
    const char* of(const char* const (&words)[n]) {
        return words[below(n)];
    }

private:
    base::Random random_;
};

std::string random_rule(Dice& dice) {
    static constexpr const char* sources[] = {"", "-s 10.0.0.0/8 ", "-s 10.1.0.8/29 ", "-s 192.0.2.50/32 ",
                                              "-s 0.0.0.0/1 "};
    static constexpr const char* targets[] = {"", "-d 10.1.0.10/32 ", "-d 10.1.0.8/30 ", "-d 192.0.2.0/255.255.0.255 "};
    static constexpr const char* protocols[] = {"",
                                                "-p tcp ",
                                                "-p tcp --dport 135 ",
                                                "-p tcp --dport 5000:5002 --sport 1024: ",
                                                "-p udp --dport 135 ",
                                                "-p udp --sport 53 ",
                                                "-p udp "};
    static constexpr const char* ends[] = {"-j ACCEPT",
                                           "-j ACCEPT",
                                           "-j DROP",
                                           "-j RETURN",
                                           "",
                                           "-j REJECT",
                                           "-j REJECT --reject-with icmp-admin-prohibited",
                                           "-j REJECT --reject-with icmp-host-unreachable",
                                           "-j REJECT --reject-with icmp-net-prohibited"};
    static constexpr const char* foreign[] = {"-m conntrack --ctstate NEW ",
                                              "-i eth0 ",
                                              "! -s 10.0.0.1 ",
                                              "-f ",
                                              "-p tcp -m multiport --dports 1,2 ",
                                              "-p icmp ",
                                              "-p 47 ",
                                              "-p tcp --syn ",
                                              "-p tcp -m tcp "};
    std::string rule = "-A FORWARD ";
    if (dice.one_in(40)) return rule + dice.of(foreign) + "-j DROP\n";
    rule += std::string(dice.of(sources)) + dice.of(targets);
    if (dice.one_in(8)) rule += "-m iprange --src-range 10.1.0.9-10.1.0.20 ";
    const std::string protocol = dice.of(protocols);
    rule += protocol;
    if (protocol.substr(0, 6) == "-p tcp" && dice.one_in(6)) return rule + "-j REJECT --reject-with tcp-reset\n";
    return rule + dice.of(ends) + "\n";
}

base::Bytes random_packet(Dice& dice) {
    static constexpr const char* hosts[] = {"10.1.0.8",   "10.1.0.10", "10.1.0.11", "10.1.0.20",
                                            "192.0.2.50", "192.1.2.7", "200.0.0.1"};
    static constexpr const char* hosts6[] = {"2001:db8::1", "2001:db8::2"};
    static constexpr std::uint16_t ports[] = {53, 134, 135, 136, 1023, 1024, 4999, 5000, 5002, 5003};
    const bool v6 = dice.one_in(8);
    wire::IpHeader ip;
    ip.source = *wire::IpAddress::parse(v6 ? dice.of(hosts6) : dice.of(hosts));
    ip.target = *wire::IpAddress::parse(v6 ? dice.of(hosts6) : dice.of(hosts));
    const auto port = [&dice] { return wire::Port{ports[dice.below(std::size(ports))]}; };
    const wire::Port from = port(), to = port();
    base::Bytes octets;
    switch (dice.below(6)) {
        case 0: octets = wire::emit_udp(ip, {from, to}, base::Bytes(20, 'x')); break;
        case 1: octets = wire::emit_icmp(ip, {.type = 8}); break;
        case 2:
            ip.protocol = wire::Protocol{47};
            octets = wire::emit_raw(ip, base::Bytes(20, 0));
            break;
        default: {
            wire::TcpHeader tcp{.source = from, .target = to};
            tcp.flags.bits = static_cast<std::uint8_t>(dice.below(64));
            octets = wire::emit_tcp(ip, tcp, base::Bytes(20, 'x'));
        }
    }
    if (!dice.one_in(4)) return octets;
    const auto view = *wire::parse(octets);  // one piece of it, perhaps with a header that is cut
    static constexpr std::uint16_t offsets[] = {0, 0, 8, 16, 24};
    ip = view.ip;
    ip.dont_fragment = false;
    ip.id = 7;
    ip.fragment_offset = offsets[dice.below(std::size(offsets))];
    ip.more_fragments = ip.fragment_offset == 0 || dice.one_in(2);
    const std::size_t length = ip.fragment_offset == 0 ? (dice.one_in(2) ? 8 : 24) : 8;
    return wire::emit_raw(ip, view.ip_payload.first(std::min(length, view.ip_payload.size())));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(native_form)

BOOST_AUTO_TEST_CASE(read_again_it_gives_the_same_verdicts) {
    std::size_t with = 0, without = 0, accepted = 0, rejected = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Dice dice(seed);
        std::string lines = dice.one_in(2) ? "-P FORWARD ACCEPT\n" : "";
        for (std::uint64_t i = 0, n = 1 + dice.below(8); i < n; ++i) lines += random_rule(dice);
        const auto foreign = rules_of(lines, wire::Family::ipv4);
        BOOST_REQUIRE(foreign != nullptr);
        const fw::import::NativeForm form = fw::import::native_form(*foreign);
        if (!form.obstacles.empty()) {
            ++without;
            continue;
        }
        ++with;
        const std::string text = fw::import::format(form.rules);
        const auto read = fw::import::parse_native(base::SourceText("native", text));
        BOOST_REQUIRE(read.has_value());
        const auto built = fw::import::build(*read);
        BOOST_REQUIRE(built.has_value());
        fw::Firewall one(foreign), other(*built);
        for (int i = 0; i < 200; ++i) {
            const base::Bytes packet = random_packet(dice);
            const fw::Side side = dice.one_in(2) ? fw::Side::client : fw::Side::server;
            const fw::Passage a = one.judge(packet, side, base::time_zero);
            const fw::Passage b = other.judge(packet, side, base::time_zero);
            if (a.verdict.action == b.verdict.action && a.verdict.with == b.verdict.with && a.answer == b.answer) {
                accepted += a.verdict.action == fw::Action::accept ? 1 : 0;
                rejected += a.verdict.action == fw::Action::reject ? 1 : 0;
                continue;
            }
            BOOST_ERROR(lines << text << wire::summary(*wire::parse(packet)) << ": " << fw::id(a.verdict.action)
                              << ", as native rules " << fw::id(b.verdict.action));
            return;
        }
    }
    BOOST_TEST(with > 100U);
    BOOST_TEST(without > 20U);
    BOOST_TEST(accepted > 1000U);
    BOOST_TEST(rejected > 500U);
}

BOOST_AUTO_TEST_CASE(what_has_none) {
    struct Row {
        const char* rule;
        const char* why;
    };
    const Row rows[] = {
        {"-A FORWARD -m conntrack --ctstate NEW -j ACCEPT", "it asks for the state of a connection"},
        {"-A FORWARD -i eth0 -j DROP", "it asks for an interface"},
        {"-A FORWARD ! -d 10.0.0.1 -j DROP", "it asks for the opposite: not target address in 10.0.0.1"},
        {"-A FORWARD -p tcp -m multiport --dports 1,2 -j DROP", "its ports count even in a header that is cut"},
        {"-A FORWARD -p tcp -m tcp -j DROP", "it wants a whole header"},
        {"-A FORWARD -p tcp --syn -j DROP", "it asks for TCP flags"},
        {"-A FORWARD -p icmp -j DROP", "a native rule for ICMP takes that of both versions of IP"},
        {"-A FORWARD -p icmp --icmp-type 8 -j DROP", "a native rule for ICMP takes that of both versions of IP"},
        {"-A FORWARD -p 47 -j DROP", "its protocol has no name here"},
        {"-A FORWARD -f -j DROP", "it asks for fragments"},
        {"-A FORWARD -j LOG", "it writes a log and decides nothing"},
        {"-A FORWARD -j USER", "it goes to another chain"},
        {"-A FORWARD -s 10.0.0.0/8 -m iprange --src-range 10.0.0.1-10.0.0.9 -j DROP",
         "it asks twice for the same address"},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.rule) {
            const fw::import::NativeForm form =
                fw::import::native_form(*rules_of(std::string(row.rule) + "\n", wire::Family::ipv4));
            BOOST_REQUIRE(!form.obstacles.empty());
            bool found = false;
            for (const fw::import::Obstacle& o : form.obstacles)
                found = found || (o.rule.has_value() && o.why == row.why);
            BOOST_TEST(found, form.obstacles.front().why);
        }
    const auto held = rules_of("-A FORWARD -j REJECT\n-P OUTPUT DROP\n", wire::Family::ipv4);
    BOOST_TEST(fw::import::native_form(*held).obstacles.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
