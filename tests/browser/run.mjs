// Every page in real Chromium, two languages, desktop and phone width, with and without JavaScript; and what people do first.
import { readFileSync } from "node:fs";
import { check, test } from "./lib.mjs";

// The demo base of demo/base.jsonl, planned, agreed by both sides and published, today being in its sixth week.
function furnish(site) {
  site.run("init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静");
  site.lines(readFileSync("demo/base.jsonl", "utf8").replaceAll("@FIRST@", "2027-03-01").replace("@OPEN@", "2027-01-04").replace("@CLOSE@", "2027-01-31"));
  site.act("capacity_save", { department_id: 1, first_week: "2027-06-14", weeks: 1, seats: 6, reason: "检修" });
  site.act("rotation_order_save", { programme_id: 1, before_id: 2, after_id: 3, gap_least: 0, gap_most: 20 });
  site.act("rotation_order_delete", { id: 1, version: 1 });
  site.act("closed_week_save", { cohort_id: 1, week: "2027-06-21", reason: "holiday" });
  site.act("plan_make", { cohort_id: 1, seconds: 20 }, "--as", "secretary");
  site.run("work");
  for (const [name, who] of [["plan_propose", "secretary"], ["plan_agree", "secretary"], ["plan_agree", "office"], ["plan_publish", "office"]]) {
    const version = site.act("plan_list", { parent_id: 1 }).rows[0].version;
    site.act(name, { id: 1, version }, "--as", who);
  }
}

const office = {
  "home": "/", "departments": "/manage/department", "department-new": "/manage/department/new",
  "capacity": "/manage/capacity?parent=1", "programmes": "/manage/programme", "rotations": "/manage/rotation?parent=1",
  "cohorts": "/manage/cohort", "students": "/manage/student?parent=1",
  "closed-weeks": "/manage/closed_week?parent=1", "members": "/manage/membership", "organisations": "/manage/organisation",
  "plans": "/plans/1", "department-week": "/department/1", "board": "/board/1", "preceptors": "/manage/preceptor?parent=1",
  "not-found": { path: "/nothing-here", expected: 404 },
};
const secretary = {
  "home-secretary": "/", "student-new": "/manage/student/new?parent=1", "member-new": "/manage/membership/new", "people": "/manage/person",
  "cohort-new": "/manage/cohort/new", "programme-new": "/manage/programme/new", "rotation-new": "/manage/rotation/new?parent=1",
};

// A wrong form keeps what was typed and says what is allowed; mended, it is stored.
async function forms(site) {
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await page.goto(site.base + "/manage/department/new");
  await page.fill("#f-code", "repair");
  await page.fill("#f-name_zh", "新生儿随访门诊");
  await page.fill("#f-name_en", "Neonatal follow-up");
  await page.fill("#f-initials", "新生儿重症");
  await page.fill("#f-seats", "4");
  await page.click("main form.card button");
  check((await page.textContent(".note.bad")).includes("最多 4 个"), "five characters of initials are too many");
  check((await page.inputValue("#f-name_zh")) === "新生儿随访门诊", "what was typed is kept");
  await page.fill("#f-initials", "访");
  await page.click("main form.card button");
  check((await page.textContent(".note.bad")).includes("已有相同"), "a code that is taken is told");
  await page.fill("#f-code", "follow");
  await page.click("main form.card button");
  check((await page.textContent("table")).includes("新生儿随访门诊"), "and stored once mended");
  await context.close();
}

// The board: ordered by pinyin, found by name and by pinyin.
async function board(site) {
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await page.goto(site.base + "/board/1");
  const names = await page.locator("#board tbody th").allTextContents();
  check(names.length === 28 && names[0].startsWith("曹文杰") && names.at(-1).startsWith("朱天宇"), `ordered by pinyin: ${names}`);
  await page.fill("#filter", "chensi");
  check((await page.locator("#board tbody tr:visible").count()) === 1, "found by pinyin");
  await page.fill("#filter", "陈思");
  check((await page.locator("#board tbody tr:visible").count()) === 1, "found by name");
  await context.close();
}

// A student's wishes: open by the dates, a department twice is refused, a list is stored.
async function wishes(site) {
  const cohort = site.act("cohort_list").rows[0];
  site.act("cohort_save", { ...cohort, wishes_open: "2027-04-01", wishes_close: "2027-04-30" });
  const context = await site.signedIn("林晓彤", { script: false, width: "phone" }), page = await context.newPage();
  await page.goto(site.base + "/wishes");
  check((await page.locator("select").count()) === 4, "four ranks");
  for (let i = 0; i < 4; i++) await page.locator("select").nth(i).selectOption({ label: "检验科" });
  await page.click("main form.card button");
  check((await page.textContent(".note.bad")).includes("不能填报两次"), "a department twice is refused");
  for (const [i, label] of ["手术室", "检验科", "生殖医学中心", "遗传实验室"].entries()) await page.locator("select").nth(i).selectOption({ label });
  await page.click("main form.card button");
  check((await page.textContent(".note.good")).includes("已保存"), "wishes are stored");
  check((await page.locator("select").nth(0).evaluate((e) => e.selectedOptions[0].textContent)) === "手术室", "and shown again");
  await page.screenshot({ path: "build/shots/wishes-open-zh-phone.png", fullPage: true });
  await context.close();
}

await test(async (site) => {
  furnish(site);
  site.learn();
  await site.open({ today: "2027-04-07" });
  await site.tour("陈静", office);
  await site.tour("周敏", secretary);
  await site.tour("陈思远", { "student": "/", "wishes": "/wishes" });
  await site.tour(null, { "sign-in": "/sign-in" });
  await forms(site);
  await board(site);
  await wishes(site);
});
