// The pages of planning: how the search closes in, variants, why there is no plan and trying a way out, what a seat is worth,
// planning again, prices on the board, receipts; each also on a phone, without JavaScript and on paper.
import { check, Site, test } from "./lib.mjs";

const init = ["init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静"];
const today = ["--today", "2027-04-07"];

function publish(site, id) {
  for (const [name, who] of [["plan_propose", "secretary"], ["plan_agree", "secretary"], ["plan_agree", "office"], ["plan_publish", "office"]]) {
    const version = site.act("plan_list", { parent_id: 1 }).rows.find((p) => p.id === id).version;
    site.act(name, { id, version }, "--as", who);
  }
}

// Plan 1 published, with what a seat is worth; 2: the repair shop shut for a week, no plan; 3: a way out of 2, tried; 4: a department
// shut in week 10, planned again.
function furnish(site) {
  site.run(...init);
  site.demo("2027-03-01", "2027-01-04", "2027-01-31");
  site.act("plan_make", { cohort_id: 1, seconds: 20, title: "首选方案" }, "--as", "secretary");
  site.run("work");
  publish(site, 1);
  site.act("whatif_make", { id: 1 }, "--as", "office");
  site.run("work");
  const shut = site.act("capacity_save", { department_id: 1, first_week: "2027-04-19", weeks: 1, seats: 0, reason: "检修" });
  site.act("plan_make", { cohort_id: 1, seconds: 20, title: "维修组停一周" }, "--as", "secretary");
  site.run("work");
  site.act("trial_make", { plan_id: 2, number: 2 }, "--as", "secretary");
  site.run("work");
  site.act("capacity_delete", { id: shut.id, version: 1 });
  const closed = site.act("capacity_save", { department_id: 10, first_week: "2027-05-03", weeks: 1, seats: 0, reason: "检修" });
  site.act("plan_make", { cohort_id: 1, based_on_id: 1, freeze_week: "2027-04-12", proposals: 3, seconds: 20 }, "--as", "secretary", ...today);
  site.run("work", ...today);
  site.act("capacity_delete", { id: closed.id, version: 1 });
}

const pages = {
  "planning": "/plans/1", "planning-fresh": "/plans/1?refresh=1", "planning-older": "/plans/1?from=2", "curve": "/plan/1/figures", "compare": "/plan/1/diff?from=1&to=4", "why-ways": "/plan/2/why",
  "trial": "/plan/3/trial", "trial-none": "/plan/1/trial", "whatif": "/plan/1/whatif", "whatif-none": "/plan/4/whatif", "replan": "/replan/1", "replan-proposals": "/replan/1?plan=4",
  "board-prices": "/board/1?prices=1", "board-no-prices": "/board/2?prices=1", "receipts": "/plan/1/receipts",
};

// The picture says its numbers in words, keeps inside its frame, and both lines can be told apart without colour.
async function picture(site) {
  const context = await site.signedIn("陈静", { lang: "en" }), page = await context.newPage();
  await page.goto(site.base + "/plan/1/figures");
  const said = await page.locator(".curve svg").evaluateAll((all) => all.map((s) => s.getAttribute("aria-label")));
  check(said.length === 2 && said.every((t) => /^After [\d.]+ s: the value went from \d+ to \d+, the bound from \d+ to \d+\.$/.test(t)), `in words: ${said}`);
  const inside = await page.locator(".curve svg").evaluateAll((all) => all.every((s) => [...s.querySelectorAll("path, circle, text")].every((e) => { const b = e.getBBox(); return b.x >= -1 && b.y >= -1 && b.x + b.width <= 361 && b.y + b.height <= 191; })));
  check(inside, "nothing leaves the frame");
  const dash = await page.evaluate(() => [getComputedStyle(document.querySelector(".curve .value")).strokeDasharray, getComputedStyle(document.querySelector(".curve .bound")).strokeDasharray]);
  check(dash[0] === "none" && dash[1] !== "none", `solid and dashed: ${dash}`);
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: "build/shots/curve-print-en.png", fullPage: true });
  check((await page.locator(".curve svg").first().isVisible()) && !(await page.locator(".tabs").isVisible()), "on paper the picture stays and the tabs go");
  await context.close();
}

// Without JavaScript: a way out is tried by its button, its facts are made true by another, and the plan is proposed.
async function ways(site) {
  site.act("capacity_save", { department_id: 1, first_week: "2027-04-19", weeks: 1, seats: 0, reason: "检修" });
  const context = await site.signedIn("陈静", { script: false, width: "phone" }), page = await context.newPage();
  await page.goto(site.base + "/plan/2/why");
  check((await page.locator(".ways form").count()) >= 2 && (await page.textContent(".ways")).includes("已试算：第 3 版"), "a button each, and what was tried");
  await page.click(".ways form >> nth=0 >> button");
  check(page.url().includes("/plans/1"), "it leads to the planning page");
  for (let i = 0; i < 100 && site.act("plan_trials", { parent_id: 2 }).rows.find((t) => t.trial_number === 1)?.verdict === "unknown"; i++) await page.waitForTimeout(200);
  const trial = site.act("plan_trials", { parent_id: 2 }).rows.find((t) => t.trial_number === 1);
  check(trial && ["optimal", "feasible"].includes(trial.verdict), `made: ${JSON.stringify(trial)}`);
  await page.goto(site.base + `/plan/${trial.id}/trial`);
  check((await page.locator(".trial .warn").count()) === 1 && (await page.textContent("main")).includes("其中 1 项可以由您直接落实"), "what it rests on, and that it is hers to change");
  await page.click("main form button");
  check((await page.textContent("main")).includes("前提已全部落实") && (await page.locator("main form button").count()) === 0, "made so by one button");
  check(site.act("capacity_all", {}).rows.every((r) => r.department_id !== 1 || r.seats > 0), "in the base");
  await page.goto(site.base + "/plans/1");
  await page.click(`#plan-${trial.id} form[action$='/propose'] button`);
  check(site.act("plan_get", { parent_id: trial.id }).rows[0].state === "proposed", "and proposed");
  await context.close();
}

// What a seat is worth: asked, followed, stopped.
async function worth(site) {
  const context = await site.signedIn("陈静", { lang: "en" }), page = await context.newPage();
  await page.goto(site.base + "/plan/4/whatif");
  await page.click("#plans form button");
  await page.locator("[data-part]").waitFor();
  await page.click("#plans form button");
  await page.locator("#plans:not(:has([data-part])) form").waitFor({ timeout: 60000 });
  check(["cancelled", "done"].includes(site.act("whatif_job", { parent_id: 4 }).rows[0].state), "stopped when asked");
  await page.goto(site.base + "/plan/1/whatif");
  check((await page.textContent("main")).includes("any 2 weeks in a row of weeks 1 to 16") && (await page.locator(".heat td.h10").count()) === 15, "the seats of the scarce department");
  await context.close();
}

// The board shows prices only when asked; keys stay among the students.
async function prices(site) {
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await page.goto(site.base + "/board/1");
  check((await page.locator(".prices").count()) === 0, "not unasked");
  await page.click("text=显示紧缺名额的价格");
  check((await page.locator(".prices td[class^=e]").count()) === 1 && (await page.textContent(".price-words")).includes("最多值 0.5"), "the price of the scarce department, and in words");
  await page.locator(".prices td").first().click();
  check((await page.locator("#board [tabindex='0']").count()) === 1 && (await page.locator("#students [tabindex='0']").count()) === 1, "one student's cell is in the tab order");
  const wide = await context.newPage();
  await wide.setViewportSize({ width: 375, height: 800 });
  await wide.goto(site.base + "/audit");
  const seen = await wide.evaluate(() => { const nav = document.querySelector(".top nav").getBoundingClientRect(), a = document.querySelector(".top nav a[aria-current]").getBoundingClientRect(); return a.left >= nav.left - 1 && a.right <= nav.right + 1; });
  check(seen, "on a phone the present entry of the navigation is in sight");
  await context.close();
}

await test(async (site) => {
  furnish(site);
  site.learn();
  await site.open({ today: "2027-04-07" });
  await site.tour("陈静", pages);
  await picture(site);
  await worth(site);
  await prices(site);
  await ways(site);
});
