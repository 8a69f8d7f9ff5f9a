"""A published plan is planned again from a freeze date: a leave, a closed department, proposals that tell different people, who
may, what is refused; and what one more seat would bring. Called by run.py with what it needs."""
import json, time

import plan


def waited(w, use, id):
    """The state in which a plan's newest job of a kind ends; looking is not counted: how often one looks differs."""
    for _ in range(300):
        rows = w.secretary.api(use, {"parent_id": id})[1]["rows"]
        if rows and rows[0]["state"] not in ("queued", "running"):
            return rows[0]
        time.sleep(0.1)
    return {"state": "endless"}


def refusals(t, w, published):
    check = t.check
    again = lambda **fields: w.secretary.api("plan_make", dict({"cohort_id": w.cohort_id, "based_on_id": published, "seconds": 5}, **fields))
    at = lambda answer: [(e["at"], e["code"]) for e in answer["errors"]]
    status, answer = again(freeze_week="2027-02-22")
    check(status == 422 and at(answer) == [("freeze_week", "refuse_freeze_past")], f"before the cohort begins: {answer}")
    status, answer = again(freeze_week="2031-03-03")
    check(status == 422 and at(answer) == [("freeze_week", "refuse_freeze_late")], f"after it ends: {answer}")
    status, answer = again(freeze_week="2027-03-16")
    check(status == 422 and answer["errors"][0]["at"] == "freeze_week", f"no Monday: {answer}")
    check(again(proposals=4)[0] == 422 and again(proposals=0)[0] == 422, "one to three proposals")
    status, answer = again(based_on_id=987654)
    check(status == 422 and at(answer) == [("based_on_id", "refuse_replan_base")], f"a plan that is not there: {answer}")
    draft = w.plan()
    status, answer = again(based_on_id=draft)
    check(status == 422 and at(answer) == [("based_on_id", "refuse_replan_base")], f"a draft is not planned again: {answer}")
    check(w.step("delete", draft)[0] == 200, "the draft goes")
    check(w.student.api("plan_make", {"cohort_id": w.cohort_id, "based_on_id": published})[0] == 403, "a student may not")


def before(rows, week):
    return [p for p in plan.bare(rows) if p[3] < week]


def leave(t, w, published):
    """A student is away in two weeks from which he is planned out with the least change; what lies before stays."""
    check, stood = t.check, w.placements(published)
    one = max(stood, key=lambda p: (p["first_week"], p["student_id"]))
    freeze = "2027-03-15"
    check(one["first_week"] >= freeze, "somebody begins after the freeze date")
    w.ok("absence_save", student_id=one["student_id"], first_week=one["first_week"], weeks=1, reason="病假")
    again = w.plan(based_on_id=published, freeze_week=freeze, proposals=3)
    row, after = w.row(again), w.placements(again)
    check(row["origin"] == "repair" and row["based_on_id"] == published and row["freeze_week"] == freeze, row)
    check(row["verdict"] in ("optimal", "feasible"), row)
    check(before(after, freeze) == before(stood, freeze), "nothing before the freeze date moves")
    levels = json.loads(row["figures"])["levels"]
    check(levels[0]["level"] == "changes" and levels[0]["value"] == row["moved_weeks"] > 0, f"change comes first: {levels}")
    check(levels[0]["proven"] and row["change_links"] is None, f"and is proven to be least: {levels}")
    moved = {r["student_id"] for r in w.ok("plan_diff", plan_id=published, other_id=again)}
    check(len(moved) == row["moved_students"] and one["student_id"] in moved, f"{moved}: {row}")
    return again, one["student_id"]


def proposals(t, w, published, again):
    check, freeze = t.check, w.row(again)["freeze_week"]
    rows = w.ok("plan_proposals", parent_id=again)
    check(rows[0]["id"] == again and all(r["proposal_of_id"] == again for r in rows[1:]), rows)
    check([r["id"] for r in w.ok("plan_proposals", parent_id=rows[-1]["id"])] == [r["id"] for r in rows], "from any of them")
    told = [{d["student_id"] for d in w.ok("plan_diff", plan_id=published, other_id=r["id"])} for r in rows]
    for i, x in enumerate(told):
        check(not any(x <= y for k, y in enumerate(told) if k != i), f"no set of people contains another: {told}")
    check(all(before(w.placements(r["id"]), freeze) == before(w.placements(published), freeze) for r in rows), "each keeps the past")
    path = f"/replan/{w.cohort_id}"
    status, text, _ = w.secretary.ask(f"{path}?plan={again}")
    check(status == 200 and text.count("选用并提出") == len(rows), "side by side, each with its button")
    check("选用并提出" not in w.secretary.ask(path)[1] and "开始计算" in w.secretary.ask(path)[1], "the page alone asks from when on")
    status, text, _ = w.secretary.post(path, freeze_week="2027-02-22", proposals="3", seconds="5")
    check(status == 422 and "已经过去" in text, "what is refused is said on the page")
    check(w.secretary.ask(f"{path}?plan=987654")[0] == 404 and w.secretary.ask("/replan/987654")[0] == 404 and w.student.ask(path)[0] == 403, "nothing there, nobody else's")
    return rows


def publishing(t, w, published, rows, ill):
    """The second proposal goes its way; who moves is told, who does not is not."""
    check, chosen = t.check, rows[-1]["id"]
    told = {d["student_id"] for d in w.ok("plan_diff", plan_id=published, other_id=chosen)}
    w.publish(chosen)
    check(w.row(published)["state"] == "superseded" and w.row(chosen)["state"] == "published", "published in its place")
    check(ill in told, "the one who is away is among those to tell")
    status, answer = w.step("propose", rows[0]["id"])
    check(status == 422 or status == 200, f"the other proposal is held against what is published now: {answer}")
    check(w.ok("plan_check", parent_id=chosen) is not None, "the published one can be checked")
    return chosen


def exchanges(t, w):
    """Every week of the one seat is taken: who can't come in the first weeks changes with one of the other two, and the office
    may choose with whom."""
    check = t.check
    w.cohort(3, 6)
    w.student = t.sign_in(w.env, t.url, f"{w.mark}学生0")[0]
    published = w.plan()
    w.publish(published)
    first = min(w.placements(published), key=lambda p: p["first_week"])
    w.ok("absence_save", student_id=first["student_id"], first_week=first["first_week"], weeks=1, reason="病假")
    again = w.plan(based_on_id=published, freeze_week="2027-03-01", proposals=3)
    rows = proposals(t, w, published, again)
    told = [{d["student_id"] for d in w.ok("plan_diff", plan_id=published, other_id=r["id"])} for r in rows]
    others = [s for s in w.students if s != first["student_id"]]
    check(sorted(map(sorted, told)) == sorted(sorted([first["student_id"], o]) for o in others), f"with one or with the other: {told}")
    check(all(r["moved_weeks"] == 8 and r["moved_students"] == 2 and r["verdict"] == "optimal" for r in rows), rows)
    publishing(t, w, published, rows, first["student_id"])
    if w.row(rows[0]["id"])["state"] == "proposed":
        check(w.step("return", rows[0]["id"], w.office, reason="已选另一方案")[0] == 200, "the other one is sent back")
    check(w.step("delete", rows[0]["id"])[0] == 200, "the proposal that was not taken can go")
    check(w.ok("plan_proposals", parent_id=rows[-1]["id"])[0]["id"] == rows[-1]["id"], "the other stays, on its own")


def closing(t, w, published, department):
    """A department closes while somebody is in it: his placement is done anew, elsewhere in time."""
    check = t.check
    here = [p for p in w.placements(published) if p["department_id"] == department]
    one = min(here, key=lambda p: p["first_week"])
    w.office.api("capacity_save", {"department_id": department, "first_week": one["first_week"], "weeks": 1, "seats": 0, "reason": "装修"})
    again = w.plan(based_on_id=published, freeze_week=one["first_week"])
    row = w.row(again)
    check(row["verdict"] in ("optimal", "feasible") and row["moved_weeks"] > 0, row)
    check(all(not (p["department_id"] == department and p["first_week"] <= one["first_week"] < p["until_week"]) for p in w.placements(again)), "nobody is there")
    return again


def stopping(t, w, published):
    """A run is stopped from its own page. Small runs may end before that, so it is tried until one was stopped on its way."""
    check, path, state, shown = t.check, f"/replan/{w.cohort_id}", "", False
    for _ in range(20):
        again = w.secretary.api("plan_make", {"cohort_id": w.cohort_id, "based_on_id": published, "freeze_week": "2027-03-08", "seconds": 20})[1]["id"]
        text = w.secretary.ask(f"{path}?plan={again}")[1]
        shown = shown or 'name="do" value="cancel"' in text
        version = w.secretary.api("plan_get", {"parent_id": again})[1]["rows"][0]["version"]
        answer = w.secretary.post(path, do="cancel", plan=again, version=version)
        state = waited(w, "job_get", again)["state"]
        if answer[0] != 200 or (shown and state == "cancelled"):
            break
    check(answer[0] == 200 and shown and state == "cancelled", f"stopped from its page: {answer[0]}, button {shown}, {state}")
    text = w.secretary.ask(f"{path}?plan={again}")[1]
    check('value="cancel"' not in text, "what was stopped has no button to stop it")
    check(w.secretary.post(path, do="cancel", plan=987654, version=1)[0] == 404, "nothing there to stop")
    check(w.secretary.post(f"/replan/987654", do="cancel", plan=again, version=version)[0] == 404, "not by another cohort's page")
    check(w.student.post(path, do="cancel", plan=again, version=version)[0] == 403, "a student may not stop it")


def what_if(t, w, published):
    check = t.check
    check(w.ok("whatif_list", parent_id=published) == [] and w.ok("whatif_job", parent_id=published) == [], "nobody has asked")
    check(w.student.api("whatif_make", {"id": published})[0] == 403, "a student may not ask")
    check(w.secretary.api("whatif_make", {"id": 987654})[0] == 404, "a plan that is not there")
    w.ok("whatif_make", id=published)
    job = waited(w, "whatif_job", published)
    check(job["state"] == "done" and job["kind"] == "whatif", job)
    rows = w.ok("whatif_list", parent_id=published)
    largest = [r for r in rows if r["kind"] == "largest"]
    check(len(largest) == 1 and largest[0]["students"] == len(w.students) and largest[0]["gain"] >= len(w.students), largest)
    seats = [r for r in rows if r["kind"] == "seat"]
    check(all(r["gain"] > 0 and r["level"] and r["department_id"] in w.departments and r["weeks"] > 0 for r in seats), seats)
    check(w.ok("job_get", parent_id=published)[0]["kind"] == "plan" if w.ok("job_get", parent_id=published) else True, "the plan's own job stays its own")
    page = f"/plan/{published}/whatif"
    status, text, _ = w.office.ask(page)
    check(status == 200 and f'<p class="big">{largest[0]["gain"]}</p>' in text, "its page says how many would fit")
    status, text, _ = w.office.post(page, do="make")
    check(status == 200 and ("data-part" in text or "重新试算" in text), "asked again from the page")
    check(waited(w, "whatif_job", published)["state"] == "done", "answered again")
    check([{k: v for k, v in r.items() if k != "made_at"} for r in w.ok("whatif_list", parent_id=published)] ==
          [{k: v for k, v in r.items() if k != "made_at"} for r in rows], "the same answer")
    check(w.secretary.api("whatif_cancel", {"id": published})[0] == 200, "stopping what has ended does nothing")
    audit = {e["usecase"] for e in w.ok("audit_list")}
    check({"whatif_make", "plan_make"} <= audit, f"in the audit trail: {sorted(audit)}")


def run(t, env, office):
    dep = lambda code, seats: office.api("department_save", {"hospital_id": 2, "code": code, "name_zh": code + "科", "name_en": code + " department", "initials": code[:2], "seats": seats})[1]["id"]
    a, b = dep("ra", 1), dep("rb", 1)
    w = plan.World(t, env, 1, 2, [a, b], "Gamma")
    w.rotation("ra", 2, [a])
    w.rotation("rb", 2, [b])
    w.cohort(3, 12)
    w.student = t.sign_in(env, t.url, "Gamma学生0")[0]
    published = w.plan()
    w.publish(published)
    refusals(t, w, published)
    unchanged = w.plan(based_on_id=published, freeze_week="2027-03-01", proposals=3)
    row = w.row(unchanged)
    t.check(plan.bare(w.placements(unchanged)) == plan.bare(w.placements(published)), "unchanged facts, unchanged plan")
    t.check(row["moved_weeks"] == 0 and row["moved_students"] == 0 and len(w.ok("plan_proposals", parent_id=unchanged)) == 1, row)
    again, ill = leave(t, w, published)
    rows = proposals(t, w, published, again)
    published = publishing(t, w, published, rows, ill)
    closing(t, w, published, a)
    stopping(t, w, published)
    what_if(t, w, published)
    full = plan.World(t, env, 1, 2, [dep("rc", 1)], "Zeta")
    full.rotation("rc", 2, full.departments)
    exchanges(t, full)
