// The actor driver: every event and action of the actor seam, on a network without firewalls.
#include "staged.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace staged;

BOOST_AUTO_TEST_SUITE(driver)

BOOST_AUTO_TEST_CASE(start_is_handled_with_what_it_causes_before_it_returns) {
    world::World w(plan({}));
    Puppet server, second;
    server.at_start = {actor::Listen{wire::Port{135}}, actor::Listen{wire::Port{135}},
                       actor::OpenUdp{{4}, wire::Port{0}}};
    second.at_start = {actor::Listen{wire::Port{135}}, actor::Listen{wire::Port{136}}};
    w.start(world::server_host(0), server);
    w.start(world::server_host(0), second);
    BOOST_TEST(server.heard == (Lines{"started", "listening 135", "listen failed 135", "udp 4 1025"}));
    BOOST_TEST(second.heard == (Lines{"started", "listen failed 135", "listening 136"}));
}

BOOST_AUTO_TEST_CASE(a_conversation) {
    world::World w(plan({}));
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{135}}};
    server.echoes = true;
    client.at_start = {connect(2, 135)};
    client.on["connected 2"] = {send(2, "ping"), actor::Note{"asked"}};
    client.on["received 2 ping"] = {actor::Close{{2}}};
    w.start(world::server_host(0), server);
    w.start(world::client_host, client);
    BOOST_TEST((w.run_until_idle() == net::Scheduler::End::idle));
    BOOST_TEST(client.heard == (Lines{"started", "connected 2", "received 2 ping", "peer closed 2"}));
    BOOST_TEST(server.heard == (Lines{"started", "listening 135", "accepted 1", "received 1 ping", "peer closed 1"}));
    BOOST_TEST(ladder(*w.trace()) == (Lines{"0.000 s OUTLOOK SYN delivered", "0.010 s EXCH01 SYN-ACK delivered",
                                            "0.020 s OUTLOOK ACK delivered", "0.020 s OUTLOOK PSH-ACK delivered",
                                            "0.030 s EXCH01 PSH-ACK delivered", "0.040 s OUTLOOK FIN-ACK delivered",
                                            "0.050 s EXCH01 ACK delivered", "0.050 s EXCH01 FIN-ACK delivered",
                                            "0.060 s OUTLOOK ACK delivered"}));
    BOOST_REQUIRE(w.trace()->notes.size() == 1);
    BOOST_TEST(w.trace()->notes[0].text == "asked");
    BOOST_TEST(w.trace()->notes[0].after == 4U);
    BOOST_TEST((w.trace()->notes[0].time == base::SimTime{20ms}));
}

BOOST_AUTO_TEST_CASE(connections_have_names_of_their_own) {
    world::World w(plan({}));
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{135}}};
    server.echoes = true;
    client.at_start = {connect(2, 135), connect(4, 135), connect(6, 135)};
    client.on["connected 4"] = {send(4, "four")};
    client.on["connected 6"] = {actor::Abort{{6}}, send(6, "gone"), actor::Close{{6}}, connect(8, 135)};
    client.on["connected 8"] = {send(8, "eight")};
    w.start(world::server_host(0), server);
    w.start(world::client_host, client);
    w.run_until_idle();
    BOOST_TEST(client.heard == (Lines{"started", "connected 2", "connected 4", "connected 6", "received 4 four",
                                      "connected 8", "received 8 eight"}));
    BOOST_TEST(server.heard_of("reset 5"));
    BOOST_TEST(server.heard_of("received 7 eight"));
}

BOOST_AUTO_TEST_CASE(datagrams) {
    world::World w(plan({}));
    Puppet server, client;
    client.at_start = {actor::OpenUdp{{9}, wire::Port{2000}}};
    server.at_start = {actor::OpenUdp{{1}, wire::Port{0}},
                       actor::SendTo{{1}, {client_address, wire::Port{2000}}, octets("new mail")}};
    w.start(world::client_host, client);
    w.start(world::server_host(0), server);
    w.run_until_idle();
    BOOST_TEST(client.heard == (Lines{"started", "udp 9 2000", "datagram new mail"}));
}

BOOST_AUTO_TEST_CASE(timers) {
    world::World w(plan({}));
    Puppet p;
    p.at_start = {actor::SetTimer{{1}, 5s}, actor::SetTimer{{2}, 1s}, actor::SetTimer{{3}, 2s},
                  actor::SetTimer{{1}, 3s}, actor::CancelTimer{{3}},  actor::CancelTimer{{7}},
                  actor::SetTimer{{4}, -1s}};
    p.on["timer 2"] = {actor::SetTimer{{2}, 10s}};
    w.start(world::client_host, p);
    w.run_until(base::SimTime{4s});
    BOOST_TEST(p.heard == (Lines{"started", "timer 4", "timer 2", "timer 1"}));
    BOOST_TEST((w.now() == base::SimTime{4s}));
    w.run_until(base::SimTime{12s});
    BOOST_TEST(p.heard.back() == "timer 2");
    BOOST_TEST((p.last == base::SimTime{11s}));
}

BOOST_AUTO_TEST_CASE(a_stopped_actor_hears_nothing_and_frees_everything) {
    world::World w(plan({}));
    Puppet server, client, successor;
    server.at_start = {actor::Listen{wire::Port{135}}, actor::SetTimer{{1}, 1h}, actor::OpenUdp{{1}, wire::Port{700}}};
    client.at_start = {connect(2, 135)};
    const auto id = w.start(world::server_host(0), server);
    w.start(world::client_host, client);
    w.run_for(1s);
    BOOST_TEST(w.running(id));
    const auto heard_before = server.heard;
    w.stop(id);
    w.stop(id);
    BOOST_TEST(!w.running(id));
    w.run_until_idle();
    BOOST_TEST((w.now() < base::SimTime{2s}));  // the timer is gone as well
    BOOST_TEST(server.heard == heard_before);
    BOOST_TEST(client.heard.back() == "reset 2");
    w.deliver(id, actor::TimerFired{{1}});
    BOOST_TEST(server.heard == heard_before);
    successor.at_start = server.at_start;
    w.start(world::server_host(0), successor);
    BOOST_TEST(successor.heard == (Lines{"started", "listening 135", "udp 1 700"}));
}

BOOST_AUTO_TEST_CASE(an_event_from_outside) {
    world::World w(plan({}));
    Puppet p;
    p.on["timer 77"] = {connect(2, 135)};
    const auto id = w.start(world::client_host, p);
    w.deliver(id, actor::TimerFired{{77}});
    w.run_until_idle();
    BOOST_TEST(p.heard == (Lines{"started", "timer 77", "failed 2 1"}));
}

BOOST_AUTO_TEST_CASE(failed_connects_are_kept_without_a_trace) {
    world::WorldPlan without = plan({}, false);
    without.client.profile.ephemeral = {wire::Port{1025}, wire::Port{1025}};
    world::World w(without);
    Puppet client;
    client.at_start = {connect(2, 5000), connect(4, 5000)};
    const auto id = w.start(world::client_host, client);
    BOOST_TEST(client.heard.back() == "failed 4 3");
    w.run_until_idle();
    BOOST_TEST(client.heard.back() == "failed 2 1");
    BOOST_TEST(w.trace() == nullptr);
    BOOST_REQUIRE(w.failed_connects().size() == 2);
    BOOST_TEST((w.failed_connects()[0].failure.error == net::ConnectError::no_resources));
    BOOST_TEST((w.failed_connects()[1].failure.error == net::ConnectError::refused));
    BOOST_TEST((w.failed_connects()[1].failure.target == wire::Endpoint{server_address, wire::Port{5000}}));
    BOOST_TEST((w.failed_connects()[1].actor == id));
}

BOOST_AUTO_TEST_CASE(ports_of_programs_not_studied) {
    world::WorldPlan p = plan({});
    p.servers[0].open_ports = {wire::Port{139}};
    p.servers[0].taken_ports = {wire::Port{1030}};
    world::World w(p);
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{139}}, actor::Listen{wire::Port{1030}},
                       actor::OpenUdp{{1}, wire::Port{1030}}};
    client.at_start = {connect(2, 139), connect(4, 1030)};
    client.on["connected 2"] = {send(2, "hello"), actor::Close{{2}}};
    w.start(world::server_host(0), server);
    w.start(world::client_host, client);
    w.run_until_idle();
    BOOST_TEST(server.heard == (Lines{"started", "listen failed 139", "listen failed 1030"}));
    BOOST_TEST(client.heard == (Lines{"started", "connected 2", "peer closed 2", "failed 4 1"}));
}

BOOST_AUTO_TEST_CASE(running_until_something_is_so) {
    world::World w(plan({}));
    Puppet client;
    client.at_start = {connect(2, 5000)};
    w.start(world::client_host, client);
    BOOST_TEST(!w.run_until([&] { return client.heard_of("failed 2 1"); }, base::SimTime{500ms}));
    BOOST_TEST((w.now() < base::SimTime{500ms}));
    BOOST_TEST(!w.run_until([&] { return client.heard_of("failed 2 1"); }, base::SimTime::max(), 1));
    BOOST_TEST(w.run_until([&] { return client.heard_of("failed 2 1"); }));
    BOOST_TEST((w.now() == base::SimTime{1060ms}));
    BOOST_TEST(w.run_until([] { return true; }, base::SimTime::max(), 0));
    BOOST_TEST(!w.run_until([] { return false; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
