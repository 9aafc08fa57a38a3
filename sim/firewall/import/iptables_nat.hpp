// The targets of the nat table: DNAT, SNAT, MASQUERADE, REDIRECT, with their options. Private to the importer.
#pragma once

#include "sim/firewall/import/iptables_modules.hpp"
#include "sim/firewall/translation.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sim::firewall::import::iptables {

// Why a rule of the nat table, or of the filter table, cannot have a target of this name.
Refusal refused_target(std::string_view name, bool nat);

class NatTarget {
public:
    enum class Kind : std::uint8_t { dnat, snat, masquerade, redirect };

    static std::optional<Kind> kind_of(std::string_view name);
    NatTarget(Kind kind, wire::Family family) : kind_(kind), family_(family) {
        translation_.end = kind == Kind::snat || kind == Kind::masquerade ? End::source : End::target;
        translation_.box_address = kind == Kind::masquerade || kind == Kind::redirect;
    }

    std::string_view name() const;
    // Whether a rule in this built-in chain may have it, itself or by way of other chains.
    bool belongs_in(std::string_view built_in) const;
    // In words, for people: "PREROUTING and OUTPUT".
    std::string_view places() const;

    std::span<const OptionName> option_names() const;
    Maybe read(std::string_view option, std::string_view value);  // by its key
    // What is missing when the rule is complete. `protocol`: of -p, 0 when there is none or it is inverted.
    Maybe complete(std::uint8_t protocol) const;

    const Translation& translation() const { return translation_; }
    std::string canonical() const;  // " --to-destination 10.0.0.10:135"

private:
    Maybe read_where(std::string_view value);
    Maybe read_addresses(std::string_view text);
    Maybe read_ports(std::string_view text);

    Kind kind_;
    wire::Family family_;
    Translation translation_;
    bool where_given_ = false;
    bool random_ = false, random_fully_ = false, persistent_ = false;
};

}  // namespace sim::firewall::import::iptables
