#include "sim/live/addresses.hpp"

#include "sim/live/resolve.hpp"

#include <boost/asio/io_context.hpp>

namespace sim::live {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

wire::IpAddress from_asio(const asio::ip::address& address) {
    if (address.is_v4()) return wire::IpAddress::v4(address.to_v4().to_uint());
    const asio::ip::address_v6 six = address.to_v6();
    if (six.is_v4_mapped()) return wire::IpAddress::v4(asio::ip::make_address_v4(asio::ip::v4_mapped, six).to_uint());
    std::uint64_t high = 0, low = 0;
    const auto octets = six.to_bytes();
    for (std::size_t i = 0; i < 8; ++i) high = high << 8U | octets[i];
    for (std::size_t i = 8; i < 16; ++i) low = low << 8U | octets[i];
    return wire::IpAddress::v6(high, low);
}

asio::ip::address to_asio(const wire::IpAddress& address) {
    if (address.is_v4()) return asio::ip::address_v4(address.v4_bits());
    asio::ip::address_v6::bytes_type octets;
    for (std::size_t i = 0; i < 8; ++i) {
        octets[i] = static_cast<unsigned char>(address.high() >> (56U - 8U * i));
        octets[8 + i] = static_cast<unsigned char>(address.low() >> (56U - 8U * i));
    }
    return asio::ip::address_v6(octets);
}

base::Result<wire::IpAddress, std::string> resolve(const std::string& name) {
    if (const auto written = wire::IpAddress::parse(name)) return *written;
    asio::io_context context;
    asio::ip::tcp::resolver resolver(context);
    boost::system::error_code error;
    const auto found = resolver.resolve(name, "", error);
    if (error) return base::failure(error.message());
    for (const auto& entry : found)
        if (entry.endpoint().address().is_v4()) return from_asio(entry.endpoint().address());
    for (const auto& entry : found) return from_asio(entry.endpoint().address());
    return base::failure(std::string("the name has no address"));
}

std::optional<wire::IpAddress> local_address_towards(const wire::IpAddress& target) {
    asio::io_context context;
    asio::ip::udp::socket route(context);
    ErrorCode error;
    const asio::ip::udp::endpoint there(to_asio(target), 135);  // nothing is sent; the port does not matter
    route.open(there.protocol(), error);
    if (!error) route.connect(there, error);
    if (error) return std::nullopt;
    const auto local = route.local_endpoint(error);
    return error ? std::nullopt : std::optional(from_asio(local.address()));
}

}  // namespace sim::live
