// What a lesson may ask about a run, and show in its texts: computed, never typed.
#pragma once

#include "scenarios/lesson/lesson.hpp"
#include "scenarios/runner/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace scenarios::lesson {

struct Facts {
    runner::Outcome outcome = runner::Outcome::works;  // of the client's main action
    std::uint64_t starts = 1;                          // played
    std::uint64_t works = 0;                           // of them
    std::string fails_at;                              // "the Directory"; empty when it works
    std::string reads;                                 // the message on the user's screen; empty when there is none
    bool reads_likely = false;
    std::optional<base::SimDuration> waited;
    std::optional<std::uint16_t> directory, store, attendant;  // where they listen
    std::optional<std::uint16_t> first_port;                   // that the client asks first
    std::uint64_t open_ports = 0;             // of the servers, TCP and UDP, to a new connection of this client
    std::uint64_t open_to_client = 0;         // of the client, TCP and UDP, to a packet that a server begins with
    std::optional<base::SimDuration> outage;  // the longest; absent when nobody was cut off
    bool outage_stays = false;                // it was not over when the rehearsal ended
};

// `site` counts within the result's close-ups.
Facts facts_of(const runner::Result& result, std::size_t site);

// As texts show it ("64,513", "21 s"); empty when the run has no such value.
std::string shown(const Facts& facts, Value value);

// As an answer is compared with it; absent when the value is no number.
std::optional<std::uint64_t> number_of(const Facts& facts, Value value);

// 64513 as "64,513"
std::string grouped(std::uint64_t number);

}  // namespace scenarios::lesson
