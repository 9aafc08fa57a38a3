// Any octets as a scenario: never a crash, and what loads is a scenario one can rely on.
#include "scenarios/runner/load.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace scenarios::runner;
    MemoryFiles files({{"reg/a.reg", "REGEDIT4\n"}, {"branch.rules", "allow tcp 135\n"}});
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Loaded loaded = parse_scenario("fuzz.toml", text, files);
    assert(loaded.scenario.has_value() != sim::base::has_errors(loaded.diagnostics));
    for (const sim::base::Diagnostic& diagnostic : loaded.diagnostics) {
        assert(!diagnostic.what.empty() && !diagnostic.id.empty());
        assert(!sim::base::format(diagnostic).empty());
    }
    if (!loaded.scenario) return 0;
    assert(!loaded.scenario->title.empty() && !loaded.scenario->variants.empty());
    for (const Variant& variant : loaded.scenario->variants) {
        (void)variant_name(*loaded.scenario, variant);
        assert(!variant.setup.servers.empty() && !variant.setup.client.actions.empty());
        for (const ServerSetup& server : variant.setup.servers)
            for (const FileRef& file : server.registry) assert(file.text);
    }
    return 0;
}
