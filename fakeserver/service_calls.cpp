#include "fakeserver/service_calls.hpp"

#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/status.hpp"

#include <array>

namespace fakeserver {
namespace {

constexpr std::uint16_t nspi_update_stat = 2;
constexpr std::uint16_t rfr_get_new_dsa = 0;
constexpr std::uint16_t rfr_get_fqdn = 1;
constexpr std::uint32_t referent = 0x00020000;  // any nonzero number; this is where Windows begins to count
constexpr std::uint32_t referent_step = 4;
// How many operations the closed interfaces have is not public; above this no interface of the time reaches.
constexpr std::uint16_t closed_opnum_last = 63;
// Waiting news are few: the actor takes them after every feed.
constexpr std::size_t news_max = 1024;

rpc::CallAnswer bad_stub() { return rpc::CallFault{.status = rpc::status::bad_stub_data}; }
rpc::CallAnswer denied() { return rpc::CallFault{.status = rpc::status::access_denied}; }
rpc::CallAnswer foreign_handle() { return rpc::CallFault{.status = rpc::status::nca_context_mismatch}; }

rpc::CallAnswer update_stat(const rpc::Call& call, rpc::NdrWriter& response) {
    rpc::NdrReader in(call.stub, call.order);
    const rpc::ContextHandle handle = in.handle();
    (void)in.u32();  // Reserved
    std::array<std::uint32_t, 9> stat{};
    for (std::uint32_t& field : stat) field = in.u32();
    const bool wants_delta = in.referent();
    if (wants_delta) (void)in.u32();
    if (!in.ok()) return bad_stub();
    if (!call.context.association.knows(handle, rpc::HandleKind::nspi)) return foreign_handle();
    for (const std::uint32_t field : stat) response.u32(field);
    response.u32(wants_delta ? referent : 0);
    if (wants_delta) response.u32(0);  // rows moved
    response.u32(rpc::status::ok);
    return rpc::Done{};
}

// One of RFR's [in, out, unique, string] char**: whether the outer pointer is there. A string behind it is stepped
// over.
bool read_string_pointer(rpc::NdrReader& in) {
    if (!in.referent()) return false;
    if (in.referent()) (void)in.conformant_string();
    return true;
}

rpc::CallAnswer get_new_dsa(const rpc::Call& call, rpc::NdrWriter& response, const std::string& server_name) {
    rpc::NdrReader in(call.stub, call.order);
    (void)in.u32();                // ulFlags
    (void)in.conformant_string();  // pUserDN: every mailbox lives here
    const bool unused = read_string_pointer(in);
    const bool wants_server = read_string_pointer(in);
    if (!in.ok()) return bad_stub();
    response.u32(unused ? referent : 0);
    if (unused) response.u32(0);
    response.u32(wants_server ? referent + referent_step : 0);
    if (wants_server) {
        response.u32(referent + 2 * referent_step);
        response.conformant_string(server_name);
    }
    response.u32(rpc::status::ok);
    return rpc::Done{};
}

rpc::CallAnswer get_fqdn(const rpc::Call& call, rpc::NdrWriter& response, const std::string& server_name) {
    constexpr std::uint32_t dn_min = 10;
    constexpr std::uint32_t dn_max = 1024;
    rpc::NdrReader in(call.stub, call.order);
    (void)in.u32();  // ulFlags
    const std::uint32_t length = in.u32();
    (void)in.conformant_string();
    if (!in.ok() || length < dn_min || length > dn_max) return bad_stub();
    response.u32(referent);
    response.conformant_string(server_name);
    response.u32(rpc::status::ok);
    return rpc::Done{};
}

// handle, conformant varying array of octets, its length again, and how much may be answered.
rpc::CallAnswer do_rpc(const rpc::Call& call, rpc::NdrWriter& response, rpc::ContextHandle& session) {
    rpc::NdrReader in(call.stub, call.order);
    session = in.handle();
    const std::uint32_t room = in.u32();
    const std::uint32_t offset = in.u32();
    const std::uint32_t length = in.u32();
    if (!in.ok() || offset != 0 || length > room) return bad_stub();
    const base::ByteView operations = in.take(length);
    const std::uint16_t length_again = in.u16();
    const std::uint16_t room_for_answer = in.u16();
    if (!in.ok() || length_again != length || room_for_answer < length) return bad_stub();
    if (!call.context.association.knows(session, rpc::HandleKind::emsmdb)) return foreign_handle();
    response.handle(session);
    response.u32(room);
    response.u32(0);
    response.u32(length);
    response.bytes(operations);
    response.u16(length_again);
    response.u32(rpc::status::ok);
    return rpc::Done{};
}

}  // namespace

rpc::CallAnswer DirectoryInterface::call(const rpc::Call& call, rpc::NdrWriter& response) {
    return call.opnum == nspi_update_stat ? update_stat(call, response) : basics_.call(call, response);
}

rpc::SyntaxId ReferralInterface::id() const { return rpc::rfr_interface; }

rpc::CallAnswer ReferralInterface::call(const rpc::Call& call, rpc::NdrWriter& response) {
    switch (call.opnum) {
        case rfr_get_new_dsa: return get_new_dsa(call, response, server_name_);
        case rfr_get_fqdn: return get_fqdn(call, response, server_name_);
        default: return rpc::opnum_out_of_range();
    }
}

rpc::CallAnswer StoreInterface::call(const rpc::Call& call, rpc::NdrWriter& response) {
    SessionNews news;
    rpc::CallAnswer answer;
    if (call.opnum == rpc::emsmdb_opnum::rpc) {
        answer = do_rpc(call, response, news.session);
    } else {
        news.ended = call.opnum == rpc::emsmdb_opnum::disconnect;
        if (news.ended) news.session = rpc::NdrReader(call.stub, call.order).handle();
        answer = basics_.call(call, response);
    }
    if (!news.session.is_null() && std::holds_alternative<rpc::Done>(answer) && news_.size() < news_max)
        news_.push_back(news);
    return answer;
}

rpc::CallAnswer ClosedInterface::call(const rpc::Call& call, rpc::NdrWriter&) {
    return call.opnum > closed_opnum_last ? rpc::CallAnswer{rpc::opnum_out_of_range()} : denied();
}

}  // namespace fakeserver
