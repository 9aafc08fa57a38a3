#include "scenarios/cli/lesson_place.hpp"

#include "scenarios/cli/bundle.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace scenarios::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lessons_in(const fs::path& folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
        if (it->path().extension() == ".toml") found.push_back(it->path().lexically_normal().generic_string());
    std::sort(found.begin(), found.end());
    return found;
}

// An environment variable that holds a whole path; a relative one is to be ignored (XDG Base Directory Specification).
std::optional<std::string> whole_path(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || value[0] != '/') return std::nullopt;
    return value;
}

}  // namespace

std::vector<std::string> bundled_lessons() {
    if (auto found = lessons_in("scenarios/lessons"); !found.empty()) return found;
    const auto bundle = bundle_folder();
    return bundle ? lessons_in(fs::path(*bundle) / "lessons") : std::vector<std::string>();
}

std::string lesson_path(const std::string& typed) {
    std::error_code error;
    if (typed.find('/') != std::string::npos || fs::exists(typed, error)) return typed;
    for (const std::string& path : bundled_lessons())
        if (const fs::path name(path); name.stem() == typed || name.filename() == typed) return path;
    return typed;
}

std::optional<std::string> state_folder() {
    if (const auto state = whole_path("XDG_STATE_HOME")) return *state + "/firedrill";
    if (const auto home = whole_path("HOME")) return *home + "/.local/state/firedrill";
    return std::nullopt;
}

}  // namespace scenarios::cli
