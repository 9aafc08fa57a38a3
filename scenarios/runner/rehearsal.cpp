#include "scenarios/runner/rehearsal.hpp"

#include "sim/firewall/compiled/rule_judge.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace scenarios::runner {
namespace {

// No rehearsal of one client needs more: a logon is about two hundred events. A bound all the same, so that a fault in
// an actor ends as a failed run and not as a program that never stops.
constexpr std::uint64_t events_per_client = 2'000'000;

// How long after a client registered for notices its mail arrives.
constexpr base::SimDuration mail_arrives_after = std::chrono::seconds(5);

// Assumptions, not facts from any source; a plan with `outage` is measured against them and says so.
constexpr base::SimDuration service_restart_takes = std::chrono::minutes(1);
constexpr base::SimDuration server_restart_takes = std::chrono::minutes(5);

}  // namespace

Rehearsal::Rehearsal() = default;
Rehearsal::~Rehearsal() = default;

void Rehearsal::prepare(const StagedVariant& variant, std::uint64_t starts) {
    constexpr std::uint64_t packets_a_start = 20;  // that meet the rules
    std::vector<std::shared_ptr<const firewall::RuleJudge>> judges;
    for (const world::FirewallPlan& box : variant.plan.firewalls) {
        std::shared_ptr<const firewall::RuleJudge> judge;
        for (const auto& known : judges_)
            if (known && &known->rules() == box.rules.get()) judge = known;
        if (!judge) judge = firewall::compiled::judge_for(box.rules, starts * packets_a_start);
        judges.push_back(std::move(judge));
    }
    judges_ = std::move(judges);
}

void Rehearsal::begin(const StagedVariant& variant, std::uint64_t seed, Recording recording) {
    world::WorldPlan plan = variant.plan;
    plan.seed = seed;
    plan.trace = recording == Recording::packets;
    for (std::size_t i = 0; i < plan.firewalls.size() && i < judges_.size(); ++i)
        plan.firewalls[i].settings.judge = judges_[i];
    if (world_)
        world_->rebuild(plan);
    else
        world_ = std::make_unique<world::World>(plan);
    variant_ = &variant;
    seed_ = seed;
    session_.reset();
    outcomes_.clear();
    servers_.clear();
    rules_.clear();
    for (const world::FirewallPlan& box : variant.plan.firewalls) rules_.push_back(box.rules);
    const base::Random random(seed);
    for (std::size_t i = 0; i < variant.servers.size(); ++i) {
        Server& server = servers_.emplace_back();
        server.staged = &variant.servers[i];
        server.random = random.fork(server.staged->name);
        server.start = fakeserver::start_services(server.staged->policy, server.random);
        start_all(i);
    }
}

void Rehearsal::start_all(std::size_t number) {
    Server& server = servers_[number];
    server.map = fakeserver::make_endpoint_map(policy(number), server.start);
    for (auto& actor : fakeserver::make_actors(policy(number), server.start, server.map, options(number)))
        host(number, std::move(actor));
}

void Rehearsal::stop_all(std::size_t number) {
    for (Server::Running& running : servers_[number].actors) world_->stop(running.actor);
    servers_[number].actors.clear();
}

void Rehearsal::host(std::size_t number, fakeserver::HostedActor actor) {
    if (!actor.actor) return;
    const auto host = world::server_host(static_cast<std::uint32_t>(number));
    const world::ActorId actor_id = world_->start(host, *actor.actor);
    servers_[number].actors.push_back({std::move(actor), actor_id});
}

fakeserver::ActorOptions Rehearsal::options(std::size_t server) const {
    fakeserver::ActorOptions options;
    for (const auto action : variant_->client.actions)
        if (action == client::Do::new_mail) options.new_mail_after = mail_arrives_after;
    options.salt = seed_ * 16 + server + 1;
    options.mapper = variant_->client.mapper_port;
    options.mapper_sealed = variant_->client.seals_mapper;
    return options;
}

const fakeserver::PortPolicy& Rehearsal::policy(std::size_t server) const {
    const Server& s = servers_[server];
    return s.machine ? s.machine->policy() : s.staged->policy;
}

const fakeserver::ServerStart& Rehearsal::running(std::size_t server) const { return servers_[server].start; }

std::vector<fakeserver::PendingChange> Rehearsal::pending(std::size_t server) const {
    const Server& s = servers_[server];
    return s.machine ? s.machine->pending() : std::vector<fakeserver::PendingChange>{};
}

const fakeserver::Registry& Rehearsal::disk(std::size_t server) const {
    const Server& s = servers_[server];
    return s.machine ? s.machine->disk() : s.staged->registry;
}

base::SimTime Rehearsal::now() const { return world_->now(); }

// ------------------------------------------------------------------------------------------------------------ client

Rehearsal::Client Rehearsal::start_client(client::OutlookConfig config) {
    config.narrate = world_->trace() != nullptr;
    Client client{std::make_unique<client::Outlook>(std::move(config)), {}};
    client.actor = world_->start(world::client_host, *client.outlook);
    wait_for(*client.outlook);
    return client;
}

void Rehearsal::wait_for(const client::Outlook& outlook) {
    world_->run_until([&outlook] { return outlook.idle(); }, base::SimTime::max(), events_per_client);
}

void Rehearsal::dismiss(std::optional<Client>& client) {
    if (client) world_->stop(client->actor);
    client.reset();
}

void Rehearsal::check() {
    std::optional<Client> client = start_client(variant_->client);
    outcomes_ = client->outlook->outcomes();
    // What is still under way (the last FIN and its answer) belongs to this client.
    world_->run_for(std::chrono::seconds(1), events_per_client);
    dismiss(client);
}

void Rehearsal::open_session() {
    // A client that remembers ports is the same one when it logs on again.
    if (session_ && variant_->client.remembers_ports) return ask_session(client::Do::logon);
    dismiss(session_);
    client::OutlookConfig config = variant_->client;
    config.actions = {client::Do::logon};
    config.keep_session = true;
    session_ = start_client(std::move(config));
    outcomes_ = session_->outlook->outcomes();
}

void Rehearsal::use_session() {
    if (!session_) {
        client::OutlookConfig config = variant_->client;
        config.actions.clear();
        config.keep_session = true;
        session_ = start_client(std::move(config));
    }
    ask_session(client::Do::use);
}

void Rehearsal::ask_session(client::Do action) {
    client::Outlook& outlook = *session_->outlook;
    const auto before = static_cast<std::ptrdiff_t>(outlook.outcomes().size());
    outlook.request(action);
    world_->deliver(session_->actor, sim::actor::TimerFired{client::Outlook::wake_timer});
    wait_for(outlook);
    outcomes_.assign(outlook.outcomes().begin() + before, outlook.outcomes().end());
}

// ----------------------------------------------------------------------------------------------------------- changes

fakeserver::Machine& Rehearsal::machine(std::size_t number) {
    Server& server = servers_[number];
    // What began from the staged registry goes on from there: the machine takes over disk, policy and running state.
    if (!server.machine) server.machine.emplace(server.staged->registry, server.staged->policy, server.start);
    return *server.machine;
}

void Rehearsal::import_registry(std::size_t server, const fakeserver::RegistryFile& file) {
    machine(server).import(file);
}

void Rehearsal::restart_service(std::size_t number, fakeserver::Service service) {
    Server& server = servers_[number];
    const auto restarting = fakeserver::restarted_with(server.staged->conditions.version, service);
    const auto concerns = [&](const Server::Running& r) {
        return r.hosted.service && restarting.contains(*r.hosted.service);
    };
    for (const Server::Running& r : server.actors)
        if (concerns(r)) world_->stop(r.actor);
    std::erase_if(server.actors, concerns);
    world_->run_for(service_restart_takes);
    server.start = machine(number).restart(service, server.random);
    fakeserver::update(*server.map, policy(number), server.start);
    for (const fakeserver::Service s : fakeserver::start_order)
        if (restarting.contains(s))
            host(number, fakeserver::make_service_actor(policy(number), server.start, s, options(number)));
}

void Rehearsal::restart_server(std::size_t number) {
    Server& server = servers_[number];
    stop_all(number);
    world_->run_for(server_restart_takes);
    server.start = machine(number).boot(server.random);
    start_all(number);
}

void Rehearsal::replace_rules(std::size_t firewall, std::shared_ptr<const firewall::RuleSet> rules) {
    assert(rules);
    rules_[firewall] = rules;
    world_->replace_rules(firewall, std::move(rules));
}

void Rehearsal::wait(base::SimDuration duration) { world_->run_for(duration); }

}  // namespace scenarios::runner
