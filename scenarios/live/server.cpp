#include "scenarios/live/server.hpp"

#include "fakeserver/start_report.hpp"
#include "scenarios/live/server_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::live {

namespace live = sim::live;
namespace wire = sim::wire;
using fakeserver::PlanKind;
using fakeserver::PortSource;
using fakeserver::Service;
using live::LogLevel;

namespace {

// A machine on which more ports than these are taken in a row has other worries.
constexpr int redraws_max = 200;

std::string sentence(const live::ListenProblem& problem, std::string_view who) {
    return fmt::format("cannot listen on {} for {}: {}", wire::format(problem.endpoint), who, problem.reason);
}

// What counts as busy on a live machine is found out there; the scenario's own list is played beside it.
fakeserver::StartConditions live_conditions(const ServerOrder& order) {
    fakeserver::StartConditions conditions = order.conditions;
    if (!conditions.listen) conditions.listen.emplace();
    if (order.mapper != fakeserver::mapper_port) conditions.busy.push_back(order.mapper);
    return conditions;
}

}  // namespace

LiveServer::LiveServer(live::Loop& loop, ServerOrder order, fakeserver::Registry disk)
    : loop_(loop),
      order_(std::move(order)),
      conditions_(live_conditions(order_)),
      disk_(std::move(disk)),
      boot_disk_(disk_),
      random_(order_.seed) {}

LiveServer::~LiveServer() = default;

std::optional<std::string> LiveServer::boot() {
    mark_taken_ports();
    if (!refused_.empty()) return sentence(refused_.front(), "a service");
    read_policy();
    start_ = fakeserver::start_services(policy_, random_);
    draw_until_free();
    map_ = fakeserver::make_endpoint_map(policy_, start_);
    const live::Driver& mapper = host(fakeserver::make_mapper_actor(map_, options()), lasting_);
    if (!mapper.listen_problems().empty()) return sentence(mapper.listen_problems().front(), "the endpoint mapper");
    fakeserver::StartConditions played = order_.conditions;
    if (!played.listen) played.listen.emplace();
    host(fakeserver::make_listener_actor(played, true), lasting_);
    start_services();
    return std::nullopt;
}

void LiveServer::restart(fakeserver::Registry disk) {
    loop_.log().write(LogLevel::info, "the services restart: connections are reset, ports are given up");
    services_.clear();
    disk_ = std::move(disk);
    conditions_ = live_conditions(order_);
    mark_taken_ports();
    for (const live::ListenProblem& problem : refused_)
        loop_.log().write(LogLevel::error, sentence(problem, "a service"));
    read_policy();
    fakeserver::ServiceSet all{Service::attendant, Service::directory, Service::information_store, Service::mta,
                               Service::global_catalog};
    start_ = fakeserver::restart_services(policy_, start_, all, random_);
    draw_until_free();
    fakeserver::update(*map_, policy_, start_);
    for (const auto& change : fakeserver::Machine(disk_, policy_, start_).pending())
        loop_.log().write(LogLevel::warning, "not in force yet",
                          {{"value", change.value},
                           {"on_disk", change.on_disk},
                           {"in_force", change.in_force},
                           {"needs", change.needs + " (stop and start this program)"}});
    start_services();
}

void LiveServer::stop() {
    services_.clear();
    lasting_.clear();
}

// RPC's range is the one that was read when the computer started.
void LiveServer::read_policy() {
    policy_ = fakeserver::make_port_policy(disk_, conditions_);
    fakeserver::set_dynamic_pool(policy_, fakeserver::read_dynamic_pool(boot_disk_, conditions_));
}

std::optional<live::ListenProblem> LiveServer::taken(wire::Port port) const {
    return live::try_listen({order_.listen_on, port});
}

// The fixed ports, before anything is decided: the start then says "taken" as it does in a rehearsal.
void LiveServer::mark_taken_ports() {
    refused_.clear();
    for (const Service service : fakeserver::start_order) {
        const auto plan = fakeserver::read_service_plan(disk_, conditions_, service);
        if (plan.kind != PlanKind::fixed || plan.port == fakeserver::mapper_port) continue;
        const auto problem = taken(plan.port);
        if (!problem) continue;
        conditions_.busy.push_back(plan.port);
        if (!problem->in_use) refused_.push_back(*problem);
    }
}

// A dynamic port that this machine has given away already is skipped, as Windows skips busy ones.
void LiveServer::draw_until_free() {
    for (int draws = 0; draws < redraws_max; ++draws) {
        const auto unlucky =
            std::find_if(fakeserver::start_order.begin(), fakeserver::start_order.end(), [this](Service service) {
                const auto& own = start_.of(service);
                return own.has_tcp() && own.source != PortSource::fixed && taken(own.port).has_value();
            });
        if (unlucky == fakeserver::start_order.end()) return;
        conditions_.busy.push_back(start_.of(*unlucky).port);
        read_policy();
        start_ = fakeserver::restart_services(policy_, start_, {*unlucky}, random_);
    }
}

void LiveServer::start_services() {
    ++starts_;
    for (const Service service : fakeserver::start_order) {
        if (!start_.of(service).has_tcp()) continue;
        host(fakeserver::make_service_actor(policy_, start_, service, options()), services_);
    }
    tell_event_log();
}

void LiveServer::tell_event_log() {
    for (const auto& entry : fakeserver::event_log(policy_, start_))
        loop_.log().write(LogLevel::warning, "event log",
                          {{"source", entry.source}, {"id", std::to_string(entry.id)}, {"text", entry.text}});
    for (const Service service : fakeserver::start_order)
        if (start_.of(service).running() && !start_.of(service).has_tcp())
            loop_.log().write(LogLevel::warning, "service without TCP",
                              {{"service", std::string(fakeserver::short_name(service))},
                               {"why", fakeserver::explain(policy_, start_, service)}});
}

live::Driver& LiveServer::host(fakeserver::HostedActor hosted, std::vector<Running>& where) {
    live::DriverSettings settings;
    settings.name = hosted.name;
    settings.listen_on = order_.listen_on;
    auto driver = std::make_unique<live::Driver>(loop_, std::move(settings));
    Running& running = where.emplace_back(Running{std::move(hosted), std::move(driver)});
    running.driver->start(*running.hosted.actor);
    return *running.driver;
}

fakeserver::ActorOptions LiveServer::options() const {
    fakeserver::ActorOptions options;
    options.server_name = order_.name;
    options.mapper = order_.mapper;
    options.new_mail_after = order_.mail_after;
    options.salt = order_.seed + starts_;  // association groups and handles of one start mean nothing to the next
    return options;
}

std::string LiveServer::table() const {
    return server_table(order_.listen_on, order_.mapper, order_.conditions, policy_, start_);
}

std::vector<live::NamedCounters> LiveServer::counters() const {
    std::vector<live::NamedCounters> all;
    for (const auto* group : {&lasting_, &services_})
        for (const Running& running : *group) all.push_back({running.driver->name(), running.driver->counters()});
    return all;
}

}  // namespace scenarios::live
