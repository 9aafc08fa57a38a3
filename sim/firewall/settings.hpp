// What a box does beside its rules: how long it remembers, how strict its tracker is, whether it reads RPC.
// Times and their defaults are those of Linux 6.x (nf_conntrack_*_timeout*).
#pragma once

#include "sim/base/time.hpp"

#include <optional>

namespace sim::firewall {

struct Timers {
    using Span = base::SimDuration;

    Span tcp_syn_sent = std::chrono::seconds{120};
    Span tcp_syn_recv = std::chrono::seconds{60};
    Span tcp_established = std::chrono::hours{120};  // 5 days
    Span tcp_fin_wait = std::chrono::seconds{120};
    Span tcp_close_wait = std::chrono::seconds{60};
    Span tcp_last_ack = std::chrono::seconds{30};
    Span tcp_time_wait = std::chrono::seconds{120};
    Span tcp_close = std::chrono::seconds{10};
    Span tcp_unacknowledged = std::chrono::seconds{300};  // data in flight, or picked up and not yet answered
    Span tcp_retransmitting = std::chrono::seconds{300};  // three retransmissions, or a closed window
    Span udp = std::chrono::seconds{30};
    Span udp_stream = std::chrono::seconds{120};
    Span icmp = std::chrono::seconds{30};
    Span gre = std::chrono::seconds{30};
    Span gre_stream = std::chrono::seconds{180};
    Span other = std::chrono::seconds{600};
    Span fragments_v4 = std::chrono::seconds{30};
    Span fragments_v6 = std::chrono::seconds{60};

    // The idle time-out that many firewalls have in place of the kernel's: an established TCP connection and a UDP
    // stream are forgotten after this long without a packet.
    Timers with_idle_timeout(std::optional<Span> idle) const {
        Timers t = *this;
        if (idle) t.tcp_established = t.udp_stream = *idle;
        return t;
    }
};

// What a stateful gate does where dialects differ. The defaults are those of native rules.
struct GateManners {
    bool bare_syn = false;         // only a SYN without other flags (ECE and CWR aside) begins a TCP connection
    bool unanswered_pass = false;  // packets of a connection whose other side is still silent pass before the rules too
    bool tracks_icmp = true;       // false: ICMP that is no error meets the rules, both ways
    bool tracks_errors = true;     // false: so do ICMP errors, whatever they are about
    bool tracks_others = true;     // false: so do all protocols but TCP and UDP
    // TCP that is refused on its way from that side is answered with a reset; everything else silently.
    bool resets_from_client = false;
    bool resets_from_server = false;
};

// What a configuration says of its box beside its rules; what it does not say is for the settings of the box.
struct OwnSettings {
    std::optional<Timers> timers{};
    bool inspect_dcerpc = false;
    std::optional<base::SimDuration> pinhole_timeout{};
};

struct TrackerSettings {
    Timers timers;
    bool pick_up = true;               // tcp_loose: an ACK without an entry may start one
    bool liberal = false;              // tcp_be_liberal: sequence checks never fail
    unsigned retransmissions_max = 3;  // tcp_max_retrans
};

}  // namespace sim::firewall
