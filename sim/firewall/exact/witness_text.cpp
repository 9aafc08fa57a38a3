// Witnesses as lines of text, both ways.
#include "sim/firewall/exact/witness.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace sim::firewall::exact {
namespace {

using wire::Protocol;

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmpv6 = 58;
constexpr std::array labels{Label::new_flow, Label::established, Label::related, Label::invalid, Label::untracked};

struct Flag {
    std::string_view name;
    std::uint8_t bit;
};
constexpr std::array<Flag, 8> flags{{{"FIN", 0x01},
                                     {"SYN", 0x02},
                                     {"RST", 0x04},
                                     {"PSH", 0x08},
                                     {"ACK", 0x10},
                                     {"URG", 0x20},
                                     {"ECE", 0x40},
                                     {"CWR", 0x80}}};

// Interfaces that no rule names have an odd character in their sample.
bool is_named(const std::string& name) { return !name.empty() && name.find('\x01') == std::string::npos; }

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

// One line of it, word by word.
class Reader {
public:
    explicit Reader(std::string_view text) : words_(words_of(text)) {}

    base::Result<Witness, std::string> read() {
        if (!protocol() || !ends()) return base::failure(fault_);
        while (at_ < words_.size())
            if (!detail()) return base::failure(fault_);
        if (w_.source.address.family() != w_.target.address.family())
            return base::failure(std::string("the two addresses are of two versions of IP"));
        return w_;
    }

private:
    bool fail(std::string what) {
        fault_ = std::move(what);
        return false;
    }
    std::string_view next() { return at_ < words_.size() ? words_[at_++] : std::string_view(); }
    bool number(std::uint8_t& out, std::string_view what) {
        const auto value = wire::parse_port(next());
        if (!value || value->value > 255) return fail(fmt::format("{} is a number from 0 to 255", what));
        out = static_cast<std::uint8_t>(value->value);
        return true;
    }

    bool protocol() {
        const std::string_view name = next();
        w_.flags = 0;
        w_.type = w_.code = 0;
        if (name == "TCP")
            w_.protocol = tcp;
        else if (name == "UDP")
            w_.protocol = udp;
        else if (name == "ICMP")
            w_.protocol = icmp;
        else if (name == "ICMPv6")
            w_.protocol = icmpv6;
        else if (name != "protocol")
            return fail("a packet begins with TCP, UDP, ICMP, ICMPv6 or a protocol and its number");
        else if (!number(w_.protocol, "a protocol"))
            return false;
        if (at_ < words_.size() && words_[at_] == "fragment") {
            w_.later_fragment = true;
            ++at_;
        }
        return at_ >= words_.size() || words_[at_] != "cut" || cut();
    }
    // "cut to 4 octets"
    bool cut() {
        ++at_;
        std::uint8_t octets = 0;
        if (w_.later_fragment || next() != "to" || !number(octets, "what is left of a header") || next() != "octets")
            return fail("a packet that is cut: TCP cut to 4 octets 192.0.2.50:1030 > 10.0.0.10:135");
        if (octets >= header_length(w_.protocol))
            return fail(
                fmt::format("only TCP, UDP and ICMP can be cut, to less than their header; here it has {} octets",
                            header_length(w_.protocol)));
        w_.cut = octets;
        return true;
    }
    bool end(wire::Endpoint& out, bool port_there) {
        std::string_view text = next();
        if (port_there) {
            const std::size_t colon = text.rfind(':');
            const auto port = colon == std::string_view::npos ? base::Result<wire::Port, std::string>(base::failure(
                                                                    std::string("an end is an address and a port")))
                                                              : wire::parse_port(text.substr(colon + 1));
            if (!port) return fail("an end is an address and a port: 10.0.0.10:135, [2001:db8::1]:135");
            out.port = *port;
            text = text.substr(0, colon);
            if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
        }
        const auto address = wire::IpAddress::parse(text);
        if (!address) return fail(fmt::format("'{}' is no address", base::printable(text, 60)));
        out.address = *address;
        return true;
    }
    bool ends() {
        if (!end(w_.source, w_.has_source_port())) return false;
        if (next() != ">") return fail("between the two ends stands >");
        return end(w_.target, w_.has_target_port());
    }
    bool detail() {
        const std::string_view word = next();
        if (word == "type" && w_.has_type()) return number(w_.type, "a type");
        if (word == "code" && w_.has_code()) return number(w_.code, "a code");
        if (word == "in" || word == "out") { return interface_name(word == "in" ? w_.in_interface : w_.out_interface); }
        if (word == "from-client" || word == "from-server") {
            w_.from = word == "from-client" ? Side::client : Side::server;
            return true;
        }
        if (word == "reply" || word == "original") {
            w_.tracked.direction = word == "reply" ? FlowSide::reply : FlowSide::original;
            return true;
        }
        if (word == "none" || word == "SNAT" || word == "DNAT") {
            if (word != "none") w_.tracked.marks |= word == "SNAT" ? StateSet::snat : StateSet::dnat;
            return true;
        }
        for (const Label label : labels)
            if (word == id(label)) {
                w_.tracked.label = label;
                return true;
            }
        return flag_list(word);
    }
    // A name is read as it is written: what cannot be shown as it is does not come back.
    bool interface_name(std::string& out) {
        const std::string_view name = next();
        if (name.empty() || base::printable(name, 40) != name)
            return fail(fmt::format("'{}' is no interface", base::printable(name, 40)));
        out = std::string(name);
        return true;
    }
    // "SYN,ACK"
    bool flag_list(std::string_view word) {
        std::string_view rest = word;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view name = rest.substr(0, comma);
            const auto* known = std::find_if(flags.begin(), flags.end(), [&](const Flag& f) { return f.name == name; });
            if (known == flags.end() || !w_.has_flags())
                return fail(fmt::format("'{}' means nothing here", base::printable(word, 60)));
            w_.flags |= known->bit;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
        return true;
    }

    std::vector<std::string_view> words_;
    std::size_t at_ = 0;
    Witness w_;
    std::string fault_;
};

std::string flag_words(std::uint8_t bits) {
    std::string text;
    for (const Flag& flag : flags)
        if ((bits & flag.bit) != 0) text += (text.empty() ? "" : ",") + std::string(flag.name);
    return text.empty() ? "none" : text;
}

// Whether a packet that no connection is known of would be called NEW by its looks.
bool looks_new(const Witness& w) {
    if (w.later_fragment || w.cut) return false;
    const bool v4 = w.source.address.is_v4();
    if (w.protocol == tcp) return w.flags == wire::TcpFlags::syn;
    if (w.protocol == icmp && v4) return w.type == 8 || w.type == 13 || w.type == 15 || w.type == 17;
    if (w.protocol == icmpv6 && !v4) return w.type == 128;
    return true;
}

}  // namespace

// A label that goes without saying is left out: most packets of rules are NEW.
std::string format(const Witness& w) {
    const auto end = [](const wire::Endpoint& e, bool port) { return port ? wire::format(e) : e.address.format(); };
    std::string text = wire::format(static_cast<Protocol>(w.protocol));
    if (w.later_fragment) text += " fragment";
    if (w.cut) text += fmt::format(" cut to {} octets", *w.cut);
    text += fmt::format(" {} > {}", end(w.source, w.has_source_port()), end(w.target, w.has_target_port()));
    if (w.has_flags()) text += " " + flag_words(w.flags);
    if (w.has_type()) text += fmt::format(" type {}", w.type);
    if (w.has_code()) text += fmt::format(" code {}", w.code);
    if (w.from == Side::server) text += " from-server";
    const Label label = w.tracked.label;
    if (label != Label::none && (label != Label::new_flow || !looks_new(w))) text += " " + std::string(id(label));
    if (w.tracked.direction == FlowSide::reply) text += " reply";
    if ((w.tracked.marks & StateSet::snat) != 0) text += " SNAT";
    if ((w.tracked.marks & StateSet::dnat) != 0) text += " DNAT";
    if (is_named(w.in_interface)) text += " in " + base::printable(w.in_interface, 40);
    if (is_named(w.out_interface)) text += " out " + base::printable(w.out_interface, 40);
    return text;
}

base::Result<Witness, std::string> parse_witness(std::string_view text) { return Reader(text).read(); }

}  // namespace sim::firewall::exact
