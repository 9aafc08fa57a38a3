#include "sim/rpc/interfaces.hpp"

#include <array>

namespace sim::rpc {

namespace {

using enum Generation;

// The 5.5 rows of the directory come from a listing without versions, taken as 5.5 because later versions proxy the
// directory (inferred). The annotations of store, MTA and system attendant come from an Exchange 2000 map; their use
// on 5.5 is likely but unverified, as is the 5.5 version of DRS.
constexpr std::array table{
    WellKnownInterface{epm_interface, "EPM", "", Service::endpoint_mapper, any},
    WellKnownInterface{mgmt_interface, "MGMT", "", Service::management, any},
    WellKnownInterface{nspi_interface, "NSPI", "MS Exchange Directory NSP Interface", Service::directory, exchange_4_5},
    WellKnownInterface{nspi_interface, "NSPI", "MS Exchange Directory NSPI Proxy", Service::system_attendant,
                       exchange_2000},
    WellKnownInterface{nspi_interface, "NSPI", "MS NT Directory NSP Interface", Service::directory, exchange_2000},
    WellKnownInterface{xds_interface, "XDS", "MS Exchange Directory XDS Interface", Service::directory, exchange_4_5},
    // On Windows 2000 and later the same UUID is the File Replication Service: a UUID alone names no product.
    WellKnownInterface{drs_interface, "DRS", "MS Exchange Directory DRS Interface", Service::directory, exchange_4_5},
    WellKnownInterface{emsmdb_interface, "EMSMDB", "Exchange Server STORE EMSMDB Interface", Service::information_store,
                       exchange_4_5},
    WellKnownInterface{store_admin_interface, "store admin", "Exchange Server STORE ADMIN Interface",
                       Service::information_store, exchange_4_5},
    WellKnownInterface{store_admin2_interface, "store admin 2", "Exchange Server STORE ADMIN Interface",
                       Service::information_store, exchange_4_5},
    WellKnownInterface{store_admin3_interface, "store admin 3", "Exchange Server STORE ADMIN Interface",
                       Service::information_store, exchange_4_5},
    WellKnownInterface{mta_interface, "MTA", "MS Exchange MTA 'Mta' Interface", Service::mta, exchange_4_5},
    WellKnownInterface{mta_qadmin_interface, "MTA QAdmin", "MS Exchange MTA 'QAdmin' Interface", Service::mta,
                       exchange_2000},
    WellKnownInterface{sa_public_interface, "SA public", "MS Exchange System Attendant Public Interface",
                       Service::system_attendant, exchange_4_5},
    WellKnownInterface{sa_private_interface, "SA private", "MS Exchange System Attendant Private Interface",
                       Service::system_attendant, exchange_4_5},
    WellKnownInterface{sa_cluster_interface, "SA cluster", "MS Exchange System Attendant Cluster Interface",
                       Service::system_attendant, exchange_2000},
    WellKnownInterface{rfr_interface, "RFR", "MS Exchange Directory RFR Interface", Service::system_attendant,
                       exchange_2000},
    WellKnownInterface{{"0e4a0156-dd5d-11d2-8c2f-00c04fb6bcde"_uuid, 1, 0},
                       "store 2000 a",
                       "Microsoft Information Store",
                       Service::information_store,
                       exchange_2000},
    WellKnownInterface{{"10f24e8e-0fa6-11d2-a910-00c04f990f3b"_uuid, 1, 0},
                       "store 2000 b",
                       "Microsoft Information Store",
                       Service::information_store,
                       exchange_2000},
};

}  // namespace

std::string_view word(Service service) {
    switch (service) {
        case Service::endpoint_mapper: return "endpoint mapper";
        case Service::management: return "remote management";
        case Service::directory: return "directory";
        case Service::information_store: return "information store";
        case Service::system_attendant: return "system attendant";
        case Service::mta: return "MTA";
        case Service::unknown: break;
    }
    return "unknown service";
}

std::span<const WellKnownInterface> well_known_interfaces() { return table; }

const WellKnownInterface* find_well_known(const Uuid& uuid) {
    for (const WellKnownInterface& row : table)
        if (row.id.uuid == uuid) return &row;
    return nullptr;
}

Service service_of(const Uuid& uuid) {
    const WellKnownInterface* row = find_well_known(uuid);
    return row != nullptr ? row->service : Service::unknown;
}

std::string name_of(const Uuid& uuid) {
    const WellKnownInterface* row = find_well_known(uuid);
    return row != nullptr ? std::string(row->short_name) : uuid.format();
}

}  // namespace sim::rpc
