// DPDK's rte_acl as a peer: the same rules, the same packets. Only compiled where libdpdk-dev is installed.
#pragma once

#include "bench/firewall_shaped.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace shaped {

class RteAcl {
public:
    struct Algorithm {
        const char* name;
        int number;
    };
    // Those that this processor has.
    static const std::vector<Algorithm>& algorithms();

    explicit RteAcl(const std::vector<Rule>& rules);
    ~RteAcl();
    RteAcl(const RteAcl&) = delete;
    RteAcl& operator=(const RteAcl&) = delete;

    double build_ms() const { return build_ms_; }
    std::size_t memory() const { return memory_; }  // octets, of what lookups need

    // The packets in the form that it reads, made once.
    void take(std::span<const Packet> packets);
    // All of them, so many at once, which divides their number: 0 where no rule fits, else the rule's index + 1.
    void classify(const Algorithm& by, std::size_t at_once, std::uint32_t* results) const;

private:
    struct Tuple {
        std::uint8_t protocol, unused[3];
        std::uint32_t source, target;  // in network order, as the ports
        std::uint16_t source_port, target_port;
    };
    struct Context;  // rte_acl_ctx and what belongs to it
    std::unique_ptr<Context> context_;
    std::vector<Tuple> tuples_;
    std::vector<const std::uint8_t*> pointers_;
    double build_ms_ = 0;
    std::size_t memory_ = 0;
};

}  // namespace shaped
