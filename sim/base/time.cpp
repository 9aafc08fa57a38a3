#include "sim/base/time.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace sim::base {

namespace {

constexpr std::uint64_t nanos_per_second = 1'000'000'000;

// Negative durations are shown too ("-1.500 s"); the smallest of them has no positive twin, hence unsigned.
struct Magnitude {
    std::string_view sign;
    std::uint64_t nanos;
};

Magnitude magnitude(SimDuration duration) {
    const std::int64_t count = duration.count();
    if (count < 0) return {"-", 0 - static_cast<std::uint64_t>(count)};
    return {"", static_cast<std::uint64_t>(count)};
}

constexpr std::uint64_t rounded(std::uint64_t nanos, std::uint64_t unit) { return (nanos + unit / 2) / unit; }

std::string decimal_seconds(std::uint64_t millis) {
    std::string text = fmt::format("{}.{:03}", millis / 1000, millis % 1000);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text + " s";
}

// "1 min 30 s": a count of the larger unit and what is left in the smaller, which is silent when zero.
std::string two_units(std::uint64_t count, std::uint64_t per_large, std::string_view large, std::string_view small) {
    if (count % per_large == 0) return fmt::format("{} {}", count / per_large, large);
    return fmt::format("{} {} {} {}", count / per_large, large, count % per_large, small);
}

std::string human(std::uint64_t nanos) {
    if (nanos == 0) return "0 s";
    const std::uint64_t millis = rounded(nanos, nanos_per_second / 1000);
    if (millis == 0) return "less than 0.001 s";
    if (millis < 10'000) return decimal_seconds(millis);
    const std::uint64_t seconds = rounded(nanos, nanos_per_second);
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return two_units(seconds, 60, "min", "s");
    const std::uint64_t minutes = rounded(nanos, 60 * nanos_per_second);
    if (minutes < 24 * 60) return two_units(minutes, 60, "h", "min");
    const std::uint64_t hours = rounded(nanos, 3600 * nanos_per_second);
    return two_units(hours, 24, hours < 48 ? "day" : "days", "h");
}

}  // namespace

std::string format_seconds(SimDuration duration) {
    const auto [sign, nanos] = magnitude(duration);
    const std::uint64_t millis = rounded(nanos, nanos_per_second / 1000);
    return fmt::format("{}{}.{:03} s", millis == 0 ? "" : sign, millis / 1000, millis % 1000);
}

std::string format_human(SimDuration duration) {
    const auto [sign, nanos] = magnitude(duration);
    // A time before its beginning that rounds away is none.
    if (!sign.empty() && rounded(nanos, nanos_per_second / 1000) == 0) return "0 s";
    return fmt::format("{}{}", sign, human(nanos));
}

}  // namespace sim::base
