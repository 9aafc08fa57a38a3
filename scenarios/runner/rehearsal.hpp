// One play: the servers start, the client does what it was told, and afterwards the stage can be changed and the client
// asked again. Everything random follows from the seed.
//
// One network at a time: a scenario with sites plays each site on its own stage. The servers there draw from the same
// seed, so they are the same servers.
//
//     Rehearsal play;
//     play.begin(variant, seed, Recording::none);
//     play.check();
//     play.outcomes();
//
// begin() may be called again and again; the memory is kept, which is what makes sweeps fast.
#pragma once

#include "client/outlook.hpp"
#include "fakeserver/actors.hpp"
#include "fakeserver/machine.hpp"
#include "scenarios/runner/stage.hpp"
#include "sim/world/world.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace scenarios::runner {

enum class Recording : std::uint8_t { none, packets };

class Rehearsal {
public:
    Rehearsal();
    ~Rehearsal();
    Rehearsal(const Rehearsal&) = delete;
    Rehearsal& operator=(const Rehearsal&) = delete;

    // About so many starts of this variant will be asked for: what makes them faster is made once and kept.
    void prepare(const StagedVariant& variant, std::uint64_t starts);

    // Starts all servers. The variant must outlive the rehearsal, or the next begin().
    void begin(const StagedVariant& variant, std::uint64_t seed, Recording recording);

    // A fresh client does everything it was told and goes away again.
    void check();

    // A fresh client logs on and stays; or the one that stayed logs on again, when it is one that remembers ports.
    void open_session();
    // The client that stayed sends something; without one, the outcome says so.
    void use_session();

    // ---- changes; time passes where the real thing takes time ----
    void import_registry(std::size_t server, const fakeserver::RegistryFile& file);
    void restart_service(std::size_t server, fakeserver::Service service);
    void restart_server(std::size_t server);
    void replace_rules(std::size_t firewall, std::shared_ptr<const firewall::RuleSet> rules);
    void wait(base::SimDuration duration);

    // ---- looking ----
    // Of the last check(), open_session() or use_session().
    const std::vector<client::ActionOutcome>& outcomes() const { return outcomes_; }
    base::SimTime now() const;
    std::uint64_t seed() const { return seed_; }
    std::size_t server_count() const { return servers_.size(); }
    // In force now, and what runs.
    const fakeserver::PortPolicy& policy(std::size_t server) const;
    const fakeserver::ServerStart& running(std::size_t server) const;
    std::vector<fakeserver::PendingChange> pending(std::size_t server) const;
    const fakeserver::Registry& disk(std::size_t server) const;
    const std::vector<std::shared_ptr<const firewall::RuleSet>>& rules() const { return rules_; }
    const world::World& world() const { return *world_; }

private:
    struct Server {
        const StagedServer* staged = nullptr;
        base::Random random{0};
        // Only once something changes; until then the staged policy is in force, computed once for all seeds.
        std::optional<fakeserver::Machine> machine;
        fakeserver::ServerStart start;
        std::shared_ptr<fakeserver::EndpointMap> map;
        struct Running {
            fakeserver::HostedActor hosted;
            world::ActorId actor;
        };
        std::vector<Running> actors;
    };

    void start_all(std::size_t server);
    void stop_all(std::size_t server);
    void host(std::size_t server, fakeserver::HostedActor actor);
    fakeserver::Machine& machine(std::size_t server);
    fakeserver::ActorOptions options(std::size_t server) const;
    // A client on the client's host, and the actor that plays it.
    struct Client {
        std::unique_ptr<client::Outlook> outlook;
        world::ActorId actor;
    };
    Client start_client(client::OutlookConfig config);
    void wait_for(const client::Outlook& outlook);
    void dismiss(std::optional<Client>& client);
    void ask_session(client::Do action);

    const StagedVariant* variant_ = nullptr;
    std::uint64_t seed_ = 0;
    std::vector<Server> servers_;
    std::optional<Client> session_;  // the client that stayed
    std::vector<client::ActionOutcome> outcomes_;
    std::vector<std::shared_ptr<const firewall::RuleSet>> rules_;     // in force, one per firewall
    std::vector<std::shared_ptr<const firewall::RuleJudge>> judges_;  // of the variant prepared for; of long rule sets
    std::unique_ptr<world::World> world_;  // last: goes first, because it borrows the actors above
};

}  // namespace scenarios::runner
