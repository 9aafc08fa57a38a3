#include "sim/net/port_table.hpp"

#include <algorithm>

namespace sim::net {

PortTable::PortTable(const StackProfile& profile, std::uint16_t used_at_boot)
    : range_(profile.ephemeral), order_(profile.port_order), next_(used_at_boot % range_.size()) {}

void PortTable::reset(const StackProfile& profile, std::uint16_t used_at_boot) {
    taken_.clear();
    range_ = profile.ephemeral;
    order_ = profile.port_order;
    next_ = used_at_boot % range_.size();
}

bool PortTable::taken(wire::Protocol protocol, wire::Port port) const {
    return std::any_of(taken_.begin(), taken_.end(),
                       [&](const Entry& e) { return e.port == port && e.protocol == protocol; });
}

void PortTable::take(wire::Protocol protocol, wire::Port port) { taken_.push_back({protocol, port}); }

void PortTable::free(wire::Protocol protocol, wire::Port port) {
    const auto entry = std::find_if(taken_.begin(), taken_.end(),
                                    [&](const Entry& e) { return e.port == port && e.protocol == protocol; });
    if (entry == taken_.end()) return;
    *entry = taken_.back();
    taken_.pop_back();
}

std::optional<wire::Port> PortTable::take_any(wire::Protocol protocol, base::Random& random) {
    const std::uint32_t size = range_.size();
    const auto port_at = [&](std::uint32_t offset) {
        return wire::Port{static_cast<std::uint16_t>(range_.first.value + offset)};
    };
    if (order_ == PortOrder::random) {
        // Drawing again when the port is taken keeps every free port equally likely; a nearly full range ends in
        // the search below.
        for (int draw = 0; draw < 64; ++draw) {
            next_ = static_cast<std::uint32_t>(random.below(size));
            if (!taken(protocol, port_at(next_))) break;
        }
    }
    for (std::uint32_t tried = 0; tried < size; ++tried) {
        const wire::Port port = port_at(next_);
        next_ = (next_ + 1) % size;
        if (taken(protocol, port)) continue;
        take(protocol, port);
        return port;
    }
    return std::nullopt;
}

}  // namespace sim::net
