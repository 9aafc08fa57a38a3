// Actors and plans that the world's tests share.
#pragma once

#include "sim/firewall/import/native_text.hpp"
#include "sim/wire/packet.hpp"
#include "sim/world/world.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace staged {

using namespace sim;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

inline const wire::IpAddress client_address = wire::IpAddress::v4(192, 0, 2, 50);
inline const wire::IpAddress server_address = wire::IpAddress::v4(10, 0, 0, 10);
inline const wire::IpAddress second_address = wire::IpAddress::v4(10, 0, 0, 11);

inline std::shared_ptr<const firewall::RuleSet> rules(std::string text) {
    const auto parsed = firewall::import::parse_native(base::SourceText("test.rules", std::move(text)));
    if (!parsed) throw std::invalid_argument(base::format(parsed.error().front()));
    return *firewall::import::build(*parsed);
}

// A plan with as many firewalls as rule texts.
inline world::WorldPlan plan(std::vector<std::string> rule_texts, bool trace = true) {
    world::WorldPlan p;
    p.client = {.name = "OUTLOOK", .addresses = {client_address}};
    p.servers = {{.name = "EXCH01", .addresses = {server_address}}};
    for (std::size_t i = 0; i < rule_texts.size(); ++i)
        p.firewalls.push_back({.name = "fw" + std::to_string(i), .rules = rules(rule_texts[i])});
    p.links = {{.latency = 10ms}};
    p.trace = trace;
    return p;
}

// Writes every event down as a line, and answers some of them with actions laid down beforehand.
class Puppet : public actor::Actor {
public:
    Lines heard;
    std::string stream;
    actor::Actions at_start;
    std::map<std::string, std::vector<actor::Action>> on;  // by the line that was heard
    bool echoes = false, closes_back = true;

    bool heard_of(const std::string& line) const { return std::find(heard.begin(), heard.end(), line) != heard.end(); }

    void handle(const actor::Event& event, base::SimTime now, actor::Actions& out) override {
        last = now;
        out_ = &out;
        std::visit([this](const auto& e) { hear(e); }, event);
        if (const auto found = on.find(heard.back()); found != on.end())
            out.insert(out.end(), found->second.begin(), found->second.end());
    }
    base::SimTime last{};

private:
    void line(std::string text) { heard.push_back(std::move(text)); }
    static std::string n(actor::ConnectionId id) { return std::to_string(id.value); }
    void hear(const actor::Started&) {
        line("started");
        for (auto& action : at_start) out_->push_back(action);
    }
    void hear(const actor::Listening& e) { line("listening " + wire::format(e.port)); }
    void hear(const actor::ListenFailed& e) { line("listen failed " + wire::format(e.port)); }
    void hear(const actor::Accepted& e) { line("accepted " + n(e.connection)); }
    void hear(const actor::Connected& e) { line("connected " + n(e.connection)); }
    void hear(const actor::ConnectFailed& e) {
        line("failed " + n(e.connection) + " " + std::to_string(static_cast<int>(e.error)));
    }
    void hear(const actor::Received& e) {
        stream += base::text_of(e.octets);
        line("received " + n(e.connection) + " " + std::string(base::text_of(e.octets)));
        if (echoes) out_->push_back(actor::Send{e.connection, base::Bytes(e.octets.begin(), e.octets.end())});
    }
    void hear(const actor::PeerClosed& e) {
        line("peer closed " + n(e.connection));
        if (closes_back) out_->push_back(actor::Close{e.connection});
    }
    void hear(const actor::Reset& e) { line("reset " + n(e.connection)); }
    void hear(const actor::UdpOpened& e) { line("udp " + std::to_string(e.socket.value) + " " + wire::format(e.port)); }
    void hear(const actor::Datagram& e) { line("datagram " + std::string(base::text_of(e.octets))); }
    void hear(const actor::TimerFired& e) { line("timer " + std::to_string(e.timer.value)); }

    actor::Actions* out_ = nullptr;
};

inline base::Bytes octets(std::string_view text) { return {text.begin(), text.end()}; }
inline actor::Connect connect(std::uint32_t id, std::uint16_t port, wire::IpAddress to = server_address) {
    return {{id}, {to, wire::Port{port}}};
}
inline actor::Send send(std::uint32_t id, std::string_view text) { return {{id}, octets(text)}; }

// "0.000 s OUTLOOK SYN delivered" of each journey; firewalls by their names.
inline Lines ladder(const world::Trace& trace) {
    Lines lines;
    for (const world::Journey& j : trace.journeys) {
        const auto view = *wire::parse(j.octets);
        std::string line = base::format_seconds(j.sent) + " ";
        line +=
            j.from.kind == world::Maker::Kind::host ? trace.hosts[j.from.index].name : trace.firewalls[j.from.index];
        line += " " + (view.tcp() != nullptr ? wire::format(view.tcp()->flags) : wire::format(view.ip.protocol));
        lines.push_back(line + " " + std::string(world::id(j.fate)));
    }
    return lines;
}

}  // namespace staged

namespace std {  // NOLINT(cert-dcl58-cpp): how Boost.Test is taught to print a list of lines
inline ostream& boost_test_print_type(ostream& out, const staged::Lines& lines) {
    out << "{";
    for (const auto& line : lines) out << "\"" << line << "\" ";
    return out << "}";
}
}  // namespace std
