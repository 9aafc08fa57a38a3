// A lesson as plain data: what a lesson file says, with the place of everything that may turn out stale.
//
// A lesson never says which answer is right. A choice says what it *means* as an outcome; the scenario is played, and
// the choice that matches the run is the right one (answers.hpp). A quiz item names a value of a run, or words.
//
// Made by read.hpp. Nothing here knows a terminal, a page or a file system.
#pragma once

#include "scenarios/runner/scenario.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::lesson {

namespace base = sim::base;
namespace wire = sim::wire;
using runner::Name;
using runner::Placed;

enum class Kind : std::uint8_t { read, predict, show, explain, modify, quiz };
std::string_view id(Kind kind);

// Which run is meant: a scenario, some of its cases laid over one another, a part of its steps, perhaps in another
// order.
struct RunRef {
    std::optional<Name> scenario;  // as written
    std::string path;              // relative to the lesson's folder, made whole
    std::vector<Name> cases;
    std::optional<Name> site;
    std::optional<Placed<std::uint64_t>> seed;   // absent: the start that explains the result
    std::vector<Placed<std::uint64_t>> order;    // numbers of steps from 1; empty: as the scenario has them
    std::vector<Placed<std::uint64_t>> without;  // steps left out
    std::optional<Placed<std::uint64_t>> until;  // the last step that is done
    base::Place place;

    bool given() const {
        return scenario.has_value() || !cases.empty() || site || seed || !order.empty() || !without.empty() || until;
    }
};

// `above` laid over `below`: another scenario replaces everything, cases are added, other keys replace.
RunRef laid_over(const RunRef& below, const RunRef& above);

// Both ends included.
template <class T>
struct Span {
    T low{};
    T high{};
    bool holds(const T& value) const { return low <= value && value <= high; }
};

enum class Cut : std::uint8_t { none, ends, stays };  // nobody was cut off; it ended; not before the rehearsal did

struct OutageMeaning {
    Cut cut = Cut::none;
    Span<base::SimDuration> length{};  // with `ends`
};

// An outcome that somebody has in mind: a choice's meaning, a modification's goal. Only what was written is compared.
struct Meaning {
    runner::Expectation expect;
    std::optional<Placed<Span<std::uint64_t>>> open_ports;      // ports of the servers open to the client
    std::optional<Placed<Span<std::uint64_t>>> open_to_client;  // ports of the client open to the servers
    std::optional<Placed<Span<base::SimDuration>>> waits;       // how long the user waits
    std::optional<Placed<OutageMeaning>> outage;
    base::Place place;
};

// One arrow of a picture. Lanes are numbered in the order in which a picture first names them.
struct Arrow {
    std::size_t from = 0;
    std::size_t to = 0;
    bool stopped = false;  // ends there with a cross
    std::string words;
};

struct Picture {
    std::vector<std::string> lanes;
    std::vector<Arrow> arrows;
    bool empty() const { return arrows.empty(); }
};

// A text that may hold values of the step's run: {directory}, {open_ports}.
using Words = Placed<std::string>;

struct Choice {
    Name text;
    Meaning means;
    std::optional<Words> reply;
    base::Place place;
};

struct Row {
    Name text;
    RunRef run;  // laid over the step's
    base::Place place;
};

struct Option {
    Name text;
    RunRef run;  // laid over the step's, and over those of the toggles before
    base::Place place;
};

struct Toggle {
    Name name;
    std::vector<Option> options;  // the first is how things stand at the start
    base::Place place;
};

// A value that is read off a run.
enum class Value : std::uint8_t {
    directory,
    store,
    attendant,
    first_port,
    open_ports,
    open_to_client,
    waits,
    outage,
    outcome,
    reads,
    works,
    starts,
};
std::string_view id(Value value);

struct Item {
    Name ask;
    std::vector<Name> accept;            // words, one of which must be in the answer
    std::optional<Placed<Value>> value;  // or: a number that the run gives
    RunRef run;
    std::optional<Words> reply;
    base::Place place;
};

struct Sight {
    Placed<std::uint64_t> packet;
    Name words;  // must stand in what the packet means
};

struct Step {
    Placed<Kind> kind;
    std::string title;
    std::uint64_t minutes = 0;
    std::string trainer;  // what to say, what to look out for
    Picture picture;
    RunRef run;

    std::optional<Words> text;      // read, explain: what to read, what to put in own words
    std::optional<Words> question;  // predict, modify: what is asked, what is to be done
    bool confidence = false;
    std::vector<Choice> choices;

    std::optional<Placed<Span<std::uint64_t>>> events;  // predict, show: the packets worth seeing
    std::vector<Sight> sees;
    std::optional<Words> point;  // show, modify: what there was to see
    std::vector<Row> rows;       // show: several runs side by side

    std::optional<Words> model;                        // explain: a good answer
    std::optional<Placed<Span<std::uint64_t>>> seeds;  // explain: server starts whose ports stand side by side
    std::optional<Placed<std::uint64_t>> packet;
    std::optional<Name> rule;  // that judged the packet: "rule 2", or "default"

    std::optional<Meaning> goal;  // modify
    std::vector<Toggle> toggles;

    std::vector<Item> items;  // quiz
    std::vector<Name> hints;
    base::Place place;
};

struct Lesson {
    std::shared_ptr<const base::SourceText> source;  // its name is the path that was loaded
    std::string title;
    base::Place title_place;
    std::uint64_t minutes = 0;
    base::Place minutes_place;
    std::string audience;
    std::vector<std::string> goals;
    std::vector<std::string> kb;
    std::string trainer;
    std::vector<Step> steps;  // never empty in a lesson that was read
};

}  // namespace scenarios::lesson
