// A packet filter in the path of a live client: what it drops is silence, what it resets is a refusal, and it sees
// packets that make sense.
#include "rig.hpp"
#include "sim/wire/packet.hpp"

using namespace rig;

namespace {

struct Seen {
    live::Direction direction;
    std::string flags;
    std::string payload;
    std::uint32_t sequence = 0, acknowledgement = 0;
};

// Client and echo server in one loop, with a gate between.
struct Path {
    explicit Path(std::function<live::Passing(const Seen&)> judge)
        : port(free_port()),
          server([this](const actor::Event& event, actor::Actions& out) {
              if (std::holds_alternative<actor::Started>(event)) out.emplace_back(actor::Listen{port});
              if (const auto* r = std::get_if<actor::Received>(&event))
                  out.emplace_back(actor::Send{r->connection, octets_of("pong")});
          }),
          client([this](const actor::Event& event, actor::Actions& out) {
              if (std::holds_alternative<actor::Started>(event))
                  out.emplace_back(actor::Connect{{2}, {wire::IpAddress::v4(127, 0, 0, 1), port}});
              if (std::holds_alternative<actor::Connected>(event))
                  out.emplace_back(actor::Send{{2}, octets_of("ping")});
          }),
          at_server(rig.loop, {}) {
        live::DriverSettings settings;
        settings.schedule = {.first_wait = std::chrono::milliseconds(200), .retransmissions = 1};
        settings.schedule.after_reset = std::chrono::milliseconds(1);
        settings.gate = [this, judge = std::move(judge)](base::ByteView packet, live::Direction direction,
                                                         base::SimTime) {
            const auto view = wire::parse(packet);
            BOOST_REQUIRE(view);
            BOOST_TEST(!view->checksum_wrong);
            BOOST_REQUIRE(view->tcp() != nullptr);
            const bool to_server = direction == live::Direction::to_server;
            BOOST_TEST((to_server ? view->target() : view->source()).port.value == port.value);
            seen.push_back({direction, wire::format(view->tcp()->flags), std::string(base::text_of(view->payload)),
                            view->tcp()->sequence, view->tcp()->acknowledgement});
            return judge(seen.back());
        };
        at_client.emplace(rig.loop, settings);
        at_server.start(server);
        at_client->start(client);
    }

    Rig rig;
    wire::Port port;
    std::vector<Seen> seen;
    Scripted server, client;
    live::Driver at_server;
    std::optional<live::Driver> at_client;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(gates)

BOOST_AUTO_TEST_CASE(the_whole_conversation_is_shown) {
    Path path([](const Seen&) { return live::Passing::passes; });
    BOOST_TEST(path.rig.until([&] { return path.client.octets == "pong"; }));
    std::string story;
    for (const Seen& one : path.seen)
        story += (one.direction == live::Direction::to_server ? "> " : "< ") + one.flags + " " + one.payload + "\n";
    // Numbers count SYN and octets, and acknowledge what came.
    const std::uint32_t client = path.seen[0].sequence, server = path.seen[1].sequence;
    const std::array<std::array<std::uint32_t, 2>, 7> numbers{{{client, 0},
                                                               {server, client + 1},
                                                               {client + 1, server + 1},
                                                               {client + 1, server + 1},
                                                               {server + 1, client + 5},
                                                               {server + 1, client + 5},
                                                               {client + 5, server + 5}}};
    for (std::size_t i = 0; i < numbers.size(); ++i) BOOST_TEST_CONTEXT("packet " << i) {
            BOOST_TEST(path.seen.at(i).sequence == numbers[i][0]);
            BOOST_TEST(path.seen.at(i).acknowledgement == numbers[i][1]);
        }
    BOOST_TEST(story == "> SYN \n< SYN-ACK \n> ACK \n> PSH-ACK ping\n< ACK \n< PSH-ACK pong\n> ACK \n");
}

BOOST_AUTO_TEST_CASE(what_is_dropped_is_silence) {
    struct Row {
        const char* name;
        std::string flags;
        live::Direction direction;
        const char* heard;
    };
    const Row rows[]{{"the SYN", "SYN", live::Direction::to_server, "timed-out"},
                     {"the answer to it", "SYN-ACK", live::Direction::to_client, "timed-out"}};
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            Path path([&row](const Seen& one) {
                const bool it = one.flags == row.flags && one.direction == row.direction;
                return it ? live::Passing::dropped : live::Passing::passes;
            });
            BOOST_TEST(path.rig.until([&] { return path.client.count(row.heard) == 1; }));
            BOOST_TEST(path.client.count("connected") == 0U);
            // What is dropped on its way out never reaches the server.
            if (row.direction == live::Direction::to_server) BOOST_TEST(path.server.count("accepted") == 0U);
        }
}

BOOST_AUTO_TEST_CASE(a_reset_refuses_as_often_as_windows_tries) {
    Path path([](const Seen&) { return live::Passing::reset; });
    BOOST_TEST(path.rig.until([&] { return path.client.count("refused") == 1; }));
    BOOST_TEST(path.seen.size() == 2U);
    BOOST_TEST(path.server.count("accepted") == 0U);
}

BOOST_AUTO_TEST_CASE(data_that_is_dropped_is_never_answered) {
    Path path([](const Seen& one) { return one.payload == "ping" ? live::Passing::dropped : live::Passing::passes; });
    BOOST_TEST(path.rig.until([&] { return path.client.count("connected") == 1; }));
    BOOST_TEST(!path.rig.loop.run_until([&] { return !path.server.octets.empty(); }, std::chrono::milliseconds(200)));
    BOOST_TEST(path.client.octets == "");
}

BOOST_AUTO_TEST_CASE(data_that_is_reset_ends_the_connection) {
    Path path([](const Seen& one) { return one.payload == "pong" ? live::Passing::reset : live::Passing::passes; });
    BOOST_TEST(path.rig.until([&] { return path.client.count("reset") == 1; }));
    BOOST_TEST(path.client.octets == "");
}

BOOST_AUTO_TEST_SUITE_END()
