// The connection table packet by packet: labels, states, timers. The tables follow firewall-semantics, section 4;
// what a kernel did is in goldens.cpp, here is what its recordings cannot show: time.
#include "sim/firewall/tracker.hpp"

#include "sim/firewall/connections.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

class Table {
public:
    explicit Table(fw::TrackerSettings settings = {}) : tracker_(settings) {}

    // Labels a packet that is let through, and tells "LABEL state timer flags".
    std::string see(const base::Bytes& octets, base::SimTime now) {
        const auto view = wire::parse(octets);
        BOOST_REQUIRE(view.has_value());
        const fw::Mark mark = tracker_.label(*view, now, true);
        tracker_.confirm(mark, now);
        std::string text(fw::id(mark.label));
        const fw::Entry* entry = tracker_.entry_for(*view, now);
        if (entry == nullptr) return text;
        const fw::ConnectionInfo info = fw::describe(*entry, now);
        if (!info.state.empty()) text += " " + info.state;
        text += " " + std::to_string(info.expires_in / 1s);
        if (!info.replied) text += " unreplied";
        if (info.assured) text += " assured";
        return text;
    }
    std::string client(const Tcp& t, base::SimTime now = at(0s)) { return see(to_server(t), now); }
    std::string server(Tcp t, base::SimTime now = at(0s)) {
        std::swap(t.from_port, t.to_port);
        return see(to_client(t), now);
    }
    void open() {
        client({.flags = F::syn, .seq = 1000});
        server({.flags = F::syn | F::ack, .seq = 7000, .ack = 1001});
        client({.flags = F::ack, .seq = 1001, .ack = 7001});
    }

private:
    fw::Tracker tracker_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tracker)

BOOST_AUTO_TEST_CASE(a_connection_from_birth_to_death) {
    Table t;
    BOOST_TEST(t.client({.flags = F::syn, .seq = 1000}) == "NEW SYN_SENT 120 unreplied");
    BOOST_TEST(t.server({.flags = F::syn | F::ack, .seq = 7000, .ack = 1001}) == "ESTABLISHED SYN_RECV 60");
    BOOST_TEST(t.client({.flags = F::ack, .seq = 1001, .ack = 7001}) == "ESTABLISHED ESTABLISHED 432000 assured");
    BOOST_TEST(t.client({.flags = F::ack | F::psh, .seq = 1001, .ack = 7001, .length = 10}) ==
               "ESTABLISHED ESTABLISHED 300 assured");
    BOOST_TEST(t.server({.flags = F::ack, .seq = 7001, .ack = 1011}) == "ESTABLISHED ESTABLISHED 432000 assured");
    BOOST_TEST(t.client({.flags = F::fin | F::ack, .seq = 1011, .ack = 7001}) == "ESTABLISHED FIN_WAIT 120 assured");
    BOOST_TEST(t.server({.flags = F::ack, .seq = 7001, .ack = 1012}) == "ESTABLISHED CLOSE_WAIT 60 assured");
    BOOST_TEST(t.server({.flags = F::fin | F::ack, .seq = 7001, .ack = 1012}) == "ESTABLISHED LAST_ACK 30 assured");
    BOOST_TEST(t.client({.flags = F::ack, .seq = 1012, .ack = 7002}) == "ESTABLISHED TIME_WAIT 120 assured");
    BOOST_TEST(t.client({.flags = F::syn, .seq = 90000}, at(1s)) == "NEW SYN_SENT 120 unreplied");
}

BOOST_AUTO_TEST_CASE(entries_die_on_time) {
    struct Case {
        const char* name;
        base::SimDuration wait;
        const char* expected;
    };
    const Case syn_sent[] = {{"just before", 120s - 1ns, "NEW SYN_SENT 0 unreplied"},
                             {"at its time", 120s, "NEW SYN_SENT 120 unreplied"}};
    for (const Case& c : syn_sent) BOOST_TEST_CONTEXT(c.name) {
            Table t;
            t.client({});
            BOOST_TEST(t.client({}, at(c.wait)) == c.expected);  // a retransmitted SYN keeps nothing alive
        }
    Table t;
    t.open();
    BOOST_TEST(t.client({.flags = F::ack, .seq = 1001, .ack = 7001}, at(120h - 1ns)) ==
               "ESTABLISHED ESTABLISHED 432000 assured");
    BOOST_TEST(t.client({.flags = F::ack, .seq = 1001, .ack = 7001}, at(240h)) == "NEW ESTABLISHED 300 unreplied");
}

BOOST_AUTO_TEST_CASE(resets) {
    Table refused;
    refused.client({});
    BOOST_TEST(refused.server({.flags = F::rst | F::ack, .seq = 0, .ack = 1001}) == "ESTABLISHED");  // and gone
    BOOST_TEST(refused.client({}) == "NEW SYN_SENT 120 unreplied");
    Table t;
    t.open();
    BOOST_TEST(t.server({.flags = F::rst, .seq = 6000}) == "INVALID ESTABLISHED 432000 assured");
    BOOST_TEST(t.server({.flags = F::rst, .seq = 7100}) == "ESTABLISHED ESTABLISHED 10 assured");
    Table u;
    u.open();
    BOOST_TEST(u.server({.flags = F::rst, .seq = 7001}) == "ESTABLISHED CLOSE 10 assured");
    Table none;
    BOOST_TEST(none.client({.flags = F::rst}) == "INVALID");
}

BOOST_AUTO_TEST_CASE(flags_that_no_tcp_sends) {
    for (const int bits :
         std::initializer_list<int>{0, F::fin, F::fin | F::syn, F::syn | F::rst, F::fin | F::psh | F::urg, F::psh})
        BOOST_TEST_CONTEXT(bits) {
            Table t;
            BOOST_TEST(t.client({.flags = static_cast<std::uint8_t>(bits)}) == "INVALID");
        }
    for (const int bits : std::initializer_list<int>{F::syn | F::psh, F::syn | F::ece | F::cwr, F::syn | F::urg})
        BOOST_TEST_CONTEXT(bits) {
            Table t;
            BOOST_TEST(t.client({.flags = static_cast<std::uint8_t>(bits)}) == "NEW SYN_SENT 120 unreplied");
        }
}

BOOST_AUTO_TEST_CASE(sequence_checks) {
    struct Case {
        const char* name;
        Tcp packet;
        const char* label;
    };
    const Case cases[] = {
        {"in the window", {.flags = F::ack, .seq = 1001, .ack = 7001, .length = 100}, "ESTABLISHED"},
        {"far above the window", {.flags = F::ack, .seq = 200000, .ack = 7001}, "INVALID"},
        {"acknowledges what was never sent", {.flags = F::ack, .seq = 1001, .ack = 7002}, "INVALID"},
        {"an old duplicate", {.flags = F::ack, .seq = 1001U - 20000U, .ack = 7001}, "ESTABLISHED"},
        {"a very old acknowledgement", {.flags = F::ack, .seq = 1001, .ack = 7001U - 70000U}, "ESTABLISHED"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Table t;
            t.open();
            const std::string got = t.client(c.packet);
            BOOST_TEST(got.substr(0, got.find(' ')) == c.label);
            fw::TrackerSettings liberal;
            liberal.liberal = true;
            Table l(liberal);
            l.open();
            const std::string relaxed = l.client(c.packet);
            BOOST_TEST(relaxed.substr(0, relaxed.find(' ')) == "ESTABLISHED");
        }
}

BOOST_AUTO_TEST_CASE(picked_up_in_the_middle) {
    Table t;
    BOOST_TEST(t.client({.flags = F::ack, .seq = 5, .ack = 9}) == "NEW ESTABLISHED 300 unreplied");
    BOOST_TEST(t.server({.flags = F::ack, .seq = 9, .ack = 5}) == "ESTABLISHED ESTABLISHED 300");
    BOOST_TEST(t.client({.flags = F::ack, .seq = 5, .ack = 9}) == "ESTABLISHED ESTABLISHED 432000 assured");
    fw::TrackerSettings strict;
    strict.pick_up = false;
    BOOST_TEST(Table(strict).client({.flags = F::ack}) == "INVALID");
}

BOOST_AUTO_TEST_CASE(a_syn_inside_an_open_connection) {
    Table t;
    t.open();
    BOOST_TEST(t.client({.flags = F::syn, .seq = 50000}) == "ESTABLISHED ESTABLISHED 432000 assured");
    BOOST_TEST(t.server({.flags = F::syn, .seq = 50000}) == "INVALID ESTABLISHED 432000 assured");
    t.client({.flags = F::syn, .seq = 50000});
    BOOST_TEST(t.server({.flags = F::syn | F::ack, .seq = 90000, .ack = 50001}) == "ESTABLISHED SYN_RECV 60 assured");
}

BOOST_AUTO_TEST_CASE(udp_becomes_a_stream_after_two_seconds) {
    Table t;
    const base::Bytes ask = udp(client, server, 4000, 53);
    const base::Bytes answer = udp(server, client, 53, 4000);
    BOOST_TEST(t.see(ask, at(0s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(answer, at(1s)) == "ESTABLISHED 30");
    BOOST_TEST(t.see(ask, at(2s)) == "ESTABLISHED 30");
    BOOST_TEST(t.see(ask, at(2s + 1ns)) == "ESTABLISHED 120 assured");
    BOOST_TEST(t.see(answer, at(123s)) == "NEW 30 unreplied");
}

BOOST_AUTO_TEST_CASE(icmp_and_others) {
    Table t;
    BOOST_TEST(t.see(icmp(client, server, 8), at(0s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(icmp(server, client, 0), at(0s)) == "ESTABLISHED 30");
    BOOST_TEST(t.see(icmp(server, client, 0), at(0s)) == "ESTABLISHED 30");
    BOOST_TEST(t.see(icmp(server, client, 0, 0, 2U << 16U), at(0s)) == "INVALID");
    BOOST_TEST(t.see(icmp(client, server, 9), at(0s)) == "INVALID");
    BOOST_TEST(t.see(icmp(client, server, 42), at(0s)) == "INVALID");
    const auto gre = [](wire::IpAddress a, wire::IpAddress b) {
        return wire::emit_raw(ip(a, b, static_cast<wire::Protocol>(47)), base::Bytes(8, 0));
    };
    BOOST_TEST(t.see(gre(client, server), at(0s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(gre(server, client), at(0s)) == "ESTABLISHED 30");
    BOOST_TEST(t.see(gre(client, server), at(0s)) == "ESTABLISHED 180 assured");
    BOOST_TEST(t.see(wire::emit_raw(ip(client, server, static_cast<wire::Protocol>(50)), base::Bytes(8, 0)), at(0s)) ==
               "NEW 600 unreplied");
}

BOOST_AUTO_TEST_CASE(gre_of_version_1_is_known_by_its_call) {
    Table t;
    const auto pptp = [](wire::IpAddress a, wire::IpAddress b, std::uint8_t call, std::uint8_t protocol = 0x88) {
        return wire::emit_raw(
            ip(a, b, static_cast<wire::Protocol>(47)),
            base::Bytes{0x30, 1, protocol, static_cast<std::uint8_t>(protocol == 0x88 ? 0x0b : 0), 0, 4, 0, call});
    };
    BOOST_TEST(t.see(pptp(client, server, 7), at(0s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(pptp(client, server, 7), at(1s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(pptp(server, client, 7), at(2s)) == "NEW 30 unreplied");  // its own call, whatever the number
    BOOST_TEST(t.see(pptp(server, client, 8), at(2s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(pptp(client, server, 7, 0x08), at(2s)) == "INVALID");
    BOOST_TEST(t.see(pptp(client, server, 0), at(2s)) == "NEW 30 unreplied");
    BOOST_TEST(t.see(pptp(server, client, 0), at(2s)) == "ESTABLISHED 30");  // as version 0 has it
}

BOOST_AUTO_TEST_CASE(sctp_with_a_wrong_checksum) {
    const base::Bytes right{0x0b, 0xb8, 0x00, 0x87, 0, 0, 0,    0,    0x45, 0x15, 0x71, 0x7d, 1, 0, 0, 0x14,
                            0,    0,    0,    1,    0, 0, 0xff, 0xff, 0,    0x0a, 0,    0x0a, 0, 0, 0, 1};
    const auto sctp = [](base::Bytes octets) {
        return wire::emit_raw(ip(client, server, static_cast<wire::Protocol>(132)), octets);
    };
    Table t;
    BOOST_TEST(t.see(sctp(right), at(0s)) == "NEW 600 unreplied");
    for (const std::size_t at_octet : {std::size_t{0}, std::size_t{8}, std::size_t{31}}) {
        base::Bytes wrong = right;
        wrong[at_octet] ^= 1;
        BOOST_TEST(Table().see(sctp(wrong), at(0s)) == "INVALID");
    }
    BOOST_TEST(Table().see(sctp({0x0b, 0xb8, 0x00, 0x87}), at(0s)) == "INVALID");
}

// The box answers a packet whose connection is in no table; only the very next packet is that answer, and only from it.
BOOST_AUTO_TEST_CASE(an_answer_to_a_packet_that_goes_no_further) {
    fw::Tracker tracker{fw::TrackerSettings{}};
    const base::Bytes asked = to_server({});
    const base::Bytes error = icmp(server, client, 11, 0, 0, asked);
    const auto label = [&](const base::Bytes& octets, bool arriving) {
        return std::string(fw::id(tracker.label(*wire::parse(octets), at(0s), arriving).label));
    };
    const auto expired = [&] {
        const auto packet = *wire::parse(asked);
        tracker.answers(packet, tracker.label(packet, at(0s), true));
    };
    expired();
    BOOST_TEST(label(error, false) == "RELATED");
    BOOST_TEST(label(error, false) == "INVALID");
    expired();
    BOOST_TEST(label(error, true) == "INVALID");
    expired();
    BOOST_TEST(label(icmp(server, client, 11, 0, 0, to_server({.from_port = 9})), false) == "INVALID");
    expired();
    BOOST_TEST(label(icmp(client, server, 11, 0, 0, asked), false) == "INVALID");
}

BOOST_AUTO_TEST_CASE(an_error_moves_nothing) {
    Table t;
    t.see(udp(client, server, 4000, 53), at(0s));
    const base::Bytes error = icmp(server, client, 3, 3, 0, udp(client, server, 4000, 53));
    BOOST_TEST(t.see(error, at(20s)) == "RELATED 10 unreplied");
}

BOOST_AUTO_TEST_CASE(many_flows_are_swept) {
    fw::FlowTable table;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        fw::Entry entry;
        entry.original = {client, server, static_cast<std::uint16_t>(i), 1, 17};
        entry.reply = *fw::reversed(entry.original);
        entry.expires = at(std::chrono::seconds(i + 30));
        table.insert(entry, at(std::chrono::seconds(i)));
    }
    const auto alive = table.living(at(5000s));
    BOOST_TEST(alive.size() == 29U);
    BOOST_TEST(std::is_sorted(alive.begin(), alive.end(), [](auto* a, auto* b) { return a->serial < b->serial; }));
}

BOOST_AUTO_TEST_SUITE_END()
