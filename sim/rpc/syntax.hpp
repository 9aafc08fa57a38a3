// Syntax identifiers: a UUID and a version, naming an interface or a way to encode its arguments (C706 12.6.3.1).
// On the wire 20 octets: the UUID and a u32 with the major version in its low half.
#pragma once

#include "sim/rpc/uuid.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace sim::rpc {

struct SyntaxId {
    Uuid uuid{};
    std::uint16_t major = 0;
    std::uint16_t minor = 0;

    constexpr auto operator<=>(const SyntaxId&) const = default;
};

// "a4f1db00-ca47-1067-b31f-00dd010662da 0.81"
std::string format(const SyntaxId& id);

// The only transfer syntax that is spoken here (C706 chapter 14).
inline constexpr SyntaxId ndr_syntax{"8a885d04-1ceb-11c9-9fe8-08002b104860"_uuid, 2, 0};
// Offered by 64-bit Windows; always refused here.
inline constexpr SyntaxId ndr64_syntax{"71710533-beba-4937-8319-b5dbef9ccc36"_uuid, 1, 0};

// Bind time features: a transfer syntax that is none; one octet of its UUID carries a mask of what the client can do
// (MS-RPCE 3.3.1.5.3). The mask, or nothing for any other syntax.
std::optional<std::uint8_t> bind_time_features(const SyntaxId& transfer_syntax);
SyntaxId bind_time_features_syntax(std::uint8_t mask);
inline constexpr std::uint8_t feature_security_multiplexing = 1;
inline constexpr std::uint8_t feature_keep_on_orphan = 2;

}  // namespace sim::rpc
