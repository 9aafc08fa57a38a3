// The words of iptables-save lines, and the small texts in them. Private to the importer.
#pragma once

#include "sim/wire/address.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::iptables {

struct Word {
    std::string text;  // without quotes and their escapes
    std::size_t offset = 0;
    std::size_t length = 0;  // as written
};

// Splits a line as iptables-restore does: blanks part words, double quotes hold them together, and inside quotes a
// backslash takes the next character as it is. A closing quote ends its word: a"b c"d is "ab c" and "d". Absent when a
// quote is never closed.
std::optional<std::vector<Word>> split(std::string_view line, std::size_t offset);

// "text" as iptables-save would write it: bare when it is plain, else in quotes.
std::string quoted(std::string_view text);

// A number as the real tool reads it (strtoul, base 0): "0x87" is hexadecimal, "0207" is octal, "+135" has a sign, and
// "08" is no number. Absent above `most` too.
std::optional<std::uint32_t> number_of(std::string_view text, std::uint32_t most);

// The first number of a value, as "135:0207" and "10.0.0.0/010" have them, that means another than it seems to: its
// leading zero makes it octal. In IPv6 addresses only the length behind "/" is a number.
struct Octal {
    std::string text;  // "0207"
    std::uint32_t value = 0;
};
std::optional<Octal> octal_in(std::string_view value);

// An address with what iptables allows beyond the strict text: each octet is a number as above, and missing octets of
// a network ("10/8") are zero. `is_mask`: all four octets must be there.
std::optional<wire::IpAddress> address_of(std::string_view text, wire::Family family, bool is_mask = false);
// The same with a length or mask behind "/".
std::optional<wire::Prefix> prefix_of(std::string_view text, wire::Family family);
// "10.0.0.0/8", "10.0.0.0/255.0.255.0"; a host has its length too.
std::string written(const wire::Prefix& prefix);

}  // namespace sim::firewall::import::iptables
