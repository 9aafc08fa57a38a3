#include "fakeserver/endpoint_map.hpp"

#include "fakeserver/actors.hpp"
#include "sim/rpc/interfaces.hpp"

#include <array>
#include <cstddef>

namespace fakeserver {
namespace {

using Row = RegisteredInterface;

constexpr std::string_view store_admin = "Exchange Server STORE ADMIN Interface";
constexpr std::string_view emsmdb = "Exchange Server STORE EMSMDB Interface";
constexpr std::string_view store_2000_name = "Microsoft Information Store";
constexpr std::string_view rfr = "MS Exchange Directory RFR Interface";

using rpc::operator""_uuid;

constexpr Row sa_public = Row{rpc::sa_public_interface, "MS Exchange System Attendant Public Interface"};
constexpr Row sa_private = Row{rpc::sa_private_interface, "MS Exchange System Attendant Private Interface"};
constexpr Row sa_cluster = Row{rpc::sa_cluster_interface, "MS Exchange System Attendant Cluster Interface"};
constexpr Row nspi_proxy = Row{rpc::nspi_interface, "MS Exchange Directory NSPI Proxy"};
constexpr Row mta = Row{rpc::mta_interface, "MS Exchange MTA 'Mta' Interface"};

constexpr std::array attendant_55{sa_public, sa_private};
constexpr std::array directory_55{Row{rpc::nspi_interface, "MS Exchange Directory NSP Interface"},
                                  Row{rpc::xds_interface, "MS Exchange Directory XDS Interface"},
                                  Row{rpc::drs_interface, "MS Exchange Directory DRS Interface"}};
constexpr std::array store_55{Row{rpc::emsmdb_interface, emsmdb}, Row{rpc::store_admin_interface, store_admin},
                              Row{rpc::store_admin2_interface, store_admin},
                              Row{rpc::store_admin3_interface, store_admin}};
constexpr std::array mta_55{mta};

constexpr std::array attendant_2000{Row{rpc::rfr_interface, rfr}, sa_public, sa_private, sa_cluster};
constexpr std::array directory_2000{nspi_proxy};
constexpr std::array store_2000{Row{rpc::emsmdb_interface, emsmdb},
                                Row{rpc::store_admin_interface, store_admin},
                                Row{rpc::store_admin2_interface, store_admin},
                                Row{rpc::store_admin3_interface, store_admin},
                                Row{{"0e4a0156-dd5d-11d2-8c2f-00c04fb6bcde"_uuid, 1, 0}, store_2000_name},
                                Row{{"10f24e8e-0fa6-11d2-a910-00c04f990f3b"_uuid, 1, 0}, store_2000_name}};
constexpr std::array mta_2000{mta, Row{rpc::mta_qadmin_interface, "MS Exchange MTA 'QAdmin' Interface"}};
constexpr std::array catalog_2000{Row{rpc::nspi_interface, "MS NT Directory NSP Interface"},
                                  Row{rpc::xds_interface, "MS Exchange Directory XDS Interface"}};

// 2010: the Address Book service took both interfaces over from the attendant (RISUAL, MS-OXNSPI).
constexpr std::array attendant_2010{sa_public};
constexpr std::array address_book_2010{nspi_proxy, Row{rpc::rfr_interface, rfr}};
constexpr std::array rpc_access_2010{Row{rpc::emsmdb_interface, emsmdb}};

using Table = std::array<std::span<const RegisteredInterface>, service_count>;  // by index_of(service)
constexpr Table table_55{attendant_55, directory_55, store_55, mta_55, {}};
constexpr Table table_2000{attendant_2000, directory_2000, store_2000, mta_2000, catalog_2000};
constexpr Table table_2007{attendant_2000, directory_2000, store_2000, {}, {}};
constexpr Table table_2010{attendant_2010, address_book_2010, rpc_access_2010, {}, {}};

const Table& table_of(ExchangeVersion version) {
    switch (version) {
        case ExchangeVersion::v4_0:
        case ExchangeVersion::v5_0:
        case ExchangeVersion::v5_5: break;
        case ExchangeVersion::v2000:
        case ExchangeVersion::v2003: return table_2000;
        case ExchangeVersion::v2007: return table_2007;
        case ExchangeVersion::v2010: return table_2010;
    }
    return table_55;
}

}  // namespace

std::span<const RegisteredInterface> interfaces_of(ExchangeVersion version, Service service) {
    return table_of(version)[index_of(service)];
}

std::vector<rpc::MapEntry> endpoint_map(const PortPolicy& policy, const ServerStart& start) {
    std::vector<rpc::MapEntry> entries;
    entries.reserve(16);
    for (const Service service : start_order) {
        if (!start.of(service).has_tcp()) continue;
        for (const RegisteredInterface& row : interfaces_of(policy.conditions.version, service))
            entries.push_back({.interface = row.id,
                               .annotation = std::string(row.annotation),
                               .port = start.of(service).port,
                               .object = {},
                               .address = {}});
    }
    return entries;
}

std::shared_ptr<EndpointMap> make_endpoint_map(const PortPolicy& policy, const ServerStart& start) {
    return std::make_shared<EndpointMap>(EndpointMap{endpoint_map(policy, start)});
}

void update(EndpointMap& map, const PortPolicy& policy, const ServerStart& start) {
    map.entries = endpoint_map(policy, start);
}

}  // namespace fakeserver
