#include "sim/firewall/import/cisco_entry.hpp"

#include "sim/firewall/import/cisco_names.hpp"

#include <algorithm>

namespace sim::firewall::import::cisco {
namespace {

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1;

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

class EntryParser {
public:
    EntryParser(const std::vector<Word>& words, std::size_t at, const base::SourceText& source,
                base::Diagnostics& found)
        : words_(words), at_(at), source_(source), found_(found) {}

    Rule parse() {
        const bool permit = words_[at_++].text == "permit";
        rule_.target =
            permit ? Target{Target::Kind::accept} : Target{Target::Kind::reject, RejectWith::admin_prohibited, {}};
        read_protocol();
        read_address(End::source);
        read_ports(End::source);
        read_address(End::target);
        read_ports(End::target);
        read_icmp();
        read_options();
        // IOS lets a later fragment through a permit entry whose ports it cannot show, and past such a deny entry.
        rule_.blind_to_fragments = permit && looks_into_transport_;
        return std::move(rule_);
    }

    // A standard list asks for the source alone, whatever the protocol; an address without a wildcard is a host.
    Rule parse_standard() {
        const bool permit = words_[at_++].text == "permit";
        rule_.target =
            permit ? Target{Target::Kind::accept} : Target{Target::Kind::reject, RejectWith::admin_prohibited, {}};
        const std::string_view behind = at_ + 1 < words_.size() ? words_[at_ + 1].text : "log";
        if (at_ < words_.size() && behind == "log" && words_[at_].text != "any") {
            if (const auto parsed = v4(words_[at_++]))
                rule_.matches.push_back({InPrefix{End::source, wire::Prefix::host(*parsed)}});
        } else {
            read_address(End::source);
        }
        while (!stopped_ && at_ < words_.size()) {
            const Word& word = words_[at_++];
            if (word.text != "log") refuse(word, shown(word.text) + " is not supported in an entry of a standard list");
            rule_.log = Log{};
        }
        return std::move(rule_);
    }

private:
    void read_protocol() {
        const Word* word = take("a protocol");
        if (word == nullptr) return;
        const auto named = protocol_named(word->text);
        if (!named) return fault(*word, shown(word->text) + " is no protocol that IOS names", "bad-protocol");
        protocol_ = *named;
        if (protocol_ != 0) rule_.matches.push_back({ProtocolIn::only(protocol_)});
    }

    void read_address(End end) {
        const Word* word = take("an address");
        if (word == nullptr || word->text == "any") return;
        if (word->text == "host") {
            const Word* address = take("the address of the host");
            if (address == nullptr) return;
            if (const auto parsed = v4(*address)) rule_.matches.push_back({InPrefix{end, wire::Prefix::host(*parsed)}});
            return;
        }
        if (word->text == "object-group" || word->text == "addrgroup")
            return refuse(*word, "object groups are not supported");
        const auto address = v4(*word);
        if (!address) return;
        const Word* mask = take("the wildcard mask of the address");
        if (mask == nullptr) return;
        const auto wildcard = v4(*mask);
        if (!wildcard) return;
        const wire::IpAddress significant = wire::IpAddress::v4(~wildcard->v4_bits());
        if (looks_like_netmask(wildcard->v4_bits()))
            found_.push_back(
                report(source_, base::Severity::warning, *mask,
                       shown(mask->text) +
                           " is a netmask, but IOS reads it as a wildcard, in which bits that are 1 do not matter",
                       "netmask-as-wildcard", "the wildcard of this mask is " + significant.format()));
        rule_.matches.push_back({InPrefix{end, wire::Prefix(*address, significant)}});
    }
    static bool looks_like_netmask(std::uint32_t bits) {
        const std::uint32_t inverse = ~bits;
        return bits != 0 && inverse != 0 && (inverse & (inverse + 1)) == 0;
    }
    std::optional<wire::IpAddress> v4(const Word& word) {
        const auto parsed = wire::IpAddress::parse(word.text);
        if (parsed && parsed->is_v4()) return *parsed;
        fault(word, shown(word.text) + " is no IPv4 address", "bad-address",
              "any, host A, or A with its wildcard mask");
        return std::nullopt;
    }

    void read_ports(End end) {
        if (stopped_ || at_ == words_.size()) return;
        const Word& op = words_[at_];
        const std::string_view text = op.text;
        if (text != "eq" && text != "neq" && text != "gt" && text != "lt" && text != "range") return;
        ++at_;
        if (protocol_ != tcp && protocol_ != udp)
            return fault(op, "ports need the protocol tcp or udp", "ports-without-protocol");
        looks_into_transport_ = true;
        PortIn in{end, {}};
        const auto first = port(true);
        if (!first) return;
        if (text == "range") {
            const auto last = port(true);
            if (!last) return;
            in.ranges.push_back({std::min(*first, *last), std::max(*first, *last)});  // IOS takes either order
        } else if (text == "gt" || text == "lt") {
            const bool greater = text == "gt";
            if (first->value == (greater ? 65535 : 0)) return fault(op, "no port is left by this", "bad-port");
            const auto beside = static_cast<std::uint16_t>(greater ? first->value + 1 : first->value - 1);
            in.ranges.push_back(greater ? wire::PortRange{wire::Port{beside}, wire::Port{65535}}
                                        : wire::PortRange{wire::Port{0}, wire::Port{beside}});
        } else {
            in.ranges.push_back(wire::PortRange::only(*first));
            while (const auto more = port(false)) in.ranges.push_back(wire::PortRange::only(*more));
        }
        rule_.matches.push_back({std::move(in), text == "neq"});
    }
    // The next word as a port; when it is none and `must` be one, that is an error.
    std::optional<wire::Port> port(bool must) {
        const Word* word = must ? take("a port") : at_ < words_.size() ? &words_[at_] : nullptr;
        if (word == nullptr) return std::nullopt;
        const auto named = protocol_ == tcp ? tcp_port_named(word->text) : udp_port_named(word->text);
        if (!named) {
            if (must) fault(*word, shown(word->text) + " is no port that IOS names", "bad-port");
            return std::nullopt;
        }
        if (!must) ++at_;
        return wire::Port{*named};
    }

    void read_icmp() {
        if (stopped_ || protocol_ != icmp || at_ == words_.size()) return;
        const Word& word = words_[at_];
        if (const auto named = icmp_named(word.text)) return add_icmp(*named);
        const auto type = decimal(word.text, 255);
        if (!type) return;
        IcmpIs is{false, static_cast<std::uint8_t>(*type), 0, 255};
        if (at_ + 1 < words_.size())
            if (const auto code = decimal(words_[at_ + 1].text, 255)) {
                is.code_low = is.code_high = static_cast<std::uint8_t>(*code);
                ++at_;
            }
        add_icmp(is);
    }
    void add_icmp(const IcmpIs& is) {
        ++at_;
        looks_into_transport_ = true;
        rule_.matches.push_back({is});
    }

    void read_options() {
        while (!stopped_ && at_ < words_.size()) {
            const Word& word = words_[at_++];
            if (word.text == "established") {
                if (protocol_ != tcp) fault(word, "only TCP has established", "established-needs-tcp");
                looks_into_transport_ = true;
                rule_.matches.push_back({AckOrRst{}});
            } else if (word.text == "fragments") {
                if (looks_into_transport_)
                    fault(word, "later fragments show no ports and no types, so the two do not go together",
                          "bad-fragments");
                rule_.matches.push_back({LaterFragment{}});
            } else if (word.text == "log" || word.text == "log-input") {
                rule_.log = Log{};
            } else {
                refuse(word, shown(word.text) + " is not supported in an entry");
            }
        }
    }

    const Word* take(const char* what) {
        if (stopped_) return nullptr;
        if (at_ < words_.size()) return &words_[at_++];
        fault(words_.back(), std::string(what) + " is missing behind this", "missing-word");
        return nullptr;
    }
    // After an error the rest of the entry could be read in a wrong sense, so it is left.
    void fault(const Word& word, std::string what, std::string id, std::string hint = {}) {
        found_.push_back(report(source_, base::Severity::error, word, std::move(what), std::move(id), std::move(hint)));
        stopped_ = true;
    }
    void refuse(const Word& word, std::string what) {
        fault(word, std::move(what), "unsupported-option",
              "its entry cannot be judged here, so the whole file is refused");
    }

    const std::vector<Word>& words_;
    std::size_t at_;
    const base::SourceText& source_;
    base::Diagnostics& found_;
    Rule rule_;
    std::uint8_t protocol_ = 0;  // 0 = ip, any
    bool looks_into_transport_ = false;
    bool stopped_ = false;
};

}  // namespace

std::vector<Word> split(std::string_view line, std::size_t offset) {
    std::vector<Word> words;
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    for (std::size_t at = 0; at < line.size();) {
        if (blank(line[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && !blank(line[end])) ++end;
        words.push_back({line.substr(at, end - at), offset + at});
        at = end;
    }
    return words;
}

Rule parse_entry(const std::vector<Word>& words, std::size_t at, const base::SourceText& source,
                 base::Diagnostics& found) {
    return EntryParser(words, at, source, found).parse();
}

Rule parse_standard_entry(const std::vector<Word>& words, std::size_t at, const base::SourceText& source,
                          base::Diagnostics& found) {
    return EntryParser(words, at, source, found).parse_standard();
}

base::Diagnostic report(const base::SourceText& source, base::Severity severity, const Word& word, std::string what,
                        std::string id, std::string hint) {
    return source.diagnose(severity, source.place_at(word.offset, std::max<std::size_t>(word.text.size(), 1)),
                           std::move(what), std::move(id), std::move(hint));
}

}  // namespace sim::firewall::import::cisco
