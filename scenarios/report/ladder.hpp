// The ladder of one rehearsal as text: client, firewalls and servers side by side, time running down. Plain ASCII, so
// that it survives every terminal, pipe and printer; fits 80 columns with up to three firewalls.
//
//      time  PC-17                        firewall                          EXCH01
//     0.000  |-- SYN to 135 ------------------|-------------------------------->|
//            |                                | rule 1 (01.toml:24) lets it pass|
//     0.080  |-- SYN to 1236 ---------------->X                                 |
//            |                                | DROPPED by firewall: no rule    |
//            |                                | matched, so the default decided |
//
// Words stand on their arrow, near the sender; what is longer than the arrow stands above it. An arrow that ends at a
// firewall ends in an X that nothing covers. What a firewall says stands under its life line.
#pragma once

#include "scenarios/report/events.hpp"
#include "scenarios/report/style.hpp"

#include <string>
#include <vector>

namespace scenarios::report {

struct LadderOptions {
    std::size_t width = 80;  // columns; less than 60 is taken as 60
    Style style{};
    bool every_verdict = false;  // also those of packets of a connection that was let through before
    bool notes = false;          // remarks of the programs
    bool numbers = false;        // each packet's number before its words, for texts that speak of "packet 9"
};

// Draws line by line, for a page that grows. The events must outlive it.
class Ladder {
public:
    Ladder(const Events& events, const LadderOptions& options);

    std::string heading() const;                                  // one line
    std::vector<std::string> lines_of(const Event& event) const;  // empty: nothing to show

private:
    std::string empty_row() const;
    void packet(std::vector<std::string>& out, const Event& event) const;
    void verdicts(std::vector<std::string>& out, const Event& event) const;
    void beside(std::vector<std::string>& out, std::string text, std::size_t lane, const std::string& name,
                Tone tone) const;
    void note(std::vector<std::string>& out, const Event& event) const;
    void words_at(std::vector<std::string>& out, std::string_view words, std::size_t at, Tone tone) const;
    std::string painted(const std::string& row, Tone tone) const;

    const Events& events_;
    LadderOptions options_;
    std::vector<std::size_t> columns_;  // of the life lines
};

std::string ladder(const Events& events, const LadderOptions& options);

}  // namespace scenarios::report
