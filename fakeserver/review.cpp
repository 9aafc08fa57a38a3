#include "fakeserver/review.hpp"

#include "fakeserver/slips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace fakeserver {
namespace {

constexpr std::string_view services_key = "hkey_local_machine\\system\\currentcontrolset\\services\\";
constexpr std::string_view system_key = "hkey_local_machine\\system\\";

// MSExchangeDS beside MSExchangeIS: names of real services are no slips of one another.
bool is_a_service(const std::string& folded_name) {
    for (const ExchangeVersion version : {ExchangeVersion::v5_5, ExchangeVersion::v2003, ExchangeVersion::v2010})
        for (const ServiceTraits& row : services_of(version))
            if (folded(row.windows_service) == folded_name) return true;
    return false;
}

class Review {
public:
    Review(const Registry& registry, const StartConditions& conditions)
        : registry_(registry), policy_(make_port_policy(registry, conditions)) {}

    std::vector<RegistryFinding> run() {
        for (const ServiceTraits& row : services_of(policy_.conditions.version))
            if (row.port_value) review_service(row);
        review_duplicates();
        concern(std::nullopt);
        review_range();
        for (const auto& [folded_path, key] : registry_.keys()) review_key(folded_path, key);
        std::stable_sort(found_.begin(), found_.end(), [](const RegistryFinding& a, const RegistryFinding& b) {
            const base::Place& x = a.diagnostic.place;
            const base::Place& y = b.diagnostic.place;
            return std::tie(x.file, x.line, x.column) < std::tie(y.file, y.line, y.column);
        });
        return std::move(found_);
    }

private:
    void add(base::Severity severity, const RegistryValue& value, std::string what, std::string id, std::string hint) {
        found_.push_back({.diagnostic = {.severity = severity,
                                         .place = value.written.place,
                                         .what = std::move(what),
                                         .id = std::move(id),
                                         .hint = std::move(hint),
                                         .source_line = value.written.source_line},
                          .service = service_,
                          .meant = meant_});
    }
    // Whose port the findings that follow are about, and which port the writer likely meant.
    void concern(std::optional<Service> service, std::optional<wire::Port> meant = {}) {
        service_ = service;
        meant_ = meant;
    }
    void error(const RegistryValue& value, std::string what, std::string id, std::string hint) {
        add(base::Severity::error, value, std::move(what), std::move(id), std::move(hint));
    }
    void warn(const RegistryValue& value, std::string what, std::string id, std::string hint) {
        add(base::Severity::warning, value, std::move(what), std::move(id), std::move(hint));
    }

    // Where a better port is to be had: outside of what this Windows hands out.
    std::string hint_new_port() const {
        unsigned low = 5001;
        unsigned high = 65535;
        const wire::PortRange& range = policy_.pool.windows_range;
        if (range.first.value > low)
            range.last.value == 65535 ? high = range.first.value - 1U : low = range.last.value + 1U;
        else
            low = std::max(low, range.last.value + 1U);
        return fmt::format("take a free one between {} and {}, and open the same one in the filter", low, high);
    }

    void review_service(const ServiceTraits& row);
    void review_number(const RegistryValue& value, std::string_view name, wire::Port port);
    void review_band(const RegistryValue& value, std::string_view name, wire::Port port);
    void review_duplicates();
    void review_range();
    void review_key(std::string_view folded_path, const RegistryKey& key);
    void review_other_set(std::string_view below, const RegistryValue& value);
    void review_stray(const RegistryKey& key, const RegistryValue& value);
    bool review_wrong_key(const RegistryKey& key, const RegistryValue& value);
    bool review_other_version(const RegistryKey& key, const RegistryValue& value);
    void review_misspelt(const RegistryKey& key, const RegistryValue& value);
    bool is_read(std::string_view path, std::string_view name) const;

    const Registry& registry_;
    PortPolicy policy_;
    std::optional<Service> service_;
    std::optional<wire::Port> meant_;
    std::vector<RegistryFinding> found_;
};

void Review::review_service(const ServiceTraits& row) {
    const RegistryValue* value = registry_.value(row.port_value->key, row.port_value->name);
    if (value == nullptr) return;
    const std::string_view name = short_name(row.service);
    concern(row.service, port_in(*value));
    // Read apart from the policy's plan: what a stopped service would do is worth knowing too.
    StartConditions started = policy_.conditions;
    started.stopped = {};
    started.global_catalog = true;
    const ServicePlan plan = read_service_plan(registry_, started, row.service);
    if (row.port_value->case_documented && value->name != row.port_value->name)
        warn(*value,
             fmt::format("{} is written {} in the articles, and may be case-sensitive (likely not)",
                         base::printable(value->name, 60), row.port_value->name),
             "mta-name-case", "write the name exactly so");
    switch (plan.value) {
        case ValueState::none: break;
        case ValueState::wrong_type:
            warn(
                *value,
                fmt::format("{} reads {} here, not {}: the value is likely ignored", name,
                            row.port_value->type == PortValueType::dword ? "REG_DWORD" : "REG_SZ", format(value->type)),
                "port-wrong-type", "the port stays dynamic; write the value again with the right type");
            break;
        case ValueState::not_a_number:
            warn(*value, "the text is no decimal number: the value is likely ignored", "port-wrong-type",
                 "write the port in decimal digits");
            break;
        case ValueState::zero:
            error(*value, fmt::format("port 0 likely leaves {} without TCP", name), "port-zero",
                  "delete the value for a dynamic port, or write the port wanted");
            break;
        case ValueState::above_65535:
            concern(row.service, port_of_hex_digits(as_dword(*value).value_or(0)));
            error(*value, fmt::format("no port is above 65535: {} likely has no TCP", name), "port-above-65535",
                  "was a decimal number typed as hexadecimal?");
            break;
        case ValueState::used: review_number(*value, name, plan.port); break;
    }
}

void Review::review_number(const RegistryValue& value, std::string_view name, wire::Port port) {
    const unsigned number = port.value;
    if (port == mapper_port) {
        error(value, "135 is the endpoint mapper's own port", "port-is-mapper", hint_new_port());
        return;
    }
    if (policy_.taken.contains(port))
        error(value, fmt::format("port {} is taken by another program, so {} will have no TCP", number, name),
              "port-busy", hint_new_port());
    if (looks_typed_in_hex(number)) {
        concern(service_, port_of_hex_digits(number));
        const std::string digits = fmt::format("{:x}", number);
        warn(value, fmt::format("dword:{0:08x} is port {0}; was {1} meant?", number, digits), "port-hex-typed",
             fmt::format("dword is hexadecimal: port {} is dword:{:08x}", digits, std::stoul(digits)));
        concern(service_, port);
    }
    review_band(value, name, port);
}

// The rule set that reconciles the articles (inferred): exchange-ports.md 2.1.
void Review::review_band(const RegistryValue& value, std::string_view name, wire::Port port) {
    const unsigned number = port.value;
    const DynamicPool& pool = policy_.pool;
    if (pool.kind == PoolKind::rpc_range && pool.all.contains(port))
        warn(value,
             fmt::format("port {} lies in the RPC range {}, so another server can draw it first", number,
                         wire::format(pool.all.ranges())),
             "port-in-rpc-range", "take one outside the range (KB154596)");
    if (number < 1024)
        warn(value, fmt::format("port {} is among the well-known ones", number), "port-low",
             "usable only if no other service has it (Q180795)");
    else if (number < 1200 && pool.windows_range.first.value <= 1025)
        warn(value, fmt::format("port {} is just above 1023, where Windows begins to hand out ports", number),
             "port-just-above-1023", hint_new_port());
    else if (number >= 4900 && number <= 5000 && pool.windows_range.contains(port))
        add(base::Severity::note, value,
            fmt::format("port {} is at the upper end of the dynamic range {}", number,
                        wire::format(pool.windows_range)),
            "port-boundary",
            "the articles disagree (Q155831 uses 5000, Q244523 advises against); 5001 and up is clean");
    else if (pool.windows_range.contains(port))
        warn(value,
             fmt::format("port {} lies in the dynamic range {}, so {} can find it taken after a restart", number,
                         wire::format(pool.windows_range), name),
             "port-in-dynamic-range", hint_new_port());
}

void Review::review_duplicates() {
    for (std::size_t later = 1; later < start_order.size(); ++later)
        for (std::size_t first = 0; first < later; ++first) {
            const ServicePlan& a = policy_.plan(start_order[first]);
            const ServicePlan& b = policy_.plan(start_order[later]);
            if (a.kind != PlanKind::fixed || b.kind != PlanKind::fixed || a.port != b.port) continue;
            concern(start_order[later]);
            error(*b.registry,
                  fmt::format("{} has port {} too and starts earlier, so {} will have no TCP",
                              short_name(start_order[first]), b.port.value, short_name(start_order[later])),
                  "port-duplicate", "give each service a port of its own (KB270836)");
            break;
        }
}

void Review::review_range() {
    const DynamicPool& pool = policy_.pool;
    const auto ports = std::find_if(pool.registry.begin(), pool.registry.end(),
                                    [](const RegistryValue& v) { return same_name(v.name, "Ports"); });
    if (pool.kind == PoolKind::rpc_void) {
        const RegistryValue& value = ports == pool.registry.end() ? pool.registry.back() : *ports;
        error(value, fmt::format("Rpc\\Internet is void, {}: likely no service gets a TCP port", pool.why_void),
              "rpc-range-void",
              "Ports (REG_MULTI_SZ), PortsInternetAvailable and UseInternetPorts (REG_SZ Y or N) are "
              "all needed");
    } else if (ports != pool.registry.end()) {
        if (pool.kind == PoolKind::windows_without_rpc)
            warn(*ports, "servers draw from what the list leaves out, not from it", "rpc-range-not-used",
                 "PortsInternetAvailable and UseInternetPorts must both be Y (or both N) to use it");
        else if (pool.all.size() < 100)
            warn(*ports,
                 fmt::format("the RPC range holds {} ports; the articles ask for 100 at least", pool.all.size()),
                 "rpc-range-small", "other programs on the server draw from it too (KB154596)");
    }
    for (const std::string_view name : {"Ports", "PortsInternetAvailable", "UseInternetPorts"})
        if (const RegistryValue* value = registry_.value(misplaced_rpc_key, name))
            warn(*value, fmt::format("{} stands under Rpc, where nothing reads it", name), "rpc-range-misplaced",
                 "the key is Rpc\\Internet (Q258469 prints it without)");
}

bool Review::is_read(std::string_view path, std::string_view name) const {
    return std::any_of(services_of(policy_.conditions.version).begin(), services_of(policy_.conditions.version).end(),
                       [&](const ServiceTraits& row) {
                           return row.port_value && same_name(row.port_value->key, path) &&
                                  same_name(row.port_value->name, name);
                       });
}

void Review::review_key(std::string_view folded_path, const RegistryKey& key) {
    concern(std::nullopt);
    if (folded_path.starts_with(system_key) && folded_path.substr(system_key.size()).starts_with("controlset")) {
        const std::size_t below = folded_path.find('\\', system_key.size());
        for (const auto& [name, value] : key.values)
            review_other_set(below == std::string_view::npos ? "" : folded_path.substr(below), value);
    }
    // Anywhere else, a key that names Exchange was likely meant for its services.
    const bool of_a_service =
        folded_path.starts_with(services_key) && (folded_path.substr(services_key.size()).starts_with("msexchange") ||
                                                  folded_path.substr(services_key.size()).starts_with("ntds"));
    const bool elsewhere =
        !folded_path.starts_with(system_key) && folded_path.find("\\msexchange") != std::string_view::npos;
    if (!of_a_service && !elsewhere) return;
    for (const auto& [name, value] : key.values)
        if (!is_read(folded_path, name)) review_stray(key, value);
}

void Review::review_other_set(std::string_view below, const RegistryValue& value) {
    for (const ServiceTraits& row : services_of(policy_.conditions.version)) {
        if (!row.port_value || !same_name(row.port_value->name, value.name)) continue;
        if (folded(row.port_value->key).ends_with(below) && !below.empty()) concern(row.service, port_in(value));
    }
    warn(value, "this control set is not the current one, so nothing reads the value", "other-control-set",
         "write to SYSTEM\\CurrentControlSet");
    concern(std::nullopt);
}

// A value under one of Exchange's services that nothing reads, but whose name comes near to one that is read.
void Review::review_stray(const RegistryKey& key, const RegistryValue& value) {
    if (same_name(value.name, "RFC1006 Port Number")) return;  // X.400, no RPC port
    if (review_other_version(key, value) || review_wrong_key(key, value)) return;
    review_misspelt(key, value);
    concern(std::nullopt);
}

// The right name under another key: another key of the service that reads it, or a service's name mistyped.
bool Review::review_wrong_key(const RegistryKey& key, const RegistryValue& value) {
    const ServiceTraits* meant = nullptr;
    const ServiceTraits* nearly = nullptr;
    for (const ServiceTraits& row : services_of(policy_.conditions.version)) {
        if (!row.port_value || !same_name(row.port_value->name, value.name)) continue;
        const std::string read_key = folded(row.port_value->key);
        const std::string service = read_key.substr(services_key.size(), read_key.rfind('\\') - services_key.size());
        for (const std::string& part : parts_of(folded(key.path))) {
            if (part == service) meant = &row;
            if (one_slip(part, service) && !is_a_service(part)) nearly = &row;
        }
    }
    if (meant == nullptr) meant = nearly;
    if (meant == nullptr) return false;
    concern(meant->service, port_in(value));
    warn(value,
         fmt::format("{} reads its port from another key, so this value does nothing", short_name(meant->service)),
         "port-wrong-key", fmt::format("the key is {}", meant->port_value->key));
    concern(std::nullopt);
    return true;
}

bool Review::review_other_version(const RegistryKey& key, const RegistryValue& value) {
    for (const ExchangeVersion other : {ExchangeVersion::v5_5, ExchangeVersion::v2003, ExchangeVersion::v2010})
        for (const ServiceTraits& row : services_of(other)) {
            if (!row.port_value || !same_name(row.port_value->key, key.path) ||
                !same_name(row.port_value->name, value.name))
                continue;
            if (traits_of(policy_.conditions.version, row.service) != nullptr) concern(row.service, port_in(value));
            add(base::Severity::note, value,
                fmt::format("Exchange {} does not read this value, {} does", word(policy_.conditions.version),
                            word(other)),
                "port-value-of-other-version", "");
            concern(std::nullopt);
            return true;
        }
    return false;
}

void Review::review_misspelt(const RegistryKey& key, const RegistryValue& value) {
    std::vector<const ServiceTraits*> here;
    std::vector<std::string> folded_names;
    for (const ServiceTraits& row : services_of(policy_.conditions.version))
        if (row.port_value && same_name(row.port_value->key, key.path)) {
            here.push_back(&row);
            folded_names.push_back(folded(row.port_value->name));
        }
    const std::vector<std::string_view> known(folded_names.begin(), folded_names.end());
    const std::string typed = folded(value.name);
    const std::string near = base::nearest_word(typed, known);
    const bool looks_meant = !near.empty() || typed.find("port") != std::string::npos;
    if (here.empty() || !looks_meant) return;
    const auto at = std::find(folded_names.begin(), folded_names.end(), near);
    const ServiceTraits* meant =
        here[at == folded_names.end() ? 0 : static_cast<std::size_t>(at - folded_names.begin())];
    // Where the right value stands beside it, this one was likely meant for a service that has none.
    if (registry_.value(meant->port_value->key, meant->port_value->name) != nullptr)
        for (const ServiceTraits& row : services_of(policy_.conditions.version))
            if (row.port_value && registry_.value(row.port_value->key, row.port_value->name) == nullptr &&
                typed.find(folded(short_name(row.service))) != std::string::npos)
                meant = &row;
    concern(meant->service, port_in(value));
    warn(value, fmt::format("nothing reads a value called {}", base::printable(value.name, 60)), "port-misspelt",
         fmt::format("did you mean {} under {}?", meant->port_value->name, meant->port_value->key));
}

}  // namespace

std::vector<RegistryFinding> review(const Registry& registry, const StartConditions& conditions) {
    return Review(registry, conditions).run();
}

base::Diagnostics review_registry(const Registry& registry, const StartConditions& conditions) {
    base::Diagnostics all;
    for (RegistryFinding& finding : review(registry, conditions)) all.push_back(std::move(finding.diagnostic));
    return all;
}

}  // namespace fakeserver
