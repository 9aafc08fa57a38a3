#include "sim/firewall/import/asa.hpp"

namespace sim::firewall::import {
namespace {

// Those of a list of another kind stand nowhere.
std::vector<import::AsaList::Line> lines_of(const import::AsaConfiguration& configuration, const std::string& name) {
    const import::AsaList& list = configuration.lists.find(name)->second;
    return list.foreign ? std::vector<import::AsaList::Line>{} : list.lines;
}

std::string written(const import::AsaConfiguration& configuration) {
    std::string text;
    for (const std::string& line : configuration.kept) text += line + "\n";
    for (const std::string& name : configuration.list_order)
        for (const import::AsaList::Line& line : lines_of(configuration, name)) {
            text += "access-list " + name + (line.remark ? " " : " extended ");
            for (std::size_t i = line.at; i < line.words.size(); ++i)
                text += (i == line.at ? "" : " ") + std::string(line.words[i].text);
            text += "\n";
        }
    return text;
}

}  // namespace

base::Result<Imported, base::Diagnostics> import_asa(const base::SourceText& source, const ImportOptions& options) {
    import::Complaints complaints(source);
    import::AsaConfiguration configuration(complaints);
    import::read_asa(configuration, complaints);
    std::optional<Draft> draft;
    if (!complaints.errors()) draft = import::bind_asa(configuration, options, complaints);
    if (!draft) {
        base::Diagnostics faults = complaints.take();
        std::erase_if(faults, [](const base::Diagnostic& d) { return d.severity == base::Severity::note; });
        return base::failure(std::move(faults));
    }
    if (configuration.left_alone > 0)
        complaints.add(base::Severity::note,
                       configuration.left_alone == 1
                           ? std::string("one line of other configuration was left alone")
                           : std::to_string(configuration.left_alone) + " lines of other configuration were left alone",
                       "other-configuration");
    auto rules = RuleSet::make(std::move(*draft));
    if (!rules) return base::failure(rules.error());
    return Imported{*rules, complaints.take(), written(configuration)};
}

}  // namespace sim::firewall::import
