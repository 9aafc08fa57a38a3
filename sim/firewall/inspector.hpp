// RPC-aware inspection: reads the talk with endpoint mappers (TCP 135) that passes through the box, and holds the
// announced ports open for the client that asked (firewall-semantics, section 8).
//
// A pinhole is client address, announced address and port, for any number of connections until it expires; a new
// answer renews it. Answers may be split over segments and fragments in any way, repeated or out of order.
//
// Limits, as real inspection has them: mappers on other ports, and sealed talk (packet privacy), open nothing.
// Announcements in ept_lookup answers are not followed either: clients connect by what ept_map tells them.
#pragma once

#include "sim/base/time.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/rpc/pdu_stream.hpp"
#include "sim/wire/flow.hpp"
#include "sim/wire/packet.hpp"

#include <optional>
#include <vector>

namespace sim::firewall {

// The octets of one direction of a connection, in order, as far as they are complete.
class StreamFollower {
public:
    // A segment as it passes. Octets that come too early wait, up to a bound; beyond it the stream is given up.
    void add(const wire::TcpHeader& tcp, base::ByteView payload);
    rpc::PduStream& pdus() { return pdus_; }

private:
    static constexpr std::size_t early_max = 16;
    struct Early {
        std::uint32_t sequence;
        base::Bytes octets;
    };
    bool take(std::uint32_t sequence, base::ByteView octets);

    std::optional<std::uint32_t> next_;
    std::vector<Early> early_;
    rpc::PduStream pdus_;
};

class RpcInspector {
public:
    // A packet that the box forwards.
    void observe(const wire::PacketView& packet, base::SimTime now, base::SimDuration timeout);

    // Whether the packet goes through a pinhole, either way.
    bool opens(const wire::PacketView& packet, base::SimTime now) const;

    std::vector<Pinhole> pinholes(base::SimTime now) const;
    void forget();

private:
    static constexpr std::size_t talks_max = 256;
    static constexpr std::size_t pinholes_max = 4096;

    // One connection to a mapper.
    struct Talk {
        wire::FlowKey flow;  // from the client
        StreamFollower requests;
        StreamFollower answers;
        std::vector<std::uint32_t> map_calls;  // call ids of ept_map requests that wait for their answer
        base::Bytes stub;                      // of an answer whose last fragment has not come yet
    };

    Talk& talk_of(const wire::FlowKey& flow, bool begins);
    static void read_requests(Talk& talk);
    void read_answers(Talk& talk, base::SimTime now, base::SimDuration timeout);
    void read_answer(Talk& talk, base::ByteView pdu, base::SimTime now, base::SimDuration timeout);
    void open(const Pinhole& hole, base::SimTime now);

    std::vector<Talk> talks_;  // oldest first
    std::vector<Pinhole> pinholes_;
};

}  // namespace sim::firewall
