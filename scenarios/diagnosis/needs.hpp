// What must get through for the client to do what it was told: which ports of which servers, and for which action.
//
// From the actions, the release and the registry alone; the filters are asked in another place (path.hpp). Named pipes
// are no need: they are the way around a fault.
#pragma once

#include "client/vocabulary.hpp"
#include "scenarios/diagnosis/situation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scenarios::diagnosis {

struct Need {
    std::size_t server = 0;                      // index into Situation::servers
    std::optional<fakeserver::Service> service;  // nothing: the endpoint mapper
    std::vector<wire::PortRange> ports;          // every port that it can have; empty: it never has TCP
    std::vector<client::Do> actions;             // that need it

    bool is_mapper() const { return !service; }
};

// The endpoint mapper of each server comes before its services; services in the order in which the client calls them.
std::vector<Need> needs_of(const Situation& situation);

// The port of the service that the client knows without asking, if it does.
std::optional<wire::Port> known_port_of(const Situation& situation, const Need& need);

// Whether the client waits for the UDP notice of new mail.
bool needs_notice(const Situation& situation);

// "the endpoint mapper", "the Directory", "the Information Store of EXCH02": the server is named when there are
// several.
std::string name_of(const Situation& situation, const Need& need);

}  // namespace scenarios::diagnosis
