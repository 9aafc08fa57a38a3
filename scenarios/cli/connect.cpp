// firedrill connect HOST: the fake client on real sockets, against any endpoint mapper.
#include "client/outlook.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/live/connect_report.hpp"
#include "scenarios/live/live_client.hpp"
#include "scenarios/live/rules_gate.hpp"
#include "scenarios/runner/load_files.hpp"
#include "sim/live/resolve.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

struct Options {
    std::string host;
    std::uint16_t mapper_port = 135;
    unsigned timeout = 0;  // seconds; 0: the schedule's
    std::string windows = "2000";
    std::string version = "5.5";
    std::string rules;
    std::vector<std::string> inspect;
    std::vector<std::string> actions{"logon"};
    std::string format = "text";
    std::string log_level = "warning";
};

sim::net::ConnectSchedule schedule_of(const Options& options) {
    using sim::net::ConnectSchedule;
    const ConnectSchedule own = options.windows == "nt4"    ? ConnectSchedule::nt4()
                                : options.windows == "2008" ? ConnectSchedule::windows2008()
                                : options.windows == "2000" ? ConnectSchedule::windows2000()
                                                            : ConnectSchedule::windows2003();
    return options.timeout == 0 ? own : live::squeezed(own, std::chrono::seconds(options.timeout));
}

client::OutlookConfig config_of(const Options& options) {
    client::OutlookConfig config;
    const bool old = options.version == "4.0" || options.version == "5.0" || options.version == "5.5";
    config.generation = old ? client::Generation::exchange_55 : client::Generation::exchange_2000;
    config.windows = options.windows == "nt4" ? client::ClientWindows::nt4 : client::ClientWindows::windows_2000;
    config.actions.clear();
    for (const std::string& action : options.actions) config.actions.push_back(*client::parse_do(action));
    config.mapper_port = sim::wire::Port{options.mapper_port};
    if (options.timeout != 0) config.reply_timeout = std::chrono::seconds(options.timeout);
    return config;
}

int connect(const Options& options) {
    live::ClientOrder order;
    order.schedule = schedule_of(options);
    if (!options.rules.empty()) {
        runner::DiskFiles disk;
        const auto say = [](const std::string& what) {
            std::fprintf(stderr, "firedrill: the packet filter: %s\n", what.c_str());
        };
        sim::firewall::Firewall::Settings settings;
        settings.inspect_dcerpc = !options.inspect.empty();
        live::RulesGate rules = live::load_rules_gate(options.rules, disk, say, settings, [](const std::string& what) {
            std::fprintf(stderr, "firedrill: RPC inspection: %s\n", what.c_str());
        });
        print_diagnostics(rules.diagnostics, false);
        if (!rules.gate) return bad_input;
        order.gate = std::move(rules.gate);
    }
    client::OutlookConfig config = config_of(options);
    const auto address = sim::live::resolve(options.host);
    if (address)
        order.server = config.server = *address;
    else
        std::fprintf(stderr, "firedrill: %s: %s\n", sim::base::printable(options.host, 100).c_str(),
                     address.error().c_str());
    config.resolves = static_cast<bool>(address);

    sim::live::Log log(*sim::live::parse_log_level(options.log_level));
    sim::live::Loop loop(sim::live::Limits{}, log);
    loop.on_signal({SIGINT, SIGTERM}, [&loop](int) { loop.stop(); });
    client::Outlook outlook(config);
    std::size_t shown = 0;
    bool written = true;
    const bool finished = live::play(loop, order, outlook, [&] {
        for (; shown < outlook.outcomes().size() && written; ++shown) {
            const client::ActionOutcome& outcome = outlook.outcomes()[shown];
            written =
                print(options.format == "jsonl" ? live::connect_json_lines(outcome) : live::connect_text(outcome));
        }
        return outlook.idle() || !written;
    });
    if (!written) return environment_said_no;
    if (!finished) {
        std::fputs("firedrill: stopped\n", stderr);
        return not_as_expected;
    }
    for (const client::ActionOutcome& outcome : outlook.outcomes())
        if (!outcome.works) return not_as_expected;
    return as_expected;
}

}  // namespace

Runner add_connect(CLI::App& program) {
    CLI::App* app =
        program.add_subcommand("connect", "Logs on to a real server, or to firedrill serve, over real sockets");
    auto options = std::make_shared<Options>();
    app->add_option("HOST", options->host, "the server: a name or an address")->required();
    app->add_option("--mapper-port", options->mapper_port, "where its endpoint mapper is (default: 135)")
        ->check(CLI::Range(1, 65535));
    app->add_option("--timeout", options->timeout,
                    "seconds for each connect and each answer (default: as that Windows waits)")
        ->check(CLI::Range(1, 3600));
    app->add_option("--windows", options->windows,
                    "whose connect schedule is followed: nt4 (45 s), 2000, xp, 2003, 2008 (21 s)")
        ->check(CLI::IsMember({"nt4", "2000", "xp", "2003", "2008"}));
    app->add_option("--version", options->version, "of the server; from 2000 on the attendant is asked first")
        ->check(CLI::IsMember({"4.0", "5.0", "5.5", "2000", "2003", "2007", "2010"}));
    auto* rules = app->add_option("--rules", options->rules,
                                  "a packet filter in the path: native rules, iptables-save or a Cisco access list")
                      ->type_name("FILE");
    app->add_option("--inspect", options->inspect,
                    "dcerpc: that filter opens the ports that an endpoint mapper on 135 announces")
        ->check(CLI::IsMember({"dcerpc"}))
        ->needs(rules);
    app->add_option("--do", options->actions, "logon, check-name, admin, new-mail, public-folders; several with commas")
        ->delimiter(',')
        ->check(CLI::IsMember({"logon", "check-name", "admin", "new-mail", "public-folders"}));
    app->add_option("--format", options->format, "text or jsonl")->check(CLI::IsMember({"text", "jsonl"}));
    app->add_option("--log-level", options->log_level, "debug, info, warning, error or off")
        ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}));
    app->footer(
        "Exit code: 0 everything works, 1 something fails.\n\nExample:\n  firedrill connect 127.0.0.1 --mapper-port "
        "1135 --do logon,admin");
    return [options] { return connect(*options); };
}

}  // namespace scenarios::cli
