#include "scenarios/lesson/progress.hpp"

#include "sim/base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::lesson {
namespace {

constexpr std::string_view first_line = "firedrill-lesson 1";
constexpr std::string_view last_line = "end";
constexpr std::size_t lines_max = 10'000;

// FNV-1a. It guards against accidents, not against intent.
std::string digest(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return fmt::format("{:016x}", hash);
}

}  // namespace

std::string text_of(const Progress& progress, const Lesson& lesson) {
    std::string text = fmt::format("{}\nlesson {}\n", first_line, digest(lesson.source->text()));
    for (const std::string& line : progress.typed) text += "typed " + base::printable(line, 400) + "\n";
    return text + std::string(last_line) + "\n";
}

ReadProgress parse_progress(std::string_view text, const Lesson& lesson) {
    std::vector<std::string_view> lines;
    while (!text.empty() && lines.size() <= lines_max) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};  // cut short
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 3 || lines.size() > lines_max || lines.front() != first_line || lines.back() != last_line ||
        !lines[1].starts_with("lesson "))
        return {};
    ReadProgress read{ProgressState::usable, {}};
    for (std::size_t i = 2; i + 1 < lines.size(); ++i) {
        if (!lines[i].starts_with("typed ")) return {};
        read.progress.typed.emplace_back(lines[i].substr(6));
    }
    if (lines[1].substr(7) != digest(lesson.source->text())) return {ProgressState::other_lesson, {}};
    return read;
}

std::string progress_file_name(std::string_view whole_path) {
    std::string name(whole_path.substr(whole_path.rfind('/') + 1));
    if (name.ends_with(".toml")) name.resize(name.size() - 5);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '/'; }, '_');
    return name.substr(0, 80) + "-" + digest(whole_path).substr(0, 8) + ".progress";
}

}  // namespace scenarios::lesson
