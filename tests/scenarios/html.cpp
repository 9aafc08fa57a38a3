// The page of all results: what it holds, what it leaves out, and that no text breaks out of its data.
#include "scenarios/report/html.hpp"

#include "played.hpp"
#include "scenarios/report/events.hpp"
#include "scenarios/report/ladder_json.hpp"
#include "scenarios/report/result_json.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace {

namespace json = boost::json;
namespace report = scenarios::report;

json::value data_of(const std::string& page) {
    const std::string opening = "id=\"data\">";
    const std::size_t begin = page.find(opening) + opening.size();
    return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

const char* const dropped = R"(title = "135 alone"
[firewall]
allow = [135]
)";

const char* const steps = R"(title = "a change"
[server]
registry = "static.reg"
[firewall]
allow = [135]
[[step]]
do = "check"
[[step]]
do = "replace-firewall"
rules = "open.rules"
expect = "works"
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(nothing_breaks_out_of_the_data) {
    struct Case {
        const char* text;
        const char* escaped;
    };
    const Case cases[] = {{"</script>", "\\u003c/script>"},
                          {"</SCRIPT >", "\\u003c/SCRIPT >"},
                          {"<!--<script>", "\\u003c!--\\u003cscript>"},
                          {"]]> & &lt; \" '", "]]> & &lt; \" '"},
                          {"a\xe2\x80\xa8"
                           "b\xe2\x80\xa9",
                           "a\\u2028b\\u2029"},
                          {"\xe2\x80", "\xe2\x80"},
                          {"\xe2\x80\xa6", "\xe2\x80\xa6"},
                          {"", ""}};
    for (const Case& c : cases) BOOST_TEST(report::for_script_element(c.text) == c.escaped);
    const std::string page =
        report::filled_page("a<script type=\"application/json\" id=\"data\">old</script>b", "{\"x\":\"</script>\"}");
    BOOST_TEST(page == "a<script type=\"application/json\" id=\"data\">\n{\"x\":\"\\u003c/script>\"}</script>b");
}

BOOST_AUTO_TEST_CASE(the_page_stands_alone) {
    const std::string page(report::report_page());
    BOOST_TEST(page.find("default-src 'none'") != std::string::npos);
    BOOST_TEST(page.find("unsafe") == std::string::npos);
    BOOST_TEST(page.find("<link") == std::string::npos);
    BOOST_TEST(page.find("<script src") == std::string::npos);
    BOOST_TEST(page.find(" style=\"") == std::string::npos);
    // As many hashes as elements that need one.
    const auto count = [&page](std::string_view word) {
        std::size_t n = 0;
        for (std::size_t at = page.find(word); at != std::string::npos; at = page.find(word, at + 1)) ++n;
        return n;
    };
    BOOST_TEST(count("'sha256-") == count("<style>") + count("<script>"));
    BOOST_TEST(count("<style>") >= 3U);
    BOOST_TEST(count("<script>") >= 8U);
}

BOOST_AUTO_TEST_CASE(the_events_of_a_page_are_those_of_the_ladder) {
    const auto result = played::result(dropped);
    const report::Events events = report::events_of(result.close_ups.front());
    const json::object ladder = report::ladder_json(result.staged_variant(), result.close_ups.front());
    const json::array& drawn = ladder.at("events").as_array();
    BOOST_REQUIRE(drawn.size() == events.events.size());
    std::size_t stopped = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const report::Event& event = events.events[i];
        const json::object& one = drawn[i].as_object();
        BOOST_TEST(std::string(one.at("what").as_string()) == event.what);
        BOOST_TEST(one.contains("note") == event.note);
        if (event.note) continue;
        BOOST_TEST(one.contains("deciding") == event.deciding);
        BOOST_TEST(std::string(one.at("ending").as_string()) == id(event.ending));
        const json::value* verdict = one.if_contains("verdict");
        const std::string said = verdict == nullptr
                                     ? ""
                                     : std::string(ladder.at("verdicts")
                                                       .at(static_cast<std::size_t>(verdict->to_number<std::int64_t>()))
                                                       .at("text")
                                                       .as_string());
        BOOST_TEST(said == verdict_in_words(event));
        if (event.stopped()) ++stopped;
    }
    BOOST_TEST(stopped > 0U);
    const json::array& flows = ladder.at("flows").as_array();
    BOOST_TEST(!flows[0].as_object().contains("state"));  // 135 gets through
    BOOST_TEST(std::string(flows[1].at("state").as_string()) == "stopped");
    BOOST_TEST(flows[1].at("at").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(looks_cover_all_events_of_a_site_once) {
    const auto result = played::result(steps, {{"open.rules", "allow tcp 135\nallow tcp 5001-5002\n"}});
    const json::object detail = report::detail_json(result);
    const json::object& view = detail.at("views").at(0).as_object();
    const json::array& looks = view.at("looks").as_array();
    BOOST_REQUIRE(looks.size() == 2U);
    BOOST_TEST(looks[0].at("from").to_number<std::size_t>() == 0U);
    BOOST_TEST(looks[0].at("to").to_number<std::size_t>() == looks[1].at("from").to_number<std::size_t>());
    BOOST_TEST(looks[1].at("to").to_number<std::size_t>() == view.at("events").as_array().size());
    BOOST_TEST(!looks[0].at("outcomes").at(0).as_object().contains("works"));
    BOOST_TEST(looks[1].at("outcomes").at(0).at("works").as_bool());
    // A working step has its map and its ports, too.
    BOOST_TEST(looks[1].at("open").at("tcp").as_string() == "135, 5001-5002");
    BOOST_TEST(looks[0].as_object().contains("servers"));
    BOOST_TEST(view.at("rulebooks").as_array().size() == 2U);
    // The deciding packet of the first step is marked, although the last step works.
    std::size_t deciding = 0;
    for (const json::value& event : view.at("events").as_array())
        deciding += event.as_object().contains("deciding") ? 1U : 0U;
    BOOST_TEST(deciding == 1U);
}

BOOST_AUTO_TEST_CASE(what_has_no_room_is_counted) {
    const auto result = played::result(dropped);
    const auto page = [&](report::HtmlLimits limits, int results) {
        report::HtmlReport html(limits);
        for (int i = 0; i < results; ++i) html.add(result);
        return data_of(html.document(3));
    };
    const auto left = [](const json::value& data, const char* what) {
        return data.at("left_out").at(what).to_number<int>();
    };
    const auto whole = page({}, 3);
    BOOST_TEST(left(whole, "details") == 0);
    BOOST_TEST(left(whole, "lines") == 0);
    BOOST_TEST(whole.at("results").as_array().size() == 3U);
    BOOST_TEST(whole.at("results").at(2).as_array().size() == 3U);
    BOOST_TEST(whole.at("totals").at("ran").to_number<int>() == 3);
    BOOST_TEST(whole.at("totals").at("skipped").to_number<int>() == 3);
    const auto few = page({.lines = 4, .details_per_scenario = 2}, 10);
    BOOST_TEST(left(few, "details") == 2);
    BOOST_TEST(left(few, "lines") == 6);
    BOOST_TEST(few.at("results").at(1).as_array().size() == 3U);
    BOOST_TEST(few.at("results").at(3).as_array().size() == 2U);
    // What is not as expected gets more room, also behind what is.
    const auto wrong = played::result(std::string(dropped) + "[expect]\nlogon = \"works\"\n");
    report::HtmlReport html({.lines = 4, .details_per_scenario = 2});
    for (int i = 0; i < 10; ++i) html.add(result);
    for (int i = 0; i < 3; ++i) html.add(wrong);
    const auto both = data_of(html.document());
    BOOST_TEST(both.at("results").as_array().size() == 7U);
    BOOST_TEST(both.at("results").at(6).as_array().size() == 3U);
    BOOST_TEST(both.at("totals").at("failed").to_number<int>() == 3);
    const auto small = page({.details_octets = 1}, 3);
    BOOST_TEST(left(small, "details") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
