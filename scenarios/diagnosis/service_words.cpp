#include "scenarios/diagnosis/service_words.hpp"

#include "fakeserver/start_log.hpp"
#include "fakeserver/start_report.hpp"
#include "scenarios/diagnosis/choose.hpp"
#include "scenarios/diagnosis/path.hpp"

#include <fmt/format.h>

namespace scenarios::diagnosis {

ServiceWords::ServiceWords(const Situation& situation, const Need& need)
    : situation_(situation),
      need_(need),
      server_(situation.servers[need.server]),
      service_(*need.service),
      name_(name_of(situation, need)),
      whose_(situation.servers.size() > 1 ? server_.name + ": " : ""),
      where_(situation.servers.size() > 1 ? "on " + server_.name + ", " : "") {}

std::optional<wire::Port> ServiceWords::new_port() const { return port_for(situation_, need_.server, service_); }

std::string ServiceWords::pin() const {
    const auto port = new_port();
    return port ? pin_to(*port) : fmt::format("give {} a port of its own", name_);
}

std::string ServiceWords::pin_to(wire::Port port) const {
    const auto* traits = fakeserver::traits_of(server_.policy.conditions.version, service_);
    if (traits == nullptr || !traits->port_value)
        return "no value pins the port of this service; open the range it draws from";
    const std::string data = traits->port_value->type == fakeserver::PortValueType::dword
                                 ? fmt::format("REG_DWORD {} (dword:{:08x})", port.value, port.value)
                                 : fmt::format("REG_SZ \"{}\"", port.value);
    const std::string write =
        fmt::format("{}write \"{}\" under {} as {}", where_, traits->port_value->name, traits->port_value->key, data);
    // Where the filters let that port pass already, there is nothing to open.
    if (path_open(situation_, server_.address, port)) return write + ", and restart the service";
    return fmt::format("{}, restart the service, and open TCP {} in the filter", write, port.value);
}

void ServiceWords::add_state(Finding& found) const {
    if (!server_.start) return;
    const auto origin = fakeserver::origin(server_.policy, server_.start->of(service_), service_);
    found.evidence.push_back({whose_ + fakeserver::explain(server_.policy, *server_.start, service_),
                              origin ? origin->place : base::Place{}});
    for (const auto& entry : fakeserver::start_log(server_.policy, *server_.start)) {
        if (entry.service != service_) continue;
        if (entry.event)
            found.evidence.push_back({fmt::format("{}application log: {} event {}, {}", whose_, entry.event->source,
                                                  entry.event->id, entry.event->text),
                                      {}});
        if (!entry.silence.empty())
            found.evidence.push_back({whose_ + "application log: nothing. " + entry.silence, {}});
    }
}

Finding ServiceWords::from_review(const fakeserver::RegistryFinding& reviewed, Effect effect) {
    Finding found = finding(reviewed.diagnostic.id, effect, reviewed.diagnostic.what);
    found.evidence.push_back({reviewed.diagnostic.source_line, reviewed.diagnostic.place});
    return found;
}

}  // namespace scenarios::diagnosis
