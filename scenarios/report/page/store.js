// Reads values as pack.hpp of the program writes them: each once, referred to by its place. What comes out of get() is
// plain data, made anew for every call, so that a page holds only what it shows.
"use strict";
// The values as lists: [kind, item, ...], in which a number is what it is or a place, and -n - 1 the place of a word.
Firedrill.unpacked = (shapes, texts, signs) => {
  let at = 0, next = 0;
  const number = () => {
    const sign = signs.charCodeAt(at++), digit = sign - 35 - (sign > 60) - (sign > 92);
    return digit < 63 ? digit : digit + 27 * number();
  };
  const node = (kind) => {
    if (!kind) return texts[next++];
    const made = [kind -= 6];
    for (let left = kind > 0 ? shapes[kind - 1].length : number(); left > 0; --left) made.push(item(kind, made.length));
    return made;
  };
  const item = (kind, i) => {
    const n = number();
    if (kind === -4 || (kind > -3 && kind < 0 && i > 1)) return n % 2 ? (n - 1) / 2 : !n ? node(number()) : kind === -4 ? n / 2 - 1 : -n / 2;
    if (kind === -3 && i !== 2 || kind === -5 && i < 4) return n - 1;
    return n > 1 ? n - 2 : node(n && number());
  };
  const values = [];
  while (at < signs.length) values.push(node(number()));
  return values;
};
Firedrill.store = ({shapes, texts, values: lines}) => {
  const values = Firedrill.unpacked(shapes, texts, lines.join(""));
  // A number is the place of a value; everything else is the value.
  const at = (value) => (typeof value === "number" ? values[value] : value);
  const word = (w) => (w < 0 ? values[-w - 1] : w);
  const filled = (shape, words) => {
    let next = 0;
    return words.length ? shape.replace(/#/g, () => word(words[next++])) : shape;
  };
  const ladder = (items) => {
    const out = [];
    const course = at(items[1]), words = items.slice(2);
    let time = 0, number = 0;
    for (let i = 1; i < course.length;) {
      const [, verdictCount, flowCount, wordCount, ...rows] = at(course[i++]);
      const verdicts = course.slice(i, i += verdictCount);
      const flows = course.slice(i, i += flowCount);
      const mine = course.slice(i, i += wordCount).map((place) => words[place]);
      for (const row of rows) {
        const [, since, shared, verdict, flow, ...places] = at(row);
        const event = get(shared);
        event.what = filled(event.what, places.map((place) => mine[place]));
        if (verdict >= 0) event.verdict = verdicts[verdict];
        if (flow >= 0) event.flow = flows[flow];
        event.t = time += since;
        if (event.note) number += event.skip || 0;
        else event.n = ++number;
        out.push(event);
      }
    }
    return out;
  };
  const get = (place) => {
    const value = at(place);
    if (!Array.isArray(value)) return value;
    const [kind, ...rest] = value;
    if (kind === -2) return ladder(value);
    if (kind === -1) return filled(at(rest[0]), rest.slice(1));
    if (kind === 0) return rest.map(get);
    return Object.fromEntries(shapes[kind - 1].map((key, i) => [key, get(rest[i])]));
  };
  return {get};
};
