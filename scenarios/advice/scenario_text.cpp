#include "scenarios/advice/scenario_text.hpp"

#include "sim/base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace scenarios::advice {
namespace {

using namespace scenarios::runner;

// A basic string of TOML.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + "\"";
}

std::string duration(base::SimDuration span) {
    using namespace std::chrono;
    for (const auto& [unit, name] : {std::pair{duration_cast<base::SimDuration>(hours(1)), "h"},
                                     {minutes(1), "m"},
                                     {seconds(1), "s"},
                                     {milliseconds(1), "ms"}})
        if (span % unit == base::SimDuration::zero()) return fmt::format("{}{}", span / unit, name);
    return fmt::format("{}ms", duration_cast<milliseconds>(span).count());
}

std::string ports(const PortList& list) {
    std::string out;
    for (const Ports& one : list)
        out += (out.empty() ? "" : ", ") + (one.value.first == one.value.last ? fmt::format("{}", one.value.first.value)
                                                                              : quoted(wire::format(one.value)));
    return "[" + out + "]";
}

template <class List>
std::string words(const List& list) {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : ", ") + quoted(id(one.value));
    return "[" + out + "]";
}

class Writer {
public:
    explicit Writer(const Setup& setup) : setup_(setup) {}

    WrittenScenario write(const std::string& title, const std::string& about,
                          std::optional<base::SimDuration> silence) {
        out_ = "format = 1\ntitle  = " + quoted(title) + "\n";
        if (!about.empty()) key("about", quoted(about));
        for (const ServerSetup& server : setup_.servers) write_server(server);
        write_client();
        for (const FirewallSetup& firewall : setup_.firewalls) write_firewall(firewall);
        write_network();
        if (silence) {
            write_silence(*silence);
        } else {
            if (setup_.expect) write_expect(*setup_.expect);
            if (setup_.sweep)
                out_ += fmt::format("\n[sweep]\nseeds = \"{}-{}\"\n", setup_.sweep->first, setup_.sweep->last);
        }
        return {std::move(out_), std::move(files_)};
    }

private:
    void key(std::string_view name, const std::string& value) { out_ += fmt::format("{} = {}\n", name, value); }
    void table(std::string_view name, std::size_t how_many) {
        out_ += how_many == 1 ? fmt::format("\n[{}]\n", name) : fmt::format("\n[[{}]]\n", name);
    }

    // The name under which the file lies beside the scenario: its own, with a number where two files share one.
    std::string file(const FileRef& ref) {
        const std::string own = ref.path.substr(ref.path.find_last_of('/') + 1);
        std::string name = own;
        for (unsigned number = 2; files_.contains(name) && files_.at(name) != *ref.text; ++number)
            name = fmt::format("{}-{}", number, own);
        files_[name] = *ref.text;
        return quoted(name);
    }

    void write_server(const ServerSetup& server) {
        table("server", setup_.servers.size());
        key("name", quoted(server.name.value));
        key("address", quoted(server.address.value.format()));
        if (server.public_address) key("public", quoted(server.public_address->value.format()));
        key("version", quoted(id(server.version.value)));
        key("windows", quoted(id(server.windows.value)));
        std::string list;
        for (const FileRef& ref : server.registry) list += (list.empty() ? "" : ", ") + file(ref);
        if (!list.empty()) key("registry", "[" + list + "]");
        if (!server.busy_ports.empty()) key("busy_ports", ports(server.busy_ports));
        if (server.dynamic != DynamicPorts::random) key("dynamic", quoted(id(server.dynamic)));
        if (!server.stopped.empty()) key("stopped", words(server.stopped));
        if (server.listen) key("listen", ports(*server.listen));
    }

    void write_client() {
        out_ += "\n[client]\n";
        key("name", quoted(setup_.client.name.value));
        key("address", quoted(setup_.client.address.value.format()));
        key("windows", quoted(id(setup_.client.windows)));
        key("do", words(setup_.client.actions));
        key("binding_order", words(setup_.client.binding_order));
        if (!setup_.client.resolves) key("resolves", "false");
        if (setup_.client.remembers_ports) key("remembers_ports", "true");
        if (setup_.client.seals_mapper) key("seals_mapper", "true");
        std::string known;
        for (const runner::KnownServicePort& one : setup_.client.known_ports)
            known += fmt::format("{}{} = {}", known.empty() ? "" : ", ", id(one.service.value), one.port.value.value);
        if (!known.empty()) key("known_ports", "{ " + known + " }");
    }

    void write_firewall(const FirewallSetup& firewall) {
        table("firewall", setup_.firewalls.size());
        key("name", quoted(firewall.name.value));
        const Rules& rules = firewall.rules;
        if (rules.source != RuleSource::import_file) {
            key("default", quoted(id(firewall.default_action)));
            key("stateful", firewall.stateful.value ? "true" : "false");
            if (firewall.reject_with) key("reject_with", quoted(id(firewall.reject_with->value)));
        }
        if (rules.source == RuleSource::allow) key("allow", ports(rules.allow));
        if (rules.file) key(rules.source == RuleSource::import_file ? "import" : "rules", file(*rules.file));
        if (rules.import_format) key("import_format", quoted(id(rules.import_format->value)));
        for (const auto& [name, value] : {std::pair{"acl", &rules.acl},
                                          {"acl_return", &rules.acl_return},
                                          {"client_side", &rules.client_side},
                                          {"server_side", &rules.server_side},
                                          {"chain", &rules.chain}})
            if (*value) key(name, quoted((*value)->value));
        std::string nat;
        for (const runner::Translation& entry : firewall.nat)
            nat +=
                fmt::format("{}{{ public = {}, private = {} }}", nat.empty() ? "" : ", ",
                            quoted(entry.public_address.value.format()), quoted(entry.private_address.value.format()));
        if (!nat.empty()) key("nat", "[" + nat + "]");
        for (const auto& [name, value] : {std::pair{"client_side_address", &firewall.client_side_address},
                                          {"server_side_address", &firewall.server_side_address}})
            if (*value) key(name, quoted((*value)->value.format()));
        if (!firewall.inspect.empty()) write_inspection(firewall);
        if (firewall.idle_timeout) key("idle_timeout", quoted(duration(firewall.idle_timeout->value)));
        for (const NativeRule& rule : rules.rules) write_rule(rule);
    }

    void write_inspection(const FirewallSetup& firewall) {
        key("inspect", "[\"dcerpc\"]");
        std::string interfaces;
        for (const auto& one : firewall.inspect_interfaces)
            interfaces += (interfaces.empty() ? "" : ", ") + quoted(one.value.format());
        if (!interfaces.empty()) key("inspect_interfaces", "[" + interfaces + "]");
        if (firewall.inspect_lookups) key("inspect_lookups", quoted(duration(firewall.inspect_lookups->value)));
        if (firewall.inspect_mapper_only)
            key("inspect_mapper_only", firewall.inspect_mapper_only->value ? "true" : "false");
        if (firewall.pinhole_timeout) key("pinhole_timeout", quoted(duration(firewall.pinhole_timeout->value)));
        if (firewall.pinhole_uses) key("pinhole_uses", quoted(id(firewall.pinhole_uses->value)));
    }

    void write_rule(const NativeRule& rule) {
        out_ += "\n[[firewall.rule]]\n";
        if (!rule.note.empty()) key("note", quoted(rule.note));
        key("action", quoted(id(rule.action)));
        key("protocol", quoted(id(rule.protocol)));
        const auto prefixes = [](const std::vector<Placed<wire::Prefix>>& list) {
            std::string out;
            for (const auto& one : list) out += (out.empty() ? "" : ", ") + quoted(one.value.format());
            return "[" + out + "]";
        };
        if (!rule.from.empty()) key("from", prefixes(rule.from));
        if (!rule.from_port.empty()) key("from_port", ports(rule.from_port));
        if (!rule.to.empty()) key("to", prefixes(rule.to));
        if (!rule.port.empty()) key("port", ports(rule.port));
        key("direction", quoted(id(rule.direction)));
        if (rule.log) key("log", "true");
    }

    void write_silence(base::SimDuration silence) {
        out_ += "\n[[step]]\n";
        key("do", "\"check\"");
        if (setup_.expect && setup_.expect->open_only)
            key("expect", fmt::format("{{ logon = \"works\", open_only = {} }}", ports(*setup_.expect->open_only)));
        out_ += "\n[[step]]\ndo     = \"logon\"\nexpect = \"works\"\n";
        out_ += fmt::format("\n[[step]]\ndo  = \"wait\"\nfor = {}\n", quoted(duration(silence)));
        out_ += "\n[[step]]\ndo     = \"use\"\nexpect = \"works\"\n";
    }

    void write_network() {
        out_ += "\n[network]\n";
        key("latency", quoted(duration(setup_.network.latency)));
        if (setup_.network.loss.numerator > 0)
            key("loss", quoted(fmt::format("{}%", 100.0 * static_cast<double>(setup_.network.loss.numerator) /
                                                      static_cast<double>(setup_.network.loss.denominator))));
        key("mtu", fmt::format("{}", setup_.network.mtu));
        if (setup_.network.mapper_port.value != wire::Port{135})
            key("mapper_port", fmt::format("{}", setup_.network.mapper_port.value.value));
    }

    void write_expect(const Expectation& expect) {
        out_ += "\n[expect]\n";
        if (expect.logon) key("logon", quoted(id(expect.logon->value)));
        if (expect.new_mail) key("new_mail", quoted(id(expect.new_mail->value)));
        if (expect.open_only) key("open_only", ports(*expect.open_only));
    }

    const Setup& setup_;
    std::string out_;
    std::map<std::string, std::string> files_;
};

}  // namespace

WrittenScenario write_scenario(const runner::Setup& setup, const std::string& title, const std::string& about,
                               std::optional<base::SimDuration> silence) {
    return Writer(setup).write(title, about, silence);
}

runner::Setup after_steps(const runner::Scenario& scenario, const runner::Variant& variant) {
    Setup setup = variant.setup;
    for (const Step& step : scenario.steps) {
        if (step.kind.value == StepKind::import_registry && step.file)
            setup.servers[step.server].registry.push_back(*step.file);
        const bool here = !step.site || step.site == variant.site_index;
        if (step.kind.value == StepKind::replace_firewall && here && step.firewall < setup.firewalls.size())
            setup.firewalls[step.firewall].rules = step.rules;
    }
    return setup;
}

}  // namespace scenarios::advice
