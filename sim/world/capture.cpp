#include "sim/world/capture.hpp"

#include "sim/firewall/rule_set.hpp"
#include "sim/wire/pcapng.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace sim::world {

namespace {

std::string_view name_of(const std::vector<std::string>& names, std::uint32_t index) {
    return index < names.size() ? std::string_view(names[index]) : std::string_view("firewall");
}

std::string maker_name(const Trace& trace, const Maker& maker) {
    if (maker.kind == Maker::Kind::firewall) return std::string(name_of(trace.firewalls, maker.index));
    return maker.index < trace.hosts.size() ? trace.hosts[maker.index].name : "host";
}

// "rule 3 (branch.rules:8): allow tcp 5000"
std::string rule_text(const Trace& trace, const Hop& hop) {
    const auto& rules = hop.rules < trace.rule_sets.size() ? trace.rule_sets[hop.rules] : nullptr;
    if (!hop.verdict.rule) return {};
    if (!rules || hop.verdict.rule->index >= rules->rules().size())
        return "rule " + std::to_string(hop.verdict.rule->index + 1);
    std::string text = rules->label(*hop.verdict.rule);
    if (const std::string place = rules->place(*hop.verdict.rule); !place.empty()) text += " (" + place + ")";
    if (const std::string& written = rules->origin(*hop.verdict.rule).text; !written.empty()) text += ": " + written;
    return text;
}

// ", opened by packet 7"
std::string opener_of(const Trace& trace, const Hop& hop) {
    for (const Journey& journey : trace.journeys)
        for (const Hop& other : journey.hops)
            for (const firewall::Inspected& one : other.inspected)
                if (other.firewall == hop.firewall && one.kind == firewall::Inspected::Kind::opened &&
                    one.hole.number == hop.verdict.pinhole)
                    return ", opened by packet " + std::to_string(journey.number);
    return {};
}

// The octets of a packet as they came to one of its hops.
base::ByteView before(const Journey& journey, const Hop& hop) {
    base::ByteView octets = journey.octets;
    for (const Hop& h : journey.hops) {
        if (&h == &hop) break;
        if (h.translated) octets = *h.translated;
    }
    return octets;
}

std::string hop_text(const Trace& trace, const Journey& journey, const Hop& hop) {
    const firewall::Verdict& verdict = hop.verdict;
    std::string text(name_of(trace.firewalls, hop.firewall));
    text.append(": ").append(firewall::id(verdict.action));
    if (verdict.with) text.append(" with ").append(firewall::id(*verdict.with));
    text.append(" [").append(firewall::id(verdict.reason)).append("] ").append(firewall::sentence(verdict.reason));
    if (const std::string rule = rule_text(trace, hop); !rule.empty()) text.append("\n  ").append(rule);
    if (hop.label != firewall::Label::none) text.append("\n  state ").append(firewall::id(hop.label));
    if (hop.verdict.pinhole) text += "\n  pinhole " + std::to_string(*hop.verdict.pinhole) + opener_of(trace, hop);
    if (hop.missed) text += "\n  " + firewall::describe(*hop.missed, hop.time);
    for (const firewall::Inspected& one : hop.inspected)
        text += "\n  RPC inspection: " + firewall::describe(one, hop.time);
    if (const std::string change = translation_text(trace, journey, hop); !change.empty()) text.append("\n  ").append(change);
    return text;
}

std::string fate_text(const Trace& trace, const Journey& journey) {
    switch (journey.fate) {
        case Fate::under_way: return "still under way at the end";
        case Fate::delivered: return "delivered at " + base::format_seconds(journey.ended);
        case Fate::dropped: return "DROPPED at " + std::string(name_of(trace.firewalls, journey.at));
        case Fate::lost: return "LOST on link " + std::to_string(journey.at);
        case Fate::too_big: return "TOO BIG for link " + std::to_string(journey.at);
        case Fate::no_such_host: return "NO SUCH HOST behind the path";
        case Fate::replaced: return "taken up by " + std::string(name_of(trace.firewalls, journey.at));
    }
    return {};
}

// When the packet came by the servers' side of the last firewall; none when it never did.
std::optional<base::SimTime> seen_inside(const Trace& trace, const Journey& journey) {
    if (trace.firewalls.empty()) return journey.sent;
    const auto last = static_cast<std::uint32_t>(trace.firewalls.size() - 1);
    const bool made_at_last_box = journey.from.kind == Maker::Kind::firewall && journey.from.index == last;
    if (!journey.towards_servers || (journey.from.kind == Maker::Kind::host && journey.from.index != 0)) {
        // Leaves a server, or crossed to its neighbour: seen when sent. What a firewall sends to the client is not.
        return journey.from.kind == Maker::Kind::host ? std::optional(journey.sent) : std::nullopt;
    }
    if (made_at_last_box) return journey.sent;
    for (const Hop& hop : journey.hops)
        if (hop.firewall == last && hop.verdict.action == firewall::Action::accept && journey.fate != Fate::replaced)
            return hop.time;
    return std::nullopt;
}

// As it looks on the servers' side of the last firewall.
base::ByteView octets_inside(const Journey& journey) {
    base::ByteView octets = journey.octets;
    if (!journey.towards_servers) return octets;
    for (const Hop& hop : journey.hops)
        if (hop.translated && hop.verdict.action == firewall::Action::accept) octets = *hop.translated;
    return octets;
}

// And beside the client, where both directions of a connection have the same two addresses.
base::ByteView octets_outside(const Journey& journey) {
    base::ByteView octets = journey.octets;
    if (journey.towards_servers) return octets;
    for (const Hop& hop : journey.hops)
        if (hop.translated && hop.verdict.action == firewall::Action::accept) octets = *hop.translated;
    return octets;
}

struct Seen {
    base::SimTime time;
    const Journey* journey = nullptr;
};

}  // namespace

std::string translation_text(const Trace& trace, const Journey& journey, const Hop& hop) {
    if (!hop.translated) return {};
    const auto was = wire::parse(before(journey, hop)), is = wire::parse(*hop.translated);
    if (!was || !is) return {};
    const auto shown = [](const wire::Endpoint& e) {
        return e.port == wire::Port{0} ? e.address.format() : wire::format(e);
    };
    std::string text;
    if (was->source() != is->source()) text = "source " + shown(was->source()) + " becomes " + shown(is->source());
    if (was->target() != is->target())
        text += (text.empty() ? "target " : ", target ") + shown(was->target()) + " becomes " + shown(is->target());
    const auto& rules = hop.rules < trace.rule_sets.size() ? trace.rule_sets[hop.rules] : nullptr;
    if (!rules || !rules->nat()) return text;
    for (const firewall::RuleId rule : hop.translated_by) {
        text += ", by " + rules->nat()->label(rule);
        if (const std::string place = rules->nat()->place(rule); !place.empty()) text += " (" + place + ")";
    }
    return text;
}

std::string comment(const Trace& trace, const Journey& journey) {
    std::string text = "packet " + std::to_string(journey.number) + " from " + maker_name(trace, journey.from);
    if (journey.cause != 0) text += ", because of packet " + std::to_string(journey.cause);
    text += ": " + fate_text(trace, journey);
    for (const Hop& hop : journey.hops) text += "\n" + hop_text(trace, journey, hop);
    return text;
}

base::Bytes capture(const Trace& trace, std::string_view about, CaptureView view) {
    base::Bytes out;
    wire::PcapngWriter writer(out, about);
    const bool outside = view == CaptureView::outside;
    const std::uint32_t interface =
        outside ? writer.add_interface("outside", "every packet at the moment it was sent, dropped ones included")
                : writer.add_interface("inside", "what a listener beside the servers sees");
    std::vector<Seen> seen;
    for (const Journey& journey : trace.journeys) {
        const auto time = outside ? std::optional(journey.sent) : seen_inside(trace, journey);
        if (time) seen.push_back({*time, &journey});
    }
    std::stable_sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.time < b.time; });
    for (const Seen& s : seen)
        writer.packet(interface, s.time, outside ? octets_outside(*s.journey) : octets_inside(*s.journey),
                      comment(trace, *s.journey));
    return out;
}

}  // namespace sim::world
