"""Groups over a real socket: made by writing a name, several a student, what they mean for the plan, quotas of departments, who may.
Called by setup.py with its helpers."""
import json


def run(h, secretary, office, dep, other, cohort):
    check, rows, made, refused = h.check, h.rows, h.made, h.refused
    add = lambda i, groups="": made(secretary.api("student_add", {"cohort_id": cohort, "number": f"g{i}", "name": f"组员{i}", "group_name": groups}))
    groups = lambda: {g["name"]: g for g in rows(secretary.api("group_list", {"parent_id": cohort}))}
    shown = lambda id: rows(secretary.api("student_show", {"parent_id": id}))[0]
    before = set(groups())
    a, b = add(1, "乙班, 东院；乙班"), add(2, "东院/西院")
    check(shown(a)["group_name"] == "东院、乙班" and shown(b)["group_name"] == "东院、西院", f"{shown(a)} {shown(b)}")
    check(set(groups()) - before == {"乙班", "东院", "西院"}, "groups are made by their names")
    check(groups()["东院"]["value"] == 2 and groups()["东院"]["group_kind"] == "plain", groups())
    find = lambda name: sorted(r["number"] for r in rows(secretary.api("student_find", {"cohort_id": cohort, "group_name": name})))
    check(find("东院") == ["g1", "g2"] and find("乙班") == ["g1"] and find("东") == [] and find("%") == [], "found by each of them")
    row = shown(a)
    made(secretary.api("student_change", {"id": a, "version": row["version"], "number": "g1", "name": "组员1", "group_name": "西院"}))
    check(shown(a)["group_name"] == "西院" and groups()["乙班"]["value"] == 0, "changed by the student's form")
    stale = shown(b)["version"]
    made(secretary.api("students_group", {"cohort_id": cohort, "students": f"{a},{b}", "group_name": "同行、东院"}))
    check(shown(a)["group_name"] == shown(b)["group_name"] == "东院、同行", "several students at once")
    check(secretary.api("student_change", {"id": b, "version": stale, "number": "g2", "name": "组员2"})[0] == 409, "a form opened before is stale")
    refused(secretary.api("students_group", {"cohort_id": cohort, "students": str(a), "group_name": "长" * 61}), "value_too_long", "group_name")
    # The record itself.
    save = lambda name, **f: secretary.api("student_group_save", dict({"cohort_id": cohort, "name": name, "group_kind": "plain"}, **f))
    for bad in ("甲、乙", "a,b", "a/b", "a|b", "甲；乙"):
        refused(save(bad), "refuse_group_name", "name")
    refused(save("东院"), "refuse_doubled")
    refused(save(""), "value_missing", "name")
    check(office.api("student_group_save", {"cohort_id": cohort, "name": "x", "group_kind": "plain"})[0] == 403, "the university's secretary makes groups")
    g = groups()["同行"]
    made(save("同行", id=g["id"], version=g["version"], group_kind="together"))
    check(save("同行", id=g["id"], version=g["version"])[0] == 409, "a stale one is told")
    east = groups()["东院"]
    # Quotas are the hospital's.
    quota = lambda who=office, **f: who.api("group_quota_save", dict({"department_id": dep, "group_id": east["id"], "seats": 1}, **f))
    check(quota(secretary)[0] == 403, "the hospital limits")
    refused(quota(seats=-1), "value_not_int", "seats")
    refused(quota(group_id=987654), "refuse_not_there", "group_id")
    one = made(quota())
    two = made(quota(department_id=other, outside=True, seats=0))
    page = office.ask(f"/capacity/{dep}")[1]
    check("东院：每周最多 1 名" in page and "组员" not in page, "on the department's page")
    check("东院以外的学生：每周最多 0 名" in office.ask(f"/capacity/{other}")[1], "all but one group")
    status, text, _ = secretary.ask(f"/groups/{cohort}")
    check(status == 200 and "同组同行" in text and "组员1、组员2" in text and "每周最多 1 名" in text, "the groups' own page")
    status, text, _ = secretary.post(f"/groups/{cohort}/save", cohort_id=cohort, name="a,b", group_kind="apart")
    check(status == 422 and 'value="a,b"' in text and "组名不能含有" in text, "a refused form keeps what was typed")
    # What the planner gets.
    plan = made(secretary.api("plan_make", {"cohort_id": cohort, "seconds": 20}))
    stored = json.loads(h.problem_of(plan))
    students = {s["id"]: s for s in stored["students"]}
    check(students["g1"]["groups"] == ["东院", "同行"], students["g1"])
    check(stored["pairs"] == [{"students": ["g1", "g2"], "kind": "together"}], stored.get("pairs"))
    quotas = {d["id"]: d.get("quotas") for d in stored["departments"]}
    check(quotas["d1"] == [{"group": "东院", "capacity": 1}] and quotas["d2"] == [{"not": "东院", "capacity": 0}], quotas)
    for _ in range(200):
        job = secretary.api("job_get", {"parent_id": plan})[1]["rows"][0]
        if job["state"] not in ("queued", "running"):
            break
        h.time.sleep(0.1)
    # Two that go together can't be in a department that takes one of them; everybody else is kept out of the other: no plan.
    verdict = rows(secretary.api("plan_get", {"parent_id": plan}))[0]["verdict"]
    check(verdict == "infeasible", f"rules of groups bind: {verdict}")
    check(secretary.ask(f"/plan/{plan}/why")[0] == 200 and "东院" in secretary.ask(f"/plan/{plan}/why")[1], "and are named where they collide")
    refused(secretary.api("student_group_delete", {"id": east["id"], "version": east["version"]}), "refuse_in_use")
    made(office.api("group_quota_delete", {"id": one, "version": 1}))
    made(office.api("group_quota_delete", {"id": two, "version": 1}))
    made(secretary.api("student_group_delete", {"id": east["id"], "version": east["version"]}))
    check(shown(a)["group_name"] == "同行", "a group goes with its memberships")
    made(secretary.api("student_delete", {"id": a, "version": shown(a)["version"]}))
    check(groups()["同行"]["value"] == 1, "a student too")
    made(secretary.api("student_delete", {"id": b, "version": shown(b)["version"]}))
    made(secretary.api("plan_delete", {"id": plan, "version": rows(secretary.api("plan_get", {"parent_id": plan}))[0]["version"]}))
