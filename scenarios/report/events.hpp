// The events of one rehearsal as every picture shows them: who sent what to whom, what it meant, what each firewall
// said, where it ended. Text, Mermaid, SVG, JSON and pages are drawn from this list and from nothing else.
//
// Lanes from left to right: the client, the firewalls in path order, the servers.
#pragma once

#include "scenarios/runner/result.hpp"
#include "sim/world/trace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::report {

namespace base = sim::base;
namespace world = sim::world;

// What one firewall said of one packet.
struct Word {
    std::size_t lane = 0;
    std::string firewall;   // its name
    std::string action;     // "accept" "drop" "reject"
    std::string reason;     // id
    std::string sentence;   // of the reason
    std::string rule;       // "rule 3", empty when no rule decided
    std::string place;      // "branch.rules:8", empty when unknown
    std::string rule_text;  // as written
    bool answered = false;  // the sender was told
    std::string translation;  // "target 203.0.113.10:135 becomes 10.0.0.10:135, by nat ..."; empty when none
    bool first = false;       // the connection's first packet, which asked the nat table
};

enum class Ending : std::uint8_t { arrived, dropped, rejected, lost, no_such_host, replaced, under_way };
std::string_view id(Ending ending);

struct Event {
    bool note = false;         // a remark of a program, not a packet: only time, from and what are valid
    std::uint32_t number = 0;  // of the packet, from 1, as in captures; of a note: the packet before it
    base::SimTime time{};
    std::size_t from = 0;     // lanes
    std::size_t to = 0;       // where it was to go
    std::size_t end = 0;      // how far it came; equals `to` when it arrived
    std::string what;         // "SYN to 1236", "map reply: directory is on 1236"
    std::string packet;       // "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN seq ..."
    std::vector<Word> words;  // in the order met
    Ending ending = Ending::arrived;
    bool again = false;         // a retransmission
    std::uint32_t answers = 0;  // number of the packet that this one is a firewall's answer to
    bool deciding = false;      // the packet that decided how the client fared

    bool stopped() const { return ending != Ending::arrived && ending != Ending::replaced; }
};

struct Events {
    std::vector<std::string> lanes;
    std::vector<Event> events;  // in the order of time
};

// `seen.trace` must not be null.
Events events_of(const runner::CloseUp& seen);

// "dropped by firewall: no rule matched, so the default decided", "rule 2 (branch.rules:8) lets it pass"; empty when
// there is nothing to say (no firewall on its way).
std::string verdict_in_words(const Event& event);

}  // namespace scenarios::report
