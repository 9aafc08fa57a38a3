// Memory in large pages is memory: aligned, writable, and given back as it was taken.
#include "sim/live/large_pages.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <vector>

BOOST_AUTO_TEST_SUITE(large_pages)

BOOST_AUTO_TEST_CASE(blocks_of_all_sizes) {
    constexpr std::size_t mebi = std::size_t{1} << 20U;
    std::pmr::memory_resource& memory = sim::live::large_pages();
    for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, 4 * mebi - 1, 4 * mebi, 4 * mebi + 1, 9 * mebi})
        for (const std::size_t alignment : {std::size_t{8}, std::size_t{128}, 4 * mebi}) {
            void* const block = memory.allocate(size, alignment);
            const auto at = reinterpret_cast<std::uintptr_t>(block);
            BOOST_TEST(at % alignment == 0U);
            if (size >= 4 * mebi) BOOST_TEST(at % (2 * mebi) == 0U);
            std::memset(block, 1, size);
            memory.deallocate(block, size, alignment);
        }
    std::pmr::vector<int> grown(&memory);
    for (int i = 0; i < 3'000'000; ++i) grown.push_back(i);
    BOOST_TEST(grown[2'999'999] == 2'999'999);
    BOOST_TEST((memory == sim::live::large_pages()));
    BOOST_TEST((memory != *std::pmr::new_delete_resource()));
}

BOOST_AUTO_TEST_SUITE_END()
