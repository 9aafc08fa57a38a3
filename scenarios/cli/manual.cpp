// The page after man-pages(7): .TH, .SH, .SS, .TP; nothing that an old groff would not know.
#include "scenarios/cli/manual.hpp"

#include <sstream>
#include <string_view>

namespace scenarios::cli {
namespace {

// Text as roff has it: a dash that can be copied, no accidental requests.
std::string roff(std::string_view text) {
    std::string out;
    bool line_start = true;
    for (const char c : text) {
        if (line_start && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
        line_start = c == '\n';
    }
    return out;
}
std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string value_of(const OptionWords& words) {
    if (words.choices.empty()) return words.value.empty() ? "" : " " + italic(words.value);
    std::string all;
    for (const std::string& choice : words.choices) all += (all.empty() ? " " : "|") + bold(choice);
    return all;
}

std::string synopsis(const CLI::App& command) {
    std::string line = bold("firedrill " + command.get_name()) + " [" + italic("option") + " ...]";
    for (const CLI::Option* option : command.get_options()) {
        const OptionWords words = words_of(*option);
        if (!words.positional) continue;
        const std::string name = italic(words.names) + (words.repeated ? " ..." : "");
        line += words.required ? " " + name : " [" + name + "]";
    }
    return line;
}

// A footer speaks in plain lines; "Example:" and what follows it indented keeps its lines.
std::string footer(const std::string& text) {
    std::string out;
    std::istringstream lines(text);
    bool literal = false;
    for (std::string line; std::getline(lines, line);) {
        const bool indented = line.starts_with(" ");
        if (indented != literal) out += indented ? ".nf\n" : ".fi\n";
        literal = indented;
        out += line.empty() ? ".PP\n" : roff(line) + "\n";
    }
    return out + (literal ? ".fi\n" : "");
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

std::string section(const CLI::App& command, const std::string& share) {
    std::string out = ".SS " + synopsis(command) + "\n" + roff(command.get_description()) + ".\n";
    for (const CLI::Option* option : command.get_options()) {
        const OptionWords words = words_of(*option);
        if (words.names.find("--help") != std::string::npos) continue;
        out += ".TP\n" + (words.positional ? italic(words.names) : bold(words.names) + value_of(words)) + "\n" +
               roff(words.what) + "\n";
    }
    if (!command.get_footer().empty())
        out += ".PP\n" + footer(replaced(command.get_footer(), " scenarios/", " " + share + "/scenarios/"));
    return out;
}

constexpr std::string_view ending = R"(.SH EXIT STATUS
.TP
0
All as expected.
.TP
1
Something was not as expected.
.TP
2
Usage, or a file that cannot be used.
.TP
3
The system said no: no rights, no space, a port taken.
.TP
4
Nothing matched the selection.
.PP
.B firedrill probe
has PortQry's: 0 LISTENING, 1 NOT LISTENING, 2 FILTERED.
.SH ENVIRONMENT
.TP
.B NO_COLOR
When set, no colour is used unless
.B \-\-color=always
asks for it.
.TP
.B XDG_STATE_HOME
Where the progress of lessons is kept, in a folder
.IR firedrill ;
.I \(ti/.local/state
when it is not set.
.SH FILES
.TP
.I /usr/share/firedrill/scenarios
The bundled scenarios with their registry and rule files, and
.IR README.md ,
an index by symptom and by cause. Lessons are in
.IR lessons .
.TP
.I /usr/share/firedrill/scenarios/schema/scenario\-v1.schema.json
The form of a scenario file, for editors.
.SH EXAMPLES
.nf
firedrill run /usr/share/firedrill/scenarios/basics
firedrill new branch.toml
firedrill run branch.toml
firedrill show branch.toml
.fi
.SH SEE ALSO
.BR iptables\-save (8),
.BR nft (8),
.BR wireshark (1)
)";

}  // namespace

std::string manual_page(const CLI::App& program, const std::string& version, const std::string& share) {
    std::string out = ".TH FIREDRILL 1 \"\" \"firedrill " + roff(version) + "\" \"User Commands\"\n";
    out += ".SH NAME\nfiredrill \\- rehearse packet\\-filter rules for the RPC ports of Microsoft Exchange\n";
    out += ".SH SYNOPSIS\n" + bold("firedrill") + " " + italic("subcommand") + " [" + italic("option") +
           " ...]\n.br\n" + bold("firedrill --help") + " | " + bold("--version") + "\n";
    out += ".SH DESCRIPTION\n" + roff(program.get_description()) +
           "\nA simulated packet filter, a fake server and a fake Outlook play scenarios from files, and say which\n"
           "configurations work, which do not, and why.\nData goes to standard output, everything else to standard "
           "error.\n.SH SUBCOMMANDS\n";
    for (const CLI::App* command : subcommands_of(program)) out += section(*command, share);
    return out + replaced(std::string(ending), "/usr/share/firedrill", roff(share));
}

}  // namespace scenarios::cli
