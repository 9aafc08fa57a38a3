// The order of work: what each step changes, what it must bring, and how long it cuts a site off.
#include "played.hpp"

using namespace played;
using runner::Status;

namespace {

const std::string base = "title='t'\n[firewall]\nallow=[135,5001,5002]\n";

std::vector<std::string> clauses(const runner::Result& r) {
    std::vector<std::string> out;
    for (const auto& u : r.unmet) out.push_back(u.clause);
    for (const auto& step : r.steps)
        for (const auto& u : step.unmet) out.push_back(u.clause);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(steps)

BOOST_AUTO_TEST_CASE(a_change_counts_from_the_restart_on) {
    const auto r = result(
        base +
        "[[step]]\ndo='check'\nexpect='fails'\n[[step]]\ndo='import-registry'\nfile='static.reg'\nexpect='fails'\n"
        "[[step]]\ndo='restart-server'\nexpect='works'\n[after]\nnewly_works=['logon']\nnewly_breaks=[]\n");
    BOOST_TEST((r.status == Status::as_expected));
    BOOST_TEST(r.steps.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_must_not_pass) {
    const struct {
        const char* name;
        std::string toml;
        std::vector<std::string> unmet;
    } cases[] = {
        {"works before the restart",
         base + "[[step]]\ndo='import-registry'\nfile='static.reg'\nexpect='works'\n",
         {"logon"}},
        {"nothing newly works",
         base + "[[step]]\ndo='check'\n[[step]]\ndo='import-registry'\nfile='static.reg'\n[after]\nnewly_works=['logon'"
                "]\n",
         {"newly_works"}},
        {"something breaks",
         "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\n[[step]]\ndo='check'\nexpect='"
         "works'\n"
         "[[step]]\ndo='replace-firewall'\nrules='closed.rules'\n[after]\nnewly_breaks=[]\n",
         {"newly_breaks"}},
        {"outage longer than planned",
         "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\n[[step]]\ndo='check'\nexpect='"
         "works'\n"
         "[[step]]\ndo='restart-server'\noutage='2m'\n",
         {"outage"}},
        {"outage that does not end",
         "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\n[[step]]\ndo='check'\nexpect='"
         "works'\n"
         "[[step]]\ndo='replace-firewall'\nrules='closed.rules'\noutage='10h'\n",
         {"outage"}},
        {"ports closed that nobody named",
         "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\n[[step]]\ndo='check'\nexpect='"
         "works'\n"
         "[[step]]\ndo='replace-firewall'\nrules='closed.rules'\n[after]\nnewly_closed=[]\n",
         {"newly_closed"}},
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto r = result(c.toml, {{"closed.rules", "default drop\nallow tcp port 135\n"}});
            BOOST_TEST((r.status == Status::wrong));
            BOOST_TEST(clauses(r) == c.unmet, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_CASE(a_kept_session_outlives_the_filters_memory_or_not) {
    const std::string kept =
        "title='t'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\nidle_timeout='1h'\n[[step]]"
        "\ndo='logon'\nexpect='works'\n";
    BOOST_TEST((result(kept + "[[step]]\ndo='wait'\nfor='50m'\n[[step]]\ndo='use'\nexpect='works'\n").status ==
                Status::as_expected));
    BOOST_TEST((result(kept + "[[step]]\ndo='wait'\nfor='70m'\n[[step]]\ndo='use'\nexpect='fails'\n").status ==
                Status::as_expected));
    BOOST_TEST(
        (result(kept +
                "[[step]]\ndo='restart-service'\nservice='information-store'\n[[step]]\ndo='use'\nexpect='fails'\n")
             .status == Status::as_expected));
}

BOOST_AUTO_TEST_SUITE_END()
