// Look-ups in the connection table: flows that are there, in random order, one at a time and many at once, with 1,000,
// 100,000 and a million of them; and beside it the library's flat map, which the table was made of before. The label is
// what the table holds in octets a flow.
#include "sim/base/random.hpp"
#include "sim/firewall/flow_table.hpp"

#include <benchmark/benchmark.h>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
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
constexpr std::size_t asked_count = 1U << 16U;

std::vector<Entry> flows(std::size_t count) {
    base::Random random(count);
    std::vector<Entry> made(count);
    for (std::size_t i = 0; i < count; ++i) {
        Entry& entry = made[i];
        entry.original.source = wire::IpAddress::v4(192U << 24U | static_cast<std::uint32_t>(i / 16));
        entry.original.target = wire::IpAddress::v4(10U << 24U | static_cast<std::uint32_t>(random.below(64)));
        entry.original.source_part = static_cast<std::uint16_t>(1024 + i % 16 * 7);
        entry.original.target_part = static_cast<std::uint16_t>(5000 + random.below(3));
        entry.original.protocol = 6;
        entry.reply = *reversed(entry.original);
        entry.expires = now + std::chrono::hours{1};
    }
    return made;
}

// Of flows that are there; either direction.
std::vector<Tuple> questions(const std::vector<Entry>& entries) {
    base::Random random(7);
    std::vector<Tuple> asked;
    for (std::size_t i = 0; i < asked_count; ++i) {
        const Entry& entry = entries[random.below(entries.size())];
        asked.push_back(random.chance(1, 2) ? entry.original : entry.reply);
    }
    return asked;
}

// The table as it was: the tuples in the library's flat map, the entries beside it.
class OldTable {
public:
    void insert(const Entry& entry) {
        const auto index = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back(entry);
        tuples_.insert_or_assign(entry.original, FlowTable::Found{index, sim::firewall::FlowSide::original});
        tuples_.try_emplace(entry.reply, FlowTable::Found{index, sim::firewall::FlowSide::reply});
    }
    std::optional<FlowTable::Found> find(const Tuple& tuple) const {
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

struct Tables {
    explicit Tables(std::size_t count) {
        const std::vector<Entry> entries = flows(count);
        for (const Entry& entry : entries) table.insert(entry, now);
        for (const Entry& entry : entries) old.insert(entry);
        asked = questions(entries);
    }
    FlowTable table;
    OldTable old;
    std::vector<Tuple> asked;
};
Tables& tables(std::size_t count) {
    static std::vector<std::pair<std::size_t, std::unique_ptr<Tables>>> made;
    for (auto& [of, it] : made)
        if (of == count) return *it;
    return *made.emplace_back(count, std::make_unique<Tables>(count)).second;
}

void report(benchmark::State& state, std::size_t memory) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(asked_count));
    state.SetLabel(std::to_string(memory / static_cast<std::size_t>(state.range(0))) + " octets a flow");
}

void one_at_a_time(benchmark::State& state) {
    Tables& t = tables(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state)
        for (const Tuple& tuple : t.asked) benchmark::DoNotOptimize(t.table.find(tuple, now));
    report(state, t.table.memory());
}
void many_at_once(benchmark::State& state) {
    Tables& t = tables(static_cast<std::size_t>(state.range(0)));
    std::vector<std::optional<FlowTable::Found>> found(static_cast<std::size_t>(state.range(1)));
    for (auto _ : state)
        for (std::size_t i = 0; i < asked_count; i += found.size()) {
            t.table.find({&t.asked[i], found.size()}, now, found);
            benchmark::DoNotOptimize(found.data());
            benchmark::ClobberMemory();
        }
    report(state, t.table.memory());
}
void flat_map(benchmark::State& state) {
    Tables& t = tables(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state)
        for (const Tuple& tuple : t.asked) benchmark::DoNotOptimize(t.old.find(tuple));
    report(state, t.old.memory());
}
BENCHMARK(one_at_a_time)->Arg(10)->Arg(1000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(many_at_once)->ArgsProduct({{10, 1000, 100'000, 1'000'000}, {32, 256}});
BENCHMARK(flat_map)->Arg(10)->Arg(1000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
