// A PDU stream in two halves: every PDU that comes out is parsed; what parses must come back from its own octets.
#include "sim/rpc/describe.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/pdu_stream.hpp"

#include <cstdlib>

using namespace sim;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const base::ByteView octets(data + 2, size - 2);
    const std::size_t cut = (std::size_t{data[0]} << 8U | data[1]) % (octets.size() + 1);
    rpc::PduStream stream;
    rpc::Dissector dissector(rpc::Service::endpoint_mapper);
    for (const base::ByteView piece : {octets.first(cut), octets.subspan(cut)}) {
        stream.feed(piece);
        while (const auto pdu = stream.next()) {
            const auto parsed = rpc::parse(*pdu);
            if (!parsed || (parsed->auth && parsed->auth->value.empty())) continue;
            base::Bytes again;
            emit(again, *parsed);
            const auto reparsed = rpc::parse(again);
            if (!reparsed || !(*reparsed == *parsed)) std::abort();
        }
        for (const rpc::Direction way : {rpc::Direction::to_server, rpc::Direction::to_client})
            (void)dissector.feed(way, piece);
    }
    if (stream.waiting() > 0xffff) std::abort();
    return 0;
}
