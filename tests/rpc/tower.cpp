// Towers: the 75 octets, what is tolerated, what is refused.
#include "sim/rpc/tower.hpp"

#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

const std::string floor1 = "1300 0d 185accf5 6442 1a10 8c59 08002b2f8426 3800 0200 0000 ";
const std::string floor2 = "1300 0d 045d888a eb1c c911 9fe8 08002b104860 0200 0200 0000 ";
const std::string floor3 = "0100 0b 0200 0000 ";
const std::string floor4 = "0100 07 0200 04d4 ";
const std::string floor5 = "0100 09 0400 0a000005 ";
const std::string all = "0500" + floor1 + floor2 + floor3 + floor4 + floor5;

}  // namespace

BOOST_AUTO_TEST_SUITE(tower)

BOOST_AUTO_TEST_CASE(the_tcp_tower) {
    const Tower tower{.interface = nspi_interface, .port = wire::Port{1236}, .host = wire::IpAddress::v4(10, 0, 0, 5)};
    base::Bytes octets;
    emit_tower(octets, tower);
    BOOST_TEST(octets.size() == tcp_tower_size);
    BOOST_TEST(to_hex(octets) == to_hex(from_hex(all)));
    BOOST_TEST((*parse_tower(Tight(octets)) == tower));
    BOOST_TEST(tower.is_ncacn_ip_tcp());
    BOOST_TEST(format(tower) == "ncacn_ip_tcp:10.0.0.5[1236]");
    octets.push_back(0xab);
    BOOST_TEST((*parse_tower(Tight(octets)) == tower));
}

BOOST_AUTO_TEST_CASE(every_cut_is_refused) {
    const base::Bytes whole = from_hex(all);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Tight cut(base::ByteView(whole).first(size));
        const auto tower = parse_tower(cut);
        BOOST_REQUIRE(!tower.has_value());
        BOOST_TEST((tower.error() == TowerReason::cut));
    }
}

BOOST_AUTO_TEST_CASE(towers_that_are_tolerated) {
    struct Case {
        const char* name;
        std::string octets;
        bool tcp;
        const char* text;
    };
    for (const Case& c : {
             Case{"three floors", "0300" + floor1 + floor2 + floor3, false, "protocol 0x0b/0x00"},
             Case{"four floors", "0400" + floor1 + floor2 + floor3 + floor4, true, "ncacn_ip_tcp:0.0.0.0[1236]"},
             Case{"a sixth floor, not even there", "0600" + all.substr(4), true, "ncacn_ip_tcp:10.0.0.5[1236]"},
             Case{"UDP", "0400" + floor1 + floor2 + "01000a02000000" + "010008020004d4", false,
                  "ncadg_ip_udp:0.0.0.0[1236]"},
             Case{"a pipe", "0500" + floor1 + floor2 + floor3 + "01000f0700 5c706970655c00" + "010011 0200 4100", false,
                  "ncacn_np"},
             Case{"local", "0400" + floor1 + floor2 + "01000c02000000" + "010010 0300 414200", false, "ncalrpc"},
             Case{"HTTP", "0400" + floor1 + floor2 + floor3 + "01001f02000251", false, "ncacn_http:0.0.0.0[593]"},
             Case{"an empty third floor", "0300" + floor1 + floor2 + "0000 0000", false, "protocol 0x00/0x00"},
         })
        BOOST_TEST_CONTEXT(c.name) {
            const auto parsed = parse_tower(Tight(from_hex(c.octets)));
            BOOST_REQUIRE(parsed.has_value());
            BOOST_TEST(parsed->is_ncacn_ip_tcp() == c.tcp);
            BOOST_TEST(format(*parsed) == c.text);
            BOOST_TEST((parsed->interface == nspi_interface));
        }
}

BOOST_AUTO_TEST_CASE(towers_that_are_refused) {
    struct Case {
        const char* name;
        std::string octets;
        TowerReason reason;
    };
    for (const Case& c : {
             Case{"no floors", "0000", TowerReason::too_few_floors},
             Case{"two floors", "0200" + floor1 + floor2, TowerReason::too_few_floors},
             Case{"count in the wrong order", "0005" + floor1, TowerReason::cut},
             Case{"first floor no UUID", "0300" + floor3 + floor2 + floor3, TowerReason::not_an_interface},
             Case{"second floor no UUID", "0300" + floor1 + floor3 + floor3, TowerReason::not_an_interface},
             Case{"a UUID floor too short",
                  "0300"
                  "1200 0d 185accf5 6442 1a10 8c59 08002b2f8426 38 0200 0000" +
                      floor2 + floor3,
                  TowerReason::not_an_interface},
             Case{"no minor version",
                  "0300"
                  "1300 0d 185accf5 6442 1a10 8c59 08002b2f8426 3800 0000" +
                      floor2 + floor3,
                  TowerReason::not_an_interface},
             Case{"a port of one octet", "0400" + floor1 + floor2 + floor3 + "010007 0100 05",
                  TowerReason::bad_port_or_host},
             Case{"a host of 16 octets",
                  "0500" + floor1 + floor2 + floor3 + floor4 + "010009 1000 00000000000000000000000000000000",
                  TowerReason::bad_port_or_host},
             Case{"a length beyond the end", "0300" + floor1 + floor2 + "ffff 0b", TowerReason::cut},
         })
        BOOST_TEST_CONTEXT(c.name) {
            const auto parsed = parse_tower(Tight(from_hex(c.octets)));
            BOOST_REQUIRE(!parsed.has_value());
            BOOST_TEST((parsed.error() == c.reason), format(parsed.error()));
        }
}

BOOST_AUTO_TEST_CASE(an_ipv6_host_travels_as_no_host) {
    base::Bytes octets;
    emit_tower(octets, {.interface = nspi_interface, .port = wire::Port{5000}, .host = wire::IpAddress::v6(1, 2)});
    BOOST_TEST(octets.size() == tcp_tower_size);
    BOOST_TEST(parse_tower(octets)->host.format() == "0.0.0.0");
}

BOOST_AUTO_TEST_SUITE_END()
