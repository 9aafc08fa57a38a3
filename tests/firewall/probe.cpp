// Probes: how far a conversation comes, by what it ends, and what-if.
#include "sim/firewall/exact/probe.hpp"

#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

fw::SharedRules iptables(const std::string& text, const std::string& chain = "FORWARD") {
    fw::import::ImportOptions options;
    options.chain = chain;
    const auto imported = fw::import::import_iptables(base::SourceText("t.v4", text), options);
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(imported.has_value());
    return imported->rules;
}

// "passed 5", or "answer server drop no-rule-matched"
std::string words(const fw::exact::ProbeResult& result, const fw::RuleSet& rules) {
    const fw::exact::ProbePacket* stopped = result.stopped();
    if (stopped == nullptr) return "passed " + std::to_string(result.packets.size());
    return std::string(fw::exact::id(stopped->step)) + (stopped->from == fw::Side::client ? " client " : " server ") +
           packets::words(stopped->verdict, rules) + (stopped->told ? " told" : "");
}

constexpr wire::Endpoint at_client(std::uint16_t port) { return {client, wire::Port{port}}; }
constexpr wire::Endpoint at_server(std::uint16_t port) { return {server, wire::Port{port}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(probe)

BOOST_AUTO_TEST_CASE(how_far_a_tcp_conversation_comes) {
    struct Case {
        const char* rules;
        const char* outcome;
    };
    const Case cases[] = {
        {"allow tcp 135", "passed 5"},
        {"allow tcp 136", "question client drop no-rule-matched"},
        {"default reject", "question client reject tcp-reset no-rule-matched told"},
        {"drop tcp 135\nallow any", "question client drop rule 1"},
        {"stateful no\nallow tcp 135", "answer server drop no-rule-matched"},
        {"stateful no\nallow tcp 135\nallow tcp to-client acknowledged", "passed 5"},
        // The SYN-ACK shows an acknowledgement, so does all that follows; a rule for SYN-less packets ends the rest.
        {"stateful no\nreject tcp from any to any port 135 acknowledged\nallow any both",
         "later client reject tcp-reset rule 1 told"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.rules) {
            const auto rules = native(c.rules);
            BOOST_TEST(words(fw::exact::probe_tcp(rules, {}, at_client(1037), at_server(135)), *rules) == c.outcome);
        }
}

BOOST_AUTO_TEST_CASE(either_side_may_begin) {
    const auto rules = native("allow tcp to-client\nallow udp to-client");
    BOOST_TEST(words(fw::exact::probe_tcp(rules, {}, at_client(2000), at_server(1037), fw::Side::server), *rules) ==
               "passed 5");
    BOOST_TEST(words(fw::exact::probe_tcp(rules, {}, at_client(1037), at_server(2000)), *rules) ==
               "question client drop no-rule-matched");
    BOOST_TEST(words(fw::exact::probe_udp(rules, {}, at_client(2000), at_server(1037), fw::Side::server), *rules) ==
               "passed 1");
    BOOST_TEST(words(fw::exact::probe_udp(rules, {}, at_client(1037), at_server(2000)), *rules) ==
               "question client drop no-rule-matched");
    BOOST_TEST(words(fw::exact::probe_udp(rules, {}, at_client(2000), at_server(1037), fw::Side::server, true),
                     *rules) == "passed 2");
    const auto one_way = native("stateful no\nallow udp");
    BOOST_TEST(words(fw::exact::probe_udp(one_way, {}, at_client(1037), at_server(53)), *one_way) == "passed 1");
    BOOST_TEST(words(fw::exact::probe_udp(one_way, {}, at_client(1037), at_server(53), fw::Side::client, true),
                     *one_way) == "answer server drop no-rule-matched");
}

BOOST_AUTO_TEST_CASE(a_reject_that_output_silences) {
    const std::string head = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ";
    const std::string rest = " [0:0]\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n";
    for (const bool silent : {false, true}) {
        const auto rules = iptables(head + (silent ? "DROP" : "ACCEPT") + rest);
        const fw::exact::ProbeResult result = fw::exact::probe_tcp(rules, {}, at_client(1037), at_server(135));
        BOOST_REQUIRE(result.stopped() != nullptr);
        BOOST_TEST(result.stopped()->told == !silent);
    }
}

BOOST_AUTO_TEST_CASE(the_answer_meets_output_when_the_filter_is_on_the_server) {
    const auto rules = iptables(
        "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n-A INPUT -p tcp --dport 135 -j ACCEPT\n"
        "COMMIT\n",
        "INPUT");
    BOOST_TEST(words(fw::exact::probe_tcp(rules, {}, at_client(1037), at_server(135)), *rules) ==
               "answer server drop no-rule-matched");
}

BOOST_AUTO_TEST_CASE(the_way_through_the_rules) {
    const auto rules = iptables(
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n:MAIL - [0:0]\n"
        "-A FORWARD -p tcp -j LOG\n-A FORWARD -p tcp -j MAIL\n-A FORWARD -p tcp --dport 7 -j REJECT\n"
        "-A MAIL -p tcp --dport 5001 -j ACCEPT\n-A MAIL -p tcp --dport 5002 -j DROP\nCOMMIT\n");
    const auto way = [&](std::uint16_t port) {
        const fw::exact::ProbePacket p = fw::exact::probe_question(rules, {}, wire::Protocol::tcp, at_client(1037),
                                                                   at_server(port), fw::Side::client);
        std::string text;
        for (const fw::RuleId id : p.matched) text += rules->label(id) + ", ";
        if (p.policy) text += "policy of " + rules->chain(*p.policy).name + ", ";
        return text + std::to_string(p.chains_passed);
    };
    BOOST_TEST(way(5001) == "FORWARD rule 1, FORWARD rule 2, MAIL rule 1, 1");
    BOOST_TEST(way(5002) == "FORWARD rule 1, FORWARD rule 2, MAIL rule 2, 0");
    BOOST_TEST(way(5003) == "FORWARD rule 1, FORWARD rule 2, policy of FORWARD, 0");
    BOOST_TEST(way(7) == "FORWARD rule 1, FORWARD rule 2, FORWARD rule 3, 0");  // the policy of OUTPUT is not on it
}

BOOST_AUTO_TEST_CASE(every_open_port_with_its_rule) {
    const auto show = [](const std::string& text, wire::Protocol protocol, fw::Side begins) {
        const auto rules = native(text);
        std::string shown;
        for (const fw::exact::OpenPorts& open : fw::exact::open_ports(rules, {}, protocol, client, server, begins))
            shown += wire::format(open.ports) + (open.by ? " " + rules->label(*open.by) : " default") + "; ";
        return shown;
    };
    const auto tcp = wire::Protocol::tcp;
    const auto udp = wire::Protocol::udp;
    BOOST_TEST(show("", tcp, fw::Side::client) == "");
    BOOST_TEST(show("allow tcp 135\nallow tcp 100-200", tcp, fw::Side::client) ==
               "100-134 rule 2; 135 rule 1; 136-200 rule 2; ");
    BOOST_TEST(show("allow tcp 135\nallow tcp 100-200", udp, fw::Side::client) == "");
    BOOST_TEST(show("default allow\ndrop udp to 192.0.2.50 port 1-65534 to-client", udp, fw::Side::server) ==
               "0 default; 65535 default; ");
}

BOOST_AUTO_TEST_CASE(ports_where_rules_change_their_mind) {
    const auto rules = native("allow tcp 135\nallow tcp from any port 1024-65535 to any port 5000-5100, 0");
    BOOST_TEST((fw::exact::port_cuts(*rules) == std::vector<std::uint32_t>{0, 1, 135, 136, 1024, 5000, 5101, 65536}));
    BOOST_TEST((fw::exact::port_cuts(*native("")) == std::vector<std::uint32_t>{0, 65536}));
    // Between two addresses: either way, and without the rules for others.
    const auto one = wire::IpAddress::v4(192, 0, 2, 50), other = wire::IpAddress::v4(10, 0, 0, 10);
    const auto many = native(
        "allow tcp 135 from 192.0.2.0/24 to 10.0.0.10\nallow tcp 200 from 198.51.100.1\nallow tcp 300 from 10.0.0.0/8\n"
        "allow tcp 400 to 10.0.0.11\nallow tcp 500 from 192.0.2.40-192.0.2.60");
    BOOST_TEST((fw::exact::port_cuts(*many, one, other) ==
                std::vector<std::uint32_t>{0, 135, 136, 300, 301, 500, 501, 65536}));
    BOOST_TEST((fw::exact::port_cuts(*many, one, other) == fw::exact::port_cuts(*many, other, one)));
}

BOOST_AUTO_TEST_CASE(what_if_a_rule_was_not_there) {
    const auto rules = iptables(
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:MAIL - [0:0]\n"
        "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A FORWARD -j MAIL\n"
        "-A MAIL -p tcp --dport 5001 -j DROP\n-A MAIL -p tcp -j ACCEPT\nCOMMIT\n");
    const fw::exact::ProbeResult before = fw::exact::probe_tcp(rules, {}, at_client(1037), at_server(5001));
    BOOST_REQUIRE(before.stopped() != nullptr);
    BOOST_TEST(words(before, *rules) == "question client drop MAIL rule 1");
    const auto fewer = fw::exact::without_rule(*rules, *before.stopped()->verdict.rule);
    BOOST_TEST(fewer->rules().size() == rules->rules().size() - 1);
    const fw::exact::ProbeResult after = fw::exact::probe_tcp(fewer, {}, at_client(1037), at_server(5001));
    BOOST_TEST(words(after, *fewer) == "passed 5");
    BOOST_REQUIRE(after.packets[0].verdict.rule.has_value());
    BOOST_TEST(fewer->label(*after.packets[0].verdict.rule) == "MAIL rule 1");
    BOOST_TEST(fewer->place(*after.packets[0].verdict.rule) == "t.v4:9");  // still the line that was written
}

BOOST_AUTO_TEST_CASE(a_draft_is_the_whole_set) {
    const auto rules = native("stateful no\ndefault reject\ndrop tcp 135\nallow any # note");
    auto again = fw::RuleSet::make(fw::exact::draft_of(*rules));
    BOOST_REQUIRE(again.has_value());
    const fw::RuleSet& same = **again;
    BOOST_TEST(same.name() == rules->name());
    BOOST_TEST((same.tracking() == rules->tracking() && same.dialect() == rules->dialect()));
    BOOST_TEST(same.mid_stream_pickup() == rules->mid_stream_pickup());
    BOOST_TEST(same.unbound_passes() == rules->unbound_passes());
    BOOST_TEST(same.bindings().size() == rules->bindings().size());
    BOOST_REQUIRE(same.rules().size() == rules->rules().size());
    for (std::uint32_t i = 0; i < same.rules().size(); ++i) {
        BOOST_TEST((same.rule(fw::RuleId{i}).matches == rules->rule(fw::RuleId{i}).matches));
        BOOST_TEST(same.origin(fw::RuleId{i}).note == rules->origin(fw::RuleId{i}).note);
    }
    BOOST_TEST((same.chains()[0].policy->action == fw::Action::reject));
}

BOOST_AUTO_TEST_SUITE_END()
