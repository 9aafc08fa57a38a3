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
    base::SimTime time{};
    // RPC inspection: the pinhole by which the packet passed, the packet that opened it (0: not known), what inspection
    // made of the packet, and the pinhole that a refused packet came too late for.
    std::optional<std::uint32_t> pinhole{};
    std::uint32_t opened_by = 0;
    std::vector<sim::firewall::Inspected> inspected{};
    std::optional<sim::firewall::MissedPinhole> missed{};
    std::uint32_t rule_set = 0;                     // which of Trace::rule_sets it went by
    std::optional<sim::firewall::RuleId> rule_id{};  // in that set; absent when no rule decided
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
    std::optional<sim::wire::FlowKey> flow{};  // of the packet itself; absent when it cannot be read

    bool stopped() const { return ending != Ending::arrived && ending != Ending::replaced; }
};

struct Events {
    std::vector<std::string> lanes;
    std::vector<Event> events;  // in the order of time
};

// `seen.trace` must not be null.
Events events_of(const runner::CloseUp& seen);

// What was said of a packet, one sentence a firewall: "rule 2 (branch.rules:8) lets it pass", "DROPPED by firewall: no
// rule matched, so the default decided"; or what became of it on the way. Empty when there is nothing to say. In short,
// files go by their last name.
struct Verdict {
    std::size_t lane = 0;  // who says it
    bool stopped = false;
    std::string firewall;  // its name; empty when the line did it
    std::string text;
};
std::vector<Verdict> verdicts_in_words(const Event& event, bool in_short);
std::string verdict_in_words(const Event& event);  // all of them, each with its firewall when there are several

// What RPC inspection made of the packet, a line for each: "pinhole 1 opened for 10.0.0.10:4316 (NSPI), expires in 2
// min", with the firewall's name where there are several.
struct InspectionLine {
    std::size_t lane = 0;
    std::string text;
};
std::vector<InspectionLine> inspection_in_words(const Event& event);

// Whether the verdict tells something new: the packet did not arrive, or it begins a connection. What belongs to a
// connection that was let through is passed over in silence, or every line would say so.
bool verdict_worth_saying(const Event& event);

}  // namespace scenarios::report
