// The names of operations, and what calls and answers of the interfaces here say, for the dissector.
#pragma once

#include "sim/rpc/byte_order.hpp"
#include "sim/rpc/syntax.hpp"

#include <cstdint>
#include <string>

namespace sim::rpc {

// "the directory (NSPI)", "the endpoint mapper", "interface 12345678-... 1.0"
std::string interface_text(const SyntaxId& interface);

// "NspiBind", "EcDoConnect", "operation 42"
std::string operation_name(const Uuid& interface, std::uint16_t opnum);

// "ept_map: where is the directory (NSPI)?"
std::string call_text(const Uuid& interface, std::uint16_t opnum, base::ByteView stub, ByteOrder order);

// "map reply: directory is on 1236", "NspiBind answered"
std::string answer_text(const Uuid& interface, std::uint16_t opnum, base::ByteView stub, ByteOrder order);

}  // namespace sim::rpc
