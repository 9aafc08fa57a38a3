// Any octets as a talk with an endpoint mapper, in any order, split and repeated: inspection stays within its bounds,
// says something of all that it does, and opens the same holes whether the octets come in one segment or one by one.
//
// Input: one octet of settings; then records of one octet (128: from the mapper; 64: it is sent again; the rest is the
// length) and so many octets.
#include "sim/firewall/inspector.hpp"

#include "sim/rpc/interfaces.hpp"

#include <cstdlib>

namespace {

using namespace sim;

const wire::IpAddress client = wire::IpAddress::v4(192, 0, 2, 50), server = wire::IpAddress::v4(10, 0, 0, 10);
constexpr std::uint32_t client_isn = 0xfffffff0U, server_isn = 7;  // one of them wraps

void require(bool truth) {
    if (!truth) std::abort();
}

class Talk {
public:
    explicit Talk(const firewall::InspectionSettings& settings) : settings_(settings) {
        put(true, wire::TcpFlags::syn | wire::TcpFlags::ack, server_isn, {});
    }
    void say(bool by_server, base::ByteView octets, bool again) {
        std::uint32_t& at = by_server ? answered_ : asked_;
        put(by_server, wire::TcpFlags::ack, (by_server ? server_isn : client_isn) + 1 + at, octets);
        if (again) put(by_server, wire::TcpFlags::ack, (by_server ? server_isn : client_isn) + 1 + at, octets);
        at += static_cast<std::uint32_t>(octets.size());
    }
    std::vector<firewall::Pinhole> holes() const { return inspector_.pinholes(base::time_zero); }

private:
    void put(bool by_server, unsigned flags, std::uint32_t sequence, base::ByteView octets) {
        wire::TcpHeader tcp;
        tcp.source = wire::Port{by_server ? std::uint16_t{135} : std::uint16_t{1030}};
        tcp.target = wire::Port{by_server ? std::uint16_t{1030} : std::uint16_t{135}};
        tcp.flags = {static_cast<std::uint8_t>(flags)};
        tcp.sequence = sequence;
        tcp.acknowledgement = (by_server ? client_isn : server_isn) + 1;
        const wire::IpHeader ip{.source = by_server ? server : client,
                                .target = by_server ? client : server,
                                .protocol = wire::Protocol::tcp,
                                .hop_limit = 64};
        const base::Bytes packet = wire::emit_tcp(ip, tcp, octets);
        const auto view = wire::parse(packet);
        const auto reading = inspector_.observe(*view, settings_, base::time_zero);
        for (const firewall::Inspected& one : reading.inspected) {
            require(!firewall::describe(one, base::time_zero).empty());
            if (one.kind != firewall::Inspected::Kind::not_opened) require(settings_.lists(one.hole.interface));
        }
        require(inspector_.talks() <= 1024 && inspector_.held() <= (1U << 20U));
    }

    firewall::InspectionSettings settings_;
    firewall::RpcInspector inspector_;
    std::uint32_t asked_ = 0, answered_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    base::Reader in(base::ByteView(data, size));
    if (in.left() == 0) return 0;
    const std::uint8_t how = in.u8();
    firewall::InspectionSettings settings;
    settings.single_use = (how & 1U) != 0;
    settings.mapper_only = (how & 2U) != 0;
    if ((how & 4U) != 0) settings.lookup_timeout = std::chrono::minutes{5};
    if ((how & 8U) != 0) settings.interfaces = {rpc::nspi_interface.uuid};
    Talk whole(settings), pieces(settings);
    while (in.left() > 0) {
        const std::uint8_t head = in.u8();
        const base::ByteView octets = in.take(std::min<std::size_t>(head & 63U, in.left()));
        const bool by_server = (head & 128U) != 0;
        whole.say(by_server, octets, (head & 64U) != 0);
        for (std::size_t i = 0; i < octets.size(); ++i) pieces.say(by_server, octets.subspan(i, 1), false);
    }
    const auto a = whole.holes(), b = pieces.holes();
    require(a == b);
    return 0;
}
