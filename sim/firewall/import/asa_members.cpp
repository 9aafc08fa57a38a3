// What objects and groups hold, followed through all nesting.
#include "sim/firewall/import/asa_objects.hpp"

#include <algorithm>

namespace sim::firewall::import {
namespace {

std::string_view word_for(Objects::Kind kind) {
    switch (kind) {
        case Objects::Kind::network: return "addresses";
        case Objects::Kind::service: return "services";
        case Objects::Kind::ports: return "ports";
        case Objects::Kind::protocol: return "protocols";
        case Objects::Kind::icmp_type: return "ICMP types";
        case Objects::Kind::other: break;
    }
    return "users";
}

constexpr std::size_t depth_max = 100;  // groups in groups; far more than anybody nests

}  // namespace

std::string Used::format() const {
    std::string text;
    for (const auto& [name, lines] : lines_) {
        text += (text.empty() ? "[" : "; ") + base::printable(name, 60) + (lines.size() == 1 ? ": line " : ": lines ");
        bool first = true;
        for (auto at = lines.begin(); at != lines.end();) {
            const std::uint32_t begin = *at;
            std::uint32_t end = begin;
            while (++at != lines.end() && *at == end + 1) end = *at;
            text += (first ? "" : ", ") + std::to_string(begin);
            if (end != begin) text += "-" + std::to_string(end);
            first = false;
        }
    }
    return text.empty() ? text : text + "]";
}

std::optional<Objects::Kind> Objects::kind_of(std::string_view name) const {
    const auto known = things_.find(name);
    return known == things_.end() ? std::nullopt : std::optional(known->second.kind);
}

const Objects::Thing* Objects::find(const Word& name, bool group, Kind wanted) const {
    const auto known = things_.find(name.text);
    const std::string_view form = group ? "object-group" : "object";
    if (known == things_.end() || known->second.group != group) {
        std::vector<std::string_view> names;
        for (const auto& [n, thing] : things_)
            if (thing.group == group) names.push_back(n);
        const std::string near = base::nearest_word(name.text, names);
        complaints_.error(name, "there is no " + std::string(form) + " " + shown(name.text), "unknown-object",
                          near.empty() ? std::string{} : "did you mean " + shown(near) + "?");
        return nullptr;
    }
    const Thing& thing = known->second;
    if (thing.kind != wanted) {
        complaints_.error(name,
                          shown(name.text) + " holds " + std::string(word_for(thing.kind)) + ", and " +
                              std::string(word_for(wanted)) + " are wanted here",
                          "wrong-object");
        return nullptr;
    }
    if (thing.unusable != nullptr) {
        complaints_.refuse_word(name, shown(name.text) + " cannot be used here: " + thing.unusable);
        return nullptr;
    }
    return &thing;
}

// The way down from an entry's name: what was found, which groups were entered, and which of them are not left yet.
struct Objects::Walk {
    Kind wanted;
    Used& used;
    std::vector<const Member*>& found;
    std::set<const Thing*> entered{};
    std::vector<const Thing*> open{};
};

bool Objects::walk(const Word& name, bool group, Walk& way) const {
    const Thing* thing = find(name, group, way.wanted);
    if (thing == nullptr) return false;
    if (std::find(way.open.begin(), way.open.end(), thing) != way.open.end() || way.open.size() == depth_max) {
        complaints_.error(name, "object-group " + shown(name.text) + " leads back into itself", "object-loop",
                          "a group cannot hold a group that holds it");
        return false;
    }
    if (!way.entered.insert(thing).second) return true;  // a set: once is enough
    way.open.push_back(thing);
    for (const Member& member : thing->members) {
        way.used.add(name.text, member.line);
        if (const auto* reference = std::get_if<Reference>(&member.what)) {
            if (!walk(reference->name, reference->group, way)) return false;
        } else {
            way.found.push_back(&member);
        }
    }
    way.open.pop_back();
    return true;
}

bool Objects::flatten(const Word& name, bool group, Kind wanted, Used& used, std::vector<const Member*>& found) const {
    Walk way{.wanted = wanted, .used = used, .found = found};
    if (!walk(name, group, way)) return false;
    if (!found.empty()) return true;
    complaints_.error(name, shown(name.text) + " holds nothing, so no packet could fit", "empty-object");
    return false;
}

std::optional<std::vector<Objects::Hosts>> Objects::hosts(const Word& name, bool group, Used& used) const {
    std::vector<const Member*> members;
    if (!flatten(name, group, Kind::network, used, members)) return std::nullopt;
    std::vector<Hosts> hosts;
    for (const Member* member : members) {
        if (const auto* prefix = std::get_if<wire::Prefix>(&member->what)) hosts.emplace_back(*prefix);
        if (const auto* range = std::get_if<AddressRange>(&member->what)) hosts.emplace_back(*range);
    }
    return hosts;
}

std::optional<std::vector<Traffic>> Objects::traffic(const Word& name, bool group, Used& used) const {
    std::vector<const Member*> members;
    if (!flatten(name, group, Kind::service, used, members)) return std::nullopt;
    std::vector<Traffic> all;
    for (const Member* member : members) {
        const Traffic& one = std::get<Traffic>(member->what);
        // Services that differ in their target ports alone are one kind of traffic with several ports.
        const auto like = std::find_if(all.begin(), all.end(), [&](const Traffic& t) {
            return t.protocols == one.protocols && t.from == one.from && !t.to.empty() && !one.to.empty();
        });
        if (like == all.end())
            all.push_back(one);
        else
            like->to.insert(like->to.end(), one.to.begin(), one.to.end());
    }
    for (Traffic& one : all) one.to = wire::normalized(std::move(one.to));
    return all;
}

std::optional<std::vector<wire::PortRange>> Objects::ports(const Word& name, const Protocols& needed,
                                                           Used& used) const {
    std::vector<const Member*> members;
    if (!flatten(name, true, Kind::ports, used, members)) return std::nullopt;
    std::vector<wire::PortRange> ports;
    for (const Member* member : members) {
        const Traffic& one = std::get<Traffic>(member->what);
        if ((needed & ~one.protocols).any()) {
            complaints_.error(name, "the ports of " + shown(name.text) + " are for another protocol than the entry's",
                              "wrong-object");
            return std::nullopt;
        }
        ports.insert(ports.end(), one.to.begin(), one.to.end());
    }
    return wire::normalized(std::move(ports));
}

std::optional<Protocols> Objects::protocols(const Word& name, Used& used) const {
    std::vector<const Member*> members;
    if (!flatten(name, true, Kind::protocol, used, members)) return std::nullopt;
    Protocols all;
    for (const Member* member : members) all |= std::get<Protocols>(member->what);
    return all;
}

std::optional<std::vector<IcmpIs>> Objects::icmp_types(const Word& name, Used& used) const {
    std::vector<const Member*> members;
    if (!flatten(name, true, Kind::icmp_type, used, members)) return std::nullopt;
    std::vector<IcmpIs> types;
    for (const Member* member : members) types.push_back(std::get<IcmpIs>(member->what));
    return types;
}

}  // namespace sim::firewall::import
