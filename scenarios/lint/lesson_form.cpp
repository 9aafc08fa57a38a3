// What cannot be read in a lesson, or is not there: lesson/read, lesson/answers.
#include "scenarios/lint/lesson_play.hpp"
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"unknown-case",
     Severity::error,
     Stage::reading,
     "a scenario has no case of that title",
     "The run that is meant cannot be found, so nothing can be said or shown of it.",
     "Cases are named by their whole title, as it stands in the scenario.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "play.toml"
case     = "136 as well"
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It works"
means = { logon = "works" }
reply = "135 only says where to go."

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

)",
      "play.toml", only_135}},
    {"unknown-step",
     Severity::error,
     Stage::reading,
     "a scenario has no step of that number",
     "The order that is meant cannot be played.",
     "Steps are counted from 1, in the order of the scenario's file.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "play.toml"
without  = 3
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It works"
means = { logon = "works" }
reply = "135 only says where to go."

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

)",
      "play.toml", only_135}},
    {"lesson-scenario",
     Severity::error,
     Stage::reading,
     "a lesson names a scenario that cannot be played",
     "Nothing that the lesson says could be computed.",
     "The hint has the scenario's first error; firedrill check has all of them.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "gone.toml"
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It works"
means = { logon = "works" }
reply = "135 only says where to go."

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

)"}},
    {"unknown-value",
     Severity::error,
     Stage::reading,
     "a text of a lesson names a value that there is none of",
     "Numbers in texts come from the run, so that they cannot go stale. Before a prediction no text may tell any.",
     "The hint names the values; for a brace as such write two.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "play.toml"
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It works"
means = { logon = "works" }
reply = "It says {directry}."

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

)",
      "play.toml", only_135}},
    {"bad-span",
     Severity::error,
     Stage::reading,
     "a span of numbers cannot be read",
     "How many ports, or which packets, is not clear from it.",
     "Write 7, or \"5-9\" in quotes.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "play.toml"
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It works"
means = { logon = "works" }
reply = "135 only says where to go."

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

[[step]]
kind     = "show"
scenario = "play.toml"
events   = "5 to 9"
point    = "Look at the answer."
)",
      "play.toml", only_135}},
    {"bad-picture",
     Severity::error,
     Stage::reading,
     "a line of a picture is no arrow",
     "Pictures are drawn from lines that say who speaks to whom.",
     "Write \"Outlook -> server: words\"; -x in place of -> ends the arrow there with a cross.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind    = "read"
text    = "Outlook asks."
picture = ["Outlook => server: where is the Directory?"]
)"}},
    {"typed-answer",
     Severity::error,
     Stage::reading,
     "a number is typed as the answer of a quiz",
     "Right answers are computed from runs. One that is typed stays as it is when the scenario changes, and is wrong "
     "then.",
     "Name the run and its value: scenario = \"...\", value = \"open_ports\".",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind = "quiz"

[[step.item]]
ask    = "Which port is asked first?"
accept = ["135"]
)"}},
    {"minutes-differ",
     Severity::warning,
     Stage::reading,
     "the minutes of the steps do not add up to those of the lesson",
     "A trainer plans by them.",
     "Change one of the two.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

minutes = 10

[[step]]
kind    = "read"
minutes = 2
text    = "Outlook asks 135 first."
)"}},
    {"lesson-too-many-runs",
     Severity::error,
     Stage::reading,
     "the toggles of a step multiply to too many runs",
     "All of them are played beforehand, for the page; there is a bound to that.",
     "Take out a toggle, or some of its options.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "modify"
scenario = "play.toml"
task     = "Change the rules."
goal     = { logon = "works" }

[[step.toggle]]
name = "One"
[[step.toggle.option]]
text = "1"
[[step.toggle.option]]
text = "2"
[[step.toggle.option]]
text = "3"
[[step.toggle.option]]
text = "4"
[[step.toggle.option]]
text = "5"
[[step.toggle.option]]
text = "6"
[[step.toggle.option]]
text = "7"
[[step.toggle.option]]
text = "8"
[[step.toggle.option]]
text = "9"

[[step.toggle]]
name = "Another"
[[step.toggle.option]]
text = "1"
[[step.toggle.option]]
text = "2"
[[step.toggle.option]]
text = "3"
[[step.toggle.option]]
text = "4"
[[step.toggle.option]]
text = "5"
[[step.toggle.option]]
text = "6"
[[step.toggle.option]]
text = "7"
[[step.toggle.option]]
text = "8"
[[step.toggle.option]]
text = "9"
)",
      "play.toml", only_135}},
});

}  // namespace

std::span<const Entry> lesson_form_entries() { return all; }

}  // namespace scenarios::lint
