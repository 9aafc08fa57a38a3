// A page in Debian's chromium, and checks that are counted. Nothing but the file itself may be asked for, and nothing may
// be said on the console: both fail whatever test is running.
import { chromium } from "playwright-core";

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

let failures = 0, checks = 0, where = "";
export const fail = (text) => { failures += 1; console.log(`error: ${where}: ${text}`); };
export const check = (holds, text) => { checks += 1; if (!holds) fail(text); };
export const same = (got, wanted, text) => check(got === wanted, `${text}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);

// open("/x/report.html", {hash, width, height, dark}): a page of its own, closed by the next one.
let context = null;
export const open = async (file, { hash = "", width = 1200, height = 900, dark = false, reduced = false } = {}) => {
  if (context) await context.close();
  context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light",
    reducedMotion: reduced ? "reduce" : "no-preference" });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  page.on("console", (message) => fail(`the console says: ${message.text()}`));
  page.on("pageerror", (error) => fail(`an error in the script: ${error.message}`));
  const own = "file://" + file;
  page.on("request", (request) => { if (request.url().split("#")[0] !== own) fail(`it asks for ${request.url().slice(0, 200)}`); });
  page.on("dialog", (dialog) => { fail(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(own + hash);
  return page;
};

export const test = async (name, body) => {
  where = name;
  try { await body(); } catch (error) { fail(error.message.split("\n").slice(0, 3).join(" ")); }
};

export const finish = async () => {
  await browser.close();
  console.log(`${checks} checks in the browser, ${failures} failed`);
  process.exit(failures === 0 ? 0 : 1);
};
