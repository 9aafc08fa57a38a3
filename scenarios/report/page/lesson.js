// A lesson: one step at a time; a run comes into the page only after its prediction. The data is described at the head of
// scenarios/lesson/page.hpp; all words and all answers are in it, and the page decides nothing but what to show next.
//
// What the learner did stays in the address (#...), so that going on later, or mailing the address, needs no storage.
// Keys: Tab, arrows, Enter and space as everywhere; beside them 1 to 9 choose, h gives a hint, n goes on, b goes back.
"use strict";
Firedrill.lesson = (given, main) => {
  const {h} = Firedrill;
  // What the program writes is packed; the sample in the template is plain.
  const data = given.values ? Firedrill.store(given).get(given.lesson) : given;
  const steps = data.steps;
  const summary = steps.length;
  let at = -1;              // -1: the first page; steps.length: the summary
  let records = steps.map(() => ({}));
  const said = [];          // what was written in own words: it is not kept

  // ---- texts and pictures ----

  // Paragraphs; lines that begin with "- " are a list, with four blanks they stay as they are.
  const prose = (text) => {
    const out = [];
    let list = null, words = null, block = null;
    for (const line of (text || "").trimEnd().split("\n")) {
      if (line.startsWith("    ")) {
        words = list = null;
        if (!block) out.push(block = h("pre", {tabindex: "0"}));
        block.append((block.textContent ? "\n" : "") + line.slice(4));
        continue;
      }
      block = null;
      if (!line.trim()) words = list = null;
      else if (line.startsWith("- ")) {
        if (!list) out.push(list = h("ul"));
        list.append(words = h("li", null, line.slice(2)));
      } else if (words) words.append(" " + line.trim());
      else {
        list = null;
        out.push(words = h("p", null, line.trim()));
      }
    }
    return out;
  };

  const middle = (lane, lanes) => (lane + 0.5) * 100 / lanes;
  const picture = (drawn) => {
    const lanes = drawn.lanes.length;
    const style = (element, values) => { Object.assign(element.style, values); return element; };
    const row = (arrow) => {
      const right = arrow.to > arrow.from;
      const [a, b] = [middle(arrow.from, lanes), middle(arrow.to, lanes)];
      return h(arrow.stopped ? "div.row.stopped" : "div.row", null, h("span.lanes", null,
        drawn.lanes.map((lane, l) => style(h("span.life"), {left: middle(l, lanes) + "%"})),
        style(h("span.what", null, arrow.words), right ? {marginLeft: a + "%"} : {marginRight: (100 - a) + "%", textAlign: "right"}),
        h("span.track", null,
          style(h("span.arrow." + (right ? "right" : "left")), {left: Math.min(a, b) + "%", width: Math.abs(b - a) + "%"}),
          arrow.stopped && style(h("span.cross", null, "\u2715"), {left: b + "%"}))));
    };
    return h("figure.picture", null,
      h("div", {"aria-hidden": "true"},
        h("div.heads", null, h("span.lanes", null, drawn.lanes.map((lane) => h("span.head", null, h("b", null, lane))))),
        drawn.arrows.map(row)),
      h("ol.away", {"aria-label": "Picture"}, drawn.arrows.map((arrow) => h("li", null,
        drawn.lanes[arrow.from] + " to " + drawn.lanes[arrow.to] + (arrow.stopped ? ", stopped there: " : ": ") + arrow.words))));
  };

  // ---- runs ----

  let ladders = [];
  const ladder = (run, name, shown, number) => {
    const box = h(number ? "div.one-packet" : "div");
    const all = data.runs[run].ladder.events;
    const options = {name};
    const place = (n) => all.findIndex((event) => event.n === n);
    if (shown) Object.assign(options, {from: Math.max(0, place(shown[0])), to: place(shown[1]) + 1 || all.length});
    if (number) options.at = place(number);
    ladders.push(Firedrill.ladder(box, data.runs[run].ladder, options));
    return box;
  };
  const packets = (run, name) => {
    if (!data.runs[run].ladder) return null;
    const inside = h("div");
    const details = h("details.packets", {ontoggle: () => {
      if (details.open && !inside.firstChild) inside.append(ladder(run, name));
    }}, h("summary", null, "The packets of this run, one by one"), inside);
    return details;
  };
  const outcome = (run) => h("div.outcome", null, h("h4", null, "What happens"),
    h("ul", null, data.runs[run].lines.map((line) => h("li", null, line))));

  const verdict = (good, lead, reply) => h(good ? "div.verdict.right" : "div.verdict.wrong", null,
    h("h3", {tabindex: "-1"}, h("span", {"aria-hidden": "true"}, good ? "\u2713 " : "\u2715 "), lead), prose(reply));

  const grid = (table, name = "Runs side by side") => {
    const cell = (text, c, row) => {
      const bars = table.bars.find((one) => one.column === c);
      const bar = bars && h("span.bar-line", {"aria-hidden": "true"});
      if (bar) bar.style.width = bars.numbers[row] * 100 / Math.max(...bars.numbers) + "%";
      return h(c ? "td" : "th", c ? {"data-head": table.head[c]} : {scope: "row"}, text, bar);
    };
    return h("div.scroll", {tabindex: "0", role: "region", "aria-label": name}, h("table.grid", null,
      h("thead", null, h("tr", null, table.head.map((text) => h(text ? "th" : "td", text ? {scope: "col"} : null, text)))),
      h("tbody", null, table.rows.map((row, r) => h("tr", null, row.map((text, c) => cell(text, c, r)))))));
  };

  // ---- what every question has ----

  const radios = (name, legend, options, checked, onchange) => h("fieldset", null, h("legend", null, legend),
    options.map((text, i) => h("label.choice", null,
      h("input", {type: "radio", name, value: i, checked: checked === i, onchange}), h("span", null, h("b", null, i + 1), " ", text))));
  const chosen = (form, name) => {
    const one = form.querySelector("input[name='" + name + "']:checked");
    return one ? Number(one.value) : undefined;
  };
  const hints = (step) => {
    if (!step.hints.length) return null;
    let given = 0;
    const list = h("ol.hints", {"aria-live": "polite"});
    const button = h("button", {type: "button", class: "hint", onclick: () => {
      list.append(h("li", null, step.hints[given++]));
      button.textContent = given < step.hints.length ? "Another hint" : "No more hints";
      button.disabled = given === step.hints.length;
    }}, "Hint");
    return h("div", null, button, list);
  };
  const live = () => h("div.result", {"aria-live": "polite"});
  const look_at = (box) => { const head = box.querySelector("h3"); if (head) head.focus(); };

  // ---- the kinds of steps ----

  const kinds = {
    read: () => ({parts: [], done: () => true}),

    predict: (step, record) => {
      const result = live();
      const reveal = (now) => {
        const good = record.c === step.right;
        const lead = good ? "You are right." : "Not so. What happens: " + step.choices[step.right].text;
        result.replaceChildren(verdict(good, lead, step.choices[record.c].reply), outcome(step.run), packets(step.run, step.title) || "");
        for (const input of form.querySelectorAll("input")) input.disabled = true;
        send.hidden = true;
        if (help) help.hidden = true;
        if (now) look_at(result);
      };
      const form = h("form", {onsubmit: (event) => {
        event.preventDefault();
        const c = chosen(form, "choice"), s = chosen(form, "sure");
        if (c === undefined || (step.sure && s === undefined)) {
          missing.textContent = c === undefined ? "First choose what you expect." : "And how sure are you?";
          return;
        }
        missing.textContent = "";
        record.c = c;
        if (step.sure) record.s = s + 1;
        keep();
        reveal(true);
      }});
      const missing = h("p.missing", {role: "alert"});
      const send = h("p", null, h("button.main", {type: "submit"}, "Predict, and see"));
      const help = hints(step);
      form.append(radios("choice", "What do you expect?", step.choices.map((choice) => choice.text), record.c),
        step.sure ? radios("sure", "How sure are you?", ["a guess", "rather sure", "certain"], record.s && record.s - 1) : "",
        missing, send);
      if (record.c !== undefined) reveal(false);
      return {parts: [form, help, result], done: () => record.c !== undefined, why: "First your prediction."};
    },

    show: (step) => ({parts: [step.grid ? grid(step.grid) : data.runs[step.run].ladder ? ladder(step.run, step.title, step.packets) : outcome(step.run), prose(step.point)], done: () => true}),

    explain: (step, record) => {
      const result = live();
      const number = at;
      const words = h("textarea", {rows: "3", id: "words", "aria-label": "In your own words"});
      words.value = said[number] || "";
      const reveal = (now) => {
        result.replaceChildren(h("div.verdict", null, h("h3", {tabindex: "-1"}, "A good answer"), prose(step.model)),
          (step.packet && data.runs[step.run].ladder && ladder(step.run, "Packet " + step.packet, [step.packet, step.packet], step.packet)) || outcome(step.run));
        if (now) look_at(result);
      };
      const form = h("form", {onsubmit: (event) => {
        event.preventDefault();
        said[number] = words.value;
        record.d = 1;
        keep();
        reveal(true);
      }}, words, h("p", null, h("button.main", {type: "submit"}, "Compare with a good answer")));
      if (record.d) reveal(false);
      return {parts: [step.grid && grid(step.grid, "Server starts side by side"), form, hints(step), result], done: () => true};
    },

    modify: (step, record) => {
      const result = live();
      const combination = (options) => step.combinations[options.reduce((place, option, t) => place * step.toggles[t].options.length + option, 0)];
      const form = h("form.toggles", {onsubmit: (event) => event.preventDefault()});
      const below = h("div");
      const reveal = () => {
        const one = combination(record.o);
        result.replaceChildren(verdict(one.meets, one.meets ? "That is what was asked for." : "Not yet what was asked for.", one.point), outcome(one.run));
        below.replaceChildren(packets(one.run, step.title) || "");
      };
      const changed = () => {
        record.o = step.toggles.map((toggle, t) => chosen(form, "toggle" + t));
        record.n = (record.n || 0) + 1;
        if (combination(record.o).meets) record.m = 1;
        keep();
        reveal();
      };
      form.append(...step.toggles.map((toggle, t) => radios("toggle" + t, toggle.name, toggle.options, record.o ? record.o[t] : 0, changed)));
      if (record.o) reveal();
      return {parts: [h("p.muted", null, "Choose, and see at once what it brings."), form, hints(step), result, below], done: () => true};
    },

    quiz: (step, record) => {
      const result = live();
      const form = h("form", {onsubmit: (event) => {
        event.preventDefault();
        if (!words.value.trim()) return;
        record.a = [...(record.a || []), words.value.trim().slice(0, 200)];
        keep();
        words.value = "";
        draw();
        if (record.a.length < step.items.length) words.focus();
        else look_at(result.lastElementChild);
      }});
      const words = h("input", {type: "text", id: "words", autocomplete: "off"});
      const label = h("label", {for: "words"});
      form.append(label, words, " ", h("button.main", {type: "submit"}, "Answer"));
      const draw = () => {
        const answers = record.a || [];
        result.replaceChildren(...answers.map((typed, i) => {
          const item = step.items[i], good = answered(item, typed);
          return h("div", null, h("p.asked", null, (i + 1) + ". " + item.ask, h("br"), h("q", null, typed)),
            verdict(good, good ? "Right: " + item.answer + "." : "The answer is: " + item.answer + ".", item.reply));
        }));
        form.hidden = answers.length >= step.items.length;
        if (!form.hidden) label.textContent = (answers.length + 1) + ". " + step.items[answers.length].ask;
      };
      draw();
      return {parts: [result, form], done: () => (record.a || []).length >= step.items.length, why: "First your answers."};
    },
  };

  // The one number of the answer, or one of the words in it.
  const answered = (item, typed) => {
    if (item.number !== undefined) {
      const numbers = typed.replace(/(\d),(?=\d{3}(?!\d))/g, "$1").match(/\d+/g) || [];
      return numbers.length === 1 && numbers[0] === String(item.number);
    }
    return item.accept.some((word) => {
      const place = typed.toLowerCase().indexOf(word.toLowerCase());
      return place === 0 || (place > 0 && !/[a-z0-9]/i.test(typed[place - 1]));
    });
  };

  // ---- pages ----

  const trainer = (words) => words && h("details.trainer", {open: true}, h("summary", null, "For the trainer"), prose(words));

  const first = () => [
    h("h2", {tabindex: "-1"}, data.title),
    h("p.muted", null, [data.minutes ? data.minutes + " minutes" : "", data.audience].filter((t) => t).join(". ") + "."),
    data.goals.length > 0 && [h("h3", null, "Afterwards you can"), h("ul", null, data.goals.map((goal) => h("li", null, goal)))],
    trainer(data.trainer),
    h("p.muted", null, "Keys: Tab and arrows as everywhere; beside them 1 to 9 choose, h gives a hint, n goes on, b goes back."),
    data.kb.length > 0 && h("p.muted", null, "Rests on: " + data.kb.join(", ") + ".")];

  const last = () => {
    const lines = [];
    steps.forEach((step, i) => {
      const record = records[i];
      if (step.kind === "predict" && record.c !== undefined)
        lines.push([step.title, step.choices[record.c].text + (record.s ? " (sure: " + record.s + " of 3)" : ""), step.choices[step.right].text, record.c === step.right]);
      if (step.kind === "modify")
        lines.push([step.title, Firedrill.count(record.n || 0, "try", "tries"), record.m ? "done" : "given up", !!record.m]);
      (record.a || []).forEach((typed, k) => lines.push([step.items[k].ask, typed, step.items[k].answer, answered(step.items[k], typed)]));
    });
    return [h("h2", {tabindex: "-1"}, "What you predicted, and what happened"),
      h("p", null, h("strong", null, lines.filter((line) => line[3]).length + " of " + lines.length + " right.")),
      h("div.scroll", {tabindex: "0", role: "region", "aria-label": "Summary"}, h("table.summary", null,
        h("thead", null, h("tr", null, ["", "You", "It is", ""].map((t) => h(t ? "th" : "td", t ? {scope: "col"} : null, t)))),
        h("tbody", null, lines.map(([what, you, it, good]) => h("tr", null, h("th", {scope: "row"}, what), h("td", {"data-head": "You"}, you), h("td", {"data-head": "It is"}, it),
          h(good ? "td.good" : "td.bad", null, (good ? "\u2713" : "\u2715") + (good ? " right" : " not so"))))))),
      h("p", null, h("button", {type: "button", onclick: () => { records = steps.map(() => ({})); said.length = 0; go(-1); }}, "Begin anew"))];
  };

  const one = (step) => {
    const made = kinds[step.kind](step, records[at]);
    return {...made, parts: [
      h("p.where", null, "Step " + (at + 1) + " of " + steps.length + (step.minutes ? " \u00b7 " + step.minutes + " min" : "")),
      h("progress", {max: steps.length, value: at + 1, "aria-label": "How far you are"}),
      h("h2", {tabindex: "-1"}, step.title),
      step.picture && picture(step.picture), prose(step.text), prose(step.question), trainer(step.trainer), made.parts]};
  };

  let next = null, back = null, why = null, ready = () => true;
  const draw = (focus) => {
    for (const old of ladders) old.destroy();
    ladders = [];
    const page = at < 0 ? {parts: first()} : at === summary ? {parts: last()} : one(steps[at]);
    ready = page.done || (() => true);
    why = h("span.missing", {role: "status"});
    back = at < 0 ? null : h("button", {type: "button", class: "back", onclick: () => go(at - 1)}, "Back");
    next = at === summary ? null : h("button", {type: "button", class: "next", onclick: () => {
      if (ready()) go(at + 1);
      else why.textContent = page.why;
    }}, at < 0 ? "Begin" : "Next");
    main.replaceChildren(h("article", null, page.parts), h("nav.steps", {"aria-label": "Steps"}, back, next, why));
    document.title = (at < 0 ? "" : at === summary ? "Summary \u2013 " : steps[at].title + " \u2013 ") + data.title;
    if (focus) {
      scrollTo(0, 0);
      main.querySelector("h2").focus({preventScroll: true});
    }
  };

  // ---- the address ----

  const keep = () => {
    if (why) why.textContent = "";
    const text = at < 0 ? "" : encodeURIComponent(JSON.stringify([at, records]));
    try { history.replaceState(null, "", "#" + text); } catch { /* then it is kept while the page is open */ }
  };
  const whole = (value, below) => Number.isInteger(value) && value >= 0 && value < below;
  // What of a record fits its step; anything else was not made here.
  const fitting = (step, record) => {
    const kept = {};
    if (!record || typeof record !== "object") return kept;
    if (step.kind === "predict" && whole(record.c, step.choices.length) && (!step.sure || whole(record.s - 1, 3))) {
      kept.c = record.c;
      if (step.sure) kept.s = record.s;
    }
    if (step.kind === "explain" && record.d) kept.d = 1;
    if (step.kind === "modify" && Array.isArray(record.o) && record.o.length === step.toggles.length &&
        record.o.every((option, t) => whole(option, step.toggles[t].options.length)))
      Object.assign(kept, {o: record.o, n: whole(record.n, 10000) ? record.n : 1}, record.m ? {m: 1} : {});
    if (step.kind === "quiz" && Array.isArray(record.a) && record.a.every((typed) => typeof typed === "string"))
      kept.a = record.a.slice(0, step.items.length);
    return kept;
  };
  const restore = () => {
    try {
      const [step, kept] = JSON.parse(decodeURIComponent(location.hash.slice(1)));
      if (!whole(step, summary + 1)) return;
      records = steps.map((one, i) => fitting(one, kept[i]));
      // Nothing is skipped by writing an address by hand: what shows a run stands behind its prediction.
      const open = steps.findIndex((one, i) => i < step && one.kind === "predict" && records[i].c === undefined);
      at = open < 0 ? step : open;
    } catch { /* no address of this lesson: from the beginning */ }
  };
  const go = (step) => {
    at = Math.max(-1, Math.min(summary, step));
    keep();
    draw(true);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || (event.target.tagName === "INPUT" && event.target.type === "text")) return;
    if (/^[1-9]$/.test(event.key)) {
      const groups = [...main.querySelectorAll("fieldset")].filter((group) => group.querySelector("input:not(:disabled)"));
      const group = groups.find((one) => !one.querySelector("input:checked")) || groups.find((one) => one.contains(document.activeElement)) || groups[0];
      const input = group && group.querySelectorAll("input")[Number(event.key) - 1];
      if (!input) return;
      input.focus();
      if (!input.checked) input.click();
    } else if (event.key === "n" && next) next.click();
    else if (event.key === "b" && back) back.click();
    else if (event.key === "h") { const button = main.querySelector("button.hint:not(:disabled)"); if (button) button.click(); }
    else return;
    event.preventDefault();
  });

  document.getElementById("title").textContent = data.title;
  restore();
  draw(false);
};

Firedrill.theme(document.getElementById("theme"));
Firedrill.unfold_for_print();
Firedrill.lesson(JSON.parse(document.getElementById("data").textContent), document.getElementById("main"));
