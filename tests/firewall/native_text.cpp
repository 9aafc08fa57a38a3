// Native rule files: what parses to what, what must not parse, and the way back.
#include "sim/base/random.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

base::Result<fw::import::NativeRules, base::Diagnostics> parse(const std::string& text) {
    return fw::import::parse_native(base::SourceText("branch.rules", text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(native_text)

BOOST_AUTO_TEST_CASE(lines_that_parse) {
    struct Case {
        const char* line;
        const char* written;
    };
    const Case cases[] = {
        {"allow tcp 135", "allow tcp from any to any port 135"},
        {"allow", "allow any from any to any"},
        {"drop icmp", "drop icmp from any to any"},
        {"allow tcp from any to 10.0.0.10 port 5000-5100, 6001",
         "allow tcp from any to 10.0.0.10 port 5000-5100, 6001"},
        {"allow tcp from any to 10.0.0.10 port 5000-5100 ,6001",
         "allow tcp from any to 10.0.0.10 port 5000-5100, 6001"},
        {"allow tcp from any to 10.0.0.10 port 5000-5100,6001", "allow tcp from any to 10.0.0.10 port 5000-5100, 6001"},
        {"\tallow\ttcp  135 ", "allow tcp from any to any port 135"},
        {"reject with admin-prohibited udp log", "reject with admin-prohibited udp from any to any log"},
        {"allow tcp from 10.0.0.10 port 135 to any port 1024-65535 to-client",
         "allow tcp from 10.0.0.10 port 135 to any port 1024-65535 to-client"},
        {"allow tcp port any acknowledged both", "allow tcp from any to any both acknowledged"},
        {"allow tcp from 10.0.0.1-10.0.0.9, 2001:db8::/32", "allow tcp from 2001:db8::/32, 10.0.0.1-10.0.0.9 to any"},
        {"allow udp to-client to 10.0.0.0/255.0.255.0", "allow udp from any to 10.0.0.0/255.0.255.0 to-client"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.line) {
            const auto parsed = parse(c.line);
            BOOST_REQUIRE(parsed.has_value());
            BOOST_REQUIRE(parsed->rules.size() == 1U);
            BOOST_TEST(fw::import::format(parsed->rules[0]) == c.written);
            const auto again = parse(c.written);
            BOOST_REQUIRE(again.has_value());
            BOOST_TEST(fw::import::format(again->rules[0]) == c.written);
        }
}

BOOST_AUTO_TEST_CASE(a_whole_file) {
    const auto parsed = parse(
        "# head\r\n\r\ndefault reject\nstateful no\nreject-with port-unreachable\n"
        "allow tcp 135   #  RPC endpoint mapper \n");
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST((parsed->default_action == fw::Action::reject));
    BOOST_TEST(!parsed->stateful);
    BOOST_TEST((parsed->reject_with == fw::RejectWith::port_unreachable));
    BOOST_REQUIRE(parsed->rules.size() == 1U);
    const fw::Origin& origin = parsed->rules[0].origin;
    BOOST_TEST(origin.note == "RPC endpoint mapper");
    BOOST_TEST(origin.text == "allow tcp 135");
    BOOST_TEST(base::format(origin.place) == "branch.rules:6:1");
    const auto again = parse(fw::import::format(*parsed));
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(fw::import::format(*again) == fw::import::format(*parsed));
}

BOOST_AUTO_TEST_CASE(lines_that_must_not_parse) {
    struct Case {
        const char* text;
        const char* place;
        const char* id;
        const char* hint;  // part of it
    };
    const Case cases[] = {
        {"alow tcp 135", "branch.rules:1:1", "unknown-word", "allow"},
        {"allow tpc 135", "branch.rules:1:7", "unknown-word", "tcp"},
        {"allow tcp 70000", "branch.rules:1:11", "bad-port", "65535"},
        {"allow tcp 0135", "branch.rules:1:11", "bad-port", ""},
        {"allow tcp 5100-5000", "branch.rules:1:11", "bad-port", ""},
        {"allow tcp 135,", "branch.rules:1:15", "bad-port", ""},
        {"allow tcp 135,,136", "branch.rules:1:15", "bad-port", ""},
        {"allow tcp port", "branch.rules:1:15", "missing-word", ""},
        {"allow tcp from", "branch.rules:1:15", "missing-word", ""},
        {"allow tcp from 10.0.0.256", "branch.rules:1:16", "bad-address", ""},
        {"allow tcp from 10.0.0.9-10.0.0.1", "branch.rules:1:16", "bad-address", ""},
        {"allow tcp from 10.0.0.1, any", "branch.rules:1:26", "bad-address", ""},
        {"allow tcp from 10.0.0.1 from 10.0.0.2", "branch.rules:1:25", "repeated", ""},
        {"allow tcp 135 port 136", "branch.rules:1:15", "repeated", ""},
        {"allow tcp log log", "branch.rules:1:15", "repeated", ""},
        {"allow with tcp-reset", "branch.rules:1:7", "unknown-word", ""},
        {"reject with", "branch.rules:1:12", "missing-word", "one of"},
        {"reject with tcp-rest", "branch.rules:1:13", "bad-value", "tcp-reset"},
        {"default", "branch.rules:1:8", "missing-word", "drop"},
        {"default dorp", "branch.rules:1:9", "bad-value", "drop"},
        {"default drop drop", "branch.rules:1:14", "unknown-word", ""},
        {"default drop\ndefault drop", "branch.rules:2:1", "repeated", ""},
        {"stateful maybe", "branch.rules:1:10", "bad-value", "yes"},
        {"Allow tcp", "branch.rules:1:1", "unknown-word", "allow"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto parsed = parse(c.text);
            BOOST_REQUIRE(!parsed.has_value());
            const base::Diagnostic d = parsed.error().front();
            BOOST_TEST(d.id == c.id);
            BOOST_TEST(base::format(d.place) == c.place);
            BOOST_TEST(d.hint.find(c.hint) != std::string::npos);
            BOOST_TEST(!d.source_line.empty());
        }
}

BOOST_AUTO_TEST_CASE(all_errors_at_once) {
    const auto parsed = parse("allow tcp 70000, 80000\nfrob\nallow tcp from x port y\n");
    BOOST_REQUIRE(!parsed.has_value());
    BOOST_TEST(parsed.error().size() == 5U);
}

BOOST_AUTO_TEST_CASE(rules_that_cannot_be_built) {
    struct Case {
        const char* text;
        const char* id;
    };
    const Case cases[] = {{"allow icmp 135", "ports-without-protocol"},
                          {"allow udp acknowledged", "acknowledged-needs-tcp"},
                          {"reject with tcp-reset udp", "tcp-reset-needs-tcp"},
                          {"reject with tcp-reset", "tcp-reset-needs-tcp"},
                          {"allow tcp from 10.0.0.1 to 2001:db8::1", "mixed-families"}};
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto built = fw::import::build(*parse(c.text));
            BOOST_REQUIRE(!built.has_value());
            BOOST_TEST(built.error().front().id == c.id);
            BOOST_TEST(built.error().front().place.line == 1U);
        }
}

BOOST_AUTO_TEST_CASE(any_rule_survives_being_written) {
    base::Random random(7);
    const auto address = [&] { return wire::IpAddress::v4(static_cast<std::uint32_t>(random.next())); };
    for (int i = 0; i < 500; ++i) {
        fw::import::NativeRule rule;
        rule.action = static_cast<fw::Action>(random.below(3));
        rule.protocol = static_cast<fw::import::NativeProtocol>(random.below(4));
        if (random.chance(1, 2))
            rule.from.prefixes.push_back(wire::Prefix::of(address(), static_cast<unsigned>(random.below(33))));
        const auto low = address();
        if (random.chance(1, 3)) rule.to.ranges.push_back({low, std::max(low, address())});
        if (random.chance(1, 2))
            rule.ports.push_back(wire::PortRange::only(wire::Port{static_cast<std::uint16_t>(random.below(65536))}));
        if (random.chance(1, 3))
            rule.from_ports.push_back({wire::Port{7}, wire::Port{static_cast<std::uint16_t>(7 + random.below(100))}});
        rule.direction = static_cast<fw::import::Direction>(random.below(3));
        rule.log = random.chance(1, 2);
        rule.acknowledged = random.chance(1, 4);
        if (rule.action == fw::Action::reject && random.chance(1, 2))
            rule.with = static_cast<fw::RejectWith>(random.below(10));
        const std::string text = fw::import::format(rule);
        const auto parsed = parse(text);
        BOOST_REQUIRE_MESSAGE(parsed.has_value(), text);
        const fw::import::NativeRule& back = parsed->rules[0];
        BOOST_TEST((back.from == rule.from && back.to == rule.to && back.ports == rule.ports &&
                    back.from_ports == rule.from_ports && back.action == rule.action &&
                    back.protocol == rule.protocol && back.direction == rule.direction && back.log == rule.log &&
                    back.with == rule.with && back.acknowledged == rule.acknowledged),
                   text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
