#include "sim/firewall/import/nft_key.hpp"

namespace sim::firewall::import::nft {
namespace {

using Kind = Json::Kind;
using What = Key::What;

struct PayloadField {
    std::string_view protocol;
    std::string_view field;
    Key key;
};

const PayloadField* payload_field(std::string_view protocol, std::string_view field) {
    static const PayloadField fields[] = {
        {"ip", "saddr", {.what = What::address, .type = Type::ipv4_addr, .end = End::source}},
        {"ip", "daddr", {.what = What::address, .type = Type::ipv4_addr, .end = End::target}},
        {"ip6", "saddr", {.what = What::address, .type = Type::ipv6_addr, .end = End::source}},
        {"ip6", "daddr", {.what = What::address, .type = Type::ipv6_addr, .end = End::target}},
        {"ip", "protocol", {.what = What::ip_protocol, .type = Type::inet_proto}},
        {"ip6", "nexthdr", {.what = What::next_header, .type = Type::inet_proto}},
        {"ip", "frag-off", {.what = What::fragment, .type = Type::fragment_field}},
        {"tcp", "sport", {.what = What::port, .type = Type::inet_service, .end = End::source, .transport = 6}},
        {"tcp", "dport", {.what = What::port, .type = Type::inet_service, .end = End::target, .transport = 6}},
        {"udp", "sport", {.what = What::port, .type = Type::inet_service, .end = End::source, .transport = 17}},
        {"udp", "dport", {.what = What::port, .type = Type::inet_service, .end = End::target, .transport = 17}},
        {"th", "sport", {.what = What::port, .type = Type::inet_service, .end = End::source}},
        {"th", "dport", {.what = What::port, .type = Type::inet_service, .end = End::target}},
        {"tcp", "flags", {.what = What::tcp_flags, .type = Type::tcp_flag}},
        {"icmp", "type", {.what = What::icmp, .type = Type::icmp_type}},
        {"icmp", "code", {.what = What::icmp, .type = Type::icmp_code, .code = true}},
        {"icmpv6", "type", {.what = What::icmp, .type = Type::icmpv6_type, .version6 = true}},
        {"icmpv6", "code", {.what = What::icmp, .type = Type::icmpv6_code, .version6 = true, .code = true}},
    };
    for (const PayloadField& known : fields)
        if (known.protocol == protocol && known.field == field) return &known;
    return nullptr;
}

struct NamedKey {
    std::string_view name;
    Key key;
};

const NamedKey* meta_key(std::string_view name) {
    static const NamedKey keys[] = {
        {"iifname", {.what = What::interface, .type = Type::ifname}},
        {"oifname", {.what = What::interface, .type = Type::ifname, .outgoing = true}},
        {"iif", {.what = What::interface, .type = Type::ifname}},
        {"oif", {.what = What::interface, .type = Type::ifname, .outgoing = true}},
        {"l4proto", {.what = What::protocol, .type = Type::inet_proto}},
        {"nfproto", {.what = What::family, .type = Type::nf_proto}},
        {"protocol", {.what = What::ether_type, .type = Type::ether_type}},
    };
    for (const NamedKey& known : keys)
        if (known.name == name) return &known;
    return nullptr;
}

const NamedKey* connection_key(std::string_view name) {
    static const NamedKey keys[] = {
        {"state", {.what = What::state, .type = Type::ct_state}},
        {"direction", {.what = What::direction, .type = Type::ct_dir}},
    };
    for (const NamedKey& known : keys)
        if (known.name == name) return &known;
    return nullptr;
}

class KeyReader {
public:
    explicit KeyReader(Reporter& reporter) : reporter_(reporter) {}

    std::optional<Key> read(const Json& left) {
        if (!left.is(Kind::object) || left.members.size() != 1)
            return refuse(left, shown(left) + " is nothing to look at in a packet", "nft-unsupported");
        const Json::Member& only = left.members.front();
        if (only.name == "payload") return read_payload(only.value);
        if (only.name == "meta") return read_named(only.value, "meta", meta_key);
        if (only.name == "ct") return read_named(only.value, "ct", connection_key);
        if (only.name == "&") return read_masked(only.value);
        return refuse(only, shown(only.name) + " is not supported as what a rule looks at", "nft-unsupported",
                      only.name == "concat" ? "write a match for each part, or a rule for each combination" : "");
    }

private:
    template <class At>
    std::optional<Key> refuse(const At& at, std::string what, std::string id, std::string hint = {}) {
        reporter_.fault(at, std::move(what), std::move(id), std::move(hint));
        return std::nullopt;
    }

    std::optional<Key> read_payload(const Json& payload) {
        const Json* protocol = payload.find("protocol");
        const Json* field = payload.find("field");
        if (const Json* base = payload.find("base"))
            return refuse(*base, "raw payload (@" + base::printable(base->text, 20) + ",...) is not supported",
                          "nft-unsupported");
        if (protocol == nullptr || field == nullptr || payload.members.size() != 2)
            return refuse(payload, "a payload has a protocol and a field, and nothing else", "nft-unsupported");
        if (const PayloadField* known = payload_field(protocol->text, field->text)) return known->key;
        return refuse(*field, shown(protocol->text + " " + field->text) + " is not supported", "nft-unsupported");
    }
    std::optional<Key> read_named(const Json& value, const char* family, const NamedKey* (*look)(std::string_view)) {
        const Json* key = value.find("key");
        if (key == nullptr || value.members.size() != 1)
            return refuse(value, std::string(family) + " has a key, and nothing else", "nft-unsupported");
        if (const NamedKey* known = look(key->text)) return known->key;
        return refuse(*key, shown(std::string(family) + " " + key->text) + " is not supported", "nft-unsupported");
    }

    std::optional<Key> read_masked(const Json& both) {
        if (!both.is(Kind::list) || both.items.size() != 2) return refuse(both, "\"&\" has two sides", "nft-bad-value");
        std::optional<Key> key = read(both.items[0]);
        if (!key) return std::nullopt;
        const Json& mask = both.items[1];
        if (key->mask || key->address_mask)
            return refuse(both, "a mask within a mask is not supported", "nft-unsupported");
        if (key->type == Type::ifname)
            return refuse(mask, "a mask on the name of an interface is not supported", "nft-unsupported");
        if (!is_address(key->type)) {
            key->mask = read_number(key->type, mask, reporter_);
            return key->mask ? key : std::nullopt;
        }
        const wire::Family family = key->type == Type::ipv4_addr ? wire::Family::ipv4 : wire::Family::ipv6;
        const auto address = wire::IpAddress::parse(mask.text);
        if (!mask.is(Kind::text) || !address || address->family() != family)
            return refuse(mask, shown(mask) + " is no mask of addresses", "nft-bad-value");
        key->address_mask = *address;
        return key;
    }

    Reporter& reporter_;
};

}  // namespace

std::optional<Key> read_key(const Json& left, Reporter& reporter) { return KeyReader(reporter).read(left); }

}  // namespace sim::firewall::import::nft
