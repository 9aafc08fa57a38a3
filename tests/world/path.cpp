// Through firewalls: verdicts, answers, fates, what changes while a world runs, and the record of it all.
#include "staged.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace staged;

const std::string allow_135 = "allow tcp from any to 10.0.0.10 port 135\n";

struct Talk {
    Puppet server, client;
    explicit Talk(std::uint16_t port) {
        server.at_start = {actor::Listen{wire::Port{port}}};
        server.echoes = true;
        client.at_start = {connect(2, port)};
        client.on["connected 2"] = {send(2, "ping")};
        client.on["received 2 ping"] = {actor::Close{{2}}};
    }
    void start(world::World& w) {
        w.start(world::server_host(0), server);
        w.start(world::client_host, client);
    }
    bool answered() const { return client.stream == "ping"; }
};

BOOST_AUTO_TEST_SUITE(path)

BOOST_AUTO_TEST_CASE(the_word_of_each_firewall_counts) {
    struct Case {
        const char* name;
        std::vector<std::string> rules;
        std::uint16_t port;
        bool works;
        std::size_t refused_by;
    };
    const Case cases[] = {
        {"none", {}, 135, true, 0},
        {"one that allows", {allow_135}, 135, true, 0},
        {"one that does not", {allow_135}, 5000, false, 0},
        {"two that allow", {allow_135, allow_135}, 135, true, 0},
        {"the outer one does not", {"default drop\n", allow_135}, 135, false, 0},
        {"the inner one does not", {allow_135, "default drop\n"}, 135, false, 1},
        {"three, the last does not", {allow_135, allow_135, "default reject\n"}, 135, false, 2},
        {"answers are not allowed", {"stateful no\n" + allow_135}, 135, false, 0},
        {"answers are allowed", {"stateful no\n" + allow_135 + "allow tcp to-client acknowledged\n"}, 135, true, 0},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            world::World w(plan(c.rules));
            Talk talk(c.port);
            talk.start(w);
            w.run_until_idle();
            BOOST_TEST(talk.answered() == c.works);
            BOOST_TEST(w.refusals().empty() == c.works);
            for (const auto& refusal : w.refusals()) BOOST_TEST(refusal.firewall == c.refused_by);
            for (const auto& journey : w.trace()->journeys) {
                BOOST_TEST((journey.fate != world::Fate::under_way));
                if (journey.fate == world::Fate::dropped) BOOST_TEST(journey.at == c.refused_by);
                // Each firewall up to the last that saw the packet has had its word, in order.
                const auto all = c.rules.size();
                if (journey.fate == world::Fate::delivered && journey.from.kind == world::Maker::Kind::host)
                    BOOST_TEST(journey.hops.size() == all);
                // (A firewall's own answer begins at that firewall.)
                if (journey.from.kind != world::Maker::Kind::host) continue;
                for (std::size_t i = 0; i < journey.hops.size(); ++i)
                    BOOST_TEST(journey.hops[i].firewall == (journey.towards_servers ? i : all - 1 - i));
            }
        }
}

BOOST_AUTO_TEST_CASE(a_silent_drop_takes_the_whole_schedule) {
    world::WorldPlan p = plan({allow_135});
    p.client.profile = net::StackProfile::nt4();
    world::World w(p);
    Talk talk(5000);
    talk.start(w);
    w.run_until_idle();
    BOOST_TEST((talk.client.last == base::SimTime{45s}));
    BOOST_TEST(talk.client.heard.back() == "failed 2 0");
    BOOST_TEST(ladder(*w.trace()) == (Lines{"0.000 s OUTLOOK SYN dropped", "3.000 s OUTLOOK SYN dropped",
                                            "9.000 s OUTLOOK SYN dropped", "21.000 s OUTLOOK SYN dropped"}));
    BOOST_REQUIRE(w.refusals().size() == 4);
    const world::Refusal& first = w.refusals()[0];
    BOOST_TEST((first.time == base::SimTime{10ms}));
    BOOST_TEST((first.verdict.reason == firewall::Reason::no_rule_matched));
    BOOST_TEST((first.flow.target == wire::Endpoint{server_address, wire::Port{5000}}));
    BOOST_TEST((first.from == firewall::Side::client));
    BOOST_TEST(first.journey == 1U);
    BOOST_TEST(first.rules == p.firewalls[0].rules);
    BOOST_TEST((w.trace()->journeys[0].ended == base::SimTime{10ms}));
}

BOOST_AUTO_TEST_CASE(a_reset_by_the_firewall_is_a_journey_of_its_own) {
    world::World w(plan({"default reject\nreject-with tcp-reset\n"}));
    Talk talk(5000);
    talk.start(w);
    w.run_until_idle();
    BOOST_TEST(talk.client.heard.back() == "failed 2 1");
    BOOST_TEST(ladder(*w.trace()) == (Lines{"0.000 s OUTLOOK SYN dropped", "0.010 s fw0 RST-ACK delivered",
                                            "0.520 s OUTLOOK SYN dropped", "0.530 s fw0 RST-ACK delivered",
                                            "1.040 s OUTLOOK SYN dropped", "1.050 s fw0 RST-ACK delivered"}));
    const auto& journeys = w.trace()->journeys;
    BOOST_TEST(journeys[0].hops.at(0).answered);
    BOOST_TEST(journeys[1].cause == 1U);
    BOOST_TEST(!journeys[1].towards_servers);
    BOOST_TEST((journeys[1].to == world::client_host));
}

BOOST_AUTO_TEST_CASE(an_icmp_error_is_advice_but_not_forgotten) {
    world::WorldPlan p = plan({"default reject\nreject-with admin-prohibited\n"});
    p.firewalls[0].settings.client_side_addresses = {wire::IpAddress::v4(192, 0, 2, 1)};
    world::World w(p);
    Talk talk(5000);
    talk.start(w);
    w.run_until_idle();
    BOOST_TEST(talk.client.heard.back() == "failed 2 0");
    BOOST_TEST((talk.client.last == base::SimTime{21s}));
    BOOST_REQUIRE(w.failed_connects().size() == 1);
    BOOST_REQUIRE(w.failed_connects()[0].failure.unreachable);
    BOOST_TEST((*w.failed_connects()[0].failure.unreachable ==
                net::SeenUnreachable{.from = wire::IpAddress::v4(192, 0, 2, 1), .type = 3, .code = 13}));
    BOOST_TEST(ladder(*w.trace())[1] == "0.010 s fw0 ICMP delivered");
}

// A session is kept open; hours pass; the service restarts; the rules are replaced; and traffic goes on.
BOOST_AUTO_TEST_CASE(what_changes_while_a_session_is_open) {
    world::World w(plan({allow_135}));
    Puppet server, restarted, client;
    server.at_start = restarted.at_start = {actor::Listen{wire::Port{135}}};
    server.echoes = restarted.echoes = true;
    client.at_start = {connect(2, 135)};
    client.on["timer 1"] = {send(2, "a")};
    client.on["timer 2"] = {connect(4, 135)};
    client.on["timer 3"] = {send(4, "b")};
    client.on["timer 4"] = {connect(6, 135)};
    const auto service = w.start(world::server_host(0), server);
    const auto outlook = w.start(world::client_host, client);
    w.run_until_idle();
    const auto events = w.events();
    w.run_for(2h);
    BOOST_TEST(w.events() == events);  // idle is free
    w.deliver(outlook, actor::TimerFired{{1}});
    w.run_for(1s);
    BOOST_TEST(client.stream == "a");

    w.stop(service);
    w.run_for(1s);
    BOOST_TEST(client.heard.back() == "reset 2");
    w.start(world::server_host(0), restarted);
    w.deliver(outlook, actor::TimerFired{{2}});
    w.run_for(1s);
    BOOST_TEST(client.heard.back() == "connected 4");

    w.replace_rules(0, rules("default drop\n"));  // a reload: what is connected stays connected
    w.deliver(outlook, actor::TimerFired{{3}});
    w.run_for(1s);
    BOOST_TEST(client.stream == "ab");
    w.deliver(outlook, actor::TimerFired{{4}});
    w.run_for(30s);
    BOOST_TEST(client.heard.back() == "failed 6 0");
    BOOST_TEST(w.refusals().back().rules->rules().size() == 0U);

    w.replace_rules(0, rules("default drop\n"), world::World::Connections::forgotten);
    w.deliver(outlook, actor::TimerFired{{3}});
    w.run_for(60s);
    BOOST_TEST(client.stream == "ab");
    BOOST_TEST(client.heard.back() == "reset 4");
    BOOST_TEST(w.trace()->rule_sets.size() == 3U);
    BOOST_TEST(w.trace()->journeys.back().hops.back().rules == 2U);
}

BOOST_AUTO_TEST_CASE(a_rebooted_firewall_knows_no_connection) {
    world::World w(plan({allow_135}));
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{135}}};
    client.at_start = {connect(2, 135)};
    client.on["timer 1"] = {send(2, "a")};
    w.start(world::server_host(0), server);
    const auto outlook = w.start(world::client_host, client);
    w.run_until_idle();
    w.reboot_firewall(0);
    w.deliver(outlook, actor::TimerFired{{1}});
    w.run_until_idle();
    BOOST_TEST(client.heard.back() == "reset 2");
    BOOST_TEST((w.refusals().front().verdict.reason == firewall::Reason::invalid_state));
}

BOOST_AUTO_TEST_CASE(two_servers_and_a_host_that_does_not_exist) {
    world::WorldPlan p = plan({"allow tcp from any to any port 135\n"});
    p.servers.push_back({.name = "EXCH02", .addresses = {second_address}});
    world::World w(p);
    Puppet one, two, client;
    one.at_start = {actor::Listen{wire::Port{135}}, connect(2, 135, second_address)};
    two.at_start = {actor::Listen{wire::Port{135}}};
    client.at_start = {connect(2, 135), connect(4, 135, second_address),
                       connect(6, 135, wire::IpAddress::v4(10, 0, 0, 99))};
    w.start(world::server_host(1), two);
    w.start(world::server_host(0), one);
    w.start(world::client_host, client);
    w.run_until_idle();
    BOOST_TEST(one.heard == (Lines{"started", "listening 135", "connected 2", "accepted 1"}));
    BOOST_TEST(client.heard == (Lines{"started", "connected 2", "connected 4", "failed 6 0"}));
    std::size_t nowhere = 0, between_servers = 0;
    for (const auto& j : w.trace()->journeys) {
        if (j.fate == world::Fate::no_such_host) ++nowhere;
        if (j.from.index > 0 && j.to && j.to->index > 0) {
            ++between_servers;
            BOOST_TEST(j.hops.empty());
        }
    }
    BOOST_TEST(nowhere == 3U);
    BOOST_TEST(between_servers == 3U);
}

BOOST_AUTO_TEST_CASE(losses_and_sizes_are_told_with_their_link) {
    world::WorldPlan p = plan({"default allow\n"});
    p.links = {{.latency = 1ms}, {.latency = 1ms, .loss = {1, 1}}};
    world::World w(p);
    Talk talk(135);
    talk.start(w);
    w.run_until_idle();
    for (const auto& j : w.trace()->journeys) {
        BOOST_TEST((j.fate == world::Fate::lost));
        BOOST_TEST(j.at == 1U);
        BOOST_TEST(j.hops.size() == 1);
    }
    w.rebuild(p);
    w.change_link(1, {.latency = 1ms});
    Puppet big;
    big.at_start = {actor::OpenUdp{{1}, wire::Port{0}},
                    actor::SendTo{{1}, {server_address, wire::Port{9}}, base::Bytes(2000, 'x')}};
    w.start(world::client_host, big);
    w.run_until_idle();
    BOOST_TEST(ladder(*w.trace()) == (Lines{"0.000 s OUTLOOK UDP too-big"}));
}

// A path of small links: segments fit from the first one on.
BOOST_AUTO_TEST_CASE(segments_fit_every_link) {
    world::WorldPlan p = plan({"default allow\n"});
    p.links = {{.latency = 1ms}, {.latency = 1ms, .mtu = 576}};
    world::World w(p);
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{135}}};
    client.at_start = {connect(2, 135)};
    client.on["connected 2"] = {send(2, std::string(5000, 'x'))};
    w.start(world::server_host(0), server);
    w.start(world::client_host, client);
    w.run_until_idle();
    BOOST_TEST(server.stream.size() == 5000U);
    for (const auto& j : w.trace()->journeys) BOOST_TEST((j.fate == world::Fate::delivered));
}

// A gate of a test's own: drops the packets it is told to, by their number.
class Picky final : public world::Gate {
public:
    std::vector<int> drops;
    int seen = 0;
    firewall::Passage judge(base::ByteView, firewall::Side, base::SimTime) override {
        const bool drop = std::find(drops.begin(), drops.end(), ++seen) != drops.end();
        firewall::Passage passage;
        passage.verdict.action = drop ? firewall::Action::drop : firewall::Action::accept;
        return passage;
    }
};

// Every packet of a conversation may be lost, and every pair of them: it still ends well.
BOOST_AUTO_TEST_CASE(any_two_packets_may_be_lost) {
    for (int a = 1; a <= 12; ++a)
        for (int b = a; b <= 14; ++b) BOOST_TEST_CONTEXT("packets " << a << " and " << b << " are dropped") {
                const auto gate = std::make_shared<Picky>();
                gate->drops = {a, b};
                world::WorldPlan p = plan({}, false);
                p.firewalls.push_back({.name = "picky", .gate = gate});
                world::World w(p);
                Talk talk(135);
                talk.start(w);
                BOOST_REQUIRE((w.run_until_idle(10'000) == net::Scheduler::End::idle));
                BOOST_TEST(talk.answered());
                BOOST_TEST(talk.server.stream == "ping");
                BOOST_TEST(talk.client.heard_of("peer closed 2"));
                BOOST_TEST(w.host(world::client_host).open_connections() == 0);
                BOOST_TEST(w.host(world::server_host(0)).open_connections() == 0);
            }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
