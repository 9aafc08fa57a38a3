// A packet filter between two networks: rules, the connections it remembers, and the answers it sends when it
// rejects. The time is handed in; nothing here knows a network or a clock.
//
// One object is one box with a client side and a server side. Give it every packet that reaches the box, in order
// of time.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"
#include "sim/firewall/verdict.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sim::firewall {

class RuleSet;   // rule_set.hpp: immutable, shared by all runs of a scenario
class Recorder;  // explain.hpp: hears of every rule that was tried, and why it did or did not match

enum class Side : std::uint8_t { client, server };

struct Passage {
    Verdict verdict;
    Label label = Label::none;
    // What leaves on the other side instead of the packet, when that differs from it (reassembly, NAT). Empty with
    // Action::accept: the packet itself goes on.
    std::vector<base::Bytes> replaced;
    // The answer of a reject (RST or ICMP error), to be sent back to where the packet came from; absent when none is
    // due or when the box's own rules silence it.
    std::optional<base::Bytes> answer;
};

class Firewall {
public:
    struct Settings;

    explicit Firewall(std::shared_ptr<const RuleSet> rules);
    ~Firewall();
    Firewall(Firewall&&) noexcept;
    Firewall& operator=(Firewall&&) noexcept;

    // Judges one packet of real octets that arrives on a side and wants to leave on the other.
    Passage judge(base::ByteView packet, Side from, base::SimTime now, Recorder* recorder = nullptr);

    const RuleSet& rules() const;

    // Forgets all connections (a reboot), or goes on with other rules and the connections kept (a reload).
    void forget();
    void reload(std::shared_ptr<const RuleSet> rules);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sim::firewall
