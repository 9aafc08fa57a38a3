// All results: how many came out as expected, what the user gets, filters, and for each rehearsal its cases and sites.
"use strict";
Firedrill.overview = (container, report, query) => {
  const {h, words, count} = Firedrill;
  const rows_at_once = 150;
  const filter = {q: query.get("q") || "", status: query.get("status") || "", works: query.get("works") || "",
    cause: query.get("cause") || "", folder: query.get("folder") || ""};
  let shown = rows_at_once;

  const tally = (of) => {
    const counts = new Map();
    for (const one of report.index) for (const value of [of(one)].flat()) counts.set(value, (counts.get(value) || 0) + 1);
    return counts;
  };
  const choice = (id, label, all, counts, name = (v) => v) => {
    const select = h("select", {id, onchange: () => { filter[id] = select.value; changed(); }}, h("option", {value: ""}, all),
      [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([value, n]) => h("option", {value}, name(value) + " (" + n.toLocaleString("en-GB") + ")")));
    select.value = filter[id];
    return h("span.field", null, h("label", {for: id}, label), select);
  };
  const text = h("input", {id: "q", type: "search", value: filter.q, autocomplete: "off", spellcheck: "false"});
  let waiting = null;
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { filter.q = text.value; changed(); }, 120); });
  const counted = h("p.counted", {"aria-live": "polite"});
  const list = h("div.scenarios");
  const status = tally((one) => one.line.status), works = tally((one) => one.line.works);
  const big = (n, label, tone) => h("li." + tone, null, h("b", null, n.toLocaleString("en-GB")), " " + label);

  const matches = () => {
    const wanted = filter.q.toLowerCase().split(/\s+/).filter((w) => w);
    return report.index.filter((one) => (!filter.status || one.line.status === filter.status) &&
      (!filter.works || one.line.works === filter.works) && (!filter.folder || one.folder === filter.folder) &&
      (!filter.cause || one.line.causes.includes(filter.cause)) && wanted.every((w) => one.words.includes(w)));
  };
  const draw = () => {
    const found = matches();
    const some = found.slice(0, shown);
    counted.textContent = found.length === report.index.length ? "All " + count(found.length, "result", "results") + "."
      : count(found.length, "result", "results") + " of " + report.index.length.toLocaleString("en-GB") + ".";
    const blocks = [];
    for (let i = 0; i < some.length;) {
      const scenario = some[i].scenario, from = i;
      while (i < some.length && some[i].scenario === scenario) ++i;
      const {title, file, kb} = report.scenarios[scenario];
      blocks.push(h("section.scenario", null, h("h2", null, title), h("p.file", null, file + (kb ? " \u00b7 " + kb.join(", ") : "")),
        Firedrill.matrix(report, some.slice(from, i))));
    }
    list.replaceChildren(...blocks);
    if (!found.length) list.append(h("p", null, "Nothing matches."));
    if (found.length > some.length)
      list.append(h("button.more", {type: "button", onclick: () => { shown += rows_at_once; draw(); }},
        "Show more: " + (found.length - some.length).toLocaleString("en-GB") + " are left"));
  };
  const changed = () => { shown = rows_at_once; report.filtered(filter, matches().map((one) => one.number)); draw(); };

  const left = report.data.left_out, totals = report.data.totals;
  container.replaceChildren(
    h("section.summary", null,
      h("ul.counts", {"aria-label": "As expected?"}, big(totals.passed, "\u2713 as expected", "good"),
        big(totals.failed, "\u2715 not as expected", totals.failed ? "bad" : "quiet"),
        totals.ran ? big(totals.ran, "ran without an expectation", "quiet") : "",
        totals.stopped ? big(totals.stopped, "stopped", "bad") : "", totals.skipped ? big(totals.skipped, "not played", "bad") : ""),
      h("ul.counts", {"aria-label": "What the user gets"}, Object.keys(words.works).map((w) => big(works.get(w) || 0, words.works[w], words.tone[w]))),
      h("p.hint", null, "\u201cAs expected\u201d says that a rehearsal came out as its writer said it would. \u201cWorks\u201d says what the user gets. A rehearsal of a mistake fails, and that is as expected.")),
    left.lines ? h("p.left-out", null, count(left.lines, "more result is", "more results are") + " only counted.") : "",
    left.details ? h("p.left-out", null, "Of " + count(left.details, "result", "results") + " only the line is here, to keep this file small.") : "",
    h("form.filters", {role: "search", "aria-label": "Filter the results", onsubmit: (event) => event.preventDefault()},
      h("span.field.wide", null, h("label", {for: "q"}, "Words"), text),
      choice("status", "As expected?", "any", status, (v) => words.status[v]),
      choice("works", "The user gets", "any", works, (v) => words.works[v]),
      choice("cause", "Cause", "any", tally((one) => one.line.causes)),
      choice("folder", "Folder", "any", tally((one) => one.folder)),
      h("button", {type: "button", onclick: () => { for (const key of Object.keys(filter)) filter[key] = ""; text.value = "";
        for (const select of container.querySelectorAll("select")) select.value = ""; changed(); text.focus(); }}, "Show all")),
    counted, list);
  report.filtered(filter, matches().map((one) => one.number));
  draw();
  return {key: () => false, destroy() { clearTimeout(waiting); }};
};

// Cases down, sites across; `entries` are of one rehearsal, `current` is the one that is open.
Firedrill.matrix = (report, entries, current) => {
  const {h, words} = Firedrill;
  const scenario = report.scenarios[entries[0].scenario];
  const bySite = entries.some((one) => one.line.site !== undefined);
  const sites = bySite ? [...new Set(entries.map((one) => one.line.site))] : [undefined];
  const cases = [...new Set(entries.map((one) => one.line.case))];
  const cell = (one, site) => one ? h("td", {"data-site": site === undefined ? null : scenario.sites[site]},
    h("a." + words.tone[one.line.works], {href: "#" + one.key, "aria-current": one.number === current ? "page" : null}, words.works[one.line.works].split(" ")[0] + " " + one.line.outcome),
    one.line.status === "ok" ? "" : h("span.status." + one.line.status, null, words.status[one.line.status]),
    h("small", null, [one.line.starts > 1 ? one.line.starts.toLocaleString("en-GB") + " starts" : "", ...one.line.causes].filter((t) => t).join(" \u00b7 "))) : h("td", null);
  return h("div.scroll", bySite && {tabindex: "0", role: "region", "aria-label": "Cases and sites of " + scenario.title}, h("table.matrix", null,
    h("caption.away", null, "Cases" + (bySite ? " and sites" : "") + " of " + scenario.title),
    h("thead", bySite ? null : {class: "away"}, h("tr", null, h("th", {scope: "col"}, "Case"),
      sites.map((s) => h("th", {scope: "col"}, s === undefined ? "What the user gets" : scenario.sites[s])))),
    h("tbody", null, cases.map((c) => h("tr", null, h("th", {scope: "row"}, c === undefined ? "as written" : scenario.cases[c]),
      sites.map((s) => cell(entries.find((one) => one.line.case === c && one.line.site === s), s)))))));
};
