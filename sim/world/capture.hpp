// A trace as a pcapng file that Wireshark opens, with the verdict beside each packet.
//
// outside: every packet that was put on the network, also those that a firewall dropped, at the time it was sent.
//          The comment gives its number, each firewall's verdict with the rule (file:line and text) and the reason's
//          sentence, and its fate; drops are marked "DROPPED at <firewall>".
// inside:  what reached the far side of the last firewall, or left from there: the view of a sniffer beside the
//          servers. Packets towards the servers appear at the time they passed, those from the servers when sent.
//
// Where a firewall translates addresses, packets have those that they bear beside the client (outside) or beside the
// servers (inside), as far as they came; the comment tells each change.
//
// Same trace, same octets.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/world/trace.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sim::world {

enum class CaptureView : std::uint8_t { outside, inside };

base::Bytes capture(const Trace& trace, std::string_view about, CaptureView view = CaptureView::outside);

// What address translation did to a packet at one of its hops: "target 203.0.113.10:135 becomes 10.0.0.10:135, by nat
// PREROUTING rule 1 (nat.rules.v4:5)"; empty when nothing. Also used by ladders.
std::string translation_text(const Trace& trace, const Journey& journey, const Hop& hop);

// The comment of one packet; also used by ladders. Several lines, no line feed at the end.
std::string comment(const Trace& trace, const Journey& journey);

}  // namespace sim::world
