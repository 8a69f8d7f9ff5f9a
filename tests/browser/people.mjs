// Preceptors of stays, groups and their quotas, leaving and coming back; by the demo base, its plan published.
import { check, Site, test } from "./lib.mjs";

const init = ["init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静"];

function furnish(site) {
  site.run(...init);
  site.demo("2027-03-01", "2027-01-04", "2027-01-31");
  site.act("plan_make", { cohort_id: 1, seconds: 20 }, "--as", "secretary");
  site.run("work");
  for (const [name, who] of [["plan_propose", "secretary"], ["plan_agree", "secretary"], ["plan_agree", "office"], ["plan_publish", "office"]])
    site.act(name, { id: 1, version: site.act("plan_list", { parent_id: 1 }).rows[0].version }, "--as", who);
  site.act("member_add", { name: "吴科秘", login_name: "wukemi", side: "hospital", role: "department_secretary", department_id: 3 }, "--as", "office");
  const students = site.act("student_list", { parent_id: 1 }).rows.map((s) => s.id);
  site.act("students_group", { cohort_id: 1, students: students.slice(0, 15).join(), group_name: "甲组" }, "--as", "secretary");
  site.act("students_group", { cohort_id: 1, students: students.slice(3, 5).join(), group_name: "甲组、同乡" }, "--as", "secretary");
  const two = site.act("group_list", { parent_id: 1 }).rows.find((g) => g.name === "同乡");
  site.act("student_group_save", { id: two.id, version: two.version, cohort_id: 1, name: two.name, group_kind: "together" }, "--as", "secretary");
  const one = site.act("group_list", { parent_id: 1 }).rows.find((g) => g.name === "甲组");
  site.act("group_quota_save", { department_id: 3, group_id: one.id, seats: 2 }, "--as", "office");
  site.act("group_quota_save", { department_id: 3, group_id: one.id, seats: 3, outside: true }, "--as", "office");
}

// Suggestions are taken with one press, with JavaScript and without; then the student and the preceptor see who.
async function naming(site, script) {
  const context = await site.signedIn("吴科秘", { script }), page = await context.newPage();
  await page.goto(site.base + "/");
  const todo = page.locator('a[href="/department/3/preceptors"]');
  check((await todo.count()) === 1, "home leads to the page where it is done");
  await todo.click();
  await page.screenshot({ path: `build/shots/supervision-suggested-zh-desktop.png`, fullPage: true });
  check((await page.locator("select[name^=name-]").count()) > 0 && (await page.textContent("main")).includes("建议"), "suggestions stand in the form");
  await page.click("text=保存带教安排");
  check((await page.textContent("main")).includes("已保存"), "and are saved by one press");
  await page.goto(site.base + "/");
  check((await page.locator('a.todo-item[href="/department/3/preceptors"]').count()) === 0, "what is done is gone");
  await context.close();
}

async function all(site) {
  furnish(site);
  site.learn();
  await site.open({ today: "2027-03-10" });
  await naming(site, false);
  const named = site.act("supervision_list", { department_id: 3 }).rows.filter((x) => x.preceptor_id);
  check(named.length > 0, "preceptors are named");
  // One goes away with somebody to stand in, one without; one leaves.
  const preceptors = site.act("preceptor_list", { parent_id: 3 }).rows;
  site.act("preceptor_absence_save", { preceptor_id: named[0].preceptor_id, first_week: "2027-03-15", weeks: 2, reason: "进修", substitute_id: preceptors.find((p) => p.id !== named[0].preceptor_id)?.id }, "--as", "office");
  const student = site.act("student_list", { parent_id: 1 }).rows.find((s) => s.id === named[0].student_id);
  site.learn("吴科秘", "wukemi", "甲组", "同乡", "进修");
  await site.tour("吴科秘", { "home-department": "/", "supervision": "/department/3/preceptors", "supervision-weeks": "/department/3/preceptors?from=2027-03-01&weeks=16", "department-named": "/department/3" });
  await site.tour("陈静", { "home-hospital": "/", "departments-unnamed": "/departments", "capacity-quotas": "/capacity/3", "supervision-empty": "/department/3/preceptors?from=2026-01-05&weeks=1" });
  await site.tour("周敏", { "groups": "/groups/1", "students-groups": "/students/1", "student-leaves": `/student-data/${student.id}`, "student-named": `/student/${student.id}`, "cohort-days": "/cohort/1" });
  await site.tour(student.name, { "student-who": "/" });
}

await test(all);
