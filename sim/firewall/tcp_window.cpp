// The sequence checks of TcpTrack (firewall-semantics, section 4.1, "Sequence checks").
#include "sim/firewall/tcp_track.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

// An acknowledgement may be this far behind, however small the window (the kernel's MAXACKWINCONST).
constexpr std::uint32_t ack_window_min = 66000;

constexpr bool before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }
constexpr bool after(std::uint32_t a, std::uint32_t b) { return before(b, a); }

constexpr std::uint32_t at_least_one(std::uint32_t v) { return v == 0 ? 1U : v; }

}  // namespace

void TcpTrack::start_sender(SideTrack& sender, SideTrack& receiver, const Segment& segment, FlowSide side) {
    // Options are taken as a whole: a SYN without any leaves what was known of its sender (observed, Linux 6.18).
    const wire::TcpHeader& tcp = segment.tcp;
    if (tcp.mss || tcp.window_scale || tcp.sack_permitted)
        sender = SideTrack{.max_ack = sender.max_ack,
                           .scale = std::min<std::uint8_t>(tcp.window_scale.value_or(0), 14),
                           .scales = tcp.window_scale.has_value(),
                           .liberal = sender.liberal};
    sender.end = sender.max_end = segment.end;
    sender.max_window = at_least_one(tcp.window);
    // Windows are scaled only when both sides offered it (RFC 7323 2.2).
    if (side == FlowSide::reply && !(sender.scales && receiver.scales)) sender.scale = receiver.scale = 0;
}

// Prepares the sender's numbers when it is new, or begins anew. `settled`: nothing is left to check.
void TcpTrack::meet_sender(const Segment& segment, SideTrack& sender, SideTrack& receiver, FlowSide side,
                           bool& settled) {
    const bool syn = segment.tcp.flags.has(wire::TcpFlags::syn);
    const bool ack = segment.tcp.flags.has(wire::TcpFlags::ack);
    if (sender.max_window == 0) {
        if (syn) {
            start_sender(sender, receiver, segment, side);
            settled = !ack;  // simultaneous open
            return;
        }
        sender.end = segment.end;
        sender.max_window = at_least_one(std::uint32_t{segment.tcp.window} << sender.scale);
        sender.max_end = segment.end + sender.max_window;
        if (receiver.max_window == 0)
            receiver.end = receiver.max_end = segment.tcp.acknowledgement;
        else if (segment.tcp.acknowledgement == receiver.end + 1)
            ++receiver.end;  // likely the answer to a keep-alive
        return;
    }
    const bool opening = state_ == TcpState::syn_sent || state_ == TcpState::syn_recv;
    if (syn && opening && after(segment.end, sender.end)) {
        start_sender(sender, receiver, segment, side);
        settled = side == FlowSide::reply && !ack;
    }
}

TcpTrack::WindowResult TcpTrack::outside(Window window, std::string_view why, const SideTrack& sender,
                                         const TrackerSettings& settings) const {
    if (sender.liberal || settings.liberal) return {};
    return {window, why};
}

TcpTrack::WindowResult TcpTrack::check_window(const Segment& segment, FlowSide side, const TrackerSettings& settings) {
    SideTrack& sender = of(side);
    SideTrack& receiver = of(other(side));
    bool settled = false;
    meet_sender(segment, sender, receiver, side, settled);
    if (settled) return {};

    std::uint32_t seq = segment.tcp.sequence;
    std::uint32_t end = segment.end;
    std::uint32_t ack = segment.tcp.acknowledgement;
    const bool has_ack = segment.tcp.flags.has(wire::TcpFlags::ack);
    const bool rst = segment.tcp.flags.has(wire::TcpFlags::rst);
    // Without an acknowledgement, or with the zero that some stacks put into resets, it cannot be wrong.
    if (!has_ack || (rst && ack == 0)) ack = receiver.end;
    if (rst && seq == 0 && state_ == TcpState::syn_sent) seq = end = sender.end;

    const std::uint32_t ack_low = receiver.end - std::max(sender.max_window, ack_window_min) - 1;
    const bool ack_recent = after(ack, ack_low);
    const bool ack_seen = before(ack, receiver.end + 1);
    const bool end_recent = after(end, sender.end - receiver.max_window - 1);
    if (!before(seq, sender.max_end + 1)) {
        const std::uint32_t overshoot = end - sender.max_end + 1;
        if (receiver.max_window != 0 && end_recent && ack_recent && ack_seen && overshoot <= receiver.max_window) {
            sender.end = end;
            sender.unacknowledged = true;
            return outside(Window::tolerated, "it sends somewhat more than the window allows", sender, settings);
        }
        return outside(Window::out, "its sequence number is above the window of the receiver", sender, settings);
    }
    if (!ack_seen) return outside(Window::out, "it acknowledges what was never sent", sender, settings);
    if (receiver.max_window != 0 && !end_recent)
        return outside(Window::tolerated, "it repeats what was acknowledged long ago", sender, settings);
    if (!ack_recent) return outside(Window::tolerated, "its acknowledgement is very old", sender, settings);

    advance(segment, ack, end, side);
    if (segment.kind == TcpKind::ack) count_retransmission(segment, seq, ack, end, side);
    return {};
}

void TcpTrack::advance(const Segment& segment, std::uint32_t ack, std::uint32_t end, FlowSide side) {
    SideTrack& sender = of(side);
    SideTrack& receiver = of(other(side));
    std::uint32_t window = segment.tcp.window;
    if (!segment.tcp.flags.has(wire::TcpFlags::syn)) window <<= sender.scale;

    sender.max_window = std::max(sender.max_window, window);
    if (after(end, sender.end)) {
        sender.end = end;
        sender.unacknowledged = true;
    }
    if (segment.tcp.flags.has(wire::TcpFlags::ack) && (!sender.acked_something || after(ack, sender.max_ack))) {
        sender.max_ack = ack;
        sender.acked_something = true;
    }
    if (receiver.max_window != 0 && after(end, sender.max_end)) receiver.max_window += end - sender.max_end;
    if (after(ack + window, receiver.max_end - 1)) receiver.max_end = ack + at_least_one(window);
    if (ack == receiver.end) receiver.unacknowledged = false;
}

void TcpTrack::count_retransmission(const Segment& segment, std::uint32_t seq, std::uint32_t ack, std::uint32_t end,
                                    FlowSide side) {
    if (last_side_ == side && last_seq_ == seq && last_ack_ == ack && last_end_ == end &&
        last_window_ == segment.tcp.window) {
        ++retransmissions_;
        return;
    }
    last_side_ = side;
    last_seq_ = seq;
    last_ack_ = ack;
    last_end_ = end;
    last_window_ = segment.tcp.window;
    retransmissions_ = 0;
}

}  // namespace sim::firewall
