// base::Result: the value or the reason, never both, and cheap to hand on.
#include "sim/base/result.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace {

using sim::base::failure;
using sim::base::Result;

Result<int, std::string> half(int number) {
    if (number % 2 != 0) return failure(std::string("odd"));
    return number / 2;
}

// Both sides may be types that only move.
Result<std::unique_ptr<int>, std::string> boxed(bool good) {
    if (good) return std::make_unique<int>(7);
    return failure(std::string("no"));
}

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(either_side) {
    const auto good = half(8);
    BOOST_REQUIRE(good);
    BOOST_TEST(*good == 4);
    const auto bad = half(7);
    BOOST_REQUIRE(!bad);
    BOOST_TEST(bad.error() == "odd");
}

BOOST_AUTO_TEST_CASE(what_only_moves) {
    auto good = boxed(true);
    BOOST_REQUIRE(good);
    const std::unique_ptr<int> taken = std::move(*good);
    BOOST_TEST(*taken == 7);
    BOOST_TEST(boxed(false).error() == "no");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
