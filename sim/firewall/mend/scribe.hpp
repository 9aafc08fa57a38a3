// What mending needs of a dialect: reading a text into rules, and writing single lines of it. The strategy
// (open.cpp, excess.cpp) knows no syntax, and a scribe knows no strategy: it writes what it is told where it
// is told, or says why the syntax has no room for it. Nobody trusts a scribe; what it wrote is read back and judged.
//
// Private to mending. A new dialect: a class here behind a make_..._scribe, in a file mend_NAME.cpp.
#pragma once

#include "sim/firewall/mend/manuscript.hpp"
#include "sim/firewall/rule_set.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::mend {

// What a new rule says.
struct Clause {
    enum class Kind : std::uint8_t {
        allow,
        answers,  // packets of an allowed flow's other end; narrower than the ends where the dialect can say so
        deny,
    };
    Kind kind = Kind::allow;
    wire::Protocol protocol = wire::Protocol::tcp;
    Side from = Side::client;  // who sends the packets it is for
    wire::Prefix source;
    wire::Prefix target;
    std::vector<wire::PortRange> source_ports;  // normalized; empty: any
    std::vector<wire::PortRange> target_ports;
    std::string note;
    std::string why;
};

// Where it goes.
struct Spot {
    enum class At : std::uint8_t { before_rule, end_of_chain };
    At at = At::end_of_chain;
    RuleId rule{};    // for before_rule
    ChainId chain{};  // for end_of_chain
};

using Refusal = std::optional<std::string>;  // why it cannot be written; absent: it was

class Scribe {
public:
    Scribe() = default;
    Scribe(const Scribe&) = delete;
    Scribe& operator=(const Scribe&) = delete;
    virtual ~Scribe() = default;

    virtual base::Result<SharedRules, std::string> read(const std::string& text) const = 0;

    // `rules` are what the sheet reads as. Places of rules are lines of the sheet.
    virtual Refusal add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const = 0;
    // Writes the rule on that line again, with `keep` (not empty) as its target ports.
    virtual Refusal narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule,
                           const std::vector<wire::PortRange>& keep, const std::string& why) const = 0;
    // Makes that line a comment.
    virtual Refusal remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const = 0;
};

std::unique_ptr<Scribe> make_native_scribe(std::string name, const import::NativeRules& settings);
std::unique_ptr<Scribe> make_iptables_scribe(std::string name, const import::ImportOptions& options);
std::unique_ptr<Scribe> make_cisco_scribe(std::string name, const import::ImportOptions& options);

// ---- what scribes share ----

std::uint32_t line_of(const RuleSet& rules, RuleId rule);
// The last line that holds a rule of the chain; 0 when it has none.
std::uint32_t last_line_of(const RuleSet& rules, ChainId chain);
// Steps up from a rule's line over the lines of comment directly above it, for they speak of that rule. The head of
// the file is not taken for such a comment.
std::uint32_t above_comments(const Manuscript& sheet, std::uint32_t line, std::string_view sign);
std::string_view trimmed(std::string_view text);
// "1024-65535" of the rule's target ports as they are; empty when it asks for none.
std::vector<wire::PortRange> target_ports(const Rule& rule);
// The first error of a text that could not be read, in one line.
std::string first_error(const base::Diagnostics& found);

}  // namespace sim::firewall::mend
