// The names that nft writes for numbers, by the type of what is looked at, and those of rejects and logs.
#pragma once

#include "sim/firewall/verdict.hpp"
#include "sim/wire/address.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sim::firewall::import::nft {

// What kind of value a key has. Sets and maps are declared with one of these.
enum class Type : std::uint8_t {
    ipv4_addr,
    ipv6_addr,
    inet_service,
    inet_proto,
    ifname,
    icmp_type,
    icmp_code,
    icmpv6_type,
    icmpv6_code,
    tcp_flag,
    ct_state,
    ct_dir,
    nf_proto,
    ether_type,
    fragment_field,  // 16 bits of "ip frag-off"; no set has this type
};

// As in `type ipv4_addr`; absent when it is none that can be judged here.
std::optional<Type> type_by_name(std::string_view name);
std::string_view name_of(Type type);

constexpr bool is_address(Type type) { return type == Type::ipv4_addr || type == Type::ipv6_addr; }
// A set of bits: a single value without an operator asks for any of its bits.
constexpr bool is_bits(Type type) { return type == Type::tcp_flag || type == Type::ct_state; }
// The largest number of a type that is one; 0 for addresses and interface names.
std::uint32_t largest(Type type);

// The number behind a name, or behind decimal or hexadecimal digits ("0x3"); absent when it is none of the type.
std::optional<std::uint32_t> number_by_name(Type type, std::string_view name);

// Bits of `ct state`, as the kernel has them.
inline constexpr std::uint32_t state_invalid = 1, state_established = 2, state_related = 4, state_new = 8,
                               state_untracked = 64;

// "icmp" "host-unreachable": absent when that way of rejecting is none that can be played.
std::optional<RejectWith> reject_by_name(std::string_view type, std::string_view name);
// The other way: "host-unreachable" as nft says it in this family; `both`: as `icmpx` says it.
std::string_view reject_name(RejectWith with, wire::Family family, bool both);

std::optional<std::uint8_t> log_level(std::string_view name);

}  // namespace sim::firewall::import::nft
