// Reads `.reg` files, the text that regedit exports and imports.
//
//   REGEDIT4                                      or: Windows Registry Editor Version 5.00
//   [HKEY_LOCAL_MACHINE\SYSTEM\...\Parameters]    a key; [-HKEY_...] deletes it and everything below
//   "TCP/IP port"=dword:00001388                  hexadecimal, up to 8 digits
//   "Ports"=hex(7):35,30,\                        octets of any type; `\` continues on the next line
//     30,30,00,00
//   "Name"="text with \\ and \""   @="default"   "Gone"=-   ; comment
//
// Accepted: UTF-8 with or without BOM, UTF-16LE with BOM, and Windows-1252 (a file that is not valid UTF-8 is taken as
// that); LF, CR LF, CR; whole-line comments with `;` or `#`, trailing ones with `;` only, also behind the `\` of a
// continued line; blank and comment lines between continued lines. What regedit refuses is an error here: a header that
// is not the whole first line, `0x` in a dword, a continued line without its comma. (Behaviour of reg.exe and regedit
// as recorded in Wine's conformance tests for them.) In REGEDIT4 files the octets of hex(1), hex(2) and hex(7) are
// Windows-1252 text, in version 5 files UTF-16LE (KB310516). The wrong one of the two is read as regedit would read it,
// with a warning.
//
// All errors of a file are reported at once; a file with any error yields no edits at all. Places count in the UTF-8
// text that is shown, also for UTF-16 files. Bounds: file_octets_max, edits_max, key_depth_max, key_path_octets_max,
// value_octets_max; beyond them the file is refused. Never throws, whatever the octets.
#pragma once

#include "fakeserver/registry_value.hpp"
#include "sim/base/result.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace fakeserver {

inline constexpr std::size_t file_octets_max = 4U * 1024 * 1024;
inline constexpr std::size_t edits_max = 50'000;
inline constexpr std::size_t key_depth_max = 64;  // levels below the root; Windows itself stops at 512
inline constexpr std::size_t key_path_octets_max = 1024;
inline constexpr std::size_t value_octets_max = 1024U * 1024;
inline constexpr std::size_t diagnostics_max = 100;  // after that "reg-too-many-errors" ends the reading

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

// Ids of errors: reg-empty reg-too-large reg-not-text reg-utf16-without-bom reg-utf16-big-endian reg-utf16-odd
// reg-utf16-bad reg-nul reg-header-missing reg-header-wrong reg-not-a-reg-file reg-line reg-key-unclosed reg-key-root
// reg-key-empty reg-key-deep reg-key-long reg-key-text reg-value-before-key reg-value-under-deleted-key reg-value-name
// reg-value-equals reg-value-kind reg-value-text reg-string-unclosed reg-dword reg-hex reg-hex-type reg-hex-cut
// reg-value-long reg-too-many reg-too-many-errors.
// Of warnings: reg-root-abbreviated reg-key-space reg-escape reg-dword-size reg-text-encoding reg-duplicate-value
// reg-hex-comma.
[[nodiscard]] base::Result<RegistryFile, base::Diagnostics> parse_registry_file(std::string name,
                                                                                base::ByteView octets);

}  // namespace fakeserver
