#include "sim/firewall/import/iptables_rule.hpp"

#include "sim/firewall/import/iptables_modules.hpp"
#include "sim/firewall/import/iptables_nat.hpp"
#include "sim/firewall/import/iptables_words.hpp"
#include "sim/firewall/import/net_names.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

class RuleParser {
public:
    RuleParser(const std::vector<Word>& words, std::size_t first, const Surroundings& around, base::Diagnostics& faults)
        : words_(words), at_(first), around_(around), faults_(faults) {}

    ParsedRule parse() {
        const std::size_t before = faults_.size();
        while (at_ < words_.size() && faults_.size() - before < faults_per_rule) read_option();
        if (faults_.size() == before) complete();
        if (faults_.size() != before) return {};
        return assemble();
    }

private:
    static constexpr std::size_t faults_per_rule = 8;

    struct Negatable {
        bool given = false;
        bool inverted = false;
    };

    void read_option() {
        option_ = &words_[at_++];
        bool inverted = false;
        if (option_->text == "!") {
            if (at_ == words_.size()) return fault(*option_, "\"!\" stands before nothing", "bad-inversion");
            inverted = true;
            option_ = &words_[at_++];
        }
        std::string_view name = option_->text;
        attached_.reset();
        if (name.size() > 2 && name[0] == '-' && name[1] != '-') {
            attached_ = name.substr(2);  // "-ptcp"
            name = name.substr(0, 2);
        } else if (const std::size_t equals = name.find('='); name.substr(0, 2) == "--" && equals != name.npos) {
            attached_ = name.substr(equals + 1);
            name = name.substr(0, equals);
        }
        name = short_form(name);
        if (name == "-s") return read_addresses(source_, source_list_, inverted);
        if (name == "-d") return read_addresses(target_, target_list_, inverted);
        if (name == "-i") return read_interface(in_, in_match_, false, inverted);
        if (name == "-o") return read_interface(out_, out_match_, true, inverted);
        if (name == "-p") return read_protocol(inverted);
        if (name == "-f" && around_.family == wire::Family::ipv4) return read_fragment(inverted);
        if (inverted && (name == "-m" || name == "-j" || name == "-g"))
            return fault(*option_, shown(name) + " cannot be inverted", "bad-inversion");
        if (name == "-m") return read_module_name();
        if (name == "-j" || name == "-g") return read_target(name == "-g");
        read_other(name, inverted);
    }

    // ---- what every rule may have ----
    std::optional<std::string_view> value() {
        if (attached_) return std::exchange(attached_, std::nullopt);
        if (at_ == words_.size() || words_[at_].text == "!") {
            fault(*option_, shown(option_->text) + " needs a value behind it", "missing-value",
                  at_ < words_.size() ? "\"!\" stands before the option" : "");
            if (at_ < words_.size()) at_ = words_.size();
            return std::nullopt;
        }
        value_ = &words_[at_];
        return words_[at_++].text;
    }
    // Where a value stands; the option itself for "-ptcp".
    const Word& place() const { return value_ == nullptr ? *option_ : *value_; }
    bool once(Negatable& n, bool inverted) {
        value_ = nullptr;
        if (n.given) {
            fault(*option_, shown(option_->text) + " stands here a second time", "repeated-option");
            (void)value();
            return false;
        }
        n = {true, inverted};
        return true;
    }

    void read_addresses(Negatable& which, std::vector<wire::Prefix>& list, bool inverted) {
        if (!once(which, inverted)) return;
        const auto text = value();
        if (!text) return;
        for (std::size_t from = 0; from <= text->size();) {
            const std::size_t comma = std::min(text->find(',', from), text->size());
            const std::string_view part = text->substr(from, comma - from);
            const auto prefix = prefix_of(part, around_.family);
            if (prefix)
                list.push_back(*prefix);
            else
                fault(place(), shown(part) + " is no " + family_name() + " address or network", "bad-address",
                      "names are not looked up; write the address");
            from = comma + 1;
        }
        if (inverted && list.size() > 1) fault(place(), "\"!\" does not go with several addresses", "bad-inversion");
    }
    std::string family_name() const { return around_.family == wire::Family::ipv4 ? "IPv4" : "IPv6"; }

    void read_interface(Negatable& which, std::optional<InterfaceIs>& match, bool outgoing, bool inverted) {
        constexpr std::size_t longest = 15;
        if (!once(which, inverted)) return;
        const auto text = value();
        if (!text) return;
        if (text->empty() || text->size() > longest)
            return fault(place(), shown(*text) + " is no interface name: 1 to 15 characters", "bad-interface");
        const std::string_view chain = around_.chain;
        if ((outgoing && (chain == "INPUT" || chain == "PREROUTING")) ||
            (!outgoing && (chain == "OUTPUT" || chain == "POSTROUTING")))
            return fault(*option_, shown(option_->text) + " has no meaning in " + std::string(around_.chain),
                         "bad-interface");
        const bool prefix = text->back() == '+';
        match = InterfaceIs{outgoing, std::string(prefix ? text->substr(0, text->size() - 1) : *text), prefix};
    }

    void read_protocol(bool inverted) {
        if (!once(protocol_, inverted)) return;
        const auto text = value();
        if (!text) return;
        std::string name(*text);
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const bool digits = !name.empty() && name.size() <= 3 && name.find_first_not_of("0123456789") == name.npos;
        if (digits && std::stoi(name) <= 255)
            number_ = static_cast<std::uint8_t>(std::stoi(name));
        else if (const auto known = protocol_number(name))
            number_ = *known;
        else if (name != "all")
            return fault(place(), shown(*text) + " is no known protocol", "bad-protocol");
        if (number_ == 0 && inverted) fault(place(), "this rule would match nothing: not any protocol", "bad-protocol");
    }

    void read_fragment(bool inverted) {
        if (once(fragment_, inverted) && attached_) fault(*option_, "-f takes no value", "bad-value");
    }

    // ---- modules ----
    // The protocol as far as options may rely on it.
    std::uint8_t sure_protocol() const { return protocol_.inverted ? std::uint8_t{0} : number_; }

    void read_module_name() {
        value_ = nullptr;
        const auto name = value();
        if (!name) return;
        if (const auto kind = Module::kind_of(*name, around_.family)) {
            modules_.emplace_back(*kind, around_.family);
            return;
        }
        fault(place(), "match module " + shown(*name) + " is not supported", "unsupported-match",
              "its rule cannot be judged here, so the whole file is refused");
        at_ = words_.size();  // its options cannot be told from others
    }

    Module* module_for(std::string_view name) {
        for (auto m = modules_.rbegin(); m != modules_.rend(); ++m)
            if (m->kind() != Module::Kind::multiport && m->takes(name)) return &*m;
        for (auto m = modules_.rbegin(); m != modules_.rend(); ++m)
            if (m->takes(name)) return &*m;
        // -p loads the module of its protocol when an option asks for it.
        const auto kind = Module::kind_of(
            protocol_name(sure_protocol()) == "ipv6-icmp" ? "icmp6" : protocol_name(sure_protocol()), around_.family);
        if (!kind || !Module(*kind, around_.family).takes(name)) return nullptr;
        return &modules_.emplace_back(*kind, around_.family);
    }

    void read_other(std::string_view name, bool inverted) {
        value_ = nullptr;
        if (has_target_ && read_target_option(name, inverted)) return;
        Module* module = name.substr(0, 2) == "--" ? module_for(name) : nullptr;
        if (module == nullptr) return unknown(name);
        const bool lacks_protocol =
            module->kind() == Module::Kind::multiport && sure_protocol() != 6 && sure_protocol() != 17;
        if (lacks_protocol) return fault(*option_, shown(name) + " needs -p tcp or -p udp before it", "needs-protocol");
        std::array<std::string_view, 2> values;
        const unsigned count = *module->takes(name);
        for (unsigned i = 0; i < count; ++i) {
            const auto one = value();
            if (!one) return;
            values[i] = *one;
        }
        if (Maybe refusal = module->read(name, inverted, values))
            fault(place(), refusal->what, refusal->id, refusal->hint);
    }
    void unknown(std::string_view name) {
        const bool option = name.substr(0, 1) == "-";
        const bool ports = name == "--dport" || name == "--sport";
        fault(*option_, option ? "option " + shown(name) + " is not known here" : shown(name) + " is out of place",
              "unknown-option",
              ports    ? "-p tcp or -p udp must stand before it"
              : option ? ""
                       : "for an exception write \"!\" before the option");
        at_ = words_.size();
    }

    // ---- targets ----
    void read_target(bool is_goto) {
        value_ = nullptr;
        if (has_target_) return fault(*option_, "a rule has one target only", "repeated-option");
        const auto name = value();
        if (!name) return;
        has_target_ = true;
        target_name_ = std::string(*name);
        const auto chain = around_.chains.find(*name);
        const bool user_chain = chain != around_.chains.end() && chain->second >= around_.built_in_count;
        if (user_chain) {
            goes_.kind = is_goto ? Target::Kind::go_to : Target::Kind::jump;
            goes_.chain = ChainId{chain->second};
            return;
        }
        if (is_goto) return fault(place(), shown(*name) + " is no chain of this table", "undeclared-chain");
        if (*name == "ACCEPT")
            goes_.kind = Target::Kind::accept;
        else if (*name == "DROP" && !around_.nat)
            goes_.kind = Target::Kind::drop;
        else if (*name == "RETURN")
            goes_.kind = Target::Kind::leave;
        else if (*name == "REJECT" && !around_.nat)
            goes_ = {Target::Kind::reject, RejectWith::port_unreachable, {}};
        else if (*name == "LOG")
            log_ = Log{};
        else
            read_nat_target(*name);
    }

    // DNAT and its like accept the packet, as far as the nat table goes.
    void read_nat_target(std::string_view name) {
        const auto kind = NatTarget::kind_of(name);
        if (kind && around_.nat) {
            nat_.emplace(*kind, around_.family);
            goes_.kind = Target::Kind::accept;
            return;
        }
        const Refusal refusal = refused_target(name, around_.nat);
        fault(place(), refusal.what, refusal.id, refusal.hint);
        at_ = words_.size();
    }

    bool read_nat_option(std::string_view name, bool inverted) {
        const auto values = nat_->takes(name);
        if (!values) return false;
        if (inverted) fault(*option_, shown(name) + " cannot be inverted", "bad-inversion");
        const auto text = *values == 1 ? value() : std::string_view();
        if (!text || inverted) return true;
        if (Maybe refusal = nat_->read(name, *text)) fault(place(), refusal->what, refusal->id, refusal->hint);
        return true;
    }

    bool read_target_option(std::string_view name, bool inverted) {
        if (nat_) return read_nat_option(name, inverted);
        // Of a chain of that name (-g LOG) they are no options.
        const bool reject = goes_.kind == Target::Kind::reject && name == "--reject-with";
        const bool prefix = log_ && name == "--log-prefix";
        const bool level = log_ && name == "--log-level";
        if (!reject && !prefix && !level) return false;
        if (inverted) {
            fault(*option_, shown(name) + " cannot be inverted", "bad-inversion");
            return true;
        }
        const auto text = value();
        if (!text) return true;
        if (std::exchange(reject ? reject_given_ : prefix ? prefix_given_ : level_given_, true)) {
            fault(*option_, shown(name) + " stands here a second time", "repeated-option");
        } else if (reject) {
            goes_.with = reject_by_name(*text, around_.family);
            if (!goes_.with) fault(place(), shown(*text) + " is no way to reject", "bad-reject");
        } else if (prefix) {
            if (text->size() > 29 || text->find('\n') != text->npos)
                fault(place(), "a log prefix has at most 29 characters", "bad-value");
            else
                log_->prefix = std::string(*text);
        } else if (const auto number = log_level(*text)) {
            log_->level = *number;
        } else {
            fault(place(), shown(*text) + " is no log level", "bad-value");
        }
        return true;
    }

    // ---- the whole ----
    void complete() {
        if (nat_)
            if (const Maybe refusal = nat_->complete(sure_protocol()))
                fault(words_.front(), refusal->what, refusal->id, refusal->hint);
        for (const Module& module : modules_)
            if (const Maybe refusal = module.complete(sure_protocol()))
                fault(words_.front(), refusal->what, refusal->id, refusal->hint);
        if (goes_.kind == Target::Kind::reject && goes_.with == RejectWith::tcp_reset && sure_protocol() != 6)
            fault(words_.front(), "a TCP reset needs -p tcp", "tcp-reset-needs-tcp");
    }

    std::vector<Match> shared_matches() const {
        std::vector<Match> made;
        const auto add_interface = [&made](const std::optional<InterfaceIs>& match, const Negatable& n) {
            if (match && (n.inverted || !match->name.empty()))
                made.push_back({*match, n.inverted});  // "+" asks nothing
        };
        add_interface(in_match_, in_);
        add_interface(out_match_, out_);
        if (number_ != 0) made.push_back({ProtocolIn::only(number_), protocol_.inverted});
        if (fragment_.given) made.push_back({LaterFragment{}, fragment_.inverted});
        for (const Module& module : modules_)
            for (Match& match : module.matches()) made.push_back(std::move(match));
        return made;
    }
    std::string shared_text() const {
        std::string text;
        const auto iface = [&text](const char* option, const std::optional<InterfaceIs>& match, const Negatable& n) {
            if (match && !match->name.empty())  // "+", and even "! -i +", is never written back (1.8.9)
                text += std::string(n.inverted ? " ! " : " ") + option + " " + match->name + (match->prefix ? "+" : "");
        };
        iface("-i", in_match_, in_);
        iface("-o", out_match_, out_);
        if (number_ != 0) text += std::string(protocol_.inverted ? " ! -p " : " -p ") + protocol_name(number_);
        if (fragment_.given) text += fragment_.inverted ? " ! -f" : " -f";
        for (const Module& module : modules_) text += module.canonical();
        if (has_target_) text += (goes_.kind == Target::Kind::go_to ? " -g " : " -j ") + target_name_;
        if (nat_) text += nat_->canonical();
        if (goes_.kind == Target::Kind::reject)
            text += " --reject-with " + std::string(reject_name(*goes_.with, around_.family));
        if (log_ && !log_->prefix.empty()) text += " --log-prefix " + quoted(log_->prefix);
        if (log_ && log_->level != 4) text += " --log-level " + std::to_string(log_->level);
        return text;
    }

    // The rule once for each combination of its addresses, as the kernel holds it.
    ParsedRule assemble() const {
        ParsedRule made;
        const std::vector<wire::Prefix> any{wire::Prefix::any(around_.family)};
        const std::vector<Match> shared = shared_matches();
        const std::string text = shared_text();
        for (const wire::Prefix& s : source_.given ? source_list_ : any)
            for (const wire::Prefix& d : target_.given ? target_list_ : any) {
                Rule rule;
                std::string line = "-A " + std::string(around_.chain);
                const auto add = [&](const char* option, End end, const wire::Prefix& prefix, const Negatable& n) {
                    if (prefix == any.front() && !n.inverted) return;
                    rule.matches.push_back({InPrefix{end, prefix}, n.inverted});
                    line += std::string(n.inverted ? " ! " : " ") + option + " " + written(prefix);
                };
                add("-s", End::source, s, source_);
                add("-d", End::target, d, target_);
                rule.matches.insert(rule.matches.end(), shared.begin(), shared.end());
                rule.target = goes_;
                rule.log = log_;
                made.rules.push_back(std::move(rule));
                made.canonical.push_back(line + text);
            }
        for (const Module& module : modules_) {
            if (module.kind() == Module::Kind::comment) made.comment = module.text();
            made.asks_state |= module.kind() == Module::Kind::conntrack || module.kind() == Module::Kind::state;
        }
        if (nat_) made.translation = nat_->translation();
        if (nat_) made.translates_in = nat_->places();
        return made;
    }

    void fault(const Word& word, std::string what, std::string id, std::string hint = {}) {
        faults_.push_back(around_.source.diagnose(
            base::Severity::error, around_.source.place_at(word.offset, std::max<std::size_t>(word.length, 1)),
            std::move(what), std::move(id), std::move(hint)));
    }

    const std::vector<Word>& words_;
    std::size_t at_;
    const Surroundings& around_;
    base::Diagnostics& faults_;
    const Word *option_ = nullptr, *value_ = nullptr;
    std::optional<std::string_view> attached_;

    Negatable source_, target_, in_, out_, protocol_, fragment_;
    std::vector<wire::Prefix> source_list_, target_list_;
    std::optional<InterfaceIs> in_match_, out_match_;
    std::uint8_t number_ = 0;  // of -p; 0 = any
    std::vector<Module> modules_;
    std::string target_name_;
    Target goes_;
    std::optional<Log> log_;
    std::optional<NatTarget> nat_;
    bool has_target_ = false, reject_given_ = false, prefix_given_ = false, level_given_ = false;
};

}  // namespace

ParsedRule parse_rule(const std::vector<Word>& words, std::size_t first, const Surroundings& around,
                      base::Diagnostics& faults) {
    return RuleParser(words, first, around, faults).parse();
}

}  // namespace sim::firewall::import::iptables
