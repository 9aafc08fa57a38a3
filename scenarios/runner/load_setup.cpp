// Servers, client, network and sweep.
#include "scenarios/runner/load_setup.hpp"

#include <fmt/format.h>

namespace scenarios::runner {
namespace {

constexpr std::size_t servers_max = 50;
constexpr std::uint64_t seeds_max = 10'000'000;

const Node& empty_table() {
    static const Node nothing{};
    return nothing;
}

// The Windows that this Exchange came with. The format's default, NT 4, cannot run the later versions, and their
// dynamic ports differ by Windows: a wrong default would give wrong ports.
Windows usual_windows(ServerVersion version) {
    switch (version) {
        case ServerVersion::exchange_4_0:
        case ServerVersion::exchange_5_0:
        case ServerVersion::exchange_5_5: return Windows::nt4;
        case ServerVersion::exchange_2000: return Windows::windows_2000;
        case ServerVersion::exchange_2003:
        case ServerVersion::exchange_2007: return Windows::windows_2003;
        case ServerVersion::exchange_2010: return Windows::windows_2008;
    }
    return Windows::nt4;
}

ServerSetup read_server(LoadContext& context, const Node& table, std::size_t index) {
    const TableReader reader(context, table, TableKind::server);
    ServerSetup server;
    server.name = reader.line("name").value_or(Name{fmt::format("EXCH{:02}", index + 1), {}});
    server.address = reader.address("address").value_or(
        Address{wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(10 + index)), {}});
    server.public_address = reader.address("public");
    server.version = reader.word<ServerVersion>("version").value_or(server.version);
    server.windows = reader.word<Windows>("windows", server_windows())
                         .value_or(Placed<Windows>{usual_windows(server.version.value), {}});
    server.registry = reader.files("registry");
    server.busy_ports = reader.ports("busy_ports").value_or(PortList{});
    if (const auto dynamic = reader.word<DynamicPorts>("dynamic")) server.dynamic = dynamic->value;
    server.stopped = reader.words<Service>("stopped").value_or(std::vector<Placed<Service>>{});
    server.listen = reader.ports("listen");
    return server;
}

std::vector<ServerSetup> read_servers(LoadContext& context, const Node* node) {
    std::vector<ServerSetup> servers;
    TableReader::each(node ? *node : empty_table(), [&](const Node& item) {
        if (servers.size() < servers_max)
            servers.push_back(read_server(context, item, servers.size()));
        else
            context.error(item.spot, fmt::format("there are more than {} servers", servers_max), "too-large");
    });
    if (servers.empty()) {
        if (node) context.error(node->spot, "the list of servers is empty", "empty-list");
        servers.emplace_back();
    }
    return servers;
}

std::vector<KnownServicePort> read_known_ports(LoadContext& context, const Node& table) {
    std::vector<KnownServicePort> known;
    for (ServicePorts& one : read_service_ports(context, "known_ports", table)) {
        const wire::PortRange& range = one.ports.front().value;
        if (one.service.value == Service::mta)
            context.error(one.service.place, "no client calls the MTA", "contradiction",
                          "services: directory, information-store or attendant");
        else if (one.ports.size() != 1 || range.first != range.last)
            context.error(one.ports.front().place, "a known port is one port", "wrong-type", "write one number");
        else
            known.push_back({one.service, {range.first, one.ports.front().place}});
    }
    return known;
}

ClientSetup read_client(LoadContext& context, const Node* node, std::optional<std::size_t> site) {
    const TableReader reader(context, node ? *node : empty_table(), TableKind::client);
    ClientSetup client;
    client.name = reader.line("name").value_or(client.name);
    client.address = reader.address("address").value_or(
        Address{wire::IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(50 + site.value_or(0))), {}});
    if (const auto windows = reader.word<Windows>("windows", client_windows())) client.windows = windows->value;
    if (const auto resolves = reader.boolean("resolves")) client.resolves = resolves->value;
    if (const auto remembers = reader.boolean("remembers_ports")) client.remembers_ports = remembers->value;
    if (const auto seals = reader.boolean("seals_mapper")) client.seals_mapper = seals->value;
    if (const Node* known = reader.find("known_ports")) client.known_ports = read_known_ports(context, *known);
    const auto no_empty = [&](std::string_view key) {
        const Node* list = reader.find(key);
        if (list->kind == NodeKind::list && list->items.empty())
            context.error(list->spot, fmt::format("{} is an empty list", key), "empty-list",
                          "leave the key out for the default");
    };
    if (auto actions = reader.words<ClientAction>("do")) {
        if (actions->empty())
            no_empty("do");
        else
            client.actions = std::move(*actions);
    }
    if (auto order = reader.words<Binding>("binding_order")) {
        if (order->empty())
            no_empty("binding_order");
        else
            client.binding_order = std::move(*order);
    }
    return client;
}

NetworkSetup read_network(LoadContext& context, const Node* node) {
    const TableReader reader(context, node ? *node : empty_table(), TableKind::network);
    NetworkSetup network;
    if (const auto latency = reader.duration("latency", true)) network.latency = latency->value;
    if (const auto loss = reader.ratio("loss")) network.loss = loss->value;
    if (const auto port = reader.integer("mapper_port", 1, 65535))
        network.mapper_port = {wire::Port{static_cast<std::uint16_t>(port->value)}, port->place};
    // 88 octets: the smallest segment that hosts here send, 48, with its headers (sim/net/host). 65535: what an IPv4
    // header can say.
    if (const auto mtu = reader.integer("mtu", 88, 65535)) network.mtu = static_cast<std::uint32_t>(mtu->value);
    return network;
}

// "1-200"
std::optional<Sweep> read_seeds(LoadContext& context, const Node& node) {
    const auto wrong = [&](std::string what, std::string hint) {
        context.error(node.spot, std::move(what), "bad-seeds", std::move(hint));
        return std::nullopt;
    };
    if (node.kind == NodeKind::integer)
        return wrong("seeds is a range in quotes", fmt::format("write \"1-{}\" for that many starts", node.integer));
    if (!expect_kind(context, "seeds", node, NodeKind::text, "a range as text")) return std::nullopt;
    const std::string_view text = node.text;
    const std::size_t dash = text.find('-');
    const auto seed = [](std::string_view digits) -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        for (const char c : digits) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        return digits.empty() || digits.size() > 18 ? std::nullopt : std::optional(value);
    };
    const auto first = seed(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : seed(text.substr(dash + 1));
    if (!first || !last)
        return wrong(fmt::format("\"{}\" is no range of seeds", base::printable(text, 60)),
                     "write \"1-200\" for 200 starts");
    if (*first > *last)
        return wrong("the range of seeds is upside down", fmt::format("write \"{}-{}\"", *last, *first));
    if (*last - *first >= seeds_max)
        return wrong(fmt::format("more than {} starts", seeds_max),
                     fmt::format("write \"{}-{}\", or fewer", *first, *first + seeds_max - 1));
    if (dash == std::string_view::npos && *first > 1)
        context.warning(context.place(node.spot), fmt::format("this is one start, with the seed {}", *first),
                        "single-seed", fmt::format("for {0} starts write \"1-{0}\"", *first));
    return Sweep{*first, *last, context.place(node.spot)};
}

std::optional<Sweep> read_sweep(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, TableKind::sweep);
    if (const Node* seeds = reader.find("seeds")) return read_seeds(context, *seeds);
    if (table.kind == NodeKind::table)
        context.error(table.spot, "[sweep] needs seeds", "missing-key", "write seeds = \"1-200\" for 200 starts");
    return std::nullopt;
}

}  // namespace

Setup read_setup(LoadContext& context, const Node& layers, std::optional<std::size_t> site) {
    const auto part = [&](std::string_view key) {
        const Entry* entry = layers.find(key);
        return entry ? entry->value.get() : nullptr;
    };
    Setup setup;
    setup.servers = read_servers(context, part("server"));
    setup.client = read_client(context, part("client"), site);
    setup.firewalls = read_firewalls(context, part("firewall"));
    setup.network = read_network(context, part("network"));
    if (const Node* expect = part("expect")) setup.expect = read_expectation(context, *expect);
    if (const Node* sweep = part("sweep")) setup.sweep = read_sweep(context, *sweep);
    return setup;
}

}  // namespace scenarios::runner
