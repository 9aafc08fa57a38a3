// JSON in which every value knows where it stands, so that what is wrong can be shown to a person (RFC 8259).
//
// For rule files: strict (no comments, no trailing commas), names of members are unique, integers up to 64 bits. Memory
// is bounded: at most so many values, nested at most so deep. A text that is no JSON is refused at its first fault; no
// sense can be made of what follows it.
//
// Not here: what the values mean (nft_rule.hpp and its neighbours).
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::nft {

inline constexpr std::size_t json_depth_max = 64;
inline constexpr std::size_t json_values_max = 500'000;

struct Json {
    enum class Kind : std::uint8_t { null, boolean, number, text, list, object };
    struct Member;

    Kind kind = Kind::null;
    bool truth = false;                  // of a boolean
    std::optional<std::int64_t> number;  // absent: it has a fraction or an exponent, or does not fit
    std::string text;                    // of a text; a number as it is written
    std::vector<Json> items;
    std::vector<Member> members;  // in the order of the file
    std::size_t offset = 0;       // octets
    std::size_t length = 0;       // of the whole value as written

    bool is(Kind k) const { return kind == k; }
    // The value of a member; null when this is no object or has none of that name.
    const Json* find(std::string_view name) const;
    // "a number", "an object": for messages.
    std::string_view kind_name() const;
};

struct Json::Member {
    std::string name;
    std::size_t offset = 0;  // of the name, its quotes included
    std::size_t length = 0;
    Json value;
};

// Errors: [bad-json], [json-too-deep], [json-too-large].
base::Result<Json, base::Diagnostics> parse_json(const base::SourceText& source);

}  // namespace sim::firewall::import::nft
