#include "sim/firewall/exact/lint_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sim::firewall::exact {
namespace {

constexpr std::size_t names_told_max = 6;

}  // namespace

bool is_final(Target::Kind kind) {
    return kind == Target::Kind::accept || kind == Target::Kind::drop || kind == Target::Kind::reject;
}
bool leads_on(Target::Kind kind) { return kind == Target::Kind::jump || kind == Target::Kind::go_to; }

std::string_view verb(const Target& target) {
    switch (target.kind) {
        case Target::Kind::accept: return "allows";
        case Target::Kind::drop: return "drops";
        case Target::Kind::reject: return "rejects";
        case Target::Kind::leave: return "sends back";
        case Target::Kind::jump:
        case Target::Kind::go_to: return "leads away";
        case Target::Kind::none: break;
    }
    return "notes";
}

bool same_effect(const Rule& a, const Rule& b) {
    return is_final(a.target.kind) && a.target == b.target;
}

void LintReport::add(Finding finding) {
    found_.push_back({.severity = finding.severity,
                      .place = rules_.origin(finding.rule).place,
                      .what = std::move(finding.what),
                      .id = std::string(finding.id),
                      .hint = std::move(finding.hint),
                      .witness = finding.witness ? format(*finding.witness) : std::string()});
}

void LintReport::add_remark(std::string_view id, std::string what, std::string hint) {
    base::Place whole = rules_.rules().empty() ? base::Place{} : rules_.origin(RuleId{0}).place;
    whole.line = whole.column = 0;
    found_.push_back({.severity = base::Severity::note,
                      .place = std::move(whole),
                      .what = std::move(what),
                      .id = std::string(id),
                      .hint = std::move(hint)});
}

std::string LintReport::name_of(RuleId id) const {
    const std::string place = rules_.place(id);
    return place.empty() ? rules_.label(id) : fmt::format("{} ({})", rules_.label(id), place);
}

LintReport::Names LintReport::names_of(const std::vector<RuleId>& ids) const {
    std::vector<std::string> all;
    for (const RuleId id : ids)
        if (std::string name = name_of(id); std::find(all.begin(), all.end(), name) == all.end())
            all.push_back(std::move(name));
    std::string names;
    for (std::size_t i = 0; i < all.size() && i < names_told_max; ++i)
        names += (i == 0 ? "" : i + 1 == all.size() ? " and " : ", ") + all[i];
    if (all.size() > names_told_max) names += fmt::format(" and {} more", all.size() - names_told_max);
    return {std::move(names), all.size()};
}

base::Diagnostics LintReport::take() {
    std::stable_sort(found_.begin(), found_.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    return std::move(found_);
}

}  // namespace sim::firewall::exact
