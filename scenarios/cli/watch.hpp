// Waits until something below some paths changes.
#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace scenarios::cli {

// True after a change of any file's time, size or number under the paths; false when interrupted. Looks twice a second:
// that works on every file system, network drives included.
bool wait_for_change(const std::vector<std::string>& paths, const std::atomic<bool>& interrupted);

}  // namespace scenarios::cli
