// One value of a simulated Windows registry, and the place in a `.reg` file that wrote it last.
//
// Data is kept the way a program reads it: REG_DWORD of four octets is a number, text types are UTF-8 text,
// REG_MULTI_SZ is a list. Everything else, and everything whose octets do not fit its type (a REG_DWORD of three
// octets), stays as octets: a program that asks for a number does not get one. No size limits here; the reader of files
// sets them.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/diagnostic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fakeserver {

namespace base = sim::base;

// The numbers are those of winnt.h, which `hex(N):` writes out. Numbers without a name are legal.
enum class ValueType : std::uint32_t {
    none = 0,
    sz = 1,
    expand_sz = 2,
    binary = 3,
    dword = 4,
    dword_big_endian = 5,
    link = 6,
    multi_sz = 7,
    qword = 11,
};

// "REG_DWORD"; "type 0x20" for a number without a name.
std::string format(ValueType type);

using ValueData = std::variant<base::Bytes, std::uint32_t, std::uint64_t, std::string, std::vector<std::string>>;

// Where a value came from, good enough to show with a caret long after the file is gone.
struct Written {
    base::Place place;        // of the value's name
    std::string source_line;  // the text of that line

    bool operator==(const Written&) const = default;
};

struct RegistryValue {
    std::string name;  // as the last writer spelled it; empty = the key's default value (`@`)
    ValueType type = ValueType::none;
    ValueData data;
    Written written;

    bool operator==(const RegistryValue&) const = default;
};

// The number of a well-formed REG_DWORD, else nothing.
std::optional<std::uint32_t> as_dword(const RegistryValue& value);
// The text of a REG_SZ or REG_EXPAND_SZ, else null. Valid as long as the value.
const std::string* as_text(const RegistryValue& value);
// The strings of a REG_MULTI_SZ, else null. Valid as long as the value.
const std::vector<std::string>* as_list(const RegistryValue& value);

// "REG_DWORD 5000 (0x00001388)", "REG_SZ "5000"", "REG_MULTI_SZ "5000-5100"": one printable line, cut when long.
std::string format_data(const RegistryValue& value);

}  // namespace fakeserver
