// What a Linux kernel made of packets under random nat tables, against what this box makes of them: everything that
// left it, octet for octet where the packet is not of the box's own making, and the connection table at the end.
// goldens/README.md describes the file.
#include "sim/firewall/answers.hpp"
#include "sim/firewall/box.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/golden_packet.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace {

namespace json = boost::json;
namespace fw = sim::firewall;
using namespace sim;

std::vector<fw::BoxInterface> interfaces() {
    const auto made = [](const char* name, const char* v4, const char* v6, bool default_route) {
        fw::BoxInterface i{.name = name, .addresses = {}, .default_route = default_route};
        for (const std::string_view both : {v4, v6})
            i.addresses.push_back(
                {*wire::IpAddress::parse(both.substr(0, both.find('/'))), *wire::Prefix::parse(both)});
        return i;
    };
    return {made("eth0", "198.51.100.1/24", "2001:db8:a::1/64", true),
            made("eth1", "10.1.0.1/16", "2001:db8:b::1/64", false),
            made("eth2", "172.16.5.1/24", "2001:db8:c::1/64", false)};
}

base::Bytes unhex(std::string_view digits) {
    base::Bytes out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out.push_back(static_cast<base::Byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return out;
}

void add_ports(std::ostream& out, const wire::PacketView& p) {
    if (p.tcp() != nullptr || p.udp() != nullptr) out << " " << p.source().port.value << " " << p.target().port.value;
}
void add_icmp(std::ostream& out, const wire::PacketView& p) {
    if (const wire::IcmpHeader* icmp = p.icmp())
        out << " " << unsigned{icmp->type} << " " << unsigned{icmp->code} << " " << icmp->rest;
}

// "eth1 203.0.113.5 > 10.1.0.10 6 1030 80 flags 2 seq 7 ack 0", "... 1 3 3 0 about A > B 17 1030 80"
std::string text(const std::string& interface, base::ByteView octets) {
    const auto p = wire::parse(octets);
    BOOST_REQUIRE(p.has_value());
    BOOST_TEST(!p->checksum_wrong);
    std::ostringstream out;
    const auto ends = [&out](const wire::PacketView& v) {
        out << v.ip.source.format() << " > " << v.ip.target.format() << " "
            << int{static_cast<std::uint8_t>(v.ip.protocol)};
    };
    out << interface << " ";
    ends(*p);
    add_ports(out, *p);
    if (const wire::TcpHeader* tcp = p->tcp())
        out << " flags " << unsigned{tcp->flags.bits} << " seq " << tcp->sequence << " ack " << tcp->acknowledgement;
    add_icmp(out, *p);
    const wire::IcmpHeader* icmp = p->icmp();
    const bool error = icmp != nullptr && (p->ip.source.is_v4() ? icmp->type == 3 || icmp->type == 5 || icmp->type == 11
                                                                : icmp->type < 128);
    if (error) {
        const auto inner = wire::parse_quoted(p->payload);
        BOOST_REQUIRE(inner.has_value());
        out << " about ";
        ends(*inner);
        add_ports(out, *inner);
        add_icmp(out, *inner);
    }
    return out.str();
}

// What the box's own stack answers: nothing listens there.
std::optional<base::Bytes> own_answer(base::ByteView received) {
    const auto p = *wire::parse(received);
    if (p.tcp() != nullptr) return fw::reject_answer(p, fw::RejectWith::tcp_reset, p.ip.target);
    const wire::IcmpHeader* icmp = p.icmp();
    if (icmp == nullptr)
        return fw::reject_answer(
            p, p.udp() != nullptr ? fw::RejectWith::port_unreachable : fw::RejectWith::proto_unreachable, p.ip.target);
    const bool v4 = p.ip.source.is_v4();
    if (icmp->type != (v4 ? 8 : 128) || icmp->code != 0) return std::nullopt;
    wire::IpHeader ip;
    ip.source = p.ip.target;
    ip.target = p.ip.source;
    return wire::emit_icmp(ip, {.type = static_cast<std::uint8_t>(v4 ? 0 : 129), .code = 0, .rest = icmp->rest},
                           p.payload);
}

class Play {
public:
    explicit Play(fw::SharedRules rules) : interfaces_(interfaces()), box_(std::move(rules), {}, interfaces_) {}

    // Everything that leaves the box because of the packet.
    std::vector<std::string> step(const std::string& origin, const base::Bytes& octets) {
        now_ += std::chrono::milliseconds(5);
        left_.clear();
        fw::Box::Transit got;
        if (origin == "local") {
            got = box_.send(octets, now_);
        } else {
            std::size_t in = 0;
            while (interfaces_.at(in).name != origin) ++in;
            got = box_.arrive(octets, in, now_);
        }
        BOOST_TEST(!got.port_drawn);
        if (got.answer && got.answer->fate == fw::Box::Answer::Fate::sent) leaves(got.answer->out, got.answer->octets);
        if (got.verdict.action == fw::Action::accept) {
            const base::Bytes& after = got.octets ? *got.octets : octets;
            if (got.hook != fw::Hook::input)
                leaves(got.out, after);
            else if (const auto answer = own_answer(after))
                send(*answer);
        }
        std::sort(left_.begin(), left_.end());
        return left_;
    }

    std::vector<std::string> table() const {
        std::vector<std::string> list;
        for (const fw::ConnectionInfo& c : box_.connections(now_))
            list.push_back(wire::format(c.flow) + " | " + wire::format(c.answers.value_or(wire::reversed(c.flow))) +
                           " " + c.state);
        std::sort(list.begin(), list.end());
        return list;
    }

private:
    void leaves(std::optional<std::size_t> out, base::ByteView octets) {
        if (out) left_.push_back(text(interfaces_.at(*out).name, octets));
    }
    void send(const base::Bytes& octets) {
        const auto got = box_.send(octets, now_);
        if (got.verdict.action == fw::Action::accept) leaves(got.out, got.octets ? *got.octets : octets);
    }

    std::vector<fw::BoxInterface> interfaces_;
    fw::Box box_;
    base::SimTime now_{};
    std::vector<std::string> left_;
};

std::vector<std::string> strings(const json::value& list) {
    std::vector<std::string> out;
    for (const json::value& one : list.as_array()) out.emplace_back(one.as_string());
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nat_recorded)

BOOST_AUTO_TEST_CASE(as_the_kernel_translated) {
    std::ifstream file(std::string(FIREDRILL_SOURCE_DIR) + "/tests/firewall/goldens/nat-more.jsonl");
    std::string line;
    std::size_t steps = 0;
    while (std::getline(file, line)) {
        const json::value test = json::parse(line);
        const std::string ruleset(test.at("ruleset").as_string());
        const bool v6 = test.at("family").as_string() == "ipv6";
        const auto imported = fw::import::import_iptables(base::SourceText("case", ruleset),
                                                          {.family = v6 ? wire::Family::ipv6 : wire::Family::ipv4});
        BOOST_REQUIRE(imported.has_value());
        Play play(imported->rules);
        for (const json::value& step : test.at("steps").as_array()) {
            const json::array& s = step.as_array();
            BOOST_TEST_CONTEXT(test.at("id") << " " << json::serialize(step)) {
                const auto got = play.step(std::string(s.at(0).as_string()), unhex(s.at(1).as_string()));
                BOOST_TEST(got == strings(s.at(2)), boost::test_tools::per_element());
            }
            ++steps;
        }
        BOOST_TEST(play.table() == strings(test.at("table")), boost::test_tools::per_element());
    }
    BOOST_TEST(steps > 300U);
}

BOOST_AUTO_TEST_SUITE_END()
