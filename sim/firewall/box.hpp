// A filtering host with any number of interfaces: routing, INPUT, FORWARD and OUTPUT (firewall-semantics, section 1).
// Firewall is the same engine between two sides; Box is for rule sets that speak of their whole host, and for comparing
// with a real one.
//
// Not here: a listening program. What INPUT accepts ends in the box; what the box would answer is for the caller to
// send().
#pragma once

#include "sim/firewall/engine.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/firewall/routing.hpp"

#include <optional>
#include <vector>

namespace sim::firewall {

class Box {
public:
    Box(SharedRules rules, const EngineSettings& settings, std::vector<BoxInterface> interfaces);

    struct Answer {
        enum class Fate : std::uint8_t { sent, blocked, local };  // blocked: by OUTPUT; local: goes to the box itself
        Fate fate = Fate::sent;
        base::Bytes octets{};  // as it leaves
        base::Bytes judged{};  // as OUTPUT saw it, before its source was translated; empty: the same
        Label label = Label::none;
        std::optional<std::size_t> out{};
    };
    struct Transit {
        std::optional<Hook> hook{};  // absent: the packet did not come to the rules
        Verdict verdict{};
        Label label = Label::none;
        std::optional<std::size_t> out{};  // index of the interface, for what is forwarded or sent
        // What leaves, or what the box itself receives, where translation (or reassembly) made it another packet.
        std::optional<base::Bytes> octets{};
        bool port_drawn = false;  // a port of it was chosen where a real box draws one at random
        std::optional<Answer> answer{};
        // What INPUT says of a packet that the box sends to itself: it leaves by `lo`, `out` is absent, and when OUTPUT
        // let it through it comes in again with the same label.
        struct Inside {
            Verdict verdict{};
            std::optional<Answer> answer{};
        };
        std::optional<Inside> inside{};
    };

    // A packet from outside. Requires a valid index of an interface.
    Transit arrive(base::ByteView packet, std::size_t interface, base::SimTime now, Recorder* recorder = nullptr);
    // A packet of the box itself.
    Transit send(base::ByteView packet, base::SimTime now, Recorder* recorder = nullptr);

    // What the table holds about a packet, or about the packet that an ICMP error quotes.
    std::optional<ConnectionInfo> connection_of(base::ByteView packet, base::SimTime now);
    // The whole table, oldest first.
    std::vector<ConnectionInfo> connections(base::SimTime now) const;

private:
    wire::IpAddress address_towards(const wire::PacketView& packet, std::optional<std::size_t> came_by) const;
    Transit judge_arrived(const wire::PacketView& packet, std::size_t interface, base::SimTime now, Recorder* recorder);
    Transit judge_sent(const wire::PacketView& packet, base::SimTime now, Recorder* recorder);
    // Of a packet that routing ends: whether it is one, and what the transit says then.
    bool ends_on_the_way(Transit& transit, const wire::PacketView& packet, const Mark& mark, std::size_t interface,
                         base::SimTime now, Recorder* recorder);
    void come_back_in(Transit& transit, const wire::PacketView& packet, const Mark& mark, base::SimTime now,
                      Recorder* recorder);
    void let_through(Transit& transit, const Subject& subject, Mark& mark, Hook last, base::SimTime now,
                     Recorder* recorder);
    // `came_by`: the interface of a packet from outside.
    std::optional<Answer> answer(const wire::PacketView& packet, const Mark& mark, std::optional<RejectWith> with,
                                 base::SimTime now, Recorder* recorder, std::optional<std::size_t> came_by = {});
    // Collects fragments where the box does; a packet that is whole comes back as it is.
    std::optional<wire::PacketView> whole(const wire::PacketView& packet, bool for_us, base::SimTime now);

    Engine engine_;
    Routing routing_;
    base::Bytes reassembled_;  // what `whole` returned last may lie here
};

}  // namespace sim::firewall
