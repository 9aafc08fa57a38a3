// Packets as JSON objects, in the words of the recorded kernel verdicts (tests/firewall/goldens/README.md), both ways.
//
//   {"src":"198.51.100.7","dst":"10.1.0.10","proto":"tcp","sport":3000,"dport":135,"flags":"S","seq":1,"ack":0}
//
//   src dst proto   addresses of one family; tcp, udp, icmp, icmpv6 or a number
//   ttl             hop limit (64)
//   tcp             sport dport flags seq ack win len opts; flags are letters of FSRPAUEC, win is 65535 if absent, opts
//                   {mss, ws, sackok}
//   udp             sport dport len
//   icmp icmpv6     type code; id seq len for echo-like messages, or inner = the packet that an error quotes
//   data            the payload in hexadecimal, in place of len (A to Z, and again)
//   l4raw           true: data is all that stands behind the IP header
//   badsum          true: a wrong checksum of the transport
//   frag            {id, off, mf}: one fragment. The first carries the transport's fields and, where the datagram goes
//                   on behind it, `sum` and `udplen` of the whole; with l4raw it is so short that the header is cut,
//                   and `data` is all there is. A later one has only data
//
// A key that is not known is an error: a packet that is not quite the one that was meant proves nothing.
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace scenarios::cases {

// Real octets; the reason, as a sentence that names the key, when there are none.
[[nodiscard]] base::Result<base::Bytes, std::string> read_packet(const json::object& description);

// A packet as the recordings describe answers: addresses, protocol, ports and flags, or type, code and what is quoted.
// Nothing when the octets are no packet.
json::object describe_packet(base::ByteView octets);

// "SA": the letters of FSRPAUEC.
std::string flag_letters(std::uint8_t bits);

}  // namespace scenarios::cases
