#include "sim/firewall/import/nft_values.hpp"

#include <algorithm>
#include <utility>

namespace sim::firewall::import::nft {
namespace {

using Kind = Json::Kind;

class ValueReader {
public:
    ValueReader(Type type, bool in_set, Values& out, Reporter& reporter)
        : type_(type), in_set_(in_set), out_(out), reporter_(reporter) {}

    bool read(const Json& value) {
        if (value.is(Kind::object) && value.members.size() == 1) {
            const Json::Member& only = value.members.front();
            if (only.name == "range") return read_range(only.value);
            if (only.name == "prefix") return read_prefix(only.value);
            if (only.name == "elem") return read_element(only.value);
            if (only.name == "concat")
                return refuse(only, "concatenations of several keys are not supported", "nft-unsupported");
            if (only.name == "|" && is_bits(type_)) return read_bits(value);
            return refuse(only, shown(only.name) + " is not known as a value", "nft-unsupported");
        }
        if (value.is(Kind::list) && is_bits(type_)) return read_bits(value);
        return read_single(value);
    }

private:
    template <class At>
    bool refuse(const At& at, std::string what, std::string id, std::string hint = {}) {
        reporter_.fault(at, std::move(what), std::move(id), std::move(hint));
        return false;
    }
    bool no_value(const Json& value) {
        const std::string_view name = name_of(type_);
        return refuse(
            value,
            shown(value) + " is no value of the type " + std::string(name.empty() ? "of a number of 16 bits" : name),
            "nft-bad-value");
    }

    bool read_single(const Json& value) {
        if (value.is(Kind::text) && value.text == "*") {
            out_.rest = true;
            return true;
        }
        if (type_ == Type::ifname) return read_name(value);
        if (is_address(type_)) {
            const auto address = read_address(value);
            if (!address) return false;
            out_.prefixes.push_back(wire::Prefix::host(*address));
            return true;
        }
        const auto number = read_number(type_, value, reporter_);
        if (number) out_.numbers.push_back({*number, *number});
        return number.has_value();
    }
    bool read_bits(const Json& value) {
        const auto number = read_number(type_, value, reporter_);
        if (number) out_.numbers.push_back({*number, *number});
        return number.has_value();
    }
    std::optional<wire::IpAddress> read_address(const Json& value) {
        const wire::Family family = type_ == Type::ipv4_addr ? wire::Family::ipv4 : wire::Family::ipv6;
        if (value.is(Kind::text)) {
            const auto address = wire::IpAddress::parse(value.text);
            if (address && address->family() == family) return *address;
        }
        no_value(value);
        return std::nullopt;
    }
    bool read_name(const Json& value) {
        constexpr std::size_t longest = 15;
        if (!value.is(Kind::text))
            return refuse(value, shown(value) + " is no name of an interface", "nft-bad-value",
                          value.is(Kind::number) ? "an interface that is known by number only cannot be told" : "");
        const bool prefix = !value.text.empty() && value.text.back() == '*';
        const std::string name = value.text.substr(0, value.text.size() - (prefix ? 1 : 0));
        if (name.empty() || name.size() > longest || name.find('\\') != name.npos || name.find('/') != name.npos)
            return refuse(value, shown(value) + " cannot be the name of an interface", "nft-bad-value");
        out_.names.push_back({name, prefix});
        return true;
    }

    bool read_range(const Json& range) {
        if (!range.is(Kind::list) || range.items.size() != 2)
            return refuse(range, "a range has two ends", "nft-bad-value");
        const Json& from = range.items[0];
        const Json& to = range.items[1];
        if (type_ == Type::ifname || is_bits(type_))
            return refuse(range, "a range makes no sense here", "nft-bad-value");
        // nft writes ">= 5 and <= 3" as such a range: nothing is in it. In a set it cannot be.
        const auto backwards = [&] { return !in_set_ || refuse(range, "this range runs backwards", "nft-bad-value"); };
        if (is_address(type_)) {
            const auto low = read_address(from), high = read_address(to);
            if (!low || !high) return false;
            if (*high < *low) return backwards();
            out_.ranges.push_back({*low, *high});
            return true;
        }
        const auto low = read_number(type_, from, reporter_), high = read_number(type_, to, reporter_);
        if (!low || !high) return false;
        if (*high < *low) return backwards();
        out_.numbers.push_back({*low, *high});
        return true;
    }
    bool read_prefix(const Json& prefix) {
        const Json* address = prefix.find("addr");
        const Json* length = prefix.find("len");
        if (!is_address(type_) || address == nullptr || length == nullptr || prefix.members.size() != 2)
            return refuse(prefix, "this is no prefix of addresses", "nft-bad-value");
        const std::int64_t longest = type_ == Type::ipv4_addr ? 32 : 128;
        if (!length->is(Kind::number) || !length->number || *length->number < 0 || *length->number > longest)
            return refuse(*length, shown(*length) + " is no length of a prefix", "nft-bad-value");
        const auto base = read_address(*address);
        if (base) out_.prefixes.push_back(wire::Prefix::of(*base, static_cast<unsigned>(*length->number)));
        return base.has_value();
    }
    bool read_element(const Json& element) {
        const Json* value = element.find("val");
        if (value == nullptr) return refuse(element, "an element without a value", "nft-bad-value");
        bool fine = true;
        for (const Json::Member& member : element.members)
            if (member.name != "val" && member.name != "comment" && member.name != "counter")
                fine = refuse(member, shown(member.name) + " of an element is not supported", "nft-unsupported",
                              "an element that comes and goes has no lasting answer");
        if (value->is(Kind::object) && value->find("elem") != nullptr)
            return refuse(*value, "an element within an element", "nft-bad-value");
        return read(*value) && fine;
    }

    Type type_;
    bool in_set_;
    Values& out_;
    Reporter& reporter_;
};

// Ranges of addresses that a prefix covers; a mask with holes never comes from a set.
AddressRange range_of(const wire::Prefix& prefix) {
    const wire::IpAddress& a = prefix.address();
    const wire::IpAddress& m = prefix.mask();
    return {a, a.is_v4() ? wire::IpAddress::v4(a.v4_bits() | ~m.v4_bits())
                         : wire::IpAddress::v6(a.high() | ~m.high(), a.low() | ~m.low())};
}

template <class Span>
bool meet_when_sorted(std::vector<Span> spans) {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.low < b.low; });
    for (std::size_t i = 1; i < spans.size(); ++i)
        if (!(spans[i - 1].high < spans[i].low)) return true;
    return false;
}

bool names_meet(const std::vector<InterfaceIn::Name>& names) {
    std::vector<InterfaceIn::Name> sorted = names;
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return std::tie(a.name, b.prefix) < std::tie(b.name, a.prefix); });
    // A prefix stands before all that begin with it; they follow directly.
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        const auto& before = sorted[i - 1];
        if (before.name == sorted[i].name && before.prefix == sorted[i].prefix) return true;
        if (before.prefix && sorted[i].name.compare(0, before.name.size(), before.name) == 0) return true;
    }
    return false;
}

}  // namespace

void Reporter::add(std::size_t offset, std::size_t length, std::string what, std::string id, std::string hint) {
    if (faults_.size() >= faults_max) return;
    constexpr std::size_t underlined_max = 60;
    const std::size_t shown_length = std::clamp<std::size_t>(length, 1, underlined_max);
    faults_.push_back(source_.diagnose(base::Severity::error, source_.place_at(offset, shown_length), std::move(what),
                                       std::move(id), std::move(hint)));
}
void Reporter::fault(const Json& at, std::string what, std::string id, std::string hint) {
    add(at.offset, at.length, std::move(what), std::move(id), std::move(hint));
}
void Reporter::fault(const Json::Member& at, std::string what, std::string id, std::string hint) {
    add(at.offset, at.length, std::move(what), std::move(id), std::move(hint));
}
base::Place Reporter::place(const Json& at) const { return source_.place_at(at.offset); }

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }
std::string shown(const Json& value) {
    if (value.is(Kind::text)) return shown(value.text);
    if (value.is(Kind::number)) return base::printable(value.text, 60);
    return std::string(value.kind_name());
}

void Values::append(const Values& more) {
    numbers.insert(numbers.end(), more.numbers.begin(), more.numbers.end());
    prefixes.insert(prefixes.end(), more.prefixes.begin(), more.prefixes.end());
    ranges.insert(ranges.end(), more.ranges.begin(), more.ranges.end());
    names.insert(names.end(), more.names.begin(), more.names.end());
    rest = rest || more.rest;
}

void Values::normalize() {
    std::sort(numbers.begin(), numbers.end(), [](const Span& a, const Span& b) { return a.low < b.low; });
    std::vector<Span> merged;
    for (const Span& s : numbers) {
        if (!merged.empty() && s.low <= merged.back().high + 1U)
            merged.back().high = std::max(merged.back().high, s.high);
        else
            merged.push_back(s);
    }
    numbers = std::move(merged);
}

bool Values::holds(std::uint32_t number) const {
    return std::any_of(numbers.begin(), numbers.end(),
                       [number](const Span& s) { return s.low <= number && number <= s.high; });
}

bool read_value(Type type, const Json& value, Values& out, Reporter& reporter) {
    return ValueReader(type, false, out, reporter).read(value);
}
bool read_element(Type type, const Json& value, Values& out, Reporter& reporter) {
    return ValueReader(type, true, out, reporter).read(value);
}

bool read_elements(Type type, const Json& list, Values& out, Reporter& reporter) {
    if (!list.is(Kind::list)) {
        reporter.fault(list, "the elements should be a list", "nft-bad-value");
        return false;
    }
    bool fine = true;
    for (const Json& item : list.items) fine = read_element(type, item, out, reporter) && fine;
    out.normalize();
    return fine;
}

std::optional<std::uint32_t> read_number(Type type, const Json& value, Reporter& reporter) {
    const bool joined = value.is(Kind::object) && value.members.size() == 1 && value.members.front().name == "|";
    const Json* const bits = value.is(Kind::list) ? &value : joined ? &value.members.front().value : nullptr;
    if (bits != nullptr && bits->is(Kind::list) && is_bits(type) && !bits->items.empty()) {
        std::uint32_t all = 0;
        for (const Json& item : bits->items) {
            const auto one = read_number(type, item, reporter);
            if (!one) return std::nullopt;
            all |= *one;
        }
        return all;
    }
    std::optional<std::uint32_t> number;
    if (value.is(Kind::text)) number = number_by_name(type, value.text);
    if (value.is(Kind::number) && value.number && *value.number >= 0 && *value.number <= largest(type))
        number = static_cast<std::uint32_t>(*value.number);
    if (!number)
        reporter.fault(value,
                       shown(value) + " is no value of the type " +
                           std::string(name_of(type).empty() ? "of a number of 16 bits" : name_of(type)),
                       "nft-bad-value");
    return number;
}

bool overlap(const std::vector<const Values*>& sets) {
    Values all;
    for (const Values* set : sets) {
        if (all.rest && set->rest) return true;
        all.append(*set);
    }
    for (const wire::Prefix& prefix : all.prefixes) all.ranges.push_back(range_of(prefix));
    return meet_when_sorted(all.numbers) || meet_when_sorted(all.ranges) || names_meet(all.names);
}

}  // namespace sim::firewall::import::nft
