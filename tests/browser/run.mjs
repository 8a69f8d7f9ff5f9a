// Every page in real Chromium, two languages, desktop and phone width, with and without JavaScript; and what people do first.
import { furnish } from "./furnish.mjs";
import { check, test } from "./lib.mjs";

const office = {
  "home": "/", "departments": "/departments", "department-new": "/manage/department/new", "department-edit": "/manage/department/1",
  "organisation-new": "/manage/organisation/new", "site-new": "/manage/site/new",
  "preceptor-new": "/manage/preceptor/new?parent=1", "preceptor-edit": "/manage/preceptor/1?parent=1",
  "not-found": { path: "/nothing-here", expected: 404 },
};
const secretary = { "home-secretary": "/" };

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
  check((await page.textContent("main")).includes("新生儿随访门诊"), "and stored once mended");
  await context.close();
}

// A student's wishes without JavaScript, on a phone: each press stores the order.
async function wishes(site) {
  const cohort = site.act("cohort_list").rows[0];
  site.act("cohort_save", { ...cohort, wishes_open: "2027-04-01", wishes_close: "2027-04-30" });
  const context = await site.signedIn("林晓彤", { script: false, width: "phone" }), page = await context.newPage();
  await page.goto(site.base + "/wishes");
  const names = () => page.locator(".rank-name").allTextContents();
  const before = await names();
  check(before.length === 4, `four departments: ${before}`);
  await page.locator(".rank").nth(3).locator("button").first().click();
  check((await page.textContent(".note.good")).includes("已保存"), "wishes are stored");
  check((await names()).join() === [before[0], before[1], before[3], before[2]].join(), `one place up: ${await names()}`);
  check(await page.locator(".rank").first().locator("button").first().isDisabled(), "the first can't go up");
  await page.screenshot({ path: "build/shots/wishes-open-zh-phone.png", fullPage: true });
  await context.close();
}

await test(async (site) => {
  furnish(site);
  site.learn();
  await site.open({ today: "2027-04-07" });
  await site.tour("陈静", office);
  await site.tour("周敏", secretary);
  await site.tour("陈思远", { "wishes": "/wishes" });
  await site.tour(null, { "sign-in": "/sign-in" });
  await forms(site);
  await wishes(site);
});
