#include "sim/firewall/compiled/box.hpp"

#include <algorithm>

namespace sim::firewall::compiled {
namespace {

using wire::Family;
using wire::IpAddress;

constexpr std::size_t names_max = 64;  // a bit each in a signature
constexpr std::size_t samples_max = 256;

std::optional<IpAddress> after(const IpAddress& a) {
    if (a.is_v4()) {
        if (a.v4_bits() == 0xffffffffU) return std::nullopt;
        return IpAddress::v4(a.v4_bits() + 1);
    }
    const std::uint64_t low = a.low() + 1;
    const std::uint64_t high = a.high() + (low == 0 ? 1U : 0U);
    if (low == 0 && high == 0) return std::nullopt;
    return IpAddress::v6(high, low);
}

}  // namespace

std::vector<Span> outside(std::vector<Span> spans, std::uint32_t last) {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.low < b.low; });
    std::vector<Span> gaps;
    std::uint64_t next = 0;
    for (const Span& s : spans) {
        if (empty(s)) continue;
        if (s.low > next) gaps.push_back({static_cast<std::uint32_t>(next), s.low - 1});
        next = std::max(next, std::uint64_t{s.high} + 1);
    }
    if (next <= last) gaps.push_back({static_cast<std::uint32_t>(next), last});
    return gaps;
}

std::optional<Box> common(const Box& a, const Box& b) {
    Box c;
    c.source = common(a.source, b.source);
    c.target = common(a.target, b.target);
    c.first = common(a.first, b.first);
    c.second = common(a.second, b.second);
    if (empty(c.source) || empty(c.target) || empty(c.first) || empty(c.second)) return std::nullopt;
    for (std::size_t d = 0; d < dimensions; ++d) {
        c.sets[d] = a.sets[d] & b.sets[d];
        if (c.sets[d].none()) return std::nullopt;
    }
    return c;
}

std::optional<std::uint8_t> tracked_number(const Subject& subject) {
    constexpr unsigned snat = StateSet::snat, dnat = StateSet::dnat;
    const unsigned marks = subject.marks;
    if ((marks & ~(snat | dnat)) != 0) return std::nullopt;
    const unsigned mark = ((marks & snat) != 0 ? 1U : 0U) + ((marks & dnat) != 0 ? 2U : 0U);
    const unsigned direction = !subject.direction ? 0U : *subject.direction == FlowSide::original ? 1U : 2U;
    return static_cast<std::uint8_t>((mark * 3 + direction) * 6 + static_cast<unsigned>(subject.label));
}

std::uint8_t side_number(const std::optional<Side>& side) {
    return static_cast<std::uint8_t>(!side ? 0U : *side == Side::client ? 1U : 2U);
}

void AddressScale::add(const AddressRange& range) {
    if (family_ == Family::ipv4) return;
    starts_.push_back(range.low);
    if (const auto next = after(range.high)) starts_.push_back(*next);
}

void AddressScale::finish() {
    if (family_ == Family::ipv4) return;
    starts_.push_back(IpAddress::v6(0, 0));
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
}

std::uint32_t AddressScale::number(const IpAddress& address) const {
    if (family_ == Family::ipv4) return address.v4_bits();
    return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), address) - starts_.begin()) - 1U;
}

Span AddressScale::span(const AddressRange& range) const { return {number(range.low), number(range.high)}; }

std::uint32_t AddressScale::last() const {
    return family_ == Family::ipv4 ? 0xffffffffU : static_cast<std::uint32_t>(starts_.size() - 1);
}

void InterfaceNames::add(const InterfaceIs& match) {
    const Asked asked{match.name, match.prefix};
    if (std::find(asked_.begin(), asked_.end(), asked) != asked_.end()) return;
    if (asked_.size() == names_max)
        too_many_ = true;
    else
        asked_.push_back(asked);
}

// A name is told apart by the longest named prefix that it has, and by being a name itself. The odd character makes a
// sample that is no name.
void InterfaceNames::finish() {
    std::vector<std::string> samples{"", "\x01"};
    for (const Asked& a : asked_) {
        samples.push_back(a.name);
        samples.push_back(a.name + "\x01");
    }
    for (const std::string& sample : samples) signatures_.push_back(signature(sample));
    std::sort(signatures_.begin(), signatures_.end());
    signatures_.erase(std::unique(signatures_.begin(), signatures_.end()), signatures_.end());
    too_many_ = too_many_ || signatures_.size() > samples_max;
}

std::uint64_t InterfaceNames::signature(std::string_view name) const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        const Asked& a = asked_[i];
        const bool holds = a.prefix ? name.substr(0, a.name.size()) == a.name : name == a.name;
        bits |= std::uint64_t{holds} << i;
    }
    return bits;
}

std::optional<std::uint8_t> InterfaceNames::number(std::string_view name) const {
    const std::uint64_t bits = signature(name);
    const auto found = std::lower_bound(signatures_.begin(), signatures_.end(), bits);
    if (found == signatures_.end() || *found != bits) return std::nullopt;
    return static_cast<std::uint8_t>(found - signatures_.begin());
}

Set InterfaceNames::holding(const InterfaceIs& match) const {
    const Asked asked{match.name, match.prefix};
    const auto at = std::find(asked_.begin(), asked_.end(), asked) - asked_.begin();
    Set set;
    for (std::size_t i = 0; i < signatures_.size(); ++i)
        if ((signatures_[i] >> at & 1U) != 0) set.set(i);
    return set;
}

}  // namespace sim::firewall::compiled
