#include "sim/firewall/import/import.hpp"

#include "sim/base/text_form.hpp"

#include <algorithm>

namespace sim::firewall::import {
namespace {

bool begins(std::string_view line, std::string_view with) { return line.substr(0, with.size()) == with; }

std::string_view word(std::string_view line, std::size_t wanted) {
    for (std::size_t n = 0;; ++n) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        if (n == wanted || end == 0) return line.substr(0, end);
        line.remove_prefix(end);
    }
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

// "table inet filter {", "flush ruleset": nft's own language begins with nothing else, comments apart.
bool tells_nft(std::string_view line) {
    for (const std::string_view word : {"table ip ", "table ip6 ", "table inet ", "table arp ", "table bridge ",
                                        "table netdev ", "flush ruleset", "add table ", "#!/usr/sbin/nft"})
        if (begins(line, word)) return true;
    return false;
}

// What a line tells. Much of Cisco's two languages is the same: such lines tell no more than that it is one of them.
enum class Tells : std::uint8_t { nothing, iptables, nft, cisco, ios, asa };

Tells tells(std::string_view line) {
    if (line.empty()) return Tells::nothing;
    if (line[0] == '{' || tells_nft(line)) return Tells::nft;
    if (line == ":" || begins(line, ": ")) return Tells::asa;  // ": Saved"; chains of iptables have no blank there
    if (line[0] == '*' || line[0] == ':') return Tells::iptables;
    const std::string_view first = word(line, 0), second = word(line, 1), third = word(line, 2);
    for (const std::string_view option : {"-A", "-I", "-P", "-N"})
        if (begins(first, option)) return Tells::iptables;
    if (begins(first, "--app") || begins(first, "--ins")) return Tells::iptables;
    if (first == "access-list") {
        if (third == "extended" || third == "line") return Tells::asa;
        const bool entry = third == "permit" || third == "deny";
        return entry && is_number(second) ? Tells::ios : Tells::cisco;
    }
    if (first == "access-group") return word(line, 3) == "interface" || third == "global" ? Tells::asa : Tells::cisco;
    if (first == "ip" && (second == "access-list" || second == "access-group")) return Tells::ios;
    if (first == "version" || first == "permit" || first == "deny") return Tells::ios;
    for (const std::string_view own :
         {"ASA", "PIX", "nameif", "security-level", "same-security-traffic", "network-object", "port-object",
          "service-object", "icmp-object", "protocol-object"})
        if (first == own) return Tells::asa;
    if (first == "object" && (second == "network" || second == "service")) return Tells::asa;
    for (const std::string_view shared :
         {"interface", "hostname", "service", "no", "object-group", "class-map", "policy-map"})
        if (first == shared) return Tells::cisco;
    return Tells::nothing;
}

}  // namespace

std::string_view id(ImportFormat format) {
    switch (format) {
        case ImportFormat::iptables: return "iptables";
        case ImportFormat::cisco_ios: return "cisco-ios";
        case ImportFormat::cisco_asa: return "cisco-asa";
        case ImportFormat::nft: return "nft";
    }
    return "?";
}

bool is_nft_text(std::string_view text) {
    text = base::without_mark(text);
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
    text = base::without_mark(text);
    bool cisco = false;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (begins(line, "[")) {  // counters
            line.remove_prefix(std::min(line.find(']'), line.size() - 1) + 1);
            line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        }
        switch (tells(line)) {
            case Tells::nothing: break;
            case Tells::cisco: cisco = true; break;
            case Tells::ios: return ImportFormat::cisco_ios;
            case Tells::asa: return ImportFormat::cisco_asa;
            case Tells::nft: return ImportFormat::nft;
            case Tells::iptables:
                if (!cisco) return ImportFormat::iptables;
        }
    }
    return cisco ? std::optional(ImportFormat::cisco_ios) : std::nullopt;
}

base::Result<Imported, base::Diagnostics> import_rules(const base::SourceText& source, ImportFormat format,
                                                       const ImportOptions& options) {
    if (auto bad = base::why_no_text(source.name(), source.text())) return base::failure(base::Diagnostics{*bad});
    switch (format) {
        case ImportFormat::iptables: return import_iptables(source, options);
        case ImportFormat::cisco_ios: return import_cisco(source, options);
        case ImportFormat::cisco_asa: return import_asa(source, options);
        case ImportFormat::nft: return import_nft(source, options);
    }
    return base::failure(base::Diagnostics{});
}

}  // namespace sim::firewall::import
