#include "fakeserver/port_policy.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fakeserver {

PortPool::PortPool(std::vector<wire::PortRange> ranges) {
    for (wire::PortRange& range : ranges)
        if (range.first.value == 0) range.first = wire::Port{1};
    std::erase_if(ranges, [](const wire::PortRange& r) { return r.last < r.first; });
    ranges_ = wire::normalized(std::move(ranges));
    for (const wire::PortRange& range : ranges_) size_ += range.size();
}

bool PortPool::contains(wire::Port port) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [port](const wire::PortRange& r) { return r.contains(port); });
}

wire::Port PortPool::nth(std::uint32_t n) const {
    assert(n < size_);
    for (const wire::PortRange& range : ranges_) {
        if (n < range.size()) return wire::Port{static_cast<std::uint16_t>(range.first.value + n)};
        n -= range.size();
    }
    return {};
}

std::uint32_t PortPool::rank(wire::Port port) const {
    std::uint32_t below = 0;
    for (const wire::PortRange& range : ranges_) {
        if (port <= range.first) break;
        below += port > range.last ? range.size() : static_cast<std::uint32_t>(port.value - range.first.value);
    }
    return below;
}

PortPool PortPool::without(const PortPool& other) const {
    std::vector<wire::PortRange> kept;
    auto hole = other.ranges_.begin();
    for (const wire::PortRange& range : ranges_) {
        std::uint32_t next = range.first.value;  // wider than a port, so that 65535 + 1 stays a number
        while (hole != other.ranges_.end() && hole->last < range.first) ++hole;
        for (auto at = hole; at != other.ranges_.end() && at->first <= range.last; ++at) {
            if (at->first.value > next)
                kept.push_back({wire::Port{static_cast<std::uint16_t>(next)},
                                wire::Port{static_cast<std::uint16_t>(at->first.value - 1)}});
            next = std::max<std::uint32_t>(next, at->last.value + 1U);
        }
        if (next <= range.last.value) kept.push_back({wire::Port{static_cast<std::uint16_t>(next)}, range.last});
    }
    return PortPool(std::move(kept));
}

}  // namespace fakeserver
