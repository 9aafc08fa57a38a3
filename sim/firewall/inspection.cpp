#include "sim/firewall/inspection.hpp"

#include "sim/rpc/interfaces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sim::firewall {
namespace {

struct NotOpenedText {
    std::string_view id;
    std::string_view sentence;
};

// In the order of the enum.
constexpr std::array<NotOpenedText, not_opened_count> texts{{
    {"sealed", "the answer is sealed (packet privacy), so inspection cannot read it"},
    {"signed", "the answer is signed, and inspection does not follow signed talk (likely)"},
    {"not-listed", "its interface is not on the list of those that may be opened"},
    {"no-endpoint", "the mapper knows no TCP endpoint of it"},
    {"lookup", "it answers ept_lookup, and only answers to ept_map are followed"},
    {"unreadable", "the answer cannot be read"},
    {"out-of-order", "too much of the answer is missing or came too early"},
    {"too-long", "the answer is longer than inspection keeps"},
    {"not-mapper", "the talk on port 135 is with another interface than the endpoint mapper's"},
    {"late-beginning", "inspection did not see this connection begin, or has forgotten it"},
}};

bool is_nil(const rpc::Uuid& uuid) { return uuid == rpc::Uuid{}; }

}  // namespace

bool InspectionSettings::lists(const rpc::Uuid& interface) const {
    return interfaces.empty() || std::find(interfaces.begin(), interfaces.end(), interface) != interfaces.end();
}

std::string_view id(NotOpened why) { return texts[static_cast<std::size_t>(why)].id; }
std::string_view sentence(NotOpened why) { return texts[static_cast<std::size_t>(why)].sentence; }

std::string describe(const Pinhole& hole) {
    return fmt::format("pinhole {} ({} to {}, {})", hole.number, hole.client.format(), wire::format(hole.server),
                       rpc::name_of(hole.interface));
}

std::string describe(const Inspected& what, base::SimTime now) {
    const Pinhole& hole = what.hole;
    if (what.kind == Inspected::Kind::not_opened) {
        std::string about;
        if (!is_nil(hole.interface)) about = " for " + rpc::name_of(hole.interface);
        if (hole.server.port.value != 0) about += " on " + wire::format(hole.server);
        return fmt::format("no pinhole{}: {} [{}]", about, sentence(what.why), id(what.why));
    }
    std::string text = fmt::format("pinhole {} {} for {} ({}), expires in {}{}", hole.number,
                                   what.kind == Inspected::Kind::opened ? "opened" : "renewed",
                                   wire::format(hole.server), rpc::name_of(hole.interface),
                                   base::format_human(hole.expires - now), hole.single_use ? ", one connection" : "");
    if (what.host_differs) text += "; another address than the one that was asked";
    return text;
}

std::string describe(const MissedPinhole& missed, base::SimTime now) {
    const std::string ago = base::format_human(now - missed.since);
    if (missed.why == MissedPinhole::Why::expired)
        return fmt::format("pinhole {} for this port expired {} ago", missed.number, ago);
    return fmt::format("pinhole {} for this port was used up by another connection {} ago", missed.number, ago);
}

}  // namespace sim::firewall
