// Verdicts a second: rules alone over 10, 100 and 1,000 rules (the last one matches), and the whole box for a packet of
// a known connection and for a new one.
#include "sim/firewall/firewall.hpp"

#include "sim/firewall/evaluate.hpp"
#include "sim/firewall/import/native.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace sim;
using namespace sim::firewall;

const wire::IpAddress client = wire::IpAddress::v4(192, 0, 2, 50);
const wire::IpAddress server = wire::IpAddress::v4(10, 0, 0, 10);

SharedRules rules_of(std::int64_t count, bool stateful) {
    import::NativeRules rules;
    rules.stateful = stateful;
    for (std::int64_t i = 1; i < count; ++i) {
        import::NativeRule other;
        other.to.prefixes = {wire::Prefix::host(server)};
        other.ports = {wire::PortRange::only(wire::Port{static_cast<std::uint16_t>(20000 + i)})};
        rules.rules.push_back(other);
    }
    import::NativeRule last;
    last.to.prefixes = {wire::Prefix::host(server)};
    last.ports = {wire::PortRange::only(wire::Port{135})};
    rules.rules.push_back(last);
    return *import::build(rules);
}

base::Bytes packet(bool to_server, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                   std::uint16_t client_port = 1030) {
    wire::IpHeader ip;
    ip.source = to_server ? client : server;
    ip.target = to_server ? server : client;
    wire::TcpHeader tcp;
    tcp.source = wire::Port{to_server ? client_port : std::uint16_t{135}};
    tcp.target = wire::Port{to_server ? std::uint16_t{135} : client_port};
    tcp.flags.bits = flags;
    tcp.sequence = seq;
    tcp.acknowledgement = ack;
    return wire::emit_tcp(ip, tcp);
}

void rules_alone(benchmark::State& state) {
    const SharedRules rules = rules_of(state.range(0), false);
    const base::Bytes octets = packet(true, wire::TcpFlags::syn, 1, 0);
    const auto view = wire::parse(octets);
    Subject subject;
    subject.packet = &*view;
    subject.from = Side::client;
    Silent silent;
    for (auto _ : state) {
        const Facts facts = facts_of(subject);
        benchmark::DoNotOptimize(evaluate(*rules, ChainId{0}, facts, silent));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(rules_alone)->Arg(10)->Arg(100)->Arg(1000);

void known_connection(benchmark::State& state) {
    Firewall box(rules_of(state.range(0), true));
    box.judge(packet(true, wire::TcpFlags::syn, 1, 0), Side::client, base::time_zero);
    box.judge(packet(false, wire::TcpFlags::syn | wire::TcpFlags::ack, 1, 2), Side::server, base::time_zero);
    const base::Bytes ack = packet(true, wire::TcpFlags::ack, 2, 2);
    for (auto _ : state) benchmark::DoNotOptimize(box.judge(ack, Side::client, base::time_zero));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(known_connection)->Arg(10)->Arg(1000);

void stateless_packet(benchmark::State& state) {
    Firewall box(rules_of(state.range(0), false));
    const base::Bytes syn = packet(true, wire::TcpFlags::syn, 1, 0);
    for (auto _ : state) benchmark::DoNotOptimize(box.judge(syn, Side::client, base::time_zero));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(stateless_packet)->Arg(10)->Arg(100)->Arg(1000);

// A box built, one connection opened through it, and torn down: what each run of a sweep pays.
void box_for_one_connection(benchmark::State& state) {
    const SharedRules rules = rules_of(10, true);
    const base::Bytes syn = packet(true, wire::TcpFlags::syn, 1, 0);
    const base::Bytes answer = packet(false, wire::TcpFlags::syn | wire::TcpFlags::ack, 1, 2);
    for (auto _ : state) {
        Firewall box(rules);
        benchmark::DoNotOptimize(box.judge(syn, Side::client, base::time_zero));
        benchmark::DoNotOptimize(box.judge(answer, Side::server, base::time_zero));
    }
}
BENCHMARK(box_for_one_connection);

}  // namespace
