// By what a lesson has gone stale, or never was true: lesson/answers, when its runs are played.
#include "scenarios/lint/lesson_play.hpp"
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"lesson-scenario-wrong",
     Severity::error,
     Stage::lesson,
     "a scenario of the lesson does not come out as it says itself",
     "Something has changed since the scenario was written, so what the lesson says of it may no longer be so.",
     "firedrill run shows what came out and why.",
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

)",
      "play.toml", R"(title = "Only 135 is open"

[firewall]
allow = [135]

[expect]
logon = "works"
)"}},
    {"lesson-no-right-choice",
     Severity::error,
     Stage::lesson,
     "no choice means what the run brings",
     "Whatever the learner predicts, it is wrong: the lesson has gone stale, or a meaning says too much.",
     "The hint says what speaks against the first choice. Change the meanings, or the scenario.",
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
text  = "It fails at the Information Store"
means = { logon = "fails", fails_at = "information-store" }
reply = "It does not get that far."

)",
      "play.toml", only_135}},
    {"lesson-two-right-choices",
     Severity::error,
     Stage::lesson,
     "two choices mean what the run brings",
     "One of them would be called wrong although it is right.",
     "Say more exactly what each means.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "play.toml"
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It fails"
means = { logon = "fails" }
reply = "Yes."

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

)",
      "play.toml", only_135}},
    {"lesson-no-reply",
     Severity::error,
     Stage::lesson,
     "a wrong choice has no reply",
     "Who has chosen it learns that it is wrong, and not why.",
     "Write reply = \"...\" under the choice.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "predict"
scenario = "play.toml"
question = "Only 135 is open. What happens?"

[[step.choice]]
text  = "It works"
means = { logon = "works" }

[[step.choice]]
text  = "It fails at the Directory"
means = { logon = "fails", fails_at = "directory" }
reply = "Yes."

)",
      "play.toml", only_135}},
    {"lesson-no-value",
     Severity::error,
     Stage::lesson,
     "a text or a quiz wants a value that the run has not",
     "In its place there would be nothing.",
     "Take the value out, or choose another run.",
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
kind = "quiz"

[[step.item]]
ask      = "How does it end?"
scenario = "play.toml"
value    = "outcome"
)",
      "play.toml", only_135}},
    {"lesson-shown-too-early",
     Severity::error,
     Stage::lesson,
     "a run is shown before it was predicted",
     "Who has seen it learns nothing from predicting it.",
     "Put a predict step of the same run before it.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "show"
scenario = "play.toml"
point    = "Look at the last packets."

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

)",
      "play.toml", only_135}},
    {"lesson-no-such-packet",
     Severity::error,
     Stage::lesson,
     "the run has no such packets",
     "The lesson points at something that is not there.",
     "firedrill show has the packets of the run with their numbers, as does the lesson itself.",
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
events   = "90-95"
point    = "Look at the answer."
)",
      "play.toml", only_135}},
    {"lesson-other-packet",
     Severity::error,
     Stage::lesson,
     "a packet is something else than the lesson says",
     "The scenario or the program has changed, and the text speaks of the wrong packet.",
     "Correct the number, or the words.",
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
sees     = { 1 = "map reply" }
point    = "Look at the answer."
)",
      "play.toml", only_135}},
    {"lesson-other-rule",
     Severity::error,
     Stage::lesson,
     "a packet is judged by another rule than the lesson says",
     "What the lesson explains is not what happened.",
     "The hint has the rule that judged it; default is the end of the rules.",
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
kind     = "explain"
scenario = "play.toml"
text     = "Why is it dropped?"
model    = "No rule lets it pass."
packet   = 9
rule     = "rule 1"
)",
      "play.toml", only_135}},
    {"lesson-goal-out-of-reach",
     Severity::error,
     Stage::lesson,
     "no combination of the toggles meets the goal",
     "The learner would try for ever.",
     "Add an option that meets it, or ask for less.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "modify"
scenario = "play.toml"
task     = "Change the rules."
goal     = { logon = "works" }

[[step.toggle]]
name = "The firewall opens"
[[step.toggle.option]]
text = "135"
[[step.toggle.option]]
text = "135, and stays as it is"
)",
      "play.toml", only_135}},
    {"lesson-goal-met",
     Severity::error,
     Stage::lesson,
     "the goal is met before anything is changed",
     "There is nothing to do.",
     "The first option of each toggle is how things stand at the start: begin with what does not work.",
     "",
     {FileKind::lesson, R"(title = "A short lesson"

[[step]]
kind     = "modify"
scenario = "play.toml"
task     = "Change the rules."
goal     = { logon = "fails" }

[[step.toggle]]
name = "The firewall opens"
[[step.toggle.option]]
text = "135"
[[step.toggle.option]]
text = "135, and stays as it is"
)",
      "play.toml", only_135}},
});

}  // namespace

std::span<const Entry> lesson_truth_entries() { return all; }

}  // namespace scenarios::lint
