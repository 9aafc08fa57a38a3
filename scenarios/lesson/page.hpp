// A lesson as one HTML page that stands alone: it opens by double click, can be mailed, and asks for nothing from
// anywhere. The page is scenarios/report/page/lesson.html with its styles and scripts; here only its data is made. The
// page decides nothing: which choice is right, what each combination brings and every word of it comes from here.
//
// Its data is packed (report/pack.hpp); unpacked it is:
//
//   title minutes audience goals[] trainer?
//   runs    [{lines: [text], ladder?}]  what came out of each; its packets, unless it is a rehearsal of steps
//   steps   [{kind, title, minutes?, trainer?, picture?: {lanes: [text], arrows: [{from, to, stopped, words}]},
//             text? question? hints: [text], run?: place in runs, packets?: [from, to], point?,
//             predict: choices: [{text, reply}], right, sure
//             show:    grid?: {head: [text], rows: [[text]], bars: [{column, numbers}]}
//             explain: model, packet?, grid? (starts of one server)
//             modify:  toggles: [{name, options: [text]}], combinations: [{run, meets, point?}], the first toggle slowest
//             quiz:    items: [{ask, answer, number? | accept: [text], reply?}]
#pragma once

#include "scenarios/lesson/answers.hpp"

#include <string>

namespace scenarios::lesson {

// `trainer`: with the notes for whoever teaches it; without, they are not in the page at all.
std::string page_of(const Lesson& lesson, const Answers& answers, bool trainer);

}  // namespace scenarios::lesson
