// Ids are what scenario files hold: each must lead back to its enum, and nothing else may.
#include "client/vocabulary.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>

namespace {

template <class All, class Parse>
void round_trip(const All& all, Parse parse) {
    std::set<std::string_view> seen;
    for (const auto value : all) {
        const std::string_view text = client::id(value);
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!text.empty());
            BOOST_TEST(seen.insert(text).second);
            BOOST_TEST((parse(text) == value));
        }
    }
    for (const std::string_view wrong : {"", " ", "Directory", "directory ", "information store", "logon\n", "xyz"})
        BOOST_TEST(!parse(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(every_id_leads_back) {
    round_trip(client::all_do, client::parse_do);
    round_trip(client::all_phases, client::parse_phase);
    round_trip(client::all_stages, client::parse_stage);
    round_trip(client::all_causes, client::parse_cause);
    round_trip(client::all_transports, client::parse_transport);
}

BOOST_AUTO_TEST_CASE(the_lists_hold_every_value_in_order) {
    const auto in_order = [](const auto& all) {
        for (std::size_t i = 0; i < all.size(); ++i) BOOST_TEST(static_cast<std::size_t>(all[i]) == i);
    };
    in_order(client::all_do);
    in_order(client::all_phases);
    in_order(client::all_stages);
    in_order(client::all_causes);
    in_order(client::all_transports);
    BOOST_TEST(static_cast<std::size_t>(client::Cause::no_notice) + 1 == client::all_causes.size());
    BOOST_TEST(static_cast<std::size_t>(client::Stage::notice) + 1 == client::all_stages.size());
}

template <class All>
std::string listed(const All& all) {
    std::string text;
    for (const auto value : all) text += std::string(client::id(value)) + ' ';
    return text;
}

// Ids stand in files of users and in reports: a change here breaks them.
BOOST_AUTO_TEST_CASE(the_words_of_scenario_files_and_reports) {
    BOOST_TEST(listed(client::all_do) == "logon check-name new-mail admin public-folders use ");
    BOOST_TEST(listed(client::all_phases) == "name endpoint-mapper directory information-store attendant ");
    BOOST_TEST(listed(client::all_stages) ==
               "resolve lookup-connect lookup-bind lookup-call lookup-answer connect bind call session notice ");
    BOOST_TEST(
        listed(client::all_causes) ==
        "not-resolved timed-out refused unreachable no-resources not-registered bind-nak interface-rejected fault "
        "service-error reset closed-early no-answer protocol-error pipes-not-usable no-session no-notice ");
    BOOST_TEST(listed(client::all_transports) == "ncacn_ip_tcp ncacn_np ");
}

}  // namespace
