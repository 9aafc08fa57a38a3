// Reading objects and groups. What they hold when followed: asa_members.cpp.
#include "sim/firewall/import/asa_objects.hpp"

#include "sim/firewall/import/cisco_names.hpp"

namespace sim::firewall::import {
namespace {

bool is_netmask(std::uint32_t bits) {
    const std::uint32_t inverse = ~bits;
    return (inverse & (inverse + 1U)) == 0;
}

}  // namespace

// ---- addresses ----

void Objects::read_name(const AsaLine& line) {
    Cursor words(line.words, 1, complaints_);
    const Word* number = words.take("an address");
    const Word* name = words.take("the name of the address");
    if (name == nullptr) return;
    const auto parsed = wire::IpAddress::parse(number->text);
    if (!parsed) return words.error(*number, shown(number->text) + " is no address", "bad-address");
    names_[std::string(name->text)] = *parsed;
}

std::optional<wire::IpAddress> Objects::address(Cursor& words, const Word& word) const {
    if (const auto parsed = wire::IpAddress::parse(word.text)) return *parsed;
    if (const auto named = names_.find(word.text); named != names_.end()) return named->second;
    words.error(word, shown(word.text) + " is no address, and no \"name\" gives it one", "bad-address",
                "any, host A, A with its netmask, P/LEN for IPv6, object N or object-group N");
    return std::nullopt;
}

std::optional<wire::Prefix> Objects::subnet(Cursor& words, const Word& at, const wire::IpAddress& address) const {
    if (!address.is_v4()) {
        words.error(at, "an IPv6 network is written with its length", "bad-address", "2001:db8::/32");
        return std::nullopt;
    }
    const Word* word = words.take("the netmask of the address");
    if (word == nullptr) return std::nullopt;
    const auto mask = wire::IpAddress::parse(word->text);
    if (!mask || !mask->is_v4()) {
        words.error(*word, shown(word->text) + " is no netmask", "bad-address");
        return std::nullopt;
    }
    if (!is_netmask(mask->v4_bits())) {
        const wire::IpAddress inverse = wire::IpAddress::v4(~mask->v4_bits());
        words.error(*word, shown(word->text) + " is no netmask: its ones do not all stand in front",
                    "wildcard-as-netmask",
                    is_netmask(inverse.v4_bits())
                        ? "it looks like a wildcard of IOS; an ASA wants the netmask: " + inverse.format()
                        : "an ASA wants a netmask, as 255.255.255.0");
        return std::nullopt;
    }
    if ((address.v4_bits() & ~mask->v4_bits()) != 0) {
        words.error(*word,
                    "the address " + address.format() + " has bits that the netmask " + mask->format() + " leaves out",
                    "wildcard-as-netmask",
                    mask->v4_bits() == 0
                        ? "as a wildcard of IOS 0.0.0.0 would be one host; here that is host " + address.format()
                        : "an ASA refuses such a pair; write the network's own address");
        return std::nullopt;
    }
    return wire::Prefix(address, *mask);
}

// ---- frames ----

std::optional<Objects::Kind> Objects::kind_named(std::string_view word) {
    if (word == "network") return Kind::network;
    if (word == "service") return Kind::service;
    if (word == "protocol") return Kind::protocol;
    if (word == "icmp-type") return Kind::icmp_type;
    if (word == "user" || word == "security") return Kind::other;
    return std::nullopt;
}

void Objects::open(const AsaLine& line) {
    open_ = nullptr;
    Cursor words(line.words, 1, complaints_);
    const Word* kind_word = words.take("the kind of the object");
    const Word* name = words.take("the name of the object");
    if (name == nullptr) return;
    const bool group = line.word(0) == "object-group";
    auto kind = kind_named(kind_word->text);
    const bool known = kind && (group || *kind == Kind::network || *kind == Kind::service);
    if (!known)
        return complaints_.refuse_line(
            *kind_word, shown(std::string(line.word(0)) + " " + std::string(kind_word->text)) + " is not supported");
    Protocols has_ports;
    if (const Word* transport = words.peek(); transport != nullptr && group && *kind == Kind::service) {
        words.skip();
        if (transport->text != "tcp" && transport->text != "udp" && transport->text != "tcp-udp")
            return words.error(*transport, shown(transport->text) + " is no kind of a service group", "bad-protocol",
                               "tcp, udp or tcp-udp, or nothing");
        has_ports = *asa_protocol(transport->text);
        kind = Kind::ports;
    }
    words.end();
    if (words.stopped()) return;
    const auto [at, fresh] = things_.try_emplace(std::string(name->text));
    Thing& thing = at->second;
    if (!fresh && (thing.kind != *kind || thing.group != group || thing.has_ports != has_ports))
        return complaints_.error(*name, shown(name->text) + " is the name of something else already", "repeated-name");
    if (fresh) {
        thing.kind = *kind;
        thing.group = group;
        thing.has_ports = has_ports;
    }
    open_ = &thing;
}

void Objects::read_member(const AsaLine& line) {
    if (open_ == nullptr || line.word(0) == "description") return;
    if (open_->kind == Kind::other) return;
    if (line.word(0) == "nat")
        return complaints_.refuse_line(line.words[0],
                                       "the ASA would translate addresses here, and that is not modelled",
                                       "take the line out only if the server is reached on its own address");
    if (open_->group)
        read_group_line(line);
    else
        read_object_line(line);
}

void Objects::add(std::uint32_t line, decltype(Member::what) what) {
    open_->members.push_back({line, std::move(what)});
}

// ---- objects ----

void Objects::read_object_line(const AsaLine& line) {
    Cursor words(line.words, 0, complaints_);
    const Word& first = *words.take("a word");
    const std::uint32_t number = complaints_.line_of(first);
    open_->members.clear();  // the last definition holds
    open_->unusable = nullptr;
    if (open_->kind == Kind::service && first.text == "service") {
        if (auto traffic = read_service(words)) add(number, std::move(*traffic));
    } else if (open_->kind == Kind::network && first.text == "fqdn") {
        open_->unusable = "it is a host name, which the ASA looks up by itself";
        return;
    } else if (open_->kind == Kind::network) {
        read_network(words, first, number);
    } else {
        words.refuse(first, shown(first.text) + " is not understood in an object");
    }
    words.end();
}

void Objects::read_network(Cursor& words, const Word& first, std::uint32_t line) {
    if (first.text != "host" && first.text != "subnet" && first.text != "range")
        return words.refuse(first, shown(first.text) + " is not understood in an object");
    const Word* word = words.take("an address");
    if (word == nullptr) return;
    if (first.text == "subnet" && word->text.find('/') != word->text.npos) {
        if (const auto prefix = wire::Prefix::parse(word->text); prefix && prefix->family() == wire::Family::ipv6)
            return add(line, *prefix);
        return words.error(*word, shown(word->text) + " is no IPv6 network", "bad-address");
    }
    const auto low = address(words, *word);
    if (!low) return;
    if (first.text == "host") return add(line, wire::Prefix::host(*low));
    if (first.text == "subnet") {
        if (const auto prefix = subnet(words, *word, *low)) add(line, *prefix);
        return;
    }
    const Word* end = words.take("the end of the range");
    if (end == nullptr) return;
    const auto high = address(words, *end);
    if (!high) return;
    if (high->family() != low->family() || *high < *low)
        return words.error(*end, "the range ends before it begins", "bad-address");
    add(line, AddressRange{*low, *high});
}

// "PROTO [source OP P] [destination OP P]", or an ICMP type.
std::optional<Traffic> Objects::read_service(Cursor& words) const {
    const Word* word = words.take("a protocol");
    if (word == nullptr) return std::nullopt;
    const auto protocols = asa_protocol(word->text);
    if (!protocols) {
        words.error(*word, shown(word->text) + " is no protocol that an ASA names", "bad-protocol");
        return std::nullopt;
    }
    Traffic traffic{.protocols = *protocols};
    const bool icmp_type = word->text == "icmp" || word->text == "icmp6";
    if (icmp_type && words.peek() != nullptr) traffic.icmp = read_icmp(words, word->text == "icmp6");
    for (auto [key, ports] : {std::pair{"source", &traffic.from}, std::pair{"destination", &traffic.to}})
        if (words.take_if(key)) {
            const auto read = read_ports(words, *protocols);
            if (!read && !words.stopped()) {
                const Word* next = words.take("an operator and a port");
                if (next != nullptr)
                    words.error(*next, shown(next->text) + " is no operator", "bad-port", "eq, neq, gt, lt or range");
            }
            if (read) *ports = *read;
        }
    return words.stopped() ? std::nullopt : std::optional(std::move(traffic));
}

// ---- groups ----

void Objects::read_group_line(const AsaLine& line) {
    Cursor words(line.words, 0, complaints_);
    const Word& first = *words.take("a word");
    const std::uint32_t number = complaints_.line_of(first);
    const Kind kind = open_->kind;
    if (first.text == "group-object") {
        if (const Word* name = words.take("the name of a group")) add(number, Reference{*name, true});
    } else if (first.text == "network-object" && kind == Kind::network) {
        read_network_member(words, number);
    } else if (first.text == "service-object" && kind == Kind::service) {
        if (words.take_if("object")) {
            if (const Word* name = words.take("the name of an object")) add(number, Reference{*name, false});
        } else if (auto traffic = read_service(words)) {
            add(number, std::move(*traffic));
        }
    } else if (first.text == "port-object" && kind == Kind::ports) {
        auto ports = read_ports(words, open_->has_ports);
        if (ports)
            add(number, Traffic{.protocols = open_->has_ports, .to = std::move(*ports)});
        else if (!words.stopped())
            words.error(first, "eq P, or range A B, is missing behind this", "missing-word");
    } else if (first.text == "protocol-object" && kind == Kind::protocol) {
        const Word* word = words.take("a protocol");
        const auto protocols = word != nullptr ? asa_protocol(word->text) : std::nullopt;
        if (protocols) add(number, *protocols);
        if (word != nullptr && !protocols)
            words.error(*word, shown(word->text) + " is no protocol that an ASA names", "bad-protocol");
    } else if (first.text == "icmp-object" && kind == Kind::icmp_type) {
        if (const auto type = read_icmp(words, false)) add(number, *type);
    } else {
        words.refuse(first, shown(first.text) + " is not understood in this group");
    }
    words.end();
}

void Objects::read_network_member(Cursor& words, std::uint32_t line) {
    if (words.take_if("object")) {
        if (const Word* name = words.take("the name of an object")) add(line, Reference{*name, false});
        return;
    }
    const bool host = words.take_if("host");
    const Word* word = words.take("an address");
    if (word == nullptr) return;
    if (!host && word->text.find('/') != word->text.npos) {
        if (const auto prefix = wire::Prefix::parse(word->text); prefix && prefix->family() == wire::Family::ipv6)
            return add(line, *prefix);
        return words.error(*word, shown(word->text) + " is no IPv6 network", "bad-address");
    }
    const auto base = address(words, *word);
    if (!base) return;
    if (host) return add(line, wire::Prefix::host(*base));
    if (const auto prefix = subnet(words, *word, *base)) add(line, *prefix);
}

}  // namespace sim::firewall::import
