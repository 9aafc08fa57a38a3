// From "key operator values" to the matches of the one rule model, with the conditions that nft adds by itself: a look
// at a TCP port asks for TCP, a look at an IPv4 address asks for IPv4. Private to the importer.
#pragma once

#include "sim/firewall/import/nft_key.hpp"
#include "sim/firewall/rule_set.hpp"

#include <bitset>
#include <optional>
#include <vector>

namespace sim::firewall::import::nft {

enum class Op : std::uint8_t {
    equal,          // or: is in the set
    differs,        // or: is not in the set
    any_bit,        // "in": has one of these bits
    no_bit,         // "!": has none of them
    less,           //
    greater,        //
    less_equal,     //
    greater_equal,  //
};

// The matches of a rule as they are collected, and what is sure about its packets by then.
class Matches {
public:
    // `family`: of the table; absent: inet. `name_family`: the packets of both families meet these rules in the model,
    // so a table of one family must say so.
    Matches(std::optional<wire::Family> family, bool name_family);

    // Requires values of the key's type. What cannot be said is a fault at `at`.
    void add(const Key& key, Op op, const Values& values, const Json& at, Reporter& reporter);

    // What a statement asks by itself.
    void require_protocol(std::uint8_t number);
    // False when the table has no packets of that family.
    bool require_family(wire::Family family);

    const std::vector<Match>& list() const { return list_; }
    bool asks_connection() const { return asks_connection_; }
    std::optional<wire::Family> family() const { return family_; }

private:
    bool look_into(wire::Family family, std::string_view name, const Json& at, Reporter& reporter);
    void add_address(const Key& key, Op op, const Values& values, const Json& at, Reporter& reporter);
    void add_masked_addresses(const Key& key, bool inverted, const Values& values, const Json& at, Reporter& reporter);
    void add_ports(const Key& key, Op op, const Values& values);
    void add_flags(const Key& key, Op op, const Values& values);
    void add_protocols(std::bitset<256> numbers);
    void add_fragment(const Key& key, Op op, const Values& values);
    void add_interface(const Key& key, Op op, const Values& values, const Json& at, Reporter& reporter);
    void add_families(bool v4, bool v6);
    void add_states(const Key& key, Op op, const Values& values);
    void never();
    void push(Match::What what, bool inverted = false) { list_.push_back({std::move(what), inverted}); }

    std::optional<wire::Family> table_family_;
    std::optional<wire::Family> family_;  // of the table, or known from what was asked so far
    bool header_known_ = false;           // nft itself knows by then which IP header to look into
    std::bitset<256> protocols_ = std::bitset<256>().set();
    std::vector<Match> list_;
    bool asks_connection_ = false;
};

// The operator of a match; absent when it is none. `single`: the right side is no set.
std::optional<Op> op_by_name(std::string_view name, Type type, bool single);

}  // namespace sim::firewall::import::nft
