#include "scenarios/cases/stream.hpp"

#include "scenarios/cases/case.hpp"
#include "scenarios/cases/fields.hpp"
#include "scenarios/cases/play.hpp"
#include "scenarios/cases/single_rule.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace scenarios::cases {
namespace {

enum class Got : unsigned char { line, too_long, end };

// One line without its line feed. Of a line that is too long nothing is kept.
Got next_line(std::istream& input, std::string& line) {
    line.clear();
    std::streambuf& buffer = *input.rdbuf();
    using Traits = std::char_traits<char>;
    bool any = false;
    bool long_one = false;
    for (auto c = buffer.sbumpc(); c != Traits::eof(); c = buffer.sbumpc()) {
        any = true;
        if (Traits::to_char_type(c) == '\n') return long_one ? Got::too_long : Got::line;
        if (line.size() >= CaseStream::line_max) long_one = true;
        if (!long_one) line += Traits::to_char_type(c);
    }
    return !any ? Got::end : long_one ? Got::too_long : Got::line;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == text.npos; }

}  // namespace

bool CaseStream::play(std::istream& input) {
    std::string text;
    for (std::size_t number = 1;; ++number) {
        const Got got = next_line(input, text);
        if (got == Got::end) return true;
        if (got == Got::too_long) {
            const std::string why = fmt::format("longer than {} octets", line_max);
            if (!refuse({{"line", number}}, fmt::format("line {}", number), why)) return false;
        } else if (!is_blank(text) && !line(number, text)) {
            return false;
        }
    }
}

bool CaseStream::line(std::size_t number, std::string_view text) {
    const std::string where = fmt::format("line {}", number);
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error) return refuse({{"line", number}}, where, "it is no JSON: " + error.message());
    if (!value.is_object())
        return refuse({{"line", number}}, where, fmt::format("an object is wanted, not {}", kind_of(value)));
    const json::object& object = value.get_object();
    if (object.contains("steps") || object.contains("ruleset")) return play_case(object, number);
    const json::value* rule = object.if_contains("rule");
    if (rule == nullptr || !rule->is_string())
        return refuse({{"line", number}}, where, "it is neither a case (ruleset, steps) nor a rule (rule)");
    ++cases_;
    const json::object tried = try_rule(object);
    if (tally_ != nullptr && object.contains("accepted")) compare_rule(tried, object, *tally_);
    return put(tried);
}

bool CaseStream::play_case(const json::object& object, std::size_t number) {
    const json::value* id = object.if_contains("id");
    const json::value name = id == nullptr ? json::value(fmt::format("line {}", number)) : *id;
    auto read = read_case(object, interfaces_);
    if (!read) return refuse({{"case", name}}, "case " + json::serialize(name), read.error());
    ++cases_;
    read->id = name;
    if (tally_ != nullptr && read->conntrack) {
        const bool tracks = tracks_rules(*read->rules);
        const auto word = [](bool on) { return std::string(on ? "on" : "off"); };
        tally_->field("case " + json::serialize(name), "conntrack", tracks == *read->conntrack, word(*read->conntrack),
                      word(tracks));
    }
    Player player(*read, interfaces_);
    for (std::size_t i = 0; !player.done(); ++i) {
        const json::object played = player.step();
        if (tally_ != nullptr) tally_->step(played, read->steps[i].expect);
        if (!put(played)) return false;
    }
    return true;
}

bool CaseStream::refuse(json::object where, const std::string& what, const std::string& why) {
    ++errors_;
    if (tally_ != nullptr) tally_->error(what, why);
    where["error"] = why;
    return put(where);
}

bool CaseStream::put(const json::object& object) { return sink_(json::serialize(object) + "\n"); }

}  // namespace scenarios::cases
