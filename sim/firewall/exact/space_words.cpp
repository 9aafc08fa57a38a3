// One packet of a cell, chosen so that it looks like a packet of this trade where it may.
#include "sim/firewall/exact/space.hpp"
#include "sim/wire/headers.hpp"

#include <fmt/format.h>

namespace sim::firewall::exact {
namespace {

using wire::Protocol;

wire::IpAddress usual(const AddressRange& range, const wire::IpAddress& wish) {
    return range.contains(wish) ? wish : range.low;
}

std::uint16_t usual(const PortSpan& span, std::uint16_t wish) {
    return span.low <= wish && wish <= span.high ? wish : span.low;
}

std::uint8_t usual_protocol(const Cell& cell) {
    for (const std::uint8_t wish : {std::uint8_t{6}, std::uint8_t{17}, std::uint8_t{1}})
        if (cell.protocols[wish]) return wish;
    for (unsigned n = 0; n < 256; ++n)
        if (cell.protocols[n]) return static_cast<std::uint8_t>(n);
    return 0;
}

std::string flags(const Cell& cell) {
    using F = wire::TcpFlags;
    for (const unsigned wish : {unsigned{F::syn}, unsigned{F::syn} | F::ack, unsigned{F::ack}})
        if (cell.flags[wish]) return wire::format(F{static_cast<std::uint8_t>(wish)});
    for (unsigned value = 0; value < 256; ++value)
        if (cell.flags[value]) return wire::format(F{static_cast<std::uint8_t>(value)});
    return "none";
}

// Only what a first packet is not: that most packets of rules are NEW goes without saying.
std::string state(const Cell& cell) {
    for (const Label wish :
         {Label::none, Label::new_flow, Label::established, Label::related, Label::invalid, Label::untracked})
        for (std::size_t i = 0; i < tracked_count; ++i)
            if (cell.tracked[i] && tracked_as(i).label == wish)
                return wish == Label::none || wish == Label::new_flow ? "" : ", " + std::string(id(wish));
    return {};
}

}  // namespace

std::string sample_in_words(const Cell& cell) {
    const std::uint8_t protocol = usual_protocol(cell);
    const bool to_client = (cell.sides & Cell::from_client) == 0 && (cell.sides & Cell::from_server) != 0;
    const wire::IpAddress pc = wire::IpAddress::v4(192, 0, 2, 50), exchange = wire::IpAddress::v4(10, 0, 0, 10);
    const std::string from = usual(cell.source, to_client ? exchange : pc).format();
    const std::string to = usual(cell.target, to_client ? pc : exchange).format();
    const std::string name = wire::format(static_cast<Protocol>(protocol));
    const bool ports =
        protocol == static_cast<std::uint8_t>(Protocol::tcp) || protocol == static_cast<std::uint8_t>(Protocol::udp);
    if ((cell.shapes & Cell::whole) == 0) return fmt::format("a later {} fragment from {} to {}", name, from, to);
    if (!ports) return fmt::format("{} from {} to {}{}", name, from, to, state(cell));
    const std::string tcp_flags =
        protocol == static_cast<std::uint8_t>(Protocol::tcp) ? ", " + flags(cell) : std::string();
    return fmt::format("{} from {} port {} to {} port {}{}{}", name, from, usual(cell.first, 1030), to,
                       usual(cell.second, 135), tcp_flags, state(cell));
}

}  // namespace sim::firewall::exact
