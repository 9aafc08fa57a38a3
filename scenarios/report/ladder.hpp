// The ladder of one rehearsal as text: client, firewalls and servers side by side, time running down, one line a
// packet. Fits 80 columns with up to two firewalls; plain ASCII, so that it survives every terminal, pipe and printer.
//
//      time  PC-17               firewall               EXCH01
//     0.000    |--- SYN to 135 --------|----------------->|
//              |                       | rule 1 (01.toml:24) lets it pass
//     0.080    |--- SYN to 1236 ------>X                  |
//              |                       | DROPPED by firewall: no rule matched, so the default decided
#pragma once

#include "scenarios/report/events.hpp"
#include "scenarios/report/style.hpp"

#include <string>

namespace scenarios::report {

struct LadderOptions {
    std::size_t width = 80;
    Style style{};
    bool every_verdict = false;  // also those of packets of a connection that was let through before
    bool notes = false;          // remarks of the programs
    bool numbers = false;        // each packet's number before its words, for texts that speak of "packet 9"
};

std::string ladder(const Events& events, const LadderOptions& options);

}  // namespace scenarios::report
