#include "sim/rpc/epm_server.hpp"

#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/status.hpp"

#include <algorithm>
#include <memory>

namespace sim::rpc {

namespace {

// What is left of an operation's result list; the list itself is that of the first call.
template <class Item>
struct Cursor final : HandleState {
    std::vector<Item> rest;
};

// The first `count` of the items; the others stay.
template <class Item>
std::vector<Item> take_front(std::vector<Item>& items, std::size_t count) {
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(std::min(count, items.size()));
    std::vector<Item> front(std::make_move_iterator(items.begin()), std::make_move_iterator(end));
    items.erase(items.begin(), end);
    return front;
}

Tower tower_of(const MapEntry& entry, const CallContext& context) {
    return {.interface = entry.interface, .port = entry.port, .host = entry.address.value_or(context.local.address)};
}

// The object is not compared: entries without an object match any (MS-RPCE 2.2.1.2.5), and the others are meant for
// objects that no mail client names.
std::vector<Tower> towers_for(const std::vector<MapEntry>& map, const EptMapRequest& request,
                              const CallContext& context) {
    std::vector<Tower> found;
    if (!request.tower) return found;
    const base::Result<Tower, TowerReason> asked = parse_tower(*request.tower);
    if (!asked || asked->transfer_syntax != ndr_syntax || asked->rpc_protocol != tower_protocol::connection_oriented ||
        asked->transport.value_or(tower_protocol::tcp) != tower_protocol::tcp)
        return found;
    for (const MapEntry& entry : map) {
        const SyntaxId& have = entry.interface;
        const SyntaxId& want = asked->interface;
        if (have.uuid == want.uuid && have.major == want.major && have.minor >= want.minor)
            found.push_back(tower_of(entry, context));
    }
    return found;
}

bool version_matches(const SyntaxId& have, const SyntaxId& want, std::uint32_t option) {
    const auto number = [](const SyntaxId& id) { return std::uint32_t{id.major} << 16U | id.minor; };
    switch (option) {
        case 1: return true;
        case 2: return have.major == want.major && have.minor >= want.minor;
        case 3: return number(have) == number(want);
        case 4: return have.major == want.major;
        case 5: return number(have) <= number(want);
        default: return false;
    }
}

constexpr std::uint32_t by_interface = 1, by_object = 2, by_both = 3;

// Whether the inquiry names what it asks by. vers_option counts only where an interface does: rpcclient sends 0 with
// "all elements".
bool makes_sense(const EptLookupRequest& request) {
    if (request.inquiry_type > by_both) return false;
    if ((request.inquiry_type & by_interface) == 0) return true;
    return request.interface && request.vers_option >= 1 && request.vers_option <= 5;
}

std::vector<EptEntry> entries_for(const std::vector<MapEntry>& map, const EptLookupRequest& request,
                                  const CallContext& context) {
    std::vector<EptEntry> found;
    for (const MapEntry& entry : map) {
        if ((request.inquiry_type & by_interface) != 0 &&
            (entry.interface.uuid != request.interface->uuid ||
             !version_matches(entry.interface, *request.interface, request.vers_option)))
            continue;
        // An absent object is the nil one.
        if ((request.inquiry_type & by_object) != 0 && entry.object != request.object.value_or(Uuid{})) continue;
        found.push_back({entry.object, tower_of(entry, context), entry.annotation});
    }
    return found;
}

}  // namespace

SyntaxId EpmServer::id() const { return epm_interface; }

CallAnswer EpmServer::call(const Call& call, NdrWriter& response) {
    switch (call.opnum) {
        case epm_opnum::lookup: return lookup(call, response);
        case epm_opnum::map: return map(call, response);
        case epm_opnum::lookup_handle_free: return free_handle(call, response);
        default: return opnum_out_of_range();
    }
}

CallAnswer EpmServer::map(const Call& call, NdrWriter& response) {
    const auto request = parse_ept_map_request(call.stub, call.order);
    if (!request) return CallFault{status::bad_stub_data};
    AssociationGroups::Membership& association = call.context.association;
    EptMapResponse answer{.max_towers = request->max_towers};
    std::unique_ptr<Cursor<Tower>> fresh;
    Cursor<Tower>* cursor = nullptr;
    if (request->entry_handle.is_null()) {
        fresh = std::make_unique<Cursor<Tower>>();
        fresh->rest = towers_for(map_, *request, call.context);
        cursor = fresh.get();
    } else {
        cursor = static_cast<Cursor<Tower>*>(association.find(request->entry_handle, HandleKind::ept_map));
        if (cursor == nullptr) return CallFault{status::nca_context_mismatch};
    }
    answer.towers = take_front(cursor->rest, request->max_towers);
    if (answer.towers.empty()) answer.status = status::ept_not_registered;
    const bool more = !cursor->rest.empty() && !answer.towers.empty();
    if (fresh != nullptr && more)
        answer.entry_handle = association.open(HandleKind::ept_map, std::move(fresh));
    else if (more)
        answer.entry_handle = request->entry_handle;
    else if (fresh == nullptr)
        association.close(request->entry_handle, HandleKind::ept_map);
    emit(response, answer);
    return Done{};
}

// Full pages keep the handle alive even when nothing is left, short ones end the enumeration with status 0, and empty
// ones say "not registered": the one behaviour that satisfies impacket and rpcclient alike (dcerpc-epm section 8).
CallAnswer EpmServer::lookup(const Call& call, NdrWriter& response) {
    const auto request = parse_ept_lookup_request(call.stub, call.order);
    if (!request) return CallFault{status::bad_stub_data};
    AssociationGroups::Membership& association = call.context.association;
    EptLookupResponse answer{.max_entries = request->max_entries};
    std::unique_ptr<Cursor<EptEntry>> fresh;
    Cursor<EptEntry>* cursor = nullptr;
    if (!request->entry_handle.is_null()) {
        cursor = static_cast<Cursor<EptEntry>*>(association.find(request->entry_handle, HandleKind::ept_lookup));
        if (cursor == nullptr) return CallFault{status::nca_context_mismatch};
    } else if (makes_sense(*request)) {
        fresh = std::make_unique<Cursor<EptEntry>>();
        fresh->rest = entries_for(map_, *request, call.context);
        cursor = fresh.get();
    } else {
        answer.status = status::ept_cant_perform_op;
        emit(response, answer);
        return Done{};
    }
    // Asked for none while some are left: none, and the enumeration goes on.
    const bool none_wanted = request->max_entries == 0 && !cursor->rest.empty();
    answer.entries = take_front(cursor->rest, request->max_entries);
    if (answer.entries.empty() && !none_wanted) answer.status = status::ept_not_registered;
    const bool alive = none_wanted || (!answer.entries.empty() && answer.entries.size() == request->max_entries);
    if (fresh != nullptr && alive)
        answer.entry_handle = association.open(HandleKind::ept_lookup, std::move(fresh));
    else if (alive)
        answer.entry_handle = request->entry_handle;
    else if (fresh == nullptr)
        association.close(request->entry_handle, HandleKind::ept_lookup);
    emit(response, answer);
    return Done{};
}

CallAnswer EpmServer::free_handle(const Call& call, NdrWriter& response) {
    const auto handle = parse_ept_handle_free_request(call.stub, call.order);
    if (!handle) return CallFault{status::bad_stub_data};
    AssociationGroups::Membership& association = call.context.association;
    // Only ept_lookup's handles by the book; clients free those of ept_map with it, too.
    const bool freed = handle->is_null() || association.close(*handle, HandleKind::ept_lookup) ||
                       association.close(*handle, HandleKind::ept_map);
    if (!freed) return CallFault{status::nca_context_mismatch};
    emit(response, EptHandleFreeResponse{});
    return Done{};
}

}  // namespace sim::rpc
