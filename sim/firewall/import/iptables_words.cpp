#include "sim/firewall/import/iptables_words.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {

std::optional<wire::Prefix> prefix_of(std::string_view text, wire::Family family) {
    const std::size_t slash = text.find('/');
    std::string address(text.substr(0, slash));
    const bool digits = !address.empty() && address.find_first_not_of("0123456789.") == std::string::npos;
    if (family == wire::Family::ipv4 && digits && address.back() != '.')
        while (std::count(address.begin(), address.end(), '.') < 3) address += ".0";
    if (slash != std::string_view::npos) address += text.substr(slash);
    const auto prefix = wire::Prefix::parse(address);
    if (!prefix || prefix->family() != family) return std::nullopt;
    return *prefix;
}

std::string written(const wire::Prefix& prefix) {
    const int length = prefix.length();
    return prefix.address().format() + "/" + (length >= 0 ? std::to_string(length) : prefix.mask().format());
}

std::string_view short_form(std::string_view option) {
    struct Spelling {
        std::string_view longer, shorter;
    };
    constexpr Spelling known[] = {{"--source", "-s"},    {"--src", "-s"},          {"--destination", "-d"},
                                  {"--dst", "-d"},       {"--in-interface", "-i"}, {"--out-interface", "-o"},
                                  {"--protocol", "-p"},  {"--proto", "-p"},        {"--fragment", "-f"},
                                  {"--fragments", "-f"}, {"--jump", "-j"},         {"--goto", "-g"},
                                  {"--match", "-m"}};
    for (const Spelling& s : known)
        if (s.longer == option) return s.shorter;
    return option;
}

std::optional<std::vector<Word>> split(std::string_view line, std::size_t offset) {
    std::vector<Word> words;
    std::optional<Word> open;
    bool in_quotes = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (!in_quotes && (c == ' ' || c == '\t')) {
            if (open) words.push_back(std::move(*open));
            open.reset();
            continue;
        }
        if (!open) open = Word{{}, offset + at, 0};
        if (c == '"') {
            in_quotes = !in_quotes;
        } else if (in_quotes && c == '\\' && at + 1 < line.size()) {
            open->text += line[++at];
        } else {
            open->text += c;
        }
        open->length = offset + at + 1 - open->offset;
    }
    if (in_quotes) return std::nullopt;
    if (open) words.push_back(std::move(*open));
    return words;
}

std::string quoted(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '\'') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace sim::firewall::import::iptables
