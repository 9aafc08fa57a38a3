// One end of one TCP connection: the state machine of RFC 9293 3.10, without a listener, ports or programs.
//
// Segments, timers and calls go in; segments, timer requests and news go out through a TcpPort, in that order and at
// once. It owns its send queue and its out-of-order store, both bounded: the first by what the program gives, the
// second by the receive window.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"
#include "sim/net/program.hpp"
#include "sim/net/retransmission.hpp"
#include "sim/net/sequence.hpp"
#include "sim/net/stack_profile.hpp"
#include "sim/net/stream.hpp"
#include "sim/wire/headers.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace sim::net {

class TcpConnection;

enum class TcpState : std::uint8_t {
    closed,
    syn_sent,
    syn_received,
    established,
    fin_wait_1,
    fin_wait_2,
    close_wait,
    closing,
    last_ack,
    time_wait,
};
std::string_view name(TcpState state);  // "FIN-WAIT-1", as RFC 9293 writes it

// What a connection has to say to its program.
struct TcpOpened {};  // the handshake is complete
struct TcpFailed {
    ConnectError error;
};  // closed: the connect came to nothing
struct TcpOctets {
    base::ByteView octets;
};
struct TcpPeerClosed {};
struct TcpReset {
    ResetCause cause;
};                      // closed
struct TcpFinished {};  // both sides have closed
using TcpNews = std::variant<TcpOpened, TcpFailed, TcpOctets, TcpPeerClosed, TcpReset, TcpFinished>;

// What a connection needs from the host around it.
class TcpPort {
public:
    virtual void transmit(TcpConnection& connection, const wire::TcpHeader& header, base::ByteView payload) = 0;
    // One timer for each connection; setting it again replaces it.
    virtual void set_timer(TcpConnection& connection, base::SimTime when) = 0;
    virtual void stop_timer(TcpConnection& connection) = 0;
    // The connection may be used, aborted or closed from within.
    virtual void tell(TcpConnection& connection, const TcpNews& news) = 0;

protected:
    ~TcpPort() = default;
};

class TcpConnection {
public:
    struct Setup {
        wire::Endpoint local;
        wire::Endpoint peer;
        std::uint32_t first_sequence = 0;
        std::uint16_t segment_size = 1460;  // what this end can take
    };

    // Makes a closed connection ready for open() or answer(); memory of an earlier life is kept.
    void prepare(TcpPort& port, const StackProfile& profile, const Setup& setup);

    void open(base::SimTime now);                                // sends SYN
    void answer(const wire::TcpHeader& syn, base::SimTime now);  // a SYN came to a listener: sends SYN-ACK
    void receive(const wire::TcpHeader& segment, base::ByteView payload, base::SimTime now);
    void hear_unreachable(const SeenUnreachable& error);  // ICMP about a segment we sent
    void timer(base::SimTime now);

    void send(base::Bytes octets, base::SimTime now);
    void close(base::SimTime now);
    void abort();                                 // RST where the peer could know us; no news
    void forget() { state_ = TcpState::closed; }  // without a word: the world is being rebuilt

    TcpState state() const { return state_; }
    const wire::Endpoint& local() const { return setup_.local; }
    const wire::Endpoint& peer() const { return setup_.peer; }
    const std::optional<SeenUnreachable>& unreachable() const { return unreachable_; }
    base::SimTime time_wait_ends() const { return time_wait_ends_; }  // requires state() == time_wait
    // A SYN that may begin a new connection in place of this one in TIME_WAIT (RFC 1122 4.2.2.13).
    bool may_be_succeeded_by(const wire::TcpHeader& syn) const;

    std::uint32_t slot = 0;  // the host's own number for it

private:
    // Input, in the order of RFC 9293 3.10.7.4. Those that return bool: false when the segment needs no more looking
    // at, or the program ended the connection from within an upcall.
    void receive_in_syn_sent(const wire::TcpHeader& segment, base::SimTime now);
    bool handshake_repeats(const wire::TcpHeader& segment, base::SimTime now);
    bool in_window(const wire::TcpHeader& segment, std::uint32_t length, base::SimTime now);
    void take_reset(const wire::TcpHeader& segment);
    bool take_ack(const wire::TcpHeader& segment, std::uint32_t length, base::SimTime now);
    bool complete_handshake(const wire::TcpHeader& segment, base::SimTime now);
    bool ours_acknowledged(base::SimTime now);
    void advance(SeqNum upto, base::SimTime now);
    void duplicate_ack(base::SimTime now);
    void update_window(const wire::TcpHeader& segment);
    bool take_payload(SeqNum at, base::ByteView payload);
    bool deliver(base::ByteView octets);
    bool take_fin(base::SimTime now);

    // Output
    void push(base::SimTime now);  // as much as queue and window allow
    void resend_first();
    void send_segment(SeqNum from, std::uint32_t length, bool fin);
    void send_syn(std::uint8_t flags);
    void send_ack();
    void send_reset(const wire::TcpHeader& to);
    wire::TcpHeader header(SeqNum sequence, std::uint8_t flags) const;
    std::uint32_t in_flight() const { return distance(unacknowledged_, next_); }
    std::uint32_t unsent() const;
    std::uint32_t usable_window() const;
    std::uint32_t segment_limit() const;

    // Life
    void begin(SeqNum first);
    void learn(const wire::TcpHeader& syn);
    void connect_timer(base::SimTime now);
    void data_timer(base::SimTime now);
    void refused(base::SimTime now);
    bool tell(const TcpNews& news);  // false when the connection ended in there
    void finish(const TcpNews& news);
    void enter_time_wait(base::SimTime now);
    void start_timer(base::SimTime when);
    void stop_timer();
    void restart_timer(base::SimTime now);

    TcpPort* port_ = nullptr;
    const StackProfile* profile_ = nullptr;
    Setup setup_{};
    TcpState state_ = TcpState::closed;
    bool opened_actively_ = false;
    bool timer_runs_ = false;
    std::uint32_t life_ = 0;  // grows whenever the connection ends, so that code around an upcall can tell

    // Sending (RFC 9293 3.3.1: SND.UNA, SND.NXT, SND.WND, ISS)
    SeqNum unacknowledged_{};
    SeqNum next_{};
    SeqNum recover_{};  // NewReno (RFC 6582): what was in flight when a loss was seen
    std::uint32_t peer_window_ = 0;
    SeqNum window_set_by_seq_{};
    SeqNum window_set_by_ack_{};
    std::uint16_t peer_segment_size_ = 536;
    SendQueue queue_;  // begins at unacknowledged_
    bool fin_wanted_ = false;
    bool fin_sent_ = false;
    bool recovering_ = false;
    unsigned duplicate_acks_ = 0;

    // Receiving (RCV.NXT, RCV.WND is profile_->window)
    SeqNum expected_{};
    ReceiveStore store_;
    bool ack_due_ = false;

    Retransmission retransmission_;
    unsigned syns_sent_ = 0;
    bool waits_after_reset_ = false;  // the last SYN was answered by a RST
    std::optional<SeenUnreachable> unreachable_;
    base::SimTime time_wait_ends_{};
};

}  // namespace sim::net
