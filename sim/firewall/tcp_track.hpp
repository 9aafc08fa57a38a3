// The TCP half of connection tracking: one connection's state, its sequence numbers, and what a packet does to them.
// Follows the Linux tracker (firewall-semantics, section 4.1), ignored and invalid packets included.
//
// Left out: SACK blocks. The tracker takes a packet's plain acknowledgement where the kernel takes the highest block.
#pragma once

#include "sim/firewall/match.hpp"
#include "sim/firewall/settings.hpp"
#include "sim/wire/headers.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sim::firewall {

enum class TcpState : std::uint8_t {
    none,
    syn_sent,
    syn_recv,
    established,
    fin_wait,
    close_wait,
    last_ack,
    time_wait,
    close,
    syn_sent2,
};
std::string_view id(TcpState state);  // "SYN_SENT"

// What a packet is to the tracker, by its strongest flag.
enum class TcpKind : std::uint8_t { syn, syn_ack, fin, ack, rst, none };
TcpKind kind_of(wire::TcpFlags flags);

// Flags that some TCP may send, PSH, ECE and CWR aside. NULL, XMAS, SYN-FIN and a bare FIN are not among them.
bool sane(wire::TcpFlags flags);

// A segment as the tracker sees it.
struct Segment {
    TcpKind kind = TcpKind::none;
    wire::TcpHeader tcp;
    std::uint32_t end = 0;  // the sequence number behind it
};
Segment segment_of(const wire::TcpHeader& tcp, std::size_t payload_length);

struct TcpStep {
    enum class Outcome : std::uint8_t {
        moved,              // the packet is sound; the state may have changed, the timer restarts
        tolerated,          // let through with the connection's label; state and timer stay
        invalid,            // no part of the connection
        reopened,           // a SYN on a closed connection: forget it and look again
        answered_by_reset,  // the only answer was a RST: the entry is gone, the packet is sound
    };
    Outcome outcome = Outcome::moved;
    std::optional<base::SimDuration> timer{};  // restarts with this
    bool assured = false;                      // becomes assured
    std::string_view why{};                    // for invalid and tolerated, in words
};

class TcpTrack {
public:
    // Begins with the first packet of a connection; false when this packet may not begin one.
    bool begin(const Segment& segment, const TrackerSettings& settings);

    // `replied`: the reply side was seen before this packet; `assured`: as set by an earlier step; `left`: how long
    // the entry would still live.
    struct Context {
        FlowSide side;
        bool replied;
        bool assured;
        base::SimDuration left;
    };
    TcpStep step(const Segment& segment, const Context& context, const TrackerSettings& settings);

    // The box itself answered with a RST. True when the timer must drop to that of a closed connection.
    bool close();

    TcpState state() const { return state_; }

private:
    struct SideTrack {
        std::uint32_t end = 0;         // highest sequence number seen, plus length
        std::uint32_t max_end = 0;     // highest the other side allows
        std::uint32_t max_window = 0;  // largest window it offered; 0 = never seen
        std::uint32_t max_ack = 0;
        std::uint8_t scale = 0;
        bool scales = false;
        bool acked_something = false;  // max_ack is set
        bool unacknowledged = false;   // data in flight
        bool liberal = false;
        bool closed_first = false;
    };
    enum class Window : std::uint8_t { in, tolerated, out };
    struct WindowResult {
        Window window = Window::in;
        std::string_view why{};
    };

    SideTrack& of(FlowSide side) { return sides_[static_cast<std::size_t>(side)]; }

    TcpStep move_to(TcpState next, const Segment& segment, const Context& context, const TrackerSettings& settings);
    TcpStep ignore(const Segment& segment, const Context& context);
    bool answers_ignored_syn(const Segment& segment, FlowSide side) const;
    bool may_be_challenge(const Segment& segment, FlowSide side);
    void resynchronise(FlowSide side);
    enum class ResetFate : std::uint8_t { check_window, skip_window, keep_state, invalid };
    ResetFate judge_reset(const Segment& segment, const Context& context);
    static void start_sender(SideTrack& sender, SideTrack& receiver, const Segment& segment, FlowSide side);
    void meet_sender(const Segment& segment, SideTrack& sender, SideTrack& receiver, FlowSide side, bool& settled);
    WindowResult check_window(const Segment& segment, FlowSide side, const TrackerSettings& settings);
    WindowResult outside(Window window, std::string_view why, const SideTrack& sender,
                         const TrackerSettings& settings) const;
    void advance(const Segment& segment, std::uint32_t ack, std::uint32_t end, FlowSide side);
    void count_retransmission(const Segment& segment, std::uint32_t seq, std::uint32_t ack, std::uint32_t end,
                              FlowSide side);
    TcpStep invalid(const Segment& segment, const Context& context, const TrackerSettings& settings,
                    std::string_view why);
    base::SimDuration timer_for(TcpState state, const Segment& segment, const TrackerSettings& settings) const;

    TcpState state_ = TcpState::none;
    std::array<SideTrack, 2> sides_{};

    // The packet remembered last: for retransmissions, and to get in step again after packets that were ignored.
    TcpKind last_kind_ = TcpKind::none;
    FlowSide last_side_ = FlowSide::original;
    std::uint32_t last_seq_ = 0;
    std::uint32_t last_ack_ = 0;
    std::uint32_t last_end_ = 0;
    std::uint16_t last_window_ = 0;
    std::uint8_t last_scale_ = 0;
    bool last_scales_ = false;
    bool challenge_expected_ = false;  // an ignored SYN may be answered by a challenge ACK (RFC 5961)
    bool simultaneous_ = false;
    unsigned retransmissions_ = 0;
};

}  // namespace sim::firewall
