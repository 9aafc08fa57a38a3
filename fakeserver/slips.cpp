#include "fakeserver/slips.hpp"

#include <fmt/format.h>

namespace fakeserver {

bool looks_typed_in_hex(unsigned number) {
    if (number == 0x1225 || number == 0x1226) return true;
    if (number < 0x5000 || number > 0x9999 || number % 100 == 0) return false;
    for (unsigned digits = number; digits != 0; digits >>= 4U)
        if ((digits & 15U) > 9) return false;
    return true;
}

std::optional<wire::Port> port_of_hex_digits(std::uint32_t number) {
    std::uint32_t port = 0;
    const std::string digits = fmt::format("{:x}", number);
    if (digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    for (const char digit : digits) port = port * 10 + static_cast<std::uint32_t>(digit - '0');
    return port >= 1 && port <= 65535 ? std::optional(wire::Port{static_cast<std::uint16_t>(port)}) : std::nullopt;
}

std::optional<wire::Port> port_in(const RegistryValue& value) {
    std::uint64_t number = as_dword(value).value_or(0);
    if (const std::string* text = as_text(value)) {
        if (text->empty() || text->size() > 5 || text->find_first_not_of("0123456789") != std::string::npos)
            return std::nullopt;
        number = std::stoul(*text);
    }
    if (number < 1 || number > 65535) return std::nullopt;
    return wire::Port{static_cast<std::uint16_t>(number)};
}

std::optional<wire::Port> port_of_export_digits(wire::Port port) {
    const unsigned long meant = std::stoul(std::to_string(port.value), nullptr, 16);
    return meant <= 65535 && meant != port.value ? std::optional(wire::Port{static_cast<std::uint16_t>(meant)})
                                                 : std::nullopt;
}

std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts(1);
    for (const char c : path) {
        if (c == '\\')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

bool one_slip(const std::string& typed, const std::string& word) {
    const std::string& longer = typed.size() > word.size() ? typed : word;
    const std::string& shorter = typed.size() > word.size() ? word : typed;
    if (longer.size() > shorter.size() + 1 || typed == word) return false;
    std::size_t at = 0;
    while (at < shorter.size() && shorter[at] == longer[at]) ++at;
    return longer.substr(at + 1) == shorter.substr(longer.size() == shorter.size() ? at + 1 : at);
}

}  // namespace fakeserver
