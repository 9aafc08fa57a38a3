// The few things that every part of a page needs. Texts go into the page as text, never as markup: h() and svg() know
// no other way.
"use strict";
const Firedrill = {};

// h("p.lead", {id: "x", onclick: f}, "text", child, [more], null): an element with classes, attributes or listeners,
// and children; what is null or false is passed over.
Firedrill.h = (name, attributes, ...children) => Firedrill.made(document.createElement(name.split(".")[0]), name, attributes, children);

Firedrill.svg = (name, attributes, ...children) =>
  Firedrill.made(document.createElementNS("http://www.w3.org/2000/svg", name.split(".")[0]), name, attributes, children);

Firedrill.made = (element, name, attributes, children) => {
  const classes = name.split(".").slice(1).join(" ");
  if (classes) element.setAttribute("class", classes);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
};

Firedrill.seconds = (milliseconds) => (milliseconds / 1000).toFixed(3) + " s";
// "TCP 192.0.2.50:1031 to 10.0.0.10:2422, the Directory"
Firedrill.flow = (run, flow, back = false) => {
  const end = (lane, port) => ((run.lanes[lane] || {}).address || "?").replace(/^(.*:.*)$/, "[$1]") + ":" + port;
  const ends = [end(flow.from, flow.from_port), end(flow.to, flow.port)];
  return (flow.protocol || "TCP") + " " + (back ? ends.reverse() : ends).join(" to ") + (flow.what ? ", " + flow.what : "");
};
Firedrill.count = (n, one, many) => n.toLocaleString("en-GB") + " " + (n === 1 ? one : many);
