// Matches in words: what they ask, and why they hold or do not.
#include "sim/firewall/explain.hpp"
#include "sim/firewall/facts.hpp"

#include <fmt/format.h>

namespace sim::firewall {
namespace {

std::string_view word(End end) {
    return end == End::source ? "source" : end == End::target ? "target" : "source or target";
}

std::string list(const InAny& m) {
    std::string text;
    const auto add = [&text](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
    for (const wire::Prefix& p : m.prefixes) add(p.format());
    for (const AddressRange& r : m.ranges) add(r.low.format() + "-" + r.high.format());
    return text;
}

std::string protocols(const ProtocolIn& m) {
    if (m.numbers.all()) return "any protocol";
    if (m.numbers.none()) return "no protocol at all";
    std::string text;
    for (unsigned n = 0; n < 256; ++n)
        if (m.numbers[n]) text += (text.empty() ? "" : " or ") + wire::format(static_cast<wire::Protocol>(n));
    return text;
}

std::string flags(std::uint8_t bits) { return wire::format(wire::TcpFlags{bits}); }

std::string icmp_type(const IcmpIs& m) {
    if (m.any) return "any ICMP type";
    if (m.code_low == 0 && m.code_high == 255) return fmt::format("ICMP type {}", m.type);
    if (m.code_low == m.code_high) return fmt::format("ICMP type {} code {}", m.type, m.code_low);
    return fmt::format("ICMP type {} code {}-{}", m.type, m.code_low, m.code_high);
}

std::string connection(const ConnectionIs& m) {
    std::string text;
    if (m.states) text = fmt::format("connection state {}{}", m.not_states ? "not " : "", format(*m.states));
    if (!m.direction) return text.empty() ? "a known connection" : text;
    if (!text.empty()) text += " and ";
    return text + (*m.direction == FlowSide::original ? "sent by the connection's opener" : "sent by the other side");
}

// What the match asks for, and what the packet has in that place.
struct Terms {
    std::string wanted;
    std::string found;
};

struct Describer {
    const Facts* facts;  // null: only what is asked

    std::string address(End end) const {
        if (facts == nullptr) return {};
        if (end == End::source) return facts->source.format();
        if (end == End::target) return facts->target.format();
        return facts->source.format() + " and " + facts->target.format();
    }
    std::string port(End end) const {
        if (facts == nullptr) return {};
        if (!facts->ports_known) return "not there";
        if (end == End::source) return std::to_string(facts->source_port);
        if (end == End::target) return std::to_string(facts->target_port);
        return fmt::format("{} and {}", facts->source_port, facts->target_port);
    }
    std::string protocol() const {
        return facts == nullptr ? "" : wire::format(static_cast<wire::Protocol>(facts->protocol));
    }
    std::string tcp_flags() const {
        if (facts == nullptr) return {};
        return facts->header_whole && facts->protocol == 6 ? flags(facts->flags) : "not there";
    }

    Terms operator()(const InPrefix& m) const {
        return {fmt::format("{} address in {}", word(m.end), m.prefix.format()), address(m.end)};
    }
    Terms operator()(const InRange& m) const {
        return {fmt::format("{} address in {}-{}", word(m.end), m.range.low.format(), m.range.high.format()),
                address(m.end)};
    }
    Terms operator()(const InAny& m) const {
        return {fmt::format("{} address in {}", word(m.end), list(m)), address(m.end)};
    }
    Terms operator()(const InterfaceIs& m) const {
        const std::string wanted = fmt::format("{} interface {}{}", m.outgoing ? "outgoing" : "incoming",
                                               base::printable(m.name), m.prefix ? "+" : "");
        if (facts == nullptr) return {wanted, {}};
        const std::string_view name = m.outgoing ? facts->subject->out_interface : facts->subject->in_interface;
        return {wanted, name.empty() ? "not known here" : base::printable(name)};
    }
    Terms operator()(const InterfaceIn& m) const {
        std::string names;
        for (const InterfaceIn::Name& n : m.names)
            names += (names.empty() ? "" : ", ") + base::printable(n.name) + (n.prefix ? "*" : "");
        const std::string wanted = fmt::format("{} interface {}", m.outgoing ? "outgoing" : "incoming", names);
        if (facts == nullptr) return {wanted, {}};
        const std::string_view name = m.outgoing ? facts->subject->out_interface : facts->subject->in_interface;
        return {wanted, name.empty() ? "not known here" : base::printable(name)};
    }
    Terms operator()(const FromSide& m) const {
        const auto to = [](Side from) { return from == Side::client ? "to the server" : "to the client"; };
        if (facts == nullptr || !facts->subject->from) return {to(m.side), "neither"};
        return {to(m.side), to(*facts->subject->from)};
    }
    Terms operator()(const FamilyIs& m) const {
        const auto name = [](wire::Family f) { return f == wire::Family::ipv4 ? "IPv4" : "IPv6"; };
        return {name(m.family), facts == nullptr ? "" : name(facts->source.family())};
    }
    Terms operator()(const ProtocolIn& m) const { return {protocols(m), protocol()}; }
    Terms operator()(const FirstHeaderIn& m) const {
        const std::string wanted = "first IPv6 header " + protocols({m.numbers});
        if (facts == nullptr || facts->source.is_v4()) return {wanted, "none"};
        const auto first = static_cast<wire::Protocol>(facts->subject->packet->octets[6]);
        return {wanted, wire::format(first)};
    }
    Terms operator()(const HasHeader& m) const {
        return {fmt::format("a whole {} header", wire::format(m.protocol)),
                facts == nullptr        ? ""
                : facts->later_fragment ? "a later fragment, without header"
                : facts->header_whole   ? protocol()
                                        : "a header that is cut"};
    }
    Terms operator()(const PortIn& m) const {
        return {fmt::format("{} port {}", word(m.end), wire::format(m.ranges)), port(m.end)};
    }
    Terms operator()(const FlagsAre& m) const {
        return {fmt::format("TCP flags {} out of {}", flags(m.value), flags(m.mask)), tcp_flags()};
    }
    Terms operator()(const AnyPortIn& m) const {
        return {fmt::format("{} port {}, whatever the protocol", word(m.end), wire::format(m.ranges)),
                facts != nullptr && !facts->ports_known ? "no ports; the octets in their place count" : port(m.end)};
    }
    Terms operator()(const FlagsOneOf& m) const {
        std::string text;
        for (const std::uint8_t value : m.values) text += (text.empty() ? "" : " or ") + flags(value);
        return {fmt::format("TCP flags {} out of {}", text, flags(m.mask)), tcp_flags()};
    }
    Terms operator()(const AckOrRst&) const { return {"TCP with ACK or RST", tcp_flags()}; }
    Terms operator()(const IcmpIs& m) const {
        const wire::IcmpHeader* icmp = facts == nullptr ? nullptr : facts->subject->packet->icmp();
        return {icmp_type(m), icmp == nullptr ? "no ICMP" : fmt::format("type {} code {}", icmp->type, icmp->code)};
    }
    Terms operator()(const IcmpFieldIn& m) const {
        std::string text;
        for (unsigned n = 0; n < 256; ++n)
            if (m.values[n]) text += (text.empty() ? "" : " or ") + std::to_string(n);
        const wire::IcmpHeader* icmp = facts == nullptr ? nullptr : facts->subject->packet->icmp();
        return {fmt::format("{} {} {}", m.version6 ? "ICMPv6" : "ICMP", m.code ? "code" : "type", text),
                icmp == nullptr ? "no ICMP" : fmt::format("type {} code {}", icmp->type, icmp->code)};
    }
    Terms operator()(const ConnectionIs& m) const {
        if (facts == nullptr) return {connection(m), {}};
        const Subject& s = *facts->subject;
        std::string found{id(s.label)};
        if (s.direction)
            found += *s.direction == FlowSide::original ? ", sent by its opener" : ", sent by the other side";
        return {connection(m), found};
    }
    Terms operator()(const LaterFragment&) const {
        return {"a later fragment", facts == nullptr ? "" : facts->later_fragment ? "a later fragment" : "none"};
    }
    Terms operator()(const FragmentFieldIn& m) const {
        std::string text;
        for (const FragmentFieldIn::Range& r : m.ranges)
            text += (text.empty() ? "" : " or ") +
                    (r.low == r.high ? fmt::format("{:#x}", r.low) : fmt::format("{:#x}-{:#x}", r.low, r.high));
        const std::string wanted = fmt::format("fragment field {} out of {:#x}", text, m.mask);
        if (facts == nullptr || !facts->source.is_v4()) return {wanted, "none"};
        const base::ByteView o = facts->subject->packet->octets;
        return {wanted, fmt::format("{:#x}", o[6] << 8U | o[7])};
    }
};

}  // namespace

std::string format(StateSet states) {
    static constexpr std::string_view names[] = {"NEW",       "ESTABLISHED", "RELATED", "INVALID",
                                                 "UNTRACKED", "SNAT",        "DNAT"};
    // The order in which iptables-save writes them.
    static constexpr unsigned order[] = {3, 0, 2, 1, 4, 5, 6};
    std::string text;
    for (const unsigned bit : order)
        if ((states.bits >> bit & 1U) != 0) text += (text.empty() ? "" : ",") + std::string(names[bit]);
    return text;
}

std::string describe(const Match& match) {
    const Terms terms = std::visit(Describer{nullptr}, match.what);
    return match.inverted ? "not " + terms.wanted : terms.wanted;
}

std::string describe(const Match& match, const Subject& subject, bool holds) {
    const Facts facts = facts_of(subject);
    const Terms terms = std::visit(Describer{&facts}, match.what);
    return fmt::format("{} {}{}: the packet has {}", holds ? "fits:" : "does not fit:", match.inverted ? "not " : "",
                       terms.wanted, terms.found);
}

}  // namespace sim::firewall
