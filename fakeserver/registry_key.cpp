// The key lines of a `.reg` file.
#include "fakeserver/registry.hpp"
#include "fakeserver/registry_line.hpp"

#include <fmt/format.h>

#include <array>

namespace fakeserver {
namespace {

struct Root {
    std::string_view name;
    std::string_view abbreviation;
};
constexpr std::array<Root, 7> roots{{{"HKEY_LOCAL_MACHINE", "HKLM"},
                                     {"HKEY_CURRENT_USER", "HKCU"},
                                     {"HKEY_CLASSES_ROOT", "HKCR"},
                                     {"HKEY_USERS", "HKU"},
                                     {"HKEY_CURRENT_CONFIG", "HKCC"},
                                     {"HKEY_DYN_DATA", "HKDD"},
                                     {"HKEY_PERFORMANCE_DATA", "HKPD"}}};

constexpr std::size_t key_name_max = 255;  // characters of one level, as Windows limits it

// The end of the path: the first `]` behind which only white space or a comment stands.
std::size_t closing_bracket(std::string_view line, std::size_t from) {
    for (std::size_t at = line.find(']', from); at != std::string_view::npos; at = line.find(']', at + 1)) {
        const std::size_t behind = line.find_first_not_of(" \t", at + 1);
        if (behind == std::string_view::npos || line[behind] == ';') return at;
    }
    return std::string_view::npos;
}

bool report_unclosed(RegistryLines& lines, std::size_t bracket) {
    const std::string_view line = lines.line();
    const std::size_t last = line.rfind(']');
    if (last == std::string_view::npos || last < bracket)
        return lines.error(bracket, line.size() - bracket, "the key is not closed with ]", "reg-key-unclosed",
                           "a key stands on one line between [ and ]");
    return lines.error(last + 1, line.size() - last - 1, "text behind the key's ]", "reg-key-text",
                       "a value goes on a line of its own; a comment begins with ;");
}

// The root written out, or nothing (reported).
std::optional<std::string_view> read_root(RegistryLines& lines, std::string_view word, std::size_t at) {
    for (const Root& root : roots) {
        if (same_name(word, root.name)) return root.name;
        if (same_name(word, root.abbreviation)) {
            lines.warn(at, word.size(), fmt::format("{} is an abbreviation that regedit may not know (likely)", word),
                       "reg-root-abbreviated", fmt::format("write {}", root.name));
            return root.name;
        }
    }
    std::vector<std::string_view> known;
    for (const Root& root : roots) known.push_back(root.name);
    std::string hint = "a path begins with HKEY_LOCAL_MACHINE\\ or another root";
    if (word.find('/') != std::string_view::npos)
        hint = "levels are separated by \\, not by /";
    else if (const std::string near = base::nearest_word(word, known); !near.empty())
        hint = fmt::format("did you mean {}?", near);
    lines.error(at, word.size(), fmt::format("no root of the registry is called {:?}", base::printable(word, 60)),
                "reg-key-root", std::move(hint));
    return std::nullopt;
}

// Depth and lengths of what stands behind the root; `at` is where it stands.
bool check_levels(RegistryLines& lines, std::string_view path, std::size_t at) {
    std::size_t depth = 0;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('\\', begin), path.size());
        const std::string_view level = path.substr(begin, end - begin);
        if (level.empty())
            return lines.error(at + begin, 1, "a level of the path has no name", "reg-key-empty",
                               "in keys the \\ is not doubled");
        if (level.size() > key_name_max)
            return lines.error(at + begin, level.size(), "a level of the path is longer than 255 characters",
                               "reg-key-long");
        if (++depth > key_depth_max)
            return lines.error(at + begin, level.size(), fmt::format("more than {} levels", key_depth_max),
                               "reg-key-deep");
        if (level.front() == ' ' || level.back() == ' ' || level.back() == '\t')
            lines.warn(at + begin, level.size(), "the space is part of the key's name", "reg-key-space",
                       "services look for the name without it");
        begin = end + 1;
    }
    return true;
}

}  // namespace

std::optional<KeyLine> read_key_line(RegistryLines& lines) {
    const std::size_t bracket = lines.at;
    const std::size_t close = closing_bracket(lines.line(), bracket);
    if (close == std::string_view::npos) {
        report_unclosed(lines, bracket);
        return std::nullopt;
    }
    KeyLine key{
        .path = {}, .deletes = lines.rest().starts_with("[-"), .written = lines.written(bracket, close + 1 - bracket)};
    const std::size_t from = bracket + (key.deletes ? 2 : 1);
    std::string_view path = lines.line().substr(from, close - from);
    while (path.ends_with('\\')) path.remove_suffix(1);  // regedit opens the same key
    const std::size_t root_end = std::min(path.find('\\'), path.size());
    if (path.empty()) {
        lines.error(bracket, close + 1 - bracket, "the key has no path", "reg-key-empty");
        return std::nullopt;
    }
    const auto root = read_root(lines, path.substr(0, root_end), from);
    if (!root) return std::nullopt;
    if (root_end == path.size()) {
        if (key.deletes) {
            lines.error(from, path.size(), "a root of the registry cannot be deleted", "reg-key-root");
            return std::nullopt;
        }
        key.path = *root;
        return key;
    }
    if (path.size() > key_path_octets_max) {
        lines.error(from, path.size(), fmt::format("the path is longer than {} octets", key_path_octets_max),
                    "reg-key-long");
        return std::nullopt;
    }
    if (!check_levels(lines, path.substr(root_end + 1), from + root_end + 1)) return std::nullopt;
    key.path = std::string(*root) + std::string(path.substr(root_end));
    return key;
}

}  // namespace fakeserver
