// The catalogue against the sources: no id without an entry, no entry without an id.
#include "scenarios/lint/catalogue.hpp"

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/runner/warnings.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace lint = scenarios::lint;

// Rooms that make diagnostics.
const std::vector<std::string> rooms{
    "sim/base",         "sim/firewall",        "sim/firewall/import", "sim/firewall/exact", "fakeserver",
    "scenarios/runner", "scenarios/diagnosis", "scenarios/check",     "scenarios/lesson",   "scenarios/cli"};

struct Source {
    std::string path;
    std::string text;  // without comments
};

std::vector<Source> sources() {
    std::vector<Source> all;
    for (const std::string& room : rooms)
        for (const auto& file : std::filesystem::directory_iterator(std::string(FIREDRILL_SOURCE_DIR "/") + room)) {
            if (file.path().extension() != ".cpp" && file.path().extension() != ".hpp") continue;
            Source source{file.path().string(), {}};
            std::ifstream in(file.path());
            for (std::string line; std::getline(in, line);) source.text += line.substr(0, line.find("//")) + "\n";
            all.push_back(std::move(source));
        }
    return all;
}

void collect(const Source& source, const std::regex& pattern, std::map<std::string, std::string>& found) {
    for (auto m = std::sregex_iterator(source.text.begin(), source.text.end(), pattern); m != std::sregex_iterator();
         ++m)
        for (std::size_t group = 1; group < m->size(); ++group) found.emplace((*m)[group].str(), source.path);
}

// An id follows the sentence that it stands for: a literal with a blank in it, or a call. Two in a choice are ids when
// both have dashes.
std::map<std::string, std::string> ids_in_sources() {
    const std::regex behind_sentence(R"re((?:\)|[^"\n\\] [^"\n]{0,200}")\s*,\s*"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")re");
    const std::regex in_choice(R"re(\?\s*"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"\s*:\s*"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)")re");
    const std::regex in_field(R"re(\.id\s*=\s*"([a-z0-9-]+)")re");
    std::map<std::string, std::string> found;
    for (const Source& source : sources())
        for (const std::regex* pattern : {&behind_sentence, &in_choice, &in_field}) collect(source, *pattern, found);
    return found;
}

// Words that look like an id behind a sentence, and are none.
const std::set<std::string> no_ids{"firedrill", "neither"};

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(every_id_of_the_sources_has_an_entry) {
    const auto found = ids_in_sources();
    BOOST_TEST(found.size() > 150U);  // else the patterns no longer fit how the sources are written
    for (const auto& [id, path] : found)
        if (no_ids.count(id) == 0)
            BOOST_TEST((lint::find(id) != nullptr), id << " in " << path << " has no entry in scenarios/lint");
    for (std::size_t i = 0; i < scenarios::runner::run_warning_count; ++i) {
        const auto id = scenarios::runner::id(static_cast<scenarios::runner::RunWarning>(i));
        BOOST_TEST((lint::find(id) != nullptr), id);
    }
}

BOOST_AUTO_TEST_CASE(every_cause_of_the_diagnosis_has_an_entry) {
    for (const auto& cause : scenarios::diagnosis::known_causes()) {
        const lint::Entry* entry = lint::find(cause.id);
        BOOST_TEST((entry != nullptr), cause.id << " has no entry in scenarios/lint");
        if (entry != nullptr && entry->stage == lint::Stage::diagnosis)
            BOOST_TEST((entry->articles.empty() == cause.articles.empty()), cause.id);
    }
    for (const lint::Entry* entry : lint::entries())
        if (entry->stage == lint::Stage::diagnosis)
            BOOST_TEST((scenarios::diagnosis::find_cause(entry->id) != nullptr), entry->id << " is no cause");
}

BOOST_AUTO_TEST_CASE(every_entry_has_its_id_in_the_sources) {
    std::string all;
    for (const Source& source : sources()) all += source.text;
    for (const lint::Entry* entry : lint::entries()) {
        const std::string id(entry->id);
        const bool composed =
            (id == "unknown-server" || id == "unknown-firewall") && all.find("\"unknown-{}\"") != std::string::npos;
        BOOST_TEST((composed || all.find("\"" + id + "\"") != std::string::npos), id << " is given nowhere");
    }
}

BOOST_AUTO_TEST_CASE(entries_are_whole) {
    std::set<std::string_view> seen;
    for (const lint::Entry* entry : lint::entries()) BOOST_TEST_CONTEXT(entry->id) {
            BOOST_TEST(seen.insert(entry->id).second, "stands twice");
            BOOST_TEST(!entry->title.empty());
            BOOST_TEST((entry->title.back() != '.'));
            BOOST_TEST((entry->title.size() <= 90), entry->title);
            BOOST_TEST((entry->meaning.size() > 20));
            BOOST_TEST((entry->meaning.back() == '.'));
            BOOST_TEST(!entry->mend.empty());
            BOOST_TEST(!entry->example.text.empty());
            const auto& unfold = entry->example.unfold;
            if (!unfold.token.empty())
                BOOST_TEST((entry->example.text.find(unfold.token) != std::string_view::npos),
                           "the short form is not in the example");
        }
}

BOOST_AUTO_TEST_CASE(finding_and_guessing) {
    BOOST_TEST((lint::find("port-hex-typed") != nullptr));
    BOOST_TEST((lint::find("port-hex") == nullptr));
    BOOST_TEST((lint::find("") == nullptr));
    BOOST_TEST(lint::nearest_id("port-hex-tiped") == "port-hex-typed");
    BOOST_TEST(lint::nearest_id("zebra").empty());
    BOOST_TEST(lint::may_warn(*lint::find("named-pipes")));
    BOOST_TEST(lint::may_warn(*lint::find("port-duplicate")));
    BOOST_TEST(!lint::may_warn(*lint::find("port-boundary")));
    BOOST_TEST(!lint::may_warn(*lint::find("unknown-key")));
    BOOST_TEST(!lint::may_warn(*lint::find("udp-instead-of-tcp")));
}

BOOST_AUTO_TEST_CASE(short_forms_are_written_out) {
    const lint::Example example{.text = "a <more> z", .unfold = {"<more>", "#-##,", 3}};
    BOOST_TEST(lint::whole_text(example) == "a 1-2,2-3,3-4, z");
}

BOOST_AUTO_TEST_SUITE_END()
