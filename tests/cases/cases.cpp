// Boxes, settings and comparison: what is taken, what is refused, and that a disagreement is seen in every field.
#include "scenarios/cases/case.hpp"
#include "scenarios/cases/compare.hpp"
#include "scenarios/cases/single_rule.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

using namespace scenarios::cases;

namespace {

json::object object(const std::string& text) { return json::parse(text).as_object(); }

constexpr const char* step =
    R"({"case":"x","step":3,"hook":"FORWARD","verdict":"reject","by":"FORWARD:1","trace":["FORWARD:1"],
    "ct":"NEW","entry":"udp 30 unreplied","out":"eth0","nat":{"dst":"10.1.0.10","dport":7},"with":"tcp-reset","reply":"sent",
    "reply_packet":{"src":"10.1.0.9","inner":{"sport":1,"dport":2}},"reply_out":"eth1","reply_ct":"RELATED",
    "reply_trace":["OUTPUT:policy"],"inside":{"hook":"INPUT"},"logs":["a "]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(cases)

BOOST_AUTO_TEST_CASE(boxes) {
    const auto box =
        read_box(R"({"interfaces":[{"name":"a","addresses":["10.0.0.1/8","2001:db8::1/64"],"default_route":true},
                                                {"name":"b","addresses":[]}]})");
    BOOST_REQUIRE(box.has_value());
    BOOST_TEST(box->size() == 2U);
    BOOST_TEST((*find_interface(*box, "b") == 1U));
    BOOST_TEST(!find_interface(*box, "c").has_value());
    for (const char* wrong : {"", "[]", "{}", R"({"interfaces":[]})", R"({"interfaces":[{"name":"a"}]})",
                              R"({"interfaces":[{"name":"a","addresses":["10.0.0.1"]}]})",
                              R"({"interfaces":[{"name":"a","addresses":["10.0.0.1/33"]}]})",
                              R"({"interfaces":[{"name":"a","addresses":[],"mtu":3}]})",
                              R"({"interfaces":[{"name":"a","addresses":[]},{"name":"a","addresses":[]}]})",
                              R"({"interfaces":[{"name":"a","addresses":[],"default_route":true},
                                                {"name":"b","addresses":[],"default_route":true}]})"})
        BOOST_TEST(!read_box(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(settings) {
    const auto taken = read_settings(object(
        R"({"nf_conntrack_tcp_loose":0,"nf_conntrack_tcp_be_liberal":1,"net.netfilter.nf_conntrack_udp_timeout":7,
            "nf_conntrack_tcp_max_retrans":9,"nf_conntrack_generic_timeout":8})"));
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST(!taken->tracker.pick_up);
    BOOST_TEST(taken->tracker.liberal);
    BOOST_TEST((taken->tracker.timers.udp == std::chrono::seconds{7}));
    BOOST_TEST((taken->tracker.timers.other == std::chrono::seconds{8}));
    BOOST_TEST(taken->tracker.retransmissions_max == 9U);
    for (const char* wrong : {R"({"nf_conntrack_helper":1})", R"({"nf_conntrack_tcp_loose":"no"})",
                              R"({"nf_conntrack_udp_timeout":-1})", R"({"tcp_loose":0})"})
        BOOST_TEST(!read_settings(object(wrong)).has_value(), wrong);
}

// Every field of a step, changed or taken away by itself, is a disagreement in that field and in no other.
BOOST_AUTO_TEST_CASE(every_field_is_compared) {
    const json::object played = object(step);
    json::object expect = played;
    expect.erase("case");
    expect.erase("step");
    {
        Tally tally;
        tally.step(played, expect);
        BOOST_TEST(tally.agrees(), tally.text());
    }
    for (const auto& [key, value] : expect) BOOST_TEST_CONTEXT(key) {
            json::object other = expect;
            other[key] = value.is_object() ? json::value(json::object{{"src", "9.9.9.9"}}) : json::value("another");
            Tally tally;
            tally.step(played, other);
            BOOST_TEST(!tally.agrees());
            BOOST_TEST(tally.text().find(std::string("step 3: ") + std::string(key)) != std::string::npos,
                       tally.text());
            BOOST_TEST(tally.line().find("\"disagreements\":1") != std::string::npos, tally.line());
        }
    for (const char* must : {"hook", "verdict", "by", "trace", "ct", "entry", "with", "reply"})
        BOOST_TEST_CONTEXT(must) {
            json::object other = expect;
            other.erase(must);
            Tally tally;
            tally.step(played, other);
            BOOST_TEST(!tally.agrees());
        }
    json::object open = expect;
    open.erase("entry");
    open["entry_unknown"] = true;
    open["reply_packet"] = json::object{{"inner", json::object{{"dport", 2}}}};
    Tally tally;
    tally.step(played, open);
    BOOST_TEST(tally.agrees(), tally.text());
}

BOOST_AUTO_TEST_CASE(single_rules) {
    struct Row {
        const char* record;
        bool agrees;
    };
    const Row rows[] = {
        {R"({"family":"ipv4","rule":"-A FORWARD -p 6 -j ACCEPT","accepted":true,"canonical":["-A FORWARD -p tcp -j ACCEPT"]})",
         true},
        {R"({"family":"ipv4","rule":"-A FORWARD -p 6 -j ACCEPT","accepted":true,"canonical":["-A FORWARD -p 6 -j ACCEPT"]})",
         false},
        {R"({"family":"ipv4","rule":"-A FORWARD -p 6 -j ACCEPT","accepted":false,"error":"no"})", false},
        {R"({"family":"ipv4","rule":"-A FORWARD -j NOSUCH","accepted":false,"error":"Couldn't load target `NOSUCH':No such file"})",
         true},
        {R"({"family":"ipv4","rule":"-A FORWARD -j NOSUCH","accepted":false,"error":"Couldn't load target `OTHER':No such file"})",
         false},
        {R"({"family":"ipv4","rule":"-A FORWARD -s ! 1.2.3.4","accepted":false,"error":"Bad argument `1.2.3.4'"})",
         true},
        {R"({"family":"ipv4","rule":"-A FORWARD -m limit -j DROP","accepted":true,"canonical":[],"outside_subset":true})",
         true},
        {R"({"family":"ipv4","rule":"-A FORWARD -j DROP","accepted":true,"canonical":[],"outside_subset":true})",
         false},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.record) {
            Tally tally;
            const json::object record = object(row.record);
            compare_rule(try_rule(record), record, tally);
            BOOST_TEST(tally.agrees() == row.agrees, tally.text());
        }
}

BOOST_AUTO_TEST_SUITE_END()
