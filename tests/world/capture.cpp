// The record as a file, and the promise that the same seed gives the same octets.
#include "sim/world/capture.hpp"

#include "staged.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace staged;

struct Block {
    std::uint32_t type = 0;
    base::SimTime time{};
    base::Bytes octets;
    std::string comment;
};

// Reads just enough of pcapng to see what was written: enhanced packet blocks and their comments.
std::vector<Block> packets_of(base::ByteView file) {
    constexpr std::uint64_t epoch_ns = 883'612'800'000'000'000;
    std::vector<Block> blocks;
    base::Reader reader(file);
    while (reader.left() > 0) {
        Block block;
        block.type = reader.u32le();
        const std::uint32_t length = reader.u32le();
        base::Reader body(reader.take(length - 12));
        BOOST_REQUIRE(reader.u32le() == length);
        BOOST_REQUIRE(reader.ok());
        if (block.type != 6) continue;
        body.u32le();
        const std::uint64_t high = body.u32le();
        block.time =
            base::SimTime{base::SimDuration{static_cast<std::int64_t>((high << 32U | body.u32le()) - epoch_ns)}};
        const std::uint32_t captured = body.u32le();
        BOOST_TEST(body.u32le() == captured);
        const auto octets = body.take(captured);
        block.octets.assign(octets.begin(), octets.end());
        body.align(4);
        if (body.u16le() == 1) block.comment = base::text_of(body.take(body.u16le()));
        BOOST_REQUIRE(body.ok());
        blocks.push_back(block);
    }
    return blocks;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void converse(world::World& w) {
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{135}}};
    server.echoes = true;
    client.at_start = {connect(2, 135), connect(4, 5000)};
    client.on["connected 2"] = {send(2, "ping")};
    client.on["received 2 ping"] = {actor::Close{{2}}};
    const auto a = w.start(world::server_host(0), server);
    const auto b = w.start(world::client_host, client);
    w.run_until_idle();
    w.stop(a);
    w.stop(b);
}

const std::string some_rules = "# what the branch may do\nallow tcp from any to 10.0.0.10 port 135 # mapper\n";

BOOST_AUTO_TEST_SUITE(capture)

BOOST_AUTO_TEST_CASE(outside_shows_every_packet_with_the_verdict_on_it) {
    world::World w(plan({some_rules}));
    converse(w);
    const world::Trace& trace = *w.trace();
    const auto blocks = packets_of(world::capture(trace, "a test"));
    BOOST_REQUIRE(blocks.size() == trace.journeys.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        BOOST_TEST((blocks[i].octets == trace.journeys[i].octets));
        BOOST_TEST((blocks[i].time == trace.journeys[i].sent));
        BOOST_TEST(blocks[i].comment == world::comment(trace, trace.journeys[i]));
    }
    BOOST_TEST_MESSAGE(blocks[0].comment << "\n" << blocks[1].comment << "\n" << blocks[2].comment);
    BOOST_TEST(has(blocks[0].comment, "packet 1 from OUTLOOK: delivered at 0.010 s"));
    BOOST_TEST(has(blocks[0].comment, "fw0: accept [rule]"));
    BOOST_TEST(has(blocks[0].comment, "test.rules:2"));
    BOOST_TEST(has(blocks[0].comment, "allow tcp from any to 10.0.0.10 port 135"));
    BOOST_TEST(has(blocks[1].comment, "DROPPED at fw0"));
    BOOST_TEST(has(blocks[1].comment, "[no-rule-matched]"));
    BOOST_TEST(has(blocks[1].comment, std::string(firewall::sentence(firewall::Reason::no_rule_matched))));
    BOOST_TEST(has(blocks[2].comment, "[established]"));
}

BOOST_AUTO_TEST_CASE(inside_shows_what_a_listener_beside_the_servers_sees) {
    world::WorldPlan p = plan({some_rules, some_rules + "reject with tcp-reset tcp port 5000\n"});
    p.links = {{.latency = 10ms}, {.latency = 5ms}, {.latency = 1ms}};
    p.firewalls[0].rules = rules("default allow\n");
    world::World w(p);
    converse(w);
    const auto blocks = packets_of(world::capture(*w.trace(), "a test", world::CaptureView::inside));
    base::SimTime last{};
    for (const Block& block : blocks) {
        BOOST_TEST((block.time >= last));
        last = block.time;
        const auto view = *wire::parse(block.octets);
        BOOST_TEST((view.target().port.value != 5000 && view.source().port.value != 5000));
    }
    BOOST_TEST(blocks.size() == 9U);
    BOOST_TEST((blocks.front().time == base::SimTime{15ms}));  // behind both firewalls
    BOOST_TEST((blocks[1].time == base::SimTime{16ms}));       // the server's answer, as it leaves
}

BOOST_AUTO_TEST_CASE(without_firewalls_both_views_are_the_same_packets) {
    world::World w(plan({}));
    converse(w);
    const auto outside = packets_of(world::capture(*w.trace(), "x"));
    const auto inside = packets_of(world::capture(*w.trace(), "x", world::CaptureView::inside));
    BOOST_TEST(outside.size() == inside.size());
    BOOST_TEST(outside.size() > 9U);
}

// 203.0.113.10 stands for the server at the first firewall; the second one refuses port 5000.
BOOST_AUTO_TEST_CASE(each_view_shows_the_addresses_of_its_side) {
    const auto outside_address = wire::IpAddress::v4(203, 0, 113, 10);
    world::WorldPlan p = plan({some_rules, some_rules});
    auto native = *firewall::import::parse_native(base::SourceText("outer.rules", "allow tcp 135, 5000\n"));
    native.nat = {{outside_address, server_address, {}}};
    p.firewalls[0].rules = *firewall::import::build(native);
    world::World w(p);
    Puppet server, client;
    server.at_start = {actor::Listen{wire::Port{135}}};
    server.echoes = true;
    client.at_start = {connect(2, 135, outside_address), connect(4, 5000, outside_address)};
    client.on["connected 2"] = {send(2, "ping")};
    const auto a = w.start(world::server_host(0), server);
    const auto b = w.start(world::client_host, client);
    w.run_until([&] { return client.stream == "ping" && !client.heard.empty() && w.refusals().size() == 3; });
    BOOST_TEST(client.stream == "ping");
    const auto addresses = [](const std::vector<Block>& blocks) {
        std::set<std::string> found;
        for (const Block& block : blocks) {
            const auto packet = *wire::parse(block.octets);
            for (const wire::IpAddress& address : {packet.ip.source, packet.ip.target}) found.insert(address.format());
        }
        std::string text;
        for (const std::string& one : found) text += one + " ";
        return text;
    };
    const auto outside = packets_of(world::capture(*w.trace(), "x"));
    BOOST_TEST(addresses(outside) == "192.0.2.50 203.0.113.10 ");
    BOOST_TEST(addresses(packets_of(world::capture(*w.trace(), "x", world::CaptureView::inside))) ==
               "10.0.0.10 192.0.2.50 ");
    BOOST_TEST(has(outside.front().comment, "target 203.0.113.10:135 becomes 10.0.0.10:135, by nat entry 1"));
    // What was refused behind the translation is known to the client by the address that it asked for.
    const world::Refusal& refusal = w.refusals().front();
    BOOST_TEST(refusal.firewall == 1U);
    BOOST_TEST(wire::format(refusal.flow.target) == "10.0.0.10:5000");
    BOOST_TEST(wire::format(refusal.client_flow.target) == "203.0.113.10:5000");
    w.stop(a);
    w.stop(b);
}

base::Bytes file_of(world::World& w) {
    converse(w);
    return world::capture(*w.trace(), "seed");
}

BOOST_AUTO_TEST_CASE(same_seed_same_octets) {
    world::WorldPlan p = plan({some_rules});
    p.links = {{.latency = 10ms, .loss = {1, 5}}};
    std::vector<base::Bytes> files;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        p.seed = seed;
        world::World first(p), second(p);
        files.push_back(file_of(first));
        BOOST_TEST((files.back() == file_of(second)));
    }
    std::sort(files.begin(), files.end());
    BOOST_TEST((std::unique(files.begin(), files.end()) == files.end()));
}

BOOST_AUTO_TEST_CASE(a_rebuilt_world_is_a_new_world) {
    world::WorldPlan lossy = plan({some_rules});
    lossy.links = {{.latency = 10ms, .loss = {1, 5}}};
    world::WorldPlan other = plan({some_rules, some_rules});
    other.seed = 5;
    world::World fresh(lossy);
    const base::Bytes expected = file_of(fresh);
    world::World used(other);
    (void)file_of(used);
    used.rebuild(lossy);  // another shape
    BOOST_TEST((file_of(used) == expected));
    Puppet forgotten;
    forgotten.at_start = {connect(2, 135), actor::SetTimer{{1}, 1s}, actor::Listen{wire::Port{700}},
                          actor::OpenUdp{{1}, wire::Port{0}}};
    used.rebuild(lossy);
    used.start(world::client_host, forgotten);
    used.run_for(11ms);
    used.rebuild(lossy);  // the same shape, in the middle of something
    const auto heard = forgotten.heard;
    BOOST_TEST((file_of(used) == expected));
    BOOST_TEST(forgotten.heard == heard);
}

// Watching must not change what happens.
BOOST_AUTO_TEST_CASE(a_trace_changes_nothing) {
    world::WorldPlan p = plan({some_rules});
    p.links = {{.latency = 10ms, .loss = {1, 4}}};
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        p.seed = seed;
        p.trace = true;
        world::World watched(p);
        converse(watched);
        p.trace = false;
        world::World alone(p);
        converse(alone);
        BOOST_TEST(watched.events() == alone.events());
        BOOST_TEST((watched.now() == alone.now()));
        BOOST_TEST(watched.refusals().size() == alone.refusals().size());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
