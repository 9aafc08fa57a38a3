// Address translation beside what kernels were recorded to do (nat_recorded.cpp): what an importer takes and writes
// back, choices out of ranges, what leaves between two sides, and what the trace says.
#include "sim/firewall/explain.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native.hpp"
#include "sim/firewall/nat_way.hpp"
#include "sim/wire/readdress.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

const wire::IpAddress outside = wire::IpAddress::v4(203, 0, 113, 10);
const wire::IpAddress box_outside = wire::IpAddress::v4(203, 0, 113, 1);

std::string file_with(const std::string& nat, const std::string& filter = "") {
    return "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n"
           ":USER - [0:0]\n" +
           nat + "\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n" + filter +
           "COMMIT\n";
}

base::Result<fw::import::Imported, base::Diagnostics> import(const std::string& text,
                                                             wire::Family family = wire::Family::ipv4) {
    return fw::import::import_iptables(base::SourceText("t.v4", text), {.family = family});
}

fw::Firewall box(const std::string& nat, const std::string& filter = "") {
    auto imported = import(file_with(nat, filter));
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(imported.has_value());
    fw::Firewall::Settings settings;
    settings.client_side = "eth0";
    settings.server_side = "eth1";
    settings.client_side_addresses = {box_outside};
    settings.server_side_addresses = {wire::IpAddress::v4(10, 0, 0, 1)};
    return fw::Firewall(imported->rules, settings);
}

fw::Firewall one_to_one(const std::string& rules = "allow tcp from any to 10.0.0.10 port 135\n") {
    auto parsed = *fw::import::parse_native(base::SourceText("t.rules", rules));
    parsed.nat.push_back({outside, server, {}});
    return fw::Firewall(*fw::import::build(parsed));
}

// "192.0.2.50:1030 > 10.0.0.10:135", or the verdict's reason when it does not pass.
std::string after(const fw::Passage& p) {
    if (p.verdict.action != fw::Action::accept) return std::string(id(p.verdict.reason));
    if (!p.translated) return "as it is";
    const auto view = wire::parse(*p.translated);
    BOOST_REQUIRE(view.has_value());
    BOOST_TEST(!view->checksum_wrong);
    return wire::format(view->source()) + " > " + wire::format(view->target());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nat)

// As iptables-restore and iptables-save 1.8.9 have it.
BOOST_AUTO_TEST_CASE(rules_that_load_are_written_back_as_the_real_tool_does) {
    struct Case {
        const char* typed;
        const char* saved;  // null: the same
        wire::Family family = wire::Family::ipv4;
    };
    const Case cases[] = {
        {"-A PREROUTING -p tcp --dport 80 -j DNAT --to 10.0.0.1",
         "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.5:8080-8090", nullptr},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.1:80-80",
         "-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:80"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination :8080", nullptr},
        {"-A PREROUTING -p tcp -j DNAT --to-destination=10.0.0.1:http",
         "-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:80"},
        {"-A PREROUTING -p icmp -j DNAT --to-destination 10.0.0.1:80", nullptr},
        {"-A PREROUTING -j DNAT --persistent --to-destination 10.0.0.1 --random",
         "-A PREROUTING -j DNAT --to-destination 10.0.0.1 --random --persistent"},
        {"-A POSTROUTING -j SNAT --to-source 1.2.3.4 -s 10.0.0.0/8",
         "-A POSTROUTING -s 10.0.0.0/8 -j SNAT --to-source 1.2.3.4"},
        {"-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4 --random-fully --random --persistent",
         "-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4 --random --random-fully --persistent"},
        {"-A INPUT -j SNAT --to-source 10.0.0.1", nullptr},
        {"-A POSTROUTING -j MASQUERADE", nullptr},
        {"-A POSTROUTING -p tcp -j MASQUERADE --random-fully --to-ports 5-7",
         "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 5-7 --random-fully"},
        {"-A OUTPUT -p tcp -j REDIRECT --to-port 81", "-A OUTPUT -p tcp -j REDIRECT --to-ports 81"},
        {"-A PREROUTING -p tcp -j REDIRECT", nullptr},
        {"-A USER -j MASQUERADE", nullptr},
        {"-A PREROUTING -i eth0 -j LOG", nullptr},
        {"-A PREROUTING -p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::5]:80-90", nullptr, wire::Family::ipv6},
        {"-A PREROUTING -p tcp -j DNAT --to-destination [2001:db8::1]",
         "-A PREROUTING -p tcp -j DNAT --to-destination 2001:db8::1", wire::Family::ipv6},
        {"-A PREROUTING -p tcp -j DNAT --to-destination :80", nullptr, wire::Family::ipv6},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.typed) {
            const auto imported = import(file_with(c.typed), c.family);
            BOOST_REQUIRE(imported.has_value());
            const std::string wanted = std::string(c.saved != nullptr ? c.saved : c.typed) + "\n";
            BOOST_TEST(imported->canonical.find("\n" + wanted) != std::string::npos, imported->canonical);
            BOOST_TEST(imported->canonical.find("*filter") < imported->canonical.find("*nat"));
            const auto again = import(imported->canonical, c.family);
            BOOST_TEST((again && again->canonical == imported->canonical));
        }
}

BOOST_AUTO_TEST_CASE(rules_that_must_not_load) {
    struct Case {
        const char* rule;
        const char* id;
    };
    const Case cases[] = {
        {"-A PREROUTING -j DNAT --to-destination 10.0.0.1:80", "needs-protocol"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:80-70", "bad-port"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:70000", "bad-port"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:", "bad-port"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:80-90/80", "unsupported-option"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.5-10.0.0.1", "bad-address"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.0/24", "bad-address"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination example.org", "bad-address"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1-", "bad-address"},
        {"-A PREROUTING -p tcp -j DNAT --to-destination 2001:db8::1", "bad-address"},
        {"-A PREROUTING -p tcp -j DNAT", "missing-option"},
        {"-A PREROUTING -p tcp -j DNAT ! --to-destination 10.0.0.1", "bad-inversion"},
        {"-A PREROUTING -j DNAT --to-destination 10.0.0.1 --to-destination 10.0.0.2", "repeated-option"},
        {"-A PREROUTING -j DNAT --to-destination 10.0.0.1 --random-fully", "unknown-option"},
        {"-A PREROUTING -j DNAT --to-source 10.0.0.1", "unknown-option"},
        {"-A POSTROUTING -j MASQUERADE --to-ports 1024", "needs-protocol"},
        {"-A PREROUTING -p tcp -j REDIRECT --to-ports 90-80", "bad-port"},
        {"-A POSTROUTING -j DNAT --to-destination 10.0.0.1", "nat-wrong-chain"},
        {"-A PREROUTING -j SNAT --to-source 10.0.0.1", "nat-wrong-chain"},
        {"-A INPUT -j MASQUERADE", "nat-wrong-chain"},
        {"-A USER -j DNAT --to-destination 10.0.0.1\n-A POSTROUTING -j USER", "nat-wrong-chain"},
        {"-A PREROUTING -o eth0 -j ACCEPT", "bad-interface"},
        {"-A POSTROUTING -i eth0 -j ACCEPT", "bad-interface"},
        {"-A PREROUTING -j DROP", "wrong-table"},
        {"-A PREROUTING -j REJECT", "wrong-table"},
        {"-A PREROUTING -j NETMAP --to 10.0.0.0/24", "unsupported-target"},
        {"-A FORWARD -j ACCEPT", "undeclared-chain"},
        {":RETURN - [0:0]", "bad-chain"},
        {"-N DNAT", "bad-chain"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.rule) {
            const auto imported = import(file_with(c.rule));
            BOOST_REQUIRE(!imported.has_value());
            const base::Diagnostics faults = imported.error();
            BOOST_TEST(faults.front().id == c.id);
            BOOST_TEST(faults.front().place.line >= 7U);
        }
    const auto in_filter = import(file_with("", "-A FORWARD -j MASQUERADE\n"));
    BOOST_REQUIRE(!in_filter.has_value());
    BOOST_TEST(base::Diagnostics(in_filter.error()).front().id == "wrong-table");
}

// It is rules that translate, not the table, that make the kernel track connections.
BOOST_AUTO_TEST_CASE(tracking_begins_with_a_rule_that_translates) {
    const auto tracking = [](const std::string& rule) { return import(file_with(rule))->rules->tracking(); };
    BOOST_TEST((tracking("") == fw::Tracking::off));
    BOOST_TEST((tracking("-A PREROUTING -p tcp -j ACCEPT") == fw::Tracking::off));
    BOOST_TEST((tracking("-A POSTROUTING -j MASQUERADE") == fw::Tracking::labels));
    BOOST_TEST((tracking("-A USER -j DNAT --to-destination 10.0.0.1") == fw::Tracking::labels));
}

BOOST_AUTO_TEST_CASE(the_first_packet_decides_for_both_directions) {
    fw::Firewall f =
        box("-A PREROUTING -d 203.0.113.10/32 -i eth0 -p tcp -m tcp --dport 80 -j DNAT "
            "--to-destination 10.0.0.10:135",
            "-A FORWARD -d 203.0.113.10/32 -j DROP\n");
    BOOST_TEST(after(f.judge(tcp(client, outside, {.to_port = 80}), fw::Side::client, at(0s))) ==
               "192.0.2.50:1030 > 10.0.0.10:135");
    BOOST_TEST(
        after(f.judge(tcp(server, client, {.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .ack = 1001}),
                      fw::Side::server, at(1s))) == "203.0.113.10:80 > 192.0.2.50:1030");
    const auto list = f.connections(at(1s));
    BOOST_REQUIRE(list.size() == 1U);
    BOOST_TEST(wire::format(list[0].flow) == "TCP (192.0.2.50, 1030, 203.0.113.10, 80)");
    BOOST_TEST(wire::format(list[0].answers.value()) == "TCP (10.0.0.10, 135, 192.0.2.50, 1030)");
    // Another port of that address is nobody's, and the filter's rule sees it as it came.
    BOOST_TEST(after(f.judge(tcp(client, outside, {.to_port = 81}), fw::Side::client, at(2s))) == "rule");
    // An ICMP error about the connection is translated, and so is what it quotes.
    const auto error =
        icmp(server, client, 3, 3, 0, tcp(client, server, {.to_port = 135, .flags = F::ack, .seq = 1001, .ack = 1001}));
    const fw::Passage told = f.judge(error, fw::Side::server, at(3s));
    BOOST_TEST(after(told) == "203.0.113.10:0 > 192.0.2.50:0");
    const auto quoted = wire::parse_quoted(wire::parse(*told.translated)->payload);
    BOOST_TEST(wire::format(quoted->target()) == "203.0.113.10:80");
}

BOOST_AUTO_TEST_CASE(answers_of_the_box_speak_of_the_address_that_was_asked) {
    fw::Firewall f = box("-A PREROUTING -d 203.0.113.10/32 -j DNAT --to-destination 10.0.0.10",
                         "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\n-A FORWARD -j REJECT\n");
    const fw::Passage reset = f.judge(tcp(client, outside, {}), fw::Side::client, at(0s));
    BOOST_REQUIRE(reset.answer.has_value());
    BOOST_TEST(wire::format(wire::parse(*reset.answer)->source()) == "203.0.113.10:135");
    const fw::Passage told = f.judge(udp(client, outside, 1030, 53), fw::Side::client, at(0s));
    BOOST_REQUIRE(told.answer.has_value());
    const auto error = wire::parse(*told.answer);
    BOOST_TEST(error->ip.source.format() == "203.0.113.10");
    BOOST_TEST(wire::format(wire::parse_quoted(error->payload)->target()) == "203.0.113.10:53");
}

BOOST_AUTO_TEST_CASE(many_behind_one_address) {
    fw::Firewall f = box("-A POSTROUTING -s 10.0.0.0/24 -o eth0 -j MASQUERADE");
    const auto passage = [&](std::uint8_t host, std::uint16_t port) {
        return f.judge(udp(wire::IpAddress::v4(10, 0, 0, host), client, port, 53), fw::Side::server, at(0s));
    };
    const auto from = [&](std::uint8_t host, std::uint16_t port) { return after(passage(host, port)); };
    BOOST_TEST(from(20, 1030) == "203.0.113.1:1030 > 192.0.2.50:53");
    // The kernel draws another port where one is taken; here it is the next one, of the same class.
    BOOST_TEST(from(21, 1030) == "203.0.113.1:1031 > 192.0.2.50:53");
    BOOST_TEST(from(20, 500) == "203.0.113.1:500 > 192.0.2.50:53");
    BOOST_TEST(from(21, 500) == "203.0.113.1:501 > 192.0.2.50:53");
    BOOST_TEST(from(20, 1023) == "203.0.113.1:1023 > 192.0.2.50:53");
    BOOST_TEST(from(21, 1023) == "203.0.113.1:600 > 192.0.2.50:53");
    BOOST_TEST(!passage(20, 1030).port_drawn);
    BOOST_TEST(passage(21, 1030).port_drawn);
    // What nobody behind it began is for the box itself, where nothing listens and INPUT drops.
    BOOST_TEST(after(f.judge(udp(client, box_outside, 53, 2000), fw::Side::client, at(0s))) == "no-rule-matched");
}

BOOST_AUTO_TEST_CASE(redirected_to_the_box_itself) {
    fw::Firewall f = box("-A PREROUTING -p tcp -m tcp --dport 135 -j REDIRECT --to-ports 1135",
                         "-A INPUT -p tcp -m tcp --dport 1135 -j ACCEPT\n");
    const fw::Passage p = f.judge(to_server({}), fw::Side::client, at(0s));
    BOOST_TEST(words(p.verdict, f.rules()) == "reject tcp-reset for-the-box");
    BOOST_REQUIRE(p.answer.has_value());
    BOOST_TEST(wire::format(wire::parse(*p.answer)->source()) == "10.0.0.10:135");
}

BOOST_AUTO_TEST_CASE(a_native_entry_stands_for_one_host_both_ways) {
    fw::Firewall f = one_to_one("allow tcp from any to 10.0.0.10 port 135\nallow udp from any to any to-client\n");
    BOOST_TEST(after(f.judge(tcp(client, outside, {}), fw::Side::client, at(0s))) == "192.0.2.50:1030 > 10.0.0.10:135");
    BOOST_TEST(after(f.judge(udp(server, client, 1025, 1040), fw::Side::server, at(0s))) ==
               "203.0.113.10:1025 > 192.0.2.50:1040");
    BOOST_TEST(after(f.judge(udp(wire::IpAddress::v4(10, 0, 0, 11), client, 1025, 1040), fw::Side::server, at(0s))) ==
               "as it is");
    BOOST_TEST(after(f.judge(tcp(client, outside, {.to_port = 136}), fw::Side::client, at(0s))) == "no-rule-matched");

    fw::import::NativeRules rules;
    rules.nat = {{outside, server, {}}, {outside, client, {}}};
    BOOST_TEST(base::Diagnostics(fw::import::build(rules).error()).front().id == "nat-repeated");
    rules.nat = {{outside, server, {}}};
    rules.stateful = false;
    BOOST_TEST(base::Diagnostics(fw::import::build(rules).error()).front().id == "nat-needs-state");
}

BOOST_AUTO_TEST_CASE(a_private_address_is_unknown_outside) {
    fw::Firewall::Settings settings;
    settings.unknown_to_clients = {server};
    fw::Firewall f(native("default allow\n"), settings);
    BOOST_TEST(after(f.judge(to_server({}), fw::Side::client, at(0s))) == "no-way-there");
    BOOST_TEST(after(f.judge(to_client({.from_port = 135, .to_port = 1030}), fw::Side::server, at(0s))) == "as it is");
}

BOOST_AUTO_TEST_CASE(fragments_leave_as_fragments_with_the_new_address) {
    fw::Firewall f = box("-A PREROUTING -d 203.0.113.10/32 -j DNAT --to-destination 10.0.0.10");
    const auto pieces = wire::fragment(wire::emit_udp({.source = client, .target = outside, .dont_fragment = false},
                                                      {wire::Port{1030}, wire::Port{53}}, base::Bytes(1000, 'f')),
                                       576);
    BOOST_REQUIRE(pieces.size() == 2U);
    BOOST_TEST(after(f.judge(pieces[0], fw::Side::client, at(0s))) == "fragment-held");
    const fw::Passage p = f.judge(pieces[1], fw::Side::client, at(0s));
    BOOST_REQUIRE(p.replaced.size() == 2U);
    for (const base::Bytes& piece : p.replaced) BOOST_TEST(wire::parse(piece)->ip.target.format() == "10.0.0.10");
}

BOOST_AUTO_TEST_CASE(the_trace_names_the_rule_of_the_nat_table) {
    fw::Firewall f = box("-A PREROUTING -d 203.0.113.10/32 -j DNAT --to-destination 10.0.0.10");
    fw::Explanation said;
    const fw::Passage p = f.judge(tcp(client, outside, {}), fw::Side::client, at(0s), &said);
    BOOST_TEST(said.text().find("nat PREROUTING rule 1 (t.v4:7)") != std::string::npos, said.text());
    BOOST_TEST(said.text().find("its target 203.0.113.10:135 becomes 10.0.0.10:135") != std::string::npos);
    BOOST_REQUIRE(p.translated_by.size() == 1U);
    BOOST_TEST(f.rules().nat()->label(p.translated_by[0]) == "nat PREROUTING rule 1");
}

BOOST_AUTO_TEST_CASE(ways_are_found_from_outside) {
    const auto rules = import(file_with("-A PREROUTING -d 203.0.113.10/32 -p tcp -m tcp --dport 5001 -j DNAT "
                                        "--to-destination 10.0.0.10:5003",
                                        "-A FORWARD -j DROP\n"))
                           ->rules;
    BOOST_TEST(fw::outside_address(rules, {}, client, server).value().format() == "203.0.113.10");
    BOOST_TEST(!fw::outside_address(rules, {}, client, client).has_value());
    const auto way =
        fw::nat_way(rules, {}, wire::Protocol::tcp, {client, wire::Port{1030}}, {outside, wire::Port{5001}});
    BOOST_TEST(wire::format(way.target) == "10.0.0.10:5003");
    BOOST_TEST(!way.ends_here);
}

BOOST_AUTO_TEST_CASE(what_was_wrong_stays_wrong) {
    base::Bytes octets = to_server({.length = 5});
    octets.back() ^= 1;
    BOOST_REQUIRE(wire::parse(octets)->checksum_wrong);
    const auto changed = wire::readdressed(*wire::parse(octets), {.source = false, .address = outside, .part = 80});
    BOOST_TEST(wire::parse(changed)->checksum_wrong);
    // A UDP checksum that was left out stays out.
    base::Bytes bare = udp(client, server, 1, 2);
    bare[26] = bare[27] = 0;
    const auto after_udp = wire::readdressed(*wire::parse(bare), {.source = true, .address = outside, .part = 9});
    BOOST_TEST(int{after_udp[26]} == 0);
    BOOST_TEST(!wire::parse(after_udp)->checksum_wrong);
}

BOOST_AUTO_TEST_SUITE_END()
