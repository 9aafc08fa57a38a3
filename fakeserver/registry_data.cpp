// The right-hand sides of a `.reg` file: text, dword, octets.
#include "fakeserver/registry_line.hpp"
#include "fakeserver/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fakeserver {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The hexadecimal digits under the finger.
std::string_view take_hex(RegistryLines& lines) {
    const std::size_t begin = lines.at;
    while (hex_digit(lines.peek()) >= 0) ++lines.at;
    return lines.line().substr(begin, lines.at - begin);
}

// Requires at most 8 digits.
std::uint32_t number_of(std::string_view digits) {
    std::uint32_t value = 0;
    for (const char c : digits) value = value << 4U | static_cast<std::uint32_t>(hex_digit(c));
    return value;
}

bool junk(RegistryLines& lines, std::string_view what) {
    return lines.error(lines.at, lines.rest().size(), fmt::format("text behind the {}", what), "reg-value-text",
                       "only a comment that begins with ; may follow");
}

std::optional<TypedData> read_dword(RegistryLines& lines) {
    lines.skip_space();
    const std::size_t begin = lines.at;
    const std::string_view digits = take_hex(lines);
    if (digits.empty() || digits.size() > 8 || !lines.at_end()) {
        const std::string_view text = lines.line().substr(begin);
        const bool c_prefix = text.starts_with("0x") || text.starts_with("0X");
        lines.error(begin, std::max<std::size_t>(text.size(), 1), "a dword has 1 to 8 hexadecimal digits", "reg-dword",
                    c_prefix ? "leave the 0x away: dword is hexadecimal anyhow"
                             : "dword is hexadecimal: port 5000 is dword:00001388");
        return std::nullopt;
    }
    return TypedData{.type = ValueType::dword, .data = number_of(digits)};
}

// The N of hex(N), up to and with the colon; 3 (REG_BINARY) for a bare "hex:".
std::optional<ValueType> read_hex_type(RegistryLines& lines) {
    const std::size_t begin = lines.at;
    if (lines.take("hex:")) return ValueType::binary;
    (void)lines.take("hex(");
    const std::string_view digits = take_hex(lines);
    if (digits.empty() || digits.size() > 8 || !lines.take("):")) {
        lines.error(begin, std::max<std::size_t>(lines.at - begin, 1),
                    "the type is not written as hex(N):", "reg-hex-type",
                    "N is hexadecimal: 2 expandable text, 7 list of texts, b a number of 64 bits");
        return std::nullopt;
    }
    return static_cast<ValueType>(number_of(digits));
}

// Steps to the next line that holds octets. False when the file or the value ends first.
bool continue_octets(RegistryLines& lines, std::size_t backslash) {
    const base::Place where = lines.place(backslash, 1);
    while (lines.next()) {
        lines.skip_space();
        if (!lines.done() && lines.peek() != ';') return true;
    }
    return lines.report(base::Severity::error, where, "the file ends where the octets should go on", "reg-hex-cut",
                        "was the file cut off?");
}

bool bad_octet(RegistryLines& lines) {
    const bool next_value = lines.peek() == '"' || lines.peek() == '[' || lines.peek() == '@';
    const std::size_t length =
        std::max<std::size_t>(std::min(lines.rest().find_first_of(",;\\"), lines.rest().size()), 1);
    return lines.error(lines.at, length, "two hexadecimal digits are expected here", "reg-hex",
                       next_value ? "the line before ends in \\, so its octets must go on here"
                                  : "octets are written 35,30,00 and a continued line ends in ,\\");
}

std::optional<base::Bytes> read_octets(RegistryLines& lines) {
    base::Bytes octets;
    bool comma = true;  // a continuation is legal behind a comma, and at the very beginning
    for (;;) {
        if (lines.at_end()) {
            if (comma && !octets.empty())
                lines.warn(lines.at == 0 ? 0 : lines.at - 1, 1, "the octets end in a comma", "reg-hex-comma",
                           "regedit takes the value as it stands; was the line cut, or its \\ lost?");
            return octets;
        }
        if (lines.peek() == '\\' && comma) {
            const std::size_t backslash = lines.at++;
            if (!lines.at_end()) {
                lines.at = backslash;
                bad_octet(lines);
                return std::nullopt;
            }
            if (!continue_octets(lines, backslash)) return std::nullopt;
        }
        const std::size_t begin = lines.at;
        const std::string_view digits = comma ? take_hex(lines) : std::string_view{};
        if (digits.empty() || digits.size() > 2) {
            lines.at = begin;
            bad_octet(lines);
            return std::nullopt;
        }
        if (octets.size() == value_octets_max) {
            lines.error(begin, 1, fmt::format("more than {} octets", value_octets_max), "reg-value-long");
            return std::nullopt;
        }
        octets.push_back(static_cast<base::Byte>(number_of(digits)));
        lines.skip_space();
        comma = lines.take(",");
        lines.skip_space();
    }
}

// Text up to the first zero; what stands behind it no program reads.
std::string first_string(std::string text) {
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

// A list ends with an empty string, or where the data ends.
std::vector<std::string> strings_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty() && text.front() != '\0') {
        const std::size_t end = std::min(text.find('\0'), text.size());
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

bool looks_like_utf16(const base::Bytes& octets) {
    if (octets.size() < 4 || octets.size() % 2 != 0) return false;
    for (std::size_t i = 1; i < octets.size(); i += 2)
        if (octets[i] != 0) return false;
    return octets[0] != 0;
}

// Text made of single octets has a letter where UTF-16 text of this trade has a zero.
bool looks_like_ansi(const base::Bytes& octets) {
    return octets.size() >= 2 && octets[0] != 0 && octets[1] != 0 && octets[1] < 0x80;
}

std::string text_of_octets(RegistryLines& lines, const base::Place& where, const base::Bytes& octets, bool version5) {
    if (version5 && looks_like_ansi(octets))
        lines.report(base::Severity::warning, where, "text of one octet a character, but a version 5 file holds UTF-16",
                     "reg-text-encoding",
                     "regedit makes other characters of it; write 35,00,30,00 or begin the file with REGEDIT4");
    if (!version5 && looks_like_utf16(octets))
        lines.report(base::Severity::warning, where, "text in UTF-16, but a REGEDIT4 file holds one octet a character",
                     "reg-text-encoding",
                     "regedit reads every zero as an end; write 35,30 or begin the file with Windows Registry Editor "
                     "Version 5.00");
    return version5 ? utf8_of_utf16le(octets) : utf8_of_windows_1252(octets);
}

ValueData data_of(RegistryLines& lines, const base::Place& where, ValueType type, base::Bytes octets, bool version5) {
    switch (type) {
        case ValueType::sz:
        case ValueType::expand_sz: return first_string(text_of_octets(lines, where, octets, version5));
        case ValueType::multi_sz: return strings_of(text_of_octets(lines, where, octets, version5));
        case ValueType::dword:
            if (octets.size() == 4) return base::Reader(octets).u32le();
            lines.report(base::Severity::warning, where, fmt::format("a REG_DWORD has 4 octets, not {}", octets.size()),
                         "reg-dword-size", "programs do not take it for a number");
            return octets;
        case ValueType::qword:
            if (octets.size() == 8) return base::Reader(octets).u64le();
            return octets;
        default: return octets;
    }
}

bool unknown_kind(RegistryLines& lines) {
    const std::string_view rest = lines.rest();
    const std::size_t length = std::max<std::size_t>(std::min(rest.find_first_of(" \t;"), rest.size()), 1);
    std::string hint = "after = comes \"text\", dword:, hex:, hex(N): or -";
    const std::size_t colon = rest.find_first_of(":(");
    if (colon != std::string_view::npos) {
        std::string word(rest.substr(0, colon));
        std::transform(word.begin(), word.end(), word.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (word == "dword" || word == "hex")
            hint = fmt::format("regedit knows {} in small letters only (likely)", word);
    } else if (!rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; }))
        hint = "a number is written dword: and in hexadecimal: port 5000 is dword:00001388";
    return lines.error(lines.at, length, "this is no kind of value", "reg-value-kind", std::move(hint));
}

}  // namespace

std::optional<std::string> read_quoted(RegistryLines& lines) {
    const std::size_t quote = lines.at++;
    std::string text;
    bool warned = false;
    while (!lines.done()) {
        const char c = lines.peek();
        ++lines.at;
        if (c == '"') return text;
        if (c != '\\') {
            text.push_back(c);
            continue;
        }
        if (lines.done()) break;
        const char escaped = lines.peek();
        if (escaped != '\\' && escaped != '"' && !warned) {
            lines.warn(lines.at - 1, 2, "the \\ is not doubled; regedit drops it (likely)", "reg-escape",
                       "in quoted text write \\\\ for \\ and \\\" for \"");
            warned = true;
        }
        text.push_back(escaped);
        ++lines.at;
    }
    lines.error(quote, lines.line().size() - quote, "the text is not closed with \"", "reg-string-unclosed",
                "a text cannot go on in the next line");
    return std::nullopt;
}

std::optional<ValueText> read_value_data(RegistryLines& lines, bool version5) {
    lines.skip_space();
    const std::size_t begin = lines.at;
    if (lines.peek() == '"') {
        auto text = read_quoted(lines);
        if (!text) return std::nullopt;
        if (!lines.at_end()) {
            junk(lines, "closing \"");
            return std::nullopt;
        }
        return TypedData{.type = ValueType::sz, .data = std::move(*text)};
    }
    if (lines.take("dword:")) {
        auto number = read_dword(lines);
        if (!number) return std::nullopt;
        return *number;
    }
    if (lines.take("-")) {
        if (lines.at_end()) return DataDeleted{};
        junk(lines, "-");
        return std::nullopt;
    }
    if (!lines.rest().starts_with("hex:") && !lines.rest().starts_with("hex(")) {
        unknown_kind(lines);
        return std::nullopt;
    }
    const auto type = read_hex_type(lines);
    if (!type) return std::nullopt;
    const base::Place where = lines.place(begin, lines.at - begin);  // the octets may go on over other lines
    auto octets = read_octets(lines);
    if (!octets) return std::nullopt;
    return TypedData{.type = *type, .data = data_of(lines, where, *type, std::move(*octets), version5)};
}

}  // namespace fakeserver
