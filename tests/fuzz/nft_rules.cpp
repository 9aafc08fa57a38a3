// Any text as the JSON of an nft rule set: nothing crashes, refusals say where, and what is taken can be judged,
// compared and written as text.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/firewall/import/import.hpp"

#include <cstdlib>
#include <string>

using namespace sim;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)firewall::import::detect_format(text);
    for (const char* chain : {"FORWARD", "input"}) {
        firewall::import::ImportOptions options;
        options.chain = chain;
        const auto imported = firewall::import::import_nft(base::SourceText("fuzz.json", text), options);
        if (!imported) {
            const base::Diagnostics found = imported.error();
            if (found.empty()) std::abort();
            for (const base::Diagnostic& d : found)
                if (d.id.empty() || base::format(d).empty()) std::abort();
            continue;
        }
        for (const base::Diagnostic& d : imported->remarks)
            if (d.severity == base::Severity::error) std::abort();
        if (!imported->canonical.empty() && !firewall::import::is_nft_text(imported->canonical)) std::abort();
        (void)firewall::exact::lint(*imported->rules, {.pairs = true, .effort = 100'000});
        // A SYN through whatever that is.
        wire::IpHeader ip;
        ip.source = wire::IpAddress::v4(192, 0, 2, 50);
        ip.target = wire::IpAddress::v4(10, 0, 0, 10);
        wire::TcpHeader tcp;
        tcp.source = wire::Port{1030};
        tcp.target = wire::Port{135};
        tcp.flags.bits = wire::TcpFlags::syn;
        firewall::Firewall box(imported->rules);
        (void)box.judge(wire::emit_tcp(ip, tcp), firewall::Side::client, base::time_zero);
    }
    return 0;
}
