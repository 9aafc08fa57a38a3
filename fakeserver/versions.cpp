#include "fakeserver/versions.hpp"

#include <algorithm>
#include <utility>

namespace fakeserver {
namespace {

#define FAKESERVER_SERVICES "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\"

constexpr std::string_view ds_parameters = FAKESERVER_SERVICES "MSExchangeDS\\Parameters";
constexpr std::string_view is_parameters = FAKESERVER_SERVICES "MSExchangeIS\\ParametersSystem";
constexpr std::string_view sa_parameters = FAKESERVER_SERVICES "MSExchangeSA\\Parameters";
constexpr std::string_view mta_parameters = FAKESERVER_SERVICES "MSExchangeMTA\\Parameters";
constexpr std::string_view gc_parameters = FAKESERVER_SERVICES "NTDS\\Parameters";
constexpr std::string_view rpc_access_parameters = FAKESERVER_SERVICES "MSExchangeRPC\\ParametersSystem";
constexpr std::string_view address_book_parameters = FAKESERVER_SERVICES "MSExchangeAB\\Parameters";

#undef FAKESERVER_SERVICES

constexpr PortValue mta_port{.key = mta_parameters,
                             .name = "TCP/IP port for RPC listens",  // type and case (unverified)
                             .type = PortValueType::dword,
                             .case_documented = true};

// Q143380: SA, then DS, then IS and MTA, each depending on the one before. The MTA value needs 4.0 SP4 (Q161931).
constexpr std::array<ServiceTraits, 4> exchange_4_to_5_5{{
    {.service = Service::attendant,
     .title = "Microsoft Exchange System Attendant",
     .windows_service = "MSExchangeSA",
     .process = "MAD.EXE",
     .port_value = PortValue{.key = sa_parameters, .name = "TCP/IP port"},
     .depends_on = std::nullopt,
     .lives_in = std::nullopt},
    {.service = Service::directory,
     .title = "Microsoft Exchange Directory",
     .windows_service = "MSExchangeDS",
     .process = "DSAMAIN.EXE",
     .port_value = PortValue{.key = ds_parameters, .name = "TCP/IP port"},
     .depends_on = Service::attendant,
     .lives_in = std::nullopt},
    {.service = Service::information_store,
     .title = "Microsoft Exchange Information Store",
     .windows_service = "MSExchangeIS",
     .process = "STORE.EXE",
     .port_value = PortValue{.key = is_parameters, .name = "TCP/IP port"},
     .depends_on = Service::directory,
     .lives_in = std::nullopt},
    {.service = Service::mta,
     .title = "Microsoft Exchange Message Transfer Agent",
     .windows_service = "MSExchangeMTA",
     .process = "EMSMTA.EXE",
     .port_value = mta_port,
     .depends_on = Service::directory,
     .lives_in = std::nullopt},
}};

constexpr ServiceTraits attendant_2000{.service = Service::attendant,
                                       .title = "Microsoft Exchange System Attendant",
                                       .windows_service = "MSExchangeSA",
                                       .process = "MAD.EXE",
                                       .port_value = PortValue{.key = sa_parameters, .name = "TCP/IP Port"},
                                       .depends_on = std::nullopt,
                                       .lives_in = std::nullopt};
constexpr ServiceTraits directory_proxy_2000{.service = Service::directory,
                                             .title = "Microsoft Exchange System Attendant (directory proxy)",
                                             .windows_service = "MSExchangeSA",
                                             .process = "MAD.EXE",
                                             .port_value = PortValue{.key = sa_parameters, .name = "TCP/IP NSPI Port"},
                                             .depends_on = std::nullopt,
                                             .lives_in = Service::attendant};
// That the store depends on the attendant from 2000 on is (unverified).
constexpr ServiceTraits store_2000{.service = Service::information_store,
                                   .title = "Microsoft Exchange Information Store",
                                   .windows_service = "MSExchangeIS",
                                   .process = "STORE.EXE",
                                   .port_value = PortValue{.key = is_parameters, .name = "TCP/IP Port"},
                                   .depends_on = Service::attendant,
                                   .lives_in = std::nullopt};

constexpr std::array<ServiceTraits, 5> exchange_2000_2003{{
    {.service = Service::global_catalog,
     .title = "Windows directory (global catalog)",
     .windows_service = "NTDS",
     .process = "LSASS.EXE",
     .port_value = PortValue{.key = gc_parameters, .name = "TCP/IP Port"},
     .depends_on = std::nullopt,
     .lives_in = std::nullopt},
    attendant_2000,
    directory_proxy_2000,
    store_2000,
    {.service = Service::mta,
     .title = "Microsoft Exchange MTA Stacks",
     .windows_service = "MSExchangeMTA",
     .process = "EMSMTA.EXE",
     .port_value = mta_port,
     .depends_on = Service::attendant,
     .lives_in = std::nullopt},
}};

constexpr std::array<ServiceTraits, 3> exchange_2007{{attendant_2000, directory_proxy_2000, store_2000}};

// Client Access role: the client no longer talks to the store's process. No source names a port of the attendant.
constexpr std::array<ServiceTraits, 3> exchange_2010{{
    {.service = Service::attendant,
     .title = "Microsoft Exchange System Attendant",
     .windows_service = "MSExchangeSA",
     .process = "MAD.EXE",
     .port_value = std::nullopt,
     .depends_on = std::nullopt,
     .lives_in = std::nullopt},
    {.service = Service::directory,
     .title = "Microsoft Exchange Address Book",
     .windows_service = "MSExchangeAB",
     .process = "Microsoft.Exchange.AddressBook.Service.exe",
     .port_value =
         PortValue{.key = address_book_parameters, .name = "RpcTcpPort", .type = PortValueType::text},  // RISUAL
     .depends_on = std::nullopt,
     .lives_in = std::nullopt},
    {.service = Service::information_store,
     .title = "Microsoft Exchange RPC Client Access",
     .windows_service = "MSExchangeRPC",
     .process = "Microsoft.Exchange.RpcClientAccess.Service.exe",
     .port_value = PortValue{.key = rpc_access_parameters, .name = "TCP/IP Port"},
     .depends_on = std::nullopt,
     .lives_in = std::nullopt},
}};

constexpr std::array<std::pair<std::string_view, ExchangeVersion>, 7> version_words{{{"4.0", ExchangeVersion::v4_0},
                                                                                     {"5.0", ExchangeVersion::v5_0},
                                                                                     {"5.5", ExchangeVersion::v5_5},
                                                                                     {"2000", ExchangeVersion::v2000},
                                                                                     {"2003", ExchangeVersion::v2003},
                                                                                     {"2007", ExchangeVersion::v2007},
                                                                                     {"2010", ExchangeVersion::v2010}}};
constexpr std::array<std::pair<std::string_view, Windows>, 4> windows_words{
    {{"nt4", Windows::nt4}, {"2000", Windows::w2000}, {"2003", Windows::w2003}, {"2008", Windows::w2008}}};
constexpr std::array<std::pair<std::string_view, Service>, 5> service_words{
    {{"attendant", Service::attendant},
     {"directory", Service::directory},
     {"information-store", Service::information_store},
     {"mta", Service::mta},
     {"global-catalog", Service::global_catalog}}};

template <class Table, class Value = typename Table::value_type::second_type>
std::optional<Value> value_of(const Table& table, std::string_view text) {
    const auto at = std::find_if(table.begin(), table.end(), [text](const auto& row) { return row.first == text; });
    return at == table.end() ? std::nullopt : std::optional(at->second);
}

template <class Table, class Value>
std::string_view word_of(const Table& table, Value value) {
    const auto at = std::find_if(table.begin(), table.end(), [value](const auto& row) { return row.second == value; });
    return at == table.end() ? std::string_view{} : at->first;
}

constexpr wire::PortRange range(std::uint16_t first, std::uint16_t last) {
    return {wire::Port{first}, wire::Port{last}};
}

}  // namespace

std::optional<ExchangeVersion> parse_version(std::string_view word) { return value_of(version_words, word); }
std::optional<Windows> parse_windows(std::string_view word) { return value_of(windows_words, word); }
std::optional<Service> parse_service(std::string_view word) { return value_of(service_words, word); }
std::string_view word(ExchangeVersion version) { return word_of(version_words, version); }
std::string_view word(Windows windows) { return word_of(windows_words, windows); }
std::string_view word(Service service) { return word_of(service_words, service); }

std::string_view short_name(Service service) {
    constexpr std::array<std::string_view, service_count> names{"SA", "DS", "IS", "MTA", "GC"};
    return names[index_of(service)];
}

std::span<const ServiceTraits> services_of(ExchangeVersion version) {
    switch (version) {
        case ExchangeVersion::v4_0:
        case ExchangeVersion::v5_0:
        case ExchangeVersion::v5_5: return exchange_4_to_5_5;
        case ExchangeVersion::v2000:
        case ExchangeVersion::v2003: return exchange_2000_2003;
        case ExchangeVersion::v2007: return exchange_2007;
        case ExchangeVersion::v2010: return exchange_2010;
    }
    return {};
}

const ServiceTraits* traits_of(ExchangeVersion version, Service service) {
    for (const ServiceTraits& row : services_of(version))
        if (row.service == service) return &row;
    return nullptr;
}

ServiceSet restarted_with(ExchangeVersion version, Service service) {
    ServiceSet set{service};
    const auto rows = services_of(version);
    if (const ServiceTraits* own = traits_of(version, service); own != nullptr && own->lives_in)
        set.insert(*own->lives_in);
    // As many rounds as there are services reach every chain of dependencies.
    for (std::size_t round = 0; round < rows.size(); ++round)
        for (const ServiceTraits& row : rows)
            if ((row.depends_on && set.contains(*row.depends_on)) || (row.lives_in && set.contains(*row.lives_in)))
                set.insert(row.service);
    return set;
}

wire::PortRange default_dynamic_range(ExchangeVersion version, Windows windows) {
    if (windows != Windows::w2008) return range(1025, 5000);  // 1024 is never handed out (HSC-EPH)
    switch (version) {
        case ExchangeVersion::v2007: return range(1025, 60000);  // KB929851
        case ExchangeVersion::v2010: return range(6005, 59530);  // TNW-864
        default: return range(49152, 65535);                     // KB929851
    }
}

bool honours_max_user_port(Windows windows) { return windows != Windows::w2008; }

std::span<const wire::Port> default_listeners(Windows windows) {
    static constexpr std::array<wire::Port, 2> ports{wire::Port{139}, wire::Port{445}};
    return windows == Windows::nt4 ? std::span(ports).first(1) : std::span(ports);
}

}  // namespace fakeserver
