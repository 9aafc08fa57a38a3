// The policies of an ASA configuration, and what they mean for RPC and ICMP: class-map, policy-map, service-policy,
// "policy-map type inspect dcerpc", and the time-outs of connections.
//
// Read first, applied last: a policy counts only where a service-policy puts it, on all interfaces or on one of the
// two. Inspection of other protocols is passed over by name. An action that is not known, or that changes what passes
// (limits, policing, state bypass, time-outs of a class), is refused once its policy counts.
//
// "epm-service-only" and "lookup-operation" change nothing here: the mapper's map answers are followed either way, and
// what a lookup answer announces is never opened (inspector.hpp), which errs on the safe side.
#pragma once

#include "sim/firewall/import/asa_entry.hpp"

#include <functional>
#include <map>

namespace sim::firewall::import {

// "h:m:s"; nothing when it is none.
std::optional<base::SimDuration> clock_time(std::string_view text);

// The time-outs that hold when the configuration says nothing (likely: those that an ASA shows as its defaults).
Timers asa_timers();

class Policies {
public:
    explicit Policies(Complaints& complaints) : complaints_(complaints) {}

    // Lines at the left margin, and those below the last of them.
    void open_class(const AsaLine& line);
    void open_policy(const AsaLine& line);
    void read_below(const AsaLine& line);
    void read_service_policy(const AsaLine& line);
    void read_timeout(const AsaLine& line);

    // The entries of an access list by which a class chooses; complains when there is no such list.
    using ListReader = std::function<std::vector<Rule>(const Word& list)>;
    // What holds between these two interfaces.
    void apply(const std::vector<std::string>& interfaces, const ListReader& list, GateManners& manners,
               OwnSettings& own);

private:
    struct Class {
        std::vector<AsaLine> matches;
    };
    struct Policy {
        std::vector<AsaLine> lines;  // "class NAME" and the actions below it
    };
    struct Place {
        Word policy;
        std::string interface;  // empty: global
    };
    enum class Open : std::uint8_t { nothing, class_map, policy_map, dcerpc_map };

    void apply_policy(const Policy& policy, const ListReader& list, GateManners& manners, OwnSettings& own);
    void apply_action(const AsaLine& line, const Word& class_name, const ListReader& list, GateManners& manners,
                      OwnSettings& own);
    void apply_dcerpc_map(const Word& name, OwnSettings& own);
    // Whether a class takes in the talk with endpoint mappers, or echo requests and their replies.
    enum class Talk : std::uint8_t { mapper, ping };
    bool covers(const Word& class_name, Talk talk, const ListReader& list);
    bool match_covers(const AsaLine& match, Talk talk, const ListReader& list);
    bool list_covers(const Word& name, Talk talk, const ListReader& list);

    Complaints& complaints_;
    std::map<std::string, Class, std::less<>> classes_;
    std::map<std::string, Policy, std::less<>> policies_;
    std::map<std::string, Policy, std::less<>> dcerpc_maps_;
    std::vector<Place> places_;
    Open open_ = Open::nothing;
    Class* open_class_ = nullptr;
    Policy* open_policy_ = nullptr;
    Timers timers_ = asa_timers();
    bool says_idle_ = false;
};

}  // namespace sim::firewall::import
