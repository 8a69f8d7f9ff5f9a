// Every page in real Chromium: two languages, desktop and phone width, with and without JavaScript: no console message,
// no axe violation, no horizontal scrolling, no text of the other language in what the program itself writes.
// Screenshots go to build/shots/.
import { createRequire } from "node:module";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const binary = resolve("build/internbase");
const dir = mkdtempSync(join(tmpdir(), "internbase-browser-"));
const env = { ...process.env, INTERNBASE_DATABASE: `sqlite:${dir}/t.db` };
let passed = 0;

function check(claim, what) {
  if (!claim) throw new Error("failed: " + what);
  passed++;
}

function run(...args) {
  const r = spawnSync(binary, args, { env, encoding: "utf8" });
  if (r.status !== 0) throw new Error(`${args.join(" ")}: ${r.stderr}`);
  return r.stdout.trim();
}

function act(name, input) {
  return JSON.parse(run("do", name, JSON.stringify(input)));
}

// The demo base of demo/base.jsonl, planned, agreed by both sides and published, today being in its sixth week.
function furnish() {
  const lines = readFileSync("demo/base.jsonl", "utf8").replaceAll("@FIRST@", "2027-03-01").replace("@OPEN@", "2027-01-04").replace("@CLOSE@", "2027-01-31");
  const r = spawnSync(binary, ["do", "--lines"], { env, input: lines, encoding: "utf8" });
  if (r.status !== 0) throw new Error(r.stderr);
  act("capacity_save", { department_id: 1, first_week: "2027-06-14", weeks: 1, seats: 6, reason: "检修" });
  act("rotation_order_save", { programme_id: 1, before_id: 2, after_id: 3, gap_least: 0, gap_most: 20 });
  run("do", "rotation_order_delete", '{"id":1,"version":1}');
  act("closed_week_save", { cohort_id: 1, week: "2027-06-21", reason: "holiday" });
  run("do", "plan_make", "--as", "secretary", '{"cohort_id":1,"seconds":20}');
  run("work");
  for (const [name, who] of [["plan_propose", "secretary"], ["plan_agree", "secretary"], ["plan_agree", "office"], ["plan_publish", "office"]]) {
    const version = JSON.parse(run("do", "plan_list", '{"parent_id":1}')).rows[0].version;
    run("do", name, "--as", who, JSON.stringify({ id: 1, version }));
  }
}

const widths = { desktop: [1280, 900], phone: [375, 800] };
const pages = {
  "home": "/", "departments": "/manage/department", "department-new": "/manage/department/new",
  "capacity": "/manage/capacity?parent=1", "programmes": "/manage/programme", "rotations": "/manage/rotation?parent=1",
  "cohorts": "/manage/cohort", "students": "/manage/student?parent=1",
  "closed-weeks": "/manage/closed_week?parent=1", "members": "/manage/membership", "organisations": "/manage/organisation",
  "plans": "/plans/1", "department-week": "/department/1", "board": "/board/1", "preceptors": "/manage/preceptor?parent=1",
  "audit": "/audit", "not-found": "/nothing-here",
};
const secretaryPages = {
  "home-secretary": "/", "student-new": "/manage/student/new?parent=1", "member-new": "/manage/membership/new", "people": "/manage/person", "cohort-new": "/manage/cohort/new", "programme-new": "/manage/programme/new", "rotation-new": "/manage/rotation/new?parent=1",
};
const han = /[\u4e00-\u9fff]/;

async function look(page, name, path, lang, width, base, expected) {
  const messages = [];
  page.on("console", (m) => messages.push(m.text()));
  page.on("pageerror", (e) => messages.push(String(e)));
  await page.goto(base + path);
  const what = `${name} ${lang} ${width}`;
  // A 404 of the page itself is logged by the browser; nothing else may be.
  check(messages.filter((m) => !(expected && m.includes(String(expected)))).length === 0, `${what}: console: ${messages}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `${what}: scrolls sideways by ${wide}px`);
  const own = await page.evaluate(() => [...document.querySelectorAll("nav a, label, th:not(.stick), button:not([lang]), .empty, .cards strong, .cards .soft")].map((e) => e.textContent.trim()).filter((s) => /\p{L}/u.test(s)));
  const wrong = own.filter((t) => (lang === "en" ? han.test(t) : !han.test(t)));
  check(wrong.length === 0, `${what}: text of the other language: ${wrong}`);
  await page.screenshot({ path: `build/shots/${name}-${lang}-${width}.png`, fullPage: true });
}

async function violations(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  check(found.violations.length === 0, `${what}: ${JSON.stringify(found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))}`);
}

async function signedIn(browser, base, login, lang, javaScriptEnabled, width) {
  const url = JSON.parse(run("link", login, "--json", "--today", "2027-04-07")).url;
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: widths[width][0], height: widths[width][1] }, locale: lang === "en" ? "en-GB" : "zh-CN" });
  const page = await context.newPage();
  await page.goto(base + url);
  await page.click("main button");
  check(await page.locator(".who").count() === 1, `${login} is signed in`);
  const now = (await page.getAttribute("html", "lang")).slice(0, 2);
  if (now !== lang) await page.click("header button[lang]");
  check((await page.getAttribute("html", "lang")).startsWith(lang), `the language is ${lang}`);
  await page.close();
  return context;
}

mkdirSync("build/shots", { recursive: true });
run("init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静");
furnish();
const server = spawn(binary, ["serve", "--port", "0", "--today", "2027-04-07"], { env, stdio: ["ignore", "pipe", "inherit"] });
const base = (await new Promise((r) => server.stdout.once("data", (d) => r(String(d))))).trim().replace(/\/$/, "");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
try {
  for (const lang of ["zh", "en"])
    for (const width of Object.keys(widths)) {
      for (const script of [true, false]) {
        for (const [login, list] of [["陈静", pages], ["周敏", secretaryPages], ["陈思远", { "student": "/", "wishes": "/wishes" }]]) {
          const context = await signedIn(browser, base, login, lang, script, width);
          for (const [name, path] of Object.entries(list)) {
            const page = await context.newPage();
            await look(page, script ? name : name + "-plain", path, lang, width, base, name === "not-found" ? 404 : 0);
            if (script) await violations(page, `${name} ${lang} ${width}`);
            await page.close();
          }
          await context.close();
        }
      }
      const nobody = await browser.newContext({ viewport: { width: widths[width][0], height: widths[width][1] }, locale: lang === "en" ? "en-GB" : "zh-CN" });
      const page = await nobody.newPage();
      await look(page, "sign-in", "/sign-in", lang, width, base, 0);
      await violations(page, `sign-in ${lang} ${width}`);
      await nobody.close();
    }
  // Using it: a wrong form keeps what was typed and says what is allowed; mended, it is stored.
  const office = await signedIn(browser, base, "陈静", "zh", true, "desktop");
  const page = await office.newPage();
  await page.goto(base + "/manage/department/new");
  await page.fill("#f-code", "repair");
  await page.fill("#f-name_zh", "新生儿随访门诊");
  await page.fill("#f-name_en", "Neonatal follow-up");
  await page.fill("#f-initials", "新生儿重症");
  await page.fill("#f-seats", "4");
  await page.click("main form.card button");
  check((await page.textContent(".note.bad")).includes("最多 4 个"), "five characters of initials are too many");
  check(await page.inputValue("#f-name_zh") === "新生儿随访门诊", "what was typed is kept");
  await page.fill("#f-initials", "访");
  await page.click("main form.card button");
  check((await page.textContent(".note.bad")).includes("已有相同"), "a code that is taken is told");
  await page.fill("#f-code", "follow");
  await page.click("main form.card button");
  check((await page.textContent("table")).includes("新生儿随访门诊"), "and stored once mended");
  // The board: ordered by pinyin, found by name and by pinyin.
  await page.goto(base + "/board/1");
  const names = await page.locator("#board tbody th").allTextContents();
  check(names.length === 28 && names[0].startsWith("曹文杰") && names.at(-1).startsWith("朱天宇"), `ordered by pinyin: ${names}`);
  await page.fill("#filter", "chensi");
  check(await page.locator("#board tbody tr:visible").count() === 1, "found by pinyin");
  await page.fill("#filter", "陈思");
  check(await page.locator("#board tbody tr:visible").count() === 1, "found by name");
  await office.close();
  // A student's wishes: refused when closed by the dates; open again, a department twice is refused, a list is stored.
  const cohort = JSON.parse(run("do", "cohort_list")).rows[0];
  act("cohort_save", { ...cohort, wishes_open: "2027-04-01", wishes_close: "2027-04-30" });
  const student = await signedIn(browser, base, "林晓彤", "zh", false, "phone");
  const wishes = await student.newPage();
  await wishes.goto(base + "/wishes");
  const ranks = wishes.locator("select");
  check(await ranks.count() === 4, "four ranks");
  for (let i = 0; i < 4; i++) await ranks.nth(i).selectOption({ label: "检验科" });
  await wishes.click("main form.card button");
  check((await wishes.textContent(".note.bad")).includes("不能填报两次"), "a department twice is refused");
  for (const [i, label] of ["手术室", "检验科", "生殖医学中心", "遗传实验室"].entries()) await wishes.locator("select").nth(i).selectOption({ label });
  await wishes.click("main form.card button");
  check((await wishes.textContent(".note.good")).includes("已保存"), "wishes are stored");
  check(await wishes.locator("select").nth(0).evaluate((e) => e.selectedOptions[0].textContent) === "手术室", "and shown again");
  await wishes.screenshot({ path: "build/shots/wishes-open-zh-phone.png", fullPage: true });
  await student.close();
} finally {
  await browser.close();
  server.kill("SIGTERM");
  await new Promise((r) => server.once("exit", r));
  rmSync(dir, { recursive: true });
}
console.log(`${passed} passed`);
