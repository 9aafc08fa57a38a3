#include "sim/firewall/screen.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

void add(Screen& s, const InPrefix& m) {
    if (m.end == End::either) return;
    const bool v4 = m.prefix.family() == wire::Family::ipv4;
    // An IPv6 prefix fits no IPv4 packet: a condition that nothing meets.
    const std::uint32_t mask = v4 ? m.prefix.mask().v4_bits() : 0;
    const std::uint32_t bits = v4 ? m.prefix.address().v4_bits() : 1;
    (m.end == End::source ? s.source_mask : s.target_mask) = mask;
    (m.end == End::source ? s.source_bits : s.target_bits) = bits;
}

void add(Screen& s, const PortIn& m) {
    if (m.end == End::either || m.ranges.empty()) return;
    std::uint16_t low = 65535, high = 0;
    for (const wire::PortRange& r : m.ranges) {
        low = std::min(low, r.first.value);
        high = std::max(high, r.last.value);
    }
    (m.end == End::source ? s.source_port_low : s.target_port_low) = low;
    (m.end == End::source ? s.source_port_high : s.target_port_high) = high;
}

void add(Screen& s, const ProtocolIn& m) {
    if (m.numbers.count() != 1) return;
    s.protocol_mask = 0xff;
    for (unsigned n = 0; n < 256; ++n)
        if (m.numbers[n]) s.protocol = static_cast<std::uint8_t>(n);
}

template <class Other>
void add(Screen&, const Other&) {}

}  // namespace

Screen screen_of(const std::vector<Match>& matches) {
    Screen screen;
    for (const Match& match : matches)
        if (!match.inverted) std::visit([&screen](const auto& what) { add(screen, what); }, match.what);
    return screen;
}

}  // namespace sim::firewall
