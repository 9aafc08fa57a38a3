// The target of a rule and its options: where a packet goes that the rule matches. Private to the importer.
#pragma once

#include "sim/firewall/import/iptables_modules.hpp"
#include "sim/firewall/import/iptables_nat.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sim::firewall::import::iptables {

class RuleTarget {
public:
    // "-j NAME", "-g NAME". A chain of the table comes before a target of the same name.
    Maybe choose(std::string_view name, bool is_goto, const Surroundings& around);
    bool chosen() const { return !name_.empty(); }

    std::span<const OptionName> option_names() const;
    Maybe read(std::string_view option, std::string_view value);  // by its key
    // What is missing when the rule is complete. `protocol`: of -p, 0 when there is none or it is inverted.
    Maybe complete(std::uint8_t protocol) const;

    const Target& goes() const { return goes_; }
    const std::optional<Log>& log() const { return log_; }
    const std::optional<NatTarget>& nat() const { return nat_; }
    // The log prefix was longer than the kernel keeps.
    bool prefix_cut() const { return prefix_cut_; }
    std::string canonical() const;  // " -j REJECT --reject-with tcp-reset"

private:
    Maybe read_reject(std::string_view value);
    Maybe read_log(std::string_view option, std::string_view value);

    std::string name_;
    wire::Family family_ = wire::Family::ipv4;
    Target goes_;
    std::optional<Log> log_;
    std::optional<NatTarget> nat_;
    bool reject_given_ = false, prefix_given_ = false, level_given_ = false, prefix_cut_ = false;
};

}  // namespace sim::firewall::import::iptables
