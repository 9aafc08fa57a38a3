// Every entry of the catalogue: its example, checked or played, gives exactly the finding that it is an example of.
#include "scenarios/lint/catalogue.hpp"
#include "scenarios/check/check.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <string>

namespace {

namespace lint = scenarios::lint;
namespace runner = scenarios::runner;
namespace check = scenarios::check;
using sim::base::Diagnostics;
using sim::base::Severity;

// Files without the bound of those on a disk, so that what the readers themselves refuse as too large reaches them.
class Files final : public runner::Files {
public:
    explicit Files(std::map<std::string, std::string> texts) : texts_(texts), bounded_(std::move(texts)) {}
    sim::base::Result<std::string, runner::FileError> read(const std::string& path) override {
        const auto found = texts_.find(path);
        return found == texts_.end() ? bounded_.read(path) : found->second;
    }
    std::vector<std::string> names_in(const std::string& folder) override { return bounded_.names_in(folder); }

private:
    std::map<std::string, std::string> texts_;
    runner::MemoryFiles bounded_;
};

Diagnostics said_of(const lint::Entry& entry) {
    const std::string name(usual_file_name(entry.example.kind));
    std::map<std::string, std::string> texts{{name, lint::whole_text(entry.example)}};
    if (!entry.example.beside_name.empty())
        texts.emplace(std::string(entry.example.beside_name), std::string(entry.example.beside_text));
    Files files(std::move(texts));
    return check::said_of(entry, name, files);
}

std::string shown(const Diagnostics& all) {
    std::string text;
    for (std::size_t i = 0; i < all.size() && i < 5; ++i) text += format(all[i]);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(examples)

BOOST_AUTO_TEST_CASE(each_gives_its_finding_and_no_other_error) {
    for (const lint::Entry* entry : lint::entries()) BOOST_TEST_CONTEXT(entry->id) {
            const Diagnostics said = said_of(*entry);
            bool given = false;
            for (const auto& d : said) {
                given = given || d.id == entry->id;
                const bool other_error = d.id != entry->id && d.severity == Severity::error;
                const bool expected = entry->id == "more-errors" || entry->id == "reg-too-many-errors";
                BOOST_TEST((!other_error || expected), shown(said));
                if (d.id == entry->id) BOOST_TEST((d.severity <= entry->severity), "given as more than it says");
            }
            BOOST_TEST(given, "is not given; instead:\n" << shown(said));
        }
}

// The highest severity that the entry states is one that it is really given with, where the example can show it.
BOOST_AUTO_TEST_CASE(severities_are_true) {
    for (const lint::Entry* entry : lint::entries()) {
        bool reached = false;
        for (const auto& d : said_of(*entry)) reached = reached || (d.id == entry->id && d.severity == entry->severity);
        BOOST_TEST(reached, entry->id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
