// Lists of ranges of addresses and of ports, and what lies outside of them. Private to the exact sets (space.hpp).
#pragma once

#include "sim/firewall/exact/space.hpp"

namespace sim::firewall::exact {

using Spans = std::vector<AddressRange>;
using PortSpans = std::vector<PortSpan>;

AddressRange all_of(wire::Family family);

// The addresses of a prefix as ranges. A mask with holes gives many; false when they are too many, or IPv6.
bool add_prefix(const wire::Prefix& prefix, Spans& out);
// What of the addresses of both families is in none of the ranges.
Spans outside(Spans ranges);
PortSpans outside(PortSpans spans);

}  // namespace sim::firewall::exact
