// Any text as a native rule file: nothing crashes, what is refused says where, and what is understood can be written
// down and understood again.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/import/native_text.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sim;
    const base::SourceText source("fuzz.rules", std::string(reinterpret_cast<const char*>(data), size));
    const auto rules = firewall::import::parse_native(source);
    if (!rules) {
        for (const base::Diagnostic& d : rules.error()) {
            const bool of_the_file = d.id == "not-text" || d.id == "not-utf8" || d.id == "empty-rules";
            if (d.id.empty() || (d.place.line == 0 && !of_the_file) || base::format(d).empty()) std::abort();
        }
        return 0;
    }
    const std::string written = firewall::import::format(*rules);
    const auto again = firewall::import::parse_native(base::SourceText("again.rules", written));
    if (!again || firewall::import::format(*again) != written) std::abort();
    if (const auto built = firewall::import::build(*rules))
        (void)firewall::exact::lint(**built, {.pairs = true, .effort = 100'000});
    return 0;
}
