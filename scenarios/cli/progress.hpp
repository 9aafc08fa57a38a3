// A line on the terminal that says how far a long run is. Silent when stderr is no terminal, and during the first
// second.
#pragma once

#include "scenarios/runner/run.hpp"

#include <chrono>
#include <mutex>

namespace scenarios::cli {

class TerminalProgress final : public runner::Progress {
public:
    TerminalProgress();
    ~TerminalProgress() override { clear(); }

    void advanced(std::uint64_t starts_done, std::uint64_t starts_in_all) override;
    // Takes the line away, before something else is printed.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    const bool terminal_;
    std::mutex mutex_;  // workers report while the main thread prints
    bool shown_ = false;
    Clock::time_point began_;
    Clock::time_point last_;
};

}  // namespace scenarios::cli
