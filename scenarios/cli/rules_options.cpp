#include "scenarios/cli/rules_options.hpp"

#include "scenarios/cli/select.hpp"
#include "scenarios/runner/load_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <iterator>

namespace scenarios::cli {
namespace {

// Complains and gives nothing when there is no such file.
std::optional<std::string> read(const std::string& path) {
    const auto complain = [&path](std::string_view what) {
        print_diagnostics({{sim::base::Severity::error, sim::base::Place{path}, std::string(what), "bad-file"}}, false);
    };
    const auto too_large = [&complain](std::uintmax_t octets) {
        constexpr double mega = 1024.0 * 1024.0;
        complain(fmt::format("the file has {:.1f} MB, and rule files are read up to {} MB",
                             static_cast<double>(octets) / mega, runner::file_size_max / (1024 * 1024)));
    };
    if (path == "-") {
        std::string text(std::istreambuf_iterator<char>(std::cin), {});
        if (text.size() <= runner::file_size_max) return text;
        too_large(text.size());
        return std::nullopt;
    }
    runner::DiskFiles disk;
    auto text = disk.read(path);
    if (text) return std::move(*text);
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (text.error() == runner::FileError::too_large && !error)
        too_large(size);
    else
        complain(runner::sentence(text.error()));
    return std::nullopt;
}

}  // namespace

void add_rules_options(CLI::App& app, RulesOptions& options) {
    app.add_option("--from", options.format,
                   "the format of the rules, when the contents do not tell: native, iptables-save, cisco-ios, ...")
        ->type_name("FORMAT");
    app.add_option("--family", options.family, "of iptables rules, when the file does not tell")
        ->check(CLI::IsMember({"ipv4", "ipv6"}));
    app.add_option("--chain", options.import.chain,
                   "iptables: the chain between client and server, FORWARD or INPUT (default: FORWARD)")
        ->type_name("CHAIN");
    app.add_option("--acl", options.import.acl, "Cisco: the list for packets to the server")->type_name("NAME");
    app.add_option("--acl-return", options.import.acl_return, "Cisco: the list for packets to the client")
        ->type_name("NAME");
    app.add_option("--client-side", options.import.client_side, "the interface towards the client")->type_name("IF");
    app.add_option("--server-side", options.import.server_side, "the interface towards the server")->type_name("IF");
}

std::optional<cases::RulesFile> load_rules(const std::string& path, const RulesOptions& options) {
    const auto text = read(path);
    if (!text) return std::nullopt;
    sim::firewall::import::ImportOptions import = options.import;
    if (options.family == "ipv4") import.family = sim::wire::Family::ipv4;
    if (options.family == "ipv6") import.family = sim::wire::Family::ipv6;
    const sim::base::SourceText source(path == "-" ? "stdin" : path, *text);
    cases::RulesFile file = cases::read_rules_file(source, options.format, import);
    print_diagnostics(file.diagnostics, false);
    if (!file.rules) return std::nullopt;
    return file;
}

}  // namespace scenarios::cli
