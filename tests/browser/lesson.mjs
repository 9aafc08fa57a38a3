// Lessons as pages, by keyboard alone: from the first page to the summary; no run before its prediction; names for
// everything that can be reached; wide and narrow, light and dark. node lesson.mjs FOLDER SHOTS: FOLDER holds the pages
// NAME.html that tests/script/browser_lessons.sh made, SHOTS takes the pictures.
import { readdirSync } from "node:fs";
import { check, finish, open, same, test } from "./harness.mjs";

const [, , folder, shots] = process.argv;
const names = readdirSync(folder).filter((file) => file.endsWith(".html")).map((file) => file.slice(0, -5)).sort();
const lesson = (name, options) => open(`${folder}/${name}.html`, options);
const shot = (page, name) => page.screenshot({ path: `${shots}/lesson-${name}.png`, fullPage: true });
const count = (page, selector) => page.locator(selector).count();
const kind = (page) => page.evaluate(() =>
  !document.querySelector("progress") ? (document.querySelector("table.summary") ? "summary" : "first")
    : document.querySelector("form.toggles") ? "modify" : document.querySelector("textarea") ? "explain"
    : document.querySelector("input[type=text]") ? "quiz" : document.querySelector("fieldset") ? "predict" : "plain");
const showsRun = async (page) => (await count(page, ".outcome, .ladder, .verdict, .grid")) > 0;
const focused = (page) => page.evaluate(() => document.activeElement.tagName + " " + document.activeElement.textContent.slice(0, 60));
const focusIsAt = async (page, start, what) => {
  const got = await focused(page);
  check(got.startsWith(start), `${what}: the focus is at ${got}`);
};
const fits = async (page, what) => {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(wide <= window, `${what} is ${wide} wide in a window of ${window}`);
};
// Everything that the keyboard reaches says what it is.
const named = async (page, what) => {
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, summary, a[href], [tabindex='0']")]
    .filter((element) => element.offsetParent !== null)
    .filter((element) => !(element.getAttribute("aria-label") || element.textContent.trim() ||
      [...(element.labels || [])].map((label) => label.textContent.trim()).join("")))
    .map((element) => element.outerHTML.slice(0, 120)));
  same(nameless.join(" "), "", `${what}: what has no name`);
};
// Tab until the focus is there, as a person would.
const tabTo = async (page, selector) => {
  for (let i = 0; i < 80; ++i) {
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
    await page.keyboard.press("Tab");
  }
  check(false, `Tab does not lead to ${selector}`);
};

const does = {
  async plain() {},
  async predict(page) {
    check(!(await showsRun(page)), "a run is there before its prediction");
    const title = await page.title();
    await page.keyboard.press("n");
    same(await page.title(), title, "a prediction can be passed over");
    await tabTo(page, "input[name=choice]");
    await page.keyboard.press("Enter");
    check(!(await showsRun(page)), "a run is shown without a prediction");
    await page.keyboard.press("1");
    await page.keyboard.press("ArrowDown");
    if (await count(page, "input[name=sure]")) await page.keyboard.press("3");
    await tabTo(page, "button.main");
    await page.keyboard.press("Enter");
    check(await showsRun(page), "the run is not shown");
    same(await page.locator("nav .missing").textContent(), "", "it still asks");
    await focusIsAt(page, "H3 ", "after a prediction");
  },
  async explain(page) {
    await tabTo(page, "textarea");
    await page.keyboard.type("In a text n, b, h and 1 are letters.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await focusIsAt(page, "H3 A good answer", "after an explanation");
  },
  async modify(page) {
    check(!(await showsRun(page)), "a combination is shown before anything was chosen");
    const toggles = await count(page, "form.toggles fieldset");
    for (let i = 0; i < toggles; ++i) {
      await tabTo(page, `input[name=toggle${i}]`);
      const options = await count(page, `input[name=toggle${i}]`);
      for (let k = 1; k < options; ++k) {
        await page.keyboard.press("ArrowDown");
        same(await count(page, ".result .outcome"), 1, "what a combination brings");
      }
    }
    same(await count(page, ".result[aria-live=polite]"), 1, "results that are said aloud");
  },
  async quiz(page) {
    for (let i = 0; i < 12 && await page.locator("#words").isVisible(); ++i) {
      await tabTo(page, "#words");
      await page.keyboard.type("135 restart");
      await page.keyboard.press("Enter");
    }
  },
};

await test("the template opens by itself with its sample", async () => {
  const { browser } = await import("./harness.mjs");
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  await page.goto("file://" + process.cwd() + "/scenarios/report/page/lesson.html");
  same(await page.locator("h2").textContent(), "A sample lesson", "its title");
  same(errors.join(), "", "errors");
  await page.close();
});

for (const name of names)
  await test(`${name}, whole, by keyboard`, async () => {
    const page = await lesson(name);
    const seen = new Set();
    await page.keyboard.press("Tab");
    await focusIsAt(page, "A To the lesson", "the first stop");
    await tabTo(page, "button.next");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 40; ++i) {
      const what = await kind(page);
      seen.add(what);
      await focusIsAt(page, "H2 ", "a new step");
      if (what === "summary") break;
      await does[what](page);
      await named(page, await page.title());
      await fits(page, await page.title());
      if (i % 2) await page.keyboard.press("n");
      else {
        await tabTo(page, "button.next");
        await page.keyboard.press("Enter");
      }
    }
    for (const what of ["summary", "predict", "modify", "quiz"]) check(seen.has(what), `there was no ${what}`);
    check(/\d+ of \d+ right/.test(await page.locator("article").textContent()), "the summary does not count");
    await shot(page, `${name}-summary`);
  });

await test("the address keeps what was done, and lets nobody look ahead", async () => {
  const page = await lesson("why-static-ports");
  for (const key of ["n", "n", "h"]) await page.keyboard.press(key);
  same(await count(page, ".hints li"), 1, "hints");
  for (const key of ["3", "2", "Enter"]) await page.keyboard.press(key);
  const right = "You are right";
  check((await page.locator(".verdict h3").textContent()).includes(right), "the right answer is not right");
  await page.reload();
  check((await page.locator(".verdict h3").textContent()).includes(right), "the prediction is forgotten");
  same(await count(page, "input:not(:disabled)"), 0, "inputs by which it can be changed");
  for (const [hash, where] of [["#nonsense", "first"], ["#%", "first"], ["#[99,[]]", "first"], ["#[2,[]]", "predict"], ["#[9,[]]", "predict"],
    ['#[2,[{},{"c":17,"s":2}]]', "predict"], ['#[2,[{},{"c":1}]]', "predict"], ["#[2,7]", "predict"], ["#null", "first"]]) {
    const other = await lesson("why-static-ports", { hash: hash === "#%" ? hash : encodeURI(hash) });
    same(await kind(other), where, `the page at ${hash}`);
    check(!(await showsRun(other)), `${hash} shows a run`);
  }
});

await test("the ladder steps by keys, and its table says the same", async () => {
  const page = await lesson("why-static-ports", { hash: encodeURI('#[2,[{},{"c":2,"s":2}]]') });
  await tabTo(page, ".ladder");
  await page.keyboard.press("Home");
  check(/Packet 1\D/.test(await page.locator(".now").textContent()), "Home does not lead to packet 1");
  await page.keyboard.press("ArrowRight");
  check(/Packet 2\D/.test(await page.locator(".now").textContent()), "the arrow does not lead to packet 2");
  same(await count(page, ".as-table tbody tr"), await count(page, ".rows > .row"), "rows of the table");
  await shot(page, "ladder");
});

for (const name of names)
  await test(`${name} on a phone, in the dark`, async () => {
    const page = await lesson(name, { width: 360, height: 700, dark: true });
    await page.keyboard.press("n");
    for (let i = 1; i < 40 && await kind(page) !== "summary"; ++i) {
      await does[await kind(page)](page);
      await fits(page, await page.title());
      if (i % 3 === 0) await shot(page, `${name}-${i}-narrow-dark`);
      await page.keyboard.press("n");
    }
    same(await kind(page), "summary", "the last page");
    await fits(page, "the summary");
    same(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(13, 17, 23)", "the ground");
  });

await finish();
