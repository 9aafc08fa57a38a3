#include "scenarios/cli/progress.hpp"

#include "scenarios/cli/output.hpp"

#include <cstdio>
#include <unistd.h>

namespace scenarios::cli {

TerminalProgress::TerminalProgress() : terminal_(is_terminal(STDERR_FILENO)), began_(Clock::now()), last_(began_) {}

void TerminalProgress::advanced(std::uint64_t starts_done, std::uint64_t starts_in_all) {
    if (!terminal_) return;
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (now - began_ < std::chrono::seconds(1) || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    shown_ = true;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    const double left = starts_done == 0 ? 0
                                         : seconds / static_cast<double>(starts_done) *
                                               static_cast<double>(starts_in_all - starts_done);
    std::fprintf(stderr, "\r\x1b[K%llu of %llu starts, about %.0f s left", static_cast<unsigned long long>(starts_done),
                 static_cast<unsigned long long>(starts_in_all), left);
    std::fflush(stderr);
}

void TerminalProgress::clear() {
    const std::lock_guard lock(mutex_);
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
}

}  // namespace scenarios::cli
