// What every browser test shares: a database and a server of its own, signing in, and looking at a page as people would:
// no console message, no axe violation, no horizontal scrolling, no text of the other language. Screenshots go to build/shots/.
import { createRequire } from "node:module";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const binary = resolve(process.env.INTERNBASE ?? "build/internbase");
export const widths = { desktop: [1280, 900], phone: [375, 800] };
let passed = 0;

export function check(claim, what) {
  if (!claim) throw new Error("failed: " + what);
  passed++;
}

// Every text in an answer, however deep.
function texts(value, into) {
  if (typeof value === "string") into.add(value);
  else if (value && typeof value === "object") Object.values(value).forEach((v) => texts(v, into));
}

export class Site {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), "internbase-browser-"));
    this.env = { ...process.env, INTERNBASE_DATABASE: `sqlite:${this.dir}/t.db` };
    mkdirSync("build/shots", { recursive: true });
    this.data = new Set();
  }

  run(...args) {
    const r = spawnSync(binary, args, { env: this.env, encoding: "utf8", maxBuffer: 1 << 28 });
    if (r.status !== 0) throw new Error(`${args.join(" ")}: ${r.stderr}`);
    return r.stdout.trim();
  }

  act(name, input, ...more) {
    return JSON.parse(this.run("do", name, ...more, JSON.stringify(input ?? {})));
  }

  lines(text) {
    const r = spawnSync(binary, ["do", "--lines"], { env: this.env, input: text, encoding: "utf8" });
    if (r.status !== 0) throw new Error(r.stderr);
  }

  // The demo base through its imports, its first week beginning on that Monday.
  demo(first, open, close) {
    const r = spawnSync("demo/load", [binary, first, open, close], { env: this.env, encoding: "utf8" });
    if (r.status !== 0) throw new Error(r.stderr);
  }

  // What people typed, in whatever language: a page may show it in both. Called again after new data.
  learn(...words) {
    for (const w of words) this.data.add(w);
    for (const [name, parents] of [["person_list", 1], ["organisation_list", 1], ["base_list", 1], ["site_list", 1], ["department_list", 1], ["programme_list", 1], ["cohort_list", 1],
      ["rotation_list", 9], ["choice_list", 9], ["student_list", 9], ["capacity_list", 30], ["preceptor_list", 30], ["plan_list", 9], ["member_list", 1], ["people_find", 1], ["absence_list", 9]])
      for (let parent = 1; parent <= parents; parent++) {
        const r = spawnSync(binary, ["do", name, parents > 1 ? `{"parent_id":${parent}}` : "{}"], { env: this.env, encoding: "utf8" });
        if (r.status === 0) texts(JSON.parse(r.stdout), this.data);
      }
    this.longest = [...this.data].filter((w) => w.length > 0).sort((a, b) => b.length - a.length);
  }

  // quiet: what the server says on stderr is kept in `said` only (a set-up link is no fault).
  async open({ today, quiet = false } = {}) {
    this.today = today ? ["--today", today] : [];
    this.server = spawn(binary, ["serve", "--port", "0", ...this.today], { env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    this.said = "";
    this.server.stderr.on("data", (d) => { this.said += d; if (!quiet) process.stderr.write(d); });
    this.base = (await new Promise((r) => this.server.stdout.once("data", (d) => r(String(d))))).split("\n")[0].trim().replace(/\/$/, "");
    this.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
  }

  async close() {
    await this.browser?.close();
    if (this.server) {
      this.server.kill("SIGTERM");
      await new Promise((r) => (this.server.exitCode !== null ? r() : this.server.once("exit", r)));
    }
    rmSync(this.dir, { recursive: true });
  }

  context({ lang = "zh", width = "desktop", script = true } = {}) {
    return this.browser.newContext({ javaScriptEnabled: script, viewport: { width: widths[width][0], height: widths[width][1] }, locale: lang === "en" ? "en-GB" : "zh-CN" });
  }

  // A context in which `login` (a sign-in name or a person's name) is signed in.
  async signedIn(login, { lang = "zh", width = "desktop", script = true } = {}) {
    const url = JSON.parse(this.run("link", login, "--json", ...this.today)).url;
    const context = await this.context({ lang, width, script });
    const page = await context.newPage();
    await page.goto(this.base + url);
    await page.click("main button");
    check((await page.locator(".who").count()) === 1, `${login} is signed in`);
    if (!(await page.getAttribute("html", "lang")).startsWith(lang)) await page.click("header button[lang]");
    check((await page.getAttribute("html", "lang")).startsWith(lang), `the language is ${lang}`);
    await page.close();
    return context;
  }

  // One page as it stands, held against all rules. expected: a status that the browser itself reports.
  async look(page, what, { lang, shot, messages = [], expected = 0, axeToo = true }) {
    check(messages.filter((m) => !(expected && m.includes(String(expected)))).length === 0, `${what}: console: ${messages}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const widest = wide <= 0 ? "" : await page.evaluate(() => [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest(".scroll")).map((e) => e.outerHTML.slice(0, 120)).slice(0, 3).join(" | "));
    check(wide <= 0, `${what}: scrolls sideways by ${wide}px: ${widest}`);
    const entries = await page.locator(".top nav a").allTextContents();
    check(new Set(entries).size === entries.length, `${what}: an entry of the navigation stands twice: ${entries}`);
    const foreign = await this.foreign(page, lang);
    check(foreign.length === 0, `${what}: text of the other language: ${JSON.stringify(foreign)}`);
    if (shot) await page.screenshot({ path: `build/shots/${shot}.png`, fullPage: true });
    if (axeToo) {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      check(found.violations.length === 0, `${what}: ${JSON.stringify(found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))}`);
    }
  }

  // What the program itself wrote in the wrong language: every text and label of the page, less what people typed.
  async foreign(page, lang) {
    const all = await page.evaluate(() => {
      const out = [document.title], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let n = walk.nextNode(); n; n = walk.nextNode()) {
        const e = n.parentElement;
        if (n.nodeValue.trim() && !e.closest("script, noscript, textarea, code, [translate=no]") && e.closest("[lang]") === document.documentElement) out.push(n.nodeValue.trim());
      }
      for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], img[alt]"))
        if (!e.closest("[translate=no]")) for (const a of ["aria-label", "title", "placeholder", "alt"]) if (e.getAttribute(a)) out.push(e.getAttribute(a));
      return out;
    });
    const wrong = lang === "en" ? /[\u4e00-\u9fff]/ : /[A-Za-z]{3,}/;
    const known = /Internbase|CSV|XLSX|JSON|UTF-8|GB18030|PDF|SHA-256|Excel|WPS|IP/g;
    return all.filter((t) => {
      if (!wrong.test(t)) return false;
      let rest = t;
      for (const w of this.longest ?? []) if (wrong.test(w)) rest = rest.replaceAll(w, " ");
      return wrong.test(rest.replace(known, " "));
    });
  }

  // A list of pages by one person (null: nobody) in both languages, at both widths, with JavaScript and without.
  async tour(login, pages) {
    await Promise.all(["zh", "en"].map(async (lang) => {
      for (const width of Object.keys(widths))
        for (const script of [true, false]) {
          const options = { lang, width, script };
          const context = login ? await this.signedIn(login, options) : await this.context(options);
          for (const [name, entry] of Object.entries(pages)) {
            const { path, expected } = typeof entry === "string" ? { path: entry } : entry;
            const page = await context.newPage(), messages = [];
            page.on("console", (m) => messages.push(m.text()));
            page.on("pageerror", (e) => messages.push(String(e)));
            await page.goto(this.base + path);
            await this.look(page, `${name} ${lang} ${width}${script ? "" : " without script"}`, { lang, messages, expected, shot: script ? `${name}-${lang}-${width}` : null, axeToo: script });
            await page.close();
          }
          await context.close();
        }
    }));
  }
}

// Runs tests, each with a site of its own, and prints how much passed.
export async function test(...runs) {
  for (const run of runs) {
    const site = new Site();
    try {
      await run(site);
    } finally {
      await site.close();
    }
  }
  console.log(`${passed} passed`);
}
