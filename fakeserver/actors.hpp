// The fake server as actors (sim/actor): one for the endpoint mapper, one for each service that has a TCP port, one for
// the ports that merely listen. The same actors run on the virtual network and on real sockets.
//
// What they answer
// - mapper, TCP 135: ept_map, ept_lookup and the management interface, from an EndpointMap that the caller holds too,
// so
//   that a service restart changes what a running mapper says.
// - services: their interfaces of exchange-ports.md section 7 and the management interface, on their one port; enough
// of
//   NSPI and EMSMDB for a logon (see service_calls.hpp), a well-formed refusal for the rest. Anonymous only.
// - store: when a client has registered for notices (EMSMDB opnum 4) and mail arrives, it sends the client's own opaque
//   octets by UDP from a dynamic port, again every 60 s until the client calls EcDoRpc (Q159302), at most
//   notice_sends_max times.
// - listeners: accept, read, answer nothing, close when the peer does (named-pipe fall-back ports).
//
// No authentication, no mail, no directory content: ports are the subject here.
#pragma once

#include "fakeserver/start.hpp"
#include "sim/actor/actor.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fakeserver {

struct ActorOptions {
    // Mail arrives this long after a client registered for notices; nothing = only when the timer new_mail_timer fires.
    std::optional<base::SimDuration> new_mail_after;
    // What the referral interface of 2000 and later hands out.
    std::string server_name = "EXCH01";
    // Where the endpoint mapper listens. Only a live server without the right to 135 has a reason for another one.
    wire::Port mapper = mapper_port;
    // Talk with the mapper is sealed (sim/rpc/sealing.hpp); a client that does not seal is not understood then.
    bool mapper_sealed = false;
    // Makes handles and association groups of different servers differ; not secret.
    std::uint64_t salt = 1;
};

// A TimerFired of this name, sent to the store's actor by whoever directs the play, is the arrival of one mail.
inline constexpr sim::actor::TimerId new_mail_timer{1};
inline constexpr base::SimDuration notice_interval = std::chrono::seconds(60);
inline constexpr unsigned notice_sends_max = 5;

// What the endpoint mapper knows (endpoint_map.hpp). Shared between the caller and the mapper's actor.
struct EndpointMap;
std::shared_ptr<EndpointMap> make_endpoint_map(const PortPolicy& policy, const ServerStart& start);
// After a restart of a service: the map as it is now.
void update(EndpointMap& map, const PortPolicy& policy, const ServerStart& start);

struct HostedActor {
    std::string name;                // "endpoint mapper", "DSAMAIN.EXE", "other listeners"
    std::optional<Service> service;  // for Exchange's own
    std::unique_ptr<sim::actor::Actor> actor;
};

HostedActor make_mapper_actor(std::shared_ptr<const EndpointMap> map, const ActorOptions& options);

// Null actor when the service has no TCP port: then nothing listens for it.
HostedActor make_service_actor(const PortPolicy& policy, const ServerStart& start, Service service,
                               const ActorOptions& options);

// Accepts on the server's other open ports (StartConditions::listen). Busy ports are not played: what other programs
// say is no part of this server, but they do accept connections, so `with_busy` adds them.
HostedActor make_listener_actor(const StartConditions& conditions, bool with_busy);

// Mapper, every service with a port in start order, and the listeners (busy ports included).
std::vector<HostedActor> make_actors(const PortPolicy& policy, const ServerStart& start,
                                     std::shared_ptr<const EndpointMap> map, const ActorOptions& options);

}  // namespace fakeserver
