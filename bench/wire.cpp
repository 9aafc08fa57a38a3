// How long one packet takes to be read and written. The sizes are those that matter: a bare ACK and a full segment.
#include "sim/wire/packet.hpp"
#include "sim/wire/pcapng.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace sim;

wire::IpHeader head(wire::Family family) {
    if (family == wire::Family::ipv4)
        return {.source = wire::IpAddress::v4(192, 0, 2, 50), .target = wire::IpAddress::v4(10, 0, 0, 10)};
    return {.source = wire::IpAddress::v6(0x20010db800000000, 0x50),
            .target = wire::IpAddress::v6(0x20010db800000000, 0x10)};
}

const wire::TcpHeader segment{.source = wire::Port{1030},
                              .target = wire::Port{135},
                              .sequence = 100,
                              .acknowledgement = 5000,
                              .flags = wire::TcpFlags{wire::TcpFlags::ack},
                              .mss = {},
                              .window_scale = {}};

// The argument is the size of an IPv4 packet in octets, its two heads of 20 included.
base::Bytes payload_of(const benchmark::State& state) {
    return base::Bytes(static_cast<std::size_t>(state.range(0)) - 40, base::Byte{0x5a});
}

void emit_tcp(benchmark::State& state, wire::Family family) {
    const wire::IpHeader ip = head(family);
    const base::Bytes payload = payload_of(state);
    for (auto _ : state) benchmark::DoNotOptimize(wire::emit_tcp(ip, segment, payload));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void parse(benchmark::State& state, wire::Family family) {
    const base::Bytes packet = wire::emit_tcp(head(family), segment, payload_of(state));
    for (auto _ : state) benchmark::DoNotOptimize(wire::parse(packet));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void checksum(benchmark::State& state) {
    const base::Bytes octets(static_cast<std::size_t>(state.range(0)), base::Byte{0x5a});
    for (auto _ : state) benchmark::DoNotOptimize(wire::internet_checksum(octets));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void summary(benchmark::State& state) {
    const base::Bytes packet = wire::emit_tcp(head(wire::Family::ipv4), segment, payload_of(state));
    const auto view = wire::parse(packet);
    for (auto _ : state) benchmark::DoNotOptimize(wire::summary(*view));
}

void capture(benchmark::State& state) {
    const base::Bytes packet = wire::emit_tcp(head(wire::Family::ipv4), segment, payload_of(state));
    base::Bytes out;
    for (auto _ : state) {
        out.clear();
        wire::PcapngWriter writer(out, "benchmark");
        const std::uint32_t side = writer.add_interface("outside", "");
        for (int i = 0; i < 100; ++i) writer.packet(side, base::time_zero, packet, "rule 1 allows it");
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * 100);
}

BENCHMARK_CAPTURE(emit_tcp, ipv4, wire::Family::ipv4)->Arg(40)->Arg(1500);
BENCHMARK_CAPTURE(emit_tcp, ipv6, wire::Family::ipv6)->Arg(40)->Arg(1500);
BENCHMARK_CAPTURE(parse, ipv4, wire::Family::ipv4)->Arg(40)->Arg(1500);
BENCHMARK_CAPTURE(parse, ipv6, wire::Family::ipv6)->Arg(40)->Arg(1500);
BENCHMARK(checksum)->Arg(20)->Arg(1500)->Arg(65535);
BENCHMARK(summary)->Arg(40);
BENCHMARK(capture)->Arg(40)->Arg(1500);

}  // namespace
