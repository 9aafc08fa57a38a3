// The fake server and the fake client meet over the kernel's TCP.
#include "served.hpp"

using namespace rig;
using client::Do;

BOOST_AUTO_TEST_SUITE(live_server)

BOOST_AUTO_TEST_CASE(every_action_works_over_real_sockets) {
    Served served;
    const auto outcomes = served.play({Do::logon, Do::check_name, Do::new_mail, Do::admin, Do::public_folders});
    BOOST_REQUIRE(outcomes.size() == 5U);
    for (const auto& outcome : outcomes) BOOST_TEST(outcome.works, client::summary(outcome));
    BOOST_TEST(served.until([&] { return served.totals().open == 0; }));
    BOOST_TEST(served.loop.held_octets() == 0U);
}

BOOST_AUTO_TEST_CASE(the_list_names_every_interface_at_its_port) {
    Served served;
    const auto ports = served.listed();
    BOOST_TEST(ports.size() == 10U);  // SA 2, DS 3, IS 4, MTA 1
    BOOST_TEST(ports[0] == ports[1]);
    BOOST_TEST(ports[2] == ports[4]);
    BOOST_TEST(ports[5] == ports[8]);
    BOOST_TEST(ports[0] != ports[2]);
    BOOST_TEST(ports[2] != ports[5]);
}

BOOST_AUTO_TEST_CASE(pinned_ports_are_used_and_a_seed_repeats_the_others) {
    const wire::Port directory = free_port(), store = free_port();
    Served served({}, pinned(directory, store), 7);
    const auto ports = served.listed();
    BOOST_TEST(contains(ports, directory));
    BOOST_TEST(contains(ports, store));
    BOOST_TEST(served.works());
    served.server.reset();
    Served again({}, pinned(directory, store), 7);
    BOOST_TEST(again.listed() == ports);
    again.server.reset();
    Served other({}, pinned(directory, store), 8);
    BOOST_TEST((other.listed() != ports));
}

BOOST_AUTO_TEST_CASE(a_taken_fixed_port_leaves_its_service_without_tcp) {
    Rig occupant;
    const wire::Port taken = free_port();
    Scripted somebody([taken](const actor::Event& event, actor::Actions& out) {
        if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{taken});
    });
    live::Driver at_work(occupant.loop, {});
    at_work.start(somebody);
    Served served({}, pinned({}, taken));
    BOOST_TEST(served.server->table().find("IS has no TCP port: " + wire::format(taken)) != std::string::npos,
               served.server->table());
    BOOST_TEST(served.server->table().find("is taken by another program") != std::string::npos);
    BOOST_TEST(!contains(served.listed(), taken));
    const auto outcomes = served.play({Do::check_name, Do::logon});
    BOOST_TEST(outcomes.at(0).works);
    BOOST_REQUIRE(outcomes.at(1).failure.has_value());
    BOOST_TEST((outcomes.at(1).failure->cause == client::Cause::not_registered));
}

BOOST_AUTO_TEST_CASE(a_mapper_without_its_port_is_a_sentence_with_address_and_port) {
    Served first;
    scenarios::live::ServerOrder order;
    order.mapper = first.mapper;
    scenarios::live::LiveServer second(first.loop, order, {});
    const auto problem = second.boot();
    BOOST_REQUIRE(problem.has_value());
    BOOST_TEST(problem->find("127.0.0.1:" + wire::format(first.mapper)) != std::string::npos, *problem);
}

BOOST_AUTO_TEST_CASE(a_restart_drops_connections_reads_the_registry_and_draws_new_ports) {
    const wire::Port store = free_port();
    Served served;
    const auto before = served.listed();
    Peer at_mapper(served.mapper), at_directory(wire::Port{static_cast<std::uint16_t>(before[2])});
    BOOST_TEST(served.until([&] { return served.totals().open == 2; }));
    served.server->restart(pinned({}, store));
    BOOST_TEST(served.until([&] { return at_directory.gone(); }));
    BOOST_TEST(!at_mapper.gone());  // RPCSS is no service of Exchange's
    BOOST_TEST(!at_mapper.ended());
    const auto after = served.listed();
    BOOST_TEST(contains(after, store));
    BOOST_TEST(!contains(before, store));
    BOOST_TEST((after[2] != before[2]));
    BOOST_TEST(!Peer(wire::Port{static_cast<std::uint16_t>(before[2])}).connected());
    BOOST_TEST(served.works());
}

BOOST_AUTO_TEST_CASE(many_restarts_leak_nothing) {
    Served served;
    for (int i = 0; i < 50; ++i) {
        Peer peer(wire::Port{static_cast<std::uint16_t>(served.listed().front())});
        served.server->restart({});
        BOOST_TEST(served.until([&] { return peer.gone(); }));
    }
    BOOST_TEST(served.works());
    BOOST_TEST(served.until([&] { return served.loop.connections() == 0; }));
    BOOST_TEST(served.loop.held_octets() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
