// The page of `firedrill run --html` as a person uses it. node report.mjs FOLDER SHOTS: FOLDER holds the pages that
// tests/script/browser.sh made, SHOTS takes the pictures.
import { readFileSync, writeFileSync } from "node:fs";
import { check, finish, open, same, test } from "./harness.mjs";
import { small_png } from "./small_png.mjs";

const [, , folder, shots] = process.argv;
const random = "#basics/01-random-ports-only-135-open", steps = "#change/three-sites";
const shot = (page, name, full = true) => page.screenshot({ path: `${shots}/${name}.png`, fullPage: full });
const count = (page, selector) => page.locator(selector).count();
const step = async (page) => Number((await page.locator(".ladder .now .where").first().innerText()).match(/step (\d+) of/)[1]);
const noScroll = async (page, what) => {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(wide <= window, `${what} is ${wide} wide in a window of ${window}`);
};

// Words of a picture of the network stand inside of it, whole, and names of walls do not meet.
const pictureFits = async (page, what) => {
  const wrong = await page.evaluate(() => [...document.querySelectorAll("svg.topology")].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")].map((text) => ({text: text.textContent, box: text.getBoundingClientRect()}));
    const out = words.filter(({box}) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1);
    const wall = svg.querySelector("rect.wall"), heads = wall ? words.filter(({box}) => box.bottom < wall.getBoundingClientRect().top + 4) : [];
    const meet = heads.filter((a, i) => heads.some((b, k) => k > i && a.box.left < b.box.right && b.box.left < a.box.right && a.box.top + 4 < b.box.bottom && b.box.top + 4 < a.box.bottom));
    return [...out, ...meet, ...words.filter(({text}) => text.endsWith("\u2026"))].map(({text}) => text);
  }));
  same(wrong.join(" | "), "", `${what}: words that do not fit their picture`);
};

await test("the template opens by itself with its sample", async () => {
  // Its styles and scripts lie beside it; the rest of the rules hold for it as well.
  const { browser } = await import("./harness.mjs");
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  await page.goto("file://" + process.cwd() + "/scenarios/report/page/report.html");
  check(await count(page, ".scenario") === 2, "it does not show two rehearsals");
  same(errors.join(), "", "errors");
  await page.close();
});

await test("overview and filters", async () => {
  const page = await open(`${folder}/report.html`);
  const all = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).results.length);
  check(all > 60, `only ${all} results`);
  same(await page.locator(".counted").innerText(), `All ${all} results.`, "the count");
  await page.keyboard.press("Tab");
  same(await page.evaluate(() => document.activeElement.className), "skip", "the first stop of the keyboard");
  await page.getByLabel("Words").fill("exchange1 nothing");
  await page.getByText("Nothing matches.").waitFor();
  await page.getByLabel("Words").fill("rule-order");
  await page.waitForFunction(() => document.querySelectorAll(".scenario").length === 1);
  check(/results of/.test(await page.locator(".counted").innerText()), "the count does not follow the filter");
  check(decodeURIComponent(page.url()).endsWith("#?q=rule-order"), `the address is ${page.url()}`);
  await page.getByRole("button", { name: "Show all" }).click();
  await page.locator("#works").selectOption("none");
  const fails = await page.locator(".matrix td > a").evaluateAll((links) => links.map((a) => a.className));
  check(fails.length > 10 && fails.every((c) => c === "bad"), "not only failures are left");
  await page.locator("#cause").selectOption("rule-order");
  check((await page.locator(".matrix td small").allInnerTexts()).every((t) => t.includes("rule-order")), "other causes are left");
  await page.getByRole("button", { name: "Show all" }).click();
  await page.locator("#folder").selectOption({ index: 1 });
  same(new Set(await page.locator(".file").evaluateAll((f) => f.map((one) => one.textContent.split("/").slice(0, -1).join("/")))).size, 1, "folders");
  // A filtered list by its address, and from there to a result and back.
  const again = await open(`${folder}/report.html`, { hash: "#?q=two-firewalls" });
  same(await again.getByLabel("Words").inputValue(), "two-firewalls", "the filter of the address");
  await again.locator(".matrix a").first().press("Enter");
  await again.locator(".verdict").waitFor();
  check(!(await again.getByRole("link", { name: /^Previous/ }).count()), "the first of the filtered ones has one before it");
  await again.goBack();
  same(await again.getByLabel("Words").inputValue(), "two-firewalls", "the filter after going back");
});

await test("first sight of a failure", async () => {
  const page = await open(`${folder}/report.html`, { hash: random });
  const top = async (selector) => (await page.locator(selector).first().boundingBox()).y;
  check(await top(".topology") < 600 && await top(".finding") < 900, "picture and cause are not on the first screen");
  check(/fails/.test(await page.locator(".verdict").innerText()) && /as expected/.test(await page.locator(".verdict").innerText()), "the verdict");
  check(/TCP 2422, the Directory: stopped at firewall/.test(await page.getByRole("img").getAttribute("aria-label")), "the picture's words");
  const now = await page.locator(".now").innerText();
  check(/SYN to 2422/.test(now) && /DROPPED/.test(now) && /decided/.test(now), `the ladder begins with: ${now}`);
  // The arrow of the dropped packet ends at the firewall, with a cross, and the word.
  const row = page.locator(".now-row");
  const [arrow, cross, wall, server] = await Promise.all([".arrow", ".cross", ".life.firewall", ".life.server"].map((s) => row.locator(s).boundingBox()));
  check(Math.abs(arrow.x + arrow.width - (wall.x + wall.width / 2)) < 3, "the arrow does not end at the firewall");
  check(Math.abs(cross.x + cross.width / 2 - (wall.x + wall.width / 2)) < 3, "the cross is not at the firewall");
  check(arrow.x + arrow.width < server.x - 50, "the arrow reaches the server");
  check(/DROPPED by firewall/.test(await row.innerText()), "the word is missing");
  check(/no rule matched: drop/.test(await page.locator(".rules .lit").innerText()), "the default is not lit");
  same(await page.locator(".rules [aria-current]").count(), 1, "rules that are lit");
  check(/5001/.test(await page.locator(".mend").first().innerText()), "what to do is not told");
});

await test("stepping by keyboard", async () => {
  const page = await open(`${folder}/report.html`, { hash: random });
  const begin = await step(page);
  await page.keyboard.press("ArrowRight");
  same(await step(page), begin + 1, "arrow right, nothing focused");
  await page.locator(".ladder").focus();
  await page.keyboard.press("Home");
  same(await step(page), 1, "Home");
  await page.keyboard.press("ArrowLeft");
  same(await step(page), 1, "arrow left at the beginning");
  await page.keyboard.press("End");
  const last = await step(page);
  await page.keyboard.press("ArrowRight");
  same(await step(page), last, "arrow right at the end");
  same(last, await count(page, ".rows .row"), "the last step");
  check(page.url().endsWith(`~${last - 1}`), `the address is ${page.url()}`);
  await page.getByRole("button", { name: "Deciding packet" }).press("Enter");
  check(/decided/.test(await page.locator(".now").innerText()), "the button to the deciding packet");
  await page.getByRole("button", { name: "First" }).click();
  await page.getByLabel("Speed").selectOption("fast");
  await page.locator(".ladder").focus();
  await page.keyboard.press(" ");
  await page.waitForFunction(() => /step [3-9] of/.test(document.querySelector(".now .where").textContent));
  check(await count(page, ".row.later") > 3, "later packets show while it plays");
  await page.keyboard.press(" ");
  const stopped = await step(page);
  await page.waitForTimeout(600);
  same(await step(page), stopped, "after a pause");
  check(await page.locator(".row.later").first().evaluate((e) => getComputedStyle(e).visibility) === "hidden", "what has not happened is visible");
  await page.getByLabel("later packets too").check();
  same(await count(page, ".row.later"), 0, "later packets");
  const linked = await open(`${folder}/report.html`, { hash: random + "~4" });
  same(await step(linked), 5, "an address with an event");
  const bad = await open(`${folder}/report.html`, { hash: "#no/such~9999" });
  check(await count(bad, ".scenario") > 0, "an unknown address does not lead to the overview");
});

await test("table and ladder tell the same", async () => {
  for (const hash of [random, "#filter/two-firewalls", "#filter/rpc-inspection", "#client/name-not-resolvable"]) {
    const page = await open(`${folder}/report.html`, { hash });
    await page.locator(".as-table summary").press("Enter");
    const rows = await page.locator(".as-table tbody tr").evaluateAll((all) => all.map((tr) => [...tr.cells].map((td) => td.textContent)));
    const drawn = await page.locator(".rows .row").evaluateAll((all) => all.map((li) => (li.querySelector(".what, .remark") || li).textContent));
    same(rows.length, drawn.length, `events of ${hash}`);
    check(rows.every((cells, i) => drawn[i].includes(cells[4])), `${hash}: a row differs from the table`);
    check(rows.length > 0, `${hash} has no events`);
  }
});

await test("the page tells what firedrill show tells", async () => {
  const ends = { arrived: "arrived", dropped: "DROPPED", rejected: "REJECTED" };
  for (const name of ["basics/01-random-ports-only-135-open", "filter/two-firewalls", "filter/rpc-inspection", "filter/reject-silenced"]) {
    const page = await open(`${folder}/report.html`, { hash: "#" + name });
    const rows = await page.locator(".as-table tbody tr").evaluateAll((all) => all.map((tr) => [...tr.cells].map((td) => td.textContent).slice(1, 6).join("|")));
    const shown = readFileSync(`${folder}/show/${name}.jsonl`, "utf8").trim().split("\n").map((line) => JSON.parse(line))
      .map((e) => [(e.time_ns / 1e9).toFixed(3) + " s", e.from, e.to || "", e.what, e.kind === "note" ? "remark" : ends[e.ending]].join("|"));
    same(rows.length, shown.length, `events of ${name}`);
    const odd = rows.findIndex((row, i) => row !== shown[i]);
    check(odd < 0, `${name}: ${rows[odd]} instead of ${shown[odd]}`);
  }
});

await test("steps: two moments side by side", async () => {
  const page = await open(`${folder}/report.html`, { hash: steps });
  same(await count(page, ".pane"), 2, "panes");
  const [a, b] = await Promise.all([0, 1].map((i) => page.locator(".pane").nth(i).boundingBox()));
  check(b.x > a.x + a.width - 5 && Math.abs(a.y - b.y) < 2, "they are not side by side");
  check(/fails/.test(await page.locator(".pane").nth(0).locator(".outcomes").innerText()), "before");
  check(/works/.test(await page.locator(".pane").nth(1).locator(".outcomes").innerText()), "after");
  check(/2422/.test(await page.locator(".pane").nth(0).locator(".map").innerText()) && /5000/.test(await page.locator(".pane").nth(1).locator(".map").innerText()), "the map as it was");
  await page.locator(".cell").first().press("Enter");
  check(/step 1/.test(await page.locator(".pane").nth(1).locator("h3").innerText()), "a cell does not open its moment");
  check(/cut off for/.test(await page.locator(".matrix").first().innerText()), "the outage is not told");
  await page.locator("#site").selectOption({ label: "Leeds" });
  await page.locator("#before").selectOption({ index: 1 });
  check(/step 2/.test(await page.locator(".pane").nth(0).locator("h3").innerText()), "the choice of a step");
});

await test("sweeps, sites and cases, and what is not as expected", async () => {
  const page = await open(`${folder}/report.html`, { hash: "#basics/03-rpc-range-opened.3" });
  check(/973 of 1,000 starts/.test(await page.locator(".shares").innerText()), "the share of starts");
  check(/first with seed \d+/.test(await page.locator(".shares").innerText()), "the seed");
  const fails = await page.locator(".share .fails").boundingBox();
  check(fails.width >= 3, "the failing share cannot be seen");
  const sites = await open(`${folder}/sites.html`);
  same((await sites.locator("thead th").allInnerTexts()).join(), "Case,North,South", "sites across");
  same(await count(sites, ".matrix td a"), 4, "cells");
  same(await count(sites, ".status.WRONG"), 2, "what is not as expected");
  await sites.locator("a.bad").first().click();
  check(/expected/.test(await sites.locator(".unmet").innerText()), "expected and got");
});

await test("names for people who hear the page", async () => {
  for (const hash of ["", random, steps]) {
    const page = await open(`${folder}/report.html`, { hash });
    const tree = await page.locator("body").ariaSnapshot();
    check(/main/.test(tree) && /heading/.test(tree), `${hash}: no landmarks`);
    const nameless = await page.evaluate(() => [...document.querySelectorAll("button, a, input, select, summary, [role=region], [role=group], [role=img], [role=toolbar]")]
      .filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || (e.labels && [...e.labels].some((l) => l.textContent.trim())))).map((e) => e.outerHTML.slice(0, 80)));
    same(nameless.join(), "", `${hash}: without a name`);
    const twice = await page.evaluate(() => { const ids = [...document.querySelectorAll("[id]")].map((e) => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i).join(); });
    same(twice, "", `${hash}: ids`);
    const levels = await page.locator("h1, h2, h3, h4, h5").evaluateAll((all) => all.map((e) => Number(e.tagName[1])));
    check(levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1), `${hash}: a heading skips a level: ${levels}`);
  }
  const page = await open(`${folder}/report.html`, { hash: random });
  check(await page.locator(".now").getAttribute("aria-live") === "polite", "steps are not announced");
  check(await page.locator(".rows").getAttribute("aria-hidden") === "true", "the drawing is read aloud beside the table");
  // Every control can be reached, and shows that it has the keyboard.
  const reached = new Set();
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press("Tab");
    const [name, outline] = await page.evaluate(() => [document.activeElement.textContent.trim().slice(0, 30) || document.activeElement.getAttribute("aria-label"), getComputedStyle(document.activeElement).outlineStyle]);
    if (name === null) break;
    reached.add(name);
    check(outline !== "none", `no focus is seen on ${name}`);
  }
  for (const wanted of ["← All results", "▶ Play", "✕ Deciding packet"]) check([...reached].some((n) => n && n.includes(wanted)), `${wanted} cannot be reached: ${[...reached].join(" | ")}`);
});

await test("colours", async () => {
  const ratio = (a, b) => {
    const light = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  for (const dark of [false, true]) {
    const page = await open(`${folder}/report.html`, { hash: random, dark });
    const colour = await page.evaluate(() => Object.fromEntries(["fg", "bg", "card", "soft", "link", "good", "bad", "some", "select", "bad-card", "good-card", "some-card"]
      .map((n) => [n, getComputedStyle(document.documentElement).getPropertyValue("--" + n).trim()])));
    for (const [ink, papers] of Object.entries({ fg: ["bg", "card", "select", "bad-card", "good-card", "some-card"], soft: ["bg", "card", "select", "bad-card", "good-card"], link: ["bg", "card", "select"],
      good: ["bg", "card", "select", "good-card"], bad: ["bg", "card", "select", "bad-card"], some: ["bg", "card", "select", "some-card"] }))
      for (const paper of papers) check(ratio(colour[ink], colour[paper]) >= 4.5, `${dark ? "dark" : "light"}: ${ink} on ${paper} is ${ratio(colour[ink], colour[paper]).toFixed(2)} to 1`);
    const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByRole("button", { name: /Colours/ }).click();
    if (dark) check(before !== await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "the button does not change the colours");
  }
});

await test("narrow", async () => {
  for (const hash of ["", random, steps, "#filter/two-firewalls", "#basics/03-rpc-range-opened.3"]) {
    const page = await open(`${folder}/report.html`, { hash, width: 320, height: 640, dark: hash === random, reduced: true });
    await noScroll(page, hash || "the overview");
    await pictureFits(page, hash);
    same(await page.locator(".matrix td:has(button):not([data-site])").count(), 0, "cells of steps that do not say which site they are");
    if (hash === random) await shot(page, "narrow-dark");
    if (hash === "#filter/two-firewalls") await shot(page, "narrow-two-firewalls");
    if (hash === "") await shot(page, "narrow-overview", false);
  }
});

await test("paper", async () => {
  const page = await open(`${folder}/report.html`, { hash: "#filter/two-firewalls", dark: true });
  await page.locator(".ladder").focus();
  await page.getByLabel("later packets too").uncheck();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  same(await count(page, "details:not([open])"), 0, "what stays folded");
  same(await page.locator("button:visible").count(), 0, "buttons");
  same(await page.locator(".row").evaluateAll((rows) => rows.filter((r) => getComputedStyle(r).visibility === "hidden").length), 0, "hidden packets");
  same(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "the paper");
  await shot(page, "print");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  check(await count(page, "details:not([open])") > 0, "it stays unfolded");
  await page.pdf({ path: `${shots}/print.pdf`, format: "A4" });
});

await test("a hostile scenario is only text", async () => {
  const page = await open(`${folder}/hostile.html`);
  check((await page.locator(".scenario h2").first().innerText()).startsWith("</script><script>alert(1)"), "the title is not shown as written");
  await page.locator(".matrix a").nth(1).click();
  check(/onmouseover=/.test(await page.locator(".case").innerText()), "the case is not shown as written");
  check(/<img src=x/.test(await page.locator(".about").first().innerText()), "the text about it is not shown as written");
  same(await count(page, "img, script[src], iframe"), 0, "elements of the scenario's making");
});

await test("five thousand results", async () => {
  const begin = Date.now();
  const page = await open(`${folder}/many.html`);
  same(await page.locator(".counted").innerText(), "All 5,000 results.", "the count");
  check(await page.locator(".matrix tr").count() < 600, "everything is drawn at once");
  check(/left|only the line/.test(await page.locator(".left-out").first().innerText()), "what was left out is not told");
  await page.getByLabel("Words").fill("synthetic 7 case 42");
  await page.waitForFunction(() => /results? of/.test(document.querySelector(".counted").textContent));
  await page.getByLabel("Words").fill("");
  await page.waitForFunction(() => /^All/.test(document.querySelector(".counted").textContent));
  await page.getByRole("button", { name: /Show more/ }).click();
  await page.getByLabel("Words").fill("case 99");
  await page.waitForFunction(() => /^50 results of/.test(document.querySelector(".counted").textContent));
  await page.locator(".matrix a").first().click();
  check(/left out/.test(await page.locator(".left-out").innerText()), "the result without its packets does not say so");
  console.log(`  five thousand results: ${Date.now() - begin} ms`);
});

await test("pictures", async () => {
  for (const [name, hash, dark] of [["overview-light", "", false], ["random-light", random, false], ["random-dark", random, true], ["steps-light", steps, false]])
    await shot(await open(`${folder}/report.html`, { hash, dark, height: 1000 }), name, name !== "overview-light");
});

// The picture in the README, and beside it the words that it shows: a picture is only as new as they are.
await test("the README's picture", async () => {
  const page = await open(`${folder}/report.html`, { hash: random, width: 1040, height: 2010 });
  writeFileSync(`${shots}/readme.png`, small_png(await page.screenshot()));
  const words = (await page.evaluate(() => [...document.querySelectorAll("h1, main, svg text")]
    .map((element) => element.innerText || element.textContent).join("\n"))).replace(/[ \t]+$/gm, "") + "\n";
  writeFileSync(`${shots}/readme.txt`, words);
  check(words === readFileSync("tests/golden/readme-picture.txt", "utf8"),
    "the README's picture shows an older report (FIREDRILL_RENEW=1 renews it; then look at it)");
});

await finish();
