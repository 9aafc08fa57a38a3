// A packet filter between two networks: rules, the connections it remembers, and the answers it sends when it
// rejects. The time is handed in; nothing here knows a network or a clock.
//
// One object is one box with a client side and a server side. Give it every packet that reaches the box, in order
// of time.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"
#include "sim/firewall/inspection.hpp"
#include "sim/firewall/match.hpp"
#include "sim/firewall/settings.hpp"
#include "sim/firewall/verdict.hpp"
#include "sim/wire/flow.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim::firewall {

class RuleSet;    // rule_set.hpp: immutable, shared by all runs of a scenario
class RuleJudge;  // rule_judge.hpp: verdicts without trying the rules in turn
class Recorder;   // explain.hpp: hears of every rule that was tried, and why it did or did not match

struct Passage {
    Verdict verdict;
    Label label = Label::none;
    // What leaves on the other side instead of the packet, when it was put together from fragments. Empty with
    // Action::accept: the packet itself goes on, or `translated`.
    std::vector<base::Bytes> replaced;
    // The packet with the addresses that translation gave it, as it leaves, or as far as it came; absent when it stayed
    // as it was.
    std::optional<base::Bytes> translated;
    std::vector<RuleId> translated_by;  // rules of the nat table, for the first packet of a connection
    bool port_drawn = false;  // a port of it was chosen where a real box draws one at random
    // The answer of a reject (RST or ICMP error), to be sent back to where the packet came from; absent when none is
    // due or when the box's own rules silence it.
    std::optional<base::Bytes> answer;
    // What RPC inspection made of the packet, and, when it was refused, the pinhole that came too late or too often.
    std::vector<Inspected> inspected;
    std::optional<MissedPinhole> missed;
};

// One line of the connection table, for people and tests.
struct ConnectionInfo {
    wire::FlowKey flow;  // as its first packet had it; ICMP: ports are 0
    // Where its answers come from and go to, when address translation makes that other than flow, reversed.
    std::optional<wire::FlowKey> answers{};
    std::string state;   // "ESTABLISHED", "SYN_SENT"; empty for protocols without states
    base::SimDuration expires_in{};
    bool replied = false;
    bool assured = false;
};

class Firewall {
public:
    struct Settings {
        // Interface names, for rule files that ask for them, and the box's own addresses there: an ICMP error comes
        // from the address (of the packet's family) on the side it goes out. Without one it bears the address that
        // the rejected packet was sent to. MASQUERADE and REDIRECT need one; what they translate to it, and what no
        // translation takes away from it, ends at the box, where no program listens.
        std::string client_side = "client";
        std::string server_side = "server";
        std::vector<wire::IpAddress> client_side_addresses;
        std::vector<wire::IpAddress> server_side_addresses;

        // Private addresses that this box translates: the network on that side has no way to them, so that what is sent
        // to them never comes to the box.
        std::vector<wire::IpAddress> unknown_to_clients;
        std::vector<wire::IpAddress> unknown_to_servers;

        Timers timers;
        std::optional<base::SimDuration> idle_timeout;  // in place of the established TCP and the UDP stream timers
        std::optional<bool> pick_up;                    // absent: as the rule set's dialect has it
        bool liberal = false;

        // RPC-aware inspection: a map answer of an endpoint mapper (TCP 135) that the box forwards opens the
        // announced port to that client.
        bool inspect_dcerpc = false;
        InspectionSettings inspection;

        // Judges by the rules in place of the predicate when nobody listens, if it is one for these rules; see
        // rule_judge.hpp.
        std::shared_ptr<const RuleJudge> judge{};
    };

    explicit Firewall(std::shared_ptr<const RuleSet> rules);
    Firewall(std::shared_ptr<const RuleSet> rules, Settings settings);
    ~Firewall();
    Firewall(Firewall&&) noexcept;
    Firewall& operator=(Firewall&&) noexcept;

    // Judges one packet of real octets that arrives on a side and wants to leave on the other.
    Passage judge(base::ByteView packet, Side from, base::SimTime now, Recorder* recorder = nullptr);

    const RuleSet& rules() const;

    // What is remembered at that time, oldest first.
    std::vector<ConnectionInfo> connections(base::SimTime now) const;
    std::vector<Pinhole> pinholes(base::SimTime now) const;

    // Forgets all connections (a reboot), or goes on with other rules and the connections kept (a reload).
    void forget();
    void reload(std::shared_ptr<const RuleSet> rules);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// The settings that hold with these rules: a configuration may bring its own time-outs and inspection. Doing it twice
// changes nothing more; a Firewall does it by itself.
Firewall::Settings settings_with(const RuleSet& rules, Firewall::Settings settings);

}  // namespace sim::firewall
