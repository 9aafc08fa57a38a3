// Memory in large pages, for tables of many megabytes that are read at random: with ordinary pages every second look-up
// would wait for the page tables first. Blocks of less than 4 MiB are ordinary memory. Large pages are asked for and not
// demanded: where the kernel has none to give, or knows none, a block is ordinary memory too.
#pragma once

#include <memory_resource>

namespace sim::live {

// Lives as long as the program; may be used by several threads.
std::pmr::memory_resource& large_pages();

}  // namespace sim::live
