// base::Random: the published generator, fair distributions, and forks that do not disturb each other.
#include "sim/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <vector>

namespace {

using sim::base::Random;

std::vector<std::uint64_t> first_draws(Random random, std::size_t count = 8) {
    std::vector<std::uint64_t> draws;
    for (std::size_t i = 0; i < count; ++i) draws.push_back(random.next());
    return draws;
}

BOOST_AUTO_TEST_SUITE(random_numbers)

// Computed with an independent implementation of SplitMix64 and xoshiro256++ from the authors' description. They pin
// every scenario's outcome: a change here changes each recorded run.
BOOST_AUTO_TEST_CASE(the_generator_is_the_published_one) {
    const std::vector<std::uint64_t> expected = {0x53175d61490b23df, 0x61da6f3dc380d507, 0x5c0fdf91ec9a7bfc,
                                                 0x02eebf8c3bbe5e1a};
    BOOST_TEST(first_draws(Random(0), expected.size()) == expected, boost::test_tools::per_element());
    const std::vector<std::uint64_t> of_42 = {0xd0764d4f4476689f, 0x519e4174576f3791, 0xfbe07cfb0c24ed8c,
                                              0xb37d9f600cd835b8};
    BOOST_TEST(first_draws(Random(42), of_42.size()) == of_42, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(draws_stay_within_their_bounds) {
    Random random(7);
    for (const std::uint64_t bound : {1UL, 2UL, 3UL, 1000UL, 1UL << 63U, ~0UL})
        for (int i = 0; i < 200; ++i) BOOST_TEST(random.below(bound) < bound);
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t drawn = random.between(5000, 5003);
        BOOST_TEST((drawn >= 5000 && drawn <= 5003));
    }
    BOOST_TEST(random.between(9, 9) == 9U);
    std::set<std::uint64_t> whole_range;
    for (int i = 0; i < 50; ++i) whole_range.insert(random.between(0, ~std::uint64_t{0}));
    BOOST_TEST(whole_range.size() == 50U);
}

// The 99.9999 % bound of chi-square with 9 degrees of freedom is about 46; the seed is fixed, so this never flickers.
BOOST_AUTO_TEST_CASE(no_value_is_favoured) {
    Random random(1998);
    std::array<double, 10> counts{};
    constexpr int draws = 100'000;
    for (int i = 0; i < draws; ++i) ++counts[random.below(10)];
    double chi_square = 0;
    for (const double count : counts) chi_square += (count - draws / 10.0) * (count - draws / 10.0) / (draws / 10.0);
    BOOST_TEST(chi_square < 46.0);
}

// With a bound of 3/4 of 2^64, taking the remainder alone would make the lower third twice as likely as the rest.
BOOST_AUTO_TEST_CASE(a_huge_bound_is_not_biased) {
    Random random(3);
    const std::uint64_t bound = (~std::uint64_t{0} / 4 + 1) * 3;
    int lowest_third = 0;
    for (int i = 0; i < 30'000; ++i) lowest_third += random.below(bound) < bound / 3 ? 1 : 0;
    BOOST_TEST(lowest_third > 9'600);
    BOOST_TEST(lowest_third < 10'400);
}

BOOST_AUTO_TEST_CASE(chances_are_met) {
    Random random(11);
    int hits = 0;
    for (int i = 0; i < 100'000; ++i) hits += random.chance(1, 4) ? 1 : 0;
    BOOST_TEST(hits > 24'500);
    BOOST_TEST(hits < 25'500);
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(!random.chance(0, 10));
        BOOST_TEST(random.chance(10, 10));
    }
}

BOOST_AUTO_TEST_CASE(a_certain_chance_draws_as_an_uncertain_one_does) {
    Random certain(5);
    Random uncertain(5);
    (void)certain.chance(0, 100);
    (void)uncertain.chance(50, 100);
    BOOST_TEST(certain.next() == uncertain.next());
}

BOOST_AUTO_TEST_CASE(a_fork_depends_on_seed_and_name_alone) {
    Random drawn(99);
    for (int i = 0; i < 1000; ++i) (void)drawn.next();
    BOOST_TEST(first_draws(drawn.fork("server")) == first_draws(Random(99).fork("server")),
               boost::test_tools::per_element());

    std::set<std::uint64_t> firsts = {Random(99).next()};
    const Random root(99);
    for (const char* name : {"", "a", "b", "ab", "ba", "server", "client"}) firsts.insert(root.fork(name).next());
    firsts.insert(root.fork("a").fork("b").next());
    firsts.insert(root.fork("b").fork("a").next());
    firsts.insert(Random(98).fork("server").next());
    BOOST_TEST(firsts.size() == 11U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
