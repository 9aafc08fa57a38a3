#include "sim/firewall/mend/scribe.hpp"

#include <algorithm>

namespace sim::firewall::mend {

std::uint32_t line_of(const RuleSet& rules, RuleId rule) { return rules.origin(rule).place.line; }

std::uint32_t last_line_of(const RuleSet& rules, ChainId chain) {
    std::uint32_t last = 0;
    const Chain& c = rules.chain(chain);
    for (std::uint32_t i = c.first; i < c.first + c.count; ++i) last = std::max(last, line_of(rules, RuleId{i}));
    return last;
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::uint32_t above_comments(const Manuscript& sheet, std::uint32_t line, std::string_view sign) {
    std::uint32_t at = line;
    while (at > 1 && trimmed(sheet.line(at - 1)).substr(0, sign.size()) == sign) --at;
    return at == 1 ? line : at;
}

std::vector<wire::PortRange> target_ports(const Rule& rule) {
    for (const Match& match : rule.matches)
        if (const auto* ports = std::get_if<PortIn>(&match.what))
            if (ports->end == End::target && !match.inverted) return wire::normalized(ports->ranges);
    return {};
}

std::string first_error(const base::Diagnostics& found) {
    for (const base::Diagnostic& d : found)
        if (d.severity == base::Severity::error) return base::format(d.place) + ": " + d.what;
    return "the rules cannot be read";
}

}  // namespace sim::firewall::mend
