// firedrill probe HOST: the endpoint mapper's list and the state of ports, in PortQry's words and with its exit codes.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/live/live_client.hpp"
#include "scenarios/live/probe_report.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/live/resolve.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

using client::PortState;

struct Options {
    std::string host;
    std::vector<std::string> ports;
    std::uint16_t mapper_port = 135;
    unsigned timeout = 0;
    std::string log_level = "warning";
};

int complain(int code, const std::string& what) {
    std::fprintf(stderr, "firedrill: error: %s\n", what.c_str());
    return code;
}

// The ports asked for, or a complaint.
std::optional<std::vector<sim::wire::Port>> read_ports(const Options& options) {
    std::vector<sim::wire::Port> ports;
    for (const std::string& text : options.ports) {
        const auto range = sim::wire::parse_port_range(text);
        if (!range || range->first.value == 0) {
            complain(bad_input, "--ports " + sim::base::printable(text, 60) + ": " +
                                    (range ? std::string("port 0 cannot be probed") : range.error()));
            return std::nullopt;
        }
        for (std::uint32_t p = range->first.value; p <= range->last.value; ++p)
            ports.emplace_back(static_cast<std::uint16_t>(p));
    }
    if (ports.empty()) ports.emplace_back(options.mapper_port);
    return ports;
}

class Probe {
public:
    Probe(const Options& options, sim::live::Loop& loop, live::ClientOrder order)
        : options_(options), loop_(loop), order_(std::move(order)) {}

    // False when the user stopped it or nobody reads the output any more.
    bool check(const std::vector<sim::wire::Port>& ports) {
        client::PortCheck actor(order_.server, ports);
        if (!live::play(loop_, order_, actor, [&actor] { return actor.done(); })) return false;
        for (const auto& checked : actor.ports()) {
            states_.push_back(checked.state);
            if (!print(live::port_line(checked.port, checked.state))) return reader_gone();
            if (checked.port.value == options_.mapper_port && checked.state == PortState::listening && !list())
                return false;
        }
        return true;
    }

    // Of the ports that the list names; nothing when it was not asked for or names none.
    const std::vector<sim::wire::Port>& listed() const { return listed_; }
    // Of the ports alone, as PortQry's: a port that accepts and is no mapper's is LISTENING all the same.
    int code() const { return live::portqry_code(states_); }
    bool unread() const { return unread_; }

private:
    bool list() {
        const auto patience = options_.timeout == 0 ? std::chrono::seconds(60) : std::chrono::seconds(options_.timeout);
        client::MapperListing listing({order_.server, sim::wire::Port{options_.mapper_port}}, patience);
        if (!live::play(loop_, order_, listing,
                        [&listing] { return listing.state() != client::MapperListing::State::working; }))
            return false;
        listed_ = live::tcp_ports_of(listing);
        return print("\n" + live::listing_text(listing) + "\n") || reader_gone();
    }

    bool reader_gone() {
        unread_ = true;
        return false;
    }

    const Options& options_;
    sim::live::Loop& loop_;
    live::ClientOrder order_;
    std::vector<PortState> states_;
    std::vector<sim::wire::Port> listed_;
    bool unread_ = false;
};

int probe(const Options& options) {
    const auto ports = read_ports(options);
    if (!ports) return bad_input;
    const auto address = sim::live::resolve(options.host);
    const std::string name = sim::base::printable(options.host, 100);
    if (!address) return complain(environment_said_no, "failed to resolve " + name + ": " + address.error());
    live::ClientOrder order;
    order.server = *address;
    if (options.timeout != 0) order.schedule = live::schedule_of(std::chrono::seconds(options.timeout));
    sim::live::Log log(*sim::live::parse_log_level(options.log_level));
    sim::live::Loop loop(sim::live::Limits{}, log);
    loop.on_signal({SIGINT, SIGTERM}, [&loop](int) { loop.stop(); });
    if (!print("Querying target system called:\n\n " + name + "\n\nName resolved to " + address->format() +
               "\n\nquerying...\n\n"))
        return environment_said_no;
    Probe probe(options, loop, order);
    bool finished = probe.check(*ports);
    // Without a list of the user's own, the ports that the mapper names are looked at as well.
    if (finished && options.ports.empty() && !probe.listed().empty()) {
        const std::vector<sim::wire::Port> listed = probe.listed();
        finished = probe.check(listed);
    }
    if (finished) return probe.code();
    if (!probe.unread()) std::fputs("firedrill: stopped\n", stderr);
    return environment_said_no;
}

}  // namespace

Runner add_probe(CLI::App& program) {
    CLI::App* app = program.add_subcommand("probe", "Lists a server's endpoint mapper and the state of its ports");
    auto options = std::make_shared<Options>();
    app->add_option("HOST", options->host, "the server: a name or an address")->required();
    app->add_option("--ports", options->ports,
                    "ports and ranges: 135,5000-5100 (default: the mapper's, and all that it names)")
        ->delimiter(',')
        ->type_name("LIST");
    app->add_option("--mapper-port", options->mapper_port, "where the endpoint mapper is (default: 135)")
        ->check(CLI::Range(1, 65535));
    app->add_option("--timeout", options->timeout,
                    "seconds until a silent port counts as filtered (default: 21, as Windows 2000 waits)")
        ->check(CLI::Range(1, 3600));
    app->add_option("--log-level", options->log_level, "debug, info, warning, error or off")
        ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}));
    app->footer(
        "Exit code, as PortQry's: 0 LISTENING, 1 NOT LISTENING, 2 FILTERED. Of several ports the worst counts.\n\n"
        "Example:\n  firedrill probe 127.0.0.1 --mapper-port 1135");
    return [options] { return probe(*options); };
}

}  // namespace scenarios::cli
