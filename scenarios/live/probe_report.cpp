#include "scenarios/live/probe_report.hpp"

#include "sim/base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace scenarios::live {

namespace rpc = sim::rpc;
using client::PortState;

namespace {

// The names that the `services` file of Windows gives to ports of this trade.
std::string_view service_name(std::uint16_t port) {
    struct Name {
        std::uint16_t port;
        std::string_view name;
    };
    static constexpr Name names[]{{21, "ftp"},      {25, "smtp"},          {53, "domain"},          {80, "http"},
                                  {88, "kerberos"}, {102, "iso-tsap"},     {110, "pop3"},           {119, "nntp"},
                                  {135, "epmap"},   {139, "netbios-ssn"},  {143, "imap"},           {389, "ldap"},
                                  {443, "https"},   {445, "microsoft-ds"}, {593, "http-rpc-epmap"}, {636, "ldaps"},
                                  {993, "imaps"},   {995, "pop3s"}};
    for (const Name& name : names)
        if (name.port == port) return name.name;
    return "unknown";
}

std::string entry_text(const rpc::EptEntry& entry) {
    if (!entry.tower) return "UUID: (no tower)\n\n";
    std::string text = "UUID: " + entry.tower->interface.uuid.format();
    if (!entry.annotation.empty()) text += " " + sim::base::printable(entry.annotation);
    return text + "\n" + rpc::format(*entry.tower) + "\n\n";
}

}  // namespace

std::string port_line(sim::wire::Port port, PortState state) {
    return fmt::format("TCP port {} ({} service): {}\n", port.value, service_name(port.value), word(state));
}

std::string listing_text(const client::MapperListing& listing) {
    std::string text = "Querying Endpoint Mapper Database...\n";
    if (listing.state() != client::MapperListing::State::complete)
        text += "Server did not answer the query: " + listing.problem() + "\n";
    if (!listing.entries().empty()) text += "Server's response:\n\n";
    for (const rpc::EptEntry& entry : listing.entries()) text += entry_text(entry);
    return text + fmt::format("Total endpoints found: {}\n\n==== End of RPC Endpoint Mapper query response ====\n",
                              listing.entries().size());
}

std::vector<sim::wire::Port> tcp_ports_of(const client::MapperListing& listing) {
    std::vector<sim::wire::Port> ports;
    for (const rpc::EptEntry& entry : listing.entries())
        if (entry.tower && entry.tower->is_ncacn_ip_tcp() && entry.tower->port.value != 0 &&
            std::find(ports.begin(), ports.end(), entry.tower->port) == ports.end())
            ports.push_back(entry.tower->port);
    return ports;
}

int portqry_code(const std::vector<PortState>& states) {
    const auto any = [&states](auto is) { return std::any_of(states.begin(), states.end(), is); };
    if (any([](PortState s) { return s == PortState::filtered || s == PortState::unknown; })) return 2;
    return any([](PortState s) { return s == PortState::not_listening; }) ? 1 : 0;
}

}  // namespace scenarios::live
