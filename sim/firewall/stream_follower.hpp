// The octets of one direction of a TCP connection, in order, as a box on the way can follow them: repeated octets are
// taken once (the first ones count), early ones wait for the gap to fill.
//
// Bounds: early segments wait up to 16 of them and 64 KiB; beyond it the stream is lost for good, and says so. What
// waits for the rest of its PDU is bounded by rpc::PduStream.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/pdu_stream.hpp"

#include <cstdint>
#include <vector>

namespace sim::firewall {

class StreamFollower {
public:
    // `next`: the sequence number of the first octet behind the SYN.
    explicit StreamFollower(std::uint32_t next) : first_(next), next_(next) {}

    void add(std::uint32_t sequence, base::ByteView payload);

    rpc::PduStream& pdus() { return pdus_; }
    std::uint32_t first() const { return first_; }
    bool lost() const { return lost_ || pdus_.broken(); }
    // Octets that are kept.
    std::size_t held() const { return early_octets_ + pdus_.waiting(); }
    // Nothing is read any more: what is kept is given back.
    void give_up();

private:
    static constexpr std::size_t early_max = 16;
    static constexpr std::size_t early_octets_max = 65536;

    struct Early {
        std::uint32_t sequence;
        base::Bytes octets;
    };
    bool take(std::uint32_t sequence, base::ByteView octets);
    void take_early();

    std::uint32_t first_;
    std::uint32_t next_;
    std::vector<Early> early_;
    std::size_t early_octets_ = 0;
    rpc::PduStream pdus_;
    bool lost_ = false;
};

}  // namespace sim::firewall
