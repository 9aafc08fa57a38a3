#include "scenarios/cases/packet_line.hpp"

#include "scenarios/cases/fields.hpp"
#include "scenarios/cases/packet_json.hpp"
#include "scenarios/cases/packet_words.hpp"
#include "sim/firewall/exact/witness.hpp"
#include "sim/wire/packet.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace scenarios::cases {
namespace {

bool is_verdict(std::string_view word) {
    return word == "accept" || word == "drop" || word == "reject" || word == "held" || word == "none";
}

std::string shown(std::string_view text) { return "\"" + base::printable(text, 40) + "\""; }

// As exact::octets_of fills what no match reads.
constexpr std::string_view sixteen_zeros = "00000000000000000000000000000000";

// Reads one line, word by word. After the first fault the rest is read on with harmless values.
class Parser {
public:
    explicit Parser(std::string_view line) : words_(packet_words(line)), end_{{}, {}, line.size()} {}

    // What a line says of its packet, as packet_json.hpp has it; empty when it only waits.
    json::object parse(PacketLine& line) {
        json::object d;
        if (takes("wait")) {
            const PacketWord& word = take("the time to wait");
            const auto time = duration_of(word.folded);
            if (!time) complain(shown(word.text) + " is no time; write 5s, 20m or 2h", word);
            line.wait = time.value_or(base::SimDuration{});
            if (!done()) complain(shown(words_[at_].text) + " is out of place", words_[at_]);
            return d;
        }
        d = read_ends(true);
        while (!done() && !fault_) read_word(take("a word"), d, line);
        if (headless_) return d;
        if (is_icmp(d) && !d.contains("type")) d["type"] = echo(d);
        if (is_tcp(d)) d["flags"] = flags();
        if (zeros_ && !d.contains("len")) d["l4raw"] = true, d["data"] = sixteen_zeros;
        return d;
    }
    const std::optional<PacketFault>& fault() const { return fault_; }
    bool has_seq() const { return has_seq_; }
    bool has_ack() const { return has_ack_; }

    // A fault of the packet as a whole, "packet: len: 70000 is too much", under the word that it is about.
    PacketFault placed(const std::string& what) const {
        const std::size_t begin = what.find(": "), end = what.find(": ", begin + 1);
        if (begin != what.npos && end != what.npos)
            if (const auto found = places_.find(what.substr(begin + 2, end - begin - 2)); found != places_.end())
                return at(what, *found->second);
        return words_.empty() ? PacketFault{what}
                              : PacketFault{what, words_.front().at,
                                            words_.back().at + words_.back().text.size() - words_.front().at};
    }

private:
    static PacketFault at(std::string what, const PacketWord& word) {
        return {std::move(what), word.at, std::max<std::size_t>(word.text.size(), 1)};
    }
    static bool is(const json::object& d, std::string_view protocol) {
        const json::value* v = d.if_contains("proto");
        return v != nullptr && v->is_string() && std::string_view(v->get_string()) == protocol;
    }
    static bool is_tcp(const json::object& d) { return is(d, "tcp"); }
    static bool is_icmp(const json::object& d) { return is(d, "icmp") || is(d, "icmpv6"); }
    static int echo(const json::object& d) { return is(d, "icmpv6") ? 128 : 8; }

    bool done() const { return at_ == words_.size(); }
    const PacketWord& take(std::string_view what) {
        if (!done()) return words_[at_++];
        complain(fmt::format("{} is missing", what), end_);
        return end_;
    }
    bool takes(std::string_view word) {
        if (done() || words_[at_].folded != word) return false;
        ++at_;
        return true;
    }
    std::uint64_t number(const std::string& name) {
        const PacketWord& word = take(fmt::format("the number behind {}", name));
        const auto n = number_of(word.text);
        if (!n || *n > 0xffffffffULL) complain(fmt::format("{} is no number for {}", shown(word.text), name), word);
        places_[name] = &word;
        return n.value_or(0);
    }
    void complain(std::string what, const PacketWord& word) {
        if (!fault_) fault_ = at(std::move(what), word);
    }

    // "10.0.0.10:135" and "[2001:db8::1]:135"; without ports the address alone.
    void read_end(const PacketWord& word, bool ports, json::object& d, const char* address_key, const char* port_key) {
        std::string_view address = word.text;
        const std::size_t colon = address.rfind(':');
        if (ports && colon == address.npos) return complain(shown(word.text) + " needs a port: 10.0.0.10:135", word);
        if (ports) {
            const std::string_view digits = address.substr(colon + 1);
            address = address.substr(0, colon);
            const auto port = number_of(digits);
            if (!port || *port > 65535)
                complain(shown(digits) + " is no port", {digits, {}, word.at + (digits.empty() ? 0 : colon + 1)});
            d[port_key] = port.value_or(0);
        }
        if (address.size() > 2 && address.front() == '[' && address.back() == ']')
            address = address.substr(1, address.size() - 2);
        if (!wire::IpAddress::parse(address)) complain(shown(address) + " is no address", word);
        d[address_key] = address;
        places_[address_key] = &word;
    }

    // "tcp A:p > B:p": who talks to whom, over what. Of the packet itself, and not of one that it quotes, also
    // "tcp fragment A > B".
    json::object read_ends(bool outermost) {
        json::object d;
        const bool by_number = takes("protocol");
        const PacketWord& protocol = take("the protocol");
        const bool ports = protocol.folded == "tcp" || protocol.folded == "udp";
        const auto number = number_of(protocol.text);
        if (number && *number <= 255)
            d["proto"] = *number;
        else if (!by_number && (ports || protocol.folded == "icmp" || protocol.folded == "icmpv6"))
            d["proto"] = protocol.folded;
        else
            complain(shown(protocol.text) + " is no protocol; tcp, udp, icmp, icmpv6, or a number", protocol);
        const bool headless = outermost && read_shape(d);
        read_end(take("the sender"), ports && !headless, d, "src", "sport");
        if (!takes(">") && !takes("->")) {
            const PacketWord& found = done() ? end_ : words_[at_];
            complain("a \">\" is wanted between sender and target", found);
        }
        read_end(take("the target"), ports && !headless, d, "dst", "dport");
        if (!outermost || headless) return d;
        // ICMP of the other version of IP is just a protocol's number.
        const auto sender = wire::IpAddress::parse(d.contains("src") ? std::string_view(d.at("src").as_string()) : "");
        zeros_ = by_number || (sender && is_icmp(d) && is(d, "icmp") != sender->is_v4());
        if (zeros_ && is_icmp(d)) d["proto"] = is(d, "icmp") ? 1 : 58;
        return d;
    }
    // What there is of a packet without a transport header.
    bool read_shape(json::object& d) {
        if (!takes("fragment")) return false;
        d["frag"] = json::object{{"id", 1}, {"off", 800}, {"mf", false}};
        d["data"] = sixteen_zeros;
        headless_ = true;
        return true;
    }

    void read_word(const PacketWord& word, json::object& d, PacketLine& line) {
        const std::string& name = word.folded;
        if (name == "=>") {
            const PacketWord& wanted = take("the verdict behind =>");
            line.expected = wanted.folded;
            if (!is_verdict(line.expected))
                complain(shown(wanted.text) + " is no verdict; accept, drop or reject", wanted);
        } else if (name == "on" || name == "from") {
            line.origin = std::string(take("where it comes from").text);
        } else if (name == "local") {
            line.origin = "local";
        } else if (name == "badsum") {
            d["badsum"] = true;
        } else if (name == "win" || name == "len" || name == "ttl") {
            d[name] = number(name);
        } else if (!read_said(word, line) && !(is_tcp(d) && !headless_ && read_tcp(word, d)) &&
                   !(is_icmp(d) && !headless_ && read_icmp(word, d))) {
            complain(shown(word.text) + " is not understood here", word);
        }
    }
    // What the packet is to the filter.
    bool read_said(const PacketWord& word, PacketLine& line) {
        const std::string& name = word.folded;
        for (const firewall::Label label : {firewall::Label::new_flow, firewall::Label::established,
                                            firewall::Label::related, firewall::Label::invalid,
                                            firewall::Label::untracked})
            if (packet_words(firewall::id(label)).front().folded == name) {
                line.said.label = label;
                return true;
            }
        if (name == "from-client" || name == "from-server")
            line.origin = name.substr(5);
        else if (name == "reply" || name == "original")
            line.said.direction = name == "reply" ? firewall::FlowSide::reply : firewall::FlowSide::original;
        else if (name == "snat" || name == "dnat")
            line.said.marks |= name == "snat" ? firewall::StateSet::snat : firewall::StateSet::dnat;
        else if (name == "in" || name == "out")
            (name == "in" ? line.said.in_interface : line.said.out_interface) =
                std::string(take("the interface").text);
        else
            return false;
        return true;
    }
    bool read_tcp(const PacketWord& word, json::object& d) {
        if (word.folded == "seq") {
            d["seq"] = number(word.folded);
            has_seq_ = true;
        } else if (word.folded == "ack" && !done() && number_of(words_[at_].text)) {
            d["ack"] = number(word.folded);
            flags_ += 'A';
            has_ack_ = true;
        } else if (word.folded == "none") {
            no_flags_ = true;
        } else {
            return add_flag_letters(word.folded, flags_);
        }
        return true;
    }
    bool read_icmp(const PacketWord& word, json::object& d) {
        const std::string& name = word.folded;
        if (name == "echo" || name == "echo-request") {
            d["type"] = echo(d);
        } else if (name == "echo-reply") {
            d["type"] = is(d, "icmpv6") ? 129 : 0;
        } else if (name == "type" || name == "code" || name == "id") {
            d[name] = number(name);
        } else if (name == "about") {
            json::object inner = read_ends(false);
            if (is_tcp(inner)) inner["flags"] = "S";
            if (is_icmp(inner)) inner["type"] = echo(inner);
            d["inner"] = std::move(inner);
        } else {
            return false;
        }
        return true;
    }
    std::string flags() const {
        if (flags_.empty()) return no_flags_ ? "" : "S";
        std::string letters = flags_;
        std::sort(letters.begin(), letters.end());
        letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
        return letters;
    }

    std::vector<PacketWord> words_;
    PacketWord end_;  // stands for what is missing
    std::map<std::string, const PacketWord*> places_;  // of what packet_json.hpp may find wrong
    std::size_t at_ = 0;
    std::optional<PacketFault> fault_;
    std::string flags_;
    bool no_flags_ = false;
    bool has_seq_ = false;
    bool has_ack_ = false;
    bool headless_ = false;  // no transport header is there
    bool zeros_ = false;     // its payload, when nothing else is said
};

// A line of JSON: the packet alone, or with where it comes from and what is expected.
base::Result<json::object, std::string> read_json(std::string_view text, PacketLine& line) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error) return base::failure("it is no JSON: " + error.message());
    const json::object& whole = value.as_object();
    if (!whole.contains("packet")) return whole;
    Fields fields(whole, "line");
    fields.allow({"origin", "packet", "expect"});
    line.origin = std::string(fields.text("origin", ""));
    json::object packet = fields.object("packet");
    std::string fault = fields.fault();
    if (fields.has("expect")) {
        Fields expect(fields.object("expect"), "expect");
        line.expected = std::string(expect.text("verdict", ""));
        if (fault.empty()) fault = fields.fault().empty() ? expect.fault() : fields.fault();
    }
    if (!fault.empty()) return base::failure(std::move(fault));
    return packet;
}

// Packets that only findings write: cut to some octets, ICMP of the other version of IP. What is expected may stand
// behind them too.
std::optional<PacketLine> as_findings_write_it(std::string_view text) {
    text = text.substr(0, text.find('#'));
    const auto trimmed = [](std::string_view part) {
        const std::size_t begin = std::min(part.find_first_not_of(" \t\r"), part.size());
        const std::size_t end = part.find_last_not_of(" \t\r");
        return part.substr(begin, end + 1 - begin);
    };
    const std::size_t arrow = text.find("=>");
    const std::string_view expected = arrow == text.npos ? std::string_view() : trimmed(text.substr(arrow + 2));
    if (arrow != text.npos && !is_verdict(expected)) return std::nullopt;
    const auto written = firewall::exact::parse_witness(trimmed(text.substr(0, arrow)));
    if (!written) return std::nullopt;
    auto octets = firewall::exact::octets_of(*written);
    if (!octets || !wire::parse(*octets)) return std::nullopt;
    PacketLine line;
    line.packet = std::move(*octets);
    line.expected = std::string(expected);
    if (written->from) line.origin = *written->from == firewall::Side::client ? "client" : "server";
    if (written->tracked.label != firewall::Label::none) line.said.label = written->tracked.label;
    line.said.direction = written->tracked.direction;
    line.said.marks = written->tracked.marks;
    line.said.in_interface = written->in_interface;
    line.said.out_interface = written->out_interface;
    return line;
}

}  // namespace

void PacketLineReader::number(json::object& tcp, bool has_seq, bool has_ack) {
    constexpr std::uint32_t opener = 1000, answerer = 500'000;
    const auto end = [&tcp](const char* address, const char* port) {
        return wire::Endpoint{*wire::IpAddress::parse(std::string_view(tcp.at(address).as_string())),
                              wire::Port{tcp.at(port).to_number<std::uint16_t>()}};
    };
    const wire::FlowKey flow{wire::Protocol::tcp, end("src", "sport"), end("dst", "dport")};
    const auto has = [&tcp](char flag) { return tcp.at("flags").as_string().find(flag) != json::string::npos; };
    const bool syn = has('S'), fin = has('F'), ack = has('A');
    const Numbers other = sides_[wire::reversed(flow)];
    Numbers& own = sides_[flow];
    if (!own.known)
        own = {.first = other.known ? answerer : opener, .next = other.known ? answerer : opener, .known = true};
    if (syn) own.next = own.first;  // from the start: said again, it is the same packet
    if (!has_seq) tcp["seq"] = own.next;
    if (!has_ack && ack) tcp["ack"] = other.known ? other.next : answerer;
    const auto length = tcp.contains("len") ? tcp.at("len").to_number<std::uint32_t>() : 0;
    own.next = tcp.at("seq").to_number<std::uint32_t>() + length + (syn ? 1U : 0U) + (fin ? 1U : 0U);
}

base::Result<std::optional<PacketLine>, PacketFault> PacketLineReader::read(std::string_view text) {
    PacketLine line;
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
    if (begin == text.size() || text[begin] == '#') return std::optional<PacketLine>();
    Parser parser(text.substr(0, text[begin] == '{' ? begin : text.find('#')));
    const auto whole = [&](const std::string& what) {
        return base::failure(text[begin] == '{' ? PacketFault{what, begin, text.size() - begin} : parser.placed(what));
    };
    json::object d;
    if (text[begin] == '{') {
        auto read = read_json(text.substr(begin), line);
        if (!read) return whole(read.error());
        d = std::move(*read);
        if (!line.expected.empty() && !is_verdict(line.expected))
            return whole(shown(line.expected) + " is no verdict; accept, drop or reject");
    } else {
        d = parser.parse(line);
        if (parser.fault()) {
            if (auto odd = as_findings_write_it(text.substr(begin))) return std::optional(std::move(*odd));
            return base::failure(*parser.fault());
        }
        if (d.empty()) return std::optional(std::move(line));
        // A packet that is taken at its word is none of a connection whose numbers run.
        if (d.contains("flags") && !line.said.of_connection()) number(d, parser.has_seq(), parser.has_ack());
    }
    auto packet = read_packet(d);
    if (!packet) return whole(packet.error());
    const auto view = wire::parse(*packet);
    if (!view) return whole("it is no packet: " + wire::format(view.error().reason));
    line.packet = std::move(*packet);
    return std::optional(std::move(line));
}

}  // namespace scenarios::cases
