// Importing as people do it: a file with errors shows each at its cell, a mended one is accepted, the same once more changes
// nothing, the last one is taken back; every page in both languages and widths, with JavaScript and without.
import { check, test } from "./lib.mjs";

const wrong = "科室,可接收人数,简称,名额例外,备注\n超声科,4,超,第8周：0（检修）,一\n放射科,-1,放,,二\n检验科,2,检,第99周：1,三\n超声科,3,超,,四\n";
const mended = wrong.replace("-1", "4").replace("第99周：1", "").replace("超声科,3,超,,四\n", "");
const changed = mended.replace("检验科,2", "检验科,3").replace("放射科,4,放,,二\n", "");

// Chooses kind, cohort and file as on the page, and goes on to the preview.
async function upload(page, site, kind, name, text, cohort) {
  await page.goto(site.base + "/import");
  await page.check(`#kind-${kind}`);
  if (cohort) await page.selectOption("#cohort", { label: cohort });
  await page.setInputFiles("#file", { name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.click("form.card > button");
}

async function mistakes(site, script) {
  const context = await site.signedIn("陈静", { script }), page = await context.newPage();
  await upload(page, site, "departments", "科室.csv", wrong, "批次");
  check((await page.textContent(".tag")).includes("有误"), "a preview that can't go on");
  check((await page.locator("td.bad").count()) === 3, "three wrong cells, each at its place");
  const said = (await page.locator(".fault").allTextContents()).join("|");
  for (const words of ["“-1”应为 0 到 1000", "没有第 99 周", "“超声科”与第 2 行重复"]) check(said.includes(words), words);
  check((await page.locator("form[action$='/accept']").count()) === 0, "no button to accept a wrong file");
  check((await page.textContent("dl.facts")).includes("备注"), "the ignored column is named");
  await page.click("form[action$='/refuse'] button");
  check(page.url().endsWith("/import"), "given up");
  await context.close();
}

async function whole(site, script) {
  const context = await site.signedIn("陈静", { script }), page = await context.newPage();
  await upload(page, site, "departments", "科室.csv", mended, "批次");
  check((await page.locator("tbody tr").count()) === 3, "three new rows");
  await page.click("form[action$='/accept'] button");
  check((await page.textContent(".note.good")).includes("新增 3 行"), "imported");
  await upload(page, site, "departments", "科室.csv", mended, "批次");
  check((await page.textContent(".note.good")).includes("无需导入"), "the same file again changes nothing");
  await upload(page, site, "departments", "科室2.csv", changed, "批次");
  check((await page.textContent("td.changed")).replace(/\s/g, "") === "23", "old and new value of the changed cell");
  await page.click("ul.tabs a[href*='show=missing']");
  check((await page.textContent("tbody")).includes("放射科"), "what the file lacks is listed");
  await page.click("form[action$='/accept'] button");
  check(site.act("department_list").rows.length === 3, "and kept");
  for (const left of [3, 0]) {
    await page.goto(site.base + "/import");
    await page.click("tr:has(.tag.good) a"); // the newest that is imported
    const undo = page.locator("form[action$='/undo'] button");
    await undo.click();
    if (script) await undo.click(); // it asks once more
    check((await page.textContent(".note")).includes("已撤销"), "taken back");
    check(site.act("department_list").rows.length === left, `${left} departments are left`);
  }
  await context.close();
}

// Two people at once: the second is told, nothing is lost.
async function twoPeople(site) {
  const context = await site.signedIn("陈静"), one = await context.newPage(), two = await context.newPage();
  await upload(one, site, "departments", "一.csv", mended, "批次");
  await upload(two, site, "departments", "二.csv", changed, "批次");
  await one.click("form[action$='/accept'] button");
  await two.click("form[action$='/accept'] button");
  check((await two.textContent("[role=alert]")).includes("重新预览"), "the second is told");
  await two.click("form[action$='/again'] button");
  check((await two.locator("td.changed").count()) === 1, "and sees the difference to what the first one stored");
  await two.click("form[action$='/accept'] button");
  check(site.act("department_list").rows.find((d) => d.name_zh === "检验科").seats === 3, "both are in");
  await context.close();
}

await test(async (site) => {
  site.run("init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静");
  site.act("programme_save", { base_id: 1, code: "p", name_zh: "方案", name_en: "Programme" });
  site.act("cohort_save", { base_id: 1, programme_id: 1, code: "c", name_zh: "批次", name_en: "Cohort", first_week: "2027-03-01", weeks: 16 });
  await site.open({ today: "2027-04-07" });
  for (const script of [true, false]) await mistakes(site, script);
  for (const script of [true, false]) await whole(site, script);
  await twoPeople(site);
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await upload(page, site, "departments", "科室.csv", wrong.replace("检验科,2", "检验科,5"), "批次");
  const bad = new URL(page.url()).pathname;
  await upload(page, site, "departments", "科室3.csv", changed.replace("检验科,3", "检验科,6") + "手术室,1,手,,\n", "批次");
  const good = new URL(page.url()).pathname;
  await upload(page, site, "departments", "没有表头.csv", "甲,乙\n1,2\n", "批次");
  const headless = new URL(page.url()).pathname;
  check((await page.textContent(".note.bad")).includes("科室、可接收人数"), "says which columns it needs");
  await context.close();
  site.learn("超声科", "第8周", "检修");
  await site.tour("陈静", { "import": "/import", "import-wrong": bad, "import-ready": good + "?show=changed", "import-missing": good + "?show=missing", "import-headless": headless, "import-unknown": { path: "/import/999999", expected: 404 } });
  await site.tour("周敏", { "import-secretary": "/import?kind=wishes" });
});
