#include "fakeserver/start.hpp"

#include "fakeserver/drawing.hpp"

namespace fakeserver {

ServerStart start_services(const PortPolicy& policy, base::Random& random) {
    return Starter<base::Random>(policy, ServerStart{}, random).run(all_services, true);
}

ServerStart start_services(const Registry& registry, const StartConditions& conditions, base::Random& random) {
    return start_services(make_port_policy(registry, conditions), random);
}

ServerStart restart_services(const PortPolicy& policy, const ServerStart& before, ServiceSet restarting,
                             base::Random& random) {
    return Starter<base::Random>(policy, before, random).run(restarting, false);
}

}  // namespace fakeserver
