#include "sim/firewall/import/asa_entry.hpp"

#include "sim/firewall/import/cisco_names.hpp"

namespace sim::firewall::import {
namespace {

using Kind = Objects::Kind;

constexpr std::string_view log_levels[] = {"alerts",        "critical",      "debugging", "emergencies", "errors",
                                           "informational", "notifications", "warnings",  "default"};

class EntryParser {
public:
    EntryParser(const std::vector<Word>& words, std::size_t at, const Objects& objects, Complaints& complaints)
        : words_(words, at + 1, complaints), permit_(words[at].text == "permit"), objects_(objects) {}

    AsaEntry parse() {
        read_protocol();
        read_address(End::source);
        read_source_ports();
        read_address(End::target);
        read_tail();
        read_options();
        if (!words_.stopped())
            for (const Traffic& traffic : traffic_) entry_.rules.push_back(rule_for(traffic));
        return std::move(entry_);
    }

private:
    // ---- what ----
    void read_protocol() {
        const Word* word = words_.take("a protocol");
        if (word == nullptr) return;
        if (word->text == "object-group" || word->text == "object") return read_traffic(word->text == "object-group");
        const auto protocols = asa_protocol(word->text);
        if (!protocols)
            return words_.error(*word, shown(word->text) + " is no protocol that an ASA names", "bad-protocol");
        traffic_.push_back({.protocols = *protocols});
        is_icmp_ = protocols->count() == 1 && ((*protocols)[icmp] || (*protocols)[icmpv6]);
    }
    void read_traffic(bool group) {
        const Word* name = words_.take("the name of a service or protocol group");
        if (name == nullptr) return;
        if (group && objects_.kind_of(name->text) == Kind::protocol) {
            if (const auto protocols = got(objects_.protocols(*name, entry_.used)))
                traffic_.push_back({.protocols = *protocols});
            return;
        }
        complete_ = true;
        if (auto traffic = got(objects_.traffic(*name, group, entry_.used))) traffic_ = std::move(*traffic);
    }
    // Complaints about objects are made there.
    template <class Value>
    std::optional<Value> got(std::optional<Value> value) {
        if (!value) words_.stop();
        return value;
    }

    // ---- from where, to where ----
    void read_address(End end) {
        const Word* word = words_.take("an address");
        if (word == nullptr || word->text == "any") return;
        if (word->text == "any4") return add(end, wire::Prefix::any(wire::Family::ipv4));
        if (word->text == "any6") return add(end, wire::Prefix::any(wire::Family::ipv6));
        if (word->text == "object" || word->text == "object-group")
            return read_hosts(end, word->text == "object-group");
        if (word->text == "interface" || word->text == "user" || word->text == "user-group" ||
            word->text == "object-group-user" || word->text == "security-group" ||
            word->text == "object-group-security")
            return words_.refuse(*word, shown(word->text) + " is not supported in an entry");
        if (word->text == "host") {
            const Word* one = words_.take("the address of the host");
            if (one == nullptr) return;
            if (const auto address = objects_.address(words_, *one)) add(end, wire::Prefix::host(*address));
            return;
        }
        if (word->text.find('/') != word->text.npos) {
            if (const auto prefix = wire::Prefix::parse(word->text); prefix && prefix->family() == wire::Family::ipv6)
                return add(end, *prefix);
            return words_.error(*word, shown(word->text) + " is no IPv6 network", "bad-address",
                                "IPv4 networks are written A NETMASK");
        }
        const auto address = objects_.address(words_, *word);
        if (!address) return;
        if (const auto prefix = objects_.subnet(words_, *word, *address)) add(end, *prefix);
    }
    void read_hosts(End end, bool group) {
        const Word* name = words_.take("the name of an object");
        if (name == nullptr) return;
        const auto hosts = got(objects_.hosts(*name, group, entry_.used));
        if (!hosts) return;
        InAny any{.end = end, .prefixes = {}, .ranges = {}};
        for (const Objects::Hosts& one : *hosts) {
            if (const auto* prefix = std::get_if<wire::Prefix>(&one)) any.prefixes.push_back(*prefix);
            if (const auto* range = std::get_if<AddressRange>(&one)) any.ranges.push_back(*range);
        }
        auto& list = end == End::source ? source_ : target_;
        if (hosts->size() > 1)
            list.push_back({std::move(any)});
        else if (any.ranges.empty())
            add(end, any.prefixes.front());
        else
            list.push_back({InRange{end, any.ranges.front()}});
    }
    void add(End end, const wire::Prefix& prefix) {
        (end == End::source ? source_ : target_).push_back({InPrefix{end, prefix}});
    }

    // ---- ports ----
    void read_source_ports() {
        if (words_.peek_text() == "object-group" && objects_.kind_of(words_.peek_text(1)) != Kind::ports) return;
        read_ports_of(&Traffic::from);
    }
    void read_ports_of(std::vector<wire::PortRange> Traffic::*where) {
        const bool group = words_.peek_text() == "object-group";
        if (!group && !is_port_operator(words_.peek_text())) return;
        const Word& first = *words_.peek();
        if (complete_) return words_.error(first, "the service says its ports already", "ports-without-protocol");
        Protocols protocols = traffic_.empty() ? Protocols{} : traffic_.front().protocols;
        if (!group) {
            if (auto ports = read_ports(words_, protocols)) traffic_.front().*where = std::move(*ports);
            return;
        }
        if (!have_ports(protocols))
            return words_.error(first, "ports need the protocol tcp or udp", "ports-without-protocol");
        words_.skip();
        const Word* name = words_.take("the name of a service group");
        if (name == nullptr) return;
        if (auto ports = got(objects_.ports(*name, protocols, entry_.used)))
            traffic_.front().*where = std::move(*ports);
    }

    // Behind the target: its ports, or the ICMP type.
    void read_tail() {
        const std::string_view next = words_.peek_text();
        if (!is_icmp_) return read_ports_of(&Traffic::to);
        if (next.empty() || next == "log" || next == "inactive" || next == "time-range") return;
        if (next == "object-group") {
            words_.skip();
            const Word* name = words_.take("the name of an icmp-type group");
            if (name == nullptr) return;
            const auto types = got(objects_.icmp_types(*name, entry_.used));
            if (!types) return;
            const Traffic bare = traffic_.front();
            traffic_.clear();
            for (const IcmpIs& type : *types) {
                traffic_.push_back(bare);
                traffic_.back().icmp = type;
            }
            return;
        }
        traffic_.front().icmp = read_icmp(words_, traffic_.front().protocols[icmpv6]);
    }

    // ---- the rest ----
    void read_options() {
        while (const Word* word = words_.peek()) {
            words_.skip();
            if (word->text == "log")
                read_log();
            else if (word->text == "inactive")
                entry_.inactive = true;
            else if (word->text == "established")
                return words_.refuse(*word, "\"established\" is a word of IOS; an ASA knows its connections itself");
            else
                return words_.refuse(*word, shown(word->text) + " is not supported in an entry");
        }
    }
    void read_log() {
        entry_.log = true;
        if (words_.take_if("disable")) {
            entry_.log = false;
            return;
        }
        const std::string_view level = words_.peek_text();
        bool known = cisco::decimal(level, 7).has_value();
        for (const std::string_view name : log_levels) known = known || name == level;
        if (known) words_.skip();
        if (!words_.take_if("interval")) return;
        const Word* seconds = words_.take("the seconds of the interval");
        if (seconds != nullptr && !cisco::decimal(seconds->text, 65535))
            words_.refuse(*seconds, shown(seconds->text) + " is no number of seconds");
    }

    Rule rule_for(const Traffic& traffic) const {
        Rule rule;
        rule.target.kind = permit_ ? Target::Kind::accept : Target::Kind::drop;
        if (entry_.log) rule.log = Log{};
        if (!traffic.protocols.all()) rule.matches.push_back({ProtocolIn{traffic.protocols}});
        rule.matches.insert(rule.matches.end(), source_.begin(), source_.end());
        if (!traffic.from.empty()) rule.matches.push_back({PortIn{End::source, traffic.from}});
        rule.matches.insert(rule.matches.end(), target_.begin(), target_.end());
        if (!traffic.to.empty()) rule.matches.push_back({PortIn{End::target, traffic.to}});
        if (traffic.icmp) rule.matches.push_back({*traffic.icmp});
        return rule;
    }

    Cursor words_;
    bool permit_;
    const Objects& objects_;
    AsaEntry entry_;
    std::vector<Traffic> traffic_;
    bool complete_ = false;  // a service object or group: it has its ports in itself
    bool is_icmp_ = false;
    std::vector<Match> source_, target_;
};

}  // namespace

AsaEntry read_entry(const std::vector<Word>& words, std::size_t at, const Objects& objects, Complaints& complaints) {
    return EntryParser(words, at, objects, complaints).parse();
}

}  // namespace sim::firewall::import
