// Mending in progress: the sheet as it stands, what its rules do, and the judge of every change. Private to mending.
#pragma once

#include "sim/firewall/exact/probe.hpp"
#include "sim/firewall/mend/scribe.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim::firewall::mend {

// From one client to one server: the lines of sight along which open ports are counted.
struct Lane {
    wire::IpAddress client;
    wire::IpAddress server;
    bool operator==(const Lane&) const = default;
};

// What is open on one lane, to first packets of one protocol from one side.
struct Opening {
    std::size_t lane = 0;  // index into Work::lanes()
    wire::Protocol protocol = wire::Protocol::tcp;
    Side from = Side::client;
    std::vector<exact::OpenPorts> ports;
};

struct Surplus {  // ports that a rule opens and nothing needs
    std::size_t lane = 0;
    wire::Protocol protocol = wire::Protocol::tcp;
    RuleId by;
    std::vector<wire::PortRange> ports;
};

// Part of a needed flow whose ports all meet the same fate.
struct Piece {
    wire::PortRange ports;
    exact::ProbeResult result;
};

class Work {
public:
    Work(const Scribe& scribe, const MendTask& task, Manuscript sheet, SharedRules rules);

    const Scribe& scribe() const { return scribe_; }
    const MendTask& task() const { return task_; }
    const Manuscript& sheet() const { return sheet_; }
    const RuleSet& rules() const { return *rules_; }
    const std::vector<Lane>& lanes() const { return lanes_; }
    const std::vector<Opening>& openings() const { return openings_; }

    // How a flow fares now, in pieces.
    std::vector<Piece> fate_of(const NeededFlow& flow) const;
    exact::ProbePacket first_packet(const Lane& lane, wire::Protocol protocol, wire::Port port) const;

    // Ports of a lane that needed flows ask for, and those that may stay open beside them.
    std::vector<wire::PortRange> needed(const Lane& lane, wire::Protocol protocol, Side from) const;
    std::vector<wire::PortRange> allowed(const Lane& lane, wire::Protocol protocol) const;
    std::vector<Surplus> surplus() const { return surplus_of(openings_); }

    // The two judges. A changed sheet that reads, brings every port of `ports` of that flow further, sets no needed
    // port back and opens nothing that is not needed becomes the sheet. Otherwise nothing happens: false.
    bool adopt_if_opening(Manuscript changed, const NeededFlow& flow, const std::vector<wire::PortRange>& ports);
    // The same for one that leaves less surplus, and all that is allowed as open as it was.
    bool adopt_if_closing(Manuscript changed);

    // What is wrong with the whole, compared with how it was at first; absent when all is as asked.
    std::optional<std::string> fault() const;

    // How people find a rule: "FORWARD rule 3 (line 12)", as it was in the original.
    std::string named(RuleId rule) const;

private:
    struct Reading {
        SharedRules rules;
        std::vector<Opening> openings;
    };
    std::optional<Reading> read(const Manuscript& sheet) const;
    std::vector<Opening> openings_of(const SharedRules& rules) const;
    std::vector<Surplus> surplus_of(const std::vector<Opening>& openings) const;
    bool sets_nothing_back(const Reading& changed) const;
    std::vector<wire::PortRange> opened_beyond_need(const std::vector<Opening>& before,
                                                    const std::vector<Opening>& after) const;
    bool take(Manuscript changed, Reading reading);

    const Scribe& scribe_;
    const MendTask& task_;
    std::vector<Lane> lanes_;
    Manuscript sheet_;
    SharedRules rules_;
    SharedRules rules_at_first_;
    std::vector<Opening> openings_;
    std::vector<Opening> at_first_;
};

// ---- the strategy, in two halves ----

// Each makes the sheet of the work do what is asked, or says why that cannot be.
std::optional<std::string> open_needed(Work& work);
std::optional<std::string> close_surplus(Work& work);

// Where a new line may go to be met before what became of that packet, the nearest place first, the top of the chain
// last.
std::vector<Spot> spots_before(const RuleSet& rules, const exact::ProbePacket& packet);

std::string described(const NeededFlow& flow, const std::vector<wire::PortRange>& ports);
std::vector<wire::PortRange> common(const std::vector<wire::PortRange>& a, const std::vector<wire::PortRange>& b);

}  // namespace sim::firewall::mend
