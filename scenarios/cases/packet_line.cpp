#include "scenarios/cases/packet_line.hpp"

#include "scenarios/cases/fields.hpp"
#include "scenarios/cases/packet_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace scenarios::cases {
namespace {

using Words = std::vector<std::string_view>;

std::string shown(std::string_view text) { return "\"" + base::printable(text, 40) + "\""; }

Words words_of(std::string_view line) {
    Words words;
    for (std::size_t at = 0; at < line.size();) {
        at = std::min(line.find_first_not_of(" \t\r", at), line.size());
        const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
        if (end > at) words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::optional<base::SimDuration> duration_of(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::uint64_t nanoseconds;
    };
    constexpr std::array<Unit, 5> units{{{"ms", 1'000'000ULL},
                                         {"s", 1'000'000'000ULL},
                                         {"m", 60'000'000'000ULL},
                                         {"h", 3'600'000'000'000ULL},
                                         {"d", 86'400'000'000'000ULL}}};
    constexpr std::uint64_t longest = 366 * units[4].nanoseconds;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = number_of(text.substr(0, digits));
    for (const Unit& unit : units)
        if (count && unit.name == text.substr(digits) && *count <= longest / unit.nanoseconds)
            return base::SimDuration(static_cast<std::int64_t>(*count * unit.nanoseconds));
    return std::nullopt;
}

bool read_flags(std::string_view word, std::string& letters) {
    struct Name {
        std::string_view word;
        char letter;
    };
    constexpr std::array<Name, 6> names{
        {{"fin", 'F'}, {"syn", 'S'}, {"rst", 'R'}, {"psh", 'P'}, {"ack", 'A'}, {"urg", 'U'}}};
    std::string found;
    for (std::size_t at = 0; at <= word.size();) {
        const std::size_t end = std::min(word.find_first_of(",+-", at), word.size());
        const std::string_view one = word.substr(at, end - at);
        const auto name = std::find_if(names.begin(), names.end(), [one](const Name& n) { return n.word == one; });
        if (name == names.end()) return false;
        found += name->letter;
        at = end + 1;
    }
    letters += found;
    return true;
}

// Reads one line, word by word. After the first fault the rest is read on with harmless values.
class Parser {
public:
    explicit Parser(std::string_view line) : words_(words_of(line)) {}

    // What a line says of its packet, as packet_json.hpp has it; empty when it only waits.
    json::object parse(PacketLine& line) {
        json::object d;
        if (takes("wait")) {
            const std::string_view word = take("the time to wait");
            const auto time = duration_of(word);
            if (!time) complain(shown(word) + " is no time; write 5s, 20m or 2h");
            line.wait = time.value_or(base::SimDuration{});
            if (!done()) complain(shown(words_[at_]) + " is out of place");
            return d;
        }
        d = read_ends();
        while (!done() && fault_.empty()) read_word(take("a word"), d, line);
        if (is_icmp(d) && !d.contains("type")) d["type"] = echo(d);
        if (is_tcp(d)) d["flags"] = flags();
        return d;
    }
    const std::string& fault() const { return fault_; }
    bool has_seq() const { return has_seq_; }
    bool has_ack() const { return has_ack_; }

private:
    static bool is(const json::object& d, std::string_view protocol) {
        const json::value* v = d.if_contains("proto");
        return v != nullptr && v->is_string() && std::string_view(v->get_string()) == protocol;
    }
    static bool is_tcp(const json::object& d) { return is(d, "tcp"); }
    static bool is_icmp(const json::object& d) { return is(d, "icmp") || is(d, "icmpv6"); }
    static int echo(const json::object& d) { return is(d, "icmpv6") ? 128 : 8; }

    bool done() const { return at_ == words_.size(); }
    std::string_view take(std::string_view what) {
        if (!done()) return words_[at_++];
        complain(fmt::format("{} is missing", what));
        return {};
    }
    bool takes(std::string_view word) {
        if (done() || words_[at_] != word) return false;
        ++at_;
        return true;
    }
    std::uint64_t number(std::string_view name) {
        const std::string_view word = take(fmt::format("the number behind {}", name));
        const auto n = number_of(word);
        if (!n || *n > 0xffffffffULL) complain(fmt::format("{} is no number for {}", shown(word), name));
        return n.value_or(0);
    }
    void complain(std::string what) {
        if (fault_.empty()) fault_ = std::move(what);
    }

    // "10.0.0.10:135" and "[2001:db8::1]:135"; without ports the address alone.
    void read_end(std::string_view text, bool ports, json::object& d, const char* address_key, const char* port_key) {
        std::string_view address = text;
        const std::size_t colon = text.rfind(':');
        if (ports && colon == text.npos) return complain(shown(text) + " needs a port: 10.0.0.10:135");
        if (ports) {
            address = text.substr(0, colon);
            const auto port = number_of(text.substr(colon + 1));
            if (!port || *port > 65535) complain(shown(text.substr(colon + 1)) + " is no port");
            d[port_key] = port.value_or(0);
        }
        if (address.size() > 2 && address.front() == '[' && address.back() == ']')
            address = address.substr(1, address.size() - 2);
        if (!wire::IpAddress::parse(address)) complain(shown(address) + " is no address");
        d[address_key] = address;
    }

    // "tcp A:p > B:p": who talks to whom, over what.
    json::object read_ends() {
        json::object d;
        const std::string_view protocol = take("the protocol");
        const bool ports = protocol == "tcp" || protocol == "udp";
        const auto number = number_of(protocol);
        if (number && *number <= 255)
            d["proto"] = *number;
        else if (ports || protocol == "icmp" || protocol == "icmpv6")
            d["proto"] = protocol;
        else
            complain(shown(protocol) + " is no protocol; tcp, udp, icmp, icmpv6, or a number");
        read_end(take("the sender"), ports, d, "src", "sport");
        if (!takes(">") && !takes("->")) complain("a \">\" is wanted between sender and target");
        read_end(take("the target"), ports, d, "dst", "dport");
        return d;
    }

    void read_word(std::string_view word, json::object& d, PacketLine& line) {
        if (word == "=>") {
            line.expected = std::string(take("the verdict behind =>"));
        } else if (word == "on" || word == "from") {
            line.origin = std::string(take("where it comes from"));
        } else if (word == "local") {
            line.origin = "local";
        } else if (word == "badsum") {
            d["badsum"] = true;
        } else if (word == "win" || word == "len" || word == "ttl") {
            d[word] = number(word);
        } else if (!(is_tcp(d) && read_tcp(word, d)) && !(is_icmp(d) && read_icmp(word, d))) {
            complain(shown(word) + " is not understood here");
        }
    }
    bool read_tcp(std::string_view word, json::object& d) {
        if (word == "seq") {
            d["seq"] = number(word);
            has_seq_ = true;
        } else if (word == "ack" && !done() && number_of(words_[at_])) {
            d["ack"] = number(word);
            flags_ += 'A';
            has_ack_ = true;
        } else if (word == "none") {
            no_flags_ = true;
        } else {
            return read_flags(word, flags_);
        }
        return true;
    }
    bool read_icmp(std::string_view word, json::object& d) {
        if (word == "echo" || word == "echo-request") {
            d["type"] = echo(d);
        } else if (word == "echo-reply") {
            d["type"] = is(d, "icmpv6") ? 129 : 0;
        } else if (word == "type" || word == "code" || word == "id") {
            d[word] = number(word);
        } else if (word == "about") {
            json::object inner = read_ends();
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

    Words words_;
    std::size_t at_ = 0;
    std::string fault_;
    std::string flags_;
    bool no_flags_ = false;
    bool has_seq_ = false;
    bool has_ack_ = false;
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

base::Result<std::optional<PacketLine>, std::string> PacketLineReader::read(std::string_view text) {
    PacketLine line;
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
    if (begin == text.size() || text[begin] == '#') return std::optional<PacketLine>();
    json::object d;
    if (text[begin] == '{') {
        auto read = read_json(text.substr(begin), line);
        if (!read) return base::failure(read.error());
        d = std::move(*read);
    } else {
        Parser parser(text.substr(0, text.find('#')));
        d = parser.parse(line);
        if (!parser.fault().empty()) return base::failure(parser.fault());
        if (d.empty()) return std::optional(std::move(line));
        if (d.contains("flags")) number(d, parser.has_seq(), parser.has_ack());
    }
    auto packet = read_packet(d);
    if (!packet) return base::failure(packet.error());
    line.packet = std::move(*packet);
    for (const std::string_view word : {"", "accept", "drop", "reject", "held", "none"})
        if (line.expected == word) return std::optional(std::move(line));
    return base::failure(shown(line.expected) + " is no verdict; accept, drop or reject");
}

}  // namespace scenarios::cases
