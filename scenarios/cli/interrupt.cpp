#include "scenarios/cli/interrupt.hpp"

#include <csignal>
#include <cstdlib>

namespace scenarios::cli {
namespace {

std::atomic<bool> flag{false};  // lock-free, so a signal handler may set it

extern "C" void on_signal(int number) {
    if (flag.exchange(true)) std::_Exit(128 + number);
}

}  // namespace

void install_interrupt_handler() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe (`| head`) shows as a failed write, not as a sudden death
}

const std::atomic<bool>& interrupted() { return flag; }

}  // namespace scenarios::cli
