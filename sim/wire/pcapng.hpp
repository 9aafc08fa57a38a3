// Writes pcapng (draft-ietf-opsawg-pcapng), so that a rehearsal opens in Wireshark with the verdict beside each
// packet. Link type RAW (101): packets begin with their IP header. Nanosecond time stamps count from `epoch`.
// Pure: appends to a buffer; the caller writes the file.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"

#include <cstdint>
#include <string_view>

namespace sim::wire {

class PcapngWriter {
public:
    // Begins a section. `about` becomes the section's comment. Virtual time zero is shown as 1 January 1998,
    // 00:00 UTC, a day when Exchange 5.5 was new, so that captures are the same on every machine.
    PcapngWriter(base::Bytes& out, std::string_view about);

    // Declares an interface ("outside", "inside"); returns its number.
    std::uint32_t add_interface(std::string_view name, std::string_view description);

    void packet(std::uint32_t interface, base::SimTime time, base::ByteView octets, std::string_view comment);

private:
    base::Bytes& out_;
    std::uint32_t interfaces_ = 0;
};

}  // namespace sim::wire
