// Any text as a native rule file: nothing crashes, what is refused says where, and what is understood can be written
// down and understood again.
#include "sim/firewall/lint.hpp"
#include "sim/firewall/native_text.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sim;
    const base::SourceText source("fuzz.rules", std::string(reinterpret_cast<const char*>(data), size));
    const auto rules = firewall::parse_native(source);
    if (!rules) {
        for (const base::Diagnostic& d : rules.error())
            if (d.id.empty() || d.place.line == 0 || base::format(d).empty()) std::abort();
        return 0;
    }
    const std::string written = firewall::format(*rules);
    const auto again = firewall::parse_native(base::SourceText("again.rules", written));
    if (!again || firewall::format(*again) != written) std::abort();
    if (const auto built = firewall::build(*rules)) (void)firewall::lint(**built, {.pairs = true, .effort = 100'000});
    return 0;
}
