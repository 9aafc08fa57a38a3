#include "scenarios/diagnosis/needs.hpp"

#include "client/plan.hpp"
#include "fakeserver/endpoint_map.hpp"

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

using fakeserver::Service;

// Who answers for an interface in this release: the referral of 2010 is the Address Book's, not the attendant's.
std::optional<Service> server_of(fakeserver::ExchangeVersion version, const sim::rpc::SyntaxId& interface) {
    for (const fakeserver::ServiceTraits& row : fakeserver::services_of(version)) {
        if (row.service == Service::global_catalog) continue;
        for (const fakeserver::RegisteredInterface& registered : fakeserver::interfaces_of(version, row.service))
            if (registered.id == interface) return row.service;
    }
    return std::nullopt;
}

class Collector {
public:
    explicit Collector(const Situation& situation) : situation_(situation) {}

    std::vector<Need> collect() {
        for (const client::Do action : situation_.variant->client.actions) {
            if (action == client::Do::public_folders) add_folders(action);
            // Mail is waited for in a session, so these two need what a logon needs.
            const bool waits = action == client::Do::new_mail || action == client::Do::use;
            add(0, action, waits || action == client::Do::public_folders ? client::Do::logon : action);
        }
        return std::move(needs_);
    }

private:
    void add_folders(client::Do action) {
        for (std::size_t i = 1; i < situation_.servers.size(); ++i) add(i, action, action);
        if (situation_.servers.size() == 1) add(0, action, action);
    }

    void add(std::size_t server, client::Do action, client::Do like) {
        const auto version = situation_.servers[server].policy.conditions.version;
        const auto& known = situation_.variant->client.known_ports;
        const auto legs = client::legs_of(like, situation_.variant->client.generation);
        const auto asks = [&](const client::Leg& leg) {
            return std::none_of(known.begin(), known.end(),
                                [&](const client::KnownPort& one) { return one.service == leg.service; });
        };
        if (std::any_of(legs.begin(), legs.end(), asks)) add(server, std::nullopt, action);
        for (const client::Leg& leg : client::legs_of(like, situation_.variant->client.generation))
            if (const auto service = server_of(version, leg.interface)) add(server, service, action);
    }

    void add(std::size_t server, std::optional<Service> service, client::Do action) {
        const auto at = std::find_if(needs_.begin(), needs_.end(),
                                     [&](const Need& n) { return n.server == server && n.service == service; });
        Need& need = at == needs_.end() ? needs_.emplace_back(Need{server, service, ports(server, service), {}}) : *at;
        if (std::find(need.actions.begin(), need.actions.end(), action) == need.actions.end())
            need.actions.push_back(action);
    }

    std::vector<wire::PortRange> ports(std::size_t server, std::optional<Service> service) const {
        if (!service) return {wire::PortRange::only(situation_.servers[server].mapper)};
        return fakeserver::possible_ports(situation_.servers[server].policy, *service);
    }

    const Situation& situation_;
    std::vector<Need> needs_;
};

// "the Information Store", "the RPC Client Access": as the release calls it.
std::string title_of(fakeserver::ExchangeVersion version, Service service) {
    const fakeserver::ServiceTraits* traits = fakeserver::traits_of(version, service);
    if (traits == nullptr) return std::string(fakeserver::word(service));
    std::string title(traits->title);
    for (const std::string_view maker : {"Microsoft Exchange ", "Microsoft "})
        if (title.starts_with(maker)) title.erase(0, maker.size());
    return "the " + title;
}

}  // namespace

std::vector<Need> needs_of(const Situation& situation) { return Collector(situation).collect(); }

std::optional<wire::Port> known_port_of(const Situation& situation, const Need& need) {
    for (const client::KnownPort& known : situation.variant->client.known_ports)
        if (need.service && id(known.service) == fakeserver::word(*need.service)) return known.port;
    return std::nullopt;
}

bool needs_notice(const Situation& situation) {
    const auto& actions = situation.variant->client.actions;
    return std::find(actions.begin(), actions.end(), client::Do::new_mail) != actions.end();
}

std::string name_of(const Situation& situation, const Need& need) {
    std::string text = need.service ? title_of(situation.servers[need.server].policy.conditions.version, *need.service)
                                    : std::string("the endpoint mapper");
    if (situation.servers.size() > 1) text += " of " + situation.servers[need.server].name;
    return text;
}

}  // namespace scenarios::diagnosis
