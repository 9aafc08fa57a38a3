// What peers without manners, or with bad ones, do to a served mapper: nothing, in the end. After each of them the
// server still serves, and has its memory and descriptors back.
#include "served.hpp"
#include "sim/rpc/client_session.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/pdu.hpp"

#include <deque>
#include <dirent.h>

using namespace rig;

namespace {

std::size_t open_descriptors() {
    DIR* folder = ::opendir("/proc/self/fd");
    BOOST_REQUIRE(folder != nullptr);
    std::size_t count = 0;
    while (::readdir(folder) != nullptr) ++count;
    ::closedir(folder);
    return count;
}

live::Limits impatient() {
    live::Limits limits;
    limits.request_time = std::chrono::milliseconds(300);
    limits.stalled_time = std::chrono::milliseconds(300);
    limits.closing_time = std::chrono::milliseconds(300);
    limits.held_octets = 4 << 20;
    return limits;
}

base::Bytes bind_octets() { return rpc::ClientSession(rpc::epm_interface).bind(); }

// A header of `length` octets as it claims, and `rest` behind it.
base::Bytes header(std::uint8_t type, std::uint8_t flags, std::uint16_t length, std::uint32_t call = 1) {
    base::Bytes octets;
    base::Writer out(octets);
    out.u8(5), out.u8(0), out.u8(type), out.u8(flags);
    out.u32le(0x10), out.u16le(length), out.u16le(0), out.u32le(call);
    return octets;
}

// The peer goes, or is sent away, and the server is as good as new.
void recovers(Served& served, std::size_t descriptors) {
    BOOST_TEST(served.until([&] { return served.totals().open == 0; }));
    BOOST_TEST(served.loop.held_octets() == 0U);
    BOOST_TEST(served.works());
    BOOST_TEST(served.until([&] { return served.totals().open == 0; }));
    BOOST_TEST(open_descriptors() == descriptors);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(nonsense_is_answered_or_dropped_and_forgotten) {
    struct Row {
        const char* name;
        base::Bytes octets;
    };
    base::Bytes endless_bind = header(11, 3, 65535);
    const Row rows[]{
        {"one octet", {5}},
        {"a header cut short", {5, 0, 11, 3, 16, 0, 0}},
        {"a length below 16", header(11, 3, 3)},
        {"a length of 0", header(11, 3, 0)},
        {"a bind that claims 65535 octets", endless_bind},
        {"a request before any bind", header(0, 3, 24)},
        {"a response", header(2, 3, 24)},
        {"HTTP", octets_of("GET / HTTP/1.0\r\n\r\n")},
        {"zeros", base::Bytes(5000, 0)},
        {"ones", base::Bytes(5000, 0xff)},
        {"version 6", {6, 0, 11, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0}},
    };
    Served served(impatient());
    const std::size_t descriptors = open_descriptors();
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            {
                Peer peer(served.mapper);
                peer.send(row.octets);
                BOOST_TEST(served.until([&] { return peer.ended() || peer.gone(); }));
            }
            recovers(served, descriptors);
        }
}

BOOST_AUTO_TEST_CASE(fragments_without_end_are_faulted) {
    Served served(impatient());
    const std::size_t descriptors = open_descriptors();
    {
        Peer peer(served.mapper);
        peer.send(bind_octets());
        BOOST_TEST(served.until([&] { return peer.received().size() >= 60; }));
        base::Bytes first = header(0, 1, 5840);
        first.resize(5840);
        base::Bytes next = header(0, 0, 5840);
        next.resize(5840);
        peer.send(first);
        // Whole fragments, however little the kernel takes at once.
        base::Bytes waiting;
        BOOST_TEST(served.until([&] {
            if (waiting.empty()) waiting = next;
            const std::size_t sent = peer.send(waiting);
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(sent));
            return peer.ended() || peer.gone();
        }));
    }
    recovers(served, descriptors);
}

BOOST_AUTO_TEST_CASE(a_slow_reader_of_a_flood_of_answers_is_dropped) {
    Served served(impatient());
    const std::size_t descriptors = open_descriptors();
    {
        Peer peer(served.mapper, 2048);
        rpc::ClientSession session(rpc::epm_interface);
        peer.send(session.bind());
        BOOST_TEST(served.until([&] { return peer.received().size() >= 60; }));
        const base::Bytes ack = peer.received();
        BOOST_REQUIRE(session.feed(ack));
        base::Bytes stub;
        rpc::NdrWriter writer(stub);
        rpc::emit(writer, rpc::EptLookupRequest{});
        const base::Bytes request = session.request(rpc::epm_opnum::lookup, stub);
        base::Bytes waiting;
        BOOST_TEST(served.until([&] {
            if (waiting.empty())
                for (int i = 0; i < 500; ++i) waiting.insert(waiting.end(), request.begin(), request.end());
            const std::size_t sent = peer.send(waiting);
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(sent));
            return served.totals().dropped_slow == 1;
        }));
    }
    recovers(served, descriptors);
}

BOOST_AUTO_TEST_CASE(a_flood_of_connections_comes_and_goes) {
    Served served(impatient());
    const std::size_t descriptors = open_descriptors();
    for (int round = 0; round < 20; ++round) {
        std::deque<Peer> peers;
        for (int i = 0; i < 100; ++i) {
            peers.emplace_back(served.mapper);
            if (i % 3 == 0) peers.back().send(bind_octets());
            if (i % 3 == 1) peers.back().send(base::Bytes{5, 0, 11});
            if (i % 7 == 0) peers.back().reset();
        }
        served.loop.run_until([] { return false; }, std::chrono::milliseconds(5));
    }
    recovers(served, descriptors);
}

BOOST_AUTO_TEST_CASE(half_open_peers_by_the_hundred_are_let_go_while_others_are_served) {
    Served served(impatient());
    const std::size_t descriptors = open_descriptors();
    {
        std::deque<Peer> peers;
        for (int i = 0; i < 600; ++i) {
            peers.emplace_back(served.mapper);
            if (i % 2 == 0) peers.back().send(base::Bytes{5, 0, 11, 3});
            if (i % 50 == 0) served.loop.run_until([] { return false; }, std::chrono::milliseconds(1));
        }
        BOOST_TEST(served.works());
        BOOST_TEST(served.until([&] { return served.totals().open == 0; }));
        BOOST_TEST(served.totals().dropped_request >= 600U);
    }
    recovers(served, descriptors);
}

BOOST_AUTO_TEST_CASE(hoarders_are_bounded_together) {
    Served served(impatient());
    const std::size_t descriptors = open_descriptors();
    {
        std::deque<Peer> peers;
        base::Bytes most = header(11, 3, 65535);
        most.resize(60'000);
        for (int i = 0; i < 200; ++i) {  // 12 MB of unfinished binds where 4 MiB are allowed
            peers.emplace_back(served.mapper);
            peers.back().send(most);
            BOOST_TEST(!served.loop.run_until([&] { return served.loop.held_octets() > (4U << 20U); },
                                              std::chrono::milliseconds(1)));
        }
    }
    recovers(served, descriptors);
}

BOOST_AUTO_TEST_SUITE_END()
