// The match modules of iptables that the importer takes: each reads its own options. Private to the importer.
#pragma once

#include "sim/firewall/import/iptables_options.hpp"
#include "sim/firewall/import/iptables_rule.hpp"
#include "sim/firewall/import/net_names.hpp"

#include <array>
#include <optional>

namespace sim::firewall::import::iptables {

// Why a value is not taken.
struct Refusal {
    std::string what;
    std::string id = "bad-value";
    std::string hint{};
};
using Maybe = std::optional<Refusal>;  // absent: all is well

// Whether packets of the protocol have ports that the real tool can ask for and that are not simulated here.
bool has_other_ports(std::uint8_t protocol);

class Module {
public:
    enum class Kind : std::uint8_t { tcp, udp, icmp, icmp6, multiport, conntrack, state, iprange, comment };

    static std::optional<Kind> kind_of(std::string_view name, wire::Family family);
    Module(Kind kind, wire::Family family) : kind_(kind), family_(family) {}

    Kind kind() const { return kind_; }
    std::string_view name() const;

    // What it may be asked, under its own key each; those without a key are not taken here.
    std::span<const OptionName> option_names() const;
    // Why an option cannot stand behind this protocol, whatever its value.
    Maybe before(std::string_view option, std::uint8_t protocol) const;
    // Reads the option of this key. `protocol`: of -p as far as it has been read; names of services depend on it.
    Maybe read(std::string_view option, bool inverted, const std::array<std::string_view, 2>& values,
               std::uint8_t protocol);

    // What is missing when the rule is complete. `protocol`: of -p, 0 when there is none or it is inverted.
    Maybe complete(std::uint8_t protocol) const;

    std::vector<Match> matches() const;
    std::string canonical() const;  // " -m tcp --dport 135"
    const std::string& text() const { return comment_; }

private:
    // An option's place in the canonical order.
    struct Slot {
        std::string canonical;
        std::optional<Match> match;
        bool used = false;
    };
    Maybe read_port(std::size_t slot, std::string_view name, End end, bool inverted, std::string_view value);
    Maybe read_flags(bool inverted, std::string_view mask, std::string_view compare);
    Maybe read_icmp(bool inverted, std::string_view value);
    Maybe read_ports(std::string_view option, bool inverted, std::string_view value, Carrier by);
    Maybe read_states(std::string_view name, bool inverted, std::string_view value);
    Maybe read_direction(bool inverted, std::string_view value);
    Maybe read_range(std::size_t slot, std::string_view name, End end, bool inverted, std::string_view value);
    Maybe read_comment(bool inverted, std::string_view value);
    Maybe use(std::size_t slot, std::string_view option);
    void set(std::size_t slot, std::string_view name, bool inverted, const std::string& value,
             std::optional<Match> match);

    Kind kind_;
    wire::Family family_;
    std::array<Slot, 3> slots_;
    ConnectionIs connection_;
    std::string comment_;
};

}  // namespace sim::firewall::import::iptables
