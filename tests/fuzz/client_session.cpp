// A client meets a hostile server: whatever it says, there is at most one outcome, and the words for it.
#include "sim/rpc/client_session.hpp"

#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"

#include <algorithm>
#include <cstdlib>

using namespace sim;
using namespace sim::rpc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const base::ByteView octets(data + 1, size - 1);
    const std::size_t piece = 1U + (data[0] & 0x7fU);
    ClientCall call(epm_interface, epm_opnum::map, ept_map_stub(nspi_interface), {.response_stub = 10000});
    (void)call.start();
    std::optional<ClientOutcome> outcome;
    if ((data[0] & 0x80U) != 0) {
        base::Bytes ack;
        emit(ack,
             {.call_id = 1,
              .body = BindAck{.secondary_address = "135",
                              .answers = {{ContextResult::acceptance, ContextReason::not_specified, ndr_syntax}}}});
        if (call.feed(ack).octets.size() != 156) std::abort();
    }
    for (std::size_t at = 0; at < octets.size() && !outcome; at += piece)
        outcome = call.feed(octets.subspan(at, std::min(piece, octets.size() - at))).outcome;
    if (!outcome) outcome = call.closed();
    if (!outcome || std::holds_alternative<BindAccepted>(*outcome)) std::abort();
    if (succeeded(*outcome) != (win32_of(*outcome) == 0)) std::abort();
    if (describe(*outcome).empty()) std::abort();
    if (const CallDone* done = std::get_if<CallDone>(&*outcome)) {
        if (done->stub.size() > 10000) std::abort();
        (void)parse_ept_map_response(done->stub, done->order);
    }
    return 0;
}
