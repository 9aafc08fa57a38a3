#include "scenarios/cli/watch.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <thread>
#include <utility>

namespace scenarios::cli {
namespace {

namespace fs = std::filesystem;
using Look = std::map<std::string, std::pair<fs::file_time_type, std::uintmax_t>>;

Look look(const std::vector<std::string>& paths) {
    Look seen;
    std::error_code error;
    const auto add = [&](const fs::path& file) {
        seen[file.string()] = {fs::last_write_time(file, error), fs::file_size(file, error)};
    };
    for (const std::string& path : paths) {
        // A scenario names files beside and below it, so its whole folder is looked at.
        const fs::path folder = fs::is_directory(path, error) ? fs::path(path) : fs::path(path).parent_path();
        const fs::path root = folder.empty() ? fs::path(".") : folder;
        for (auto it = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied, error);
             !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
            if (it->path().filename().string().starts_with(".")) {
                if (it->is_directory(error)) it.disable_recursion_pending();
                continue;
            }
            if (it->is_regular_file(error)) add(it->path());
        }
    }
    return seen;
}

}  // namespace

bool wait_for_change(const std::vector<std::string>& paths, const std::atomic<bool>& interrupted) {
    const Look before = look(paths);
    while (!interrupted) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        if (look(paths) != before) return true;
    }
    return false;
}

}  // namespace scenarios::cli
