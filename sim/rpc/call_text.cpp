#include "sim/rpc/call_text.hpp"

#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/nspi.hpp"
#include "sim/rpc/status.hpp"

#include <fmt/format.h>

#include <span>
#include <string_view>

namespace sim::rpc {

namespace {

// By opnum; an empty name is one that nobody uses.
constexpr std::string_view epm_names[] = {
    "ept_insert", "ept_delete", "ept_lookup", "ept_map", "ept_lookup_handle_free", "ept_inq_object", "ept_mgmt_delete"};
constexpr std::string_view mgmt_names[] = {"inq_if_ids", "inq_stats", "is_server_listening", "stop_server_listening",
                                           "inq_princ_name"};
constexpr std::string_view nspi_names[] = {"NspiBind",
                                           "NspiUnbind",
                                           "NspiUpdateStat",
                                           "NspiQueryRows",
                                           "NspiSeekEntries",
                                           "NspiGetMatches",
                                           "NspiResortRestriction",
                                           "NspiDNToMId",
                                           "NspiGetPropList",
                                           "NspiGetProps",
                                           "NspiCompareMIds",
                                           "NspiModProps",
                                           "NspiGetSpecialTable",
                                           "NspiGetTemplateInfo",
                                           "NspiModLinkAtt",
                                           "",
                                           "NspiQueryColumns",
                                           "",
                                           "",
                                           "NspiResolveNames",
                                           "NspiResolveNamesW"};
constexpr std::string_view emsmdb_names[] = {"EcDoConnect",
                                             "EcDoDisconnect",
                                             "EcDoRpc",
                                             "EcGetMoreRpc",
                                             "EcRRegisterPushNotification",
                                             "EcRUnregisterPushNotification",
                                             "EcDummyRpc",
                                             "",
                                             "",
                                             "",
                                             "EcDoConnectEx",
                                             "EcDoRpcExt2",
                                             "",
                                             "",
                                             "EcDoAsyncConnectEx"};
constexpr std::string_view mta_names[] = {"MtaBind", "MtaBindBack"};

std::span<const std::string_view> names_of(const Uuid& interface) {
    if (interface == epm_interface.uuid) return epm_names;
    if (interface == mgmt_interface.uuid) return mgmt_names;
    if (interface == nspi_interface.uuid) return nspi_names;
    if (interface == emsmdb_interface.uuid) return emsmdb_names;
    if (interface == mta_interface.uuid) return mta_names;
    return {};
}

std::string service_text(const SyntaxId& interface) {
    const Service service = service_of(interface.uuid);
    return service == Service::unknown ? interface_text(interface) : std::string(word(service));
}

std::string map_call(base::ByteView stub, ByteOrder order) {
    const auto request = parse_ept_map_request(stub, order);
    if (!request) return fmt::format("ept_map that makes no sense: {}", format(request.error()));
    if (!request->entry_handle.is_null()) return "ept_map: what else?";
    if (!request->tower) return "ept_map without a tower";
    const auto tower = parse_tower(*request->tower);
    if (!tower) return fmt::format("ept_map with a bad tower: {}", format(tower.error()));
    const std::string_view over = tower->is_ncacn_ip_tcp() ? "" : " over another protocol than TCP";
    return fmt::format("ept_map: where is {}{}?", interface_text(tower->interface), over);
}

std::string map_answer(base::ByteView stub, ByteOrder order) {
    const auto response = parse_ept_map_response(stub, order);
    if (!response) return fmt::format("map reply that makes no sense: {}", format(response.error()));
    const std::uint32_t code = win32_of(response->status);
    if (code == status::ept_not_registered_win32) return "map reply: not registered (1753)";
    if (code != 0) return fmt::format("map reply: {}", format_status(code));
    std::string text;
    for (const Tower& tower : response->towers) {
        if (!tower.is_ncacn_ip_tcp()) continue;
        text += text.empty() ? fmt::format("map reply: {} is on {}", service_text(tower.interface), tower.port.value)
                             : fmt::format(" or {}", tower.port.value);
    }
    return text.empty() ? "map reply: no endpoint over TCP" : text;
}

std::string lookup_call(base::ByteView stub, ByteOrder order) {
    const auto request = parse_ept_lookup_request(stub, order);
    if (!request) return fmt::format("ept_lookup that makes no sense: {}", format(request.error()));
    if (!request->entry_handle.is_null()) return "ept_lookup: what else?";
    if ((request->inquiry_type & 1U) != 0 && request->interface)
        return fmt::format("ept_lookup: where is {}?", interface_text(*request->interface));
    return "ept_lookup: which endpoints are there?";
}

std::string lookup_answer(base::ByteView stub, ByteOrder order) {
    const auto response = parse_ept_lookup_response(stub, order);
    if (!response) return fmt::format("lookup reply that makes no sense: {}", format(response.error()));
    if (response->status == status::ept_not_registered) return "lookup reply: no more endpoints (1753)";
    if (response->status != 0) return fmt::format("lookup reply: {}", format_status(win32_of(response->status)));
    const std::size_t count = response->entries.size();
    return fmt::format("lookup reply: {} {}", count, count == 1 ? "endpoint" : "endpoints");
}

// The MAPI return code of the calls whose layout is known; nothing for the others.
std::optional<std::uint32_t> code_of(const Uuid& interface, std::uint16_t opnum, base::ByteView stub, ByteOrder order) {
    if (interface == nspi_interface.uuid && opnum == nspi_opnum::bind) {
        if (const auto response = parse_nspi_bind_response(stub, order)) return response->code;
    } else if (interface == emsmdb_interface.uuid && opnum == emsmdb_opnum::connect) {
        if (const auto response = parse_ec_connect_response(stub, order)) return response->code;
    } else if (interface == emsmdb_interface.uuid && opnum == emsmdb_opnum::register_push_notification) {
        if (const auto response = parse_ec_register_push_response(stub, order)) return response->code;
    }
    return std::nullopt;
}

}  // namespace

std::string interface_text(const SyntaxId& interface) {
    const WellKnownInterface* row = find_well_known(interface.uuid);
    if (row == nullptr) return fmt::format("interface {}", format(interface));
    switch (row->service) {
        case Service::endpoint_mapper: return "the endpoint mapper";
        case Service::management: return "remote management";
        default: break;
    }
    if (row->short_name == word(row->service)) return fmt::format("the {}", word(row->service));
    return fmt::format("the {} ({})", word(row->service), row->short_name);
}

std::string operation_name(const Uuid& interface, std::uint16_t opnum) {
    const std::span<const std::string_view> names = names_of(interface);
    if (opnum < names.size() && !names[opnum].empty()) return std::string(names[opnum]);
    return fmt::format("operation {}", opnum);
}

std::string call_text(const Uuid& interface, std::uint16_t opnum, base::ByteView stub, ByteOrder order) {
    if (interface == epm_interface.uuid && opnum == epm_opnum::map) return map_call(stub, order);
    if (interface == epm_interface.uuid && opnum == epm_opnum::lookup) return lookup_call(stub, order);
    return operation_name(interface, opnum);
}

std::string answer_text(const Uuid& interface, std::uint16_t opnum, base::ByteView stub, ByteOrder order) {
    if (interface == epm_interface.uuid && opnum == epm_opnum::map) return map_answer(stub, order);
    if (interface == epm_interface.uuid && opnum == epm_opnum::lookup) return lookup_answer(stub, order);
    const std::uint32_t code = code_of(interface, opnum, stub, order).value_or(0);
    const std::string name = operation_name(interface, opnum);
    return code == 0 ? fmt::format("{} answered", name) : fmt::format("{} refused: 0x{:08x}", name, code);
}

}  // namespace sim::rpc
