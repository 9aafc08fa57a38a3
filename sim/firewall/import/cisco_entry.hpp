// One entry of a Cisco IOS access list, extended or standard. Private to the importer.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/firewall/rule_set.hpp"

#include <string_view>
#include <vector>

namespace sim::firewall::import::cisco {

struct Word {
    std::string_view text;
    std::size_t offset = 0;
};
std::vector<Word> split(std::string_view line, std::size_t offset);

// Reads "permit|deny ..." from words[at] on. Denies reject with ICMP 3/13, as IOS answers them by default. Adds what
// is wrong, or looks like a mistake, to the diagnostics; the rule counts only when there is no error among them.
Rule parse_entry(const std::vector<Word>& words, std::size_t at, const base::SourceText& source,
                 base::Diagnostics& found);

// The same of a standard list: "permit|deny any", "host A", "A", "A WILDCARD", and "log".
Rule parse_standard_entry(const std::vector<Word>& words, std::size_t at, const base::SourceText& source,
                          base::Diagnostics& found);

base::Diagnostic report(const base::SourceText& source, base::Severity severity, const Word& word, std::string what,
                        std::string id, std::string hint = {});

}  // namespace sim::firewall::import::cisco
