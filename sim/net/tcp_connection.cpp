// The life of a connection: opening, closing, timers, the end.
#include "sim/net/tcp_connection.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sim::net {

using Flags = wire::TcpFlags;

std::string_view name(TcpState state) {
    switch (state) {
        case TcpState::closed: return "CLOSED";
        case TcpState::syn_sent: return "SYN-SENT";
        case TcpState::syn_received: return "SYN-RECEIVED";
        case TcpState::established: return "ESTABLISHED";
        case TcpState::fin_wait_1: return "FIN-WAIT-1";
        case TcpState::fin_wait_2: return "FIN-WAIT-2";
        case TcpState::close_wait: return "CLOSE-WAIT";
        case TcpState::closing: return "CLOSING";
        case TcpState::last_ack: return "LAST-ACK";
        case TcpState::time_wait: return "TIME-WAIT";
    }
    return "?";
}

void TcpConnection::prepare(TcpPort& port, const StackProfile& profile, const Setup& setup) {
    assert(state_ == TcpState::closed);
    port_ = &port;
    profile_ = &profile;
    setup_ = setup;
    opened_actively_ = false;
    timer_runs_ = false;
    peer_window_ = 0;
    peer_segment_size_ = 536;  // RFC 9293 3.7.1, when the peer names none
    queue_.clear();
    store_.clear();
    fin_wanted_ = fin_sent_ = recovering_ = ack_due_ = waits_after_reset_ = false;
    duplicate_acks_ = 0;
    syns_sent_ = 0;
    expected_ = SeqNum{};
    retransmission_ = Retransmission{};
    unreachable_.reset();
    begin(SeqNum{setup.first_sequence});
}

void TcpConnection::begin(SeqNum first) {
    unacknowledged_ = first;
    next_ = first + 1;  // the SYN counts as one
    recover_ = first;
    window_set_by_seq_ = window_set_by_ack_ = SeqNum{};
}

void TcpConnection::learn(const wire::TcpHeader& syn) {
    expected_ = SeqNum{syn.sequence} + 1;
    if (syn.mss) peer_segment_size_ = *syn.mss;
    peer_window_ = syn.window;
    window_set_by_seq_ = SeqNum{syn.sequence};
    window_set_by_ack_ = SeqNum{syn.acknowledgement};
}

void TcpConnection::open(base::SimTime now) {
    opened_actively_ = true;
    state_ = TcpState::syn_sent;
    retransmission_.sent_first_time(next_, now);
    syns_sent_ = 1;
    start_timer(now + wait_after(profile_->connect, syns_sent_));
    send_syn(Flags::syn);
}

void TcpConnection::answer(const wire::TcpHeader& syn, base::SimTime now) {
    learn(syn);
    state_ = TcpState::syn_received;
    retransmission_.sent_first_time(next_, now);
    start_timer(now + retransmission_.wait());
    send_syn(Flags::syn | Flags::ack);
}

void TcpConnection::send(base::Bytes octets, base::SimTime now) {
    if (state_ == TcpState::closed || fin_wanted_ || octets.empty()) return;
    queue_.append(std::move(octets));
    push(now);
}

void TcpConnection::close(base::SimTime now) {
    if (state_ == TcpState::closed || fin_wanted_) return;
    if (state_ == TcpState::syn_sent) return abort();
    fin_wanted_ = true;
    push(now);
}

void TcpConnection::abort() {
    if (state_ == TcpState::closed) return;
    const bool peer_knows = state_ != TcpState::syn_sent && state_ != TcpState::time_wait;
    if (peer_knows) port_->transmit(*this, header(next_, Flags::rst | Flags::ack), {});
    stop_timer();
    state_ = TcpState::closed;
    ++life_;
}

void TcpConnection::hear_unreachable(const SeenUnreachable& error) {
    if (state_ != TcpState::syn_sent) return;
    unreachable_ = error;
    if (!profile_->icmp_is_advice) finish(TcpFailed{ConnectError::unreachable});
}

void TcpConnection::timer(base::SimTime now) {
    timer_runs_ = false;
    switch (state_) {
        case TcpState::closed:
        case TcpState::time_wait: return;
        case TcpState::syn_sent: return connect_timer(now);
        case TcpState::syn_received:
            if (retransmission_.unanswered() >= profile_->answer_retransmissions)
                return finish(TcpFailed{ConnectError::timed_out});
            retransmission_.timed_out();
            start_timer(now + retransmission_.wait());
            return send_syn(Flags::syn | Flags::ack);
        default: return data_timer(now);
    }
}

void TcpConnection::connect_timer(base::SimTime now) {
    if (!waits_after_reset_ && syns_sent_ > profile_->connect.retransmissions)
        return finish(TcpFailed{ConnectError::timed_out});
    waits_after_reset_ = false;
    retransmission_.forget_measurement();
    ++syns_sent_;
    start_timer(now + wait_after(profile_->connect, syns_sent_));
    send_syn(Flags::syn);
}

// Windows takes a reset for a server that is busy and asks again (Q175523).
void TcpConnection::refused(base::SimTime now) {
    if (syns_sent_ > profile_->connect.retransmissions) return finish(TcpFailed{ConnectError::refused});
    waits_after_reset_ = true;
    start_timer(now + profile_->connect.after_reset);
}

void TcpConnection::data_timer(base::SimTime now) {
    if (in_flight() == 0 && unsent() == 0) return;
    if (retransmission_.unanswered() >= profile_->data_retransmissions) return finish(TcpReset{ResetCause::timed_out});
    if (in_flight() == 0) {  // the window has shut: one octet asks whether it is open again (RFC 9293 3.8.6.1)
        send_segment(next_, 1, false);
        next_ = next_ + 1;
    } else {
        recovering_ = true;
        recover_ = next_;
        duplicate_acks_ = 0;
        resend_first();
    }
    retransmission_.timed_out();
    start_timer(now + retransmission_.wait());
}

bool TcpConnection::tell(const TcpNews& news) {
    const std::uint32_t life = life_;
    port_->tell(*this, news);
    return life_ == life;
}

// The host may hand this object to a new connection from within the call: nothing may be touched behind it.
void TcpConnection::finish(const TcpNews& news) {
    stop_timer();
    state_ = TcpState::closed;
    ++life_;
    port_->tell(*this, news);
}

void TcpConnection::enter_time_wait(base::SimTime now) {
    stop_timer();
    state_ = TcpState::time_wait;
    time_wait_ends_ = now + profile_->time_wait;
    queue_.clear();
    store_.clear();
}

bool TcpConnection::may_be_succeeded_by(const wire::TcpHeader& syn) const {
    return state_ == TcpState::time_wait && syn.flags.has(Flags::syn) && !syn.flags.has(Flags::ack) &&
           before(expected_, SeqNum{syn.sequence});
}

void TcpConnection::start_timer(base::SimTime when) {
    timer_runs_ = true;
    port_->set_timer(*this, when);
}

void TcpConnection::stop_timer() {
    if (timer_runs_) port_->stop_timer(*this);
    timer_runs_ = false;
}

// RFC 6298 5.2 and 5.3
void TcpConnection::restart_timer(base::SimTime now) {
    if (in_flight() > 0)
        start_timer(now + retransmission_.wait());
    else
        stop_timer();
}

}  // namespace sim::net
