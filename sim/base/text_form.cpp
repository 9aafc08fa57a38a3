#include "sim/base/text_form.hpp"

#include <algorithm>

namespace sim::base {
namespace {

using namespace std::string_view_literals;

struct Packed {
    std::string_view begin;
    std::string_view name;
    std::string_view tool;
};
constexpr Packed packed[] = {{"\x1f\x8b"sv, "gzip", "gunzip"},
                             {"BZh"sv, "bzip2", "bunzip2"},
                             {"\xfd\x37zXZ\0"sv, "xz", "unxz"},
                             {"PK\x03\x04"sv, "zip", "unzip"}};

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

}  // namespace

std::string_view without_mark(std::string_view text) { return begins(text, "\xef\xbb\xbf"sv) ? text.substr(3) : text; }

bool looks_like_utf16(std::string_view octets) {
    if (begins(octets, "\xff\xfe"sv) || begins(octets, "\xfe\xff"sv)) return true;
    // ASCII in UTF-16 is zero in every other octet.
    const std::string_view start = octets.substr(0, 64);
    const auto zeros = static_cast<std::size_t>(std::count(start.begin(), start.end(), '\0'));
    return start.size() >= 4 && zeros * 3 >= start.size();
}

std::optional<Diagnostic> why_no_text(std::string_view name, std::string_view octets) {
    const auto whole = [name](std::string what, std::string id, std::string hint) {
        Diagnostic d;
        d.place.file = std::string(name);
        d.what = std::move(what);
        d.id = std::move(id);
        d.hint = std::move(hint);
        return d;
    };
    for (const Packed& p : packed)
        if (begins(octets, p.begin))
            return whole("this file is packed by " + std::string(p.name), "not-text",
                         "unpack it first: " + std::string(p.tool));
    if (looks_like_utf16(octets))
        return whole("this file is UTF-16", "not-utf8", "save it as UTF-8 (Notepad: Save As, Encoding)");
    if (octets.find('\0') != octets.npos)
        return whole("this is not a text file: it holds octets of value 0", "not-text", "");
    return std::nullopt;
}

}  // namespace sim::base
