#include "sim/firewall/import.hpp"

namespace sim::firewall {

base::Result<Imported, base::Diagnostics> import_cisco(const base::SourceText& source, const ImportOptions& options) {
    (void)options;
    base::Diagnostics faults;
    faults.push_back(
        {base::Severity::error, base::Place{source.name()}, "no access list was found", "no-list", {}, {}});
    return base::failure(std::move(faults));
}

}  // namespace sim::firewall
