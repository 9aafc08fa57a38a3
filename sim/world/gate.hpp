// What judges packets at a firewall's place on the path: normally sim::firewall::Firewall, in tests anything.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"
#include "sim/firewall/firewall.hpp"

namespace sim::world {

class Gate {
public:
    Gate() = default;
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    virtual ~Gate() = default;

    // Same contract as firewall::Firewall::judge.
    virtual firewall::Passage judge(base::ByteView packet, firewall::Side from, base::SimTime now) = 0;
};

}  // namespace sim::world
