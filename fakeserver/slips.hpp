// How ports and registry names get mistyped: the radix of Regedt32 (Q148732), the digits of an export, a letter.
// Pure functions on numbers and words; what follows from them is decided by the review and the diagnosis.
#pragma once

#include "fakeserver/registry_value.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fakeserver {

namespace wire = sim::wire;

// 5000 typed in hexadecimal is 0x5000 = 20480: a number that nobody chooses, whose hexadecimal digits are a port that
// people do choose (from 5000 on, or the articles' 1225 and 1226). Round numbers are taken as meant.
bool looks_typed_in_hex(unsigned number);

// The port whose decimal digits are the hexadecimal ones of the number: 5000 for 0x5000.
std::optional<wire::Port> port_of_hex_digits(std::uint32_t number);

// The port whose hexadecimal digits, as an export shows them, were typed as this decimal number: 5000 for 1388.
std::optional<wire::Port> port_of_export_digits(wire::Port port);

// The port that a value would stand for if something read it, whatever its type.
std::optional<wire::Port> port_in(const RegistryValue& value);

// The parts of a key's path.
std::vector<std::string> parts_of(const std::string& path);

// One letter wrong, missing or too many: MSExchangelS.
bool one_slip(const std::string& typed, const std::string& word);

}  // namespace fakeserver
