// Connection tracking: says of every packet what it is to the connections seen before (firewall-semantics, 4).
//
// Use per packet: `label` before the rules (label and state change happen then, even if the rules drop the packet
// later), and `confirm` after they accepted it: only then does a new connection enter the table.
#pragma once

#include "sim/firewall/flow_table.hpp"
#include "sim/firewall/nat.hpp"
#include "sim/firewall/settings.hpp"

#include <string_view>

namespace sim::firewall {

// What the tracker knows of one packet; valid until the next label().
struct Mark {
    Label label = Label::none;
    std::optional<FlowSide> direction{};  // absent: it has no entry
    std::uint8_t marks = 0;
    std::uint32_t pinhole = 0;  // that let its connection in; 0: none did
    std::uint8_t bound = 0;  // the same bits: ends of a new connection that the nat table has had its say on
    bool broken = false;     // the packet itself is at fault: a cut header, a wrong checksum
    std::string_view why{};  // in words, when there is something to say

    enum class Holder : std::uint8_t { none, pending, table, gone };  // pending: not in the table yet; gone: no longer
    Holder holder = Holder::none;
    std::uint32_t index = 0;  // for Holder::table

    bool is_new() const { return holder == Holder::pending && direction == FlowSide::original; }
};

class Tracker {
public:
    explicit Tracker(const TrackerSettings& settings) : settings_(settings) {}

    // `arriving`: from outside, so that checksums count; packets of the box itself are not checked.
    Mark label(const wire::PacketView& packet, base::SimTime now, bool arriving);

    // The packet was let through: a new connection is remembered from now on. False when it cannot be, because its
    // answers would be taken for those of another one; then the kernel drops the packet.
    // `pinhole`: the number of the pinhole that let it in, or 0.
    bool confirm(const Mark& mark, base::SimTime now, std::uint32_t pinhole = 0);

    // Translates one end of a connection that label() has just found to be new, and marks it so. Requires
    // mark.is_new().
    void bind(Mark& mark, End end, const NatRange& range, base::SimTime now);
    // The packet as its connection's translation has it at that end; nothing when it stays as it is.
    std::optional<base::Bytes> translated(const wire::PacketView& packet, const Mark& mark, End end) const;

    // The label of an answer that the box makes to a packet: RELATED, in the other direction. Requires an entry.
    static Mark answer_to(const Mark& mark);
    // The box is to send an ICMP error about the packet that was labelled last, which stands as it is given here. That
    // error is RELATED when it is the very next packet, even if the connection is in no table, or known by other
    // addresses there: the kernel makes it while it still holds the first.
    void answers(const wire::PacketView& packet, const Mark& mark);

    // A reject answered with a RST in the name of the other side: the connection is closed.
    void reset(const Mark& mark, base::SimTime now);

    const FlowTable& table() const { return table_; }
    // The entry that a packet, or the packet that an ICMP error quotes, belongs to; null when there is none.
    const Entry* entry_for(const wire::PacketView& packet, base::SimTime now);
    // The entry of a mark that has one.
    const Entry& entry_of(const Mark& mark) const {
        return mark.holder == Mark::Holder::table ? table_.at(mark.index) : pending_;
    }

    void forget() {
        table_.clear();
        sources_.clear();
        answered_.reset();
    }
    void use(const TrackerSettings& settings) { settings_ = settings; }

private:
    Mark label_icmp_error(const wire::PacketView& packet, base::SimTime now);
    Mark look_up(const wire::PacketView& packet, const Tuple& tuple, base::SimTime now);
    bool open(const wire::PacketView& packet, const Tuple& tuple, base::SimTime now, Mark& mark);
    // The protocol's part of labelling.
    TcpStep follow(const wire::PacketView& packet, const Mark& mark, Entry& entry, base::SimTime now);
    TcpStep follow_tcp(const wire::PacketView& packet, const Mark& mark, Entry& entry, base::SimTime now);
    TcpStep follow_udp(const Entry& entry, base::SimTime now) const;

    Entry& entry(const Mark& mark) { return mark.holder == Mark::Holder::table ? table_.at(mark.index) : pending_; }

    TrackerSettings settings_;
    FlowTable table_;
    NatSources sources_;
    Entry pending_;  // of the packet labelled last, when it may begin a connection, or has just ended one
    // See answers().
    struct Answered {
        Tuple tuple;
        Mark mark;
    };
    std::optional<Answered> answered_{};
};

}  // namespace sim::firewall
