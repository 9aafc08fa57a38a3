#include "sim/net/stack_profile.hpp"

namespace sim::net {

StackProfile StackProfile::nt4() { return {.connect = ConnectSchedule::nt4(), .window = 8760}; }
StackProfile StackProfile::windows2000() { return {}; }
// TcpTimedWaitDelay of 2003 is believed to be half that of 2000 (unverified).
StackProfile StackProfile::windows2003() {
    return {.connect = ConnectSchedule::windows2003(), .time_wait = std::chrono::seconds{120}};
}
StackProfile StackProfile::windows2008() {
    return {.connect = ConnectSchedule::windows2008(),
            .ephemeral = {wire::Port{49152}, wire::Port{65535}},
            .port_order = PortOrder::random,
            .time_wait = std::chrono::seconds{120},
            .window = 65535};
}

}  // namespace sim::net
