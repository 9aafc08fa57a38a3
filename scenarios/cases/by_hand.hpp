// Packets through a rule file, one by one, with a verdict that a person can read: which rule, in which file and line,
// the label, what the sender gets, and why.
//
// Without a box the filter stands between two sides, as in rehearsals. A packet comes from the client, unless it
// answers an earlier packet of the file, or its line says otherwise (from server). With a box it comes by the interface
// behind which its sender's address lies, or is the box's own.
//
// A line that says what its packet is to the filter ("ESTABLISHED", "in eth2 out eth1") is taken at its word: the packet
// is judged by itself, by the rules alone, and leaves nothing behind. A packet of a version of IP that the rules do not
// speak of gets no verdict: what decides about it stands in no file here.
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
    std::string explained;  // the whole trace, a line a step, when it was asked for
    bool as_expected = true;
};

class ByHand {
public:
    ByHand(firewall::SharedRules rules, const firewall::Firewall::Settings& settings);
    // Rules of a whole host. Requires rules that do not speak of two sides. `judge`: see rule_judge.hpp, may be null.
    ByHand(firewall::SharedRules rules, Interfaces interfaces, std::shared_ptr<const firewall::RuleJudge> judge);
    ~ByHand();

    // What costs more than the verdict, and is made only for who asks.
    struct Wanted {
        bool trace = false;  // Judged::explained
        bool entry = false;  // "entry" in Judged::line: the connection as it is remembered now
    };
    // `place`: of the line, "packets.txt:3". The reason as a sentence when the packet cannot come from where it says.
    [[nodiscard]] base::Result<Judged, std::string> judge(const PacketLine& line, const std::string& place,
                                                          const Wanted& wanted);
    void wait(base::SimDuration time) { now_ += time; }

    // What was assumed, in a sentence for people.
    std::string assumption() const;

private:
    struct Outcome;
    [[nodiscard]] base::Result<Outcome, std::string> between_sides(const PacketLine& line, const wire::FlowKey& flow,
                                                                   firewall::Recorder* recorder);
    std::optional<firewall::ConnectionInfo> entry_of(const wire::FlowKey& flow) const;
    [[nodiscard]] base::Result<Outcome, std::string> at_box(const PacketLine& line, const wire::IpAddress& sender,
                                                            firewall::Recorder* recorder);
    // Whether the line says something that this filter cannot find out by itself.
    bool takes_at_word(const PacketLine& line) const;
    [[nodiscard]] base::Result<Outcome, std::string> alone(const PacketLine& line, const wire::PacketView& view,
                                                           firewall::Recorder* recorder) const;
    std::optional<std::size_t> interface_of(const wire::IpAddress& sender) const;
    bool is_own(const wire::IpAddress& address) const;
    std::optional<Judged> of_other_family(const PacketLine& line, const wire::PacketView& view,
                                          const std::string& place) const;
    json::object as_line(const Outcome& outcome, const wire::PacketView& view, const std::string& verdict,
                         const std::string& with) const;
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
