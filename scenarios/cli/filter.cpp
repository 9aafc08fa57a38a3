// firedrill filter: packets through a rule file by hand (--rules, --packets), or recorded cases on a box (--box,
// --cases) as another packet filter would have judged them.
#include "scenarios/cases/by_hand.hpp"
#include "scenarios/cases/rules_file.hpp"
#include "scenarios/cases/stream.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/rules_options.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/runner/load_files.hpp"
#include "sim/base/text_form.hpp"
#include "sim/firewall/compiled/rule_judge.hpp"
#include "sim/firewall/own_address.hpp"

#include <boost/json/serialize.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

struct Options {
    std::string box, cases;
    std::string rules, packets;
    RulesOptions how;
    std::string client_side_address, server_side_address;
    bool compare = false;
    bool explain = false;
    std::string format = "text";
};

int complain(const std::string& what, const std::string& hint) {
    std::fprintf(stderr, "firedrill: error: %s\n", what.c_str());
    if (!hint.empty()) std::fprintf(stderr, "  hint: %s\n", hint.c_str());
    return bad_input;
}

std::optional<cases::Interfaces> load_box(const std::string& path) {
    runner::DiskFiles disk;
    const auto text = disk.read(path);
    if (!text) {
        complain(path + ": " + std::string(runner::sentence(text.error())), "");
        return std::nullopt;
    }
    auto box = cases::read_box(*text);
    if (box) return std::move(*box);
    complain(path + ": " + box.error(), "firedrill filter --help shows a box");
    return std::nullopt;
}

std::string indented(const std::string& text) {
    std::string out = "  ";
    for (const char c : text) {
        out += c;
        if (c == '\n') out += "  ";
    }
    out.resize(out.size() - std::min<std::size_t>(out.size(), 2));
    return out;
}

// Calls with the file, or with stdin for "-".
template <class Use>
int with_input(const std::string& path, Use use) {
    if (path == "-") return use(std::cin);
    std::ifstream file(path, std::ios::binary);
    if (!file || file.peek() == std::ifstream::traits_type::eof()) {
        runner::DiskFiles disk;  // knows why
        const auto text = disk.read(path);
        if (!text && text.error() != runner::FileError::too_large)
            return complain(path + ": " + std::string(runner::sentence(text.error())), "");
        file.clear();
    }
    return use(file);
}

int play_cases(const Options& options) {
    const auto box = load_box(options.box);
    if (!box) return bad_input;
    return with_input(options.cases, [&](std::istream& input) {
        cases::Tally tally;
        const bool compare = options.compare;
        cases::CaseStream stream(
            *box, [&](const std::string& line) { return compare || print(line); }, compare ? &tally : nullptr);
        if (!stream.play(input)) return environment_said_no;
        if (compare && !print(options.format == "jsonl" ? tally.line() : tally.text())) return environment_said_no;
        if (stream.errors() == 0 && stream.cases() == 0) return nothing_matched;
        return stream.errors() == 0 && tally.agrees() ? as_expected : not_as_expected;
    });
}

// About how many packets there will be; 0 when there is no telling.
std::uint64_t packets_in(const std::string& path) {
    constexpr std::uint64_t octets_a_line = 40;
    std::error_code error;
    const std::uintmax_t size = path == "-" ? 0 : std::filesystem::file_size(path, error);
    return error ? 0 : size / octets_a_line;
}

bool read_address(const std::string& text, const char* option, std::vector<sim::wire::IpAddress>& addresses) {
    if (text.empty()) return true;
    const auto address = sim::wire::IpAddress::parse(text);
    if (address)
        addresses.push_back(*address);
    else
        complain(std::string(option) + ": " + sim::base::printable(text, 60) + " is no address", "198.51.100.1");
    return address.has_value();
}

std::unique_ptr<cases::ByHand> between_sides(const Options& options, const cases::RulesFile& file,
                                             std::shared_ptr<const sim::firewall::RuleJudge> judge) {
    sim::firewall::Firewall::Settings settings;
    settings.judge = std::move(judge);
    if (!options.how.import.client_side.empty()) settings.client_side = options.how.import.client_side;
    if (!options.how.import.server_side.empty()) settings.server_side = options.how.import.server_side;
    if (!read_address(options.client_side_address, "--client-side-address", settings.client_side_addresses) ||
        !read_address(options.server_side_address, "--server-side-address", settings.server_side_addresses))
        return nullptr;
    const auto wanted = sim::firewall::addresses_wanted(*file.rules, settings);
    for (const sim::firewall::AddressWanted& one : wanted) {
        const bool client = one.side == sim::firewall::Side::client;
        const sim::firewall::Origin& origin = file.rules->nat()->origin(one.rule);
        print_diagnostics({{sim::base::Severity::error, origin.place,
                            "this translates to the address of the firewall on its side " +
                                sim::base::printable(client ? settings.client_side : settings.server_side) +
                                ", which nobody has told",
                            "nat-needs-address",
                            std::string(client ? "--client-side-address" : "--server-side-address") +
                                " ADDRESS; -i and -o say which side is meant, --client-side and --server-side name them",
                            origin.text}},
                          false);
    }
    if (!wanted.empty()) return nullptr;
    if (cases::asks_for_interfaces(*file.rules) && options.how.import.client_side.empty())
        std::fputs(
            "firedrill: warning: rules ask for interfaces, and none has a name here; say --client-side IF "
            "--server-side IF, or --box FILE\n",
            stderr);
    return std::make_unique<cases::ByHand>(file.rules, settings);
}

// The filter for packets by hand; what is assumed or cannot be goes to stderr.
std::unique_ptr<cases::ByHand> build(const Options& options) {
    const auto file = load_rules(options.rules, options.how);
    if (!file) return nullptr;
    std::shared_ptr<const sim::firewall::RuleJudge> judge;
    if (!options.explain) judge = sim::firewall::compiled::judge_for(file->rules, packets_in(options.packets));
    std::unique_ptr<cases::ByHand> filter;
    if (options.box.empty()) {
        filter = between_sides(options, *file, std::move(judge));
        if (!filter) return nullptr;
    } else {
        if (!options.client_side_address.empty() || !options.server_side_address.empty()) {
            complain("a box has its addresses in its file", "leave --client-side-address and --server-side-address out");
            return nullptr;
        }
        auto box = load_box(options.box);
        if (!box) return nullptr;
        if (cases::speaks_of_sides(*file->rules) || !file->format) {
            complain("these rules speak of a client and a server, which a box does not know", "leave --box out");
            return nullptr;
        }
        filter = std::make_unique<cases::ByHand>(file->rules, std::move(*box), std::move(judge));
    }
    std::fprintf(stderr, "firedrill: %s\n", filter->assumption().c_str());
    return filter;
}

std::string told(const cases::Judged& judged, const Options& options) {
    if (options.format == "text") return judged.text + (options.explain ? indented(judged.explained) : "");
    boost::json::object line = judged.line;
    if (options.explain) line["explain"] = judged.explained;
    return boost::json::serialize(line) + "\n";
}

int judge_packets(const Options& options) {
    const auto filter = build(options);
    if (!filter) return bad_input;
    const std::string name = options.packets == "-" ? "stdin" : options.packets;
    return with_input(options.packets, [&](std::istream& input) {
        cases::PacketLineReader reader;
        std::size_t judged_count = 0, faults = 0;
        bool as_wanted = true;
        std::string text;
        for (std::uint32_t number = 1; std::getline(input, text); ++number) {
            if (number == 1) {
                text = std::string(sim::base::without_mark(text));
                if (const auto bad = sim::base::why_no_text(name, text)) {
                    print_diagnostics({*bad}, false);
                    return static_cast<int>(bad_input);
                }
            }
            const auto fault = [&](const cases::PacketFault& why) {
                ++faults;
                const sim::base::Place place{name, number, static_cast<std::uint32_t>(why.offset + 1),
                                             static_cast<std::uint32_t>(why.length)};
                print_diagnostics({{sim::base::Severity::error, place, why.what, "bad-packet", {}, text}}, false);
            };
            const auto line = reader.read(text);
            if (!line) {
                fault(line.error());
                continue;
            }
            if (!*line) continue;
            filter->wait((*line)->wait);
            if ((*line)->packet.empty()) continue;
            const auto judged = filter->judge(**line, name + ":" + std::to_string(number),
                                              {.trace = options.explain, .entry = options.format == "jsonl"});
            if (!judged) {
                fault({judged.error(), 0, std::max<std::size_t>(text.size(), 1)});
                continue;
            }
            ++judged_count;
            as_wanted = as_wanted && judged->as_expected;
            if (!print(told(*judged, options))) return static_cast<int>(environment_said_no);
        }
        if (faults > 0) return static_cast<int>(bad_input);
        if (judged_count == 0) {
            complain("there is no packet in " + name, "a packet a line; firedrill filter --help shows some");
            return static_cast<int>(nothing_matched);
        }
        return static_cast<int>(as_wanted ? as_expected : not_as_expected);
    });
}

int filter(const Options& options) {
    if (!options.cases.empty() && !options.rules.empty())
        return complain("--cases bring their own rules; --rules judges --packets", "leave one of them out");
    if (!options.cases.empty()) {
        if (options.box.empty()) return complain("--cases need the box that they were recorded on", "--box box.json");
        return play_cases(options);
    }
    if (options.rules.empty())
        return complain("what shall judge the packets?", "--rules FILE --packets FILE, or --box FILE --cases FILE");
    if (options.packets.empty()) return complain("which packets?", "--packets FILE, or - for stdin");
    if (options.rules == "-" && options.packets == "-")
        return complain("stdin cannot be the rules and the packets at once", "put one of them into a file");
    return judge_packets(options);
}

}  // namespace

Runner add_filter(CLI::App& program) {
    CLI::App* app =
        program.add_subcommand("filter", "Sends packets through a rule file, or recorded cases through a box");
    auto options = std::make_shared<Options>();
    app->add_option("--rules", options->rules, "a rule file: native, iptables-save, a Cisco access list, ...")
        ->type_name("FILE");
    app->add_option("--packets", options->packets, "packets, one a line, as words or as JSON; - is stdin")
        ->type_name("FILE");
    add_rules_options(*app, options->how);
    app->add_option("--client-side-address", options->client_side_address,
                    "the filter's own address towards the client, for MASQUERADE and REDIRECT")
        ->type_name("ADDRESS");
    app->add_option("--server-side-address", options->server_side_address, "its own address towards the server")
        ->type_name("ADDRESS");
    app->add_flag("--explain", options->explain, "each rule that was tried, and why it did or did not match");
    app->add_option("--box", options->box, "the box's interfaces, as JSON")->type_name("FILE");
    app->add_option("--cases", options->cases, "recorded cases, a JSON object a line; - is stdin")->type_name("FILE");
    app->add_flag("--compare", options->compare, "agreement with what each case expects, field by field");
    app->add_option("--format", options->format, "text or jsonl (cases are always jsonl)")
        ->check(CLI::IsMember({"text", "jsonl"}));
    app->footer(
        "A packet a line:\n"
        "  tcp 198.51.100.7:3000 > 10.0.0.10:135 syn\n"
        "  tcp 10.0.0.10:135 > 198.51.100.7:3000 syn ack      # an answer: it comes from the other side\n"
        "  udp 10.0.0.10:1200 > 192.0.2.50:1100 from server => drop\n"
        "  icmp 192.0.2.50 > 10.0.0.10 echo on eth0\n"
        "  wait 2h\n"
        "  TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN ESTABLISHED # as check shows packets: judged by itself, at its word\n"
        "What stands behind => is expected. Sequence numbers run by themselves; seq, ack, win, len, ttl set them.\n\n"
        "A box: {\"interfaces\":[{\"name\":\"eth0\",\"addresses\":[\"198.51.100.1/24\"],\"default_route\":true}]}\n\n"
        "Exit code: 0 all as expected, 1 something was not, 2 a bad file or line, 4 no packets.\n\n"
        "Examples:\n  echo 'tcp 192.0.2.50:1030 > 10.0.0.10:135 syn' | firedrill filter --rules branch.rules --packets "
        "-\n"
        "  firedrill filter --box box.json --cases cases.jsonl --compare");
    return [options] { return filter(*options); };
}

}  // namespace scenarios::cli
