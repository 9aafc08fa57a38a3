#include "scenarios/cases/rules_file.hpp"

#include "scenarios/cases/case.hpp"
#include "sim/firewall/import/native_text.hpp"

#include <utility>

namespace scenarios::cases {
namespace {

void keep(RulesFile& file, const base::Diagnostics& found) {
    file.diagnostics.insert(file.diagnostics.end(), found.begin(), found.end());
}

void read_native(RulesFile& file, const base::SourceText& source) {
    const auto parsed = firewall::import::parse_native_file(source);
    if (!parsed) return keep(file, parsed.error());
    auto built = firewall::import::build(*parsed);
    if (!built) return keep(file, built.error());
    file.rules = std::move(*built);
}

}  // namespace

RulesFile read_rules_file(const base::SourceText& source, std::string_view format,
                          const firewall::import::ImportOptions& options) {
    RulesFile file;
    file.format = format.empty() ? firewall::import::detect_format(source.text()) : format_of(format, source.text());
    if (!file.format && !format.empty() && format != "native") {
        file.diagnostics.push_back(source.diagnose(base::Severity::error, {source.name(), 1, 1, 1},
                                                   "this is no file of the format " + base::printable(format, 40),
                                                   "import-format", "without a format, the contents tell it"));
        return file;
    }
    if (!file.format) {
        read_native(file, source);
        return file;
    }
    auto imported = firewall::import::import_rules(source, *file.format, options);
    if (!imported) {
        keep(file, imported.error());
        return file;
    }
    keep(file, imported->remarks);
    file.rules = std::move(imported->rules);
    file.canonical = std::move(imported->canonical);
    return file;
}

}  // namespace scenarios::cases
