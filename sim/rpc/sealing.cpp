#include "sim/rpc/sealing.hpp"

#include <algorithm>

namespace sim::rpc {
namespace {

constexpr std::uint8_t ntlm = 10, privacy = 6;
constexpr std::uint8_t pattern = 0x5c;

// An NTLMSSP message of that type in its shortest form: signature, type, and fields that are empty (MS-NLMP 2.2.1).
base::Bytes token(std::uint8_t type) {
    constexpr std::size_t lengths[]{0, 32, 48, 64};  // NEGOTIATE, CHALLENGE, AUTHENTICATE
    base::Bytes octets{'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, type, 0, 0, 0};
    octets.resize(lengths[type], 0);
    return octets;
}

base::Bytes turned(base::ByteView stub) {
    base::Bytes octets(stub.begin(), stub.end());
    for (base::Byte& octet : octets) octet ^= pattern;
    return octets;
}

void put(Pdu pdu, base::ByteView value, base::Bytes& out) {
    pdu.auth = AuthVerifier{.type = ntlm, .level = privacy, .value = value};
    emit(out, pdu);
}

// The PDU with its stub turned; the stub lives in `stub`.
template <class Call>
bool turn(Pdu& pdu, base::Bytes& stub) {
    auto* call = std::get_if<Call>(&pdu.body);
    if (call == nullptr) return false;
    stub = turned(call->stub);
    call->stub = stub;
    return true;
}

}  // namespace

base::Bytes Sealer::outgoing(base::ByteView octets) {
    base::Bytes out;
    PduStream stream;
    stream.feed(octets);
    while (const auto pdu = stream.next()) seal(*pdu, out);
    return out;
}

void Sealer::seal(base::ByteView octets, base::Bytes& out) {
    auto parsed = parse(octets);
    if (!parsed) {
        out.insert(out.end(), octets.begin(), octets.end());
        return;
    }
    Pdu pdu = std::move(*parsed);
    const base::Bytes greeting = token(end_ == End::client ? 1 : 2);
    if (std::holds_alternative<Bind>(pdu.body) || std::holds_alternative<BindAck>(pdu.body))
        return put(std::move(pdu), greeting, out);
    base::Bytes stub;
    if (!turn<Request>(pdu, stub) && !turn<Response>(pdu, stub)) return emit(out, pdu);
    if (end_ == End::client && !proved_) {
        put(Pdu{.call_id = pdu.call_id, .body = Auth3{}}, token(3), out);
        proved_ = true;
    }
    put(std::move(pdu), base::Bytes(16, 0xa7), out);
}

base::Bytes Sealer::incoming(base::ByteView octets) {
    base::Bytes out;
    received_.feed(octets);
    while (const auto whole = received_.next()) {
        auto parsed = parse(*whole);
        if (!parsed || !parsed->auth) {
            out.insert(out.end(), whole->begin(), whole->end());
            continue;
        }
        Pdu pdu = std::move(*parsed);
        if (std::holds_alternative<Auth3>(pdu.body)) continue;
        pdu.auth.reset();
        base::Bytes stub;
        if (!turn<Request>(pdu, stub)) (void)turn<Response>(pdu, stub);
        emit(out, pdu);
    }
    received_.keep();
    return out;
}

}  // namespace sim::rpc
