"""Plans over a real socket: hand changes and what they break, two people at once, differences, who is told, sending back, deleting,
a student who leaves, seats that another university's published plan takes. Called by run.py with what it needs."""
import json, re, time


class World:
    """A university with a cohort at the hospital of run.py; every word of it can be searched for in another's pages."""

    def __init__(self, t, env, number, hospital, departments, mark):
        self.t, self.env, self.mark, self.departments = t, env, mark, departments
        operator = lambda use, **fields: json.loads(t.run(env, "do", use, "--base", "0", json.dumps(fields)))["id"]
        if number == 1:
            self.base, self.university = 1, 1
        else:
            self.university = operator("organisation_save", kind="university", side="university", name_zh=mark + "大学", name_en=mark + " University")
            self.base = operator("base_save", university_id=self.university, hospital_id=hospital, name_zh=mark + "基地", name_en=mark + " base")
        self.people = {}
        for side, role in (("university", "secretary"), ("hospital", "education_office")):
            name = f"{mark}-{role}"
            person = operator("person_save", name=name)
            operator("account_save", person_id=person, login_name=name)
            operator("membership_save", base_id=self.base, person_id=person, side=side, role=role)
            self.people[side] = t.sign_in(env, t.url, name, self.base)[0]
        self.secretary, self.office = self.people["university"], self.people["hospital"]
        self.programme = self.ok("programme_save", base_id=self.base, code=mark, name_zh=mark + "方案", name_en=mark + " programme")

    def ok(self, use, who=None, **fields):
        status, answer = (who or self.secretary).api(use, fields)
        self.t.check(status == 200, f"{use} {fields}: {status} {answer}")
        return answer.get("id", answer.get("rows"))

    def rotation(self, code, weeks, departments):
        id = self.ok("rotation_save", programme_id=self.programme, code=code, name_zh=f"{self.mark}轮转{code}", name_en=f"{self.mark} {code}", weeks=weeks)
        for d in departments:
            self.ok("rotation_department_save", rotation_id=id, department_id=d)
        return id

    def cohort(self, students, weeks, closed=()):
        self.cohort_id = self.ok("cohort_save", base_id=self.base, programme_id=self.programme, code=self.mark, name_zh=self.mark + "批次", name_en=self.mark + " cohort",
                                 first_week="2027-03-01", weeks=weeks)
        for week in closed:
            self.ok("closed_week_save", cohort_id=self.cohort_id, week=week, reason="holiday")
        self.students = [self.ok("student_add", cohort_id=self.cohort_id, name=f"{self.mark}学生{i}", number=f"{self.mark}{i}", group_name="甲" if i % 2 else "乙") for i in range(students)]

    def plan(self, **fields):
        id = self.ok("plan_make", cohort_id=self.cohort_id, seconds=20, **fields)
        for _ in range(200):
            job = self.secretary.api("job_get", {"parent_id": id})[1]["rows"][0]  # not counted: how often one looks differs
            if job["state"] not in ("queued", "running"):
                break
            time.sleep(0.1)
        self.t.check(job["state"] == "done", job)
        return id

    def row(self, id):
        return self.ok("plan_get", parent_id=id)[0]

    def placements(self, id):
        return self.ok("placement_list", parent_id=id)

    def step(self, act, id, who=None, **fields):
        return (who or self.secretary).api("plan_" + act, dict(id=id, version=self.row(id)["version"], **fields))

    def publish(self, id):
        for act, who in (("propose", self.secretary), ("agree", self.secretary), ("agree", self.office), ("publish", self.office)):
            status, answer = self.step(act, id, who)
            self.t.check(status == 200, f"{act}: {status} {answer}")


def bare(placements):
    """Placements without their row ids: what must not differ between versions."""
    return sorted((p["student_id"], p["rotation_id"], p["department_id"], p["first_week"], p["until_week"], p["weeks"]) for p in placements)


def hand_changes(t, w, plan):
    check = t.check
    before = w.placements(plan)
    one, other = next((p, q) for p in before for q in before if p["rotation_id"] == w.long and q["student_id"] == p["student_id"] and
                      q["id"] != p["id"] and q["first_week"] >= "2027-04-05")
    free = {"placement_id": one["id"], "first_week": other["first_week"]}  # whatever the plan: there he is already
    status, answer = w.secretary.api("plan_try", dict(id=plan, **free))
    rules = {r["rule"] for r in answer["rows"] if r["kind"] == "broken"}
    check(status == 200 and rules & {"overlap", "seats"}, f"a move that collides says by which rule: {answer}")
    check(any(r["kind"] == "level" and r["rule"] == "regret" for r in answer["rows"]), "and how the levels change")
    check(w.secretary.api("plan_try", {"id": plan, "placement_id": one["id"]})[0] == 422, "a change that changes nothing")
    check(w.secretary.api("plan_try", {"id": plan, "placement_id": 987654, "first_week": "2027-03-01"})[0] == 422, "an unknown placement")
    check(w.secretary.api("plan_try", dict(id=plan, placement_id=one["id"], first_week="2031-03-03"))[0] == 422, "a week outside the cohort")
    path = f"/board/{plan}/change/{one['id']}"
    w.secretary.ask(path)
    form = {"kind": "move", "department_id": one["department_id"], "first_week": free["first_week"], "version": w.row(plan)["version"]}
    for lang, word in (("en", "Hard rules broken"), ("zh", "违反")):
        w.secretary.post("/language", to=lang, back=path)
        status, text, _ = w.secretary.post(path, do="try", **form)
        check(status == 200 and word in text, f"the page says what breaks in {lang}")
    # Stored broken, as a draft beside the plan, which stays as it was; a broken one goes no further.
    status, text, _ = w.secretary.post(path, do="save", **form)
    check(status == 200 and "违反" in text, "a broken change may be stored")
    variant = max(w.ok("plan_list", parent_id=w.cohort_id), key=lambda p: p["number"])
    check(variant["verdict"] == "broken" and variant["origin"] == "hand" and variant["based_on_id"] == plan, variant)
    check(bare(w.placements(plan)) == bare(before), "the plan it began from is untouched")
    status, answer = w.step("propose", variant["id"])
    check(status == 422 and answer["errors"][0]["code"] == "refuse_plan_broken", "a plan with a broken hard rule can't be proposed")
    return variant["id"]


def two_at_once(t, w, variant):
    """Both open the same draft; the second is told, keeps what he chose, and the first one's change stands."""
    check = t.check
    version = w.row(variant)["version"]
    mine, theirs = [p for p in w.placements(variant) if p["rotation_id"] == w.short][:2]
    move = lambda p, week: dict(id=variant, version=version, placement_id=p["id"], first_week=week)
    check(w.office.api("plan_change", move(mine, "2027-04-12"))[0] == 200, "the first is stored")
    check(w.row(variant)["version"] > version and len(w.ok("plan_list", parent_id=w.cohort_id)) == 2, "in place: it was a draft made by hand")
    check(w.secretary.api("plan_change", move(theirs, "2027-03-08"))[0] == 409, "the second is told")
    path = f"/board/{variant}/change/{theirs['id']}"
    w.secretary.ask(path)
    status, text, _ = w.secretary.post(path, do="save", kind="move", department_id=theirs["department_id"], first_week="2027-03-08", version=version)
    check(status == 409 and "他人修改了这个计划" in text and re.search(r'value="2027-03-08"[^>]*selected', text), "what he chose is still there")
    again = re.search(r'name="version" value="(\d+)"', text).group(1)
    check(int(again) == w.row(variant)["version"], "ready to be stored on the plan as it is now")
    check(w.secretary.post(path, do="save", kind="move", department_id=theirs["department_id"], first_week="2027-03-08", version=again)[0] == 200, "and stored")
    now = {p["id"]: p["first_week"] for p in w.placements(variant)}
    check(now[mine["id"]] == "2027-04-12" and now[theirs["id"]] == "2027-03-08", "nothing is lost")


def exchanges(t, w, plan):
    """Two students with the same wishes exchange all their weeks: as good as before, and still proven."""
    check = t.check
    a, b = [p for p in w.placements(plan) if p["rotation_id"] == w.long][:2]
    check(w.secretary.api("plan_change", {"id": plan, "placement_id": a["id"], "with_student_id": a["student_id"]})[0] == 422, "nobody exchanges with himself")
    variant = w.ok("plan_change", id=plan, placement_id=a["id"], with_student_id=b["student_id"], whole=True)
    row, old = w.row(variant), w.row(plan)
    check(row["verdict"] == "optimal", f"the same plan with two names exchanged is as good: {row}")
    levels = lambda r: json.loads(r["figures"])["levels"]
    check(levels(row) == levels(old), "with the same figures")
    changed = w.ok("plan_diff", plan_id=plan, other_id=variant)
    check({r["student_id"] for r in changed} <= {a["student_id"], b["student_id"]}, "and nobody else moves")
    status, text, _ = w.secretary.ask(f"/plan/{plan}/diff?to={variant}")
    check(status == 200, "their difference has a page")
    check(w.ok("plan_diff", plan_id=plan, other_id=plan) == [], "a plan does not differ from itself")
    return variant


def states(t, w, plan, variant):
    check = t.check
    check(w.step("propose", variant)[0] == 200 and w.step("return", variant, w.office, reason="请调整")[0] == 200, "the hospital sends it back")
    check(w.row(variant)["state"] == "draft", "to draft")
    w.publish(plan)
    check(w.step("delete", plan)[0] == 422 and w.step("return", plan)[0] == 422, "a published plan stays")
    check(w.step("delete", variant)[0] == 200 and w.secretary.api("plan_get", {"parent_id": variant})[0] == 404, "a draft is deleted")
    one = w.placements(plan)[0]
    stood = bare(w.placements(plan))
    new = w.ok("plan_change", id=plan, placement_id=one["id"], first_week="2027-03-08")
    check(new != plan and w.row(plan)["state"] == "published" and bare(w.placements(plan)) == stood, "a published plan changes only by a new version")
    check(w.step("delete", new)[0] == 200, "which may be dropped")


def told(t, w, plan):
    """Both offices of every step, the students of what concerns them, each once; a department's secretary of his department."""
    kinds = lambda who: [n["message"] for n in who.api("notice_list", {})[1]["rows"]]
    for who in (w.secretary, w.office):
        seen = kinds(who)
        for message in ("notice_proposed", "notice_returned", "notice_agreed_university", "notice_agreed_hospital", "notice_published_staff"):
            t.check(message in seen, f"{message} in {seen}")
        t.check(seen.count("notice_published_staff") == 1, "told once")
    t.check(kinds(w.student) == ["notice_published"], f"a student: {kinds(w.student)}")
    t.check(kinds(w.department) == ["notice_published_department"], f"a department's secretary: {kinds(w.department)}")


def tries(t, w):
    """No plan: a way out is tried as a draft, rests on facts that only their owners change, and can be proposed once they are so."""
    check = t.check
    shut = w.ok("capacity_save", w.office, department_id=w.departments[0], first_week="2027-03-01", weeks=5, seats=0, reason="装修")
    none = w.plan(title="停")
    check(w.row(none)["verdict"] == "infeasible", "nothing fits")
    ways = [r for r in w.ok("plan_explain", parent_id=none) if r["part"] == "repair"]
    check(ways and all(json.loads(r["levels"]) for r in ways), f"ways out, each with every level: {ways}")
    status, text, _ = w.secretary.ask(f"/plan/{none}/why")
    check(status == 200 and text.count(f"/plan/{none}/try/") == len(ways), "each has its button")
    seats = [r for r in range(len(ways)) if w.long_name in ways[r]["text_zh"]][0] + 1
    before = w.ok("capacity_all")
    status, text, _ = w.secretary.post(f"/plan/{none}/try/{seats}")
    check(status == 200, f"tried from the page: {status}")
    trial = w.ok("plan_trials", parent_id=none)[0]
    check((trial["origin"], trial["trial_number"], trial["state"]) == ("trial", seats, "draft"), trial)
    check(w.ok("trial_make", plan_id=none, number=seats) == trial["id"], "tried once, not twice")
    check(w.secretary.api("trial_make", {"plan_id": none, "number": 99})[0] == 422 and w.secretary.api("trial_make", {"plan_id": trial["id"], "number": 1})[0] == 422, "what is no way out")
    for _ in range(200):
        job = w.secretary.api("job_get", {"parent_id": trial["id"]})[1]["rows"][0]
        if job["state"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    check(job["state"] == "done" and w.row(trial["id"])["verdict"] in ("feasible", "optimal"), f"there is a plan: {job}")
    check(w.ok("capacity_all") == before, "the base is as it was")
    facts = w.ok("trial_list", parent_id=trial["id"])
    check(facts and not any(f["done"] or f["may"] for f in facts) and {f["side"] for f in facts} == {"hospital"}, f"the hospital's to change: {facts}")
    propose = f'action="/plan/{trial["id"]}/propose"'
    status, text, _ = w.secretary.ask(f"/plans/{w.cohort_id}")
    check(propose not in text and facts[0]["text_zh"] in text, "no button to propose it: first what must be changed")
    status, answer = w.step("propose", trial["id"])
    check(status == 422 and answer["errors"][0]["code"] == "refuse_plan_stale", f"not before it is so: {answer}")
    status, text, _ = w.secretary.post(f"/plan/{trial['id']}/trial")
    check(status == 422 and w.ok("capacity_all") == before, "the university changes no seats of the hospital")
    check(w.secretary.ask(f"/plan/{trial['id']}/trial")[0] == 200 and w.secretary.ask("/plan/987654/trial")[0] == 404 and w.student.ask(f"/plan/{trial['id']}/trial")[0] == 403, "who sees it")
    w.office.ask(f"/plan/{trial['id']}/trial")
    status, text, _ = w.office.post(f"/plan/{trial['id']}/trial")
    check(status == 200 and w.ok("capacity_all") != before, "the hospital does, by one button")
    check(all(f["done"] for f in w.ok("trial_list", parent_id=trial["id"])), "all of it is so")
    check(propose in w.secretary.ask(f"/plans/{w.cohort_id}")[1], "now it can be proposed")
    check(w.step("propose", trial["id"])[0] == 200, "and the plan goes its way")
    entry = w.ok("audit_list")[0:6]
    check(any(e["usecase"] == "trial_apply" and "capacity" in e["detail"] for e in entry), "noted in the audit trail with what changed")
    check(w.step("return", trial["id"], w.office, reason="完")[0] == 200 and w.step("delete", trial["id"])[0] == 200 and w.step("delete", none)[0] == 200, "dropped again")
    for row in w.ok("capacity_all"):
        if row["department_id"] == w.departments[0]:
            w.ok("capacity_delete", w.office, id=row["id"], version=row["version"])
    check(shut > 0, "the department is open again")


def withdrawal(t, w, plan):
    check = t.check
    stood = w.placements(plan)
    gone = stood[0]["student_id"]
    student = w.ok("student_get", parent_id=gone)[0]
    week = sorted(p["first_week"] for p in stood if p["student_id"] == gone)[1]
    here = sum(r["here"] for r in w.ok("seat_list", plan_id=plan))
    check(w.office.api("student_withdraw", {"id": gone, "version": 1, "first_week": week})[0] == 403, "the university's secretary alone")
    check(w.secretary.api("student_withdraw", {"id": gone, "version": 1, "first_week": "2027-03-02"})[0] == 422, "from a Monday on")
    check(w.secretary.api("student_withdraw", {"id": gone, "version": 1, "first_week": week})[0] == 200, "a student leaves")
    plans = w.ok("plan_list", parent_id=w.cohort_id)
    new = max(plans, key=lambda p: p["number"])
    check(new["state"] == "published" and new["origin"] == "withdrawal" and new["based_on_id"] == plan, new)
    check(w.row(plan)["state"] == "superseded", "the version before is superseded")
    after = w.placements(new["id"])
    others = lambda rows: bare(p for p in rows if p["student_id"] != gone)
    check(others(after) == others(stood), "nobody else is touched")
    his = [p for p in after if p["student_id"] == gone]
    check(his and all(p["until_week"] <= week for p in his), "only what lies before stays")
    check(sum(r["here"] for r in w.ok("seat_list", plan_id=new["id"])) < here, "the seats are free")
    check(w.secretary.api("student_withdraw", {"id": gone, "first_week": week})[0] == 422, "nobody leaves twice")
    check(w.ok("receipt_list", parent_id=new["id"]) and all(r["student_id"] != gone for r in w.ok("receipt_list", parent_id=new["id"])), "receipts of the others stay")
    check(student["name"] in w.secretary.ask(f"/plan/{plan}/diff?to={new['id']}")[1], "the difference names him")
    if w.students[0] != gone:
        check([n["message"] for n in w.student.api("notice_list", {})[1]["rows"]] == ["notice_published"], "who does not move is not told again")
    return new["id"]


def seats_of_others(t, first, second, shared):
    """Two universities, one department: the second plans with what the first has left, and sees a number, never a name."""
    check = t.check
    early = second.plan(title="早")  # made while the seats were still free
    published = first.plan()
    first.publish(published)
    status, answer = second.step("propose", early)
    check(status == 422 and answer["errors"][0]["code"] == "refuse_plan_stale", f"seats were taken meanwhile: {answer}")
    check("seats" in {r["rule"] for r in second.ok("plan_check", parent_id=early)}, "its check says so")
    plan = second.plan(title="晚")
    rows = [r for r in second.ok("seat_list", plan_id=plan) if r["department_id"] == shared]
    check(sum(r["others"] for r in rows) > 0 and all(r["here"] + r["others"] <= r["seats"] for r in rows), f"counted, and kept: {rows}")
    second.publish(plan)
    for path in (f"/board/{plan}", f"/heat?plan={plan}", "/heat", f"/department/{shared}", f"/plan/{plan}/figures", f"/plan/{early}/check", f"/plans/{second.cohort_id}"):
        status, text, _ = second.secretary.ask(path)
        check(status == 200 and first.mark not in text, f"{path} names nobody of the other university")
    for use, fields in (("visitor_list", {"parent_id": shared}), ("seat_list", {"plan_id": plan}), ("seat_list", {}), ("plan_check", {"parent_id": early})):
        check(first.mark not in json.dumps(second.secretary.api(use, fields)[1], ensure_ascii=False), f"nor does {use}")
    check(second.secretary.ask(f"/board/{published}")[0] == 404 and second.secretary.api("plan_diff", {"plan_id": published, "other_id": plan})[0] == 404, "nor is the other's plan there")
    text = second.secretary.ask(f"/department/{shared}")[1]
    check("其他院校学生" in text, "the department's page gives the number")
    status, text, _ = second.office.ask(f"/department/{shared}")
    check(first.mark in text and second.mark in text, "the hospital knows everybody in its departments")


def pages(t, w, plan):
    """Every filter of the board by address alone; what is not there is said."""
    check, board = t.check, f"/board/{plan}"
    ask = lambda query: w.secretary.ask(board + query)[1]
    rows = lambda text: text.count("<tr data-find=")
    everybody = rows(ask(""))
    check(everybody == len(w.students), "everybody is on the board")
    check(rows(ask("?q=" + "xuesheng")) == everybody and rows(ask("?q=nobody")) == 0, "found by pinyin")
    check(0 < rows(ask("?group=%E7%94%B2")) < everybody, "by group")
    check(rows(ask("?state=withdrawn")) == 0, "by state")
    check(0 < rows(ask(f"?dep={w.departments[0]}")) <= everybody, "by department")
    for query in ("?sort=regret", "?sort=number&zoom=3", "?zoom=9&sort=x&dep=x&paper=a5", "?q=" + "%E4%BD%A0" * 500, "?q=%3Cscript%3E"):
        status, text, _ = w.secretary.ask(board + query)
        check(status == 200 and "<script>alert" not in text, f"{query}: {status}")
    check(w.secretary.ask("/board/987654")[0] == 404 and w.secretary.ask("/plan/987654/figures")[0] == 404 and w.secretary.ask("/student/987654")[0] == 404, "nothing there")
    check(w.secretary.ask(f"/plan/{plan}/why")[0] == 200, "a plan that exists has nothing to explain, and says so")


def run(t, env, office):
    dep = lambda code, seats: t.check(True, code) or office.api("department_save", {"hospital_id": 2, "code": code, "name_zh": code + "科", "name_en": code + " department", "initials": code[:2], "seats": seats})[1]["id"]
    shared, long, short, e1, e2 = dep("shared", 3), dep("long", 1), dep("short", 2), dep("e1", 1), dep("e2", 2)
    first, second = World(t, env, 1, 2, [long, short], "Alpha"), World(t, env, 2, 2, [shared], "Beta")
    first.long_name = "long科"
    first.long, first.short, elective = first.rotation("long", 2, [long]), first.rotation("short", 1, [short]), first.rotation("elective", 1, [e1, e2])
    first.cohort(3, 8, closed=["2027-03-22"])
    for s in first.students:
        first.ok("wishes_save", student_id=s, rotation_id=elective, ranked=f"{e1},{e2}")
    first.student = t.sign_in(env, t.url, "Alpha学生0")[0]
    person = json.loads(t.run(env, "do", "person_save", "--base", "0", json.dumps({"name": "Alpha-dept"})))["id"]
    t.run(env, "do", "account_save", "--base", "0", json.dumps({"person_id": person, "login_name": "Alpha-dept"}))
    t.run(env, "do", "membership_save", "--base", "0", json.dumps({"base_id": 1, "person_id": person, "side": "hospital", "role": "department_secretary", "department_id": short}))
    first.department = t.sign_in(env, t.url, "Alpha-dept")[0]
    plan = first.plan()
    receipts = first.ok("receipt_list", parent_id=plan)
    t.check(len(receipts) == 3 and all(r["wanted_by"] == 3 and r["rank"] == 0 for r in receipts), f"receipts: {receipts}")
    # One seat a week, three students who all got it: full in three of the seven open weeks; the second wish never was.
    for student in first.students:
        outcomes = first.ok("student_outcomes", student_id=student, plan_id=plan)
        t.check([(o["full_weeks"], o["open_weeks"]) for o in outcomes] == [(3, 7), (0, 7)], f"how full what was wished was: {outcomes}")
    for who, path, wanted in ((first.office, f"/plan/{plan}/receipts", 200), (first.office, f"/plan/{plan}/receipts?from=7", 200), (first.office, "/plan/987654/receipts", 404),
                              (first.student, f"/plan/{plan}/receipts", 403), (first.office, f"/board/{plan}?prices=1", 200), (first.student, f"/plan/{plan}/whatif", 403)):
        t.check(who.ask(path)[0] == wanted, f"{path}: {wanted}")
    t.check(first.office.ask(f"/plan/{plan}/receipts")[1].count("获得了第 1 志愿") == 3, "each receipt in words")
    rows = first.ok("plan_prices", parent_id=plan)
    t.check(all(r["thousandths"] > 0 and r["weeks"] > 0 and r["level"] == "regret" for r in rows), f"prices: {rows}")
    t.check(first.student.api("plan_prices", {"parent_id": plan})[0] == 403 and second.secretary.api("plan_prices", {"parent_id": plan})[0] == 404, "nobody else's")
    variant = hand_changes(t, first, plan)
    two_at_once(t, first, variant)
    swapped = exchanges(t, first, plan)
    states(t, first, plan, swapped)
    told(t, first, plan)
    pages(t, first, plan)
    tries(t, first)
    withdrawal(t, first, plan)
    # A cohort of each university in one department.
    for w in (first, second):
        w.mark += "2"
        w.programme = w.ok("programme_save", base_id=w.base, code=w.mark, name_zh=w.mark + "方案", name_en=w.mark + " programme")
        w.rotation("shared", 2, [shared])
        w.cohort(3, 4)
    seats_of_others(t, first, second, shared)
