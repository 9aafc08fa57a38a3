#include "scenarios/cli/bundle.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>

namespace scenarios::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view folder_name = "scenarios";

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

// What is written as a path, and not as a number, an address or a word.
bool looks_like_path(std::string_view word) {
    return word == folder_name || word.find('/') != std::string_view::npos || word.ends_with(".toml");
}

}  // namespace

std::optional<std::string> bundle_folder() {
    std::error_code error;
    const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
    if (here.empty()) return std::nullopt;
    for (const char* beside : {"../scenarios", "../share/firedrill/scenarios"})
        if (const fs::path place = (here / beside).lexically_normal(); is_there(place / "basics"))
            return place.generic_string();
    return std::nullopt;
}

std::optional<std::string> bundled_path(const std::string& typed) {
    const auto folder = bundle_folder();
    if (!folder || typed.empty() || typed.front() == '/' || is_there(typed)) return std::nullopt;
    fs::path below = fs::path(typed).lexically_normal();
    if (*below.begin() == "..") return std::nullopt;
    if (*below.begin() == folder_name) below = below.lexically_relative(folder_name);
    for (const char* ending : {"", ".toml"})
        if (const fs::path path = (fs::path(*folder) / below).lexically_normal().string() + ending; is_there(path))
            return path.generic_string();
    return std::nullopt;
}

std::string with_bundled_paths(std::string text) {
    const auto folder = bundle_folder();
    if (!folder || is_there(folder_name)) return text;
    const std::string wanted = fmt::format(" {}/", folder_name);
    const std::string there = fmt::format(" {}/", *folder);
    for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string::npos; at += there.size())
        text.replace(at, wanted.size(), there);
    return text;
}

void show_bundled_examples(CLI::App& program) {
    for (CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
        command->footer(with_bundled_paths(command->get_footer()));
}

std::vector<std::string> bundle_hints(const std::vector<std::string>& arguments) {
    std::vector<std::string> hints;
    for (const std::string& argument : arguments) {
        const std::size_t equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
        const std::string word = equals == std::string::npos ? argument : argument.substr(equals + 1);
        if (!looks_like_path(word)) continue;
        if (const auto path = bundled_path(word))
            hints.push_back(fmt::format("{} came with the program: {}", word, *path));
    }
    return hints;
}

}  // namespace scenarios::cli
