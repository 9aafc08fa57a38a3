// The filter without a place: rules, tracker and reassembly, and one function for each station of a packet's way
// (firewall-semantics, section 1). Box and Firewall lead packets from station to station; they know the interfaces.
//
// Order for a packet that arrives: gather (fragments), label, translate at PREROUTING, judge at its hook, translate at
// POSTROUTING (INPUT when the packet stays here), then passed; or answer, which is translated at OUTPUT and
// POSTROUTING.
#pragma once

#include "sim/firewall/explain.hpp"
#include "sim/firewall/inspector.hpp"
#include "sim/firewall/reassembly.hpp"
#include "sim/firewall/rule_judge.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/firewall/tracker.hpp"

#include <optional>

namespace sim::firewall {

struct EngineSettings {
    TrackerSettings tracker;
    bool inspect_dcerpc = false;
    InspectionSettings inspection;
    std::shared_ptr<const RuleJudge> judge{};  // asked where nobody listens, if it is one for these rules
};

class Engine {
public:
    Engine(SharedRules rules, const EngineSettings& settings);

    const RuleSet& rules() const { return *rules_; }
    const Tracker& tracker() const { return tracker_; }
    Tracker& tracker() { return tracker_; }
    const RpcInspector& inspector() const { return inspector_; }

    // Whether packets are labelled and fragments collected.
    bool tracks() const { return rules_->tracking() != Tracking::off; }
    bool tracks(wire::Family family) const { return tracks() && rules_->tracked_family().value_or(family) == family; }

    // Whether translation chose a port of this connection where a real box draws one at random.
    bool port_is_drawn(const Mark& mark) const {
        return mark.direction && mark.marks != 0 && tracker_.entry_of(mark).drawn;
    }

    std::optional<Datagram> gather(const wire::PacketView& fragment, base::SimTime now);
    Mark label(const wire::PacketView& packet, base::SimTime now, bool arriving);

    // The verdict at a hook. The subject's label, direction and marks are taken from the mark.
    Verdict judge(Hook hook, Subject subject, const Mark& mark, base::SimTime now, Recorder* recorder);

    // What address translation makes of a packet at a hook of the nat table. The first packet of a connection asks the
    // table's rules there, and the mark learns of it; all others follow the connection. `box`: the address that
    // MASQUERADE or REDIRECT would use here.
    struct Translated {
        std::optional<base::Bytes> octets{};  // absent: the packet goes on as it is
        std::optional<RuleId> rule{};         // of rules().nat(), when one was asked and translates
        bool impossible = false;              // the packet ends here
    };
    Translated translate(Hook hook, Subject subject, Mark& mark, const std::optional<wire::IpAddress>& box,
                         base::SimTime now, Recorder* recorder);

    // The packet was accepted with that verdict, as it stood before its rules: it is remembered, and read by RPC
    // inspection. The verdict becomes a drop when inspection refuses it, or when the connection table has no place for
    // its connection.
    std::vector<Inspected> passed(const wire::PacketView& packet, const Mark& mark, base::SimTime now,
                                  Verdict& verdict);
    // Of a packet that was refused: the pinhole that it came too late for.
    std::optional<MissedPinhole> missed(const wire::PacketView& packet, base::SimTime now) const;

    struct Answer {
        base::Bytes octets;
        Mark mark;  // its label on its way out through OUTPUT
    };
    // Makes the answer of a reject, or of an expired hop limit (`with` absent); nothing when none is due.
    std::optional<Answer> answer(const wire::PacketView& packet, const Mark& mark, std::optional<RejectWith> with,
                                 const wire::IpAddress& box, base::SimTime now);

    void forget();
    void reload(SharedRules rules, const EngineSettings& settings);

private:
    std::optional<Verdict> judge_by_state(const Subject& subject, const Mark& mark, base::SimTime now,
                                          Recorder* recorder);
    std::optional<std::uint32_t> pinhole_of(const wire::PacketView& packet, const Mark& mark, base::SimTime now,
                                            Recorder* recorder);
    Verdict judge_by_rules(Hook hook, const Subject& subject, Recorder* recorder) const;
    bool is_tracked(const wire::PacketView& packet) const;
    Verdict told(const Verdict& verdict, const Subject& subject) const;
    Translated ask_nat(Hook hook, const Subject& subject, Mark& mark, const std::optional<wire::IpAddress>& box,
                       base::SimTime now, Recorder* recorder);

    SharedRules rules_;
    EngineSettings settings_;
    Tracker tracker_;
    Reassembler reassembler_;
    RpcInspector inspector_;
};

}  // namespace sim::firewall
