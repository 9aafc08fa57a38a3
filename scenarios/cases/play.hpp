// Plays a case on a box: one JSON object a step, in the words of the recorded kernel verdicts.
//
//   {"case":"x","step":0,"hook":"FORWARD","verdict":"reject","by":"FORWARD:3","trace":["FORWARD:3"],"ct":"NEW",
//    "with":"tcp-reset","reply":"sent","reply_packet":{...},"reply_out":"eth0","reply_ct":"RELATED",
//    "reply_trace":["OUTPUT:policy"]}
//
//   hook      INPUT, FORWARD, OUTPUT; null when the packet did not come to the rules
//   verdict   accept, drop, reject; held (waits for the rest of its datagram); none (routing dealt with it)
//   by        the rule or policy that decided; null where a match dropped the packet ("hotdrop": true)
//   inside    of a packet of the box to itself: what INPUT says when it comes back in by lo
//   ct entry  absent: nothing is tracked, no entry; see goldens/README.md for the rest
//
// All packets of a case come within a second of virtual time, as when they were recorded; no timer runs out.
#pragma once

#include "scenarios/cases/case.hpp"
#include "sim/firewall/box.hpp"
#include "sim/firewall/reassembly.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace scenarios::cases {

class Player {
public:
    // Both must outlive the player.
    Player(const Case& played, const Interfaces& interfaces);

    bool done() const { return next_ == case_.steps.size(); }
    // Requires !done().
    json::object step();

private:
    void tell_entry(json::object& line, base::ByteView packet);
    base::ByteView whole_of(const base::Bytes& packet);

    const Case& case_;
    const Interfaces& interfaces_;
    firewall::Box box_;
    std::size_t next_ = 0;
    base::SimTime now_{};
    base::SimDuration pace_;
    firewall::Reassembler reassembler_;  // beside the box's own, to know which entry a completed datagram belongs to
    base::Bytes whole_;
};

// Whether rules make the box remember connections.
bool tracks_rules(const firewall::RuleSet& rules);

}  // namespace scenarios::cases
