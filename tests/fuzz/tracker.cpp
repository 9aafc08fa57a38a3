// Any packets, at any times, through a stateful, a stateless and a translating box with inspection: nothing crashes, a
// recorder changes nothing, and answers are packets. Input: for each packet one octet of time and side, two of length,
// octets; a first octet of the packet below 0x40 makes a TCP segment of the few octets behind it.
#include "sim/firewall/box.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native_text.hpp"

#include <cstdlib>

namespace {

using namespace sim;

firewall::SharedRules rules(const char* text) {
    const auto parsed = firewall::import::parse_native(base::SourceText("fuzz.rules", text));
    const auto built = firewall::import::build(*parsed);
    return *built;
}

firewall::SharedRules imported(const char* text) {
    return firewall::import::import_iptables(base::SourceText("fuzz.v4", text), {})->rules;
}

base::Bytes made_segment(base::Reader& in) {
    wire::IpHeader ip;
    ip.source = wire::IpAddress::v4(192, 0, 2, 50);
    ip.target = wire::IpAddress::v4(10, 0, 0, 10);
    wire::TcpHeader tcp;
    tcp.source = wire::Port{1030};
    tcp.target = wire::Port{135};
    tcp.flags.bits = in.u8();
    tcp.sequence = in.u16be();
    tcp.acknowledgement = in.u16be();
    tcp.window = in.u8();
    if ((in.u8() & 1U) != 0) {
        std::swap(ip.source, ip.target);
        std::swap(tcp.source, tcp.target);
    }
    return wire::emit_tcp(ip, tcp, in.rest());
}

void require(bool truth) {
    if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const firewall::SharedRules stateful = rules("allow tcp 135\nallow udp\nallow icmp both\nreject any log\n");
    static const firewall::SharedRules stateless =
        rules("stateful no\nreject tcp acknowledged\nallow any 1-1000 both\n");
    static const firewall::SharedRules translating = imported(R"(*nat
-A PREROUTING -d 10.0.0.0/9 -p tcp -j DNAT --to-destination 10.0.0.10-10.0.0.12:130-140
-A PREROUTING -p udp -j REDIRECT --to-ports 53
-A POSTROUTING -j MASQUERADE
COMMIT
*filter
-A FORWARD -m conntrack --ctstate INVALID -j REJECT
COMMIT
)");
    firewall::Firewall::Settings settings;
    settings.inspect_dcerpc = true;
    for (const auto side : {&settings.client_side_addresses, &settings.server_side_addresses})
        *side = {wire::IpAddress::v4(10, 0, 0, 1), wire::IpAddress::v6(0x20010db8ULL << 32U, 1)};
    for (const firewall::SharedRules& set : {stateful, stateless, translating}) {
        firewall::Firewall box(set, settings);
        firewall::Firewall heard(set, settings);
        base::Reader in(base::ByteView(data, size));
        base::SimTime now{};
        while (in.left() > 3) {
            const std::uint8_t head = in.u8();
            const base::ByteView piece = in.take(std::min<std::size_t>(in.u16be(), in.left()));
            now += std::chrono::milliseconds(1U << (head & 15U));
            base::Bytes packet(piece.begin(), piece.end());
            if (!piece.empty() && piece[0] < 0x40) {
                base::Reader inner(piece.subspan(1));
                packet = made_segment(inner);
            }
            const auto side = (head & 0x80U) != 0 ? firewall::Side::server : firewall::Side::client;
            firewall::Explanation account;
            const firewall::Passage a = box.judge(packet, side, now);
            const firewall::Passage b = heard.judge(packet, side, now, &account);
            require(a.verdict == b.verdict && a.label == b.label && a.answer == b.answer && a.replaced == b.replaced);
            require(!a.answer || wire::parse(*a.answer).has_value());
            require(a.translated == b.translated && a.translated_by == b.translated_by);
            require(!a.translated || wire::parse(*a.translated).has_value());
            require(!account.text().empty());
        }
        (void)box.connections(now);
        (void)box.pinholes(now);
    }
    return 0;
}
