// Lessons as pages, by keyboard alone, in Debian's chromium: from the first page to the summary; no run before its
// prediction; no request, no error; names for everything that can be reached; wide, narrow, light, dark.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {chromium} from "playwright-core";

const firedrill = process.env.FIREDRILL;
const names = ["why-static-ports", "order-of-a-change", "answers-of-a-stateless-filter", "three-ways"];
const folder = mkdtempSync(join(tmpdir(), "firedrill-lesson-"));
let browser;

before(async () => {
  browser = await chromium.launch({executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"]});
  for (const name of names) execFileSync(firedrill, ["lesson", name, "--html", join(folder, name + ".html")]);
});
after(async () => {
  await browser.close();
  rmSync(folder, {recursive: true});
});

const open = async (name, options = {}, hash = "") => {
  const page = await browser.newPage({viewport: {width: 1000, height: 800}, ...options});
  page.complaints = [];
  page.on("console", (message) => page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("request", (request) => { if (!request.url().startsWith("file:")) page.complaints.push("request: " + request.url()); });
  await page.goto("file://" + join(folder, name + ".html") + hash);
  return page;
};
const kind = (page) => page.evaluate(() =>
  !document.querySelector("progress") ? (document.querySelector("table.summary") ? "summary" : "first")
    : document.querySelector("form.toggles") ? "modify" : document.querySelector("textarea") ? "explain"
    : document.querySelector("input[type=text]") ? "quiz" : document.querySelector("fieldset") ? "predict" : "plain");
const shows_run = (page) => page.evaluate(() => document.querySelectorAll(".outcome, .ladder, .verdict, .grid").length > 0);
const focused = (page) => page.evaluate(() => document.activeElement.tagName + " " + document.activeElement.textContent);

// Everything that the keyboard reaches says what it is.
const nameless = (page) => page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, summary, a[href], [tabindex='0']")]
  .filter((element) => element.offsetParent !== null)
  .filter((element) => !(element.getAttribute("aria-label") || element.textContent.trim() ||
    [...(element.labels || [])].map((label) => label.textContent.trim()).join("")))
  .map((element) => element.outerHTML));
const overflows = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

// Tab until the focus is where it should be, as a person would.
const tab_to = async (page, selector) => {
  for (let i = 0; i < 60; ++i) {
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("Tab does not lead to " + selector);
};

const steps_of = {
  async plain() {},
  async predict(page) {
    assert.equal(await shows_run(page), false, "a run is there before its prediction");
    const title = await page.title();
    await page.keyboard.press("n");
    assert.equal(await page.title(), title, "the prediction can be passed over");
    await tab_to(page, "input[name=choice]");
    await page.keyboard.press("Enter");  // sends without a choice
    assert.equal(await shows_run(page), false, "a run is shown without a prediction");
    await page.keyboard.press("1");
    await page.keyboard.press("ArrowDown");
    if (await page.locator("input[name=sure]").count()) await page.keyboard.press("3");
    await tab_to(page, "button.main");
    await page.keyboard.press("Enter");
    assert.equal(await shows_run(page), true);
    assert.equal(await page.locator("nav .missing").textContent(), "", "it still asks for the prediction");
    assert.match(await focused(page), /^H3 /, "the focus is not at the reply");
  },
  async explain(page) {
    await tab_to(page, "textarea");
    await page.keyboard.type("Because 135 only tells where to go; n b h 1 are letters here.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.match(await focused(page), /^H3 A good answer/);
  },
  async modify(page) {
    assert.equal(await shows_run(page), false);
    const count = await page.locator("form.toggles fieldset").count();
    for (let i = 0; i < count; ++i) {
      await tab_to(page, `input[name=toggle${i}]`);
      const options = await page.locator(`input[name=toggle${i}]`).count();
      for (let k = 1; k < options; ++k) {
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.locator(".result .outcome").count(), 1);
      }
    }
    assert.equal(await page.locator(".result[aria-live=polite]").count(), 1);
  },
  async quiz(page) {
    for (let i = 0; i < 12 && await page.locator("#words").isVisible(); ++i) {
      await tab_to(page, "#words");
      await page.keyboard.type("135 restart");
      await page.keyboard.press("Enter");
    }
  },
};

for (const name of names) {
  test(name + ": a whole lesson by keyboard", async () => {
    const page = await open(name);
    const seen = new Set();
    await page.keyboard.press("Tab");
    assert.match(await focused(page), /^A To the lesson/);
    await tab_to(page, "button.next");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 40; ++i) {
      const what = await kind(page);
      seen.add(what);
      assert.match(await focused(page), /^H2 /, "the focus is not at the heading of the step");
      if (what === "summary") break;
      await steps_of[what](page);
      assert.deepEqual(await nameless(page), []);
      assert.ok(await overflows(page) <= 0);
      if (i % 2) await page.keyboard.press("n");
      else {
        await tab_to(page, "button.next");
        await page.keyboard.press("Enter");
      }
    }
    assert.ok(seen.has("summary") && seen.has("predict") && seen.has("modify") && seen.has("quiz"), [...seen].join(" "));
    assert.match(await page.locator("article").textContent(), /\d+ of \d+ right/);
    assert.deepEqual(page.complaints, []);
    await page.close();
});
}

test("the address keeps what was done, and lets nobody look ahead", async () => {
  const page = await open("why-static-ports");
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await page.keyboard.press("h");
  assert.equal(await page.locator(".hints li").count(), 1);
  for (const key of ["3", "2", "Enter"]) await page.keyboard.press(key);
  assert.match(await page.locator(".verdict h3").textContent(), /You are right/);
  const address = await page.evaluate(() => location.hash);
  await page.reload();
  assert.match(await page.locator(".verdict h3").textContent(), /You are right/);
  assert.equal(await page.locator("input:not(:disabled)").count(), 0, "the prediction can be changed");
  await page.close();

  for (const [hash, where] of [["#nonsense", "first"], ["#%5B99%2C%5B%5D%5D", "first"], ["#%5B2%2C%5B%5D%5D", "predict"], ["#%5B9%2C%5B%5D%5D", "predict"],
    [encodeURI('#[2,[{},{"c":17,"s":2}]]'), "predict"], [address.replace("%7B", "%7C"), "first"], ["#%", "first"]]) {
    const other = await open("why-static-ports", {}, hash);
    assert.equal(await kind(other), where, hash);
    assert.equal(await shows_run(other), false, hash);
    assert.deepEqual(other.complaints, []);
    await other.close();
  }
});

test("the ladder of a lesson steps by keys, and its table says the same", async () => {
  const page = await open("why-static-ports", {}, encodeURI('#[2,[{},{"c":2,"s":2}]]'));
  await tab_to(page, ".ladder");
  await page.keyboard.press("Home");
  assert.match(await page.locator(".now").textContent(), /Packet 1 /);
  await page.keyboard.press("ArrowRight");
  assert.match(await page.locator(".now").textContent(), /Packet 2 /);
  assert.equal(await page.locator(".as-table tbody tr").count(), await page.locator(".rows > .row").count());
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test("every page of every lesson fits a phone, and is dark where that is wanted", async () => {
  const options = {viewport: {width: 360, height: 700}, colorScheme: "dark"};
  for (const name of names) {
    const page = await open(name, options);
    await page.keyboard.press("n");
    for (let i = 0; i < 40 && await kind(page) !== "summary"; ++i) {
      await steps_of[await kind(page)](page);
      assert.ok(await overflows(page) <= 0, name + ", " + await page.title());
      if (process.env.SCREENSHOTS) await page.screenshot({path: join(process.env.SCREENSHOTS, `${name}-${i}.png`), fullPage: true});
      await page.keyboard.press("n");
    }
    assert.equal(await kind(page), "summary");
    assert.ok(await overflows(page) <= 0);
    const [ground, letters] = await page.evaluate(() => { const style = getComputedStyle(document.body); return [style.backgroundColor, style.color]; });
    assert.deepEqual([ground, letters], ["rgb(13, 17, 23)", "rgb(230, 237, 243)"]);
    assert.deepEqual(page.complaints, []);
    await page.close();
  }
});
