#include "scenarios/cases/fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace scenarios::cases {
namespace {

// -1 for what is no hexadecimal digit.
int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view kind_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: return "null";
        case json::kind::bool_: return "true or false";
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_: return "a number";
        case json::kind::string: return "a string";
        case json::kind::array: return "a list";
        case json::kind::object: return "an object";
    }
    return "something";
}

void Fields::complain(std::string_view key, const std::string& what) {
    if (fault_.empty()) fault_ = fmt::format("{}: {}: {}", name_, base::printable(key, 40), what);
}

std::int64_t Fields::number(std::string_view key, std::int64_t low, std::int64_t high,
                            std::optional<std::int64_t> otherwise) {
    const json::value* v = find(key);
    if (v == nullptr) {
        if (!otherwise) complain(key, "is missing");
        return otherwise.value_or(low);
    }
    if (!v->is_int64() && !v->is_uint64()) {
        complain(key, fmt::format("a whole number is wanted, not {}", kind_of(*v)));
        return low;
    }
    const bool beyond = v->is_uint64() && v->get_uint64() > static_cast<std::uint64_t>(INT64_MAX);
    const std::int64_t n = beyond ? INT64_MAX : v->to_number<std::int64_t>();
    if (n >= low && n <= high) return n;
    complain(key, fmt::format("{} is not within {} to {}", n, low, high));
    return low;
}

std::string_view Fields::text(std::string_view key, std::optional<std::string_view> otherwise) {
    const json::value* v = find(key);
    if (v == nullptr) {
        if (!otherwise) complain(key, "is missing");
        return otherwise.value_or("");
    }
    if (v->is_string()) return v->get_string();
    complain(key, fmt::format("a string is wanted, not {}", kind_of(*v)));
    return "";
}

bool Fields::boolean(std::string_view key, std::optional<bool> otherwise) {
    const json::value* v = find(key);
    if (v == nullptr) {
        if (!otherwise) complain(key, "is missing");
        return otherwise.value_or(false);
    }
    if (v->is_bool()) return v->get_bool();
    complain(key, fmt::format("true or false is wanted, not {}", kind_of(*v)));
    return false;
}

wire::IpAddress Fields::address(std::string_view key) {
    const std::string_view written = text(key);
    const auto parsed = wire::IpAddress::parse(written);
    if (parsed) return *parsed;
    complain(key, fmt::format("\"{}\" is no address", base::printable(written, 60)));
    return {};
}

base::Bytes Fields::hex(std::string_view key) {
    const std::string_view digits = text(key, "");
    base::Bytes out;
    out.reserve(digits.size() / 2);
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const int high = digit(digits[i]);
        const int low = digit(digits[i + 1]);
        if (high < 0 || low < 0) {
            complain(key, "has something else than pairs of hexadecimal digits");
            return {};
        }
        out.push_back(static_cast<base::Byte>(high * 16 + low));
    }
    if (digits.size() % 2 != 0) complain(key, "ends in half an octet");
    return out;
}

const json::object& Fields::object(std::string_view key) {
    static const json::object none;
    const json::value* v = find(key);
    if (v != nullptr && v->is_object()) return v->get_object();
    complain(key, v == nullptr ? "is missing" : fmt::format("an object is wanted, not {}", kind_of(*v)));
    return none;
}

const json::array& Fields::array(std::string_view key) {
    static const json::array none;
    const json::value* v = find(key);
    if (v != nullptr && v->is_array()) return v->get_array();
    complain(key, v == nullptr ? "is missing" : fmt::format("a list is wanted, not {}", kind_of(*v)));
    return none;
}

void Fields::allow(std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : object_) {
        if (std::find(keys.begin(), keys.end(), std::string_view(key)) != keys.end()) continue;
        const std::string nearest = base::nearest_word(key, std::vector<std::string_view>(keys));
        complain(key, nearest.empty() ? "is not known here" : "is not known here; did you mean " + nearest + "?");
    }
}

}  // namespace scenarios::cases
