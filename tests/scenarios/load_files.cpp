// The door to files: what it refuses, and that it looks before it reads.
#include "tests/scenarios/load_support.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace load_tests;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("firedrill-load-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path / "reg"); }
    ~Folder() { fs::remove_all(path); }
    std::string at(const std::string& name) const { return (path / name).generic_string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(load_files)

BOOST_AUTO_TEST_CASE(a_scenario_on_the_disk) {
    const Folder folder;
    folder.write("x.toml", "title = \"x\"\nserver.registry = \"./reg/a.reg\"\n");
    folder.write("reg/a.reg", std::string("a\0b", 3));
    DiskFiles disk;
    Loaded loaded = load_scenario(folder.at("x.toml"), disk);
    BOOST_TEST_REQUIRE(loaded.scenario.has_value(), shown(loaded));
    const FileRef& file = loaded.scenario->variants[0].setup.servers[0].registry.at(0);
    BOOST_TEST(file.path == folder.at("reg/a.reg"));
    BOOST_TEST(file.text->size() == 3U);

    folder.write("y.toml", "title = \"x\"\nserver.registry = \"reg/b.reg\"\n");
    loaded = load_scenario(folder.at("y.toml"), disk);
    BOOST_TEST_REQUIRE(find(loaded, "missing-file") != nullptr);
    BOOST_TEST(find(loaded, "missing-file")->hint == "did you mean a.reg?");
    BOOST_TEST(find(loaded, "missing-file")->place.file == folder.at("y.toml"));
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused_unread) {
    const Folder folder;
    BOOST_TEST_REQUIRE(::mkfifo(folder.at("pipe").c_str(), 0600) == 0);  // opening it would wait for ever
    folder.write("large", "");
    fs::resize_file(folder.path / "large", 100 * 1024 * 1024);
    folder.write("full", "");
    fs::resize_file(folder.path / "full", file_size_max);
    const struct {
        std::string path;
        FileError error;
    } cases[] = {
        {folder.at("none"), FileError::missing},       {folder.at("reg"), FileError::is_folder},
        {folder.at("pipe"), FileError::not_regular},   {"/dev/zero", FileError::not_regular},
        {folder.at("large"), FileError::too_large},    {std::string("a\0b", 3), FileError::missing},
        {folder.at("full/below"), FileError::missing},
    };
    DiskFiles disk;
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.path) {
            const auto text = disk.read(c.path);
            BOOST_TEST_REQUIRE(!text);
            BOOST_TEST((text.error() == c.error), sentence(text.error()));
            const Loaded loaded = load_scenario(c.path, disk);
            BOOST_TEST(loaded.diagnostics.size() == 1U);
            BOOST_TEST(loaded.diagnostics[0].what == sentence(c.error));
        }
    BOOST_TEST(disk.read(folder.at("full"))->size() == file_size_max);
}

BOOST_AUTO_TEST_CASE(memory_files_answer_as_a_disk_does) {
    MemoryFiles files({{"a/b/c.reg", "1"}, {"a/d.reg", "2"}, {"e.reg", "3"}});
    BOOST_TEST(*files.read("a/./b/../d.reg") == "2");
    BOOST_TEST((files.read("a/b").error() == FileError::is_folder));
    BOOST_TEST((files.read("a/x").error() == FileError::missing));
    BOOST_TEST(files.names_in("a").size() == 2U);
    BOOST_TEST(files.names_in("").size() == 2U);
    BOOST_TEST(files.names_in("x").empty());
}

BOOST_AUTO_TEST_CASE(paths_are_relative_to_the_file_that_names_them) {
    BOOST_TEST(path_beside("play/x.toml", "reg/a.reg") == "play/reg/a.reg");
    BOOST_TEST(path_beside("play/x.toml", "../a.reg") == "a.reg");
    BOOST_TEST(path_beside("play/x.toml", "./a.reg") == "play/a.reg");
    BOOST_TEST(path_beside("play/x.toml", "../../a.reg") == "../a.reg");
    BOOST_TEST(path_beside("/play/x.toml", "../reg//a.reg") == "/reg/a.reg");
    BOOST_TEST(path_beside("x.toml", "a.reg") == "a.reg");
    BOOST_TEST(path_beside("play/x.toml", "/etc/a.reg") == "/etc/a.reg");
}

BOOST_AUTO_TEST_SUITE_END()
