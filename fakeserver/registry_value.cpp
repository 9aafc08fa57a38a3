#include "fakeserver/registry_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace fakeserver {
namespace {

constexpr std::size_t shown_octets_max = 16;
constexpr std::size_t shown_strings_max = 8;

std::string quoted(const std::string& text) { return '"' + base::printable(text, 80) + '"'; }

std::string octets_text(const base::Bytes& octets) {
    std::string out = fmt::format("{} octets:", octets.size());
    const std::size_t shown = std::min(octets.size(), shown_octets_max);
    for (std::size_t i = 0; i < shown; ++i) out += fmt::format(" {:02x}", octets[i]);
    if (shown < octets.size()) out += " ...";
    return out;
}

std::string list_text(const std::vector<std::string>& strings) {
    if (strings.empty()) return "(empty)";
    std::string out;
    const std::size_t shown = std::min(strings.size(), shown_strings_max);
    for (std::size_t i = 0; i < shown; ++i) out += (i == 0 ? "" : ", ") + quoted(strings[i]);
    if (shown < strings.size()) out += ", ...";
    return out;
}

struct DataText {
    std::string operator()(const base::Bytes& octets) const { return octets_text(octets); }
    std::string operator()(std::uint32_t number) const { return fmt::format("{0} (0x{0:08x})", number); }
    std::string operator()(std::uint64_t number) const { return fmt::format("{0} (0x{0:016x})", number); }
    std::string operator()(const std::string& text) const { return quoted(text); }
    std::string operator()(const std::vector<std::string>& strings) const { return list_text(strings); }
};

}  // namespace

std::string format(ValueType type) {
    switch (type) {
        case ValueType::none: return "REG_NONE";
        case ValueType::sz: return "REG_SZ";
        case ValueType::expand_sz: return "REG_EXPAND_SZ";
        case ValueType::binary: return "REG_BINARY";
        case ValueType::dword: return "REG_DWORD";
        case ValueType::dword_big_endian: return "REG_DWORD_BIG_ENDIAN";
        case ValueType::link: return "REG_LINK";
        case ValueType::multi_sz: return "REG_MULTI_SZ";
        case ValueType::qword: return "REG_QWORD";
    }
    return fmt::format("type 0x{:x}", static_cast<std::uint32_t>(type));
}

std::optional<std::uint32_t> as_dword(const RegistryValue& value) {
    const auto* number = std::get_if<std::uint32_t>(&value.data);
    if (value.type != ValueType::dword || number == nullptr) return std::nullopt;
    return *number;
}

const std::string* as_text(const RegistryValue& value) {
    if (value.type != ValueType::sz && value.type != ValueType::expand_sz) return nullptr;
    return std::get_if<std::string>(&value.data);
}

const std::vector<std::string>* as_list(const RegistryValue& value) {
    if (value.type != ValueType::multi_sz) return nullptr;
    return std::get_if<std::vector<std::string>>(&value.data);
}

std::string format_data(const RegistryValue& value) {
    return format(value.type) + ' ' + std::visit(DataText{}, value.data);
}

}  // namespace fakeserver
