// A start told service by service, in the order in which they start: what each took or failed to take, what the event
// log says of it, and where it says nothing although an administrator would look there.
//
// The silences are the lesson: the store and the attendant of 4.0-5.5 lose a port without a word (Q180795). What no
// article states of a version is told as "likely".
#pragma once

#include "fakeserver/start_report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fakeserver {

struct StartEntry {
    Service service{};
    std::string title;            // "Microsoft Exchange Directory"
    std::string windows_service;  // "MSExchangeDS"
    std::string process;          // "DSAMAIN.EXE"
    bool running = false;
    std::string happened;  // explain()
    std::optional<EventLogEntry> event;
    std::string silence;               // instead of an event, where one would be looked for
    std::vector<std::string> remarks;  // what follows from it
};

// One entry for each service that the release has.
std::vector<StartEntry> start_log(const PortPolicy& policy, const ServerStart& start);

// An interface that clients ask for, and that the map lacks because its service has no TCP.
struct MissingInterface {
    Service service{};
    std::string uuid;
    std::string annotation;
};
// The first of each service that is there without TCP, or not started: who asks for it gets 1753.
std::vector<MissingInterface> missing_from_map(const PortPolicy& policy, const ServerStart& start);

}  // namespace fakeserver
