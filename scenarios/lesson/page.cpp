#include "scenarios/lesson/page.hpp"

#include "scenarios/lesson/page_run.hpp"
#include "scenarios/lesson/play.hpp"
#include "scenarios/lesson/words.hpp"
#include "scenarios/report/html.hpp"
#include "scenarios/report/pack.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace scenarios::report {

std::string_view lesson_page();  // made by the build from page/lesson.html

}  // namespace scenarios::report

namespace scenarios::lesson {
namespace {

namespace json = boost::json;

json::array texts(const std::vector<Name>& names) {
    json::array all;
    for (const Name& one : names) all.emplace_back(one.value);
    return all;
}

json::array texts(const std::vector<std::string>& lines) {
    json::array all;
    for (const std::string& one : lines) all.emplace_back(one);
    return all;
}

json::object picture_json(const Picture& picture) {
    json::array arrows;
    for (const Arrow& arrow : picture.arrows)
        arrows.push_back({{"from", arrow.from}, {"to", arrow.to}, {"stopped", arrow.stopped}, {"words", arrow.words}});
    return {{"lanes", texts(picture.lanes)}, {"arrows", std::move(arrows)}};
}

class Page {
public:
    Page(const Lesson& lesson, const Answers& answers, bool trainer)
        : lesson_(lesson), answers_(answers), trainer_(trainer) {}

    json::object make() {
        json::array steps;
        for (std::size_t i = 0; i < lesson_.steps.size(); ++i)
            steps.push_back(step(lesson_.steps[i], answers_.steps[i]));
        json::object object{{"schema", "firedrill.lesson/1"}, {"title", lesson_.title},
                            {"minutes", lesson_.minutes},     {"audience", lesson_.audience},
                            {"goals", texts(lesson_.goals)},  {"kb", texts(lesson_.kb)},
                            {"steps", std::move(steps)},      {"runs", std::move(runs_)}};
        if (trainer_ && !lesson_.trainer.empty()) object["trainer"] = lesson_.trainer;
        return object;
    }

private:
    std::size_t place(const PlayedPtr& run) {
        const auto known = std::find(played_.begin(), played_.end(), run.get());
        if (known != played_.end()) return static_cast<std::size_t>(known - played_.begin());
        played_.push_back(run.get());
        runs_.push_back(run_json(*run));
        return runs_.size() - 1;
    }

    json::object step(const Step& step, const StepAnswers& truth) {
        json::object object{{"kind", id(step.kind.value)}, {"title", title_of(step)}, {"hints", texts(step.hints)}};
        if (step.minutes != 0) object["minutes"] = step.minutes;
        if (trainer_) {
            std::string notes;
            for (const Note& note : trainer_notes(step, truth)) notes += note.label + ": " + note.words + "\n\n";
            object["trainer"] = notes;
        }
        if (!step.picture.empty()) object["picture"] = picture_json(step.picture);
        if (step.text) object["text"] = with_values(step.text, nullptr);
        if (step.question) object["question"] = with_values(step.question, nullptr);
        if (truth.run) object["run"] = place(truth.run);
        if (step.events) object["packets"] = {step.events->value.low, step.events->value.high};
        switch (step.kind.value) {
            case Kind::read: break;
            case Kind::predict: predict(step, truth, object); break;
            case Kind::show:
                if (step.point) object["point"] = with_values(step.point, truth.run.get());
                if (!step.rows.empty()) object["grid"] = grid(step, truth);
                break;
            case Kind::explain:
                object["model"] = with_values(step.model, truth.run.get());
                if (step.packet) object["packet"] = step.packet->value;
                if (step.seeds) object["grid"] = grid(grid_of_starts(starts_table(step, truth).rows));
                break;
            case Kind::modify: modify(step, truth, object); break;
            case Kind::quiz: quiz(step, truth, object); break;
        }
        return object;
    }

    void predict(const Step& step, const StepAnswers& truth, json::object& object) {
        json::array choices;
        for (const Choice& choice : step.choices)
            choices.push_back({{"text", choice.text.value}, {"reply", with_values(choice.reply, truth.run.get())}});
        object["choices"] = std::move(choices);
        object["right"] = truth.right;
        object["sure"] = step.confidence;
    }

    static json::object grid(const Step& step, const StepAnswers& truth) {
        std::vector<std::pair<std::string, const Played*>> rows;
        for (std::size_t i = 0; i < step.rows.size(); ++i)
            rows.emplace_back(step.rows[i].text.value, truth.rows[i].get());
        return grid(grid_of(rows));
    }

    static json::object grid(const Grid& made) {
        json::array lines, bars;
        for (const auto& row : made.rows) lines.push_back(texts(row));
        for (const Grid::Bars& column : made.bars) {
            json::array numbers;
            for (const std::uint64_t number : column.numbers) numbers.emplace_back(number);
            bars.push_back({{"column", column.column}, {"numbers", std::move(numbers)}});
        }
        return {{"head", texts(made.head)}, {"rows", std::move(lines)}, {"bars", std::move(bars)}};
    }

    void modify(const Step& step, const StepAnswers& truth, json::object& object) {
        json::array toggles, combinations;
        for (const Toggle& toggle : step.toggles) {
            json::array options;
            for (const Option& option : toggle.options) options.emplace_back(option.text.value);
            toggles.push_back({{"name", toggle.name.value}, {"options", std::move(options)}});
        }
        for (const Combination& one : truth.combinations) {
            json::object combination{{"run", place(one.run)}, {"meets", one.meets}};
            if (one.meets && step.point) combination["point"] = with_values(step.point, one.run.get());
            combinations.push_back(std::move(combination));
        }
        object["toggles"] = std::move(toggles);
        object["combinations"] = std::move(combinations);
    }

    void quiz(const Step& step, const StepAnswers& truth, json::object& object) const {
        json::array items;
        for (std::size_t i = 0; i < step.items.size(); ++i) {
            const Item& item = step.items[i];
            const Played* run = truth.item_runs[i].get();
            json::object one{{"ask", item.ask.value}, {"answer", truth.item_answers[i]}};
            if (run != nullptr)
                one["number"] = *number_of(run->facts, item.value->value);
            else
                one["accept"] = texts(item.accept);
            if (item.reply) one["reply"] = with_values(item.reply, run);
            items.push_back(std::move(one));
        }
        object["items"] = std::move(items);
    }

    const Lesson& lesson_;
    const Answers& answers_;
    bool trainer_;
    std::vector<const Played*> played_;
    json::array runs_;
};

}  // namespace

std::string page_of(const Lesson& lesson, const Answers& answers, bool trainer) {
    report::Packer packer;
    const auto whole = packer.add(Page(lesson, answers, trainer).make());
    const report::Packer::Packed packed = packer.finish({whole});
    return report::filled_page(
        report::lesson_page(),
        fmt::format("{{\"schema\":\"firedrill.lesson/1\",\"lesson\":{},\n{}}}\n", packed.places[whole], packed.json));
}

}  // namespace scenarios::lesson
