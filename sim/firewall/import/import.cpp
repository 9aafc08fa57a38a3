#include "sim/firewall/import/import.hpp"

namespace sim::firewall::import {
namespace {

bool begins(std::string_view line, std::string_view with) { return line.substr(0, with.size()) == with; }

std::optional<ImportFormat> tells(std::string_view line) {
    if (line.empty()) return std::nullopt;
    if (line[0] == '*' || line[0] == ':') return ImportFormat::iptables;
    for (const std::string_view word : {"-A ", "-I ", "-P ", "-N "})
        if (begins(line, word)) return ImportFormat::iptables;
    for (const std::string_view word : {"access-list ", "ip access-list ", "interface ", "ip access-group ",
                                        "hostname ", "version ", "permit ", "deny ", "service ", "no "})
        if (begins(line, word)) return ImportFormat::cisco_ios;
    return std::nullopt;
}

}  // namespace

std::string_view id(ImportFormat format) { return format == ImportFormat::iptables ? "iptables" : "cisco-ios"; }

std::optional<ImportFormat> detect_format(std::string_view text) {
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
    return format == ImportFormat::iptables ? import_iptables(source, options) : import_cisco(source, options);
}

}  // namespace sim::firewall::import
