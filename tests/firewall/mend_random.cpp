// Mended rules against chance: files of every syntax and needs that nobody thought of.
#include "sim/base/random.hpp"
#include "tests/firewall/mend_tasks.hpp"

#include <algorithm>

using namespace mending;

namespace {

using base::Random;
using Ranges = std::vector<wire::PortRange>;

const std::vector<wire::IpAddress> clients{packets::client, wire::IpAddress::v4(192, 0, 2, 51),
                                           wire::IpAddress::v4(198, 51, 100, 7)};
const std::vector<wire::IpAddress> servers{packets::server, wire::IpAddress::v4(10, 0, 0, 11),
                                           wire::IpAddress::v4(10, 0, 0, 12)};
const std::vector<std::pair<unsigned, unsigned>> port_pool{{135, 135},   {80, 80},      {5001, 5001}, {5002, 5004},
                                                           {5000, 5100}, {1024, 65535}, {1, 1023},    {139, 139}};

template <class Pool>
const auto& any_of(Random& random, const Pool& pool) {
    return pool[random.below(pool.size())];
}
std::string join(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts)
        if (!part.empty()) text += (text.empty() ? "" : " ") + part;
    return text + "\n";
}

// ---- files ----

std::string native_file(Random& random) {
    std::string text = random.chance(1, 3) ? "stateful no\n" : "# head\n\n";
    if (random.chance(1, 4)) text += random.chance(1, 2) ? "default reject\n" : "default allow\n";
    const std::vector<std::string> from{"", "", "from 192.0.2.0/24", "from 192.0.2.50", "from 10.0.0.0/24"};
    const std::vector<std::string> to{"", "to 10.0.0.10", "to 10.0.0.10,10.0.0.11", "to 10.0.0.0/24", "to 10.0.0.12"};
    const std::vector<std::string> way{"", "", "", "to-client", "both"};
    for (std::uint64_t n = random.below(7); n > 0; --n) {
        const std::string protocol = any_of(random, std::vector<std::string>{"tcp", "tcp", "udp", "any"});
        const auto [first, last] = any_of(random, port_pool);
        const std::string ports = random.chance(1, 3) ? "" : "port " + wire::format(range(first, last));
        const std::string acknowledged = protocol == "tcp" && random.chance(1, 6) ? "acknowledged" : "";
        text += join({any_of(random, std::vector<std::string>{"allow", "allow", "drop", "reject"}), protocol,
                      any_of(random, from), any_of(random, to), ports, any_of(random, way), acknowledged,
                      random.chance(1, 5) ? "# a note" : ""});
    }
    return text;
}

std::string iptables_file(Random& random) {
    std::string text = "# Generated\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ";
    text += random.chance(1, 4) ? "ACCEPT" : "DROP";
    text += " [0:0]\n:OUTPUT ACCEPT [0:0]\n:ONE - [0:0]\n:TWO - [0:0]\n";
    const std::vector<std::string> from{"", "", "-s 192.0.2.0/24", "-s 192.0.2.50,198.51.100.7", "! -s 192.0.2.50"};
    const std::vector<std::string> to{"", "-d 10.0.0.10", "-d 10.0.0.10,10.0.0.11", "-d 10.0.0.0/24", "-d 10.0.0.12"};
    const std::vector<std::string> targets{"-j ACCEPT", "-j ACCEPT", "-j DROP", "-j REJECT", "-j LOG", "-j RETURN"};
    if (random.chance(2, 3)) text += "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";
    const bool by_number = random.chance(1, 5);
    const std::vector<std::string> chains{"FORWARD", "ONE", "TWO"};
    for (std::size_t c = 0; c < chains.size(); ++c)
        for (std::uint64_t n = random.below(5); n > 0; --n) {
            const auto [first, last] = any_of(random, port_pool);
            const std::string ports = std::to_string(first) + ":" + std::to_string(last);
            const std::string match =
                any_of(random, std::vector<std::string>{"", "-p tcp", "-p udp", "-p tcp --dport " + ports,
                                                        "-p tcp -m tcp --dport " + ports, "-p udp --dport " + ports,
                                                        "-p tcp -m multiport --dports 135,5001,6000:6100",
                                                        "-p tcp ! --dport " + ports, "-p tcp --sport " + ports});
            const std::string state =
                random.chance(1, 6)
                    ? "-m state --state " + any_of(random, std::vector<std::string>{"NEW", "ESTABLISHED", "INVALID"})
                    : "";
            std::string target = any_of(random, targets);
            if (c + 1 < chains.size() && random.chance(1, 3))
                target = (random.chance(1, 3) ? "-g " : "-j ") + chains[c + 1 + random.below(chains.size() - c - 1)];
            text += join({(by_number && random.chance(1, 2) ? "-I " : "-A ") + chains[c], any_of(random, from),
                          any_of(random, to), match, state, target});
        }
    return text + "COMMIT\n";
}

std::string cisco_file(Random& random) {
    std::string text;
    const std::vector<std::string> outside{"any", "any", "host 192.0.2.50", "192.0.2.0 0.0.0.255"};
    const std::vector<std::string> inside{"any", "host 10.0.0.10", "10.0.0.10 0.0.0.1", "host 10.0.0.12"};
    for (const std::string list : {"IN", "OUT"}) {
        if (list == "OUT" && random.chance(1, 2)) break;
        text += "ip access-list extended " + list + "\n";
        const bool numbered = random.chance(1, 3);
        for (std::uint64_t n = 1 + random.below(5); n > 0; --n) {
            const std::string protocol = any_of(random, std::vector<std::string>{"tcp", "tcp", "udp", "ip"});
            const auto [first, last] = any_of(random, port_pool);
            const std::string ports = protocol == "ip" || random.chance(1, 4) ? ""
                                      : first == last                         ? "eq " + std::to_string(first)
                                      : last == 65535                         ? "gt " + std::to_string(first - 1)
                                                      : "range " + std::to_string(first) + " " + std::to_string(last);
            if (random.chance(1, 4)) text += " remark a note\n";
            const bool in = list == "IN";
            text += " " + (numbered ? std::to_string(20 * (8 - n)) + " " : "") +
                    join({random.chance(1, 3) ? "deny" : "permit", protocol, any_of(random, in ? outside : inside),
                          in ? "" : ports, any_of(random, in ? inside : outside), in ? ports : "",
                          protocol == "tcp" && random.chance(1, 5) ? "established" : ""});
        }
        text += "!\n";
    }
    return text;
}

// ---- needs ----

fw::mend::MendTask random_task(Random& random) {
    fw::mend::MendTask task;
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
        fw::mend::NeededFlow flow;
        flow.protocol = random.chance(3, 4) ? wire::Protocol::tcp : wire::Protocol::udp;
        flow.from = flow.protocol == wire::Protocol::udp && random.chance(2, 3) ? fw::Side::server : fw::Side::client;
        flow.client = clients.front();
        flow.clients =
            any_of(random, std::vector<wire::Prefix>{wire::Prefix::host(flow.client), wire::Prefix::of(flow.client, 24),
                                                     wire::Prefix::any(wire::Family::ipv4)});
        flow.server = servers[random.below(2)];
        for (std::uint64_t p = 1 + random.below(2); p > 0; --p)
            flow.ports.push_back(
                only(static_cast<unsigned>(any_of(random, std::vector<unsigned>{135, 5001, 5003, 6001, 139}))));
        flow.note = random.chance(1, 2) ? "a service" : "";
        task.needed.push_back(std::move(flow));
    }
    task.close_excess = random.chance(1, 2);
    if (random.chance(1, 2)) task.may_stay_tcp = {only(139), range(5000, 5010)};
    return task;
}

// ---- the judge, written again ----

Ranges open_to(const fw::SharedRules& rules, wire::Protocol protocol, const wire::IpAddress& client,
               const wire::IpAddress& server, fw::Side from, bool by_rule_only = false) {
    Ranges ports;
    for (const fw::exact::OpenPorts& open : fw::exact::open_ports(rules, {}, protocol, client, server, from))
        if (!by_rule_only || open.by) ports.push_back(open.ports);
    return wire::normalized(std::move(ports));
}

Ranges needed(const fw::mend::MendTask& task, wire::Protocol protocol, const wire::IpAddress& client,
              const wire::IpAddress& server, fw::Side from) {
    Ranges ports;
    for (const fw::mend::NeededFlow& f : task.needed)
        if (f.protocol == protocol && f.from == from && f.server == server && f.clients.contains(client))
            ports.insert(ports.end(), f.ports.begin(), f.ports.end());
    return wire::normalized(std::move(ports));
}

void judge(const fw::SharedRules& before, const fw::SharedRules& after, const fw::mend::MendTask& task) {
    for (const fw::mend::NeededFlow& f : task.needed)
        for (const wire::PortRange& ports : f.ports) {
            const bool by_client = f.from == fw::Side::client;
            const wire::Endpoint client{f.client, by_client ? fw::exact::calling_port : ports.first};
            const wire::Endpoint server{f.server, by_client ? ports.first : fw::exact::calling_port};
            const fw::exact::ProbeResult result =
                f.protocol == wire::Protocol::tcp ? fw::exact::probe_tcp(after, {}, client, server, f.from)
                                                  : fw::exact::probe_udp(after, {}, client, server, f.from, by_client);
            BOOST_TEST(result.passed());
        }
    for (const wire::IpAddress& client : clients)
        for (const wire::IpAddress& server : servers)
            for (const wire::Protocol protocol : {wire::Protocol::tcp, wire::Protocol::udp})
                for (const fw::Side from : {fw::Side::client, fw::Side::server}) {
                    const Ranges was = open_to(before, protocol, client, server, from);
                    const Ranges is = open_to(after, protocol, client, server, from);
                    const Ranges may = needed(task, protocol, client, server, from);
                    BOOST_TEST(wire::without(wire::without(is, was), may).empty());  // nothing beside the needed
                    const bool ours = std::any_of(task.needed.begin(), task.needed.end(),
                                                  [&](const fw::mend::NeededFlow& f) { return f.server == server; });
                    if (!ours || !task.close_excess) BOOST_TEST(wire::without(was, is).empty());  // nothing closed
                    if (!ours || !task.close_excess || client != clients.front() || from != fw::Side::client) continue;
                    Ranges allowed = may;
                    const Ranges& stays = protocol == wire::Protocol::tcp ? task.may_stay_tcp : task.may_stay_udp;
                    allowed.insert(allowed.end(), stays.begin(), stays.end());
                    BOOST_TEST(wire::without(open_to(after, protocol, client, server, from, true), allowed).empty());
                    const Ranges surplus =
                        wire::without(open_to(before, protocol, client, server, from, true), allowed);
                    BOOST_TEST((wire::without(surplus, is) == surplus));  // closed, not left to the default
                    BOOST_TEST(wire::without(wire::without(was, wire::without(was, allowed)), is).empty());
                }
}

void try_many(Syntax syntax, std::uint64_t seed, std::string (*file)(Random&)) {
    constexpr int rounds = 400;
    int changed = 0, refused = 0;
    for (int round = 0; round < rounds; ++round) {
        Random random(seed * 1000 + static_cast<std::uint64_t>(round));
        const std::string text = file(random);
        const fw::mend::MendTask task = random_task(random);
        const fw::import::ImportOptions options = options_for(syntax, text);
        BOOST_TEST_CONTEXT("round " << round << "\n" << text) {
            const fw::SharedRules before = read(syntax, text, options);
            const auto result = mend(syntax, text, task);
            if (!result) {  // full lists are the only good reason
                BOOST_TEST(result.error().find("resequence") != std::string::npos, result.error());
                ++refused;
                continue;
            }
            BOOST_TEST_CONTEXT("became\n" << result->text) {
                judge(before, read(syntax, result->text, options), task);
                BOOST_TEST(applied(text, result->edits) == result->text);
                const auto again = mend(syntax, result->text, task);
                BOOST_REQUIRE(again.has_value());
                BOOST_TEST(again->text == result->text);
            }
            changed += result->edits.empty() ? 0 : 1;
        }
    }
    BOOST_TEST(changed > rounds / 2);
    BOOST_TEST(refused < rounds / 20);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mend_random)

BOOST_AUTO_TEST_CASE(native_files) { try_many(Syntax::native, 1, native_file); }
BOOST_AUTO_TEST_CASE(iptables_files) { try_many(Syntax::iptables, 2, iptables_file); }
BOOST_AUTO_TEST_CASE(cisco_files) { try_many(Syntax::cisco, 3, cisco_file); }

BOOST_AUTO_TEST_SUITE_END()
