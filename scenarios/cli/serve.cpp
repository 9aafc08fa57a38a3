// firedrill serve [SCENARIO]: the fake server on real sockets, until it is told to stop.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/live/registry_source.hpp"
#include "scenarios/live/server.hpp"
#include "scenarios/runner/load_files.hpp"
#include "scenarios/runner/stage.hpp"
#include "sim/live/entropy.hpp"
#include "sim/live/metrics_server.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

struct Options {
    std::string path;
    Selection selection;
    std::vector<std::string> registry;
    std::string version, windows;
    std::string listen = "127.0.0.1";
    std::uint16_t mapper_port = 135;
    std::uint64_t seed = 0;
    std::string metrics;
    std::string log_level = "info";
    std::size_t connections = sim::live::Limits{}.connections;
    unsigned request_time = 300, idle_time = 7200;  // seconds
};

int complain(int code, const std::string& what, const std::string& hint = {}) {
    std::fprintf(stderr, "firedrill: error: %s\n", sim::base::printable(what, 400).c_str());
    if (!hint.empty()) std::fprintf(stderr, "  hint: %s\n", hint.c_str());
    return code;
}

// "127.0.0.1:9100"; the port may be 0 for any free one.
std::optional<sim::wire::Endpoint> parse_endpoint(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string address = text.substr(0, colon);
    if (address.starts_with("[") && address.ends_with("]")) address = address.substr(1, address.size() - 2);
    const auto host = sim::wire::IpAddress::parse(address);
    const auto port = sim::wire::parse_port(text.substr(colon + 1));
    if (!host || !port) return std::nullopt;
    return sim::wire::Endpoint{*host, *port};
}

// The Windows of its time.
fakeserver::Windows usual_windows(fakeserver::ExchangeVersion version) {
    switch (version) {
        case fakeserver::ExchangeVersion::v4_0:
        case fakeserver::ExchangeVersion::v5_0:
        case fakeserver::ExchangeVersion::v5_5: return fakeserver::Windows::nt4;
        case fakeserver::ExchangeVersion::v2000: return fakeserver::Windows::w2000;
        case fakeserver::ExchangeVersion::v2003: return fakeserver::Windows::w2003;
        case fakeserver::ExchangeVersion::v2007:
        case fakeserver::ExchangeVersion::v2010: break;
    }
    return fakeserver::Windows::w2008;
}

// What the server is, and its registry; read again on SIGHUP. `code` says why there is none.
struct Read {
    live::ServerOrder order;
    fakeserver::Registry registry;
    int code = as_expected;
};

Read read_all(const Options& options) {
    Read read;
    runner::DiskFiles disk;
    if (!options.path.empty()) {
        const runner::Staging staging = runner::stage_file(options.path, disk);
        print_diagnostics(staging.diagnostics, false);
        if (!staging.staged) return {{}, {}, bad_input};
        const auto variant = find_variant(*staging.staged, options.selection);
        if (!variant) return {{}, {}, nothing_matched};
        const auto& servers = staging.staged->variants[*variant].servers;
        if (servers.size() > 1)
            std::fprintf(stderr, "firedrill: the scenario has %zu servers; the first, %s, is served\n", servers.size(),
                         servers.front().name.c_str());
        read.order.name = servers.front().name;
        read.order.conditions = servers.front().conditions;
        read.registry = servers.front().registry;
    }
    const live::RegistryRead files = live::read_registry(options.registry, disk);
    print_diagnostics(files.diagnostics, false);
    if (sim::base::has_errors(files.diagnostics)) return {{}, {}, bad_input};
    for (const auto& file : files.files) read.registry.import(file);
    if (!options.version.empty()) {
        read.order.conditions.version = *fakeserver::parse_version(options.version);
        if (options.path.empty()) read.order.conditions.windows = usual_windows(read.order.conditions.version);
    }
    if (!options.windows.empty()) read.order.conditions.windows = *fakeserver::parse_windows(options.windows);
    read.order.mapper = sim::wire::Port{options.mapper_port};
    return read;
}

std::string heading(const Options& options, const live::ServerOrder& order) {
    return "Exchange " + std::string(word(order.conditions.version)) + " on Windows " +
           std::string(word(order.conditions.windows)) + ", seed " + std::to_string(order.seed) +
           (options.seed == 0 ? " (--seed " + std::to_string(order.seed) + " draws the same ports again)" : "") + "\n";
}

int serve(const Options& options) {
    const auto listen = sim::wire::IpAddress::parse(options.listen);
    if (!listen) return complain(bad_input, "--listen " + options.listen + ": " + listen.error());
    std::optional<sim::wire::Endpoint> metrics_at;
    if (!options.metrics.empty() && !(metrics_at = parse_endpoint(options.metrics)))
        return complain(bad_input, "--metrics " + options.metrics + ": not ADDRESS:PORT", "for example 127.0.0.1:9135");
    Read read = read_all(options);
    if (read.code != as_expected) return read.code;
    read.order.listen_on = *listen;
    read.order.seed = options.seed != 0 ? options.seed : sim::live::fresh_seed();

    sim::live::Log log(*sim::live::parse_log_level(options.log_level));
    sim::live::Limits limits;
    limits.connections = options.connections;
    limits.request_time = std::chrono::seconds(options.request_time);
    limits.idle_time = std::chrono::seconds(options.idle_time);
    sim::live::Loop loop(limits, log);
    // From here on a signal means to stop in order, not to die.
    loop.on_signal({SIGINT, SIGTERM}, [&](int) {
        log.write(sim::live::LogLevel::info, "stopping");
        loop.stop();
    });
    live::LiveServer server(loop, read.order, read.registry);
    if (const auto problem = server.boot())
        return complain(
            environment_said_no, *problem,
            options.mapper_port < 1024 ? "ports below 1024 need rights; --mapper-port 1135 needs none" : "");
    sim::live::MetricsServer metrics(loop,
                                     [&] { return sim::live::prometheus_text(server.counters(), loop.held_octets()); });
    std::string text = heading(options, read.order) + server.table();
    if (metrics_at) {
        if (const auto problem = metrics.listen(*metrics_at))
            return complain(environment_said_no, "cannot listen on " + options.metrics + " for metrics: " + *problem);
        text += "metrics at http://" + sim::wire::format(metrics.address()) + "/metrics\n";
    }
    loop.on_signal({SIGHUP}, [&](int) {
        Read again = read_all(options);
        if (again.code != as_expected)
            return log.write(sim::live::LogLevel::error,
                             "no restart: a file cannot be used; everything stays as it is");
        server.restart(std::move(again.registry));
        // Clients matter more than the table: nobody may be reading it any more.
        if (!print("\nafter the restart of the services\n" + server.table() + "ready\n"))
            log.write(sim::live::LogLevel::warning, "the table of ports could not be written; the server goes on");
    });
    if (!print(text + "ready\n")) return environment_said_no;
    loop.run();
    server.stop();
    return as_expected;
}

}  // namespace

Runner add_serve(CLI::App& program) {
    CLI::App* app = program.add_subcommand("serve", "Runs the fake server on real sockets, for real clients");
    auto options = std::make_shared<Options>();
    app->add_option("SCENARIO", options->path,
                    "a scenario whose server is played (default: Exchange 5.5 as installed)");
    app->add_option("--case", options->selection.wanted_case, "a case, by number or by part of its title");
    app->add_option("--site", options->selection.wanted_site, "a site, by number or by part of its name");
    app->add_option("--reg", options->registry, "registry exports, imported in order, after the scenario's")
        ->type_name("FILE");
    app->add_option("--version", options->version, "Exchange: 4.0, 5.0, 5.5, 2000, 2003, 2007 or 2010")
        ->check(CLI::IsMember({"4.0", "5.0", "5.5", "2000", "2003", "2007", "2010"}));
    app->add_option("--windows", options->windows, "of the server: nt4, 2000, 2003 or 2008 (default: that of its time)")
        ->check(CLI::IsMember({"nt4", "2000", "2003", "2008"}));
    app->add_option("--listen", options->listen, "the address to listen on (default: loopback)")->type_name("ADDR");
    app->add_option("--mapper-port", options->mapper_port, "where the endpoint mapper listens (default: 135)")
        ->check(CLI::Range(1, 65535));
    app->add_option("--seed", options->seed, "draws the same dynamic ports every time (default: fresh ones)")
        ->check(CLI::PositiveNumber);
    app->add_option("--metrics", options->metrics, "serves /metrics for Prometheus there")->type_name("ADDR:PORT");
    app->add_option("--log-level", options->log_level, "debug, info, warning, error or off")
        ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}));
    app->add_option("--max-connections", options->connections, "connections held at once; further ones are refused")
        ->check(CLI::Range(1, 1000000));
    app->add_option("--request-timeout", options->request_time,
                    "seconds for a request to become complete, the first one counted from the connect")
        ->check(CLI::Range(1, 86400));
    app->add_option("--idle-timeout", options->idle_time, "seconds after which an idle connection is dropped")
        ->check(CLI::Range(1, 604800));
    app->footer(
        "SIGHUP restarts the services: registry files are read again, ports drawn anew, connections dropped.\n"
        "SIGINT and SIGTERM stop.\n\nExample:\n  firedrill serve --reg scenarios/reg/static-5001-5002.reg "
        "--mapper-port 1135");
    return [options] { return serve(*options); };
}

}  // namespace scenarios::cli
