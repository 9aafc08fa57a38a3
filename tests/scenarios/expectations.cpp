// Each clause of [expect], met and not met. What must not pass is the longer half: a wrong "ok" is the worst result.
#include "played.hpp"

using namespace played;
using runner::Status;

namespace {

struct Case {
    const char* name;
    const char* toml;
    Status status;
    std::vector<std::string> unmet;  // clauses
};

const char* const works = "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\n";
const char* const blocked = "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001]\n";
const char* const range = "title='t'\n[firewall]\nallow=[135,'1025-3000']\n[sweep]\nseeds='1-60'\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(expectations)

BOOST_AUTO_TEST_CASE(every_clause) {
    const std::vector<std::pair<std::string, Case>> cases{
        {works, {"nothing expected", "", Status::ran, {}}},
        {works, {"works", "[expect]\nlogon='works'", Status::as_expected, {}}},
        {works, {"fails, but it works", "[expect]\nlogon='fails'", Status::wrong, {"logon"}}},
        {blocked, {"works, but it fails", "[expect]\nlogon='works'", Status::wrong, {"logon"}}},
        {blocked, {"fails", "[expect]\nlogon='fails'", Status::as_expected, {}}},
        {blocked, {"fails there", "[expect]\nlogon='fails'\nfails_at='information-store'", Status::as_expected, {}}},
        {blocked, {"fails elsewhere", "[expect]\nlogon='fails'\nfails_at='directory'", Status::wrong, {"fails_at"}}},
        {blocked, {"fails_at alone", "[expect]\nfails_at='directory'", Status::wrong, {"fails_at"}}},
        {works, {"fails_at of what works", "[expect]\nfails_at='directory'", Status::wrong, {"fails_at"}}},
        {blocked, {"because", "[expect]\nlogon='fails'\nbecause='no-rule-matched'", Status::as_expected, {}}},
        {blocked,
         {"because of the client's word", "[expect]\nlogon='fails'\nbecause='timed-out'", Status::as_expected, {}}},
        {blocked, {"another reason", "[expect]\nlogon='fails'\nbecause='rule'", Status::wrong, {"because"}}},
        {works, {"ports", "[expect]\nports={directory=5001,information-store='5002-5003'}", Status::as_expected, {}}},
        {works, {"other ports", "[expect]\nports={directory=5002}", Status::wrong, {"ports"}}},
        {works, {"within", "[expect]\nwithin='2s'", Status::as_expected, {}}},
        {blocked, {"not within", "[expect]\nlogon='fails'\nwithin='20s'", Status::wrong, {"within"}}},
        {blocked, {"says", "[expect]\nlogon='fails'\nsays=['default e-mail folders']", Status::as_expected, {}}},
        {blocked, {"says something else", "[expect]\nlogon='fails'\nsays=['password']", Status::wrong, {"says"}}},
        {works, {"says nothing when it works", "[expect]\nsays=['folders']", Status::wrong, {"says"}}},
        {works, {"open_only", "[expect]\nopen_only=[135,'5001-5002']", Status::as_expected, {}}},
        {works, {"open_only, more is open", "[expect]\nopen_only=[135,5001]", Status::wrong, {"open_only"}}},
        {works, {"no such warning", "[expect]\nwarns=['named-pipes']", Status::wrong, {"warns"}}},
        {works,
         {"sometimes, but always", "[expect]\nlogon='sometimes'\n[sweep]\nseeds='1-20'", Status::wrong, {"logon"}}},
        {blocked,
         {"sometimes, but never", "[expect]\nlogon='sometimes'\n[sweep]\nseeds='1-20'", Status::wrong, {"logon"}}},
        {range, {"sometimes", "[expect]\nlogon='sometimes'", Status::as_expected, {}}},
        {range, {"always, but sometimes", "[expect]\nlogon='works'", Status::wrong, {"logon"}}},
        {range, {"share", "[expect]\nlogon='sometimes'\nworks='5%-60%'", Status::as_expected, {}}},
        {range, {"share too high", "[expect]\nlogon='sometimes'\nworks='90%-99%'", Status::wrong, {"works"}}},
        {range, {"share too low", "[expect]\nlogon='sometimes'\nworks='0%-1%'", Status::wrong, {"works"}}},
    };
    for (const auto& [base, c] : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto r = result(base + "\n" + c.toml + "\n");
            BOOST_TEST((r.status == c.status));
            std::vector<std::string> clauses;
            for (const auto& u : r.unmet) clauses.push_back(u.clause);
            BOOST_TEST(clauses == c.unmet, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_CASE(open_only_sees_udp_and_wide_rules) {
    const std::string base =
        "title='t'\n[server]\nregistry='static.reg'\n[expect]\nopen_only=[135,5001,5002]\n[[firewall.rule]]\naction='"
        "allow'\n";
    BOOST_TEST((result(base + "port=[135,5001,5002]\n").status == Status::as_expected));
    BOOST_TEST(
        (result(base + "port=[135,5001,5002]\n[[firewall.rule]]\naction='allow'\nprotocol='udp'\nport=137\n").status ==
         Status::wrong));
    BOOST_TEST((result(base + "protocol='any'\n").status == Status::wrong));
    // A deny above closes what a permit below opens.
    BOOST_TEST((result("title='t'\n[server]\nregistry='static.reg'\n[expect]\nopen_only=[135,5001,5002]\n[[firewall."
                       "rule]]\naction='drop'\nport='5003-65535'\n"
                       "[[firewall.rule]]\naction='allow'\nport=[135,'5001-65535']\n")
                    .status == Status::as_expected));
}

BOOST_AUTO_TEST_CASE(a_result_names_a_seed_that_shows_it) {
    const auto scenario = staged(std::string(range) + "[expect]\nlogon='works'\n");
    const auto all = results(scenario);
    BOOST_TEST_REQUIRE(all.front().unmet.size() == 1U);
    BOOST_TEST_REQUIRE(all.front().unmet.front().seed.has_value());
    const auto seen = runner::close_up(scenario->variants.front(), *all.front().unmet.front().seed);
    BOOST_TEST(!seen.outcomes.front().works);
    for (std::uint64_t seed = 1; seed < *all.front().unmet.front().seed; ++seed)
        BOOST_TEST(runner::close_up(scenario->variants.front(), seed).outcomes.front().works);
}

BOOST_AUTO_TEST_CASE(jobs_change_nothing) {
    const auto scenario =
        staged(std::string(range) +
               "[expect]\nlogon='sometimes'\n[[case]]\ntitle='c'\nfirewall.allow=[135]\nexpect.logon='fails'\n");
    const auto one = results(scenario, 1);
    for (const unsigned jobs : {2U, 3U, 8U}) {
        const auto many = results(scenario, jobs);
        BOOST_TEST_REQUIRE(many.size() == one.size());
        for (std::size_t i = 0; i < one.size(); ++i) BOOST_TEST((many[i].tally == one[i].tally));
    }
}

BOOST_AUTO_TEST_SUITE_END()
