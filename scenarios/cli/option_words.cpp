#include "scenarios/cli/manual.hpp"

namespace scenarios::cli {

OptionWords words_of(const CLI::Option& option) {
    OptionWords words;
    words.positional = option.get_positional();
    words.required = option.get_required();
    words.what = option.get_description();
    if (words.positional) {
        words.names = option.get_single_name();
    } else {
        for (const std::string& name : option.get_snames()) words.names += "-" + name + ", ";
        for (const std::string& name : option.get_lnames()) words.names += "--" + name + ", ";
        words.names.resize(words.names.size() - 2);
    }
    if (option.get_expected_max() == 0) return words;  // a flag
    words.repeated = option.get_expected_max() > 1;

    // "TEXT:{text,jsonl}", "UINT:INT in [1 - 1024]", "FILE"
    const std::string type = option.get_type_name();
    words.value = type.substr(0, type.find(':'));
    if (words.value == "UINT" || words.value == "INT") words.value = "N";
    if (words.value == "FLOAT") words.value = "SECONDS";
    if (words.value == "WHEN") words.choices = {"auto", "always", "never"};  // as add_color_option has them
    const std::size_t open = type.find('{');
    const std::size_t close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) return words;
    for (std::size_t at = open + 1; at <= close;) {
        const std::size_t end = std::min(type.find(',', at), close);
        words.choices.push_back(type.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

std::vector<const CLI::App*> subcommands_of(const CLI::App& program) {
    return program.get_subcommands([](const CLI::App* app) { return !app->get_group().empty(); });
}

}  // namespace scenarios::cli
