#include "scenarios/advice/registry_mend.hpp"

#include "scenarios/diagnosis/choose.hpp"
#include "scenarios/diagnosis/inspection_faults.hpp"
#include "scenarios/diagnosis/path.hpp"
#include "scenarios/diagnosis/service_faults.hpp"
#include "scenarios/runner/reach.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::advice {
namespace {

using diagnosis::Need;
using fakeserver::PlanKind;
using fakeserver::PoolKind;
using fakeserver::Service;

constexpr std::uint32_t range_min = 100;  // KB154596

// A REG_MULTI_SZ as REGEDIT4 has it: octets of each string, a zero after each, one more at the end.
std::string multi_sz(const std::vector<wire::PortRange>& ranges) {
    std::string octets;
    for (const wire::PortRange& range : ranges) {
        octets += wire::format(range);
        octets += '\0';
    }
    octets += '\0';
    std::string out = "hex(7):";
    for (std::size_t i = 0; i < octets.size(); ++i)
        out += fmt::format("{}{:02x}", i == 0 ? "" : ",", static_cast<unsigned char>(octets[i]));
    return out;
}

// The ids of findings that mean: this port will not do.
bool speaks_against(const std::string& id) {
    return id.starts_with("port-") && id != "port-closed" && id != "port-value-of-other-version";
}

class Mender {
public:
    Mender(const diagnosis::Situation& situation, std::size_t number, const std::vector<Need>& needs)
        : situation_(situation),
          server_(situation.servers[number]),
          number_(number),
          needs_(needs),
          listed_(diagnosis::listed_range(server_)) {}

    base::Result<RegistryMend, std::string> mend() {
        keeps_range_ = wants_range();
        for (const Need& need : needs_) {
            if (need.server != number_ || need.is_mapper()) continue;
            if (auto problem = place(need); !problem.empty()) return base::failure(std::move(problem));
        }
        mend_range();
        remove_strays();
        if (!out_.empty()) mend_.text = "REGEDIT4\n" + out_;
        return std::move(mend_);
    }

private:
    static std::string title(Service service) { return std::string(fakeserver::short_name(service)); }

    void line(std::string_view key, const std::string& comment, const std::string& text) {
        out_ += fmt::format("\n; {}\n[{}]\n{}\n", comment, key, text);
    }

    // A value that was meant to pin the port says that its writer wanted no range.
    bool has_missed_value(Service service) const {
        return std::any_of(
            server_.registry.begin(), server_.registry.end(),
            [&](const fakeserver::RegistryFinding& one) { return one.service == service && one.meant.has_value(); });
    }

    bool draws(const Need& need) const {
        return server_.on_disk.plan(*need.service).kind == PlanKind::dynamic && !has_missed_value(*need.service);
    }

    bool inspected(const Need& need) const {
        return server_.on_disk.pool.kind != PoolKind::rpc_void && diagnosis::all_open_by_inspection(situation_, need);
    }

    // The range was chosen before: it is large enough, some service needs it, and the filters open it, all but a
    // little.
    bool wants_range() const {
        const bool needed = std::any_of(needs_.begin(), needs_.end(),
                                        [&](const Need& n) { return n.server == number_ && n.service && draws(n); });
        if (!needed || wire::port_count(listed_) < range_min) return false;
        std::uint32_t closed = 0;
        for (std::size_t box = 0; box < situation_.boxes.size(); ++box) {
            std::uint32_t here = 0;
            for (const auto& blocked : diagnosis::blocked_by(situation_, box, server_.address, listed_))
                here += wire::port_count(blocked.ports);
            closed = std::max(closed, here);
        }
        return closed * 10 <= wire::port_count(listed_);
    }

    bool is_good(const Need& need) const {
        if (server_.on_disk.plan(*need.service).kind != PlanKind::fixed) return false;
        for (const diagnosis::Finding& found : diagnosis::service_findings(situation_, need).found)
            if (speaks_against(found.id)) return false;
        const wire::Port port = server_.on_disk.plan(*need.service).port;
        if (const auto known = diagnosis::known_port_of(situation_, need); known && *known != port) return false;
        const bool inside =
            std::any_of(listed_.begin(), listed_.end(), [port](const wire::PortRange& r) { return r.contains(port); });
        return !(inside && keeps_range_);
    }

    std::string place(const Need& need) {
        const Service service = *need.service;
        if (is_good(need)) {
            mend_.placements.push_back({service, {wire::PortRange::only(server_.on_disk.plan(service).port)}, false});
            return {};
        }
        // Filters that read the mapper's answers open whatever port was drawn.
        if (draws(need) && inspected(need)) {
            mend_.placements.push_back({service, {}, false});
            return {};
        }
        if (keeps_range_ && draws(need)) {
            mend_.placements.push_back({service, listed_, false});
            return {};
        }
        const auto* traits = fakeserver::traits_of(server_.policy.conditions.version, service);
        if (traits == nullptr || !traits->port_value)
            return fmt::format("no registry value pins the port of {} in Exchange {}, so no rule can be written for it",
                               diagnosis::name_of(situation_, need),
                               fakeserver::word(server_.policy.conditions.version));
        // Where the client goes without asking, the service has to be.
        const auto known = diagnosis::known_port_of(situation_, need);
        const auto port = known ? known : choose(service);
        if (!port) return fmt::format("no port is left for {}", diagnosis::name_of(situation_, need));
        used_.push_back(*port);
        mend_.placements.push_back({service, {wire::PortRange::only(*port)}, true});
        const std::string data = traits->port_value->type == fakeserver::PortValueType::dword
                                     ? fmt::format("dword:{:08x}", port->value)
                                     : fmt::format("\"{}\"", port->value);
        line(traits->port_value->key, fmt::format("{}: TCP {}", traits->title, port->value),
             fmt::format("\"{}\"={}", traits->port_value->name, data));
        return {};
    }

    std::optional<wire::Port> choose(Service service) const {
        const auto wanted = diagnosis::port_for(situation_, number_, service);
        if (wanted && std::find(used_.begin(), used_.end(), *wanted) == used_.end()) return wanted;
        std::vector<wire::Port> taken = diagnosis::ports_spoken_for(server_);
        taken.insert(taken.end(), used_.begin(), used_.end());
        return diagnosis::lowest_clean(server_, taken);
    }

    void mend_range() {
        const PoolKind kind = server_.on_disk.pool.kind;
        if (keeps_range_ && kind != PoolKind::rpc_range) {
            mend_.range_changed = true;
            line(fakeserver::rpc_internet_key,
                 fmt::format("RPC draws from {} (KB154596); needs a restart of the computer", wire::format(listed_)),
                 "\"Ports\"=" + multi_sz(listed_) + "\n\"PortsInternetAvailable\"=\"Y\"\n\"UseInternetPorts\"=\"Y\"");
        }
        if (!keeps_range_ && kind == PoolKind::rpc_void) {
            mend_.range_changed = true;
            line(fakeserver::rpc_internet_key,
                 "one bad value here keeps every service from TCP; none of the three is needed. Needs a restart of the "
                 "computer",
                 "\"Ports\"=-\n\"PortsInternetAvailable\"=-\n\"UseInternetPorts\"=-");
        }
    }

    // What nothing reads only misleads the next reader.
    void remove_strays() {
        for (const fakeserver::RegistryFinding& one : server_.registry) {
            const std::string& id = one.diagnostic.id;
            if (id != "port-wrong-key" && id != "port-misspelt") continue;
            for (const auto& [path, key] : server_.disk.keys())
                for (const auto& [name, value] : key.values)
                    if (value.written.place == one.diagnostic.place)
                        line(key.path, "nothing reads this value", fmt::format("\"{}\"=-", escaped(value.name)));
        }
    }

    static std::string escaped(const std::string& name) {
        std::string out;
        for (const char c : name) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        return out;
    }

    const diagnosis::Situation& situation_;
    const diagnosis::ServerSituation& server_;
    std::size_t number_;
    const std::vector<Need>& needs_;
    std::vector<wire::PortRange> listed_;
    bool keeps_range_ = false;
    std::vector<wire::Port> used_;
    std::string out_;
    RegistryMend mend_;
};

}  // namespace

base::Result<RegistryMend, std::string> mend_registry(const diagnosis::Situation& situation, std::size_t server,
                                                      const std::vector<Need>& needs) {
    return Mender(situation, server, needs).mend();
}

}  // namespace scenarios::advice
