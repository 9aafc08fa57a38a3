// One moment of a result: what the user got, why, what to do about it, and the pictures and lists that show it.
//
//   const moment = Firedrill.moment(container, view, look, {name, at, onstep, level});
//   moment.key(event); moment.destroy();
//
// `view` is a run as in ladder.js; `look` is how things stood (standing_json.hpp). `level` is the number of its headings.
"use strict";
Firedrill.moment = (container, view, look, options = {}) => {
  const {h, count} = Firedrill;
  const level = options.level || 3;
  const head = (text) => h("h" + level, null, text);
  const from = look.from || 0, to = look.to === undefined ? view.events.length : look.to;
  const list = (items, name = "ul") => items && items.length ? h(name, null, items.map((item) => h("li", null, item))) : null;
  const effects = {breaks: "Cause", degrades: "It degrades the service", risks: "It works today, and will not always"};

  const outcome = (one) => h("li." + (one.works ? one.degraded ? "some" : "good" : "bad"), null,
    h("b", null, (one.works ? one.degraded ? "\u25d0 " : "\u2713 " : "\u2715 ") + one.summary),
    one.user_reads && h("p.reads", null, one.user_reads.likely ? "The user reads (likely): " : "The user reads: ",
      h("q", null, one.user_reads.words), one.user_reads.also && [" ", h("q", null, one.user_reads.also)],
      h("small", null, " " + one.user_reads.articles)));

  const evidence = (one) => typeof one === "string" ? one : [h("code", null, one.text), h("small", null, " " + one.place)];
  const finding = (one) => h("article.finding." + one.effect, null,
    h("p.what", null, h("b", null, effects[one.effect] + ": "), one.what, one.likely && !/likely/.test(one.what) ? h("em", null, " (likely)") : "", ". ",
      h("small", null, h("span.id", null, "[" + one.id + "]"), " " + (one.articles || ""))),
    one.mend && h("div.mend", null, h("b", null, "What to do"), list(one.mend, one.mend.length > 1 ? "ol" : "ul")),
    one.evidence && h("details", {open: true}, h("summary", null, "How one sees it"), list(one.evidence.map(evidence))));

  const warning = (one) => h("li", null, one.text, h("small", null, " ", h("span.id", null, "[" + one.id + "]"), " " + (one.place || "")));
  const table = (caption, heads, rows) => h("div.scroll", {tabindex: "0", role: "region", "aria-label": caption}, h("table.map", null,
    h("caption", null, caption), h("thead", null, h("tr", null, heads.map((t) => h("th", {scope: "col"}, t)))),
    h("tbody", null, rows.map((cells) => h("tr", null, cells.map((cell) => h("td", null, cell)))))));

  const map = (server) => table("Endpoint map of " + server.name + ", as TCP 135 answered at that moment", ["Service", "Port", "Interfaces"],
    server.services.filter((s) => s.interfaces).map((s) => [s.is.service, String(s.port),
      h("ul.plain", null, s.interfaces.map((i) => h("li", null, i.annotation + " ", h("small", null, i.uuid + " v" + i.version))))]));
  const start = (server) => h("ol.starts", null, server.services.map((s) => h("li", null,
    h("b", null, s.is.windows_service), " (" + s.is.process + ")" + (s.stopped ? ", not running" : "") + ": " + s.what + ". ",
    s.event && h("p.log", null, "Application log: " + s.event.source + ", event " + s.event.id + ": " + s.event.text),
    s.silence && h("p.log", null, "Application log: nothing. " + s.silence),
    list(s.remarks))));
  const server = (one) => [
    map(one),
    one.missing && h("p", null, "Not in the map, so who asks for it gets 1753: ", one.missing.map((m) => m.annotation).join(", ") + "."),
    one.pending && [h("p", null, h("b", null, "Changes that are not in force yet:")),
      list(one.pending.map((p) => p.value + ": " + p.in_force + " in force, " + p.on_disk + " on the disk" + (p.place ? " (" + p.place + ")" : "") + "; needs a " + p.needs))]];
  const servers = look.servers || [];
  const registry = look.registry || [];

  const causes = look.findings || [];
  const picture = h("div"), ladder = h("div"), rules = h("div.rules-panel");
  container.replaceChildren(
    picture,
    look.outcomes ? h("ul.outcomes", null, look.outcomes.map(outcome)) : "",
    h("div.findings", null, causes.map(finding), !causes.length && look.outcomes && look.outcomes.every((o) => o.works) &&
      h("p", null, "Nothing is wrong here.")),
    look.warnings ? h("section", null, head("Also noticed"), h("ul", null, look.warnings.map(warning))) : "",
    head("What happened, packet by packet"), h("div.stage", null, ladder, rules),
    h("section", null, head("The endpoint map"), servers.map(server)),
    h("section", null, head("Lines of the registry that mattered"), registry.length ? h("ul.lines", null, registry.map((r) => h("li", null,
      h("code", null, r.text), h("small", null, " " + (r.server ? r.server + ", " : "") + r.place), h("p", null, r.means)))) : h("p", null, "None: no value of the registry had a say.")),
    h("details", null, h("summary", null, "How the services started"), servers.map((s) => [servers.length > 1 && h("h" + (level + 1), null, s.name), start(s)])));
  const topology = Firedrill.topology(picture, view, {from, to, open: look.open, unlisted: look.unlisted});
  const rulebook = Firedrill.rules(rules, view);
  // A failure that no packet decided is told by the client's last remark.
  const failed = (look.outcomes || []).some((one) => !one.works);
  const remark = view.events.slice(from, to).map((event) => event.note && !event.skip).lastIndexOf(true);
  const decided = view.events.slice(from, to).some((event) => event.deciding);
  const at = options.at !== undefined ? options.at : failed && !decided && remark >= 0 ? from + remark : undefined;
  const player = Firedrill.ladder(ladder, view, {from, to, at, name: options.name, onstep: (index, event) => {
    topology.show(index);
    rulebook.show(index);
    if (options.onstep) options.onstep(index, event);
  }});
  return {
    key: (event) => player.key(event),
    player,
    destroy() { player.destroy(); topology.destroy(); },
  };
};
