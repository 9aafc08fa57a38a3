// A server meets a hostile client. The first octet: whether it begins bound, and into what pieces the stream is cut;
// whatever the cut, the answers must be the same, and each of them a PDU.
#include "sim/rpc/server_session.hpp"

#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/epm_server.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/nspi.hpp"

#include <algorithm>
#include <cstdlib>

using namespace sim;
using namespace sim::rpc;

namespace {

struct Heard {
    base::Bytes octets;
    bool close = false;
};

Heard converse(base::ByteView octets, std::size_t piece, bool bound) {
    const std::vector<MapEntry> map{{.interface = nspi_interface, .annotation = "d", .port = wire::Port{1236}},
                                    {.interface = emsmdb_interface, .annotation = "s", .port = wire::Port{1259}}};
    EpmServer mapper(map);
    NspiServer nspi("12345678-1234-abcd-ef00-0123456789ab"_uuid);
    EmsmdbServer store;
    InterfaceSet interfaces{&mapper, &nspi, &store};
    AssociationGroups groups{base::Random(1)};
    ServerSession session(interfaces, groups, {}, {}, {.contexts = 4, .request_stub = 20000});
    if (bound)
        for (std::uint16_t id = 0; id < 3; ++id) {
            const SyntaxId interface = interfaces.servers()[id]->id();
            Pdu pdu{.call_id = 1, .body = Bind{.contexts = {{id, interface, {ndr_syntax}}}}};
            if (id > 0) {
                AlterContext alter;
                alter.contexts = {{id, interface, {ndr_syntax}}};
                pdu.body = alter;
            }
            base::Bytes bind;
            emit(bind, pdu);
            if (session.feed(bind).close) std::abort();
        }
    Heard heard;
    for (std::size_t at = 0; at < octets.size(); at += piece) {
        ServerSession::Output out = session.feed(octets.subspan(at, std::min(piece, octets.size() - at)));
        heard.octets.insert(heard.octets.end(), out.octets.begin(), out.octets.end());
        heard.close = out.close;
    }
    return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const bool bound = (data[0] & 0x80U) != 0;
    const base::ByteView octets(data + 1, size - 1);
    const Heard whole = converse(octets, octets.size(), bound);
    const Heard pieces = converse(octets, 1U + (data[0] & 0x7fU), bound);
    if (whole.octets != pieces.octets || whole.close != pieces.close) std::abort();
    base::ByteView rest(whole.octets);
    while (!rest.empty()) {
        if (rest.size() < Header::size) std::abort();
        const std::size_t length = parse_header(rest).frag_length;
        if (length > rest.size() || length > max_fragment || !parse(rest.first(length))) std::abort();
        rest = rest.subspan(length);
    }
    return 0;
}
