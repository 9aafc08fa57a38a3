// Reads `.reg` files, the text that regedit exports and imports.
//
//   REGEDIT4                                      or: Windows Registry Editor Version 5.00
//   [HKEY_LOCAL_MACHINE\SYSTEM\...\Parameters]    a key; [-HKEY_...] deletes it and everything below
//   "TCP/IP port"=dword:00001388                  hexadecimal, up to 8 digits
//   "Ports"=hex(7):35,30,\                        octets of any type; `\` continues on the next line
//     30,30,00,00
//   "Name"="text with \\ and \""   @="default"   "Gone"=-   ; comment
//
// Accepted: UTF-8 with or without BOM, UTF-16LE with BOM, and Windows-1252 for REGEDIT4 (a line that is not valid UTF-8
// makes the whole file Windows-1252); LF, CR LF, CR. In REGEDIT4 files the octets of hex(1), hex(2) and hex(7) are
// Windows-1252 text, in version 5 files UTF-16LE, as regedit writes them (REGEDIT4 text is taken as UTF-16LE when it
// plainly is: every other octet zero).
//
// All errors of a file are reported at once; a file with any error yields no edits at all. Places count in the UTF-8
// text that is shown, also for UTF-16 files. Bounds: file_octets_max, edits_max, key_depth_max, value_octets_max;
// beyond them the file is refused. Never throws, whatever the octets.
#pragma once

#include "fakeserver/registry_value.hpp"
#include "sim/base/result.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace fakeserver {

inline constexpr std::size_t file_octets_max = 4U * 1024 * 1024;
inline constexpr std::size_t edits_max = 100'000;
inline constexpr std::size_t key_depth_max = 64;  // levels below the root; Windows itself stops at 512
inline constexpr std::size_t value_octets_max = 1024U * 1024;
inline constexpr std::size_t diagnostics_max = 100;  // after that one "too-many-errors" ends the reading

// `path` is spelled as in the file, except that an abbreviated root (HKLM) is written out.
struct CreateKey {
    std::string path;
    Written written;
};
struct DeleteKey {
    std::string path;
    Written written;
};
struct SetValue {
    std::string path;
    RegistryValue value;
};
struct DeleteValue {
    std::string path;
    std::string name;
    Written written;
};

using RegistryEdit = std::variant<CreateKey, DeleteKey, SetValue, DeleteValue>;

struct RegistryFile {
    std::string name;                 // as given; appears in every place
    std::vector<RegistryEdit> edits;  // in file order
    base::Diagnostics remarks;        // warnings and notes only; also part of the failing side's list
};

// Ids: reg-empty reg-too-large reg-not-text reg-utf16-without-bom reg-utf16-odd reg-utf16-bad reg-nul
// reg-header-missing reg-header-wrong reg-not-a-reg-file reg-key-unclosed reg-key-root reg-key-empty reg-key-deep
// reg-key-text reg-value-before-key reg-value-under-deleted-key reg-value-name reg-value-equals reg-string-unclosed
// reg-string-escape reg-string-text reg-dword reg-hex reg-hex-type reg-hex-cut reg-value-kind reg-value-long
// reg-too-many too-many-errors; warnings: reg-root-abbreviated reg-header-case reg-dword-size reg-text-unterminated
// reg-duplicate-value.
[[nodiscard]] base::Result<RegistryFile, base::Diagnostics> parse_registry_file(std::string name,
                                                                                base::ByteView octets);

}  // namespace fakeserver
