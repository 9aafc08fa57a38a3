// Any text as a Cisco configuration: nothing crashes, and what is taken can be written down and taken again.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/import/import.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sim;
    const base::SourceText source("fuzz.acl", std::string(reinterpret_cast<const char*>(data), size));
    firewall::import::ImportOptions options;
    options.client_side = "e0";
    options.server_side = "e1";
    for (const char* acl : {"", "X", "101"}) {
        options.acl = acl;
        const auto imported = firewall::import::import_cisco(source, options);
        if (!imported) {
            for (const base::Diagnostic& d : imported.error())
                if (d.id.empty() || base::format(d).empty()) std::abort();
            continue;
        }
        (void)firewall::exact::lint(*imported->rules, {.pairs = true, .effort = 100'000});
        const base::SourceText written("again.acl", imported->canonical);
        firewall::import::ImportOptions same = options;
        if (same.acl.empty()) continue;  // bindings are not part of the lists
        const auto again = firewall::import::import_cisco(written, same);
        if (!again || again->canonical != imported->canonical) std::abort();
    }
    return 0;
}
