// Packets as a person writes them, one a line; "#" begins a comment.
//
//   tcp 198.51.100.7:3000 > 10.0.0.10:135 syn
//   tcp 10.0.0.10:135 > 198.51.100.7:3000 syn ack            # an answer: it comes from the other side
//   tcp 198.51.100.7:3000 > 10.0.0.10:135 ack len 40 => accept
//   udp 10.0.0.10:1200 > 192.0.2.50:1100 from server => drop # what is expected stands behind "=>"
//   icmp 192.0.2.50 > 10.0.0.10 echo                         # or: echo-reply, type 3 code 1
//   icmp 10.0.0.1 > 192.0.2.50 type 3 code 3 about udp 192.0.2.50:1100 > 10.0.0.10:53
//   icmpv6 2001:db8::1 > 2001:db8::2 echo
//   47 192.0.2.50 > 10.0.0.10                                # any other protocol by its number
//   tcp [2001:db8::1]:3000 > [2001:db8::2]:135 syn on eth0   # by which interface; with a box also "local": of itself
//   wait 2h                                                  # time goes by: ms s m h d
//
// TCP without flags is a SYN. Sequence numbers run by themselves: each side of a connection goes on where it was and
// acknowledges what the other has sent, unless seq N or ack N says otherwise. Also: win N, len N, ttl N, badsum.
//
// Every line by which findings name a packet (sim/firewall/exact/witness.hpp) is one too; upper and lower case are alike:
//
//   TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN,ACK ESTABLISHED reply in eth0 out eth1
//   UDP 10.0.0.10:1030 > 192.0.2.50:1031 from-server
//   TCP fragment 192.0.2.50 > 10.0.0.10                      # a later fragment
//   TCP cut to 2 octets 192.0.2.50:1030 > 10.0.0.10          # this one as it is written, case and all
//   protocol 47 192.0.2.50 > 10.0.0.10
//
// A line that begins with "{" is a JSON object, of packet_json.hpp, or {"origin":..., "packet":{...}, "expect":{...}}
// as in recorded cases.
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"
#include "sim/base/time.hpp"
#include "sim/firewall/match.hpp"
#include "sim/wire/flow.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace scenarios::cases {

// What a line says its packet is to the filter, which otherwise the packets before it decide.
struct Said {
    std::optional<firewall::Label> label{};
    std::optional<firewall::FlowSide> direction{};
    std::uint8_t marks = 0;  // StateSet::snat, StateSet::dnat
    std::string in_interface{}, out_interface{};

    bool of_connection() const { return label || direction || marks != 0; }
};

struct PacketLine {
    base::Bytes packet;        // empty: no packet, time goes by
    std::string origin;        // an interface, "local", "client", "server"; empty: not said
    std::string expected;      // "accept" "drop" "reject" "held" "none"; empty: nothing is expected
    base::SimDuration wait{};  // before the next line
    Said said{};
};

// Why a line is none, as a sentence, and the word at fault: octets from the beginning of the line.
struct PacketFault {
    std::string what;
    std::size_t offset = 0;
    std::size_t length = 1;
};

class PacketLineReader {
public:
    // The line; nothing when it is blank or a comment; or the reason why it is none.
    [[nodiscard]] base::Result<std::optional<PacketLine>, PacketFault> read(std::string_view line);

private:
    struct Numbers {
        std::uint32_t first = 0;  // of its SYN
        std::uint32_t next = 0;   // what the side sends next
        bool known = false;
    };
    void number(json::object& tcp, bool has_seq, bool has_ack);

    std::map<wire::FlowKey, Numbers> sides_;  // of connections, by who sends
};

}  // namespace scenarios::cases
