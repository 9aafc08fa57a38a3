// House rules that a machine can hold: size of files, headers that say what they are for, nothing left unfinished.
#include "rooms.hpp"

#include <boost/test/unit_test.hpp>

using namespace architecture;

namespace {

std::vector<Source> all_sources() {
    std::vector<Source> all;
    for (const std::string folder : {"sim", "fakeserver", "client", "scenarios", "tests", "bench"})
        for (Source& source : sources_of(folder)) all.push_back(std::move(source));
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(style)

BOOST_AUTO_TEST_CASE(files_are_small) {
    for (const Source& source : all_sources())
        BOOST_TEST(source.lines.size() <= 400U, source.path << " has " << source.lines.size() << " lines");
}

BOOST_AUTO_TEST_CASE(headers_begin_with_their_purpose_and_guard) {
    for (const Source& source : all_sources()) {
        if (!source.path.ends_with(".hpp")) continue;
        BOOST_TEST((!source.lines.empty() && source.lines.front().starts_with("// ")),
                   source.path << " does not say what it is for");
        bool guarded = false;
        for (const std::string& line : source.lines) guarded = guarded || line == "#pragma once";
        BOOST_TEST(guarded, source.path << " has no #pragma once");
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_left_unfinished) {
    // Spelt in two halves so that this file does not accuse itself.
    const std::vector<std::string> marks{std::string("TO") + "DO", std::string("FIX") + "ME",
                                         std::string("XX") + "X:", std::string("not impl") + "emented",
                                         std::string("#if") + " 0"};
    for (const Source& source : all_sources())
        for (std::size_t i = 0; i < source.lines.size(); ++i)
            for (const std::string& mark : marks)
                BOOST_TEST((source.lines[i].find(mark) == std::string::npos),
                           source.path << ":" << i + 1 << " has " << mark);
}

BOOST_AUTO_TEST_CASE(the_top_level_is_as_agreed) {
    const std::set<std::string> agreed{"CMakeLists.txt", "CMakePresets.json", "sim",         "fakeserver",
                                       "client",         "scenarios",         "tests",       "bench",
                                       "README.md",      "LICENSE",           "CHANGELOG.md"};
    for (const auto& entry : std::filesystem::directory_iterator(FIREDRILL_SOURCE_DIR)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(".") || name.starts_with("build")) continue;
        BOOST_TEST(agreed.contains(name), name << " stands at the top level");
    }
}

BOOST_AUTO_TEST_SUITE_END()
