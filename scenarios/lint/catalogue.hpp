// Every diagnostic id that the program can print, with what it means for the mail, an example, and the mend.
//
// The catalogue only describes. Who finds what stands in the rooms that find it: the readers of files, the review of a
// registry (fakeserver/review), the lint of rules (sim/firewall/lint), the warnings of a run (runner/warnings), the
// diagnosis. A test holds both together: every id in the sources has an entry, and every entry's example, when it is
// checked or run, gives exactly that id.
//
// Ids are a promise to scripts and to SARIF readers: they may be added, never renamed. All texts live as long as the
// program.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::lint {

// What kind of file the example is.
enum class FileKind : std::uint8_t { scenario, registry, native_rules, iptables, nft, cisco, cisco_asa, lesson };
std::string_view title(FileKind kind);            // "a registry export", "a rule file of this program"
std::string_view usual_file_name(FileKind kind);  // "example.reg"; `check` knows the kind by it

// When it is found. What only a run can show is no finding of `check`.
enum class Stage : std::uint8_t {
    reading,  // while a file is read: what it says cannot be taken, or can hardly be meant
    review,   // what was read makes sense as a file, and none as the set-up of a server or a filter
    run,      // while a scenario is played: a warning of the run, which `warns` may name
    // A cause that the diagnosis names under a run that fails or works badly. What the files alone show of it, a check
    // says as well. The example is played.
    diagnosis,
    // When the runs of a lesson are played, by `lesson check` or before it is taught: it is no longer true.
    lesson,
};

// A short form in an example, and what it stands for: an example of a file that is too large should not be large.
struct Unfold {
    std::string_view token = {};  // in the example's text; empty: the text is complete
    std::string_view unit = {};  // takes its place `count` times; "#" is the repetition's number, from 1, "##" the next
    unsigned count = 1;
};

struct Example {
    FileKind kind = FileKind::scenario;
    std::string_view text = {};
    std::string_view beside_name = {};  // a second file that the example names
    std::string_view beside_text = {};
    Unfold unfold = {};
};

struct Entry {
    std::string_view id;
    sim::base::Severity severity = sim::base::Severity::error;  // the highest that it is given with
    Stage stage = Stage::reading;
    std::string_view title;    // one line, no full stop
    std::string_view meaning;  // why it matters for the mail
    std::string_view mend;
    std::string_view articles;  // "Q155831, Q148732"; empty when none speaks of it
    Example example;
};

// All of them, by id.
const std::vector<const Entry*>& entries();

// Null when there is none.
const Entry* find(std::string_view id);

// The id nearest to what was typed; empty when none is near.
std::string nearest_id(std::string_view typed);

// The example in full, with short forms written out: what `check` would be given.
std::string whole_text(const Example& example);

// Whether a run can warn of it, so that `warns` in a scenario may name it. Notes are never warnings, and what keeps a
// file from being read keeps the scenario from being played.
bool may_warn(const Entry& entry);

}  // namespace scenarios::lint
