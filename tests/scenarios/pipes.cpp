// What is said of a run in which named pipes had a part: the fault over TCP stays the one that is shown.
#include "played.hpp"

using namespace played;

namespace {

const std::string pipes = "title='t'\n[server]\nregistry='static.reg'\n[client]\nwindows='nt4'\n";
const std::string tcp_first = pipes + "binding_order=['ncacn_ip_tcp','ncacn_np']\n[firewall]\n";
const std::string pipes_first = pipes + "binding_order=['ncacn_np','ncacn_ip_tcp']\n[firewall]\n";

std::string warning_text(const runner::Result& result, std::string_view id) {
    for (const auto& warning : result.close_ups.front().warnings)
        if (warning.id == id) return warning.text;
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pipes_in_a_run)

BOOST_AUTO_TEST_CASE(when_both_ways_fail_alike_the_deciding_packet_is_that_of_tcp) {
    const auto r = result(tcp_first + "allow=[135,5002]\n");
    const auto& shown = r.close_ups.front();
    const auto& outcome = shown.outcomes.front();
    BOOST_TEST(!outcome.works);
    BOOST_TEST_REQUIRE(outcome.phases.size() == 3U);  // the mapper, TCP 5001, pipes over 139
    BOOST_TEST((outcome.phases[1].failure == outcome.phases[2].failure));
    const auto* decided = runner::deciding_refusal(shown.refusals, outcome);
    BOOST_TEST_REQUIRE(decided != nullptr);
    BOOST_TEST(decided->flow.target.port.value == 5001);
}

BOOST_AUTO_TEST_CASE(with_pipes_alone_the_deciding_packet_is_theirs) {
    const auto r = result(pipes + "binding_order=['ncacn_np']\n[firewall]\nallow=[135,5001,5002]\n");
    const auto& shown = r.close_ups.front();
    const auto* decided = runner::deciding_refusal(shown.refusals, shown.outcomes.front());
    BOOST_TEST_REQUIRE(decided != nullptr);
    BOOST_TEST(decided->flow.target.port.value == 139);
}

BOOST_AUTO_TEST_CASE(whether_tcp_failed_or_was_never_tried_are_two_sentences) {
    const std::string fell_back = warning_text(result(tcp_first + "allow=[135,139]\n"), "named-pipes");
    BOOST_TEST(fell_back.find("after TCP had failed") != std::string::npos, fell_back);
    const std::string began_with = warning_text(result(pipes_first + "allow=[135,139]\n"), "named-pipes");
    BOOST_TEST(began_with.find("TCP was never tried") != std::string::npos, began_with);
    BOOST_TEST(began_with.find("had failed") == std::string::npos, began_with);
}

BOOST_AUTO_TEST_SUITE_END()
