// Short ways to write registries in tests.
#pragma once

#include "fakeserver/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace fakeserver::testing {

// Parsed out of a heap block of exactly its size, so that a sanitizer sees any overread.
inline base::Result<RegistryFile, base::Diagnostics> parse_text(std::string_view text, std::string name = "test.reg") {
    const auto block = std::make_unique<base::Byte[]>(text.size());
    if (!text.empty()) std::memcpy(block.get(), text.data(), text.size());
    return parse_registry_file(std::move(name), base::ByteView(block.get(), text.size()));
}

inline std::string services(std::string_view key) {
    return "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\" + std::string(key) + "]\n";
}

// The body of a REGEDIT4 file; it must parse.
inline Registry registry_of(std::string_view body) {
    Registry registry;
    const auto file = parse_text("REGEDIT4\n\n" + std::string(body));
    BOOST_REQUIRE_MESSAGE(file.has_value(), (file ? std::string() : base::format(file.error().front())));
    registry.import(*file);
    return registry;
}

inline constexpr std::string_view rpc_internet_key = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc\\Internet]\n";

// hex(7) of single-octet strings.
inline std::string multi_sz(std::initializer_list<std::string_view> strings) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "hex(7):";
    for (const std::string_view text : strings) {
        for (const char c : text) {
            out += digits[static_cast<unsigned char>(c) >> 4U];
            out += digits[static_cast<unsigned char>(c) & 15U];
            out += ',';
        }
        out += "00,";
    }
    return out + "00";
}

}  // namespace fakeserver::testing
