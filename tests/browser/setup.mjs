// Setting up, people, programmes, cohorts, seats, wishes, settings, the audit trail: every page of them, what people do on
// them, and the whole way from an empty database to an own published plan, with its pages and clicks counted.
import { check, test } from "./lib.mjs";
import { furnish } from "./furnish.mjs";

const office = {
  "home-office": "/", "departments-list": "/departments", "capacity-weeks": "/capacity/1", "people-list": "/people", "people-found": "/people?query=chen", "person": "/person/1",
  "member-form": "/people/new", "me": "/me", "units": "/units", "settings": "/settings", "audit-trail": "/audit", "audit-of": "/audit?subject=department", "notices": "/notices",
  "cohort-office": "/cohort/1", "students-office": "/students/1", "student-office": "/student-data/1", "programme-office": "/programme/1",
};
const secretary = {
  "home-of-secretary": "/", "programmes-list": "/programmes", "programme": "/programme/1", "programme-open": "/programme/1?rotation=1", "cohorts-list": "/cohorts", "cohort": "/cohort/1",
  "cohort-edit": "/cohort/1?edit=1", "students-list": "/students/1", "student-form": "/student-data/1", "wishes-overview": "/cohort/1/wishes", "wishes-for": "/wishes/1", "people-secretary": "/people",
};


// A person at a browser: every page that loads and every press is counted; typing is not.
class Walker {
  constructor(site, context, page) {
    Object.assign(this, { site, context, page });
    page.on("framenavigated", (frame) => { if (frame === page.mainFrame()) Walker.pages++; });
    page.on("console", (m) => { throw new Error(`console: ${m.text()}`); });
  }

  static async start(site, url, options = {}) {
    const context = await site.context(options), page = await context.newPage(), walker = new Walker(site, context, page);
    await page.goto(url);
    return walker;
  }

  async press(what) {
    Walker.clicks++;
    const target = typeof what === "string" ? this.page.locator(what).first() : what;
    await Promise.all([this.page.waitForLoadState("load"), target.click()]);
  }

  button(text) { return this.press(this.page.locator("main").getByRole("button", { name: text, exact: true }).first()); }
  link(text) { return this.press(this.page.locator("main").getByRole("link", { name: text }).first()); }
  home() { return this.press(".brand"); }
  async tick(name) { Walker.clicks++; await this.page.locator("details[open]").getByLabel(name, { exact: true }).first().check(); }

  // Fields by their names, of the form that is open.
  async fill(form, fields) {
    for (const [name, value] of Object.entries(fields)) {
      const control = this.page.locator(`${form} [name="${name}"]`).first();
      if ((await control.evaluate((e) => e.tagName)) === "SELECT") await control.selectOption(value);
      else await control.fill(value);
    }
  }

  async todo() { return (await this.page.locator(".todo-item strong").allTextContents()).join(" "); }
}
Walker.pages = Walker.clicks = 0;

// From nothing to a published plan: both sides, a student, and nobody but them.
async function wholeWay(site) {
  await site.open({ today: "2027-02-01", quiet: true });
  const url = /http\S+\/setup\/[0-9a-f]{64}/.exec(site.said)?.[0];
  check(url, "the server of an empty installation says a set-up link");
  const secretary = await Walker.start(site, url), page = secretary.page;
  await page.screenshot({ path: "build/shots/first-start-zh-desktop.png", fullPage: true });
  await secretary.fill("form.setup", { university_zh: "江城大学", university_en: "Jiangcheng University", secretary_name: "周敏", secretary_login: "zhoumin",
    hospital_zh: "江城医院", hospital_en: "Jiangcheng Hospital", office_name: "陈静", office_login: "chenjing" });
  await secretary.button("建立基地");
  await page.screenshot({ path: "build/shots/first-start-done-zh-desktop.png", fullPage: true });
  const officeUrl = await page.inputValue("#link-hospital");
  await secretary.button("以周敏的身份进入");
  await page.screenshot({ path: "build/shots/first-home-zh-desktop.png", fullPage: true });
  check((await secretary.todo()) === "新建实习方案", await secretary.todo());

  const office = await Walker.start(site, officeUrl);
  await office.button("登录");
  check((await office.todo()) === "录入科室和名额", await office.todo());
  for (const [code, zh, en, initials, seats] of [["sur", "外科", "Surgery", "外", "1"], ["med", "内科", "Medicine", "内", "2"], ["ped", "儿科", "Paediatrics", "儿", "2"]]) {
    if (code === "sur") await office.link("录入科室和名额");
    await office.link("新增科室");
    await office.fill("form.card", { code, name_zh: zh, name_en: en, initials, seats });
    await office.button("保存");
  }
  await office.home();
  check((await office.todo()) === "为科室登记带教老师", await office.todo());

  await secretary.link("新建实习方案");
  await secretary.fill("details[open]", { name_zh: "临床实习", name_en: "Clinical internship", code: "clin" });
  await secretary.button("新建,接着添加轮转".replace(",", "\uff0c"));
  for (const [zh, en, weeks, where] of [["外科轮转", "Surgery", "1", ["外科"]], ["内科系统", "Medicine", "2", ["内科", "儿科"]]]) {
    await secretary.fill("#add", { name_zh: zh, name_en: en, weeks });
    for (const w of where) await secretary.tick(w);
    await secretary.button("添加轮转");
  }
  check((await page.locator(".rotation").count()) === 2, "two rotations");
  await secretary.home();
  check((await secretary.todo()) === "新建实习批次", await secretary.todo());
  await secretary.link("新建实习批次");
  await secretary.fill("details[open]", { name_zh: "2027 春季", name_en: "Spring 2027", code: "2027", programme_id: { label: "临床实习" }, first_week: "2027-03-29", weeks: "6", wishes_open: "2027-02-01", wishes_close: "2027-02-28" });
  await secretary.button("新建实习批次");
  Walker.clicks++;
  await page.check("[name='week-2027-04-26']");
  await secretary.button("标为法定节假日");
  check((await page.locator(".week.is-closed").textContent()).includes("法定节假日"), "the week is closed");
  await secretary.home();
  check((await secretary.todo()) === "录入学生", await secretary.todo());
  await secretary.link("录入学生");
  for (const [number, name] of [["01", "林晓"], ["02", "王磊"], ["03", "赵婷"]]) {
    await secretary.fill("#add", { number, name });
    await secretary.button("新增");
  }
  await secretary.home();
  check((await secretary.todo()) === "催填志愿 生成轮转计划", await secretary.todo());
  await secretary.link("催填志愿");
  await secretary.button("为全体学生生成登录链接");
  check((await page.locator(".slip").count()) === 3 && (await page.locator(".slip svg path").count()) === 3, "three slips with codes");
  await page.screenshot({ path: "build/shots/links-zh-desktop.png", fullPage: true });
  const slip = await page.locator(".slip", { hasText: "林晓" }).locator("code").textContent();

  const student = await Walker.start(site, slip, { width: "phone" });
  await student.button("登录");
  await student.page.goto(site.base + "/wishes");
  await student.button("上移\uff1a儿科");
  await student.page.locator(".ranking-said:not(:empty)").waitFor();
  check((await student.page.textContent(".ranking-said")) === "志愿已保存", "a press stores the wishes");
  check((await student.page.locator(".rank-name").allTextContents()).join() === "儿科,内科", "the department moved up");
  await student.page.screenshot({ path: "build/shots/wishes-ranked-zh-phone.png", fullPage: true });

  await secretary.home();
  await secretary.link("生成轮转计划");
  await secretary.press("form[action^='/plans/'] button");
  const act = (name) => `form[action$='/${name}'] button`; // the buttons of a plan by what they do, whatever they are called
  for (let i = 0; i < 100 && (await page.locator(act("propose")).count()) === 0; i++) {
    await page.waitForTimeout(200);
    await page.reload();
    Walker.pages--;
  }
  await secretary.press(act("propose"));
  await secretary.press(act("agree"));
  await office.home();
  check((await office.todo()).includes("计划等待本方确认"), await office.todo());
  await office.page.screenshot({ path: "build/shots/home-agree-zh-desktop.png", fullPage: true });
  await office.link("计划等待本方确认");
  await office.press(act("agree"));
  await office.press(act("publish"));
  check((await office.page.textContent("main")).includes("已发布"), "published");
  await student.page.goto(site.base + "/");
  check((await student.page.textContent("main")).includes("儿科"), "the student sees the department of the first wish");
  await secretary.home();
  check(!(await secretary.todo()).includes("计划"), await secretary.todo());
  console.log(`from empty to published: ${Walker.pages} pages, ${Walker.clicks} clicks`);
  check(Walker.pages <= 46 && Walker.clicks <= 46, `the way is too long: ${Walker.pages} pages, ${Walker.clicks} clicks`);
  for (const w of [secretary, office, student]) await w.context.close();
}

// Somebody new: found by pinyin, a link to copy; a dangerous button asks once more.
async function people(site) {
  const context = await site.signedIn("陈静"), page = await context.newPage();
  await page.goto(site.base + "/people/new");
  await page.fill("[name=name]", "欧阳若兰");
  await page.fill("[name=login_name]", "ouyang");
  await page.selectOption("[name=role]", "leader");
  await page.click("main form.card button");
  check(/\/link\/[0-9a-f]{64}$/.test(await page.inputValue("#link-address")), "a link to hand over");
  await page.screenshot({ path: "build/shots/link-one-zh-desktop.png", fullPage: true });
  await page.goto(site.base + "/people?query=ouyangruo");
  check((await page.locator(".entry").count()) === 1, "found by pinyin");
  await page.click(".entry-name");
  const off = page.getByRole("button", { name: "停用账号" });
  await off.click();
  check((await page.getByRole("button", { name: "再按一次确认" }).count()) === 1 && (await page.locator(".tag.bad").count()) === 0, "nothing happens by one press");
  await page.getByRole("button", { name: "再按一次确认" }).click();
  await page.waitForURL(/saved=1/);
  check((await page.locator(".tag.bad").first().textContent()) === "已停用", "by two it does");
  await context.close();
}

// With a mouse an item is dragged to its place, and the order is stored.
async function dragged(site) {
  const cohort = site.act("cohort_list").rows[0];
  site.act("cohort_save", { ...cohort, wishes_open: "2027-04-01", wishes_close: "2027-04-30" });
  const context = await site.signedIn("林晓彤"), page = await context.newPage();
  await page.goto(site.base + "/wishes");
  const names = () => page.locator(".rank-name").allTextContents();
  const before = await names();
  await page.locator(".rank").nth(3).dragTo(page.locator(".rank").nth(0), { targetPosition: { x: 40, y: 4 } });
  await page.locator(".ranking-said:not(:empty)").waitFor();
  const want = [before[3], before[0], before[1], before[2]].join();
  check((await names()).join() === want, `dragged to the top: ${await names()}`);
  await page.reload();
  check((await names()).join() === want, "and stored");
  await page.locator(".rank").nth(0).getByRole("button").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.locator(".ranking-said:not(:empty)").waitFor();
  check((await names())[1] === before[3] && (await page.evaluate(() => document.activeElement.closest(".rank").dataset.id)) === (await page.locator(".rank").nth(1).getAttribute("data-id")), "by keyboard, and the focus stays with it");
  await context.close();
}

// Closing a department names who is affected; only the second page saves.
async function closing(site) {
  for (const script of [true, false]) {
    const context = await site.signedIn("陈静", { script, width: "phone" }), page = await context.newPage();
    await page.goto(site.base + "/capacity/1");
    await page.selectOption("[name=first_week]", "2027-04-12");
    await page.selectOption("[name=last_week]", "2027-04-26");
    await page.fill("[name=seats]", script ? "0" : "1");
    await page.locator("form.card button").first().click();
    check((await page.locator(".ask tbody tr").count()) > 0, "who is affected is named");
    await page.screenshot({ path: "build/shots/capacity-ask-zh-phone.png", fullPage: true });
    check((await page.locator("table.seats .tag.warn").count()) === (script ? 1 : 4), "nothing is saved yet");
    await page.click(".ask button");
    check((await page.locator("table.seats .tag.warn").count()) === 4, "confirmed, it is");
    await context.close();
  }
}

await test(wholeWay, async (site) => {
  furnish(site);
  site.learn("secretary", "office");
  await site.open({ today: "2027-04-07" });
  await site.tour("陈静", office);
  await site.tour("周敏", secretary);
  await people(site);
  await dragged(site);
  await closing(site);
});
