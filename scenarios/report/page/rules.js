// The rules of the firewalls of one run, as written, with the one that decides on a packet lit.
//
//   const rules = Firedrill.rules(container, run);
//   rules.show(index);
//
// `run` as in ladder.js. Each firewall shows the rules that judged the packet of that event; where none did, those it
// began with. A packet that no rule matched lights the default.
"use strict";
Firedrill.rules = (container, run) => {
  const {h} = Firedrill;
  const walls = run.lanes.map((lane, i) => ({lane, i})).filter(({lane}) => lane.kind === "firewall");
  const parts = walls.map(({lane, i}) => {
    const part = {lane, i, book: run.rulebooks.findIndex((book) => book.lane === i), items: new Map(), defaults: []};
    part.body = h("div.book", {tabindex: "0", role: "region", "aria-label": "Rules of " + lane.name});
    part.word = h("p.verdict-word");
    part.element = h("section.rules", null, h("h4", null, "Rules of " + lane.name), part.word, part.body);
    return part;
  });
  const item = (part, rule, index) => {
    const element = h("li", null, h("span.mark", {"aria-hidden": "true"}, "\u25b6"),
      h("code", null, rule.text), h("small", null, [rule.label, rule.place, rule.note].filter((t) => t).join(" \u00b7 ")));
    part.items.set(index, element);
    return element;
  };
  const chain = (part, one) => {
    let index = one.first || 0;
    const list = one.rules.map((rule) => {
      if (rule.skip === undefined) return item(part, rule, index++);
      index += rule.skip;
      return h("li.gap", null, Firedrill.count(rule.skip, "rule is", "rules are") + " left out here");
    });
    const policy = one.policy && h("li.default", null, h("span.mark", {"aria-hidden": "true"}, "\u25b6"),
      "no rule matched: " + one.policy);
    if (policy) part.defaults.push(policy);
    return [one.name && h("h5", null, one.name), h("ol", null, list, policy)];
  };
  const fill = (part, book) => {
    part.items.clear();
    part.defaults = [];
    part.book = book;
    const chains = book < 0 ? [] : run.rulebooks[book].chains;
    part.body.replaceChildren(...chains.flatMap((one) => chain(part, one)).filter((e) => e));
    if (!chains.length) part.body.replaceChildren(h("p", null, "no rules"));
  };
  parts.forEach((part) => fill(part, part.book));
  container.replaceChildren(...parts.map((part) => part.element));
  if (!parts.length) container.replaceChildren(h("p", null, "No firewall stands between the client and the server."));
  return {
    show(index) {
      const event = run.events[index];
      const by = event && event.verdict !== undefined ? run.verdicts[event.verdict].by : [];
      for (const part of parts) {
        const said = by.find((one) => one.lane === part.i);
        if (said && said.book !== part.book) fill(part, said.book);
        const lit = !said ? [] : said.rule !== undefined ? [part.items.get(said.rule)]
          : said.reason === "no-rule-matched" && part.defaults.length === 1 ? part.defaults : [];
        for (const element of [...part.items.values(), ...part.defaults]) {
          const on = lit.includes(element);
          element.classList.toggle("lit", on);
          element.classList.toggle("bad", on && said.action !== "accept");
          if (on) element.setAttribute("aria-current", "true"); else element.removeAttribute("aria-current");
        }
        const first = lit.find((element) => element);
        part.word.textContent = !event || event.note ? "" : !said ? "did not see this packet" : (said.action === "accept" ? "\u2713 lets it pass" : "\u2715 " + said.action + "s it") +
          (first ? "" : ": " + said.reason.replace(/-/g, " "));
        part.word.className = "verdict-word" + (said && said.action !== "accept" ? " bad" : said ? " good" : "");
        if (first) part.body.scrollTop = Math.max(0, first.offsetTop - part.body.offsetTop - 40);
      }
    },
  };
};
