// What the tests of lessons share: a small lesson and its scenario in memory, and the bundled ones from the disk.
#pragma once

#include "scenarios/lesson/answers.hpp"
#include "scenarios/lesson/read.hpp"
#include "scenarios/lesson/text.hpp"
#include "scenarios/runner/load_files.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <string_view>

namespace school {

using namespace scenarios::lesson;
using scenarios::runner::MemoryFiles;

inline constexpr std::string_view pinned = R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:0000138a
)";

inline constexpr std::string_view branch = R"(title = "Branch"
[firewall]
allow = [135]
[expect]
logon = "fails"
[[case]]
title = "pinned"
server.registry = "pinned.reg"
[[case]]
title = "opened"
firewall.allow = [135, 5001, 5002]
)";

inline constexpr std::string_view night = R"(title = "At night"
[firewall]
allow = [135, "1024-65535"]
[[step]]
do = "import-registry"
file = "pinned.reg"
expect = "works"
[[step]]
do = "wait"
for = "3h"
[[step]]
do = "restart-server"
expect = "works"
[[step]]
do = "replace-firewall"
rules = "narrow.rules"
expect = "works"
)";

inline std::map<std::string, std::string> texts() {
    return {{"play/branch.toml", std::string(branch)},
            {"play/night.toml", std::string(night)},
            {"play/pinned.reg", std::string(pinned)},
            {"play/narrow.rules", "default drop\nallow tcp 135\nallow tcp 5001-5002\n"}};
}

// A lesson with a step of every kind.
inline constexpr std::string_view whole = R"(title = "Everything"
minutes = 6
goals = ["know"]
trainer = "Take your time."

[[step]]
kind = "read"
minutes = 1
picture = ["Outlook -> server: where?", "server -> Outlook: there", "Outlook -x firewall: knock"]
text = "Outlook asks 135."

[[step]]
kind = "predict"
title = "The first one"
minutes = 1
scenario = "play/branch.toml"
question = "Only 135 is open."
confidence = true
hints = ["Think of the answer.", "It names a port."]
trainer = "Wait for an answer."
[[step.choice]]
text = "It works"
means = { logon = "works" }
reply = "The Directory is on {directory}."
[[step.choice]]
text = "The Directory is not reached"
means = { logon = "fails", fails_at = "directory" }

[[step]]
kind = "show"
minutes = 1
scenario = "play/branch.toml"
events = "7-9"
sees = { 7 = "map reply" }
point = "It said {directory}."

[[step]]
kind = "explain"
minutes = 1
scenario = "play/branch.toml"
text = "Why?"
model = "No rule for {directory}."
packet = 9
rule = "default"
seeds = "4-6"

[[step]]
kind = "modify"
minutes = 1
scenario = "play/branch.toml"
task = "Make it work."
goal = { logon = "works", open_ports = 3 }
hints = ["Both."]
point = "{open_ports} are open."
[[step.toggle]]
name = "Registry"
[[step.toggle.option]]
text = "as installed"
[[step.toggle.option]]
text = "pinned"
case = "pinned"
[[step.toggle]]
name = "Firewall"
[[step.toggle.option]]
text = "135"
[[step.toggle.option]]
text = "all three"
case = "opened"

[[step]]
kind = "quiz"
minutes = 1
[[step.item]]
ask = "Which port is asked first?"
scenario = "play/branch.toml"
value = "first_port"
[[step.item]]
ask = "And then?"
accept = ["restart", "reboot"]
reply = "Restart it."
)";

inline ReadLesson read(std::string_view text) {
    MemoryFiles files(texts());
    return parse_lesson("lesson.toml", text, files);
}

inline std::string shown(const base::Diagnostics& diagnostics) {
    std::string text;
    for (const auto& diagnostic : diagnostics) text += format(diagnostic);
    return text;
}

// A lesson with its answers, from texts that must be right.
struct Taught {
    Lesson lesson;
    Answers answers;
};

inline Taught taught(std::string_view text) {
    MemoryFiles files(texts());
    ReadLesson got = parse_lesson("lesson.toml", text, files);
    BOOST_TEST_REQUIRE(got.lesson.has_value(), shown(got.diagnostics));
    Answers answers = answers_of(*got.lesson, files);
    BOOST_TEST_REQUIRE(answers.diagnostics.empty(), shown(answers.diagnostics));
    return {std::move(*got.lesson), std::move(answers)};
}

inline std::string text_of(const Screen& screen) {
    return scenarios::lesson::text_of(screen, {}) + prompt_of(screen, {});
}

}  // namespace school
