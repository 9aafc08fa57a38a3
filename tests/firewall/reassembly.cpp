// Fragments become datagrams again, in any order; what overlaps, lies or comes too late does not.
#include "sim/firewall/reassembly.hpp"

#include "sim/base/random.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

base::Bytes piece(std::uint16_t offset, std::size_t length, bool more, base::Byte fill = 'p', std::uint32_t id = 7) {
    wire::IpHeader header = ip(client, server, static_cast<wire::Protocol>(99));
    header.dont_fragment = false;
    header.id = id;
    header.fragment_offset = offset;
    header.more_fragments = more;
    return wire::emit_raw(header, base::Bytes(length, fill));
}

class Desk {
public:
    std::optional<fw::Datagram> add(const base::Bytes& octets, base::SimTime now = at(0s)) {
        const auto view = wire::parse(octets);
        BOOST_REQUIRE(view.has_value());
        return desk_.add(*view, now, fw::Timers{});
    }

private:
    fw::Reassembler desk_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reassembly)

BOOST_AUTO_TEST_CASE(any_order) {
    std::vector<base::Bytes> pieces{piece(0, 16, true), piece(16, 24, true), piece(40, 8, true), piece(48, 5, false)};
    std::sort(pieces.begin(), pieces.end());
    do {
        Desk desk;
        for (std::size_t i = 0; i + 1 < pieces.size(); ++i) BOOST_TEST(!desk.add(pieces[i]).has_value());
        const auto done = desk.add(pieces.back());
        BOOST_REQUIRE(done.has_value());
        BOOST_TEST(wire::parse(done->whole)->ip_payload.size() == 53U);
        BOOST_TEST(!wire::parse(done->whole)->ip.is_fragment());
        BOOST_TEST(done->pieces.size() == 4U);
        BOOST_TEST((wire::parse(done->pieces[1])->ip.fragment_offset == 16));
    } while (std::next_permutation(pieces.begin(), pieces.end()));
}

BOOST_AUTO_TEST_CASE(repeats_overlaps_and_lies) {
    struct Case {
        const char* name;
        base::Bytes extra;
        bool completes;
    };
    const Case cases[] = {{"the same again", piece(0, 16, true), true},
                          {"inside what is there", piece(8, 8, true), true},
                          {"overlaps in part", piece(8, 16, true), false},
                          {"another end", piece(16, 8, false), false},
                          {"of another datagram", piece(8, 16, true, 'p', 8), true}};
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Desk desk;
            desk.add(piece(0, 16, true));
            desk.add(piece(32, 8, false));
            desk.add(c.extra);
            BOOST_TEST(desk.add(piece(16, 16, true)).has_value() == c.completes);
        }
}

BOOST_AUTO_TEST_CASE(too_late) {
    Desk in_time, late;
    in_time.add(piece(0, 16, true));
    late.add(piece(0, 16, true));
    BOOST_TEST(in_time.add(piece(16, 8, false), at(30s - 1ns)).has_value());
    BOOST_TEST(!late.add(piece(16, 8, false), at(30s)).has_value());
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
    Desk desk;
    for (std::uint32_t id = 0; id < 3000; ++id) desk.add(piece(0, 1480, true, 'p', id));
    BOOST_TEST(!desk.add(piece(1480, 8, false, 'p', 0)).has_value());  // long forgotten
    BOOST_TEST(desk.add(piece(1480, 8, false, 'p', 2999)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
