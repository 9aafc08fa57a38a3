#include "sim/firewall/tcp_track.hpp"

#include <algorithm>
#include <utility>

namespace sim::firewall {
namespace {

// What the state table says of a packet: the next state, or one of two refusals.
enum Cell : std::uint8_t { NO, SS, SR, ES, FW, CW, LA, TW, CL, S2, ig, iv };

// Rows: TcpKind. Columns: TcpState from none to syn_sent2. firewall-semantics, section 4.1.
constexpr Cell table[2][6][10] = {
    {
        {SS, SS, ig, ig, ig, ig, ig, SS, SS, S2},  // SYN
        {iv, iv, SR, iv, iv, iv, iv, iv, iv, SR},  // SYN-ACK
        {iv, iv, FW, FW, LA, LA, LA, TW, CL, iv},  // FIN
        {ES, iv, ES, ES, CW, CW, TW, TW, CL, iv},  // ACK
        {iv, CL, CL, CL, CL, CL, CL, CL, CL, CL},  // RST
        {iv, iv, iv, iv, iv, iv, iv, iv, iv, iv},
    },
    {
        {iv, S2, iv, iv, iv, iv, iv, SS, iv, S2},
        {iv, SR, ig, ig, ig, ig, ig, ig, ig, SR},
        {iv, iv, FW, FW, LA, LA, LA, TW, CL, iv},
        {iv, ig, SR, ES, CW, CW, TW, TW, CL, ig},
        {iv, CL, CL, CL, CL, CL, CL, CL, CL, CL},
        {iv, iv, iv, iv, iv, iv, iv, iv, iv, iv},
    },
};

Cell next_cell(FlowSide side, TcpKind kind, TcpState state) {
    return table[static_cast<std::size_t>(side)][static_cast<std::size_t>(kind)][static_cast<std::size_t>(state)];
}

constexpr bool is_closing(TcpState s) { return s >= TcpState::fin_wait && s <= TcpState::close; }

// Sequence numbers wrap; "before" is a question of the shorter way round (RFC 9293 3.4).
constexpr bool before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

}  // namespace

std::string_view id(TcpState state) {
    constexpr std::array<std::string_view, 10> names{"NONE",       "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT",
                                                     "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",       "SYN_SENT2"};
    return names[static_cast<std::size_t>(state)];
}

TcpKind kind_of(wire::TcpFlags flags) {
    if (flags.has(wire::TcpFlags::rst)) return TcpKind::rst;
    if (flags.has(wire::TcpFlags::syn)) return flags.has(wire::TcpFlags::ack) ? TcpKind::syn_ack : TcpKind::syn;
    if (flags.has(wire::TcpFlags::fin)) return TcpKind::fin;
    if (flags.has(wire::TcpFlags::ack)) return TcpKind::ack;
    return TcpKind::none;
}

bool sane(wire::TcpFlags flags) {
    using F = wire::TcpFlags;
    switch (flags.bits & ~(F::psh | F::ece | F::cwr)) {
        case F::syn:
        case F::syn | F::urg:
        case F::syn | F::ack:
        case F::rst:
        case F::rst | F::ack:
        case F::fin | F::ack:
        case F::fin | F::ack | F::urg:
        case F::ack:
        case F::ack | F::urg: return true;
        default: return false;
    }
}

Segment segment_of(const wire::TcpHeader& tcp, std::size_t payload_length) {
    Segment s{.kind = kind_of(tcp.flags), .tcp = tcp};
    s.end = tcp.sequence + static_cast<std::uint32_t>(payload_length) + (tcp.flags.has(wire::TcpFlags::syn) ? 1U : 0U) +
            (tcp.flags.has(wire::TcpFlags::fin) ? 1U : 0U);
    return s;
}

bool TcpTrack::begin(const Segment& segment, const TrackerSettings& settings) {
    const Cell cell = next_cell(FlowSide::original, segment.kind, TcpState::none);
    if (cell == iv || (cell == ES && !settings.pick_up)) return false;
    *this = TcpTrack{};
    SideTrack& sender = of(FlowSide::original);
    sender.end = sender.max_end = segment.end;
    sender.max_window = segment.tcp.window == 0 ? 1U : segment.tcp.window;
    if (cell == SS) {
        sender.scales = segment.tcp.window_scale.has_value();
        sender.scale = std::min<std::uint8_t>(segment.tcp.window_scale.value_or(0), 14);
        return true;
    }
    // Picked up in the middle: the true numbers are unknown, so neither side's are ever held against it.
    sender.max_end += sender.max_window;
    for (SideTrack& side : sides_) side.liberal = true;
    return true;
}

TcpStep TcpTrack::step(const Segment& segment, const Context& context, const TrackerSettings& settings) {
    Cell cell = next_cell(context.side, segment.kind, state_);
    if (cell == SS && state_ >= TcpState::time_wait) {
        const bool aborted_here = last_side_ == context.side && last_kind_ == TcpKind::rst;
        if (sides_[0].closed_first || sides_[1].closed_first || aborted_here)
            return {.outcome = TcpStep::Outcome::reopened};
        cell = ig;
    }
    if (cell == ig && answers_ignored_syn(segment, context.side)) {
        resynchronise(context.side);
        cell = SR;
    }
    if (cell == ig) return ignore(segment, context);
    if (cell == iv)
        return {.outcome = TcpStep::Outcome::invalid, .why = "no such packet fits the state of its connection"};

    auto next = static_cast<TcpState>(cell);
    if (next == TcpState::time_wait && may_be_challenge(segment, context.side))
        return {.outcome = TcpStep::Outcome::tolerated, .why = "it may be a challenge to the SYN before it"};
    if (next == TcpState::syn_sent2) simultaneous_ = true;
    if (next == TcpState::syn_recv && context.side == FlowSide::reply && segment.kind == TcpKind::ack && simultaneous_)
        next = TcpState::established;
    const bool closes = next == TcpState::close && segment.kind == TcpKind::rst;
    const ResetFate fate = closes ? judge_reset(segment, context) : ResetFate::check_window;
    if (fate == ResetFate::invalid)
        return {.outcome = TcpStep::Outcome::invalid,
                .why = "a reset whose sequence number lies behind what the other side has acknowledged"};
    if (fate != ResetFate::skip_window) {
        const WindowResult result = check_window(segment, context.side, settings);
        if (result.window == Window::tolerated) return {.outcome = TcpStep::Outcome::tolerated, .why = result.why};
        if (result.window == Window::out) return invalid(segment, context, settings, result.why);
    }
    return move_to(fate == ResetFate::keep_state ? state_ : next, segment, context, settings);
}

TcpStep TcpTrack::move_to(TcpState next, const Segment& segment, const Context& context,
                          const TrackerSettings& settings) {
    const TcpState old_state = state_;
    last_kind_ = segment.kind;
    last_side_ = context.side;
    state_ = next;
    if (old_state != next && next == TcpState::fin_wait) of(context.side).closed_first = true;

    TcpStep done{.timer = timer_for(next, segment, settings)};
    if (!context.replied) {
        if (segment.kind == TcpKind::rst) return {.outcome = TcpStep::Outcome::answered_by_reset};
        // A retransmitted SYN must not keep an entry alive.
        if (segment.kind == TcpKind::syn && old_state == TcpState::syn_sent) done.timer.reset();
        if (next == TcpState::established && done.timer)
            done.timer = std::min(*done.timer, settings.timers.tcp_unacknowledged);
    } else if (!context.assured && next == TcpState::established &&
               (old_state == TcpState::syn_recv || old_state == TcpState::established)) {
        done.assured = true;
    }
    return done;
}

// The other side knows a SYN that was let through unseen: both are in step, only the table is not.
bool TcpTrack::answers_ignored_syn(const Segment& segment, FlowSide side) const {
    return segment.kind == TcpKind::syn_ack && last_kind_ == TcpKind::syn && last_side_ != side &&
           segment.tcp.acknowledgement == last_end_;
}

// An ACK after an ignored SYN in LAST_ACK is no acknowledgement of the FIN; true once.
bool TcpTrack::may_be_challenge(const Segment& segment, FlowSide side) {
    return state_ == TcpState::last_ack && segment.kind == TcpKind::ack && last_side_ != side &&
           last_kind_ == TcpKind::syn && std::exchange(challenge_expected_, false);
}

void TcpTrack::resynchronise(FlowSide side) {
    SideTrack& opener = of(last_side_);
    opener = SideTrack{};
    opener.end = opener.max_end = last_end_;
    opener.max_window = last_window_ == 0 ? 1U : last_window_;
    opener.scale = last_scale_;
    opener.scales = last_scales_;
    challenge_expected_ = false;
    of(side) = SideTrack{.liberal = of(side).liberal};  // of the answering side this stays (observed, Linux 6.18)
}

TcpStep TcpTrack::ignore(const Segment& segment, const Context& context) {
    last_kind_ = segment.kind;
    last_side_ = context.side;
    last_seq_ = segment.tcp.sequence;
    last_end_ = segment.end;
    last_window_ = segment.tcp.window;
    if (segment.kind == TcpKind::syn && context.side == FlowSide::original) {
        simultaneous_ = false;
        last_scales_ = segment.tcp.window_scale.has_value();
        last_scale_ = std::min<std::uint8_t>(segment.tcp.window_scale.value_or(0), 14);
        challenge_expected_ = state_ == TcpState::last_ack;
    }
    if (state_ == TcpState::syn_sent && segment.kind == TcpKind::ack && context.side == FlowSide::reply)
        last_ack_ = segment.tcp.acknowledgement;
    return {.outcome = TcpStep::Outcome::tolerated, .why = "the table may be out of step, its receiver will decide"};
}

TcpTrack::ResetFate TcpTrack::judge_reset(const Segment& segment, const Context& context) {
    if (is_closing(state_)) return ResetFate::skip_window;
    const std::uint32_t seq = segment.tcp.sequence;
    const bool open = state_ == TcpState::established && context.assured;
    const SideTrack& receiver = of(other(context.side));
    ResetFate fate = ResetFate::check_window;
    if (receiver.acked_something && last_kind_ != TcpKind::syn) {
        // Sequence 0 outside of an open connection answers a SYN that was let through before.
        if (seq == 0 && !open) return fate;
        if (before(seq, receiver.max_ack)) return ResetFate::invalid;
        if (!open || seq == receiver.max_ack) return fate;
        if (last_kind_ == TcpKind::ack && last_side_ == context.side && seq == last_end_) return fate;
        // Not exact: the receiver may answer with a challenge, so the connection is kept.
        fate = ResetFate::keep_state;
    }
    // Observed (Linux 6.18): an ignored SYN is answered by the other side only, an ignored ACK by either.
    const bool answers_syn = context.replied && last_kind_ == TcpKind::syn && last_side_ != context.side;
    const bool answers_ignored = answers_syn || (!context.assured && last_kind_ == TcpKind::ack);
    if (answers_ignored && segment.tcp.acknowledgement == last_end_) { return ResetFate::skip_window; }
    const bool answers_challenge =
        state_ == TcpState::syn_sent && last_kind_ == TcpKind::ack && last_side_ == FlowSide::reply && seq == last_ack_;
    return answers_challenge ? ResetFate::skip_window : fate;
}

TcpStep TcpTrack::invalid(const Segment& segment, const Context& context, const TrackerSettings& settings,
                          std::string_view why) {
    TcpStep result{.outcome = TcpStep::Outcome::invalid, .why = why};
    if (!context.assured || (segment.kind != TcpKind::rst && segment.kind != TcpKind::fin)) return result;
    const bool answers_close = last_side_ != context.side && (last_kind_ == TcpKind::fin || last_kind_ == TcpKind::rst);
    if (!answers_close) {
        last_kind_ = segment.kind;
        last_side_ = context.side;
        return result;
    }
    // Both sides close, by numbers that the tracker does not know: the entry is dead, and must not stay for days.
    if (context.left >= std::chrono::seconds{120} && context.left > settings.timers.tcp_unacknowledged)
        result.timer = settings.timers.tcp_unacknowledged;
    return result;
}

base::SimDuration TcpTrack::timer_for(TcpState state, const Segment& segment, const TrackerSettings& settings) const {
    const Timers& t = settings.timers;
    const std::array<base::SimDuration, 10> by_state{
        base::SimDuration{}, t.tcp_syn_sent, t.tcp_syn_recv,  t.tcp_established, t.tcp_fin_wait,
        t.tcp_close_wait,    t.tcp_last_ack, t.tcp_time_wait, t.tcp_close,       t.tcp_syn_sent};
    const base::SimDuration full = by_state[static_cast<std::size_t>(state)];
    if (retransmissions_ >= settings.retransmissions_max && full > t.tcp_retransmitting) return t.tcp_retransmitting;
    if (segment.kind == TcpKind::rst) return t.tcp_close;
    const bool in_flight = sides_[0].unacknowledged || sides_[1].unacknowledged;
    if (in_flight && full > t.tcp_unacknowledged) return t.tcp_unacknowledged;
    if (last_window_ == 0 && full > t.tcp_retransmitting) return t.tcp_retransmitting;
    return full;
}

bool TcpTrack::close() {
    const bool was_open = state_ != TcpState::close;
    state_ = TcpState::close;
    return was_open;
}

}  // namespace sim::firewall
