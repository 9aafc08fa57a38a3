// The page of one result, and for a result with steps two moments of it side by side.
"use strict";
Firedrill.words = {
  status: {ok: "\u2713 as expected", WRONG: "\u2715 NOT as expected", ran: "\u00b7 ran, nothing was expected", stopped: "\u2013 stopped"},
  works: {all: "\u2713 works", degraded: "\u25d0 works over named pipes", some: "\u25d0 works in part", none: "\u2715 fails"},
  tone: {all: "good", degraded: "some", some: "some", none: "bad"},
};

// How often each action worked over all starts.
Firedrill.shares = (line) => {
  const {h} = Firedrill;
  if (line.starts < 2) return null;
  return h("ul.shares", null, line.actions.map((a) => {
    const all = a.works + a.fails;
    const text = a.action + ": works in " + a.works.toLocaleString("en-GB") + " of " + all.toLocaleString("en-GB") + " starts" +
      (a.degraded ? ", " + a.degraded + " of them over named pipes" : "") +
      (a.fails ? "; fails " + (a.fails_at ? Object.entries(a.fails_at).map(([at, n]) => n.toLocaleString("en-GB") + " times at " + at).join(", ") : "") +
        (a.works ? ", first with seed " + a.first_failing_seed : "") : "");
    const bar = h("span.share", {"aria-hidden": "true"}, a.works ? h("span.works") : "", a.fails ? h("span.fails") : "");
    // Never so small that it cannot be seen, for one failing start among many is what people look for.
    if (bar.firstChild) bar.firstChild.style.flex = a.works + " 0 4px";
    if (bar.lastChild) bar.lastChild.style.flex = (bar.lastChild.className === "fails" ? a.fails : a.works) + " 0 4px";
    return h("li", null, bar, text);
  }));
};

Firedrill.result = (container, report, number, at) => {
  const {h, words} = Firedrill;
  const {line, scenario, name, key, detail} = report.result(number);
  let moments = [];
  const link = (other, text) => other === null ? h("span.muted", null, text) :
    h("a", {href: "#" + report.result(other).key}, text + ": " + report.result(other).name);
  const unmet = (list) => h("ul.unmet", null, list.map((u) => h("li", null,
    h("p", null, h("b", null, "expected "), u.expected), h("p", null, h("b", null, "got "), u.got + (u.seed ? " (first with seed " + u.seed + ")" : "")))));
  const look = detail && !detail.steps && detail.views.length ? detail.views[0].looks[0] : null;

  const parts = [
    h("nav.crumbs", {"aria-label": "Results"}, h("a", {href: "#" + report.query()}, "\u2190 All results"),
      link(report.before(number), "Previous"), link(report.after(number), "Next")),
    h("h2", null, scenario.title, name !== scenario.title && name ? h("span.case", null, name) : ""),
    h("p.verdict." + words.tone[line.works], null, h("b", null, words.works[line.works].split(" ")[0] + " " + line.outcome), " ",
      h("span.status." + line.status, null, words.status[line.status])),
    scenario.about && scenario.about.trim().split(/\n\s*\n/).map((text) => h("p.about", null, text)),
    line.status === "ok" && (line.works === "some" || line.works === "none") && h("p.hint", null, "This rehearsal shows a mistake: that it fails here is what its writer expects."),
    Firedrill.shares(line),
    line.starts > 1 && line.works === "some" && h("p.hint", null, "Counted over the starts that were played: a sample of what the server can draw, not an exact share."),
    look && line.starts > 1 && h("p.muted", null, "Shown below: the server start with seed " + look.seed + "."),
    detail && detail.unmet && unmet(detail.unmet),
  ];
  const stage = h("div");
  const seed = detail && detail.views.length ? " --seed " + detail.views[0].looks[0].seed : "";
  const command = h("code", null, "firedrill show " + scenario.file + (line.case === undefined ? "" : " --case " + (line.case + 1)) +
    (line.site === undefined ? "" : " --site " + (line.site + 1)) + seed);
  const seen = h("footer.seen", null, h("p", null, h("code", null, scenario.file), scenario.kb ? " " + scenario.kb.join(", ") : ""),
    h("p", null, "On the command line: ", command));
  container.replaceChildren(...parts.flat().filter((p) => p), stage, report.matrix(number) || "", seen);

  if (!detail || !detail.views.length) {
    stage.append(h("p.left-out", null, detail ? "Nothing was played." : "Its packets were left out to keep this file small; the command below shows them."));
  } else if (detail.steps) {
    moments = Firedrill.compare(stage, report, scenario, detail, unmet);
  } else {
    moments = [Firedrill.moment(stage, detail.views[0], look, {name: "Packets of " + name, at,
      onstep: (index) => report.remember(key, index)})];
  }
  return {
    key: (event) => moments.length > 0 && moments[0].key(event),
    destroy() { for (const one of moments) one.destroy(); },
  };
};

// Steps: the order of work as a matrix, and any two moments of one site side by side.
Firedrill.compare = (stage, report, scenario, detail, unmet) => {
  const {h} = Firedrill;
  const sites = scenario.sites || ["this network"];
  const title = (look) => (look.step === undefined ? "at the end" : detail.steps[look.step].title);
  const panes = [h("section.pane", {"aria-label": "Before"}), h("section.pane", {"aria-label": "After"})];
  const moments = [null, null];
  let site = 0, chosen = [0, 0];
  const siteChoice = h("select", {id: "site", onchange: () => { site = Number(siteChoice.value); fill(); }},
    detail.views.map((view, i) => h("option", {value: i}, sites[view.site === undefined ? i : view.site])));
  const choices = ["before", "after"].map((id, p) => h("select", {id, onchange: () => { chosen[p] = Number(choices[p].value); draw(p); }}));
  const draw = (p) => {
    if (moments[p]) moments[p].destroy();
    const view = detail.views[site], look = view.looks[chosen[p]];
    choices[p].value = chosen[p];
    const body = h("div");
    panes[p].replaceChildren(h("h3", null, (p ? "After: " : "Before: ") + title(look)), body);
    moments[p] = Firedrill.moment(body, view, look, {name: "Packets " + title(look), level: 4});
  };
  const fill = () => {
    const looks = detail.views[site].looks;
    siteChoice.value = site;
    for (const choice of choices) choice.replaceChildren(...looks.map((look, i) => h("option", {value: i}, title(look))));
    // What is worth comparing with the first look: the last one that came out otherwise.
    const works = looks.map((look) => (look.outcomes || []).every((one) => one.works));
    const other = works.lastIndexOf(!works[0]);
    chosen = [0, other < 0 ? looks.length - 1 : other];
    draw(0);
    draw(1);
  };
  const show = (atSite, step) => {
    site = detail.views.findIndex((view, i) => (view.site === undefined ? i : view.site) === atSite);
    fill();
    chosen[1] = detail.views[site].looks.findIndex((look) => look.step === step);
    draw(1);
    panes[1].scrollIntoView({block: "start"});
    panes[1].focus();
  };
  panes[1].tabIndex = -1;
  const cell = (step, s, number) => {
    const seen = step.sites.find((one) => one.site === s);
    const cut = (step.outages || []).find((one) => one.site === s);
    return h("td", {"data-site": sites[s]}, seen ? h("button.cell." + (seen.works ? "good" : "bad"), {type: "button", onclick: () => show(s, number)},
      (seen.works ? "\u2713 " : "\u2715 ") + seen.text) : h("span.muted", null, "not asked"),
      cut && h("p.cut", null, "\u26a0 " + cut.text));
  };
  stage.append(
    h("h3", null, "The order of work"),
    h("div.scroll", {tabindex: "0", role: "region", "aria-label": "Steps and sites"}, h("table.matrix", null,
      h("caption", null, "Each cell opens that moment below, under \u201cAfter\u201d."),
      h("thead", null, h("tr", null, h("th", {scope: "col"}, "Step"), h("th", {scope: "col"}, "From"), sites.map((s) => h("th", {scope: "col"}, s)))),
      h("tbody", null, detail.steps.map((step, i) => h("tr", null, h("th", {scope: "row"}, step.title, step.unmet && unmet(step.unmet)),
        h("td.id", null, step.began), sites.map((_, s) => cell(step, s, i))))))),
    h("h3", null, "Before and after"),
    h("div.choice", null, sites.length > 1 && h("span", null, h("label", {for: "site"}, "Site"), siteChoice),
      h("span", null, h("label", {for: "before"}, "Before"), choices[0]), h("span", null, h("label", {for: "after"}, "After"), choices[1])),
    h("div.panes", null, panes));
  fill();
  return [{key: (event) => moments[1].key(event), destroy() { for (const one of moments) if (one) one.destroy(); }}];
};
