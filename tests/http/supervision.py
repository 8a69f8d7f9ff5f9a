"""Preceptors of stays over a real socket: suggestions, naming in one act, two people at once, weeks away and who stands in, whoever
leaves, who is told, and what a new version keeps. Called by setup.py with its helpers."""
import datetime, re


def span(x):
    return x["first_week"], x["until_week"]


def overlap(x, y):
    return x["first_week"] < y["until_week"] and y["first_week"] < x["until_week"]


def day(text, weeks):
    return (datetime.date.fromisoformat(text) + datetime.timedelta(weeks=weeks)).isoformat()


def run(h, base, secretary, office, li, dep, other, cohort, students):
    check, rows, made, refused = h.check, h.rows, h.made, h.refused
    kinds = lambda who: {r["what"]: r for r in rows(who.api("todo", {}))}
    department = h.enter(base, "/link/" + rows(office.api("link_make", {"id": li}))[0]["token"])
    stays = lambda who=office, **f: rows(who.api("supervision_list", dict({"department_id": dep}, **f)))
    plan = [p for p in rows(secretary.api("plan_list", {"parent_id": cohort})) if p["state"] == "published"][0]
    here = [x for x in rows(secretary.api("placement_list", {"parent_id": plan["id"]})) if x["department_id"] == dep]
    first = stays()
    check([x["placement_id"] for x in sorted(first, key=lambda x: x["placement_id"])] == sorted(x["id"] for x in here), "everybody who comes")
    check(all(x["supervision"] == "unnamed" and x["suggested_id"] is None for x in first), "nobody is named, nobody can be suggested")
    check("name_preceptors" not in kinds(office) and "preceptors" in kinds(office), "without preceptors there is nobody to name")
    check(kinds(department).get("department_preceptors") is not None, "the department adds its own")
    check("添加带教老师" in department.ask(f"/department/{dep}/preceptors")[1], "on the page where it is done")
    check(department.ask(f"/department/{other}/preceptors")[0] == 404, "and no other's")
    check(secretary.ask(f"/department/{dep}/preceptors")[0] == 403, "the hospital names them")

    # Preceptors of one's own department, by its own secretary.
    status, text, _ = department.post(f"/department/{dep}/preceptors/add", department_id=dep, name="", students_most="0")
    check(status == 422 and "必填" in text and "50" in text, "a wrong one is told at its fields")
    status, text, _ = department.post(f"/department/{dep}/preceptors/add", department_id=dep, name="孙医生", title="主治医师", students_most="1")
    check(status == 200 and "孙医生" in text, "a preceptor is added")
    check(department.api("preceptor_add", {"department_id": other, "name": "钱医生", "students_most": 1})[0] == 404, "not to another department")
    sun = rows(office.api("preceptor_list", {"parent_id": dep}))[0]
    li2 = made(office.api("preceptor_add", {"department_id": dep, "name": "李医生", "students_most": 2}))
    far = made(office.api("preceptor_add", {"department_id": other, "name": "远医生", "students_most": 2}))
    check(department.api("preceptor_save", dict(sun, department_id=dep, students_most=9, id=sun["id"], version=99))[0] == 409, "a stale one is told")
    open_ = sum(x["first_week"] < "2027-03-22" for x in here)
    if open_:
        check(kinds(department)["name_preceptors"]["value"] == open_ == kinds(office)["name_preceptors"]["value"], "what is to be done, by whom it can be done")

    # Suggestions hold in every week, and the page takes them with one press.
    second = stays(department)
    check(all(x["suggested_id"] in (sun["id"], li2) for x in second), f"everybody gets somebody: {second}")
    for p, most in ((sun["id"], 1), (li2, 2)):
        mine = [x for x in second if x["suggested_id"] == p]
        check(all(sum(overlap(x, y) for y in mine) <= most for x in mine), "none more than he may supervise at a time")
    page = department.ask(f"/department/{dep}/preceptors?from=2027-03-01&weeks=10")[1]
    names = re.findall(r'<select name="(name-\d+:\d+)"', page)
    chosen = dict(zip(names, [re.search(r'value="(\d+)" selected', part).group(1) for part in page.split("<select")[1:len(names) + 1]]))
    check(len(chosen) == len(here) and "建议" in page, "suggestions stand in the form")
    digest = lambda: [(p["id"], p["version"], p["state"], p["number"]) for p in rows(secretary.api("plan_list", {"parent_id": cohort}))]
    before = digest()
    status, text, _ = department.post(f"/department/{dep}/preceptors/name", **{"from": "2027-03-01", "weeks": "10"}, **chosen)
    check(status == 200 and "已保存" in text and "未定" not in text.split("</table>")[0].split("<tbody>")[1].replace("（未定）", ""), "one press names all of them")
    check(digest() == before, "the plan has not moved")
    named = {x["placement_id"]: x for x in stays()}
    check(all(x["supervision"] == "named" and x["preceptor_id"] for x in named.values()), "all are named")
    check("name_preceptors" not in kinds(department), "what is done is gone")
    entry = rows(office.api("audit_list", {}))[0]
    check(entry["usecase"] == "preceptors_name" and "preceptor_id" in entry["detail"], "it is in the audit")
    stale = next(iter(chosen))
    status, text, _ = department.post(f"/department/{dep}/preceptors/name", **{stale: str(sun["id"] if chosen[stale] != str(sun["id"]) else li2)})
    check(status == 409 and "有人改动" in text, "whoever is second is told")

    # Who sees it.
    one = next(iter(named.values()))
    who = {sun["id"]: "孙医生", li2: "李医生"}
    check(who[one["preceptor_id"]] in secretary.ask(f"/student/{one['student_id']}")[1], "on the student's page")
    check(who[one["preceptor_id"]] + "带教" in office.ask(f"/department/{dep}")[1], "on the department's")
    row = rows(secretary.api("student_weeks", {"student_id": one["student_id"]}))
    check([w["preceptor"] for w in row if w["department_id"] == dep] == [who[one["preceptor_id"]]], row)
    if one["student_id"] == students["n0"]:
        check("notice_supervised" in {n["message"] for n in rows(students["browser"].api("notice_list", {}))}, "the student is told")

    # What is refused: too many at once, a stranger, somebody of another department, nonsense.
    name = lambda *words, who=office: who.api("preceptors_name", {"department_id": dep, "named": ",".join(words)})
    word = lambda x, p: f"{x['placement_id']}:{x['version']}:{p}"
    pair = [(x, y) for x in named.values() for y in named.values() if x["placement_id"] < y["placement_id"] and overlap(x, y)]
    if pair:
        refused(name(*(word(x, sun["id"]) for x in pair[0])), "refuse_preceptor_full", "named")
    refused(name(word(one, far)), "refuse_not_there", "named")
    refused(name("987654:1:%d" % sun["id"]), "refuse_not_there", "named")
    for bad in ("x", "1:2", "1:x:3", "9" * 40):
        refused(name(bad), "value_not_reference", "named")
    check(stays() == list(named.values()) or {x["placement_id"]: x for x in stays()} == named, "and nothing was written")

    # Weeks away: somebody stands in, or it is to be done.
    away = lambda **f: department.api("preceptor_absence_save", dict({"preceptor_id": one["preceptor_id"], "first_week": one["first_week"], "weeks": 1}, **f))
    refused(away(first_week=day(one["first_week"], 0)[:8] + "02" if one["first_week"][8:] != "02" else "2027-03-03"), "value_not_monday", "first_week")
    refused(away(substitute_id=one["preceptor_id"]), "refuse_substitute", "substitute_id")
    refused(away(substitute_id=far), "refuse_substitute", "substitute_id")
    seats = lambda: {r["first_week"]: r for r in rows(office.api("seat_list", {"department_id": dep, "first_week": "2027-03-01", "weeks": 10}))}
    usual = seats()[one["first_week"]]
    absent = made(away())
    check({x["placement_id"]: x["supervision"] for x in stays()}[one["placement_id"]] == "away", "away, and nobody stands in")
    reduced = seats()[one["first_week"]]
    most = {sun["id"]: 1, li2: 2}[one["preceptor_id"]]
    check(reduced["seats"] == min(usual["seats"], 3 - most) and (reduced["seats"] == usual["seats"] or reduced["because"] == "preceptors"), f"{usual} {reduced}")
    if one["first_week"] < "2027-03-22":
        check(kinds(department)["preceptors_gone"]["value"] >= 1 and f"/department/{dep}/preceptors" in department.ask("/")[1], "it is to be done")
    substitute = li2 if one["preceptor_id"] == sun["id"] else sun["id"]
    row = [a for a in rows(office.api("preceptor_absence_list", {"parent_id": dep})) if a["id"] == absent][0]
    made(office.api("preceptor_absence_save", {"id": absent, "version": row["version"], "preceptor_id": one["preceptor_id"], "first_week": one["first_week"], "weeks": 1, "substitute_id": substitute}))
    check({x["placement_id"]: x["supervision"] for x in stays()}[one["placement_id"]] == "named", "somebody stands in")
    check("preceptors_gone" not in kinds(department), "and it is done")
    check(who[substitute] + " 代带" in secretary.ask(f"/student/{one['student_id']}")[1], "the student sees who")
    status, text, _ = department.post(f"/department/{dep}/preceptors/absence-delete", id=absent, version=2)
    left = rows(office.api("preceptor_absence_list", {"parent_id": dep}))
    check(status == 200 and left == [], f"back again: {status} {left}")

    # Whoever leaves the job.
    mine = rows(office.api("preceptor_list", {"parent_id": dep}))
    gone = [p for p in mine if p["id"] == one["preceptor_id"]][0]
    made(department.api("preceptor_save", {k: v for k, v in dict(gone, active=False).items()}))
    state = {x["placement_id"]: x for x in stays()}
    check(state[one["placement_id"]]["supervision"] == "left", "his students are without")
    refused(name(word(state[one["placement_id"]], 0), word(state[one["placement_id"]], substitute)), "refuse_doubled", "named")
    if one["first_week"] < "2027-03-22":
        check("preceptors_gone" in kinds(office), "which is to be done")
    made(name(word(state[one["placement_id"]], 0)))
    check({x["placement_id"]: x["supervision"] for x in stays()}[one["placement_id"]] == "unnamed", "nobody is named any more")
    refused(name(word({x["placement_id"]: x for x in stays()}[one["placement_id"]], gone["id"])), "refuse_preceptor_left", "named")
    made(office.api("preceptor_save", dict(gone, version=gone["version"] + 1, active=True)))
    made(name(word({x["placement_id"]: x for x in stays()}[one["placement_id"]], gone["id"])))

    # A new version keeps who supervises where nothing changes.
    kept = {(x["student_id"], span(x)): x["preceptor_id"] for x in stays()}
    plans = lambda: max(rows(secretary.api("plan_list", {"parent_id": cohort})), key=lambda p: p["number"])
    made(secretary.api("plan_make", {"cohort_id": cohort, "seconds": 20}))
    new = plans()["id"]
    for _ in range(200):
        if secretary.api("job_get", {"parent_id": new})[1]["rows"][0]["state"] not in ("queued", "running"):
            break
        h.time.sleep(0.1)
    for who_, act in ((secretary, "propose"), (secretary, "agree"), (office, "agree"), (office, "publish")):
        made(who_.api("plan_" + act, {"id": new, "version": [p for p in rows(secretary.api("plan_list", {"parent_id": cohort})) if p["id"] == new][0]["version"]}))
    after = {(x["student_id"], span(x)): x["preceptor_id"] for x in stays()}
    check(set(after) == set(kept) and after == kept, f"the same plan again: the same preceptors: {kept} {after}")
