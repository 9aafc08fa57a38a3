// Between Asio's addresses and ours, and from a host's name to its address. Internal to the room, but for resolve().
#pragma once

#include "sim/base/result.hpp"
#include "sim/wire/endpoint.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <string>

namespace sim::live {

wire::IpAddress from_asio(const boost::asio::ip::address& address);  // IPv4-mapped addresses become IPv4
boost::asio::ip::address to_asio(const wire::IpAddress& address);

template <class Protocol>
wire::Endpoint from_asio(const boost::asio::ip::basic_endpoint<Protocol>& endpoint) {
    return {from_asio(endpoint.address()), wire::Port{endpoint.port()}};
}
template <class Protocol>
boost::asio::ip::basic_endpoint<Protocol> to_asio(const wire::Endpoint& endpoint) {
    return {to_asio(endpoint.address), endpoint.port.value};
}

}  // namespace sim::live
