#include "sim/wire/endpoint.hpp"

#include "sim/base/diagnostic.hpp"
#include "sim/wire/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sim::wire {

namespace {

constexpr std::size_t quoted_limit = 60;

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

base::Result<Port, std::string> parse_port(std::string_view text) {
    if (const auto value = parse_decimal(text, 65535)) return Port{static_cast<std::uint16_t>(*value)};
    if (text.empty()) return base::failure(std::string("a port is missing"));
    const std::string shown = base::printable(text, quoted_limit);
    if (!all_digits(text)) return base::failure(fmt::format("\"{}\" is no port number", shown));
    if (text[0] == '0') return base::failure(fmt::format("port {} has a leading zero", shown));
    return base::failure(fmt::format("port {} is above 65535", shown));
}

base::Result<PortRange, std::string> parse_port_range(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = parse_port(text.substr(0, dash));
    if (!first) return base::failure(first.error());
    if (dash == std::string_view::npos) return PortRange::only(*first);
    const auto last = parse_port(text.substr(dash + 1));
    if (!last) return base::failure(last.error());
    if (*last < *first) return base::failure(fmt::format("port range {}-{} runs backwards", first->value, last->value));
    return PortRange{*first, *last};
}

std::string format(Port port) { return fmt::format("{}", port.value); }

std::string format(const PortRange& range) {
    if (range.first == range.last) return format(range.first);
    return fmt::format("{}-{}", range.first.value, range.last.value);
}

std::string format(std::vector<PortRange> ranges) {
    std::string text;
    for (const PortRange& range : normalized(std::move(ranges))) {
        if (!text.empty()) text += ", ";
        text += format(range);
    }
    return text.empty() ? "none" : text;
}

std::uint32_t port_count(const std::vector<PortRange>& ranges) {
    std::uint32_t sum = 0;
    for (const PortRange& range : ranges) sum += range.last.value - range.first.value + 1U;
    return sum;
}

std::vector<PortRange> normalized(std::vector<PortRange> ranges) {
    std::sort(ranges.begin(), ranges.end());
    std::vector<PortRange> joined;
    for (const PortRange& range : ranges) {
        if (!joined.empty() && range.first.value <= std::uint32_t{joined.back().last.value} + 1U)
            joined.back().last = std::max(joined.back().last, range.last);
        else
            joined.push_back(range);
    }
    return joined;
}

std::vector<PortRange> without(const std::vector<PortRange>& a, const std::vector<PortRange>& b) {
    std::vector<PortRange> left;
    const std::vector<PortRange> holes = normalized(b);
    for (const PortRange& range : normalized(a)) {
        std::uint32_t at = range.first.value;
        for (const PortRange& hole : holes) {
            if (hole.last.value < at || hole.first.value > range.last.value) continue;
            if (hole.first.value > at)
                left.push_back(
                    {Port{static_cast<std::uint16_t>(at)}, Port{static_cast<std::uint16_t>(hole.first.value - 1)}});
            at = hole.last.value + 1U;
        }
        if (at <= range.last.value) left.push_back({Port{static_cast<std::uint16_t>(at)}, range.last});
    }
    return left;
}

std::string format(const Endpoint& endpoint) {
    const std::string address = endpoint.address.format();
    return endpoint.address.is_v4() ? fmt::format("{}:{}", address, endpoint.port.value)
                                    : fmt::format("[{}]:{}", address, endpoint.port.value);
}

std::string format(Protocol protocol) {
    switch (protocol) {
        case Protocol::icmp: return "ICMP";
        case Protocol::tcp: return "TCP";
        case Protocol::udp: return "UDP";
        case Protocol::icmpv6: return "ICMPv6";
    }
    return fmt::format("protocol {}", static_cast<unsigned>(protocol));
}

}  // namespace sim::wire
