#include "sim/firewall/exact/space_spans.hpp"

#include <algorithm>

namespace sim::firewall::exact {

using wire::Family;
using wire::IpAddress;

namespace {

constexpr std::size_t pieces_of_mask_max = 64;

}  // namespace

AddressRange all_of(Family family) {
    constexpr std::uint64_t ones = ~std::uint64_t{0};
    if (family == Family::ipv4) return {IpAddress::v4(0), IpAddress::v4(0xffffffffU)};
    return {IpAddress::v6(0, 0), IpAddress::v6(ones, ones)};
}

// ---- addresses ----

bool add_prefix(const wire::Prefix& prefix, Spans& out) {
    const IpAddress& a = prefix.address();
    const IpAddress& m = prefix.mask();
    if (prefix.length() >= 0) {
        out.push_back({a, a.is_v4() ? IpAddress::v4(a.v4_bits() | ~m.v4_bits())
                                    : IpAddress::v6(a.high() | ~m.high(), a.low() | ~m.low())});
        return true;
    }
    if (!a.is_v4()) return false;
    // Trailing free bits make a range; each free bit above them doubles the number of ranges.
    const std::uint32_t free = ~m.v4_bits();
    const std::uint32_t tail = free & ~(free + 1U);
    const std::uint32_t holes = free & ~tail;
    std::uint32_t chosen = 0;
    std::size_t pieces = 0;
    do {
        if (++pieces > pieces_of_mask_max) return false;
        const std::uint32_t low = a.v4_bits() | chosen;
        out.push_back({IpAddress::v4(low), IpAddress::v4(low | tail)});
        chosen = (chosen - holes) & holes;  // the next subset of the holes
    } while (chosen != 0);
    return true;
}

Spans outside(Spans ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const AddressRange& a, const AddressRange& b) { return a.low < b.low; });
    Spans gaps;
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        AddressRange rest = all_of(family);
        bool left = true;
        for (const AddressRange& r : ranges) {
            if (r.low.family() != family || r.high < rest.low) continue;
            if (rest.low < r.low) {
                const IpAddress end = r.low.is_v4()
                                          ? IpAddress::v4(r.low.v4_bits() - 1)
                                          : IpAddress::v6(r.low.high() - (r.low.low() == 0 ? 1U : 0U), r.low.low() - 1);
                gaps.push_back({rest.low, end});
            }
            if (!(r.high < rest.high)) {
                left = false;
                break;
            }
            rest.low = r.high.is_v4() ? IpAddress::v4(r.high.v4_bits() + 1)
                                      : IpAddress::v6(r.high.high() + (r.high.low() == ~std::uint64_t{0} ? 1U : 0U),
                                                      r.high.low() + 1);
        }
        if (left) gaps.push_back(rest);
    }
    return gaps;
}

// ---- ports ----

PortSpans outside(PortSpans spans) {
    std::sort(spans.begin(), spans.end(), [](const PortSpan& a, const PortSpan& b) { return a.low < b.low; });
    PortSpans gaps;
    std::uint32_t next = 0;
    for (const PortSpan& s : spans) {
        if (s.low > next) gaps.push_back({static_cast<std::uint16_t>(next), static_cast<std::uint16_t>(s.low - 1U)});
        next = std::max(next, std::uint32_t{s.high} + 1U);
    }
    if (next <= 65535U) gaps.push_back({static_cast<std::uint16_t>(next), 65535});
    return gaps;
}

}  // namespace sim::firewall::exact
