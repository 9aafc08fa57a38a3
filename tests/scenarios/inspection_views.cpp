// What RPC inspection does is said in every view: ladder, diagrams, events, reports, explanations, captures.
#include "scenarios/report/diagram.hpp"
#include "scenarios/report/events.hpp"
#include "scenarios/report/json.hpp"
#include "scenarios/report/ladder.hpp"
#include "scenarios/report/text.hpp"
#include "scenarios/runner/inquiry.hpp"
#include "sim/world/capture.hpp"
#include "tests/scenarios/played.hpp"

using namespace played;
namespace report = scenarios::report;

namespace {

const std::string inspected =
    "title = 't'\nserver.registry = 'static.reg'\n[firewall]\nname = 'asa'\nallow = [135]\n"
    "inspect = ['dcerpc']\n";

// The words in one line: ladders break them, and life lines stand between.
std::string flat(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c != '|' && (c != ' ' || !out.ends_with(' ')) && c != '\n') out += c;
    return out;
}

void has(const std::string& text, const std::string& wanted) {
    BOOST_TEST((text.find(wanted) != std::string::npos || flat(text).find(wanted) != std::string::npos), "\"" << wanted << "\" is not in:\n" << text);
}

std::string explained(const runner::StagedScenario& staged, std::uint32_t packet) {
    runner::Inquiry inquiry;
    inquiry.journey = packet;
    const auto told = runner::inquire(staged.variants.front(), inquiry);
    BOOST_TEST_REQUIRE(told.has_value());
    return *told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspection_views)

BOOST_AUTO_TEST_CASE(an_opened_pinhole) {
    const auto scenario = staged(inspected);
    const auto result = played::result(inspected);
    const runner::CloseUp& seen = result.close_ups.at(0);
    const report::Events events = report::events_of(seen);
    const std::string opened = "pinhole 1 opened for 10.0.0.10:5001 (NSPI), expires in 2 min";
    const std::string used = "pinhole 1, opened by packet 7, lets it pass";

    const std::string ladder = report::ladder(events, {});
    has(ladder, opened);
    has(ladder, used);
    has(report::mermaid(events, "t"), "Note over L1: " + opened);
    has(report::mermaid(events, "t"), "Note over L1: " + used);
    has(report::svg(events, "t"), ">" + opened + "</text>");
    has(report::svg(events, "t"), ">" + used + "</text>");
    const std::string lines = report::json_lines(events);
    has(lines, R"("inspected":[{"kind":"opened","pinhole":1,"expires_ns":120050000000,"single_use":false,)"
               R"("host_differs":false,"client":"192.0.2.50","server":"10.0.0.10:5001")");
    has(lines, R"("reason":"rpc-pinhole","pinhole":1,"opened_by":7})");
    has(report::json_line(result), R"("inspections":[{"packet":7,"firewall":"asa")");
    report::TextOptions options;
    options.stories = true;
    has(report::text_of(result, options), "inspects  packet 7: " + opened);
    has(report::text_of(result, options), "inspects  packet 9 passes by pinhole 1, opened by packet 7");
    has(explained(*scenario, 7), "RPC inspection: " + opened);
    has(explained(*scenario, 9), "pinhole 1 (192.0.2.50 to 10.0.0.10:5001, NSPI) lets it pass; it expires in 2 min");
    has(explained(*scenario, 9), "Pinhole 1, opened by packet 7, lets it pass.");
    has(sim::world::comment(*seen.trace, seen.trace->journeys.at(6)), "RPC inspection: " + opened);
    has(sim::world::comment(*seen.trace, seen.trace->journeys.at(8)), "pinhole 1, opened by packet 7");
}

BOOST_AUTO_TEST_CASE(why_none_was_opened) {
    const std::string sealed = "[client]\nseals_mapper = true\n";
    const auto scenario = staged(inspected + sealed);
    const auto result = played::result(inspected + sealed);
    const runner::CloseUp& seen = result.close_ups.at(0);
    const report::Events events = report::events_of(seen);
    const std::string why = "no pinhole: the answer is sealed (packet privacy), so inspection cannot read it [sealed]";
    has(report::mermaid(events, "t"), why);
    has(report::svg(events, "t"), why);
    has(report::json_lines(events), R"("inspected":[{"kind":"not-opened","why":"sealed")");
    has(report::ladder(events, {}), "answer to ept_map, sealed");
    has(explained(*scenario, 7), "RPC inspection: " + why);
    has(explained(*scenario, 9), "RPC inspection holds no port open for this packet");
    has(sim::world::comment(*seen.trace, seen.trace->journeys.at(6)), why);
}

BOOST_AUTO_TEST_CASE(a_pinhole_that_was_used_up) {
    const std::string one = "pinhole_uses = 'one'\n[client]\ndo = ['public-folders']\nremembers_ports = true\n";
    const auto result = played::result(inspected + one);
    const runner::CloseUp& seen = result.close_ups.at(0);
    const std::string gone = "pinhole 2 for this port was used up by another connection";
    has(report::json_lines(report::events_of(seen)), R"("missed":{"pinhole":2,"why":"used-up")");
    has(report::mermaid(report::events_of(seen), "t"), gone);
    has(report::json_line(result), R"("missed":{"pinhole":2,"why":"used-up")");
    report::TextOptions options;
    options.stories = true;
    has(report::text_of(result, options), "pinhole 2 for this port");
    has(sim::world::comment(*seen.trace, seen.trace->journeys.at(seen.refusals.at(0).journey - 1)), gone);
}

// A packet as a check writes it down.
BOOST_AUTO_TEST_CASE(a_packet_that_was_written_down) {
    const auto scenario = staged(inspected);
    runner::Inquiry inquiry;
    inquiry.written = *sim::firewall::exact::parse_witness("TCP 192.0.2.50:1030 > 10.0.0.10:8080 SYN");
    const auto told = runner::inquire(scenario->variants.front(), inquiry);
    BOOST_TEST_REQUIRE(told.has_value());
    has(*told, "TCP 192.0.2.50:1030 > 10.0.0.10:8080 SYN");
    has(*told, "DROPPED [no-rule-matched]");
    inquiry.written = *sim::firewall::exact::parse_witness("UDP 10.0.0.10:1030 > 192.0.2.50:1031");
    has(*runner::inquire(scenario->variants.front(), inquiry), "from the servers' side");
    inquiry.written.reset();
    inquiry.journey = 100'000;
    BOOST_TEST((runner::inquire(scenario->variants.front(), inquiry).error() == runner::NoInquiry::no_such_packet));
}

BOOST_AUTO_TEST_SUITE_END()
