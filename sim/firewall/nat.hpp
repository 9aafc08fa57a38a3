// Which addresses and ports a translated connection gets, and how its packets are rewritten (firewall-semantics,
// section 7; the choices are those of Linux' nf_nat).
//
// A translation changes the tuple by which answers will find the connection (Entry::reply); everything else follows
// from comparing the two tuples. Once in a connection's life each end is bound, by a rule or by none: then a port
// changes only when the answers' tuple is taken already.
//
// Choices: out of a range of addresses by a hash of both ends, or of the source alone (`persistent`). A port stays when
// it is in the range and free; a target port becomes the first of the range. A source port that must change, and any port
// of a rule that says --random, is drawn at random by the kernel, which cannot be known: here it is the next free one
// upwards, and `drawn` says so. With --random it is never the old one, so that nothing sent to that passes for an answer.
#pragma once

#include "sim/firewall/flow_table.hpp"
#include "sim/firewall/rule_set.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <vector>

namespace sim::firewall {

// What a translation asks for, with the box's own address filled in. Without addresses and ports: no change, unless
// the tuple is taken.
struct NatRange {
    std::optional<AddressRange> addresses{};
    std::optional<wire::PortRange> ports{};
    bool random = false;
    bool persistent = false;
};
NatRange range_of(const Translation& translation, const std::optional<wire::IpAddress>& box);

// The source addresses and ports that connections have now, by what they were: a second connection from the same
// source port gets the same ones where it can.
class NatSources {
public:
    void add(const Entry& entry, FlowTable& table, base::SimTime now);
    // The tuple that `wanted` gets by an earlier choice within the range.
    std::optional<Tuple> find(const Tuple& wanted, const NatRange& range, FlowTable& table, base::SimTime now);
    void clear() { *this = NatSources{}; }

private:
    struct Key {
        wire::IpAddress address;
        std::uint16_t part = 0;
        std::uint8_t protocol = 0;
        bool operator==(const Key&) const = default;
        friend std::size_t hash_value(const Key& key) {
            return TupleHash{}({key.address, {}, key.part, 0, key.protocol});
        }
    };
    void sweep(FlowTable& table, base::SimTime now);

    boost::unordered_flat_map<Key, std::vector<Tuple>> flows_;  // original tuples, newest last
    std::size_t sweep_at_ = 256;
};

// Binds one end of a connection that is not in the table yet.
struct NatBinding {
    Entry& entry;
    FlowTable& table;
    NatSources& sources;
    base::SimTime now;

    void bind(End end, const NatRange& range);
};

// The packet as it goes on, or nothing when nothing of it changes at that end. `direction` is the packet's; `error`: it
// is an ICMP error about the connection.
std::optional<base::Bytes> translated(const wire::PacketView& packet, const Entry& entry, FlowSide direction,
                                      bool error, End end);

}  // namespace sim::firewall
