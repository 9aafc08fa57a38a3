#include "sim/firewall/import/iptables_rule.hpp"

#include "sim/firewall/import/iptables_modules.hpp"
#include "sim/firewall/import/iptables_options.hpp"
#include "sim/firewall/import/iptables_target.hpp"
#include "sim/firewall/import/iptables_words.hpp"
#include "sim/firewall/import/net_names.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

class RuleParser {
public:
    RuleParser(const std::vector<Word>& words, std::size_t first, const Surroundings& around, base::Diagnostics& faults)
        : words_(words), at_(first), around_(around), faults_(faults) {
        names_.add(general_options(), {});
    }

    ParsedRule parse() {
        const std::size_t before = faults_.size();
        while (at_ < words_.size() && faults_.size() - before < faults_per_rule) read_option();
        if (faults_.size() == before) complete();
        if (faults_.size() != before) return {};
        return assemble();
    }

private:
    using Owner = OptionNames::Owner;
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
            attached_ = name.substr(2);  // "-mtcp"
            name = name.substr(0, 2);
        } else if (const std::size_t equals = name.find('='); name.substr(0, 2) == "--" && equals != name.npos) {
            attached_ = name.substr(equals + 1);
            name = name.substr(0, equals);
        }
        if (name.substr(0, 2) != "--") return read_general(name, inverted);
        const auto found = find_option(name);
        if (!found) return unknown(name);
        if (attached_ && found->option.values == 0)
            return fault(*option_, shown(found->option.name) + " takes no value", "bad-value");
        switch (found->owner.kind) {
            case Owner::Kind::general: return read_general(found->option.key, inverted);
            case Owner::Kind::module: return read_of_module(modules_[found->owner.module], found->option, inverted);
            case Owner::Kind::target: return read_of_target(found->option, inverted);
        }
    }

    // -p loads the module of its protocol when an option asks for it.
    std::optional<OptionNames::Found> find_option(std::string_view name) {
        if (const auto found = names_.find(name)) return found;
        const std::string protocol = protocol_name(sure_protocol());
        const auto kind = Module::kind_of(protocol == "ipv6-icmp" ? "icmp6" : protocol, around_.family);
        if (!kind || std::any_of(modules_.begin(), modules_.end(), [&](const Module& m) { return m.kind() == *kind; }))
            return std::nullopt;
        OptionNames with = names_;
        with.add(Module(*kind, around_.family).option_names(), {Owner::Kind::module, modules_.size()});
        const auto found = with.find(name);
        if (!found || found->owner != Owner{Owner::Kind::module, modules_.size()}) return std::nullopt;
        load(*kind);
        return found;
    }
    void load(Module::Kind kind) {
        modules_.emplace_back(kind, around_.family);
        names_.add(modules_.back().option_names(), {Owner::Kind::module, modules_.size() - 1});
    }

    void read_general(std::string_view key, bool inverted) {
        const bool whole_word = key == "-s" || key == "-d" || key == "-p" || key == "-i" || key == "-o" || key == "-j";
        if (attached_ && whole_word)
            return fault(*option_,
                         "the value of " + shown(key) +
                             " stands in the same word, and the real tool takes "
                             "the whole word for it",
                         "bad-value", "write a blank between them");
        if (key == "-s") return read_addresses(source_, source_list_, inverted);
        if (key == "-d") return read_addresses(target_, target_list_, inverted);
        if (key == "-i") return read_interface(in_, in_match_, false, inverted);
        if (key == "-o") return read_interface(out_, out_match_, true, inverted);
        if (key == "-p") return read_protocol(inverted);
        if (key == "-f" && around_.family == wire::Family::ipv4) return read_fragment(inverted);
        const bool plain =
            key == "-m" || key == "-j" || key == "-g" || key == "-c" || key == "-v" || key == "-4" || key == "-6";
        if (!plain) return unknown(option_->text);
        if (inverted) return fault(*option_, shown(key) + " cannot be inverted", "bad-inversion");
        if (key == "-m") return read_module_name();
        if (key == "-j" || key == "-g") return read_target(key == "-g");
        read_without_effect(key);
    }

    // What changes nothing about the rule: counters, -v, the family that it has anyway.
    void read_without_effect(std::string_view key) {
        value_ = nullptr;
        if (key == "-c") {
            const auto packets = value();
            if (!packets) return;
            const std::size_t comma = packets->find(',');
            const auto octets = comma != packets->npos ? std::optional(packets->substr(comma + 1)) : value();
            if (!octets) return;
            for (const std::string_view count : {packets->substr(0, comma), *octets})
                if (count.empty() || count.find_first_not_of("0123456789") != count.npos)
                    return fault(place(), shown(count) + " is no number of packets or octets", "bad-value");
            return;
        }
        if (attached_) return fault(*option_, shown(key) + " takes no value", "bad-value");
        if (key == (around_.family == wire::Family::ipv4 ? "-6" : "-4"))
            fault(*option_, "the real tool leaves this line out of " + family_name() + " tables", "unsupported-option",
                  "keep the rules of each family in a file of its own");
    }

    // ---- what every rule may have ----
    std::optional<std::string_view> value() {
        if (attached_) return std::exchange(attached_, std::nullopt);
        if (at_ == words_.size() || (words_[at_].text == "!" && !free_text_)) {
            fault(*option_, shown(option_->text) + " needs a value behind it", "missing-value",
                  at_ < words_.size() ? "\"!\" stands before the option" : "");
            if (at_ < words_.size()) at_ = words_.size();
            return std::nullopt;
        }
        value_ = &words_[at_];
        return words_[at_++].text;
    }
    // Where a value stands; the option itself for "--dport=135".
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
            note_octal(part);
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
        note_octal(*text);
        if (const auto number = number_of(name, 255))
            number_ = static_cast<std::uint8_t>(*number);
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
        if (const auto kind = Module::kind_of(*name, around_.family)) return load(*kind);
        fault(place(), "match module " + shown(*name) + " is not supported", "unsupported-match",
              "its rule cannot be judged here, so the whole file is refused");
        at_ = words_.size();  // its options cannot be told from others
    }

    void read_of_module(Module& module, const OptionName& option, bool inverted) {
        value_ = nullptr;
        if (option.key.empty()) return unknown(option.name);
        if (Maybe refusal = module.before(option.name, sure_protocol()))
            return fault(*option_, refusal->what, refusal->id, refusal->hint);
        std::array<std::string_view, 2> values;
        free_text_ = module.kind() == Module::Kind::comment;
        for (unsigned i = 0; i < option.values; ++i) {
            const auto one = value();
            if (!one) return;
            values[i] = *one;
        }
        if (!std::exchange(free_text_, false)) note_octal(values[0], module.kind() == Module::Kind::udp);
        if (Maybe refusal = module.read(option.key, inverted, values, sure_protocol()))
            fault(place(), refusal->what, refusal->id, refusal->hint);
    }
    void unknown(std::string_view name) {
        const bool option = name.substr(0, 1) == "-";
        const bool ports = name.substr(0, 4) == "--dp" || name.substr(0, 4) == "--sp";
        fault(*option_, option ? "option " + shown(name) + " is not supported here" : shown(name) + " is out of place",
              "unknown-option",
              ports && has_other_ports(number_) ? "ports of " + protocol_name(number_) + " are not simulated"
              : ports                           ? "-p tcp or -p udp must stand before it"
              : option                          ? ""
                                                : "for an exception write \"!\" before the option");
        at_ = words_.size();
    }

    // ---- targets ----
    void read_target(bool is_goto) {
        value_ = nullptr;
        if (target_is_.chosen()) return fault(*option_, "a rule has one target only", "repeated-option");
        const auto name = value();
        if (!name) return;
        if (Maybe refusal = target_is_.choose(*name, is_goto, around_)) {
            fault(place(), refusal->what, refusal->id, refusal->hint);
            at_ = words_.size();
            return;
        }
        names_.add(target_is_.option_names(), {Owner::Kind::target, 0});
    }

    void read_of_target(const OptionName& option, bool inverted) {
        value_ = nullptr;
        if (option.key.empty()) return unknown(option.name);
        if (inverted) return fault(*option_, shown(option.name) + " cannot be inverted", "bad-inversion");
        free_text_ = option.key == "--log-prefix";
        const auto text = option.values == 1 ? value() : std::string_view();
        if (!std::exchange(free_text_, false) && text) note_octal(*text);
        if (!text) return;
        if (Maybe refusal = target_is_.read(option.key, *text))
            return fault(place(), refusal->what, refusal->id, refusal->hint);
        if (option.key == "--log-prefix" && target_is_.prefix_cut())
            remark(place(), "the kernel keeps 29 characters of a log prefix, and this one is longer", "log-prefix-cut",
                   "shorten it");
    }

    // ---- the whole ----
    void complete() {
        if (const Maybe refusal = target_is_.complete(sure_protocol()))
            fault(words_.front(), refusal->what, refusal->id, refusal->hint);
        for (const Module& module : modules_)
            if (const Maybe refusal = module.complete(sure_protocol()))
                fault(words_.front(), refusal->what, refusal->id, refusal->hint);
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
        return text + target_is_.canonical();
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
                rule.target = target_is_.goes();
                rule.log = target_is_.log();
                made.rules.push_back(std::move(rule));
                made.canonical.push_back(line + text);
            }
        for (const Module& module : modules_) {
            if (module.kind() == Module::Kind::comment) made.comment = module.text();
            made.asks_state |= module.kind() == Module::Kind::conntrack || module.kind() == Module::Kind::state;
        }
        if (const auto& nat = target_is_.nat()) {
            made.translation = nat->translation();
            made.translates_in = nat->places();
        }
        return made;
    }

    void fault(const Word& word, std::string what, std::string id, std::string hint = {}) {
        faults_.push_back(around_.source.diagnose(
            base::Severity::error, around_.source.place_at(word.offset, std::max<std::size_t>(word.length, 1)),
            std::move(what), std::move(id), std::move(hint)));
    }

    void remark(const Word& word, std::string what, std::string id, std::string hint) {
        around_.remarks.push_back(around_.source.diagnose(
            base::Severity::warning, around_.source.place_at(word.offset, std::max<std::size_t>(word.length, 1)),
            std::move(what), std::move(id), std::move(hint)));
    }
    void note_octal(std::string_view value, bool by_udp = false) {
        const auto octal = octal_in(value);
        if (!octal) return;
        remark(place(),
               shown(octal->text) + " begins with 0, so iptables reads it as " +
                   (by_udp ? "decimal behind -m udp, and elsewhere as octal: " : "octal: ") +
                   std::to_string(octal->value),
               "octal-number", "write the number that is meant without the 0");
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
    OptionNames names_;
    RuleTarget target_is_;
    bool free_text_ = false;  // the value may be "!"
};

}  // namespace

ParsedRule parse_rule(const std::vector<Word>& words, std::size_t first, const Surroundings& around,
                      base::Diagnostics& faults) {
    return RuleParser(words, first, around, faults).parse();
}

}  // namespace sim::firewall::import::iptables
