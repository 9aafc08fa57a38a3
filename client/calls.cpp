#include "client/calls.hpp"

#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/nspi.hpp"
#include "sim/rpc/status.hpp"

#include <string>
#include <string_view>

namespace client {

namespace rpc = sim::rpc;
namespace base = sim::base;

namespace {

constexpr std::string_view user_name = "/o=Firedrill/ou=Site/cn=Recipients/cn=user";
constexpr std::uint32_t code_page = 1252;
constexpr std::uint32_t locale = 0x409;  // English (United States)

void write_referral(rpc::NdrWriter& out) {
    out.u32(0);  // ulFlags
    out.conformant_string(user_name);
    out.u32(0);  // ppszUnused
    out.u32(1);  // ppszServer: a pointer, to a pointer that the server fills in
    out.u32(0);
}

void write_update_stat(rpc::NdrWriter& out, const rpc::ContextHandle& handle) {
    out.handle(handle);
    out.u32(0);                              // Reserved
    for (int i = 0; i < 6; ++i) out.u32(0);  // STAT (MS-OXNSPI 2.2.8): the top of the global address list
    out.u32(code_page);
    out.u32(locale);  // TemplateLocale
    out.u32(locale);  // SortLocale
    out.u32(0);       // plDelta: not asked for
}

// A request buffer without any remote operation in it: two octets that hold its own length (MS-OXCROPS 2.2.1), each
// XORed with 0xA5 as EcDoRpc sends them (the obfuscation of MS-OXCRPC 3.1.4, and what Wireshark's MAPI dissector undoes).
void write_ec_do_rpc(rpc::NdrWriter& out, const rpc::ContextHandle& handle) {
    constexpr std::uint32_t room = 0x7fff;  // what the server may answer
    constexpr std::array<base::Byte, 2> nothing{2 ^ 0xA5, 0 ^ 0xA5};
    out.handle(handle);
    out.u32(room);  // max_count, offset, actual_count of the conformant varying array
    out.u32(0);
    out.u32(nothing.size());
    out.bytes(nothing);
    out.u16(nothing.size());
    out.u16(room);
}

Judgement trouble(Cause cause, std::uint32_t code, std::uint32_t detail = 0) {
    return {.trouble = Trouble{.cause = cause, .code = code, .detail = detail}, .handle = {}, .port = {}};
}
Judgement makes_no_sense() { return trouble(Cause::protocol_error, rpc::status::protocol_error); }

bool usable(const rpc::Tower& tower, const rpc::SyntaxId& looked_for) {
    return tower.is_ncacn_ip_tcp() && tower.port.value != 0 && tower.interface.uuid == looked_for.uuid &&
           tower.interface.major == looked_for.major && tower.interface.minor >= looked_for.minor;
}

// The host in floor 5 plays no part: real clients ignore it too, and with some servers it is 0.0.0.0.
Judgement judge_map(base::ByteView stub, rpc::ByteOrder order, const rpc::SyntaxId& looked_for) {
    const auto response = rpc::parse_ept_map_response(stub, order);
    Judgement verdict;
    if (!response) {
        verdict = makes_no_sense();
        verdict.of_mapper = true;
    } else if (response->status == rpc::status::ept_not_registered ||
               (response->status == rpc::status::ok && response->towers.empty())) {
        verdict = trouble(Cause::not_registered, rpc::status::ept_not_registered_win32, response->status);
    } else if (response->status != rpc::status::ok) {
        verdict = trouble(Cause::service_error, rpc::win32_of(response->status), response->status);
        verdict.of_mapper = true;
    } else {
        for (const rpc::Tower& tower : response->towers)
            if (verdict.port.value == 0 && usable(tower, looked_for)) verdict.port = tower.port;
        if (verdict.port.value == 0) verdict = makes_no_sense();
    }
    if (response) verdict.handle = response->entry_handle;
    return verdict;
}

Judgement judge_nspi_bind(base::ByteView stub, rpc::ByteOrder order) {
    const auto response = rpc::parse_nspi_bind_response(stub, order);
    if (!response) return makes_no_sense();
    if (response->code != 0) return trouble(Cause::service_error, response->code);
    Judgement verdict;
    verdict.handle = response->handle;
    return verdict.handle.is_null() ? makes_no_sense() : verdict;
}

// `least` octets of results and, at the very end, the return code.
Judgement judge_tail(base::ByteView stub, rpc::ByteOrder order, std::size_t least) {
    if (stub.size() < least + 4 || stub.size() % 4 != 0) return makes_no_sense();
    const std::uint32_t result = rpc::NdrReader(stub.last(4), order).u32();
    return result == 0 ? Judgement{} : trouble(Cause::service_error, result);
}

Judgement judge_ec_do_connect(base::ByteView stub, rpc::ByteOrder order) {
    // Handle, four numbers, two strings at their shortest, three version words, a time.
    Judgement verdict = judge_tail(stub, order, rpc::ContextHandle::wire_size + 16 + 8 + 12);
    if (verdict.trouble) return verdict;
    verdict.handle = rpc::NdrReader(stub, order).handle();
    return verdict.handle.is_null() ? makes_no_sense() : verdict;
}

}  // namespace

std::uint16_t opnum_of(Call call) {
    switch (call) {
        case Call::ept_map: return rpc::epm_opnum::map;
        case Call::rfr_get_new_dsa:
        case Call::nspi_bind:
        case Call::ec_do_connect: return 0;
        case Call::nspi_update_stat:
        case Call::ec_do_rpc: return 2;
        case Call::ec_r_register_push_notification: return rpc::emsmdb_opnum::register_push_notification;
    }
    return 0;
}

base::Bytes stub_of(Call call, const CallArguments& arguments) {
    base::Bytes stub;
    stub.reserve(96);
    rpc::NdrWriter out(stub);
    switch (call) {
        case Call::ept_map: return rpc::ept_map_stub(arguments.looked_for);
        case Call::nspi_bind:
            return rpc::nspi_bind_stub({.stat = {0, 0, 0, 0, 0, 0, code_page, locale, locale}, .server = std::nullopt});
        case Call::ec_do_connect: return rpc::ec_connect_stub({.user_dn = std::string(user_name)});
        case Call::ec_r_register_push_notification:
            return rpc::ec_register_push_stub({.handle = arguments.handle,
                                               .context = {arguments.blob.begin(), arguments.blob.end()},
                                               .callback = arguments.notices_to});
        case Call::rfr_get_new_dsa: write_referral(out); break;
        case Call::nspi_update_stat: write_update_stat(out, arguments.handle); break;
        case Call::ec_do_rpc: write_ec_do_rpc(out, arguments.handle); break;
    }
    return stub;
}

Judgement judge(Call call, base::ByteView stub, rpc::ByteOrder order, const rpc::SyntaxId& looked_for) {
    constexpr std::size_t stat_size = 36;
    switch (call) {
        case Call::ept_map: return judge_map(stub, order, looked_for);
        case Call::nspi_bind: return judge_nspi_bind(stub, order);
        case Call::ec_do_connect: return judge_ec_do_connect(stub, order);
        case Call::nspi_update_stat: return judge_tail(stub, order, stat_size + 4);
        case Call::ec_do_rpc: return judge_tail(stub, order, rpc::ContextHandle::wire_size + 16);  // array, length
        case Call::ec_r_register_push_notification: return judge_tail(stub, order, rpc::ContextHandle::wire_size + 4);
        case Call::rfr_get_new_dsa: return judge_tail(stub, order, 8);  // two pointers
    }
    return makes_no_sense();
}

}  // namespace client
