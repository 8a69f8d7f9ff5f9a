// The pages around a plan: planning with its progress, board, hand changes, difference, load, figures, explanation, department,
// students; on the demo base, on a large one and on one whose names are as long as fields allow.
import { spawnSync } from "node:child_process";
import { check, Site, test } from "./lib.mjs";

const init = ["init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静"];

function publish(site, id, cohort = 1) {
  for (const [name, who] of [["plan_propose", "secretary"], ["plan_agree", "secretary"], ["plan_agree", "office"], ["plan_publish", "office"]]) {
    const version = site.act("plan_list", { parent_id: cohort }).rows.find((p) => p.id === id).version;
    site.act(name, { id, version }, "--as", who);
  }
}

// The demo base, published (plan 1); a broken draft made by hand (2); a shop shut for a week: no plan (3, in its own cohort's copy).
function furnish(site) {
  site.run(...init);
  site.demo("2027-03-01", "2027-01-04", "2027-01-31");
  site.act("plan_make", { cohort_id: 1, seconds: 20, title: "首选方案" }, "--as", "secretary");
  site.run("work");
  publish(site, 1);
  const one = site.act("placement_list", { parent_id: 1 }).rows.find((p) => p.weeks === 4);
  site.act("plan_change", { id: 1, placement_id: one.id, first_week: one.first_week === "2027-03-01" ? "2027-03-15" : "2027-03-01" }, "--as", "secretary");
  const shut = site.act("capacity_save", { department_id: 1, first_week: "2027-04-19", weeks: 1, seats: 0, reason: "检修" });
  site.act("plan_make", { cohort_id: 1, seconds: 5, title: "维修组停一周" }, "--as", "secretary");
  site.run("work");
  site.act("capacity_delete", { id: shut.id, version: 1 });
}

const pages = {
  "plans": "/plans/1", "board": "/board/1", "board-filtered": "/board/1?dep=3&sort=regret&zoom=3", "board-nobody": "/board/1?q=zzz", "change": "/board/2/change/PLACEMENT",
  "check": "/plan/2/check", "diff": "/plan/1/diff?to=2", "heat-plan": "/heat?plan=1", "heat": "/heat", "figures": "/plan/1/figures", "why": "/plan/3/why",
  "student-staff": "/student/2?plan=1", "department-week": "/department/1",
};

// Movement by keys: arrows keep the week, Home and End go to the ends, one cell is in the tab order.
async function keys(site) {
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await page.goto(site.base + "/board/1");
  const names = await page.locator("#board tbody th a").allTextContents();
  check(names.length === 28 && names[0] === "曹文杰" && names.at(-1) === "朱天宇", `ordered by pinyin: ${names}`);
  check((await page.locator("#board [tabindex='0']").count()) === 1, "one cell is in the tab order");
  const at = () => page.evaluate(() => { const c = document.activeElement, r = c.parentNode; let w = 0; for (let x = r.cells[1]; x !== c; x = x.nextElementSibling) w += x.colSpan; return [r.rowIndex - 1, w, w + c.colSpan - 1]; });
  await page.locator("#board tbody tr:first-child td").first().focus();
  check((await at()).join() .startsWith("0,0"), "at the first cell");
  await page.keyboard.press("End");
  check((await at())[2] === 15, "End: the last week");
  await page.keyboard.press("ArrowDown");
  const [row, from, to] = await at();
  check(row === 1 && from <= 15 && to >= 14, `down keeps the week: ${[row, from, to]}`);
  await page.keyboard.press("Home");
  check((await at()).slice(0, 2).join() === "1,0", "Home: the first week");
  await page.keyboard.press("Control+End");
  check((await at())[0] === 27, "to the last student");
  await page.keyboard.press("ArrowUp");
  check((await at())[0] === 26 && (await page.locator("#board [tabindex='0']").count()) === 1, "up again, still one in the tab order");
  check(/第 .* 周/.test(await page.textContent("#info")), "what stands there is told");
  const placed = page.locator("#board td[data-p]").first(), number = await placed.getAttribute("data-p");
  await placed.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp("/board/1/change/" + number + "$"));
  check(true, "Enter leads to the change");
  // Found by name, by pinyin, by number; the size without a reload.
  await page.goto(site.base + "/board/1");
  const least = site.act("student_list", { parent_id: 1 }).rows.map((s) => s.number).sort()[0];
  for (const [text, count] of [["chensi", 1], ["陈思", 1], [least, 1], ["", 28]]) {
    await page.fill("#q", text);
    check((await page.locator("#board tbody tr:visible").count()) === count, `${text}: ${count}`);
  }
  await page.click("[data-zoom='3']");
  check((await page.locator("#board.z3").count()) === 1 && page.url().endsWith("/board/1"), "larger, on the same page");
  await page.selectOption("#sort", "number");
  await page.waitForURL(/sort=number/);
  check((await page.locator("#board tbody th span").first().textContent()) === least && (await page.locator("#board.z3").count()) === 1, "sorted by number, the size is kept");
  // The header row and the students' column stay where they are.
  await page.setViewportSize({ width: 700, height: 500 });
  const where = () => page.evaluate(() => [document.querySelector("#board thead th.w").getBoundingClientRect().top, document.querySelector("#board tbody th").getBoundingClientRect().left]);
  const before = await where();
  await page.evaluate(() => { const box = document.querySelector(".board-scroll"); box.scrollTop = 300; box.scrollLeft = 120; });
  const after = await where();
  check(Math.abs(before[0] - after[0]) < 1 && Math.abs(before[1] - after[1]) < 1, `sticky: ${before} ${after}`);
  await context.close();
}

// A change is checked when it is chosen; without JavaScript by its button. It is stored as a draft.
async function changes(site) {
  const context = await site.signedIn("周敏"), page = await context.newPage();
  const plans = () => site.act("plan_list", { parent_id: 1 }).rows.length;
  const had = plans();
  await page.goto(site.base + "/board/1");
  const number = await page.locator("#board td[data-p][colspan='4']").first().getAttribute("data-p");
  await page.goto(site.base + "/board/1/change/" + number);
  const chosen = await page.inputValue("#first_week");
  await page.selectOption("#first_week", chosen === "2027-03-01" ? "2027-04-12" : "2027-03-01");
  await page.waitForSelector("#result .note");
  check(/违反 \d+ 处硬性规则/.test(await page.textContent("#result")), "what breaks is said at once");
  check(plans() === had, "nothing is stored by looking");
  await page.click("button[value=save]");
  check((await page.textContent("main")).includes("已保存为第"), "stored as a draft");
  check(plans() === had + 1, "beside the plan");
  await context.close();

  const plain = await site.signedIn("周敏", { script: false, lang: "en", width: "phone" }), p = await plain.newPage();
  await p.goto(site.base + "/board/1");
  await p.click("#board tbody th a >> nth=0");
  await p.click("main .my-line a >> nth=0");
  await p.click("button[value=try]");
  check((await p.textContent("#result")).includes("Every hard rule holds"), "without JavaScript by its button");
  await p.check("input[value=swap]");
  await p.selectOption("#with_student_id", { index: 3 });
  await p.check("#whole");
  await p.click("button[value=save]");
  check((await p.textContent("main")).includes("Stored as no."), "and an exchange is stored");
  await plain.close();
}

// Progress without a reload, with fewer seats than wishes in the first departments so that the planner is busy until its time is
// over; then the page is loaded once.
async function progress(site) {
  for (let d = 1; d <= 20; d++) site.act("capacity_save", { department_id: d, first_week: "2027-03-01", weeks: 40, seats: d <= 7 ? 12 : 24 });
  const context = await site.signedIn("周敏"), page = await context.newPage();
  let loads = 0;
  page.on("load", () => loads++);
  await page.goto(site.base + "/plans/1");
  await page.fill("#title", "第二方案");
  await page.fill("#seconds", "15");
  await page.fill("#seed", "7");
  await page.click(".make button");
  await page.locator("#plans[data-running]").waitFor();
  await page.waitForLoadState("load");
  loads = 0;
  const seen = new Set();
  for (let i = 0; i < 400 && seen.size < 3; i++) {
    seen.add(await page.locator("[data-part] progress").first().getAttribute("value", { timeout: 1000 }).catch(() => "gone"));
    await page.waitForTimeout(100);
  }
  check(seen.size >= 3 && loads === 0, `progress is followed without a load: ${[...seen]}, ${loads} loads`);
  await page.locator("#plans:not([data-running])").waitFor({ timeout: 240000 });
  const first = page.locator("#plans > li").first();
  check((await first.textContent()).includes("第二方案") && (await first.locator("[data-part]").count()) === 0, "it is over, and the page shows what it came to");
  await context.close();
}

// Names as long as fields allow, with markup in them; and 300 students x 40 weeks.
async function other(title, size, look) {
  const site = new Site();
  try {
    site.run(...init);
    site.lines(spawnSync("python3", ["tests/data/big_base.py", ...size], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout);
    site.act("plan_make", { cohort_id: 1, seconds: 200 }, "--as", "secretary");
    site.run("work");
    publish(site, 1);
    site.learn("<b>&amp;\"'{1}</b>");
    await site.open({ today: "2027-04-07" });
    await look(site, title);
  } finally {
    await site.close();
  }
}

async function hostile(site, title) {
  await site.tour("陈静", { [`${title}-board`]: "/board/1", [`${title}-heat`]: "/heat?plan=1", [`${title}-figures`]: "/plan/1/figures", [`${title}-department`]: "/department/1", [`${title}-student`]: "/student/1", [`${title}-plans`]: "/plans/1" });
}

async function large(site, title) {
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await page.goto(site.base + "/board/1");
  const nodes = await page.evaluate(() => document.querySelectorAll("#board *").length);
  check((await page.locator("#board tbody tr").count()) === 300, "300 students");
  check(nodes < 300 * 24, `few nodes: ${nodes}`);
  check((await page.evaluate(() => [...document.querySelectorAll("#board td")].every((c) => c.children.length === 0 && !c.onclick))), "a cell holds its initials and nothing else");
  await page.screenshot({ path: `build/shots/${title}-board-zh-desktop.png` });
  await page.emulateMedia({ media: "print" });
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sizes = new Set(String(pdf.toString("latin1").match(/MediaBox ?\[[^\]]*\]/g)).match(/\[[^\]]*\]/g));
  check([...sizes].every((s) => /1190|1191/.test(s) && /841|842/.test(s)), `printed on A3 landscape: ${[...sizes]}`);
  await page.goto(site.base + "/board/1?paper=a4");
  const small = await page.pdf({ preferCSSPageSize: true });
  check(/MediaBox ?\[0 0 84[12]/.test(small.toString("latin1")), "or on A4");
  await context.close();
  await progress(site);
}

await test(async (site) => {
  furnish(site);
  site.learn();
  await site.open({ today: "2027-04-07" });
  const placement = site.act("placement_list", { parent_id: 2 }).rows[5].id;
  await site.tour("陈静", JSON.parse(JSON.stringify(pages).replace("PLACEMENT", placement)));
  await site.tour("周敏", { "student-withdraw": "/student/3" });
  await site.tour("陈思远", { "student": "/" });
  await keys(site);
  await changes(site);
  await other("hostile", ["24", "12", "hostile"], hostile);
  await other("big", ["300", "40"], large);
});
