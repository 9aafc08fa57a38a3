// The ladder of one run: client, firewalls and servers side by side, time running down, played step by step.
//
//   const ladder = Firedrill.ladder(container, run, {from, to, at, name, onstep});
//   ladder.go(7); ladder.play(); ladder.stop(); ladder.key(keyboardEvent); ladder.index; ladder.destroy();
//
// `run` is what ladder_json() of the program makes (scenarios/report/ladder_json.hpp):
//   lanes     [{name, kind: "client" | "firewall" | "server", address?, about?}]  from left to right
//   flows     [{what, protocol?, from, from_port, to, port, state?, at?, answer?}]  conversations; from and to are lanes;
//             protocol "TCP" if not said; state "stopped" (at the lane `at`; `answer` when it was an answer that was
//             stopped) or "failed"; without one it got through
//   verdicts  [{text, by: [{lane, action, reason, book, rule?}]}]
//   rulebooks [{lane, chains: [{name?, policy?, first?, rules: [{label, text, place?, note?} | {skip}]}]}]
//   events    [{n, t, from, to, end, what, ending, verdict?, flow?, back?, again?, deciding?, say?, answers?}
//              | {note: true, t, from, what, skip?}]
//   n numbers the packets from 1, t is in milliseconds; from, to and end are lanes: end is how far it came.
//   ending: arrived dropped rejected lost no-such-host replaced under-way. All words are the program's.
//
// options: events [from, to) alone are shown (default: all); `at` is the event to begin with (default: the deciding
// one, else the first); `name` is for people who hear the page; onstep(index, event) is called for every step.
//
// Keys: arrow left and right, Home, End, space to play. The picture is hidden from screen readers, which get the same
// events as a table, and each step in a live region.
"use strict";
Firedrill.ladder = (container, run, options = {}) => {
  const {h, seconds} = Firedrill;
  const from = options.from || 0, to = options.to === undefined ? run.events.length : options.to;
  const events = run.events.slice(from, to);
  const lanes = run.lanes.length;
  const middle = (lane) => (lane + 0.5) * 100 / lanes;
  const stopped = (event) => !event.note && event.ending !== "arrived" && event.ending !== "replaced";
  const verdict = (event) => (event.verdict === undefined ? "" : run.verdicts[event.verdict].text);
  const word = {arrived: "arrived", dropped: "DROPPED", rejected: "REJECTED", lost: "LOST", "no-such-host": "NOBODY THERE",
    replaced: "held by the firewall", "under-way": "under way"};
  const last = events.length - 1;
  const deciding = events.findIndex((event) => event.deciding);
  const speeds = {slow: 2600, normal: 1300, fast: 450};
  let index = -1, timer = null, whole = true;

  const place = (element, style) => { Object.assign(element.style, style); return element; };

  const arrow = (event) => {
    const end = event.end === event.from ? event.from + (event.to > event.from ? 0.4 : -0.4) : event.end;
    const right = end > event.from;
    const [a, b] = [middle(event.from), middle(end)];
    return [
      place(h("span.arrow." + (right ? "right" : "left")), {left: Math.min(a, b) + "%", width: Math.abs(b - a) + "%"}),
      stopped(event) && place(h("span.cross", null, "\u2715"), {left: b + "%"})];
  };

  const besides = (event) => {
    const right = event.to > event.from;
    const x = middle(event.from), e = middle(stopped(event) ? event.end : Math.min(...[1, event.from, event.to].filter((l) => l >= 0)));
    const say = event.say && verdict(event);
    const bad = stopped(event);
    return [
      place(h("span.what", null, h("span", null, h("b", null, event.n), " ", event.what)),
        right ? {marginLeft: x + "%"} : {marginRight: (100 - x) + "%", textAlign: "right"}),
      h("span.track", null, arrow(event)),
      say && place(h(bad ? "span.say.bad" : "span.say", null, h("span", null, (bad ? "\u2715 " : "\u2713 ") + say)),
        right || !bad ? {marginLeft: (bad ? Math.min(e, say.length > 70 ? 30 : 55) : x) + "%"} : {marginRight: (100 - e) + "%", textAlign: "right"})];
  };

  const plain = (event) => event.what === "ACK" || event.what === "FIN";
  const row = (event, i) => {
    const classes = ["row"];
    if (event.note) classes.push("note");
    else if (stopped(event)) classes.push("stopped");
    else if (plain(event)) classes.push("plain");
    if (event.deciding) classes.push("deciding");
    return h("li." + classes.join("."), {onclick: () => controller.go(i)},
      h("span.time", null, event.note ? "" : seconds(event.t)),
      h("span.lanes", null,
        run.lanes.map((lane, l) => place(h("span.life." + lane.kind), {left: middle(l) + "%"})),
        event.note ? h("span.remark", null, h("span", null, run.lanes[event.from].name + ": " + event.what)) : besides(event)));
  };
  const rows = events.map(row);

  const button = (label, symbol, action) =>
    h("button", {type: "button", onclick: action}, h("span", {"aria-hidden": "true"}, symbol), " " + label);
  const playing = button("Play", "\u25b6", () => (timer === null ? controller.play() : controller.stop()));
  const speed = h("select", {"aria-label": "Speed"}, Object.keys(speeds).map((name) => h("option", {value: name}, name)));
  speed.value = "normal";
  const all = h("input", {type: "checkbox", checked: true, onchange: () => { whole = all.checked; show(); }});
  const manual = (i) => () => { controller.stop(); controller.go(i()); };
  const bar = h("div.bar", {role: "toolbar", "aria-label": "Step through the packets"},
    button("First", "|\u25c0", manual(() => 0)),
    button("Back", "\u25c0", manual(() => index - 1)),
    playing,
    button("Next", "\u25b6", manual(() => index + 1)),
    button("Last", "\u25b6|", manual(() => last)),
    deciding >= 0 && button("Deciding packet", "\u2715", manual(() => deciding)),
    speed,
    h("label", null, all, " later packets too"));

  const now = h("div.now", {"aria-live": "polite", "aria-atomic": "true"});
  const flow = (event) => (event.flow === undefined ? "" : Firedrill.flow(run, run.flows[event.flow], event.back));
  const tell = (event) => {
    const bad = stopped(event);
    const path = event.note ? run.lanes[event.from].name : run.lanes[event.from].name + " \u2192 " + run.lanes[event.to].name;
    const end = event.note ? "a remark of the program" : (bad ? "\u2715 " : "\u2713 ") + word[event.ending];
    now.replaceChildren(
      h("p.where", null, (event.note ? "Remark" : "Packet " + event.n) + " \u00b7 step " + (index + 1) + " of " + events.length +
        " \u00b7 " + seconds(event.t) + " \u00b7 " + path),
      h("p", null, h("strong", null, event.what), " ", h("span.end" + (bad ? ".bad" : event.note ? ".remark" : ""), null, end)),
      h("p", null, verdict(event), verdict(event) && ". ", event.answers && "It is the firewall\u2019s answer to packet " + event.answers + ". ",
        event.deciding && h("strong", null, "This packet decided what the user got.")),
      h("p.flow", null, flow(event)));
  };

  const show = () => {
    rows.forEach((r, i) => {
      r.classList.toggle("now-row", i === index);
      r.classList.toggle("later", !whole && i > index);
    });
  };

  const controller = {
    get index() { return index + from; },
    get playing() { return timer !== null; },
    go(i, quiet = false) {
      if (!events.length) return;
      index = Math.max(0, Math.min(last, i));
      show();
      tell(events[index]);
      if (!quiet) rows[index].scrollIntoView({block: "nearest"});
      if (options.onstep) options.onstep(index + from, events[index]);
      if (index === last) controller.stop();
    },
    play() {
      whole = all.checked = false;
      controller.go(index >= last ? 0 : index + 1);
      const tick = () => { controller.go(index + 1); if (timer !== null) timer = setTimeout(tick, speeds[speed.value]); };
      if (index < last) timer = setTimeout(tick, speeds[speed.value]);
      playing.lastChild.data = " Pause";
      playing.firstChild.textContent = "\u2016";
    },
    stop() {
      clearTimeout(timer);
      timer = null;
      playing.lastChild.data = " Play";
      playing.firstChild.textContent = "\u25b6";
    },
    // True when the key was one of its own.
    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return false;
      const onButton = event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY" || event.target.tagName === "A";
      const keys = {ArrowLeft: () => index - 1, ArrowRight: () => index + 1, Home: () => 0, End: () => last};
      if (keys[event.key]) manual(keys[event.key])();
      else if (event.key === " " && !onButton) timer === null ? controller.play() : controller.stop();
      else return false;
      event.preventDefault();
      return true;
    },
    destroy() { controller.stop(); container.replaceChildren(); },
  };

  const cells = (event, i) => event.note
    ? [i + 1, seconds(event.t), run.lanes[event.from].name, "", event.what, "remark", ""]
    : [i + 1, seconds(event.t), run.lanes[event.from].name, run.lanes[event.to].name, event.what,
      word[event.ending], verdict(event) + (event.deciding ? ". This packet decided what the user got." : "")];
  const table = () => h("table", null,
    h("caption", null, options.name || "Events"),
    h("thead", null, h("tr", null, ["Step", "Time", "From", "To", "What", "Ended", "Verdict"].map((t) => h("th", {scope: "col"}, t)))),
    h("tbody", null, events.map((event, i) => h("tr", null, cells(event, i).map((t) => h("td", null, String(t)))))));

  const group = h("div.ladder", {role: "group", tabindex: "0", "aria-label": (options.name || "Ladder") +
      ": step with the arrow keys, Home and End, play with space", onkeydown: (event) => controller.key(event)},
    h("div.controls", null, bar, now),
    h("div.heads", {"aria-hidden": "true"}, h("span.time", null, "time"),
      h("span.lanes", null, run.lanes.map((lane) => h("span.head." + lane.kind, null, h("b", null, lane.name), " ", h("small", null, lane.address || ""))))),
    h("ol.rows", {"aria-hidden": "true"}, rows));
  const events_as_table = h("details.as-table", null, h("summary", null, "The same " + Firedrill.count(events.length, "event", "events") + " as a table"), table());
  container.replaceChildren(group, events_as_table);
  if (!events.length) now.replaceChildren(h("p", null, "No packet was sent."));
  controller.go(options.at !== undefined ? options.at - from : Math.max(deciding, 0), true);
  return controller;
};
