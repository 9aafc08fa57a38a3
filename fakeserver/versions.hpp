// The releases that the fake server can play, as tables: which services there are, who holds which port, which registry
// value pins it, who depends on whom, and which ports Windows hands out by itself.
//
// A new release is a new table, never an `if`. Ports and keys: exchange-ports.md sections 1, 3 and 12.
#pragma once

#include "sim/wire/endpoint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace fakeserver {

namespace wire = sim::wire;

enum class ExchangeVersion : std::uint8_t { v4_0, v5_0, v5_5, v2000, v2003, v2007, v2010 };
enum class Windows : std::uint8_t { nt4, w2000, w2003, w2008 };

// "5.5", "2003"; "nt4", "2000": the words of scenario files. Nothing for any other word.
std::optional<ExchangeVersion> parse_version(std::string_view word);
std::optional<Windows> parse_windows(std::string_view word);
std::string_view word(ExchangeVersion version);
std::string_view word(Windows windows);

// What answers on one TCP port. In 4.0-5.5 each is a process of its own. In 2000-2007 the attendant's process has two
// ports and `directory` is its directory proxy; in 2010 `directory` is the Address Book service and
// `information_store` is RPC Client Access. `global_catalog` is the directory of Windows itself (2000/2003), present
// only when the conditions say that the server is one. The numbers are indexes into every per-service array;
// `start_order` says who starts first.
enum class Service : std::uint8_t { attendant, directory, information_store, mta, global_catalog };
inline constexpr std::size_t service_count = 5;
constexpr std::size_t index_of(Service s) { return static_cast<std::size_t>(s); }

// Earlier services draw and win ports first (Q143380; IS before MTA is likely).
inline constexpr std::array<Service, service_count> start_order{
    Service::global_catalog, Service::attendant, Service::directory, Service::information_store, Service::mta};

// "attendant", "directory", "information-store", "mta", "global-catalog": the words of scenario files.
std::string_view word(Service service);
std::optional<Service> parse_service(std::string_view word);
// "SA", "DS", "IS", "MTA", "GC"
std::string_view short_name(Service service);

class ServiceSet {
public:
    constexpr ServiceSet() = default;
    constexpr ServiceSet(std::initializer_list<Service> members) {
        for (Service s : members) insert(s);
    }
    constexpr void insert(Service s) { bits_ = static_cast<std::uint8_t>(bits_ | 1U << index_of(s)); }
    constexpr bool contains(Service s) const { return (bits_ >> index_of(s) & 1U) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr bool operator==(const ServiceSet&) const = default;

private:
    std::uint8_t bits_ = 0;
};

enum class PortValueType : std::uint8_t { dword, text };

struct PortValue {
    std::string_view key;   // full path
    std::string_view name;  // as the articles spell it; compared in any case
    PortValueType type = PortValueType::dword;
    bool case_documented = false;  // the article calls the name case-sensitive: worth a warning when it differs
};

struct ServiceTraits {
    Service service{};
    std::string_view title;            // "Microsoft Exchange Directory"
    std::string_view windows_service;  // "MSExchangeDS": the name in the event log and for `net stop`
    std::string_view process;          // "DSAMAIN.EXE"
    std::optional<PortValue> port_value;
    std::optional<Service> depends_on;  // must run first; restarting that one restarts this one
    std::optional<Service> lives_in;    // shares the process of another: stops and restarts with it
};

// The services of a release, in start order. `global_catalog` is included for 2000 and 2003.
std::span<const ServiceTraits> services_of(ExchangeVersion version);
// Null when the release has no such service (no MTA in 2007).
const ServiceTraits* traits_of(ExchangeVersion version, Service service);

// The service itself, those that share its process, and all that depend on any of them.
ServiceSet restarted_with(ExchangeVersion version, Service service);

// The range that Windows hands out before any registry value changes it; both ends included.
wire::PortRange default_dynamic_range(ExchangeVersion version, Windows windows);
// Whether Tcpip\Parameters\MaxUserPort moves the upper end (up to Windows 2003; likely without effect from 2008).
bool honours_max_user_port(Windows windows);
// 139, and 445 from Windows 2000: what every Windows server of the time listened on beside 135.
std::span<const wire::Port> default_listeners(Windows windows);

}  // namespace fakeserver
