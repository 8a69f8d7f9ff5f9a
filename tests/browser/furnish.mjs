// The demo base of demo/load, planned, agreed by both sides and published, today being in its sixth week.

export function furnish(site) {
  site.run("init", "--university-zh", "工科大学", "--university-en", "Technical University", "--hospital-zh", "妇幼保健院", "--hospital-en", "Women and Children's Hospital", "--secretary", "周敏", "--office", "陈静");
  site.demo("2027-03-01", "2027-01-04", "2027-01-31");
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
