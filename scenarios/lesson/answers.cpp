#include "scenarios/lesson/answers.hpp"

#include "scenarios/lesson/fill.hpp"
#include "scenarios/report/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace scenarios::lesson {
namespace {

// Every combination of options, the first toggle slowest; empty when there would be too many.
std::vector<std::vector<std::size_t>> all_options(const Step& step) {
    std::size_t count = 1;
    for (const Toggle& toggle : step.toggles) {
        count *= std::max<std::size_t>(toggle.options.size(), 1);
        if (count > combinations_max) return {};
    }
    std::vector<std::vector<std::size_t>> all(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t rest = i;
        all[i].resize(step.toggles.size());
        for (std::size_t t = step.toggles.size(); t-- > 0;) {
            all[i][t] = rest % step.toggles[t].options.size();
            rest /= step.toggles[t].options.size();
        }
    }
    return all;
}

RunRef run_of(const Step& step, const std::vector<std::size_t>& options) {
    RunRef run = step.run;
    for (std::size_t t = 0; t < options.size(); ++t) run = laid_over(run, step.toggles[t].options[options[t]].run);
    return run;
}

class Examiner {
public:
    Examiner(const Lesson& lesson, runner::Files& files, bool play)
        : lesson_(lesson), plays_(lesson, files), play_(play) {}

    Answers examine() {
        for (const Step& step : lesson_.steps) {
            answers_ = &all_.steps.emplace_back();
            step_ = &step;
            switch (step.kind.value) {
                case Kind::read: break;
                case Kind::predict: predict(); break;
                case Kind::show: show(); break;
                case Kind::explain: explain(); break;
                case Kind::modify: modify(); break;
                case Kind::quiz: quiz(); break;
            }
        }
        std::stable_sort(all_.diagnostics.begin(), all_.diagnostics.end(), [](const auto& a, const auto& b) {
            return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
        });
        return std::move(all_);
    }

private:
    void error(const base::Place& at, std::string what, std::string id, std::string hint = {}) {
        all_.diagnostics.push_back(
            lesson_.source->diagnose(base::Severity::error, at, std::move(what), std::move(id), std::move(hint)));
    }

    // The run, when there is one and it is to be played and keeps its own promise.
    PlayedPtr run(const RunRef& ref) {
        if (!plays_.find(ref, all_.diagnostics) || !play_) return nullptr;
        if (const std::string wrong = plays_.unexpected(ref); !wrong.empty() && told_.insert(key_of(ref)).second)
            error(ref.place, fmt::format("the scenario does not come out as it says itself: {}", wrong),
                  "lesson-scenario-wrong", "firedrill run " + ref.path + " says more");
        return plays_.play(ref);
    }

    void values_there(const std::optional<Words>& words, const Played& run) {
        if (!words) return;
        for (const std::string& name : names_in(words->value))
            if (const auto value = value_named(name); value && shown(run.facts, *value).empty())
                error(words->place, fmt::format("the run has no {{{}}}", name), "lesson-no-value",
                      "this run gives no such number: take the value out, or choose another run");
    }

    void predict() {
        predicted_.insert(key_of(step_->run));
        asked_about_.insert(step_->run.path);
        answers_->run = run(step_->run);
        if (!answers_->run) return;
        std::vector<std::size_t> right;
        for (std::size_t i = 0; i < step_->choices.size(); ++i) {
            const Choice& choice = step_->choices[i];
            const auto unmet = plays_.unmet(step_->run, choice.means, all_.diagnostics);
            answers_->against.push_back(unmet.empty() ? std::string() : unmet.front());
            if (unmet.empty()) right.push_back(i);
            if (!unmet.empty() && !choice.reply)
                error(choice.place, "a wrong choice has no reply", "lesson-no-reply",
                      "say why it is wrong: " + unmet.front());
            values_there(choice.reply, *answers_->run);
        }
        if (right.empty())
            error(step_->place, "no choice is right: none means what the run brings", "lesson-no-right-choice",
                  answers_->against.empty() ? "" : "of the first, " + answers_->against.front());
        if (right.size() > 1)
            error(step_->choices[right[1]].place,
                  fmt::format("choice {} is right as well as choice {}", right[1] + 1, right[0] + 1),
                  "lesson-two-right-choices", "say more exactly what each means");
        if (!right.empty()) answers_->right = right.front();
        sights(*answers_->run);
    }

    void show() {
        if (step_->run.scenario) {
            if (step_->rows.empty()) was_predicted(step_->run);
            answers_->run = run(step_->run);
            if (answers_->run) sights(*answers_->run), values_there(step_->point, *answers_->run);
        }
        for (const Row& row : step_->rows) {
            const RunRef ref = laid_over(step_->run, row.run);
            if (asked_about_.count(ref.path) == 0)
                error(row.place, "a run of this scenario is shown before anything of it was predicted",
                      "lesson-shown-too-early", "put a predict step before it");
            answers_->rows.push_back(run(ref));
        }
    }

    void was_predicted(const RunRef& ref) {
        if (predicted_.count(key_of(ref)) == 0)
            error(step_->place, "this run is shown before it was predicted", "lesson-shown-too-early",
                  "put a predict step of the same run before it");
    }

    // The packets that a step speaks of are there, and mean what it says.
    void sights(const Played& run) {
        const report::Events events = report::events_of(run.seen());
        std::uint64_t last = 0;
        for (const report::Event& event : events.events)
            last = std::max<std::uint64_t>(last, event.note ? 0 : event.number);
        if (step_->events && (step_->events->value.high > last || step_->events->value.low == 0))
            error(step_->events->place, fmt::format("the run has no such packets: it has 1 to {}", last),
                  "lesson-no-such-packet");
        for (const Sight& sight : step_->sees) {
            const auto found = std::find_if(
                events.events.begin(), events.events.end(),
                [&](const report::Event& event) { return !event.note && event.number == sight.packet.value; });
            if (found == events.events.end())
                error(sight.packet.place,
                      fmt::format("the run has no packet {}: it has 1 to {}", sight.packet.value, last),
                      "lesson-no-such-packet");
            else if (found->what.find(sight.words.value) == std::string::npos)
                error(sight.words.place,
                      fmt::format("packet {} is something else: {}", sight.packet.value, found->what),
                      "lesson-other-packet");
        }
    }

    void explain() {
        was_predicted(step_->run);
        answers_->run = run(step_->run);
        if (!answers_->run) return;
        values_there(step_->model, *answers_->run);
        starts();
        const report::Events events = report::events_of(answers_->run->seen());
        const auto found = std::find_if(events.events.begin(), events.events.end(), [&](const report::Event& event) {
            return !event.note && step_->packet && event.number == step_->packet->value;
        });
        if (step_->packet && found == events.events.end())
            error(step_->packet->place, fmt::format("the run has no packet {}", step_->packet->value),
                  "lesson-no-such-packet");
        if (step_->rule && found != events.events.end()) judged_by(*found);
        if (step_->rule && !step_->packet)
            error(step_->rule->place, "a rule judges a packet: which one?", "missing-key",
                  "add packet = 7, for instance");
    }

    void starts() {
        if (!step_->seeds) return;
        if (!answers_->run->result.steps.empty())
            return error(step_->seeds->place, "seeds are server starts, and this scenario has steps", "contradiction",
                         "choose a scenario without steps");
        RunRef ref = step_->run;
        const Span<std::uint64_t>& seeds = step_->seeds->value;
        for (std::uint64_t seed = seeds.low; seed <= seeds.high; ++seed) {
            ref.seed = Placed<std::uint64_t>{seed, step_->seeds->place};
            answers_->rows.push_back(plays_.play(ref));
        }
    }

    void judged_by(const report::Event& event) {
        std::vector<std::string> rules;
        for (const report::Word& word : event.words) rules.push_back(word.rule.empty() ? "default" : word.rule);
        if (std::find(rules.begin(), rules.end(), step_->rule->value) != rules.end()) return;
        error(step_->rule->place,
              fmt::format("packet {} is not judged by {}", event.number, base::printable(step_->rule->value, 40)),
              "lesson-other-rule",
              rules.empty() ? "no firewall stands in its way"
                            : fmt::format("it is judged by: {}", fmt::join(rules, ", ")));
    }

    void modify() {
        asked_about_.insert(step_->run.path);
        const auto all = all_options(*step_);
        if (all.empty()) {
            error(step_->place, fmt::format("the toggles multiply to more than {} runs", combinations_max),
                  "lesson-too-many-runs", "take a toggle or some options out");
            return;
        }
        std::size_t met = 0;
        for (const auto& options : all) {
            const RunRef ref = run_of(*step_, options);
            Combination combination{options, run(ref), false};
            if (combination.run && step_->goal)
                combination.meets = plays_.unmet(ref, *step_->goal, all_.diagnostics).empty();
            if (combination.run) values_there(step_->point, *combination.run);
            met += combination.meets ? 1U : 0U;
            answers_->combinations.push_back(std::move(combination));
        }
        if (!play_ || !step_->goal || !answers_->combinations.front().run) return;
        if (met == 0)
            error(step_->goal->place, "no combination meets the goal", "lesson-goal-out-of-reach");
        else if (answers_->combinations.front().meets)
            error(step_->goal->place, "the goal is met before anything is changed", "lesson-goal-met",
                  "the first option of each toggle is how things stand at the start");
    }

    void quiz() {
        for (const Item& item : step_->items) {
            answers_->item_runs.push_back(item.value ? run(item.run) : nullptr);
            answers_->item_answers.push_back(item.accept.empty() ? std::string() : item.accept.front().value);
            const PlayedPtr& played = answers_->item_runs.back();
            if (!played) continue;
            values_there(item.reply, *played);
            answers_->item_answers.back() = shown(played->facts, item.value->value);
            if (!number_of(played->facts, item.value->value))
                error(item.value->place, fmt::format("the run has no number {}", id(item.value->value)),
                      "lesson-no-value");
        }
    }

    const Lesson& lesson_;
    Plays plays_;
    bool play_;
    Answers all_;
    const Step* step_ = nullptr;
    StepAnswers* answers_ = nullptr;
    std::set<std::string> predicted_;    // runs, by key
    std::set<std::string> asked_about_;  // scenarios, by path
    std::set<std::string> told_;
};

std::string lower(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

// The numbers in a line: "about 64,513 ports" has one. A sign or a point between digits makes it another number.
std::vector<std::string> numbers_in(std::string_view typed) {
    std::vector<std::string> all;
    bool inside = false;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        const auto digit = [&](std::size_t at) { return at < typed.size() && typed[at] >= '0' && typed[at] <= '9'; };
        if (digit(i)) {
            if (!inside) all.emplace_back();
            all.back() += typed[i];
            inside = true;
        } else {
            inside = inside && typed[i] == ',' && digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4);
        }
    }
    return all;
}

}  // namespace

base::Diagnostics look_up(const Lesson& lesson, runner::Files& files) {
    return Examiner(lesson, files, false).examine().diagnostics;
}

Answers answers_of(const Lesson& lesson, runner::Files& files) { return Examiner(lesson, files, true).examine(); }

const Combination& combination_of(const Step& step, const StepAnswers& answers,
                                  const std::vector<std::size_t>& options) {
    std::size_t index = 0;
    for (std::size_t t = 0; t < step.toggles.size(); ++t) {
        const std::size_t count = step.toggles[t].options.size();
        index = index * count + std::min(t < options.size() ? options[t] : 0, count - 1);
    }
    return answers.combinations.at(index);
}

bool is_right(const Item& item, const Facts* facts, std::string_view typed) {
    if (facts != nullptr && item.value) {
        const auto numbers = numbers_in(typed);
        const auto wanted = number_of(*facts, item.value->value);
        return wanted && numbers.size() == 1 && numbers.front() == std::to_string(*wanted);
    }
    const std::string said = lower(typed);
    return std::any_of(item.accept.begin(), item.accept.end(), [&](const Name& word) {
        const std::string wanted = lower(word.value);
        const std::size_t at = said.find(wanted);
        if (at == std::string::npos) return false;
        return at == 0 || std::isalnum(static_cast<unsigned char>(said[at - 1])) == 0;
    });
}

}  // namespace scenarios::lesson
