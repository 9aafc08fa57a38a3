// Look-ups in the connection table: flows that are there, any of them, in random order and in either direction, one at
// a time and many at once, with 10, 1,000, 100,000 and a million flows. "many_at_once" and "one_at_a_time" have their
// memory in large pages, as the program has; "ordinary_pages" do without; "flat_map" is the library's flat map, which
// the table was made of before. The clock stands while the questions are made. "ns" is nanoseconds of processor time a
// look-up, the label what the table holds in octets a flow.
#include "sim/firewall/flow_table.hpp"
#include "sim/live/large_pages.hpp"

#include <benchmark/benchmark.h>
#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace {

namespace base = sim::base;
namespace wire = sim::wire;
using sim::firewall::Entry;
using sim::firewall::FlowTable;
using sim::firewall::Tuple;
using sim::firewall::TupleHash;

constexpr base::SimTime now = base::time_zero;
constexpr std::size_t asked_at_once = 2048;  // few enough to lie in the nearer caches, as arriving packets do

// One of the flows, by its number: clients that have sixteen connections each, to 64 servers.
Tuple flow(std::uint32_t i) {
    const std::uint32_t mixed = i * 0x9E3779B9U >> 20U;
    return {.source = wire::IpAddress::v4(192U << 24U | i / 16),
            .target = wire::IpAddress::v4(10U << 24U | mixed % 64),
            .source_part = static_cast<std::uint16_t>(1024 + i % 16 * 7),
            .target_part = static_cast<std::uint16_t>(5000 + mixed / 64 % 4),
            .protocol = 6};
}
Tuple swapped(const Tuple& t) { return {t.target, t.source, t.target_part, t.source_part, t.protocol}; }

class Questions {
public:
    explicit Questions(std::uint64_t flows) : flows_(flows) {}
    void fill(std::span<Tuple> asked) {
        for (Tuple& tuple : asked) {
            state_ = state_ * 0x5851F42D4C957F2DU + 1;
            tuple = flow(static_cast<std::uint32_t>((state_ >> 32U) * flows_ >> 32U));
            if ((state_ >> 30U & 1U) != 0) tuple = swapped(tuple);
        }
    }

private:
    std::uint64_t flows_;
    std::uint64_t state_ = 7;
};

Entry entry(std::uint32_t i) {
    Entry made;
    made.original = flow(i);
    made.reply = swapped(made.original);
    made.expires = now + std::chrono::hours{1};
    return made;
}

// The table as it was: the tuples in the library's flat map, the entries beside it.
class OldTable {
public:
    explicit OldTable(std::pmr::memory_resource*) {}
    void insert(const Entry& entry, base::SimTime) {
        const auto index = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back(entry);
        tuples_.insert_or_assign(entry.original, FlowTable::Found{index, sim::firewall::FlowSide::original});
        tuples_.try_emplace(entry.reply, FlowTable::Found{index, sim::firewall::FlowSide::reply});
    }
    std::optional<FlowTable::Found> find(const Tuple& tuple, base::SimTime) const {
        const auto found = tuples_.find(tuple);
        if (found == tuples_.end() || entries_[found->second.index].expires <= now) return std::nullopt;
        return found->second;
    }
    std::size_t memory() const {
        return entries_.capacity() * sizeof(Entry) +
               static_cast<std::size_t>(static_cast<double>(tuples_.size()) / tuples_.load_factor() *
                                        (sizeof(Tuple) + sizeof(FlowTable::Found) + 16.0 / 15.0));
    }

private:
    boost::unordered_flat_map<Tuple, FlowTable::Found, TupleHash> tuples_;
    std::vector<Entry> entries_;
};

// On a shared machine the wall clock would count the others' turns.
double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Kept between repetitions, one at a time: filling it takes longer than asking.
template <class Table>
Table& filled(std::uint32_t count, std::pmr::memory_resource* memory) {
    static std::unique_ptr<Table> table;
    static std::pair<std::uint32_t, std::pmr::memory_resource*> of;
    if (table && of == std::pair(count, memory)) return *table;
    of = {count, memory};
    table = std::make_unique<Table>(memory);
    for (std::uint32_t i = 0; i < count; ++i) table->insert(entry(i), now);
    return *table;
}

// `ask` answers all questions of a span.
template <class Table, class Ask>
void look_up(benchmark::State& state, std::pmr::memory_resource* memory, Ask ask) {
    const auto count = static_cast<std::uint32_t>(state.range(0));
    Table& table = filled<Table>(count, memory);
    Questions questions(count);
    std::vector<Tuple> asked(asked_at_once);
    double seconds = 0;
    for (auto _ : state) {
        questions.fill(asked);
        const double begin = processor_seconds();
        ask(table, std::span<const Tuple>(asked));
        const double took = processor_seconds() - begin;
        state.SetIterationTime(took);
        seconds += took;
    }
    const auto answered = static_cast<double>(state.iterations()) * static_cast<double>(asked_at_once);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(asked_at_once));
    state.counters["ns"] = seconds * 1e9 / answered;
    state.SetLabel(std::to_string(table.memory() / count) + " octets a flow");
}

constexpr auto singly = [](auto& table, std::span<const Tuple> asked) {
    for (const Tuple& tuple : asked) benchmark::DoNotOptimize(table.find(tuple, now));
};
auto by(std::size_t batch) {
    return [found = std::vector<std::optional<FlowTable::Found>>(batch)](FlowTable& table,
                                                                         std::span<const Tuple> asked) mutable {
        for (std::size_t i = 0; i < asked.size(); i += found.size()) {
            table.find(asked.subspan(i, found.size()), now, found);
            benchmark::DoNotOptimize(found.data());
            benchmark::ClobberMemory();
        }
    };
}

void one_at_a_time(benchmark::State& state) { look_up<FlowTable>(state, &sim::live::large_pages(), singly); }
void many_at_once(benchmark::State& state) {
    look_up<FlowTable>(state, &sim::live::large_pages(), by(static_cast<std::size_t>(state.range(1))));
}
void many_at_once_ordinary_pages(benchmark::State& state) {
    look_up<FlowTable>(state, std::pmr::new_delete_resource(), by(static_cast<std::size_t>(state.range(1))));
}
void flat_map(benchmark::State& state) { look_up<OldTable>(state, nullptr, singly); }

BENCHMARK(one_at_a_time)->Arg(10)->Arg(1000)->Arg(100'000)->Arg(1'000'000)->UseManualTime();
BENCHMARK(many_at_once)->ArgsProduct({{10, 1000, 100'000, 1'000'000}, {32, 256}})->UseManualTime();
BENCHMARK(many_at_once_ordinary_pages)->ArgsProduct({{1'000'000}, {32, 256}})->UseManualTime();
BENCHMARK(flat_map)->Arg(10)->Arg(1000)->Arg(100'000)->Arg(1'000'000)->UseManualTime();

}  // namespace
