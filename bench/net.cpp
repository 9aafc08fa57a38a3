// How fast virtual time passes: the bare scheduler, a packet over a link, a TCP conversation, and a whole small world.
#include "sim/firewall/import/native.hpp"
#include "sim/net/host.hpp"
#include "sim/net/link.hpp"
#include "sim/world/world.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace sim;
using namespace std::chrono_literals;

const wire::IpAddress client_address = wire::IpAddress::v4(192, 0, 2, 50);
const wire::IpAddress server_address = wire::IpAddress::v4(10, 0, 0, 10);

// The hold model: each event posts one more, so the number of pending ones stays as the argument says.
struct Hold final : net::Scheduler::Target {
    net::Scheduler scheduler;
    base::Random random{1};
    void fire(std::uint64_t token, base::SimTime now) override {
        scheduler.at(now + base::SimDuration{static_cast<std::int64_t>(random.next() % 1'000'000)}, *this, token);
    }
};

void scheduler_events(benchmark::State& state) {
    Hold hold;
    for (std::int64_t n = 0; n < state.range(0); ++n) hold.fire(0, base::time_zero);
    for (auto _ : state) hold.scheduler.step();
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(scheduler_events)->Arg(16)->Arg(1'000)->Arg(100'000);

void scheduler_timers_set_and_cancelled(benchmark::State& state) {
    Hold hold;
    for (auto _ : state) hold.scheduler.cancel(hold.scheduler.at(base::SimTime{3s}, hold, 0));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(scheduler_timers_set_and_cancelled);

struct Sink final : net::Node {
    void receive(net::Packet packet, base::SimTime) override { benchmark::DoNotOptimize(packet.octets.data()); }
};

void packet_over_a_link(benchmark::State& state) {
    net::Scheduler scheduler;
    Sink sink;
    net::Link link(scheduler, {.latency = 10ms}, base::Random(1), sink);
    for (auto _ : state) {
        link.receive({base::Bytes(100)}, scheduler.now());
        scheduler.step();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(packet_over_a_link);

// Answers what it hears; closes when the peer does, or when it has what it asked for.
struct Talker final : net::Program {
    net::Host* host = nullptr;
    std::string question;
    bool done = false;
    net::Cookie accepted(net::SocketId, const wire::Endpoint&, const wire::Endpoint&) override { return 0; }
    void connected(net::SocketId s, net::Cookie, const wire::Endpoint&, const wire::Endpoint&) override {
        host->send(s, base::Bytes(question.begin(), question.end()));
    }
    void connect_failed(net::SocketId, net::Cookie, const net::ConnectFailure&) override {}
    void received(net::SocketId s, net::Cookie, base::ByteView octets) override {
        if (question.empty()) return host->send(s, base::Bytes(octets.begin(), octets.end()));
        host->close(s);
    }
    void peer_closed(net::SocketId s, net::Cookie) override { host->close(s); }
    void reset(net::SocketId, net::Cookie, net::ResetCause) override {}
    void finished(net::SocketId, net::Cookie) override { done = true; }
    void datagram(net::SocketId, net::Cookie, const wire::Endpoint&, base::ByteView) override {}
};

struct Door final : net::Node {
    net::Host* host = nullptr;
    void receive(net::Packet packet, base::SimTime now) override { host->receive(std::move(packet), now); }
};

// Handshake, question, answer, close: 9 packets.
void tcp_conversation(benchmark::State& state) {
    net::Scheduler scheduler;
    Door client_door, server_door;
    net::Link there(scheduler, {.latency = 10ms}, base::Random(1), server_door);
    net::Link back(scheduler, {.latency = 10ms}, base::Random(1), client_door);
    const net::HostSettings client_settings{.addresses = {client_address}},
        server_settings{.addresses = {server_address}};
    net::Host client(scheduler, client_settings, base::Random(1), there);
    net::Host server(scheduler, server_settings, base::Random(2), back);
    client_door.host = &client;
    server_door.host = &server;
    Talker asks, answers;
    asks.host = &client;
    asks.question.assign(100, 'q');
    answers.host = &server;
    for (auto _ : state) {
        scheduler.reset();
        client.reset(client_settings, base::Random(1));
        server.reset(server_settings, base::Random(2));
        server.listen(answers, wire::Port{135});
        asks.done = false;
        (void)client.connect(asks, 0, {server_address, wire::Port{135}});
        scheduler.run();
        if (!asks.done) state.SkipWithError("the conversation did not end");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(tcp_conversation);

class Echo final : public actor::Actor {
public:
    void handle(const actor::Event& event, base::SimTime, actor::Actions& out) override {
        if (std::holds_alternative<actor::Started>(event)) out.push_back(actor::Listen{wire::Port{135}});
        if (const auto* r = std::get_if<actor::Received>(&event))
            out.push_back(actor::Send{r->connection, base::Bytes(r->octets.begin(), r->octets.end())});
        if (const auto* c = std::get_if<actor::PeerClosed>(&event)) out.push_back(actor::Close{c->connection});
    }
};

class Asker final : public actor::Actor {
public:
    bool answered = false;
    void handle(const actor::Event& event, base::SimTime, actor::Actions& out) override {
        if (std::holds_alternative<actor::Started>(event))
            out.push_back(actor::Connect{{2}, {server_address, wire::Port{135}}});
        if (std::holds_alternative<actor::Connected>(event)) out.push_back(actor::Send{{2}, base::Bytes(100, 'q')});
        if (std::holds_alternative<actor::Received>(event)) {
            answered = true;
            out.push_back(actor::Close{{2}});
        }
    }
};

world::WorldPlan plan(bool trace) {
    firewall::import::NativeRules rules;
    const wire::PortRange mapper[] = {wire::PortRange::only(wire::Port{135})};
    const wire::IpAddress servers[] = {server_address};
    rules.rules = firewall::import::allow_ports(mapper, servers, {});
    world::WorldPlan p;
    p.client = {.name = "client", .addresses = {client_address}};
    p.servers = {{.name = "server", .addresses = {server_address}}};
    p.firewalls = {{.name = "firewall", .rules = *firewall::import::build(rules)}};
    p.links = {{.latency = 10ms}};
    p.trace = trace;
    return p;
}

void converse(world::World& world, benchmark::State& state) {
    Echo echo;
    Asker asker;
    world.start(world::server_host(0), echo);
    world.start(world::client_host, asker);
    world.run_until_idle();
    if (!asker.answered) state.SkipWithError("no answer came through");
}

// Build, one echoed question through one firewall (9 packets), tear down.
void world_from_nothing(benchmark::State& state) {
    const world::WorldPlan p = plan(state.range(0) != 0);
    for (auto _ : state) {
        world::World world(p);
        converse(world, state);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(world_from_nothing)->ArgName("trace")->Arg(0)->Arg(1);

void world_rebuilt(benchmark::State& state) {
    const world::WorldPlan p = plan(state.range(0) != 0);
    world::World world(p);
    for (auto _ : state) {
        world.rebuild(p);
        converse(world, state);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(world_rebuilt)->ArgName("trace")->Arg(0)->Arg(1);

}  // namespace
