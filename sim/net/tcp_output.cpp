// What a connection sends.
#include "sim/net/tcp_connection.hpp"

#include <algorithm>

namespace sim::net {

using Flags = wire::TcpFlags;

namespace {

// A peer that names an absurd segment size must not make us send an octet per packet (the least that Linux accepts).
constexpr std::uint16_t least_segment = 48;

}  // namespace

wire::TcpHeader TcpConnection::header(SeqNum sequence, std::uint8_t flags) const {
    wire::TcpHeader h;
    h.source = setup_.local.port;
    h.target = setup_.peer.port;
    h.sequence = sequence.value;
    h.acknowledgement = (flags & Flags::ack) != 0 ? expected_.value : 0;
    h.flags.bits = flags;
    h.window = profile_->window;
    return h;
}

std::uint32_t TcpConnection::segment_limit() const {
    return std::max(std::min(peer_segment_size_, setup_.segment_size), least_segment);
}

std::uint32_t TcpConnection::unsent() const { return fin_sent_ ? 0 : queue_.size() - in_flight(); }

std::uint32_t TcpConnection::usable_window() const {
    return peer_window_ > in_flight() ? peer_window_ - in_flight() : 0;
}

void TcpConnection::push(base::SimTime now) {
    if (state_ != TcpState::established && state_ != TcpState::close_wait) return;
    const auto sent = [&](std::uint32_t sequence_space) {
        next_ = next_ + sequence_space;
        retransmission_.sent_first_time(next_, now);
        if (!timer_runs_) start_timer(now + retransmission_.wait());
    };
    while (unsent() > 0 && usable_window() > 0) {
        const std::uint32_t length = std::min({unsent(), usable_window(), segment_limit()});
        const SeqNum from = next_;
        sent(length);
        send_segment(from, length, false);
    }
    if (unsent() > 0) {
        if (!timer_runs_) start_timer(now + retransmission_.wait());
        return;
    }
    if (!fin_wanted_) return;
    const SeqNum from = next_;
    sent(1);
    fin_sent_ = true;
    state_ = state_ == TcpState::established ? TcpState::fin_wait_1 : TcpState::last_ack;
    send_segment(from, 0, true);
}

// The oldest segment that is not acknowledged, with the FIN when there is room for it.
void TcpConnection::resend_first() {
    retransmission_.forget_measurement();
    const std::uint32_t data_in_flight = in_flight() - (fin_sent_ ? 1 : 0);
    const std::uint32_t length = std::min(data_in_flight, segment_limit());
    send_segment(unacknowledged_, length, fin_sent_ && length == data_in_flight);
}

void TcpConnection::send_segment(SeqNum from, std::uint32_t length, bool fin) {
    const std::uint32_t offset = distance(unacknowledged_, from);
    std::uint8_t flags = Flags::ack;
    if (length > 0 && offset + length == queue_.size()) flags |= Flags::psh;
    if (fin) flags |= Flags::fin;
    ack_due_ = false;
    port_->transmit(*this, header(from, flags), length > 0 ? queue_.view(offset, length) : base::ByteView{});
}

void TcpConnection::send_syn(std::uint8_t flags) {
    wire::TcpHeader syn = header(unacknowledged_, flags);
    syn.mss = setup_.segment_size;
    ack_due_ = false;
    port_->transmit(*this, syn, {});
}

void TcpConnection::send_ack() {
    ack_due_ = false;
    port_->transmit(*this, header(next_, Flags::ack), {});
}

// A segment that acknowledges what was never sent (RFC 9293 3.10.7.3).
void TcpConnection::send_reset(const wire::TcpHeader& to) {
    port_->transmit(*this, header(SeqNum{to.acknowledgement}, Flags::rst), {});
}

}  // namespace sim::net
