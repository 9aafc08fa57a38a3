// Any text as an iptables-save file: nothing crashes, refusals say where, and the canonical form is taken again and
// stays as it is.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/import/import.hpp"

#include <cstdlib>
#include <string>

namespace {

using namespace sim;

base::Result<firewall::import::Imported, base::Diagnostics> import(std::string text, wire::Family family) {
    firewall::import::ImportOptions options;
    options.family = family;
    return firewall::import::import_iptables(base::SourceText("fuzz.v4", std::move(text)), options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)firewall::import::detect_format(text);
    for (const wire::Family family : {wire::Family::ipv4, wire::Family::ipv6}) {
        const auto imported = import(text, family);
        if (!imported) {
            for (const base::Diagnostic& d : imported.error())
                if (d.id.empty() || base::format(d).empty()) std::abort();
            continue;
        }
        (void)firewall::exact::lint(*imported->rules, {.pairs = true, .effort = 100'000});
        const auto again = import(imported->canonical, family);
        if (!again || again->canonical != imported->canonical) std::abort();
        if (again->rules->rules().size() != imported->rules->rules().size()) std::abort();
        for (std::size_t i = 0; i < again->rules->rules().size(); ++i)
            if (again->rules->rules()[i].matches != imported->rules->rules()[i].matches) std::abort();
    }
    return 0;
}
