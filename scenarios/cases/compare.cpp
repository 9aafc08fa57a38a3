#include "scenarios/cases/compare.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace scenarios::cases {
namespace {

enum class When : unsigned char { always, recorded };
struct Field {
    std::string_view name;
    When when;
};
constexpr std::array fields{
    Field{"hook", When::always},           Field{"verdict", When::always},     Field{"by", When::always},
    Field{"trace", When::always},          Field{"ct", When::always},          Field{"entry", When::always},
    Field{"with", When::always},           Field{"reply", When::always},       Field{"out", When::recorded},
    Field{"nat", When::recorded},          Field{"logs", When::recorded},      Field{"hotdrop", When::recorded},
    Field{"reply_packet", When::recorded}, Field{"reply_out", When::recorded}, Field{"reply_ct", When::recorded},
    Field{"reply_trace", When::recorded},  Field{"inside", When::recorded},
};

bool same(const json::value& expected, const json::value& got);

// What was recorded of an object must be there; what was not is left open.
bool covers(const json::object& expected, const json::object& got) {
    return std::all_of(expected.begin(), expected.end(), [&got](const auto& pair) {
        const json::value* v = got.if_contains(pair.key());
        return v != nullptr && same(pair.value(), *v);
    });
}

// "icmpx port-unreachable" and "icmp port-unreachable" are one answer; so are "tcp-reset" and "tcp reset".
std::string plain_reject(std::string_view words) {
    if (words.substr(0, 4) == "icmp") words.remove_prefix(std::min(words.find_first_of(" -"), words.size()));
    std::string plain(words);
    std::replace(plain.begin(), plain.end(), ' ', '-');
    return plain;
}

bool same(const json::value& expected, const json::value& got) {
    if (expected.is_object() && got.is_object()) return covers(expected.get_object(), got.get_object());
    return expected == got;
}

json::value without_ports(const json::value& nat) {
    if (!nat.is_object()) return nat;
    json::object bare = nat.get_object();
    bare.erase("sport");
    bare.erase("dport");
    return bare;
}

std::string shown(const json::value* v) { return v == nullptr ? "nothing" : json::serialize(*v); }

bool counts_here(const Field& field, const json::object& expect) {
    if (field.name == "entry" && expect.contains("entry_unknown")) return false;
    return field.when == When::always || expect.contains(field.name);
}

}  // namespace

Tally::Count& Tally::count(std::string_view field) {
    for (Count& one : counts_)
        if (one.field == field) return one;
    return counts_.emplace_back(Count{std::string(field)});
}

void Tally::field(const std::string& what, std::string_view name, bool agrees, std::string expected, std::string got) {
    Count& counted = count(name);
    ++counted.all;
    if (agrees) {
        ++counted.agree;
        return;
    }
    if (++disagreements_ <= shown_max) shown_.push_back({what, std::string(name), std::move(expected), std::move(got)});
}

void Tally::step(const json::object& line, const json::object& expect) {
    if (expect.empty()) return;
    const std::string what = "case " + shown(line.if_contains("case")) + " step " + shown(line.if_contains("step"));
    for (const Field& one : fields) {
        if (!counts_here(one, expect)) continue;
        const json::value* wanted = expect.if_contains(one.name);
        const json::value* got = line.if_contains(one.name);
        const bool nothing = (wanted == nullptr || wanted->is_null()) && (got == nullptr || got->is_null());
        if (nothing && wanted == nullptr) continue;  // nothing was recorded and nothing is said
        const bool drawn = one.name == "nat" && line.contains("port_drawn");  // the kernel drew that port at random
        const json::value bare = drawn && wanted != nullptr ? without_ports(*wanted) : json::value();
        if (drawn && wanted != nullptr) wanted = &bare;
        const bool only_ports =
            drawn && got == nullptr && wanted != nullptr && wanted->is_object() && wanted->get_object().empty();
        const bool one_reject = one.name == "with" && wanted != nullptr && got != nullptr && wanted->is_string() &&
                                got->is_string() &&
                                plain_reject(wanted->get_string()) == plain_reject(got->get_string());
        const bool agrees =
            nothing || only_ports || one_reject || (wanted != nullptr && got != nullptr && same(*wanted, *got));
        field(what, one.name, agrees, shown(wanted), shown(got));
    }
}

void Tally::error(const std::string& what, const std::string& why) {
    if (++error_count_ <= shown_max) errors_.push_back(what + ": " + why);
}

std::string Tally::text() const {
    std::string text;
    for (const Count& one : counts_) text += fmt::format("{:13} {} of {} agree\n", one.field, one.agree, one.all);
    if (counts_.empty()) text += "nothing was compared\n";
    for (const Disagreement& one : shown_)
        text += fmt::format("{}: {}\n  expected  {}\n  got       {}\n", one.what, one.field, one.expected, one.got);
    if (disagreements_ > shown_.size()) text += fmt::format("... and {} more\n", disagreements_ - shown_.size());
    for (const std::string& error : errors_) text += error + "\n";
    if (error_count_ > errors_.size()) text += fmt::format("... and {} more\n", error_count_ - errors_.size());
    return text;
}

std::string Tally::line() const {
    json::object object;
    json::object by_field;
    for (const Count& one : counts_) by_field[one.field] = json::object{{"agree", one.agree}, {"all", one.all}};
    object["fields"] = std::move(by_field);
    object["disagreements"] = disagreements_;
    object["errors"] = error_count_;
    json::array first;
    for (const Disagreement& one : shown_)
        first.emplace_back(
            json::object{{"what", one.what}, {"field", one.field}, {"expected", one.expected}, {"got", one.got}});
    object["first"] = std::move(first);
    return json::serialize(object) + "\n";
}

}  // namespace scenarios::cases
