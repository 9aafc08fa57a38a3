// What the first words of a configuration's lines have to do with packets between two of its interfaces.
//
// A whole "show running-config" has hundreds of kinds of lines, and most say nothing of that. Those are listed here
// word by word and passed over; so are those that change what passes and are not modelled, which are refused with the
// reason. A word in neither list may do anything, so it is refused too. Nothing is passed over because it is unknown.
#pragma once

#include <optional>
#include <string_view>

namespace sim::firewall::import {

struct Bearing {
    bool harmless = false;
    std::string_view why{};  // when it is not: what it would change
};

// A line at the left margin that the reader does not read itself; `second` decides for words like "ip" and "aaa".
// Absent: nobody here knows the word.
std::optional<Bearing> bearing_of(std::string_view first, std::string_view second);

// A line below "interface".
std::optional<Bearing> bearing_in_interface(std::string_view first);

// A word behind "inspect" in a policy, other than dcerpc and icmp: protocols that no mail client or RPC uses.
bool is_other_inspection(std::string_view word);

}  // namespace sim::firewall::import
