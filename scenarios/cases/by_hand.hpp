// Packets through a rule file, one by one, with a verdict that a person can read: which rule, in which file and line,
// the label, what the sender gets, and why.
//
// Without a box the filter stands between two sides, as in rehearsals. A packet comes from the client, unless it
// answers an earlier packet of the file, or its line says otherwise (from server). With a box it comes by the interface
// behind which its sender's address lies, or is the box's own.
#pragma once

#include "scenarios/cases/box_file.hpp"
#include "scenarios/cases/packet_line.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/firewall.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace scenarios::cases {

struct Judged {
    json::object line;      // for programs: packet, verdict, reason, rule, place, ct, with, answer, entry
    std::string text;       // for people, with a line feed
    std::string explained;  // the whole trace, a line a step
    bool as_expected = true;
};

class ByHand {
public:
    ByHand(firewall::SharedRules rules, const firewall::Firewall::Settings& settings);
    // Rules of a whole host. Requires rules that do not speak of two sides.
    ByHand(firewall::SharedRules rules, Interfaces interfaces);
    ~ByHand();

    // `place`: of the line, "packets.txt:3". The reason as a sentence when the packet cannot come from where it says.
    [[nodiscard]] base::Result<Judged, std::string> judge(const PacketLine& line, const std::string& place);
    void wait(base::SimDuration time) { now_ += time; }

    // What was assumed, in a sentence for people.
    std::string assumption() const;

private:
    struct Outcome;
    [[nodiscard]] base::Result<Outcome, std::string> between_sides(const PacketLine& line, const wire::FlowKey& flow,
                                                                   firewall::Recorder& recorder);
    [[nodiscard]] base::Result<Outcome, std::string> at_box(const PacketLine& line, const wire::IpAddress& sender,
                                                            firewall::Recorder& recorder);
    std::string why(const Outcome& outcome) const;

    firewall::SharedRules rules_;
    std::unique_ptr<firewall::Firewall> firewall_;
    std::unique_ptr<firewall::Box> box_;
    Interfaces interfaces_;
    firewall::Firewall::Settings settings_;
    std::set<wire::FlowKey> from_client_;
    base::SimTime now_{};
};

// Whether any rule asks for an interface, which two sides without names cannot answer.
bool asks_for_interfaces(const firewall::RuleSet& rules);
// Whether any rule asks which way between client and server a packet goes.
bool speaks_of_sides(const firewall::RuleSet& rules);

}  // namespace scenarios::cases
