// Ctrl-C: the first one asks running work to stop at the next clean point, so that what is done is reported and no file
// is left half-written; the second one ends the program at once.
#pragma once

#include <atomic>

namespace scenarios::cli {

void install_interrupt_handler();

// Becomes true at the first SIGINT or SIGTERM. Work loops look at it between two rehearsals.
const std::atomic<bool>& interrupted();

}  // namespace scenarios::cli
