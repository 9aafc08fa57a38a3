// A laboratory: a configuration that works, in any of three rule languages, and mistakes to be made in it, alone or
// together. Rules and registry are data until they are written out, so that mistakes combine.
#pragma once

#include "scenarios/diagnosis/diagnose.hpp"
#include "tests/scenarios/played.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace lab {

// Sanitizers make everything ten times slower: there, long tables are walked in larger strides. Every entry is seen in
// the other builds.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::size_t stride = 12;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr std::size_t stride = 12;
#else
inline constexpr std::size_t stride = 1;
#endif
#else
inline constexpr std::size_t stride = 1;
#endif

namespace diagnosis = scenarios::diagnosis;
namespace runner = scenarios::runner;

enum class Language { native, iptables, cisco, asa };
inline constexpr Language languages[]{Language::native, Language::iptables, Language::cisco, Language::asa};

struct Rule {
    std::string action = "allow";  // allow, drop, reject
    std::string protocol = "tcp";
    std::string from;  // empty: any
    std::string from_port;
    std::string to;
    std::string port;  // "135", "5000-5100"
    bool to_client = false;
};

inline Rule opening(const std::string& to, const std::string& port) {
    Rule rule;
    rule.to = to;
    rule.port = port;
    return rule;
}

struct Value {
    std::string key;  // below ...\Services, or a whole path
    std::string name;
    std::string data;  // as a .reg file has it
};

struct Lab {
    Language language = Language::native;
    std::string server = "10.20.0.7";
    std::string client = "198.51.100.23";
    unsigned directory = 6165;  // 0x1815
    unsigned store = 8226;      // 0x2022
    std::vector<Value> registry;
    std::vector<Rule> rules;
    bool stateful = true;
    bool return_list = false;  // Cisco: a list for the way back, with nothing in it
    bool silent_output = false;
    std::string server_lines, client_lines, firewall_lines, more;
    std::map<std::string, std::string> files;

    Lab() = default;
    explicit Lab(Language l) : language(l) { configure(); }
    // Registry and rules for the addresses and ports as they are now.
    void configure() {
        registry = {{"MSExchangeDS\\Parameters", "TCP/IP port", dword(directory)},
                    {"MSExchangeIS\\ParametersSystem", "TCP/IP port", dword(store)}};
        rules = {opening(server, "135"), opening(server, std::to_string(directory)),
                 opening(server, std::to_string(store))};
    }

    // 0x6165 for 6165: the port typed with the hexadecimal radix.
    static unsigned typed_as_hex(unsigned port) {
        return static_cast<unsigned>(std::stoul(std::to_string(port), nullptr, 16));
    }
    // 1815 for 6165 = 0x1815: the digits of an export typed as decimal; 0 when they hold a letter.
    static unsigned export_digits(unsigned port) {
        char text[20];
        std::snprintf(text, sizeof text, "%x", port);
        const std::string digits(text);
        return digits.find_first_not_of("0123456789") == std::string::npos ? static_cast<unsigned>(std::stoul(digits))
                                                                           : 0;
    }
    static std::string dword(unsigned number) {
        char text[20];
        std::snprintf(text, sizeof text, "dword:%08x", number);
        return text;
    }
    static constexpr std::size_t of_mapper = 0, of_directory = 1,
                                 of_store = 2;  // indexes into rules and, less one, registry

    std::string toml() const;
    std::shared_ptr<const runner::StagedScenario> staged() const;
};

// Played once (or as its sweep says); the findings of the start that explains it.
diagnosis::Findings diagnosed(const Lab& lab);
std::vector<std::string> ids(const diagnosis::Findings& findings);
bool has(const diagnosis::Findings& findings, std::string_view id);

struct Mistake {
    std::string name;
    std::string facet;                  // mistakes of one facet exclude each other
    std::vector<std::string> expected;  // ids
    std::function<void(Lab&)> make;
    std::vector<Language> in{std::begin(languages), std::end(languages)};
};
std::vector<Mistake> mistakes();

}  // namespace lab
