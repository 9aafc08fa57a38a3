#include "sim/firewall/import/import.hpp"

namespace sim::firewall::import {
namespace {

bool begins(std::string_view line, std::string_view with) { return line.substr(0, with.size()) == with; }

// "table inet filter {", "flush ruleset": nft's own language begins with nothing else, comments apart.
bool tells_nft(std::string_view line) {
    for (const std::string_view word : {"table ip ", "table ip6 ", "table inet ", "table arp ", "table bridge ",
                                        "table netdev ", "flush ruleset", "add table ", "#!/usr/sbin/nft"})
        if (begins(line, word)) return true;
    return false;
}

std::optional<ImportFormat> tells(std::string_view line) {
    if (line.empty()) return std::nullopt;
    if (line[0] == '{' || tells_nft(line)) return ImportFormat::nft;
    if (line[0] == '*' || line[0] == ':') return ImportFormat::iptables;
    for (const std::string_view word : {"-A ", "-I ", "-P ", "-N "})
        if (begins(line, word)) return ImportFormat::iptables;
    for (const std::string_view word : {"access-list ", "ip access-list ", "interface ", "ip access-group ",
                                        "hostname ", "version ", "permit ", "deny ", "service ", "no "})
        if (begins(line, word)) return ImportFormat::cisco_ios;
    return std::nullopt;
}

}  // namespace

std::string_view id(ImportFormat format) {
    switch (format) {
        case ImportFormat::iptables: return "iptables";
        case ImportFormat::cisco_ios: return "cisco-ios";
        case ImportFormat::nft: return "nft";
    }
    return "?";
}

bool is_nft_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (tells_nft(line)) return true;
        if (!line.empty() && line[0] != '#') return false;
    }
    return false;
}

std::optional<ImportFormat> detect_format(std::string_view text) {
    if (begins(text, "\xef\xbb\xbf{")) return ImportFormat::nft;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (begins(line, "[")) line.remove_prefix(std::min(line.find_first_of(' ') + 1, line.size()));  // counters
        if (const auto format = tells(line)) return format;
    }
    return std::nullopt;
}

base::Result<Imported, base::Diagnostics> import_rules(const base::SourceText& source, ImportFormat format,
                                                       const ImportOptions& options) {
    switch (format) {
        case ImportFormat::iptables: return import_iptables(source, options);
        case ImportFormat::cisco_ios: return import_cisco(source, options);
        case ImportFormat::nft: return import_nft(source, options);
    }
    return base::failure(base::Diagnostics{});
}

}  // namespace sim::firewall::import
