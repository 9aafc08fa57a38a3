// What a Linux kernel did with some two thousand packets, against what this box does with them: hook, verdict, rule,
// trace, label, table entry, way out, answers. goldens/README.md says how they were recorded.
#include "sim/firewall/box.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/reject_words.hpp"
#include "sim/firewall/import/net_names.hpp"
#include "tests/firewall/golden_packet.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace {

namespace json = boost::json;
namespace fw = sim::firewall;
using namespace sim;

const std::string folder = std::string(FIREDRILL_SOURCE_DIR) + "/tests/firewall/goldens/";

std::vector<fw::BoxInterface> interfaces() {
    std::ifstream file(folder + "box.json");
    std::stringstream text;
    text << file.rdbuf();
    std::vector<fw::BoxInterface> list;
    const json::value box = json::parse(text.str());
    for (const json::value& v : box.at("interfaces").as_array()) {
        fw::BoxInterface i;
        i.name = std::string(v.at("name").as_string());
        i.default_route = v.as_object().contains("default_route");
        for (const json::value& a : v.at("addresses").as_array()) {
            const std::string_view both = a.as_string();
            i.addresses.push_back(
                {*wire::IpAddress::parse(both.substr(0, both.find('/'))), *wire::Prefix::parse(both)});
        }
        list.push_back(std::move(i));
    }
    return list;
}

// Writes a way through the rules as the recordings do: "FORWARD:3", "LAN:end", "FORWARD:policy".
class Tracer : public fw::Recorder {
public:
    struct Way {
        std::string trace;
        std::string by;
    };
    std::vector<Way> ways;  // of the packet, then of its answer

    void enter(const fw::RuleSet& rules, fw::Hook, const fw::Subject&) override {
        rules_ = &rules;
        ways.emplace_back();
    }
    void matched(fw::RuleId rule) override {
        const fw::Rule& r = rules_->rule(rule);
        add(rules_->chain(r.chain).name + ":" + std::to_string(r.number));
    }
    void chain_end(fw::ChainId chain) override { add(rules_->chain(chain).name + ":end"); }
    void policy(fw::ChainId chain) override { add(rules_->chain(chain).name + ":policy"); }
    void dropped_inside(fw::RuleId) override { ways.back().by.clear(); }

private:
    void add(const std::string& step) {
        ways.back().trace += (ways.back().trace.empty() ? "" : " ") + step;
        ways.back().by = step;
    }
    const fw::RuleSet* rules_ = nullptr;
};

std::string text(const json::object& o, std::string_view key) {
    const json::value* v = o.if_contains(key);
    return v == nullptr || v->is_null() ? "" : v->is_string() ? std::string(v->as_string()) : json::serialize(*v);
}

std::string joined(const json::object& o, std::string_view key) {
    std::string out;
    if (const json::value* v = o.if_contains(key))
        for (const json::value& one : v->as_array()) out += (out.empty() ? "" : " ") + std::string(one.as_string());
    return out;
}

std::string entry_text(const std::optional<fw::ConnectionInfo>& c) {
    if (!c) return {};
    std::string out = fw::import::protocol_name(static_cast<std::uint8_t>(c->flow.protocol));
    if (out == "ipv6-icmp") out = "icmpv6";
    if (out != "tcp" && out != "udp" && out != "icmp" && out != "icmpv6" && out != "gre") out = "unknown";
    if (!c->state.empty()) out += " " + c->state;
    out += " " + std::to_string((c->expires_in + std::chrono::milliseconds(999)) / std::chrono::seconds(1));
    if (!c->replied) out += " unreplied";
    if (c->assured) out += " assured";
    return out;
}

// The description of an answer, in the words of the recordings.
std::string answer_text(base::ByteView octets) {
    const auto view = *wire::parse(octets);
    std::ostringstream out;
    out << view.ip.source.format() << " " << view.ip.target.format();
    if (const wire::TcpHeader* tcp = view.tcp())
        out << " tcp " << tcp->source.value << " " << tcp->target.value << " " << tcp->sequence << " "
            << tcp->acknowledgement << " " << wire::format(tcp->flags) << " " << tcp->window;
    if (const wire::IcmpHeader* icmp = view.icmp()) {
        out << " icmp " << unsigned{icmp->type} << " " << unsigned{icmp->code};
        const auto inner = *wire::parse_quoted(view.payload);
        out << " " << inner.ip.source.format() << " " << inner.ip.target.format();
    }
    return out.str();
}
std::string answer_text(const json::object& d) {
    std::ostringstream out;
    out << text(d, "src") << " " << text(d, "dst");
    const auto number = [&d](std::string_view key) { return d.at(key).to_number<std::uint32_t>(); };
    if (text(d, "proto") == "tcp")
        out << " tcp " << number("sport") << " " << number("dport") << " " << number("seq") << " " << number("ack")
            << " " << (text(d, "flags") == "R" ? "RST" : "RST-ACK") << " " << number("win");
    if (const json::value* inner = d.if_contains("inner"))
        out << " icmp " << number("type") << " " << number("code") << " " << text(inner->as_object(), "src") << " "
            << text(inner->as_object(), "dst");
    return out.str();
}

void check_answer(const json::object& expect, const fw::Box::Transit& got, const Tracer& tracer, wire::Family family,
                  const fw::RuleSet& rules) {
    BOOST_TEST(fw::import::reject_words(rules, got.verdict, family) == text(expect, "with"));
    const std::string reply = text(expect, "reply");
    BOOST_TEST(got.answer.has_value() == (reply != "none"));
    if (!got.answer) return;
    using Fate = fw::Box::Answer::Fate;
    const std::string fate = got.answer->fate == Fate::sent      ? "sent"
                             : got.answer->fate == Fate::blocked ? "blocked"
                                                                 : "local";
    BOOST_TEST(fate == reply);
    if (const json::value* packet = expect.if_contains("reply_packet"))
        BOOST_TEST(answer_text(got.answer->judged.empty() ? got.answer->octets : got.answer->judged) ==
                   answer_text(packet->as_object()));
    if (expect.contains("reply_ct")) BOOST_TEST(std::string(fw::id(got.answer->label)) == text(expect, "reply_ct"));
    if (expect.contains("reply_trace") && tracer.ways.size() == 2)
        BOOST_TEST(tracer.ways[1].trace == joined(expect, "reply_trace"));
}

void check_step(const json::object& step, fw::Box& box, const fw::RuleSet& rules,
                const std::vector<fw::BoxInterface>& ifs, base::SimTime now) {
    const json::object& expect = step.at("expect").as_object();
    const base::Bytes octets = golden::packet(step.at("packet").as_object());
    const std::string origin = text(step, "origin");
    Tracer tracer;
    fw::Box::Transit got;
    if (origin == "local" || origin == "auto") {
        got = box.send(octets, now, &tracer);
    } else {
        std::size_t in = 0;
        while (ifs.at(in).name != origin) ++in;
        got = box.arrive(octets, in, now, &tracer);
    }
    BOOST_TEST((got.hook ? std::string(fw::id(*got.hook)) : "") == text(expect, "hook"));
    const std::string verdict = got.verdict.reason == fw::Reason::fragment_held ? "held"
                                // The rules let it pass, and translation has no tuple for it.
                                : got.verdict.reason == fw::Reason::not_translated ? "accept"
                                : got.hook ? std::string(fw::id(got.verdict.action))
                                           : "none";
    BOOST_TEST(verdict == text(expect, "verdict"));
    if (!got.hook) return;
    BOOST_REQUIRE(!tracer.ways.empty());
    BOOST_TEST(tracer.ways[0].trace == joined(expect, "trace"));
    BOOST_TEST(tracer.ways[0].by == text(expect, "by"));
    const std::string label = got.label == fw::Label::none ? "" : std::string(fw::id(got.label));
    BOOST_TEST(label == text(expect, "ct"));
    if (const json::value* inside = expect.if_contains("inside")) {
        BOOST_REQUIRE(got.inside.has_value());
        BOOST_REQUIRE(tracer.ways.size() >= 2U);
        BOOST_TEST(std::string(fw::id(got.inside->verdict.action)) == text(inside->as_object(), "verdict"));
        BOOST_TEST(tracer.ways[1].trace == joined(inside->as_object(), "trace"));
        BOOST_TEST(!got.out.has_value());
    }
    if (expect.contains("out") && got.out) BOOST_TEST(ifs.at(*got.out).name == text(expect, "out"));
    if (got.verdict.action == fw::Action::reject)
        check_answer(expect, got, tracer, wire::parse(octets)->ip.source.family(), rules);
    const bool fragment = step.at("packet").as_object().contains("frag");
    if (!expect.contains("entry_unknown") && !fragment)
        BOOST_TEST(entry_text(box.connection_of(octets, now)) == text(expect, "entry"));
}

void run_file(const std::string& name) {
    const std::vector<fw::BoxInterface> ifs = interfaces();
    std::ifstream file(folder + name + ".jsonl");
    std::string line;
    std::size_t steps = 0;
    while (std::getline(file, line)) {
        const json::value parsed = json::parse(line);
        const json::object& test = parsed.as_object();
        const std::string id = text(test, "id");
        const base::SourceText source(id, text(test, "ruleset"));
        const auto imported = fw::import::import_rules(
            source, fw::import::detect_format(source.text()).value(),
            {.family = text(test, "family") == "ipv6" ? wire::Family::ipv6 : wire::Family::ipv4});
        if (!imported)
            for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
        BOOST_REQUIRE(imported.has_value());
        fw::EngineSettings settings;
        for (const auto& [key, value] : test.at("sysctl").as_object()) {
            if (key == "nf_conntrack_tcp_loose") settings.tracker.pick_up = value.to_number<int>() != 0;
            if (key == "nf_conntrack_tcp_be_liberal") settings.tracker.liberal = value.to_number<int>() != 0;
        }
        BOOST_TEST((imported->rules->tracking() == fw::Tracking::labels) == test.at("conntrack").as_bool());
        fw::Box box(imported->rules, settings, ifs);
        base::SimTime now{};
        std::size_t number = 0;
        for (const json::value& step : test.at("steps").as_array()) {
            BOOST_TEST_CONTEXT(id << " step " << number << " " << json::serialize(step)) {
                check_step(step.as_object(), box, *imported->rules, ifs, now);
            }
            now += std::chrono::milliseconds(5);
            ++number;
            ++steps;
        }
    }
    BOOST_TEST(steps > 100U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(goldens)
BOOST_AUTO_TEST_CASE(stateless_basic) { run_file("stateless-basic"); }
BOOST_AUTO_TEST_CASE(stateless_advanced) { run_file("stateless-adv"); }
BOOST_AUTO_TEST_CASE(stateful) { run_file("stateful"); }
BOOST_AUTO_TEST_CASE(window) { run_file("window"); }
BOOST_AUTO_TEST_CASE(reject) { run_file("reject"); }
BOOST_AUTO_TEST_CASE(fragments) { run_file("frag"); }
BOOST_AUTO_TEST_CASE(ipv6) { run_file("ipv6"); }
BOOST_AUTO_TEST_CASE(rpc) { run_file("rpc"); }
BOOST_AUTO_TEST_CASE(nftables) { run_file("nft"); }
BOOST_AUTO_TEST_CASE(nat) { run_file("nat"); }
BOOST_AUTO_TEST_CASE(routing) { run_file("routing"); }
BOOST_AUTO_TEST_SUITE_END()
