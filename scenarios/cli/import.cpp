// firedrill import FILE: a foreign rule file in plain words, each rule with the line it came from; as native rules
// where that changes no verdict, or as the real tool would write it back.
#include "scenarios/cases/listing.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/rules_options.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

struct Options {
    std::string path;
    RulesOptions how;
    bool canonical = false;
    std::string format = "text";
};

int import(const Options& options) {
    const auto file = load_rules(options.path, options.how);
    if (!file) return bad_input;
    if (!file->format) {
        std::fprintf(
            stderr,
            "firedrill: error: %s holds native rules already\n  hint: firedrill check %s says what is doubtful "
            "in them\n",
            sim::base::printable(options.path).c_str(), sim::base::printable(options.path).c_str());
        return bad_input;
    }
    const std::string text = options.canonical ? file->canonical
                             : options.format == "jsonl"
                                 ? cases::listing_lines(*file->rules)
                                 : cases::listing_text(*file->rules, sim::firewall::import::id(*file->format));
    return print(text) ? as_expected : environment_said_no;
}

}  // namespace

Runner add_import(CLI::App& program) {
    CLI::App* app = program.add_subcommand("import", "Shows a foreign rule file in plain words, rule by rule");
    auto options = std::make_shared<Options>();
    app->add_option("FILE", options->path, "iptables-save output, a Cisco access list, ...; - is stdin")->required();
    add_rules_options(*app, options->how);
    app->add_flag("--canonical", options->canonical, "as the real tool would write it back");
    app->add_option("--format", options->format, "text or jsonl")->check(CLI::IsMember({"text", "jsonl"}));
    app->footer(
        "Anything that is not understood is an error, all at once (exit 2), and nothing is printed. A file whose "
        "verdicts "
        "native rules can give packet for packet is printed as native rules; any other as a listing.\n\n"
        "Examples:\n  firedrill import /etc/iptables/rules.v4\n  iptables-save | firedrill import - --canonical");
    return [options] { return import(*options); };
}

}  // namespace scenarios::cli
