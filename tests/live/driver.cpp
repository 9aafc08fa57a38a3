// The promises of the actor seam, kept by the kernel.
#include "rig.hpp"

using namespace rig;

namespace {

// Listens, sends everything back, closes when the peer does.
Scripted::Script echo(wire::Port port) {
    return [port](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{port});
        if (const auto* r = std::get_if<actor::Received>(&event))
            out.emplace_back(actor::Send{r->connection, base::Bytes(r->octets.begin(), r->octets.end())});
        if (const auto* c = std::get_if<actor::PeerClosed>(&event)) out.emplace_back(actor::Close{c->connection});
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(driver)

BOOST_AUTO_TEST_CASE(a_stream_goes_both_ways_and_ends_in_order) {
    Rig rig;
    const wire::Port port = free_port();
    Scripted actor(echo(port));
    live::Driver driver(rig.loop, {.name = "echo"});
    driver.start(actor);
    BOOST_TEST(actor.count("listening") == 1U);
    Peer peer(port);
    peer.send("hello");
    BOOST_TEST(rig.until([&] { return base::text_of(peer.received()) == "hello"; }));
    // The peer may end its side first and still gets what is due.
    peer.send(" and goodbye");
    peer.finish();
    BOOST_TEST(rig.until([&] { return peer.ended(); }));
    BOOST_TEST(base::text_of(peer.received()) == "hello and goodbye");
    BOOST_TEST(actor.count("peer-closed") == 1U);
    BOOST_TEST(actor.count("reset") == 0U);
    BOOST_TEST(rig.until([&] { return driver.counters().open == 0; }));
    BOOST_TEST(driver.counters().octets_in == 17U);
    BOOST_TEST(driver.counters().octets_out == 17U);
    BOOST_TEST(rig.loop.held_octets() == 0U);
    BOOST_TEST(rig.loop.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(more_than_the_kernel_takes_at_once_arrives_whole) {
    live::Limits limits;
    limits.queued_octets = 64 << 20;
    Rig rig(limits);
    const wire::Port port = free_port();
    const std::string much(24 << 20, 'x');
    Scripted actor([&](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{port});
        if (const auto* a = std::get_if<actor::Accepted>(&event)) {
            out.emplace_back(actor::Send{a->connection, octets_of(much)});
            out.emplace_back(actor::Close{a->connection});
        }
    });
    live::Driver driver(rig.loop, {});
    driver.start(actor);
    Peer peer(port, 65536);
    BOOST_TEST(rig.until([&] { return rig.loop.held_octets() > 0; }));  // more than the kernel takes, indeed
    BOOST_TEST(rig.until([&] { return peer.ended(); }));
    BOOST_TEST(peer.received().size() == much.size());
    BOOST_TEST(!peer.gone());
    BOOST_TEST(rig.loop.held_octets() == 0U);
}

BOOST_AUTO_TEST_CASE(resets_are_heard_and_made) {
    Rig rig;
    const wire::Port port = free_port();
    Scripted actor([&](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{port});
        if (const auto* r = std::get_if<actor::Received>(&event)) out.emplace_back(actor::Abort{r->connection});
    });
    live::Driver driver(rig.loop, {});
    driver.start(actor);
    Peer quiet(port);
    BOOST_TEST(rig.until([&] { return actor.count("accepted") == 1; }));
    quiet.reset();
    BOOST_TEST(rig.until([&] { return actor.count("reset") == 1; }));
    Peer loud(port);
    loud.send("x");
    BOOST_TEST(rig.until([&] { return loud.gone(); }));
    BOOST_TEST(actor.count("reset") == 1U);  // an actor's own abort is no news to it
    BOOST_TEST(driver.counters().open == 0U);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_told_with_its_reason) {
    Rig rig;
    const wire::Port port = free_port();
    Scripted first(echo(port)), second(echo(port));
    live::Driver one(rig.loop, {}), two(rig.loop, {});
    one.start(first);
    two.start(second);
    BOOST_TEST(second.count("listen-failed") == 1U);
    BOOST_REQUIRE(two.listen_problems().size() == 1U);
    BOOST_TEST(two.listen_problems().front().in_use);
    BOOST_TEST((two.listen_problems().front().endpoint == wire::Endpoint{wire::IpAddress::v4(127, 0, 0, 1), port}));
    BOOST_TEST(live::try_listen({wire::IpAddress::v4(127, 0, 0, 1), port}).has_value());
    one.stop();
    BOOST_TEST(!live::try_listen({wire::IpAddress::v4(127, 0, 0, 1), port}).has_value());
}

BOOST_AUTO_TEST_CASE(an_actor_connects_talks_and_closes) {
    Rig rig;
    const wire::Port port = free_port();
    Scripted server(echo(port));
    live::Driver at_server(rig.loop, {});
    at_server.start(server);
    Scripted client([&](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event))
            out.emplace_back(actor::Connect{{2}, {wire::IpAddress::v4(127, 0, 0, 1), port}});
        if (std::holds_alternative<actor::Connected>(event)) out.emplace_back(actor::Send{{2}, octets_of("ping")});
        if (std::holds_alternative<actor::Received>(event)) out.emplace_back(actor::Close{{2}});
    });
    live::Driver at_client(rig.loop, {});
    at_client.start(client);
    BOOST_TEST(rig.until([&] { return at_server.counters().open == 0 && server.count("peer-closed") == 1; }));
    BOOST_TEST(client.octets == "ping");
    BOOST_TEST(server.count("reset") == 0U);
}

BOOST_AUTO_TEST_CASE(a_refused_port_is_tried_as_often_as_that_windows_does) {
    Rig rig;
    const wire::Port closed = free_port();
    unsigned attempts = 0;
    live::DriverSettings settings;
    settings.schedule = {.retransmissions = 3, .after_reset = std::chrono::milliseconds(1)};
    settings.gate = [&](base::ByteView, live::Direction, base::SimTime) {
        ++attempts;
        return live::Passing::passes;
    };
    Scripted client([&](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event))
            out.emplace_back(actor::Connect{{2}, {wire::IpAddress::v4(127, 0, 0, 1), closed}});
    });
    live::Driver driver(rig.loop, settings);
    driver.start(client);
    BOOST_TEST(rig.until([&] { return client.count("refused") == 1; }));
    BOOST_TEST(attempts == 4U);
}

BOOST_AUTO_TEST_CASE(timers_fire_once_are_replaced_and_cancelled) {
    Rig rig;
    const actor::TimerId mine{7}, other{8};
    Scripted actor([&](const actor::Event& event, actor::Actions& out) {
        if (!std::holds_alternative<actor::Started>(event)) return;
        out.emplace_back(actor::SetTimer{mine, std::chrono::hours(1)});
        out.emplace_back(actor::SetTimer{mine, std::chrono::milliseconds(20)});
        out.emplace_back(actor::SetTimer{other, std::chrono::milliseconds(1)});
        out.emplace_back(actor::CancelTimer{other});
    });
    live::Driver driver(rig.loop, {});
    driver.start(actor);
    BOOST_TEST(rig.until([&] { return actor.count("timer") == 1; }));
    BOOST_TEST((actor.times.back() - actor.times.front() >= std::chrono::milliseconds(20)));
    BOOST_TEST(actor.count("timer") == 1U);
}

BOOST_AUTO_TEST_CASE(datagrams_go_both_ways) {
    Rig rig;
    Scripted one([](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::OpenUdp{{1}, wire::Port{0}});
        if (const auto* d = std::get_if<actor::Datagram>(&event))
            out.emplace_back(actor::SendTo{d->socket, d->from, octets_of("pong")});
    });
    live::Driver a(rig.loop, {});
    a.start(one);
    BOOST_REQUIRE(one.udp_port.value != 0);
    Scripted two([&](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::OpenUdp{{1}, wire::Port{0}});
        if (std::holds_alternative<actor::UdpOpened>(event))
            out.emplace_back(actor::SendTo{{1}, {wire::IpAddress::v4(127, 0, 0, 1), one.udp_port}, octets_of("ping")});
    });
    live::Driver b(rig.loop, {});
    b.start(two);
    BOOST_TEST(rig.until([&] { return two.octets == "pong"; }));
    BOOST_TEST(one.octets == "ping");
}

BOOST_AUTO_TEST_CASE(a_stopped_driver_resets_its_connections_and_says_nothing) {
    Rig rig;
    const wire::Port port = free_port();
    Scripted actor(echo(port));
    live::Driver driver(rig.loop, {});
    driver.start(actor);
    Peer peer(port);
    peer.send("x");
    BOOST_TEST(rig.until([&] { return !peer.received().empty(); }));
    const std::size_t heard = actor.heard.size();
    driver.stop();
    BOOST_TEST(rig.until([&] { return peer.gone(); }));
    BOOST_TEST(actor.heard.size() == heard);
    BOOST_TEST(!Peer(port).connected());
}

BOOST_AUTO_TEST_SUITE_END()
