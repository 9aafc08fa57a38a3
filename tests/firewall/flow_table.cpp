// The connection table against a plain map: random insertions, deletions, times that pass; one at a time and many at
// once.
#include "sim/firewall/flow_table.hpp"

#include "sim/base/random.hpp"
#include "sim/firewall/tuple_index.hpp"
#include "tests/firewall/packets.hpp"

#include <map>
#include <memory_resource>
#include <tuple>

using namespace packets;

namespace {

using Key = std::tuple<wire::IpAddress, wire::IpAddress, std::uint16_t, std::uint16_t, std::uint8_t>;
Key key(const fw::Tuple& t) { return {t.source, t.target, t.source_part, t.target_part, t.protocol}; }

class Flows {
public:
    explicit Flows(std::uint64_t seed) : random(seed) {}

    fw::Tuple tuple() {
        const bool v4 = random.chance(3, 4);
        const auto address = [&] {
            return v4 ? wire::IpAddress::v4(10U << 24U | static_cast<std::uint32_t>(random.below(5)))
                      : wire::IpAddress::v6(random.below(2), random.below(2));
        };
        fw::Tuple made;
        made.source = address();
        made.target = address();
        made.source_part = static_cast<std::uint16_t>(1000 + random.below(3));
        made.target_part = static_cast<std::uint16_t>(1000 + random.below(3));
        made.protocol = random.chance(1, 2) ? 6 : 17;
        return made;
    }
    base::Random random;
};

// What the table should hold.
struct Model {
    std::map<Key, std::pair<std::uint32_t, fw::FlowSide>> tuples;
    std::map<std::uint32_t, fw::Entry> entries;

    void erase(std::uint32_t index) {
        std::erase_if(tuples, [&](const auto& t) { return t.second.first == index; });
        entries.erase(index);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(flow_table)

BOOST_AUTO_TEST_CASE(finds_what_a_plain_map_finds) {
    std::size_t hits = 0, over = 0, taken = 0, left = 0;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        Flows flows(seed);
        fw::FlowTable table;
        Model model;
        base::SimTime now = base::time_zero;
        for (int round = 0; round < 400; ++round) {
            now += std::chrono::seconds{flows.random.below(3)};
            for (std::uint64_t n = flows.random.below(8); n > 0; --n) {
                fw::Entry entry;
                entry.original = flows.tuple();
                const bool translated = flows.random.chance(1, 3);
                entry.reply = *fw::reversed(translated ? flows.tuple() : entry.original);
                entry.expires = now + std::chrono::seconds{flows.random.between(1, 60)};
                // The tracker inserts only what was not found; the table knows what to do with the rest, too.
                if (flows.random.chance(3, 4) && table.find(entry.original, now)) continue;
                for (const fw::Tuple& tuple : {entry.original, entry.reply})
                    if (const auto old = model.tuples.find(key(tuple)); old != model.tuples.end()) {
                        const bool lives = model.entries.at(old->second.first).expires > now;
                        if (!lives) model.erase(old->second.first);
                        taken += lives ? 1U : 0U;
                        left += lives ? 0U : 1U;
                    }
                const std::uint32_t index = table.insert(entry, now);
                model.erase(index);  // of one that was over and was swept away
                model.entries[index] = entry;
                model.tuples[key(entry.original)] = {index, fw::FlowSide::original};
                model.tuples.try_emplace(key(entry.reply), index, fw::FlowSide::reply);
            }
            if (!model.entries.empty() && flows.random.chance(1, 3)) {
                auto victim = model.entries.begin();
                std::advance(victim, static_cast<std::ptrdiff_t>(flows.random.below(model.entries.size())));
                const bool there = victim->second.expires > now;
                const std::uint32_t index = victim->first;
                if (there) table.erase(index);
                model.erase(index);
            }
            std::vector<fw::Tuple> asked(flows.random.below(80));
            for (fw::Tuple& t : asked) t = flows.tuple();
            std::vector<std::optional<fw::FlowTable::Found>> found(asked.size());
            // Alternately first together and first alone: what is over is swept away when it is met.
            if (round % 2 == 0) table.find(asked, now, found);
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < asked.size(); ++i) {
                const auto known = model.tuples.find(key(asked[i]));
                const bool there = known != model.tuples.end();
                const bool alive = there && model.entries.at(known->second.first).expires > now;
                const auto one = table.find(asked[i], now);
                if (round % 2 != 0) found[i] = one;
                wrong += one.has_value() == alive && found[i].has_value() == alive ? 0U : 1U;
                if (alive && one && found[i])
                    wrong += one->index == known->second.first && one->side == known->second.second &&
                                     found[i]->index == one->index && found[i]->side == one->side
                                 ? 0U
                                 : 1U;
                hits += alive ? 1U : 0U;
                over += there && !alive ? 1U : 0U;
            }
            if (round % 2 != 0) {
                const std::vector<std::optional<fw::FlowTable::Found>> alone = found;
                table.find(asked, now, found);
                for (std::size_t i = 0; i < asked.size(); ++i)
                    wrong += alone[i].has_value() == found[i].has_value() ? 0U : 1U;
            }
            BOOST_TEST(wrong == 0U, "seed " << seed << ", round " << round);
            std::uint64_t serial = 0;
            std::size_t living = 0;
            for (const fw::Entry* entry : table.living(now)) {
                BOOST_TEST(entry->serial > serial);
                serial = entry->serial;
                ++living;
            }
            BOOST_TEST(living ==
                       static_cast<std::size_t>(std::count_if(model.entries.begin(), model.entries.end(),
                                                              [&](const auto& e) { return e.second.expires > now; })));
        }
    }
    BOOST_TEST(hits > 3000U);
    BOOST_TEST(over > 100U);
    BOOST_TEST(taken > 100U);
    BOOST_TEST(left > 100U);
}

// All that a table holds, it has from where it was told.
BOOST_AUTO_TEST_CASE(a_table_keeps_to_its_memory) {
    std::vector<std::byte> room(std::size_t{1} << 20U);
    std::pmr::monotonic_buffer_resource memory(room.data(), room.size(), std::pmr::null_memory_resource());
    std::pmr::memory_resource* const before = std::pmr::set_default_resource(std::pmr::null_memory_resource());
    fw::FlowTable table(&memory);
    Flows flows(1);
    for (int i = 0; i < 500; ++i) {
        fw::Entry entry;
        entry.original = flows.tuple();
        entry.reply = *fw::reversed(entry.original);
        entry.expires = at(1s);
        table.insert(entry, base::time_zero);
        if (i == 100) table.clear();
    }
    std::pmr::set_default_resource(before);
    BOOST_TEST(table.memory() > 100U * sizeof(fw::Entry));
}

// Tags that crowd into one bucket go on to the next ones, and what is erased is gone.
BOOST_AUTO_TEST_CASE(an_index_with_crowded_buckets) {
    fw::TupleIndex index;
    base::Random random(1);
    std::map<std::uint32_t, std::uint32_t> model;  // value to tag
    std::size_t wrong = 0;
    for (std::uint32_t round = 0; round < 20'000; ++round) {
        const std::uint32_t tag = static_cast<std::uint32_t>(random.below(3) << 30U | random.below(4) << 1U) | 1U;
        if (model.size() < 300 && random.chance(2, 3)) {
            index.insert(tag, round);
            model[round] = tag;
        } else if (!model.empty()) {
            auto gone = model.begin();
            std::advance(gone, static_cast<std::ptrdiff_t>(random.below(model.size())));
            index.erase(gone->second, gone->first);
            wrong +=
                index.find(gone->second, [&](std::uint32_t v) { return v == gone->first; }) == fw::TupleIndex::nowhere
                    ? 0U
                    : 1U;
            index.erase(gone->second, gone->first);  // once more: nothing happens
            model.erase(gone);
        }
        if (round % 50 == 0)
            for (const auto& [value, of] : model)
                wrong +=
                    index.find(of, [&, wanted = value](std::uint32_t v) { return v == wanted; }) == value ? 0U : 1U;
    }
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(index.memory() < 64U * 1024U);
}

BOOST_AUTO_TEST_SUITE_END()
