// Any text as a packet written down: what is read is written the same way again, and can be made or not, without harm.
#include "sim/firewall/exact/witness.hpp"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sim;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = firewall::exact::parse_witness(text);
    if (!read) return read.error().empty() ? std::abort(), 0 : 0;
    const std::string written = firewall::exact::format(*read);
    const auto again = firewall::exact::parse_witness(written);
    if (!again || firewall::exact::format(*again) != written) std::abort();
    if (const auto octets = firewall::exact::octets_of(*read))
        if (!wire::parse(*octets)) std::abort();
    return 0;
}
