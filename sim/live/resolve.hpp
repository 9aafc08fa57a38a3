// A host's name as the system resolves it: hosts file, DNS, whatever is configured. Waits as long as the system does.
#pragma once

#include "sim/base/result.hpp"
#include "sim/wire/address.hpp"

#include <optional>
#include <string>

namespace sim::live {

// An address as text stays what it is. Of a name's addresses the first IPv4 one, because that is what the endpoint
// mapper's towers can carry; the first other one when there is none. The error is a sentence.
[[nodiscard]] base::Result<wire::IpAddress, std::string> resolve(const std::string& name);

// The address that packets to `target` leave from; nothing when there is no way to it.
std::optional<wire::IpAddress> local_address_towards(const wire::IpAddress& target);

}  // namespace sim::live
