#include "sim/firewall/import/iptables_target.hpp"

#include "sim/firewall/import/iptables_values.hpp"
#include "sim/firewall/import/net_names.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

// With those that are not taken here, for they make others less clear.
constexpr OptionName reject_options[] = {{"--reject-with", "--reject-with"}};
constexpr OptionName log_options[] = {{"--log-level", "--log-level"}, {"--log-prefix", "--log-prefix"},
                                      {"--log-tcp-sequence", "", 0},  {"--log-tcp-options", "", 0},
                                      {"--log-ip-options", "", 0},    {"--log-uid", "", 0},
                                      {"--log-macdecode", "", 0}};

Refusal twice(std::string_view option) { return {shown(option) + " stands here a second time", "repeated-option"}; }

}  // namespace

Maybe RuleTarget::choose(std::string_view name, bool is_goto, const Surroundings& around) {
    family_ = around.family;
    if (const auto chain = around.chains.find(name);
        chain != around.chains.end() && chain->second >= around.built_in_count) {
        name_ = std::string(name);
        goes_.kind = is_goto ? Target::Kind::go_to : Target::Kind::jump;
        goes_.chain = ChainId{chain->second};
        return std::nullopt;
    }
    if (is_goto) return Refusal{shown(name) + " is no chain of this table", "undeclared-chain"};
    if (name == "ACCEPT") {
        goes_.kind = Target::Kind::accept;
    } else if (name == "DROP" && !around.nat) {
        goes_.kind = Target::Kind::drop;
    } else if (name == "RETURN") {
        goes_.kind = Target::Kind::leave;
    } else if (name == "REJECT" && !around.nat) {
        goes_ = {Target::Kind::reject, RejectWith::port_unreachable, {}};
    } else if (name == "LOG") {
        log_ = Log{};
    } else if (const auto kind = NatTarget::kind_of(name); kind && around.nat) {
        nat_.emplace(*kind, around.family);
        goes_.kind = Target::Kind::accept;  // DNAT and its like accept the packet, as far as the nat table goes
    } else {
        return refused_target(name, around.nat);
    }
    name_ = std::string(name);
    return std::nullopt;
}

std::span<const OptionName> RuleTarget::option_names() const {
    if (nat_) return nat_->option_names();
    if (log_) return log_options;
    if (goes_.kind == Target::Kind::reject) return reject_options;
    return {};
}

Maybe RuleTarget::read(std::string_view option, std::string_view value) {
    if (nat_) return nat_->read(option, value);
    return log_ ? read_log(option, value) : read_reject(value);
}

Maybe RuleTarget::read_reject(std::string_view value) {
    if (std::exchange(reject_given_, true)) return twice("--reject-with");
    goes_.with = reject_by_name(value, family_);
    if (!goes_.with) return Refusal{shown(value) + " is no way to reject", "bad-reject"};
    return std::nullopt;
}

Maybe RuleTarget::read_log(std::string_view option, std::string_view value) {
    constexpr std::size_t kept = 29;  // octets of a prefix in the kernel
    if (std::exchange(option == "--log-prefix" ? prefix_given_ : level_given_, true)) return twice(option);
    if (option == "--log-prefix") {
        if (value.empty()) return Refusal{"a log prefix is empty", "bad-value", "leave the option out"};
        prefix_cut_ = value.size() > kept;
        log_->prefix = std::string(value.substr(0, kept));
        return std::nullopt;
    }
    const auto level = log_level_of(value);
    if (!level)
        return Refusal{shown(value) + " is no log level", "bad-value",
                       "0 to 7, or emerg, alert, crit, error, warning, notice, info, debug"};
    log_->level = *level;
    return std::nullopt;
}

Maybe RuleTarget::complete(std::uint8_t protocol) const {
    constexpr std::uint8_t tcp = 6;
    if (nat_) return nat_->complete(protocol);
    if (goes_.kind == Target::Kind::reject && goes_.with == RejectWith::tcp_reset && protocol != tcp)
        return Refusal{"a TCP reset needs -p tcp", "tcp-reset-needs-tcp"};
    return std::nullopt;
}

std::string RuleTarget::canonical() const {
    if (!chosen()) return {};
    std::string text = (goes_.kind == Target::Kind::go_to ? " -g " : " -j ") + name_;
    if (nat_) text += nat_->canonical();
    if (goes_.kind == Target::Kind::reject) text += " --reject-with " + std::string(reject_name(*goes_.with, family_));
    if (log_ && !log_->prefix.empty()) text += " --log-prefix " + quoted(log_->prefix);
    if (log_ && log_->level != 4) text += " --log-level " + std::to_string(log_->level);
    return text;
}

}  // namespace sim::firewall::import::iptables
