// Every documented mistake gets its diagnosis, alone and beside any other, in every rule language.
#include "tests/diagnosis/lab.hpp"

#include <boost/test/data/test_case.hpp>

using namespace lab;

namespace {

// Combinations in which one mistake takes away what the other is about.
bool compatible(const Mistake& a, const Mistake& b) {
    if (a.facet == b.facet) return false;
    if (a.facet.starts_with("ds") && b.facet.starts_with("ds") &&
        (a.facet == "ds unpinned" || b.facet == "ds unpinned"))
        return false;
    const auto both = [&](std::string_view x, std::string_view y) {
        return (a.facet == x && b.facet == y) || (a.facet == y && b.facet == x);
    };
    // Whose port is not pinned works when everything is open.
    if (both("ds unpinned", "wide")) return false;
    // Everything above 1023 is open then.
    if (both("wide", "ds rule") || both("wide", "is rule") || both("wide", "ds value") || both("wide", "is value"))
        return false;
    // One service, one fate.
    if (both("is value", "is busy") || both("is value", "is stopped") || both("is busy", "is stopped")) return false;
    if (both("is rule", "is busy") || both("is rule", "is stopped")) return false;
    // Where DS has no port of its own, IS cannot be given the same.
    const auto named = [&](std::string_view n) { return a.name == n || b.name == n; };
    if (named("IS on the directory's port") &&
        (a.facet.starts_with("ds") || b.facet.starts_with("ds") || both("is value", "is rule")))
        return false;
    // Nothing then says that 1815 was not meant.
    if (named("DS digits of an export") && named("ds rule: not opened")) return false;
    // These leave no port that the rule could be asked about: another has to be chosen first.
    if (both("ds value", "ds rule") && (named("DS is 0") || named("DS on 135"))) return false;
    if (both("is value", "is rule") && (named("IS above 65535") || named("IS elsewhere than the rule"))) return false;
    return true;
}

Lab configured(Language language, unsigned directory) {
    Lab made(language);
    if (directory != made.directory) {
        made.directory = directory;
        made.store = directory + 1;
        made.configure();
    }
    return made;
}

void check(const Lab& made, const std::vector<std::string>& expected) {
    const auto findings = diagnosed(made);
    std::string got;
    for (const auto& finding : findings) got += "\n  " + finding.id + ": " + sentence(finding);
    for (const std::string& id : expected)
        BOOST_TEST(has(findings, id), "wanted " << id << ", got" << got << "\n" << made.toml());
    for (const auto& finding : findings) {
        BOOST_TEST(diagnosis::find_cause(finding.id) != nullptr);
        BOOST_TEST(!finding.mend.empty(), finding.id << " has no mend");
        BOOST_TEST(sentence(finding).find("{}") == std::string::npos, sentence(finding));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(a_right_configuration_gets_no_advice) {
    for (const Language language : languages) {
        const auto findings = diagnosed(Lab(language));
        for (const auto& finding : findings) BOOST_ERROR("false alarm " << finding.id << ": " << sentence(finding));
    }
}

// The laboratory's own ports, and those of the base article, which lie at the end of the dynamic range (Q155831).
BOOST_DATA_TEST_CASE(each_alone, boost::unit_test::data::make({6165U, 5000U}), ports) {
    for (const Mistake& mistake : mistakes())
        for (const Language language : mistake.in) {
            Lab made = configured(language, ports);
            mistake.make(made);
            BOOST_TEST_CONTEXT(mistake.name << ", language " << static_cast<int>(language)) {
                check(made, mistake.expected);
                // One mistake, one cause that breaks something: no second guess beside it.
                std::size_t breaking = 0;
                for (const auto& finding : diagnosed(made))
                    breaking += finding.effect == diagnosis::Effect::breaks ? 1U : 0U;
                if (mistake.facet != "wide") BOOST_TEST(breaking == 1U);
            }
        }
}

BOOST_DATA_TEST_CASE(any_two_together, boost::unit_test::data::make({6165U, 5000U}), ports) {
    const auto list = mistakes();
    std::size_t number = 0;
    for (std::size_t i = 0; i < list.size(); ++i)
        for (std::size_t j = i + 1; j < list.size(); ++j) {
            if (!compatible(list[i], list[j])) continue;
            // Languages in turn, so that the table stays quick; each alone is tried in all of them above.
            const Language language =
                list[i].in.size() < 3 || list[j].in.size() < 3 ? Language::native : languages[number++ % 3];
            Lab made = configured(language, ports);
            list[i].make(made);
            list[j].make(made);
            auto expected = list[i].expected;
            expected.insert(expected.end(), list[j].expected.begin(), list[j].expected.end());
            BOOST_TEST_CONTEXT(list[i].name << " + " << list[j].name << ", language " << static_cast<int>(language))
            check(made, expected);
        }
    BOOST_TEST(number > 500U);
}

BOOST_AUTO_TEST_SUITE_END()
