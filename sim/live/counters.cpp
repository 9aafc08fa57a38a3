#include "sim/live/counters.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace sim::live {
namespace {

struct Family {
    std::string_view name, help, type;
    std::uint64_t Counters::*value;
};
constexpr Family families[]{
    {"firedrill_connections_open", "Accepted connections that are open.", "gauge", &Counters::open},
    {"firedrill_connections_accepted_total", "Connections accepted.", "counter", &Counters::accepted},
    {"firedrill_connections_refused_limit_total", "Connections reset because of the connection limit.", "counter",
     &Counters::refused_limit},
    {"firedrill_connections_refused_resources_total", "Connections reset for want of a descriptor or memory.",
     "counter", &Counters::refused_resources},
    {"firedrill_connections_dropped_idle_total", "Connections dropped because nothing happened on them.", "counter",
     &Counters::dropped_idle},
    {"firedrill_connections_dropped_request_total", "Connections dropped because a request did not become complete.",
     "counter", &Counters::dropped_request},
    {"firedrill_connections_dropped_slow_total", "Connections dropped because the peer did not read.", "counter",
     &Counters::dropped_slow},
    {"firedrill_connections_dropped_memory_total", "Connections dropped because too much was held in all.", "counter",
     &Counters::dropped_memory},
    {"firedrill_connections_reset_total", "Connections that the peer reset.", "counter", &Counters::resets},
    {"firedrill_received_bytes_total", "Octets received over TCP.", "counter", &Counters::octets_in},
    {"firedrill_sent_bytes_total", "Octets sent over TCP.", "counter", &Counters::octets_out},
    {"firedrill_datagrams_received_total", "UDP datagrams received.", "counter", &Counters::datagrams_in},
    {"firedrill_datagrams_sent_total", "UDP datagrams sent.", "counter", &Counters::datagrams_out},
};

// Backslash, quote and line feed are what the format escapes in a label.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string prometheus_text(const std::vector<NamedCounters>& all, std::uint64_t held_octets) {
    std::string text;
    const auto out = std::back_inserter(text);
    for (const Family& family : families) {
        fmt::format_to(out, "# HELP {} {}\n# TYPE {} {}\n", family.name, family.help, family.name, family.type);
        for (const NamedCounters& one : all)
            fmt::format_to(out, "{}{{service=\"{}\"}} {}\n", family.name, escaped(one.name),
                           one.counters.*family.value);
    }
    fmt::format_to(out,
                   "# HELP firedrill_held_bytes Octets of unfinished requests and unread answers.\n"
                   "# TYPE firedrill_held_bytes gauge\nfiredrill_held_bytes {}\n",
                   held_octets);
    return text;
}

}  // namespace sim::live
