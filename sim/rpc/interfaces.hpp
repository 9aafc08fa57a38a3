// The interfaces of an Exchange server, as they register with the endpoint mapper: UUID, version, annotation, and
// which service answers. Exchange 4.0-5.5 first, then what 2000 and later add or move.
//
// Sources: exchange-ports section 7 (Resource Kit RPCDump listings, HSC's Windows network services internals,
// Q159298, MS-OXNSPI, MS-OXCRPC). What those mark as inferred or unverified is said in interfaces.cpp.
#pragma once

#include "sim/rpc/syntax.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sim::rpc {

// Who stands behind an interface, in the words that every view uses.
enum class Service : std::uint8_t {
    endpoint_mapper,
    management,
    directory,
    information_store,
    system_attendant,
    mta,
    unknown,
};

// "endpoint mapper", "directory", "information store", "system attendant", "MTA", ...
std::string_view word(Service service);

enum class Generation : std::uint8_t {
    any,            // not Exchange's own: the endpoint mapper, remote management
    exchange_4_5,   // Exchange 4.0, 5.0, 5.5 (and later, unless another row says so)
    exchange_2000,  // Exchange 2000 and later only
};

struct WellKnownInterface {
    SyntaxId id{};
    std::string_view short_name;  // "NSPI", "EMSMDB"
    std::string_view annotation;  // as registered with the endpoint mapper; empty when it registers none
    Service service = Service::unknown;
    Generation generation = Generation::any;
};

inline constexpr SyntaxId epm_interface{"e1af8308-5d1f-11c9-91a4-08002b14a0fa"_uuid, 3, 0};
inline constexpr SyntaxId mgmt_interface{"afa8bd80-7d8a-11c9-bef4-08002b102989"_uuid, 1, 0};
inline constexpr SyntaxId nspi_interface{"f5cc5a18-4264-101a-8c59-08002b2f8426"_uuid, 56, 0};
inline constexpr SyntaxId xds_interface{"f5cc5a7c-4264-101a-8c59-08002b2f8426"_uuid, 21, 0};
inline constexpr SyntaxId drs_interface{"f5cc59b4-4264-101a-8c59-08002b2f8426"_uuid, 1, 1};
inline constexpr SyntaxId emsmdb_interface{"a4f1db00-ca47-1067-b31f-00dd010662da"_uuid, 0, 81};
inline constexpr SyntaxId store_admin_interface{"a4f1db00-ca47-1067-b31e-00dd010662da"_uuid, 1, 0};
inline constexpr SyntaxId store_admin2_interface{"89742ace-a9ed-11cf-9c0c-08002be7ae86"_uuid, 2, 0};
inline constexpr SyntaxId store_admin3_interface{"99e64010-b032-11d0-97a4-00c04fd6551d"_uuid, 3, 0};
inline constexpr SyntaxId mta_interface{"9e8ee830-4459-11ce-979b-00aa005ffebe"_uuid, 2, 0};
inline constexpr SyntaxId mta_qadmin_interface{"38a94e72-a9bc-11d2-8faf-00c04fa378ff"_uuid, 1, 0};
inline constexpr SyntaxId sa_public_interface{"469d6ec0-0d87-11ce-b13f-00aa003bac6c"_uuid, 16, 0};
inline constexpr SyntaxId sa_private_interface{"83d72bf0-0d89-11ce-b13f-00aa003bac6c"_uuid, 6, 0};
inline constexpr SyntaxId sa_cluster_interface{"f930c514-1215-11d3-99a5-00a0c9b61b04"_uuid, 1, 0};
inline constexpr SyntaxId rfr_interface{"1544f5e0-613c-11d1-93df-00c04fd7bd09"_uuid, 1, 0};

// All rows, in the order of the reference. A UUID may occur more than once: NSPI is served by the directory in 5.5,
// and by the system attendant and by global catalogs later.
std::span<const WellKnownInterface> well_known_interfaces();

// The first row with this UUID, whatever the version; nullptr when it is none of Exchange's.
const WellKnownInterface* find_well_known(const Uuid& uuid);

// Shorthands over find_well_known; "unknown" and the UUID's text when it is none of ours.
Service service_of(const Uuid& uuid);
std::string name_of(const Uuid& uuid);

}  // namespace sim::rpc
