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
// backslash takes the next character as it is. Absent when a quote is never closed.
std::optional<std::vector<Word>> split(std::string_view line, std::size_t offset);

// "text" as iptables-save would write it: bare when it is plain, else in quotes.
std::string quoted(std::string_view text);

// An address with what iptables allows beyond the strict text: missing octets of a network ("10/8") are zero.
std::optional<wire::Prefix> prefix_of(std::string_view text, wire::Family family);
// "10.0.0.0/8", "10.0.0.0/255.0.255.0"; a host has its length too.
std::string written(const wire::Prefix& prefix);

// One spelling per option ("-s" for "--source"); what is not known comes back as it is.
std::string_view short_form(std::string_view option);

}  // namespace sim::firewall::import::iptables
