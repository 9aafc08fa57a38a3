// What is wrong, how one sees it, and the smallest change that mends it: plain values, ready to be shown.
//
// A finding names one cause. Two mistakes are two findings, although the first one hides the second from the user.
// The ids are stable; where `firedrill check` finds the same thing in a file alone, it has the same id.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::diagnosis {

namespace base = sim::base;

// What the cause does to the user's actions today.
enum class Effect : std::uint8_t {
    breaks,    // an action fails because of it, in every start or in some
    degrades,  // everything works, but slower, with another identity, without notices, or far too open
    risks,     // everything works, and will not always
};
std::string_view id(Effect effect);  // "breaks" "degrades" "risks"

// Something an administrator can go and look at.
struct Evidence {
    std::string text;   // "rule 3 allows TCP 5001 to 10.0.0.99 only"
    base::Place place;  // file and line, where there is one
    bool operator==(const Evidence&) const = default;
};

struct Finding {
    std::string id;  // one of known_ids()
    Effect effect = Effect::breaks;
    std::string what;                   // the cause, one sentence without a full stop; `{}` stands for the subjects
    std::vector<std::string> subjects;  // services or ports that share the cause: "the Directory", "5001"
    std::vector<Evidence> evidence;
    std::vector<std::string> mend;  // the smallest change first; each an imperative without a full stop
    std::string articles;           // "Q148732, Q155831"
    base::Place stands;             // where it is to be looked for when no evidence has a place; may be nowhere
    bool likely = false;            // rests on something that the sources do not state: told as "likely"
    std::string witness{};          // one packet that shows it (sim/firewall/exact/witness.hpp); may be empty
    bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

struct Cause {
    std::string_view id;
    std::string_view title;     // "the value stands under another key"
    std::string_view articles;  // what it rests on
    bool likely = false;
};
// Every cause that a diagnosis can name.
std::span<const Cause> known_causes();
// Null for a word that is none.
const Cause* find_cause(std::string_view id);

// The cause in words, subjects filled in.
std::string sentence(const Finding& finding);

// Adds a finding; where the list has the same cause already, its subjects, evidence and mends join that one.
void join(Findings& list, Finding more);

// A finding with the articles and the "likely" of its cause filled in.
Finding finding(std::string_view id, Effect effect, std::string what);

// The finding with that id, or null.
const Finding* find(const Findings& findings, std::string_view id);

}  // namespace scenarios::diagnosis
