// The network of one run as a picture: the client, the firewalls as walls, the servers; each conversation a line that
// gets through or ends at the wall where it was stopped.
//
//   const picture = Firedrill.topology(container, run, {from, to, open: {tcp, udp}, unlisted: [{what, server}]});
//   picture.show(index); picture.destroy();
//
// `run` as in ladder.js; `open` and `unlisted` as in standing_json.hpp. Conversations with packets among events [from, to) are drawn; show() marks the one that an
// event belongs to. The picture is drawn for the width it has, so that its letters keep their size on a phone.
"use strict";
Firedrill.topology = (container, run, options = {}) => {
  const {h, svg} = Firedrill;
  const from = options.from || 0, to = options.to === undefined ? run.events.length : options.to;
  const used = new Set(run.events.slice(from, to).map((event) => event.flow).filter((flow) => flow !== undefined));
  const lanes = run.lanes;
  const client = lanes[0], walls = lanes.filter((lane) => lane.kind === "firewall");
  const servers = lanes.filter((lane) => lane.kind === "server");
  // One line for all conversations with the same end and the same fate.
  const lines = [];
  run.flows.forEach((flow, i) => {
    if (!used.has(i)) return;
    const key = [flow.protocol, flow.from, flow.to, flow.port, flow.state, flow.at, flow.answer].join();
    let line = lines.find((one) => one.key === key);
    if (!line) lines.push(line = {key, flow, flows: new Set()});
    line.flows.add(i);
  });
  for (const {what, server} of options.unlisted || [])
    lines.push({flow: {what, state: "unlisted", from: 0, to: lanes.indexOf(servers[server])}, flows: new Set()});
  const back = (line) => flow_lane(line.flow.from).kind === "server";  // the notice of new mail
  const flow_lane = (lane) => lanes[lane] || {};
  const serverOf = (line) => Math.max(0, servers.indexOf(flow_lane(back(line) ? line.flow.from : line.flow.to)));
  const fate = (line) => line.flow.state === "stopped" ? (line.flow.answer ? "the answer is stopped at " : "stopped at ") + lanes[line.flow.at].name
    : line.flow.state === "unlisted" ? "has no port in the map"
    : line.flow.state === "failed" ? "reached, but it failed" : "gets through";
  const title = (line) => line.flow.state === "unlisted" ? line.flow.what : (line.flow.protocol || "TCP") + " " + line.flow.port + (line.flow.what ? ", " + line.flow.what : "");

  const spoken = "The network: " + lanes.map((lane) => lane.name + (lane.address ? " " + lane.address : "") +
      (lane.about ? " (" + lane.about + ")" : "")).join(", then ") + ". " +
    lines.map((line) => title(line) + ": " + fate(line) + ".").join(" ");

  const short = (text, width, size) => {
    const fits = Math.max(3, Math.floor(width / (size * 0.56)));
    return text.length > fits ? text.slice(0, fits - 1) + "\u2026" : text;
  };

  // Words on lines of so much room.
  const wrapped = (text, width, size) => {
    const out = [""];
    for (const word of text.split(" ")) {
      const longer = (out[out.length - 1] + " " + word).trim();
      if (out[out.length - 1] && short(longer, width, size) !== longer) out.push(word); else out[out.length - 1] = longer;
    }
    return out;
  };

  const draw = (width) => {
    const narrow = width < 560, size = narrow ? 11 : 13, line = size + 3;
    const box = Math.round(Math.min(190, width * (narrow ? 0.23 : 0.24)));
    const x1 = box, x2 = width - box, room = x2 - x1 - 16;
    // Two titles on the way may need two lines on a phone.
    const tall = Math.max(1, ...lines.map((one) => wrapped(title(one), room, size).length));
    const step = (narrow ? 46 : 42) + (tall - 1) * line;
    const gap = (x2 - x1) / (walls.length + 1);
    const wallX = (w) => x1 + gap * (w + 1);
    // On a phone the names of several walls lean outwards, so that they do not meet.
    const lean = walls.map((_, w) => (!narrow || walls.length < 2 ? "middle" : w === 0 ? "end" : w === walls.length - 1 ? "start" : "middle"));
    const wallRoom = walls.length < 2 ? x2 - x1 - 8 : narrow ? gap + box / 2 : gap - 8;
    const heads = walls.map((wall) => [wall.name, wall.about || ""].map((words) => wrapped(words, wallRoom, size)));
    const top = Math.max(50, ...heads.map((head) => 20 + head.flat().length * line));
    const facts = (lane) => [lane.name, lane.address || "", ...(lane.about || "").split(", ")].filter((part) => part)
      .map((part) => wrapped(part, box - 10, size));
    const needs = (lane) => 16 + facts(lane).flat().length * (size + 5);
    const order = servers.map((server, s) => lines.filter((one) => serverOf(one) === s));
    let y = top;
    const blocks = order.map((mine, s) => {
      const block = {y, height: Math.max(narrow ? 100 : 84, mine.length * step + 16, needs(servers[s]), servers.length > 1 ? 0 : needs(client)), lines: mine};
      y += block.height + 12;
      return block;
    });
    const height = y;
    const picture = svg("svg.topology", {viewBox: "0 0 " + width + " " + height, width, height, role: "img", "aria-label": spoken});
    // One word that is too wide for its place is written smaller, and cut only when it would be too small to read.
    const text = (x, yy, words, attributes, space) => {
      const letters = space ? Math.min(size, Math.max(8, space / words.length / 0.56)) : size;
      return svg("text", {x, y: yy, "font-size": letters, ...attributes}, space ? short(words, space, letters) : words);
    };
    const hostBox = (x, yy, tallness, lane) => {
      let row = 0;
      picture.append(svg("rect.host", {x: x + 1, y: yy, width: box - 2, height: tallness, rx: 8}),
        ...facts(lane).flatMap((part, i) => part.map((words) => text(x + box / 2, yy + 22 + row++ * (size + 5), words,
          {"text-anchor": "middle", class: i === 0 ? "name" : "small"}, box - 10))));
    };
    hostBox(0, top, height - top - 12, client);
    servers.forEach((server, s) => hostBox(x2, blocks[s].y, blocks[s].height, server));
    const inBlock = (visit) => { for (const block of blocks) block.lines.forEach((one, i) => visit(one, block.y + 30 + (tall - 1) * line + i * step)); };
    inBlock((one, yy) => picture.append(
      svg("rect.mark", {x: x1 + 2, y: yy - 19 - (tall - 1) * line, width: x2 - x1 - 4, height: step - 6, rx: 6, "data-line": lines.indexOf(one)})));
    walls.forEach((wall, w) => {
      const x = wallX(w), at = lean[w] === "end" ? x + 12 : lean[w] === "start" ? x - 12 : x;
      let row = 0;
      picture.append(svg("rect.wall", {x: x - 7, y: top - 6, width: 14, height: height - top}),
        ...heads[w].flatMap((part, i) => part.map((words) => text(at, 16 + row++ * line, words,
          {"text-anchor": lean[w], class: i === 0 ? "name" : "small"}, wallRoom))));
    });
    inBlock((one, yy) => {
      const bad = one.flow.state !== undefined;
      const wall = one.flow.state === "stopped" ? one.flow.at - 1 : -1;
      const asked = back(one), left = one.flow.answer ? !asked : asked, sign = left ? -1 : 1;
      const unlisted = one.flow.state === "unlisted";
      const begin = left ? x2 : unlisted ? x2 - 50 : x1, end = wall >= 0 ? wallX(wall) - sign * 16 : left ? x1 : x2;
      picture.append(svg("g." + (one.flow.state || "through"), null,
        one.flow.answer && svg("line.asked", {x1: asked ? x2 : x1, y1: yy, x2: wallX(wall), y2: yy}),
        svg("line.wire", {x1: begin, y1: yy, x2: end - sign * (wall >= 0 ? 0 : 8), y2: yy}),
        wall >= 0 || unlisted
          ? svg("path.cross", {d: "M" + (end - (unlisted ? 16 : 7)) + " " + (yy - 7) + "l14 14m0 -14l-14 14"})
          : svg("path.tip", {d: "M" + (end - sign * 2) + " " + yy + "l" + -9 * sign + " -5v10z"}),
        wrapped(title(one), room, size).map((words, i, all) => text(unlisted ? x2 - 8 : x1 + 8, yy - 6 - (unlisted ? 4 : 0) - (all.length - 1 - i) * line, words,
          unlisted ? {"text-anchor": "end"} : null, room)),
        text(asked ? x1 + 8 : x2 - 8, yy + size + (unlisted ? 6 : narrow ? 5 : 2), (bad ? "\u2715 " : "\u2713 ") + fate(one),
          {"text-anchor": asked ? "start" : "end", class: bad ? "bad" : "good"}, (x2 - x1) - 16)));
    });
    return picture;
  };

  let width = 0, current = -1;
  const mark = () => {
    for (const group of container.querySelectorAll("[data-line]"))
      group.classList.toggle("current", lines[group.dataset.line].flows.has(current));
  };
  const open = options.open && h("p.open", null, h("b", null, "Open to this client, whether or not anything listens there: "),
    "TCP " + options.open.tcp + "; UDP " + options.open.udp + ".");
  const frame = h("div.topology-frame");
  container.replaceChildren(frame, open || "");
  const redraw = () => {
    const now = Math.floor(frame.clientWidth);
    if (!now || now === width) return;
    width = now;
    frame.replaceChildren(draw(width));
    mark();
  };
  // Paper is narrower than most windows.
  const paper = new AbortController();
  addEventListener("beforeprint", () => { frame.replaceChildren(draw(Math.min(width, 680))); mark(); }, {signal: paper.signal});
  addEventListener("afterprint", () => { width = 0; redraw(); }, {signal: paper.signal});
  const watcher = new ResizeObserver(redraw);
  watcher.observe(frame);
  redraw();
  return {
    show(index) {
      const event = run.events[index];
      current = event && event.flow !== undefined ? event.flow : -1;
      mark();
    },
    destroy() { paper.abort(); watcher.disconnect(); container.replaceChildren(); },
  };
};
