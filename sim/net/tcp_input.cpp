// What a connection makes of a segment: RFC 9293 3.10.7.3 and 3.10.7.4, in their order.
#include "sim/net/tcp_connection.hpp"

#include <algorithm>

namespace sim::net {

using Flags = wire::TcpFlags;

void TcpConnection::receive(const wire::TcpHeader& segment, base::ByteView payload, base::SimTime now) {
    if (state_ == TcpState::closed) return;
    if (state_ == TcpState::syn_sent) return receive_in_syn_sent(segment, now);
    if (state_ == TcpState::syn_received && handshake_repeats(segment, now)) return;

    const bool fin = segment.flags.has(Flags::fin);
    const auto octets = static_cast<std::uint32_t>(payload.size());
    const std::uint32_t length = octets + (fin ? 1 : 0) + (segment.flags.has(Flags::syn) ? 1 : 0);
    if (!in_window(segment, length, now)) return;
    if (segment.flags.has(Flags::rst)) return take_reset(segment);
    if (segment.flags.has(Flags::syn)) return send_ack();  // RFC 5961 4.2: a challenge
    if (!segment.flags.has(Flags::ack)) return;
    if (!take_ack(segment, length, now)) return;

    const SeqNum begin{segment.sequence};
    if (octets > 0 && !take_payload(begin, payload)) return;
    const bool may_end =
        state_ == TcpState::established || state_ == TcpState::fin_wait_1 || state_ == TcpState::fin_wait_2;
    if (fin && may_end && within(begin + octets, expected_, profile_->window)) store_.keep_fin(begin + octets);
    if (may_end && store_.fin_is_at(expected_) && !take_fin(now)) return;
    if (ack_due_) send_ack();
}

void TcpConnection::receive_in_syn_sent(const wire::TcpHeader& segment, base::SimTime now) {
    const bool acks = segment.flags.has(Flags::ack);
    const bool resets = segment.flags.has(Flags::rst);
    if (acks && SeqNum{segment.acknowledgement} != next_) {
        if (!resets) send_reset(segment);
        return;
    }
    if (resets) {
        if (acks) refused(now);
        return;
    }
    if (!segment.flags.has(Flags::syn)) return;
    learn(segment);
    waits_after_reset_ = false;
    if (!acks) {  // both sides open at once (RFC 9293 3.5, figure 7)
        state_ = TcpState::syn_received;
        start_timer(now + retransmission_.wait());
        return send_syn(Flags::syn | Flags::ack);
    }
    retransmission_.acknowledged(next_, now);
    unacknowledged_ = next_;
    stop_timer();
    state_ = TcpState::established;
    send_ack();
    if (tell(TcpOpened{})) push(now);
}

// In SYN-RECEIVED: the peer's SYN once more, because our answer was lost; or, when both opened at once, its SYN-ACK.
bool TcpConnection::handshake_repeats(const wire::TcpHeader& segment, base::SimTime now) {
    const bool same_syn =
        segment.flags.has(Flags::syn) && !segment.flags.has(Flags::rst) && SeqNum{segment.sequence} + 1 == expected_;
    if (!same_syn) return false;
    if (!segment.flags.has(Flags::ack)) {
        send_syn(Flags::syn | Flags::ack);
        return true;
    }
    if (SeqNum{segment.acknowledgement} != next_)
        send_reset(segment);
    else if (complete_handshake(segment, now))
        send_ack();
    return true;
}

bool TcpConnection::in_window(const wire::TcpHeader& segment, std::uint32_t length, base::SimTime now) {
    const SeqNum first{segment.sequence};
    const SeqNum last = first + (length == 0 ? 0 : length - 1);
    const std::uint32_t window = profile_->window;
    if (within(first, expected_, window) || within(last, expected_, window)) return true;
    if (segment.flags.has(Flags::rst)) return false;
    // The peer repeats its FIN: our last acknowledgement was lost.
    if (state_ == TcpState::time_wait && segment.flags.has(Flags::fin)) time_wait_ends_ = now + profile_->time_wait;
    send_ack();
    return false;
}

// RFC 5961 3.2: only a reset that hits the expected number exactly is believed.
void TcpConnection::take_reset(const wire::TcpHeader& segment) {
    if (SeqNum{segment.sequence} != expected_) return send_ack();
    switch (state_) {
        case TcpState::syn_received: return finish(TcpFailed{ConnectError::refused});
        case TcpState::closing:
        case TcpState::last_ack:
        case TcpState::time_wait: return finish(TcpFinished{});
        default: return finish(TcpReset{ResetCause::peer});
    }
}

bool TcpConnection::take_ack(const wire::TcpHeader& segment, std::uint32_t length, base::SimTime now) {
    const SeqNum ack{segment.acknowledgement};
    if (state_ == TcpState::syn_received) {
        if (ack != next_) {
            send_reset(segment);
            return false;
        }
        return complete_handshake(segment, now);
    }
    if (before(next_, ack)) {  // of what was never sent
        send_ack();
        return false;
    }
    if (before(ack, unacknowledged_)) return true;  // an old one; what it carries may still be new
    if (peer_window_ == 0) retransmission_.heard();
    if (ack != unacknowledged_)
        advance(ack, now);
    else if (length == 0 && in_flight() > 0 && segment.window == peer_window_)
        duplicate_ack(now);
    update_window(segment);
    push(now);
    return ours_acknowledged(now);
}

bool TcpConnection::complete_handshake(const wire::TcpHeader& segment, base::SimTime now) {
    retransmission_.acknowledged(next_, now);
    unacknowledged_ = next_;
    peer_window_ = segment.window;
    window_set_by_seq_ = SeqNum{segment.sequence};
    window_set_by_ack_ = SeqNum{segment.acknowledgement};
    stop_timer();
    state_ = TcpState::established;
    if (!tell(TcpOpened{})) return false;
    push(now);
    return true;
}

// Whether our FIN is acknowledged now, and what follows from it.
bool TcpConnection::ours_acknowledged(base::SimTime now) {
    if (!fin_sent_ || in_flight() > 0) return true;
    switch (state_) {
        case TcpState::fin_wait_1: state_ = TcpState::fin_wait_2; return true;
        case TcpState::closing:
            enter_time_wait(now);
            (void)tell(TcpFinished{});
            return false;
        case TcpState::last_ack: finish(TcpFinished{}); return false;
        default: return true;
    }
}

void TcpConnection::advance(SeqNum upto, base::SimTime now) {
    std::uint32_t octets = distance(unacknowledged_, upto);
    if (fin_sent_ && upto == next_) --octets;  // the FIN itself is no octet of the queue
    queue_.drop_front(octets);
    unacknowledged_ = upto;
    duplicate_acks_ = 0;
    retransmission_.acknowledged(upto, now);
    if (recovering_ && before(upto, recover_))
        resend_first();  // RFC 6582: a partial acknowledgement tells of the next hole
    else
        recovering_ = false;
    restart_timer(now);
}

void TcpConnection::duplicate_ack(base::SimTime now) {
    if (++duplicate_acks_ != 3 || recovering_) return;
    recovering_ = true;
    recover_ = next_;
    resend_first();
    restart_timer(now);
}

void TcpConnection::update_window(const wire::TcpHeader& segment) {
    const SeqNum seq{segment.sequence};
    const SeqNum ack{segment.acknowledgement};
    const bool newer =
        before(window_set_by_seq_, seq) || (window_set_by_seq_ == seq && at_most(window_set_by_ack_, ack));
    if (!newer) return;
    peer_window_ = segment.window;
    window_set_by_seq_ = seq;
    window_set_by_ack_ = ack;
}

bool TcpConnection::take_payload(SeqNum at, base::ByteView payload) {
    const bool receives =
        state_ == TcpState::established || state_ == TcpState::fin_wait_1 || state_ == TcpState::fin_wait_2;
    if (!receives) return true;
    ack_due_ = true;
    if (before(at, expected_)) {  // partly known already
        const std::uint32_t known = distance(at, expected_);
        if (known >= payload.size()) return true;
        payload = payload.subspan(known);
        at = expected_;
    }
    const std::uint32_t room = profile_->window - distance(expected_, at);
    payload = payload.first(std::min<std::size_t>(payload.size(), room));
    if (at != expected_) {
        store_.keep(at, payload);
        send_ack();  // at once: three of these make the peer send what is missing (RFC 5681 4.2)
        return true;
    }
    if (!deliver(payload)) return false;
    if (store_.empty()) return true;
    const base::Bytes more = store_.take(expected_);
    return more.empty() || deliver(more);
}

bool TcpConnection::deliver(base::ByteView octets) {
    expected_ = expected_ + static_cast<std::uint32_t>(octets.size());
    ack_due_ = true;
    return tell(TcpOctets{octets});
}

// The end of the peer's stream is acknowledged before the program hears of it: it would not do to let that ride on
// our own FIN, because the frames seen on real wires show both (Q159298).
bool TcpConnection::take_fin(base::SimTime now) {
    store_.clear();
    expected_ = expected_ + 1;
    const bool ends = state_ == TcpState::fin_wait_2;
    if (ends)
        enter_time_wait(now);
    else
        state_ = state_ == TcpState::established ? TcpState::close_wait : TcpState::closing;
    send_ack();
    if (!tell(TcpPeerClosed{})) return false;
    if (ends) (void)tell(TcpFinished{});
    return !ends;
}

}  // namespace sim::net
