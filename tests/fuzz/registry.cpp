// Any octets as a `.reg` file: no crash, and what is accepted can be imported, judged and played.
#include "fakeserver/registry_file.hpp"
#include "fakeserver/review.hpp"
#include "fakeserver/start_report.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fakeserver;
    const auto file = parse_registry_file("fuzz.reg", {data, size});
    if (!file) {
        if (!base::has_errors(file.error())) std::abort();
        for (const base::Diagnostic& d : file.error()) (void)base::format(d);
        return 0;
    }
    Registry registry;
    registry.import(*file);
    for (const auto& [path, key] : registry.keys())
        for (const auto& [name, value] : key.values) (void)format_data(value);
    for (const ExchangeVersion version : {ExchangeVersion::v5_5, ExchangeVersion::v2003, ExchangeVersion::v2010}) {
        StartConditions conditions;
        conditions.version = version;
        for (const base::Diagnostic& d : review_registry(registry, conditions)) (void)base::format(d);
        const PortPolicy policy = make_port_policy(registry, conditions);
        base::Random random(1);
        const ServerStart start = start_services(policy, random);
        for (const Service service : start_order) (void)explain(policy, start, service);
        (void)listeners(policy, start);
    }
    return 0;
}
