// firedrill explain SCENARIO: one packet through the firewalls, rule by rule. Without a packet on the command line, the
// one that decided the rehearsal.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/runner/inquiry.hpp"
#include "scenarios/runner/load_files.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

struct Options {
    std::string path;
    Selection selection;
    std::string from, to;
    std::uint16_t from_port = 0;
    std::uint16_t to_port = 0;
    std::string packet;
    bool udp = false;
    bool answer = false;
    std::uint64_t seed = 0;
};

// Complains and gives nothing when a text is no address.
bool read_address(const char* option, const std::string& text, std::optional<sim::wire::IpAddress>& out) {
    if (text.empty()) return true;
    const auto address = sim::wire::IpAddress::parse(text);
    if (address) {
        out = *address;
        return true;
    }
    std::fprintf(stderr, "firedrill: error: %s %s: %s\n", option, sim::base::printable(text, 60).c_str(),
                 address.error().c_str());
    return false;
}

// A number, or a packet as `check` writes it.
bool read_packet(const std::string& text, runner::Inquiry& inquiry) {
    if (text.empty()) return true;
    const bool number = text.find_first_not_of("0123456789") == std::string::npos && text.size() < 10;
    if (number && text != "0") {
        inquiry.journey = static_cast<std::uint32_t>(std::stoul(text));
        return true;
    }
    const auto witness = sim::firewall::exact::parse_witness(text);
    if (witness) {
        inquiry.written = *witness;
        return true;
    }
    std::fprintf(stderr,
                 "firedrill: error: --packet: %s\n  hint: the number of a packet of the rehearsal, or for example "
                 "\"TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN\"\n",
                 witness.error().c_str());
    return false;
}

int explain(const Options& options) {
    runner::DiskFiles disk;
    const runner::Staging staging = runner::stage_file(options.path, disk);
    print_diagnostics(staging.diagnostics, false);
    if (!staging.staged) return bad_input;
    const auto variant = find_variant(*staging.staged, options.selection);
    if (!variant) return nothing_matched;
    runner::Inquiry inquiry;
    if (!read_address("--from", options.from, inquiry.from) || !read_address("--to", options.to, inquiry.to))
        return bad_input;
    if (options.to_port != 0) inquiry.to_port = sim::wire::Port{options.to_port};
    if (options.from_port != 0) inquiry.from_port = sim::wire::Port{options.from_port};
    if (!read_packet(options.packet, inquiry)) return bad_input;
    inquiry.udp = options.udp;
    inquiry.answer = options.answer;
    inquiry.seed = options.seed;
    const runner::StagedVariant& staged = staging.staged->variants[*variant];
    const auto told = runner::inquire(staged, inquiry);
    if (!told) {
        std::fprintf(stderr, "firedrill: %s\n  hint: name a packet: firedrill explain %s --to-port 135\n",
                     std::string(sentence(told.error())).c_str(), options.path.c_str());
        return nothing_matched;
    }
    return print(*told) ? as_expected : environment_said_no;
}

}  // namespace

Runner add_explain(CLI::App& program) {
    CLI::App* app = program.add_subcommand("explain", "Takes one packet through the firewalls, rule by rule");
    auto options = std::make_shared<Options>();
    app->add_option("SCENARIO", options->path, "a scenario file")->required();
    app->add_option("--case", options->selection.wanted_case, "a case, by number or by part of its title");
    app->add_option("--site", options->selection.wanted_site, "a site, by number or by part of its name");
    app->add_option("--to-port", options->to_port,
                    "the port that the packet wants (default: the packet that decided the rehearsal)")
        ->check(CLI::Range(1, 65535));
    app->add_option("--from", options->from, "the sender (default: the client)");
    app->add_option("--from-port", options->from_port,
                    "the sender's port (default: one of those that Windows hands out)")
        ->check(CLI::Range(1, 65535));
    app->add_option("--to", options->to, "the target (default: the server)");
    app->add_option("--packet", options->packet,
                    "a packet of the rehearsal by its number, or one in words, as check names them: \"TCP "
                    "192.0.2.50:1030 > 10.0.0.10:135 SYN\"")
        ->type_name("N|TEXT");
    app->add_flag("--udp", options->udp, "a UDP packet; TCP otherwise");
    app->add_flag("--answer", options->answer, "go on with the server's answer");
    app->add_option("--seed", options->seed, "which server start")->check(CLI::PositiveNumber);
    app->footer("Example:\n  firedrill explain scenarios/basics/01-random-ports-only-135-open.toml --to-port 1236");
    return [options] { return explain(*options); };
}

}  // namespace scenarios::cli
