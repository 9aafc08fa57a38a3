// No peer, and no number of peers, takes memory, descriptors or attention from the others.
#include "rig.hpp"

#include <deque>

using namespace rig;

namespace {

// Answers each octet 'q' with `answer`; anything else is an unfinished request.
struct Service {
    Service(Rig& rig, std::string answer)
        : port(free_port()),
          actor([this, answer = std::move(answer)](const actor::Event& event, actor::Actions& out) {
              if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{port});
              if (const auto* r = std::get_if<actor::Received>(&event))
                  for (const base::Byte octet : r->octets)
                      if (octet == 'q') out.emplace_back(actor::Send{r->connection, octets_of(answer)});
              if (const auto* c = std::get_if<actor::PeerClosed>(&event)) out.emplace_back(actor::Close{c->connection});
          }),
          driver(rig.loop, {.name = "service"}) {
        driver.start(actor);
    }
    const live::Counters& counters() const { return driver.counters(); }
    // A well-behaved client is still served at once.
    bool serves(Rig& rig) {
        Peer peer(port);
        peer.send("q");
        return rig.until([&] { return !peer.received().empty() || peer.gone(); }) && !peer.received().empty();
    }

    wire::Port port;
    Scripted actor;
    live::Driver driver;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_are_refused_and_room_comes_back) {
    live::Limits limits;
    limits.connections = 10;
    Rig rig(limits);
    Service service(rig, "answer");
    std::deque<Peer> peers;
    for (int i = 0; i < 25; ++i) peers.emplace_back(service.port);
    BOOST_TEST(rig.until([&] { return service.counters().refused_limit == 15; }));
    BOOST_TEST(service.counters().open == 10U);
    BOOST_TEST(rig.until([&] { return peers.back().gone(); }));
    peers.clear();
    BOOST_TEST(rig.until([&] { return service.counters().open == 0; }));
    BOOST_TEST(service.serves(rig));
}

BOOST_AUTO_TEST_CASE(thousands_of_idle_connections_cost_little_and_nobody_waits) {
    Rig rig;
    Service service(rig, "answer");
    const std::size_t many = std::min<std::size_t>(2000, rig.loop.limits().connections / 3);
    std::deque<Peer> idle;
    for (std::size_t i = 0; i < many; ++i) {
        idle.emplace_back(service.port);
        if (i % 100 == 99) BOOST_REQUIRE(rig.until([&] { return service.counters().open == i + 1; }));
    }
    BOOST_TEST(rig.until([&] { return service.counters().open == many; }));
    BOOST_TEST(service.serves(rig));
    BOOST_TEST(rig.loop.held_octets() == 0U);
    idle.clear();
    BOOST_TEST(rig.until([&] { return service.counters().open == 0; }));
    BOOST_TEST(service.serves(rig));
}

BOOST_AUTO_TEST_CASE(who_says_nothing_or_never_finishes_is_dropped) {
    live::Limits limits;
    limits.request_time = std::chrono::milliseconds(200);
    Rig rig(limits);
    Service service(rig, "answer");
    Peer silent(service.port), half(service.port), served(service.port);
    half.send("h");
    served.send("q");
    BOOST_TEST(rig.until([&] { return silent.gone() && half.gone(); }));
    BOOST_TEST(service.counters().dropped_request == 2U);
    // An answered connection has nothing under way and may idle.
    BOOST_TEST(!served.gone());
    served.send("h");
    BOOST_TEST(rig.until([&] { return served.gone(); }));
}

BOOST_AUTO_TEST_CASE(idle_connections_are_dropped_in_the_end) {
    live::Limits limits;
    limits.idle_time = std::chrono::milliseconds(200);
    Rig rig(limits);
    Service service(rig, "answer");
    Peer peer(service.port);
    peer.send("q");
    BOOST_TEST(rig.until([&] { return peer.gone(); }));
    BOOST_TEST(service.counters().dropped_idle == 1U);
}

BOOST_AUTO_TEST_CASE(who_never_reads_is_dropped_and_is_asked_no_more) {
    live::Limits limits;
    limits.stalled_time = std::chrono::milliseconds(300);
    Rig rig(limits);
    Service service(rig, std::string(60'000, 'a'));
    Peer slow(service.port, 2048);
    BOOST_TEST(rig.until([&] {
        slow.send("q");
        return service.counters().dropped_slow == 1;
    }));
    BOOST_TEST(rig.loop.held_octets() == 0U);
    BOOST_TEST(service.serves(rig));
}

BOOST_AUTO_TEST_CASE(a_queue_has_a_bound) {
    live::Limits limits;
    limits.queued_octets = 1 << 20;
    Rig rig(limits);
    Service service(rig, std::string(16 << 20, 'a'));  // more than the kernel buffers
    Peer slow(service.port, 2048);
    slow.send("q");
    BOOST_TEST(rig.until([&] { return service.counters().dropped_slow == 1; }));
    BOOST_TEST(rig.loop.held_octets() == 0U);
}

BOOST_AUTO_TEST_CASE(a_request_without_end_has_a_bound) {
    live::Limits limits;
    limits.unanswered_octets = 100'000;
    Rig rig(limits);
    Service service(rig, "answer");
    Peer flood(service.port);
    const std::string rubbish(10'000, 'h');
    BOOST_TEST(rig.until([&] {
        flood.send(rubbish);
        return flood.gone();
    }));
    BOOST_TEST(service.counters().dropped_request == 1U);
    BOOST_TEST(rig.loop.held_octets() == 0U);
}

BOOST_AUTO_TEST_CASE(all_together_have_a_bound_and_the_greediest_goes) {
    live::Limits limits;
    limits.held_octets = 50'000;
    Rig rig(limits);
    Service service(rig, "answer");
    Peer greedy(service.port);
    greedy.send(std::string(30'000, 'h'));
    BOOST_TEST(rig.until([&] { return rig.loop.held_octets() == 30'000; }));
    std::deque<Peer> modest;
    for (int i = 0; i < 3; ++i) {
        modest.emplace_back(service.port);
        modest.back().send(std::string(10'000, 'h'));
    }
    BOOST_TEST(rig.until([&] { return greedy.gone(); }));
    BOOST_TEST(service.counters().dropped_memory == 1U);
    for (Peer& peer : modest) BOOST_TEST(!peer.gone());
    BOOST_TEST(rig.until([&] { return rig.loop.held_octets() == 30'000; }));
    BOOST_TEST(service.serves(rig));
}

BOOST_AUTO_TEST_CASE(who_does_not_close_in_turn_is_dropped) {
    live::Limits limits;
    limits.closing_time = std::chrono::milliseconds(200);
    Rig rig(limits);
    const wire::Port port = free_port();
    Scripted actor([&](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{port});
        if (const auto* a = std::get_if<actor::Accepted>(&event)) out.emplace_back(actor::Close{a->connection});
    });
    live::Driver driver(rig.loop, {});
    driver.start(actor);
    Peer peer(port);
    BOOST_TEST(rig.until([&] { return peer.ended(); }));
    BOOST_TEST(rig.until([&] { return driver.counters().open == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
