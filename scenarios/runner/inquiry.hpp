// A question to the firewalls of a scenario: would this packet pass, and which rule says so?
#pragma once

#include "scenarios/runner/stage.hpp"
#include "sim/base/result.hpp"
#include "sim/firewall/exact/witness.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scenarios::runner {

struct Inquiry {
    std::optional<wire::IpAddress> from;  // absent: the client
    std::optional<wire::IpAddress> to;    // absent: the first server
    std::optional<wire::Port> from_port;
    std::optional<wire::Port> to_port;  // absent: the packet that decided the rehearsal
    bool udp = false;
    // In place of ports and addresses: a packet of the rehearsal by its number, or one written down (witness.hpp).
    std::uint32_t journey = 0;
    std::optional<firewall::exact::Witness> written;
    bool answer = false;     // go on with the server's answer to it
    std::uint64_t seed = 0;  // of the rehearsal; 0: the first start
};

// Why there is no packet to ask about.
enum class NoInquiry : std::uint8_t { nothing_refused, no_such_packet, no_octets, other_family };
std::string_view sentence(NoInquiry why);

// The packet through every firewall on its way, phase by phase, as text.
[[nodiscard]] base::Result<std::string, NoInquiry> inquire(const StagedVariant& variant, const Inquiry& inquiry);

}  // namespace scenarios::runner
