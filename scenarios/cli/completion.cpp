// Needs nothing but bash: no function of the bash-completion package is called.
#include "scenarios/cli/manual.hpp"

namespace scenarios::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

// The branch for the value after an option of a subcommand.
std::string value_branch(const CLI::App& command, const CLI::Option& option) {
    const OptionWords words = words_of(option);
    if (words.positional || words.value.empty()) return {};
    std::string out = "        ";
    bool first = true;
    for (const std::string& name : option.get_lnames()) {
        out += (first ? "'" : "|'") + command.get_name() + " --" + name + "'";
        first = false;
    }
    if (!words.choices.empty())
        return out + ") COMPREPLY=($(compgen -W '" + joined(words.choices) + "' -- \"$cur\")); return ;;\n";
    if (words.value == "FILE" || words.value == "DIR")
        return out + ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n";
    return out + ") return ;;\n";  // only its user can know
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
    std::vector<std::string> names;
    std::string values;
    std::string options;
    for (const CLI::App* command : subcommands_of(program)) {
        names.push_back(command->get_name());
        std::vector<std::string> all;
        for (const CLI::Option* option : command->get_options()) {
            for (const std::string& name : option->get_lnames()) all.push_back("--" + name);
            values += value_branch(*command, *option);
        }
        options += "        " + command->get_name() + ") options='" + joined(all) + "' ;;\n";
    }
    return "# bash completion for firedrill\n"
           "_firedrill() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} "
           "options=\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        COMPREPLY=($(compgen -W '" +
           joined(names) +
           " --help --version' -- \"$cur\"))\n"
           "        return\n"
           "    fi\n"
           "    # --option=value comes as three words.\n"
           "    if [ \"$cur\" = = ]; then cur=; elif [ \"$prev\" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
           "    case \"$command $prev\" in\n" +
           values +
           "    esac\n"
           "    case \"$command\" in\n" +
           options +
           "    esac\n"
           "    if [[ \"$cur\" == -* ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
           "    else\n"
           "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
           "    fi\n"
           "}\n"
           "complete -o filenames -o bashdefault -F _firedrill firedrill\n";
}

}  // namespace scenarios::cli
