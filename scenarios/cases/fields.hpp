// Reads the keys of one JSON object and says what is wrong with them: what is missing, what is no number, out of its
// range, or not known here. All reads go on after a fault with a harmless value; look at `fault()` before using any.
//
//   Fields fields(object, "packet");
//   const auto port = fields.number("sport", 0, 65535);
//   fields.allow({"sport", "dport"});
//   if (!fields.fault().empty()) ...      // "packet: sport: 70000 is not within 0 to 65535"
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/base/bytes.hpp"
#include "sim/wire/address.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace scenarios::cases {

class Fields {
public:
    // `name` begins every sentence. The object must outlive this.
    Fields(const json::object& object, std::string name) : object_(object), name_(std::move(name)) {}

    bool has(std::string_view key) const { return object_.contains(key); }
    const json::value* find(std::string_view key) const { return object_.if_contains(key); }

    // Absent with no `otherwise`: a fault.
    std::int64_t number(std::string_view key, std::int64_t low, std::int64_t high,
                        std::optional<std::int64_t> otherwise = {});
    std::uint16_t u16(std::string_view key, std::optional<std::int64_t> otherwise = {}) {
        return static_cast<std::uint16_t>(number(key, 0, 65535, otherwise));
    }
    std::string_view text(std::string_view key, std::optional<std::string_view> otherwise = {});
    bool boolean(std::string_view key, std::optional<bool> otherwise = {});
    wire::IpAddress address(std::string_view key);
    base::Bytes hex(std::string_view key);  // octets as pairs of digits; absent: none
    const json::object& object(std::string_view key);
    const json::array& array(std::string_view key);

    // Any other key is a fault: what is not understood must not be passed over.
    void allow(std::initializer_list<std::string_view> keys);

    void complain(std::string_view key, const std::string& what);
    const std::string& fault() const { return fault_; }  // the first one; empty: none

private:
    const json::object& object_;
    std::string name_;
    std::string fault_;
};

// "a string", "a number", ... for people.
std::string_view kind_of(const json::value& value);

}  // namespace scenarios::cases
