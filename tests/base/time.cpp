// Time in words.
#include "sim/base/time.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using namespace sim::base;

struct Case {
    SimDuration duration;
    const char* seconds;
    const char* human;
};

const Case cases[] = {
    {0ns, "0.000 s", "0 s"},
    {1ns, "0.000 s", "less than 0.001 s"},
    {499'999ns, "0.000 s", "less than 0.001 s"},
    {500'000ns, "0.001 s", "0.001 s"},
    {12ms, "0.012 s", "0.012 s"},
    {1500ms, "1.500 s", "1.5 s"},
    {3s, "3.000 s", "3 s"},
    {9'999'499us, "9.999 s", "9.999 s"},
    {9'999'500us, "10.000 s", "10 s"},
    {21'006ms, "21.006 s", "21 s"},
    {10'006ms, "10.006 s", "10 s"},
    {21s, "21.000 s", "21 s"},
    {59'499ms, "59.499 s", "59 s"},
    {59'500ms, "59.500 s", "1 min"},
    {90s, "90.000 s", "1 min 30 s"},
    {119'600ms, "119.600 s", "2 min"},
    {3599s, "3599.000 s", "59 min 59 s"},
    {3'599'700ms, "3599.700 s", "1 h"},
    {2h, "7200.000 s", "2 h"},
    {90min, "5400.000 s", "1 h 30 min"},
    {2h + 29s, "7229.000 s", "2 h"},
    {24h, "86400.000 s", "1 day"},
    {27h, "97200.000 s", "1 day 3 h"},
    {23h + 59min + 45s, "86385.000 s", "1 day"},
    {120h, "432000.000 s", "5 days"},
    {47h + 40min, "171600.000 s", "2 days"},
    {-1500ms, "-1.500 s", "-1.5 s"},
    {-1ns, "0.000 s", "0 s"},
    {SimDuration::max(), "9223372036.855 s", "106752 days"},
    {SimDuration::min(), "-9223372036.855 s", "-106752 days"},
};

BOOST_AUTO_TEST_SUITE(time_in_words)

BOOST_AUTO_TEST_CASE(durations) {
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.duration.count() << " ns") {
            BOOST_TEST(format_seconds(c.duration) == c.seconds);
            BOOST_TEST(format_human(c.duration) == c.human);
        }
    BOOST_TEST(format_seconds(time_zero + 21'006ms) == "21.006 s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
