// Finds the subcommand and runs it. Exceptions end here: whatever the standard library or the system throws becomes a
// sentence and an exit code.
#include "scenarios/cli/bundle.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/manual.hpp"
#include "scenarios/cli/output.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/live/large_pages.hpp"

#include <cstdio>
#include <exception>
#include <memory_resource>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using namespace scenarios::cli;

void complain(const std::string& what, const std::string& hint) {
    std::fprintf(stderr, "firedrill: error: %s\n", what.c_str());
    if (!hint.empty()) std::fprintf(stderr, "  hint: %s\n", hint.c_str());
}

std::vector<std::string_view> subcommand_names(const CLI::App& app) {
    std::vector<std::string_view> names;
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

// The subcommand that the arguments name, or the program itself.
const CLI::App& app_of(const CLI::App& program, const std::vector<std::string>& arguments) {
    for (const CLI::App* sub : program.get_subcommands([](const CLI::App*) { return true; }))
        if (!arguments.empty() && sub->get_name() == arguments.front()) return *sub;
    return program;
}

// "did you mean --seed?" for the first argument that the subcommand does not know.
std::string hint_for(const CLI::App& program, const std::vector<std::string>& arguments) {
    const CLI::App& app = app_of(program, arguments);
    std::vector<std::string> known;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    const std::vector<std::string_view> views(known.begin(), known.end());
    for (const std::string& argument : arguments) {
        if (!argument.starts_with("--")) continue;
        const std::string name = argument.substr(0, argument.find('='));
        bool is_known = false;
        for (const std::string& k : known) is_known = is_known || k == name;
        if (is_known) continue;
        const std::string nearest = sim::base::nearest_word(name, views);
        if (!nearest.empty()) return "did you mean " + nearest + "?";
    }
    return "firedrill " + (&app == &program ? std::string() : app.get_name() + " ") + "--help shows what there is";
}

// For the installation: what it prints is installed as manual page and as completion.
Runner add_manual(CLI::App& program) {
    CLI::App* app = program.add_subcommand("manual", "Prints the manual page, or the completion for bash");
    app->group("");  // not for every day
    auto format = std::make_shared<std::string>("man");
    app->add_option("--format", *format, "man or bash-completion")->check(CLI::IsMember({"man", "bash-completion"}));
    auto share = std::make_shared<std::string>("/usr/share/firedrill");
    app->add_option("--share", *share, "where the scenarios are installed, for the manual page");
    app->footer("Example:\n  firedrill manual | man -l -");
    return [format, share, &program] {
        const std::string text =
            *format == "man" ? manual_page(program, FIREDRILL_VERSION, *share) : bash_completion(program);
        return print(text) ? as_expected : environment_said_no;
    };
}

int run(std::vector<std::string> arguments) {
    CLI::App program{"Rehearses packet-filter rules for Exchange's RPC ports, before anyone touches a real server.",
                     "firedrill"};
    program.set_version_flag("--version", std::string("firedrill ") + FIREDRILL_VERSION);
    program.require_subcommand(1);
    program.footer(
        "Start with:\n  firedrill new branch.toml      a commented scenario to start from\n"
        "  firedrill run branch.toml      rehearse it\n  firedrill show branch.toml     see every packet");
    const std::vector<Runner> runners{
        add_run(program),     add_show(program),   add_explain(program), add_check(program),  add_advise(program),
        add_filter(program),  add_import(program), add_new(program),     add_lesson(program), add_serve(program),
        add_connect(program), add_probe(program),  add_manual(program)};
    const auto names = subcommand_names(program);
    if (arguments.empty()) {
        std::fputs(program.help().c_str(), stderr);
        return bad_input;
    }
    const std::string first = arguments.front();
    bool known = first.starts_with("-");
    for (const std::string_view name : names) known = known || name == first;
    if (!known) {
        const std::string nearest = sim::base::nearest_word(first, names);
        std::string all;
        for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
        complain("there is no subcommand '" + sim::base::printable(first, 60) + "'",
                 nearest.empty() ? "there are: " + all : "did you mean '" + nearest + "'?");
        return bad_input;
    }
    const std::vector<std::string> in_order = arguments;
    if (first != "manual") show_bundled_examples(program);  // the page speaks of the place where it is installed
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
        program.parse(reversed);
    } catch (const CLI::Success& help) {
        return program.exit(help) == 0 ? as_expected : bad_input;
    } catch (const CLI::ParseError& error) {
        complain(sim::base::printable(error.what(), 300), hint_for(program, in_order));
        return bad_input;
    }
    const auto all = program.get_subcommands([](const CLI::App*) { return true; });
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i]->parsed()) {
            const int code = runners.at(i)();
            if (code == bad_input)
                for (const std::string& hint : bundle_hints(in_order))
                    std::fprintf(stderr, "  hint: %s\n", sim::base::printable(hint, 600).c_str());
            return code;
        }
    return bad_input;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        install_interrupt_handler();
        std::pmr::set_default_resource(&sim::live::large_pages());  // for connection tables with very many flows
        return run(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::bad_alloc&) {
        complain("out of memory", "a smaller sweep or fewer jobs need less");
    } catch (const std::system_error& error) { complain(error.what(), ""); } catch (const std::exception& error) {
        complain(std::string("unexpected: ") + error.what(), "");
    }
    return environment_said_no;
}
