// What `firedrill probe` prints, in PortQry's words, and its exit code. Pure functions.
#pragma once

#include "client/mapper_listing.hpp"
#include "client/port_check.hpp"

#include <string>
#include <vector>

namespace scenarios::live {

// "TCP port 135 (epmap service): LISTENING"
std::string port_line(sim::wire::Port port, client::PortState state);

// "Querying Endpoint Mapper Database..." to "==== End of RPC Endpoint Mapper query response ====".
std::string listing_text(const client::MapperListing& listing);

// The TCP ports that the list names, each once, in the order of the list.
std::vector<sim::wire::Port> tcp_ports_of(const client::MapperListing& listing);

// PortQry's codes: 0 LISTENING, 1 NOT LISTENING, 2 FILTERED. Of several ports the worst counts: 2 when any is
// filtered, else 1 when any does not listen.
int portqry_code(const std::vector<client::PortState>& states);

}  // namespace scenarios::live
