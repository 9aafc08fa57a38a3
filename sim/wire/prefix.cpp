#include "sim/base/diagnostic.hpp"
#include "sim/wire/address.hpp"
#include "sim/wire/decimal.hpp"

#include <fmt/format.h>

#include <bit>

namespace sim::wire {

base::Result<Prefix, std::string> Prefix::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return base::failure(address.error());
    if (slash == std::string_view::npos) return host(*address);

    const std::string_view tail = text.substr(slash + 1);
    const unsigned longest = address->is_v4() ? 32 : 128;
    if (tail.find_first_of(".:") == std::string_view::npos) {
        if (const auto length = parse_decimal(tail, longest)) return of(*address, *length);
        return base::failure(fmt::format("\"{}\" is no prefix length: after the slash stands a number from 0 to {}",
                                         base::printable(tail, 60), longest));
    }
    const auto mask = IpAddress::parse(tail);
    if (!mask) return base::failure(mask.error());
    if (mask->family() != address->family())
        return base::failure(std::string("the address and its mask are of different IP versions"));
    return Prefix(*address, *mask);
}

int Prefix::length() const {
    // Seen as one 128-bit number with the mask at its upper end; a mask is whole when its zeros are one run.
    const std::uint64_t high = mask_.is_v4() ? mask_.low() << 32U : mask_.high();
    const std::uint64_t low = mask_.is_v4() ? 0 : mask_.low();
    const int length = std::countl_one(high) == 64 ? 64 + std::countl_one(low) : std::countl_one(high);
    const int ones = std::popcount(high) + std::popcount(low);
    return ones == length ? length : -1;
}

std::string Prefix::format() const {
    const int ones = length();
    if (ones == (address_.is_v4() ? 32 : 128)) return address_.format();
    if (ones >= 0) return fmt::format("{}/{}", address_.format(), ones);
    return fmt::format("{}/{}", address_.format(), mask_.format());
}

}  // namespace sim::wire
