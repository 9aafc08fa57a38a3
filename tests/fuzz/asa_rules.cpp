// Any text as an ASA configuration: nothing crashes, and what is taken can be written down and taken again.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/import/import.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sim;
    const base::SourceText source("fuzz.cfg", std::string(reinterpret_cast<const char*>(data), size));
    (void)firewall::import::detect_format(source.text());
    for (const char* acl : {"", "X"}) {
        firewall::import::ImportOptions options;
        options.acl = acl;
        const auto imported = firewall::import::import_asa(source, options);
        if (!imported) {
            const base::Diagnostics faults = imported.error();
            if (!base::has_errors(faults)) std::abort();
            for (const base::Diagnostic& d : faults)
                if (d.id.empty() || base::format(d).empty()) std::abort();
            continue;
        }
        (void)firewall::exact::lint(*imported->rules, {.pairs = true, .effort = 100'000});
        const auto again = firewall::import::import_asa(base::SourceText("again.cfg", imported->canonical), options);
        if (!again || again->canonical != imported->canonical) std::abort();
        if (again->rules->rules().size() != imported->rules->rules().size()) std::abort();
    }
    return 0;
}
