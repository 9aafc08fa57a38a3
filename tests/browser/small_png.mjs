// A screenshot with the 256 colours that it uses most: a third of the octets, for a picture that is kept.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const crc = crc32 || ((octets) => {
  let sum = ~0;
  for (const octet of octets) for (let bit = 0, low = octet; bit < 8; ++bit, low >>= 1) sum = (sum >>> 1) ^ ((sum ^ low) & 1 ? 0xedb88320 : 0);
  return ~sum >>> 0;
});
const chunk = (name, body) => {
  const whole = Buffer.alloc(body.length + 12);
  whole.writeUInt32BE(body.length);
  whole.write(name, 4, "latin1");
  body.copy(whole, 8);
  whole.writeUInt32BE(crc(whole.subarray(4, body.length + 8)), body.length + 8);
  return whole;
};
const nearest_of_three = (a, b, c) => {
  const [p, q, r] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return p <= q && p <= r ? a : q <= r ? b : c;
};

// Rows of red, green, blue, as chromium writes them: eight bits, not interlaced.
const pixels = (png) => {
  let head = null, packed = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at), name = png.toString("latin1", at + 4, at + 8), body = png.subarray(at + 8, at + 8 + length);
    if (name === "IHDR") head = body;
    if (name === "IDAT") packed.push(body);
    at += length + 12;
  }
  const width = head.readUInt32BE(0), height = head.readUInt32BE(4), octets = head[9] === 6 ? 4 : 3, row = width * octets;
  const raw = inflateSync(Buffer.concat(packed));
  let before = Buffer.alloc(row);
  const rows = [];
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (row + 1)], now = Buffer.from(raw.subarray(y * (row + 1) + 1, (y + 1) * (row + 1)));
    for (let i = 0; i < row; ++i) {
      const a = i < octets ? 0 : now[i - octets], b = before[i], c = i < octets ? 0 : before[i - octets];
      now[i] += [0, a, b, (a + b) >> 1, nearest_of_three(a, b, c)][filter];
    }
    rows.push(before = now);
  }
  return { width, height, octets, rows };
};

export const small_png = (png) => {
  const { width, height, octets, rows } = pixels(png);
  const uses = new Map();
  const colour = (row, x) => row.readUIntBE(x * octets, 3);
  for (const row of rows) for (let x = 0; x < width; ++x) uses.set(colour(row, x), (uses.get(colour(row, x)) || 0) + 1);
  const palette = [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256).map(([one]) => one);
  const place = new Map(palette.map((one, i) => [one, i]));
  const parts = (one) => [one >> 16, (one >> 8) & 255, one & 255];
  const distance = (one, other) => parts(one).reduce((sum, part, i) => sum + (part - parts(other)[i]) ** 2, 0);
  const placeOf = (one) => {
    if (!place.has(one)) place.set(one, palette.reduce((best, other, i) => (distance(one, other) < distance(one, palette[best]) ? i : best), 0));
    return place.get(one);
  };
  const out = Buffer.alloc(height * (width + 1));
  rows.forEach((row, y) => { for (let x = 0; x < width; ++x) out[y * (width + 1) + 1 + x] = placeOf(colour(row, x)); });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", head), chunk("PLTE", Buffer.from(palette.flatMap(parts))),
    chunk("IDAT", deflateSync(out, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
};
