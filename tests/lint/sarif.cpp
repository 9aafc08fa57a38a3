// SARIF as its readers demand it (OASIS SARIF 2.1.0): what must be there is there, and indexes point where they say.
#include "scenarios/report/diagnostics.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace {

namespace json = boost::json;
using sim::base::Diagnostic;
using sim::base::Severity;

json::object run_of(const sim::base::Diagnostics& diagnostics) {
    const json::object document = json::parse(scenarios::report::sarif(diagnostics)).as_object();
    BOOST_TEST(document.at("version").as_string() == "2.1.0");
    BOOST_TEST_REQUIRE(document.at("runs").as_array().size() == 1U);
    return document.at("runs").as_array().front().as_object();
}

std::string text_of(const json::value& message) { return std::string(message.as_object().at("text").as_string()); }

const Diagnostic hex{Severity::warning, {"reg/Bern 1.reg", 4, 1, 13},    "port 20481", "port-hex-typed",
                     "a hint",          "\"TCP/IP port\"=dword:00005001"};
const Diagnostic key{Severity::error,       {"b\xc3\xa4r.toml", 2, 11, 4}, "unknown key", "unknown-key", "",
                     "n\xc3\xa4me = \"x\" "};
const Diagnostic whole{Severity::note, {"/etc/x.toml", 0, 0, 1}, "and 3 errors more", "more-errors"};

}  // namespace

BOOST_AUTO_TEST_SUITE(sarif)

BOOST_AUTO_TEST_CASE(nothing_found_is_a_run_without_results) {
    const json::object run = run_of({});
    BOOST_TEST(run.at("results").as_array().empty());
    const json::object& driver = run.at("tool").as_object().at("driver").as_object();
    BOOST_TEST(driver.at("name").as_string() == "firedrill");
    BOOST_TEST(driver.at("rules").as_array().empty());
}

BOOST_AUTO_TEST_CASE(results_and_rules_belong_together) {
    const json::object run = run_of({hex, key, hex, whole});
    const json::array& rules = run.at("tool").as_object().at("driver").as_object().at("rules").as_array();
    const json::array& results = run.at("results").as_array();
    BOOST_TEST(rules.size() == 3U);
    BOOST_TEST_REQUIRE(results.size() == 4U);
    for (const json::value& result : results) {
        const json::object& r = result.as_object();
        const json::object& rule = rules.at(static_cast<std::size_t>(r.at("ruleIndex").as_int64())).as_object();
        BOOST_TEST(rule.at("id").as_string() == r.at("ruleId").as_string());
        for (const char* part : {"shortDescription", "fullDescription", "help"})
            BOOST_TEST(!text_of(rule.at(part)).empty());
        BOOST_TEST(!text_of(r.at("message")).empty());
    }
    BOOST_TEST(results[0].as_object().at("level").as_string() == "warning");
    BOOST_TEST(results[1].as_object().at("level").as_string() == "error");
    BOOST_TEST(results[3].as_object().at("level").as_string() == "note");
}

// Columns count characters, a Place counts octets: "ä" is one of the former and two of the latter.
BOOST_AUTO_TEST_CASE(places) {
    const json::object run = run_of({hex, key, whole});
    const auto place = [&](std::size_t i) -> json::object {
        return run.at("results")
            .as_array()
            .at(i)
            .as_object()
            .at("locations")
            .as_array()
            .at(0)
            .as_object()
            .at("physicalLocation")
            .as_object();
    };
    const auto uri = [&](std::size_t i) {
        return std::string(place(i).at("artifactLocation").as_object().at("uri").as_string());
    };
    BOOST_TEST(uri(0) == "reg/Bern%201.reg");
    BOOST_TEST(uri(1) == "b%C3%A4r.toml");
    BOOST_TEST(uri(2) == "file:///etc/x.toml");
    BOOST_TEST(run.at("columnKind").as_string() == "unicodeCodePoints");
    const json::object first = place(0).at("region").as_object();
    BOOST_TEST(first.at("startLine").as_int64() == 4);
    BOOST_TEST(first.at("startColumn").as_int64() == 1);
    BOOST_TEST(first.at("endColumn").as_int64() == 14);
    const json::object second = place(1).at("region").as_object();
    BOOST_TEST(second.at("startColumn").as_int64() == 10);
    BOOST_TEST(second.at("endColumn").as_int64() == 14);
    BOOST_TEST(!place(2).contains("region"));
}

BOOST_AUTO_TEST_CASE(an_id_without_an_entry_still_counts) {
    const json::object run = run_of({Diagnostic{Severity::error, {"x", 1, 1, 1}, "odd", "of-another-world"}});
    BOOST_TEST(run.at("results").as_array().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
