// The words of a packet line and what single words mean, without the line around them.
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::cases {

struct PacketWord {
    std::string_view text;  // as it stands in the line
    std::string folded;     // in lower case
    std::size_t at = 0;     // octets from the beginning of the line
};
std::vector<PacketWord> packet_words(std::string_view line);

std::optional<std::uint64_t> number_of(std::string_view text);
// "5s", "20m", "2h": up to a year.
std::optional<base::SimDuration> duration_of(std::string_view text);
// "syn,ack", "syn-ack", "SYN+ACK" in lower case, added to the letters of packet_json.hpp; false when one is no flag.
bool add_flag_letters(std::string_view word, std::string& letters);

}  // namespace scenarios::cases
