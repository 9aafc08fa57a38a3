// Reads the data, listens to the address (#...), and shows the overview or one result. Only what is shown is unpacked and
// drawn, so thousands of results cost little.
//
//   #                                    everything
//   #?q=attendant&works=none             filtered
//   #basics/03-rpc-range-opened.3.2~17   a result: file, case (0: as written), site; at event 17
"use strict";
Firedrill.report = (data, main) => {
  const store = Firedrill.store(data);
  const scenarios = data.scenarios.map(store.get);
  const common = (() => {
    const folders = scenarios.map((s) => s.file.split("/").slice(0, -1));
    const first = folders[0] || [];
    let n = 0;
    while (n < first.length && folders.every((f) => f[n] === first[n])) ++n;
    return n;
  })();
  const short = (file) => file.split("/").slice(common).join("/").replace(/\.toml$/, "");
  const taken = new Map();
  const index = data.results.map(([scenario, place, detail], number) => {
    const line = {causes: [], actions: [], ...store.get(place)};
    const about = scenarios[scenario];
    const name = [line.site === undefined ? "" : about.sites[line.site], line.case === undefined ? "" : about.cases[line.case]].filter((t) => t).join(" / ");
    let key = short(about.file).split("/").map(encodeURIComponent).join("/").replace(/~/g, "%7E") + (line.case === undefined && line.site === undefined ? "" : "." + (line.case === undefined ? 0 : line.case + 1)) +
      (line.site === undefined ? "" : "." + (line.site + 1));
    taken.set(key, (taken.get(key) || 0) + 1);
    if (taken.get(key) > 1) key += "-" + taken.get(key);
    return {number, scenario, line, detail, key, name: name || about.title, folder: about.file.split("/").slice(0, -1).join("/") || ".",
      words: [about.title, name, about.file, line.outcome, line.status, (about.kb || []).join(" "), line.causes.join(" ")].join(" ").toLowerCase()};
  });
  const byKey = new Map(index.map((one) => [one.key, one.number]));
  let order = index.map((one) => one.number), query = "", current = null;

  const report = {
    data, scenarios, index,
    result(number) {
      const one = index[number];
      return {...one, scenario: scenarios[one.scenario], detail: one.detail === undefined ? null : store.get(one.detail)};
    },
    query: () => query,
    filtered(filter, numbers) {
      order = numbers;
      const given = Object.entries(filter).filter(([, value]) => value);
      query = given.length ? "?" + new URLSearchParams(given) : "";
      replace("#" + query);
    },
    before: (number) => (order.indexOf(number) > 0 ? order[order.indexOf(number) - 1] : null),
    after: (number) => (order.includes(number) && order.indexOf(number) + 1 < order.length ? order[order.indexOf(number) + 1] : null),
    remember: (key, event) => replace("#" + key + "~" + event),
    matrix(number) {
      const entries = index.filter((one) => one.scenario === index[number].scenario);
      if (entries.length < 2) return null;
      return Firedrill.h("section.others", null, Firedrill.h("h3", null, "All cases of this rehearsal"), Firedrill.matrix(report, entries, number));
    },
  };
  const replace = (hash) => { try { history.replaceState(null, "", hash || "#"); } catch { /* the address is a comfort */ } };

  const open = () => {
    const [key, at] = location.hash.slice(1).split("~");
    const number = byKey.get(key);
    if (current) current.destroy();
    if (number === undefined) {
      document.title = "Firedrill report";
      current = Firedrill.overview(main, report, new URLSearchParams(key.startsWith("?") ? key : ""));
    } else {
      document.title = index[number].name + " \u2013 Firedrill report";
      current = Firedrill.result(main, report, number, at === undefined || !/^\d+$/.test(at) ? undefined : Number(at));
    }
    scrollTo(0, 0);
  };
  addEventListener("hashchange", () => { open(); main.focus({preventScroll: true}); });
  document.addEventListener("keydown", (event) => {
    // Elsewhere on the page the other keys scroll.
    const free = event.target === document.body || event.target === main;
    if (free && /^Arrow(Left|Right)$/.test(event.key)) current.key(event);
  });
  open();
  return report;
};

Firedrill.theme(document.getElementById("theme"));
Firedrill.unfold_for_print();
Firedrill.report(JSON.parse(document.getElementById("data").textContent), document.getElementById("main"));
