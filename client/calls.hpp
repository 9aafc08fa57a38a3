// The RPC calls of a logon: their operation numbers, what they send, and how an answer is judged.
//
// Requests have the real layout (MS-OXNSPI, MS-OXABREF, MS-OXCRPC; EcDoConnect and EcDoRpc as clients before
// Exchange 2007 send them), with as little in them as a server can take. Of an answer only what matters is read:
// the context handle in front and the return code at the end, where NDR puts a function's result. A server whose
// answer is longer than we know is believed; one whose answer is shorter is not.
#pragma once

#include "client/vocabulary.hpp"
#include "sim/base/bytes.hpp"
#include "sim/rpc/ndr.hpp"
#include "sim/rpc/syntax.hpp"
#include "sim/wire/endpoint.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace client {

enum class Call : std::uint8_t {
    ept_map,                         // endpoint mapper 3: where is this interface?
    rfr_get_new_dsa,                 // RFR 0: which directory server is mine?
    nspi_bind,                       // NSPI 0
    nspi_update_stat,                // NSPI 2: a position in the address book, the cheapest look into it
    ec_do_connect,                   // EMSMDB 0
    ec_do_rpc,                       // EMSMDB 2
    ec_r_register_push_notification  // EMSMDB 4: the UDP endpoint for new-mail notices
};

std::uint16_t opnum_of(Call call);

// What the client registers and the server sends back unchanged with every notice (MS-OXCRPC, opaque to it).
using NoticeBlob = std::array<sim::base::Byte, 8>;

// What a request may need; whatever the call does not use is not read.
struct CallArguments {
    sim::rpc::SyntaxId looked_for;   // ept_map
    sim::rpc::ContextHandle handle;  // from nspi_bind or ec_do_connect on this connection
    NoticeBlob blob{};
    sim::wire::Endpoint notices_to;  // the client's own address and UDP port
};
sim::base::Bytes stub_of(Call call, const CallArguments& arguments);

// Why an answer that arrived in full is nevertheless none.
struct Trouble {
    Cause cause = Cause::protocol_error;
    std::uint32_t code = 0;
    std::uint32_t detail = 0;
    bool operator==(const Trouble&) const = default;
};

struct Judgement {
    std::optional<Trouble> trouble;
    sim::rpc::ContextHandle handle;  // ept_map, nspi_bind, ec_do_connect; NULL elsewhere
    sim::wire::Port port;            // ept_map without trouble; never 0 then
    bool of_mapper = false;          // ept_map with trouble: the mapper itself is at fault, not what it knows
};
Judgement judge(Call call, sim::base::ByteView stub, sim::rpc::ByteOrder order, const sim::rpc::SyntaxId& looked_for);

}  // namespace client
