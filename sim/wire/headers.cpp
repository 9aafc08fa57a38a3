#include "sim/wire/headers.hpp"

#include <array>
#include <string_view>

namespace sim::wire {

std::string format(TcpFlags flags) {
    struct Name {
        std::uint8_t bit;
        std::string_view name;
    };
    // The order people say them in: what the segment does first, the acknowledgement last.
    constexpr std::array names{Name{TcpFlags::syn, "SYN"}, Name{TcpFlags::fin, "FIN"}, Name{TcpFlags::rst, "RST"},
                               Name{TcpFlags::psh, "PSH"}, Name{TcpFlags::urg, "URG"}, Name{TcpFlags::ece, "ECE"},
                               Name{TcpFlags::cwr, "CWR"}, Name{TcpFlags::ack, "ACK"}};
    std::string text;
    for (const Name& flag : names) {
        if (!flags.has(flag.bit)) continue;
        if (!text.empty()) text += '-';
        text += flag.name;
    }
    return text.empty() ? "none" : text;
}

}  // namespace sim::wire
