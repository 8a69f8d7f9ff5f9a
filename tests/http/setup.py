"""Setting up over a real socket, from an empty database: the first start, passwords and their waits, people and roles, programmes,
weeks, seats, wishes, links, settings, the audit trail. usage: setup.py sqlite | postgresql (the latter inside script/postgres)."""
import json, os, random, re, sqlite3, subprocess, sys, tempfile, threading, time
import run as t
from run import Browser, check
import groups, supervision


def rows(answer):
    check(answer[0] == 200, answer)
    return answer[1]["rows"]


def made(answer):
    check(answer[0] == 200, answer)
    return answer[1]["id"]


def refused(answer, code, at=None):
    check(answer[0] == 422 and answer[1]["errors"][0]["code"] == code, f"{code}: {answer}")
    check(at is None or answer[1]["errors"][0]["at"] == at, f"{code} at {at}: {answer}")


def enter(base, path):
    b = Browser(base)
    b.ask(path)
    check(b.post(path)[0] == 200, f"{path} signs in")
    return b


SIDES = {"university_zh": "甲大学", "university_en": "A University", "secretary_name": "周敏", "secretary_login": "zhou", "hospital_zh": "乙医院",
         "hospital_en": "B Hospital", "office_name": "陈静", "office_login": "chen"}


DATABASE = None


def problem_of(plan):
    """The problem file of a plan, as it is stored."""
    question = f"SELECT problem FROM plan WHERE id = {int(plan)}"
    if DATABASE.startswith("sqlite:"):
        return sqlite3.connect(DATABASE[len("sqlite:"):], timeout=20).execute(question).fetchone()[0]
    return subprocess.run(["psql", "-qtA", "-c", question, DATABASE.split(":", 1)[1]], capture_output=True, text=True, check=True).stdout


def first_start(base, said):
    link = re.search(r"/setup/[0-9a-f]{64}", said).group(0)
    anyone = Browser(base)
    check("初始化" in anyone.ask("/sign-in")[1], "the sign-in page says that nothing is set up")
    check(anyone.ask("/setup/" + "0" * 64)[0] == 410, "another token is none")
    check(anyone.ask(link)[0] == 200, "the link shows its form")
    check(anyone.ask(link, dict(SIDES))[0] == 403, "no form token")
    anyone.ask(link)
    status, text, _ = anyone.post(link, **dict(SIDES, office_name="", office_login="zhou"))
    check(status == 422 and "必填" in text and "甲大学" in text, "what lacks is told and what was typed is kept")
    status, text, _ = anyone.post(link, **dict(SIDES, office_login="zhou"))
    check(status == 422 and "zhou" in text, "two people can't have one sign-in name")
    status, text, _ = anyone.post(link, **SIDES)
    links = re.findall(r'value="http[^"]*(/link/[0-9a-f]{64})"', text)
    check(status == 200 and len(links) == 2, "a link for each side")
    check(anyone.post(link, **SIDES)[0] == 410 and anyone.ask(link)[0] == 410, "the set-up link works once")
    check("尚未初始化" not in anyone.ask("/sign-in")[1], "and it is set up")
    return enter(base, links[0]), enter(base, links[1])


def passwords(base, secretary, office):
    elsewhere = enter(base, "/link/" + rows(secretary.api("link_make", {"id": 1}))[0]["token"])
    secretary.ask("/me")
    for wrong in ("short", "aaaaaaaaaaaaaaaa", "123456789012345", "zhouzhouzhou", "P@ssw0rd2024!!", "woaini1314520", "qwerty123456!", "1qaz2wsx3edc"):
        status, text, _ = secretary.post("/me/password", password=wrong)
        check(status == 422 and "已保存" not in text, f"{wrong} is no password")
    check("太常见" in text, "and it is said why")
    status, text, _ = secretary.post("/me/password", password="four brown horses")
    check(status == 200 and "已保存" in text, "a password is set")
    check("已保存" not in elsewhere.ask("/me")[1] and 'name="password"' in elsewhere.ask("/people")[1], "other browsers are signed out by it")
    check(secretary.post("/me/password", password="four brown horses")[0] == 200, "who just came by a link may set a forgotten one anew")
    known = Browser(base)
    known.ask("/sign-in")
    check(known.post("/sign-in", login_name="zhou", password="four brown horses")[0] == 200 and "待办" in known.ask("/")[1], "signing in by password")
    known.ask("/me")
    check(known.post("/me/password", password="five brown horses")[0] == 422, "a change asks for the present one")
    check(known.post("/me/password", old_password="wrong wrong wrong", password="five brown horses")[0] == 422, "and it must be right")
    guess = lambda b, name, word: (b.ask("/sign-in"), b.post("/sign-in", login_name=name, password=word))[1]
    answers = {}
    for name in ("zhou", "nobody-of-this-name"):
        answers[name] = [guess(Browser(base), name, "wrong wrong %d" % i) for i in range(6)]
    for name, list_ in answers.items():
        check([a[0] for a in list_] == [401] * 5 + [429], f"{name}: from the fifth failure on one waits: {[a[0] for a in list_]}")
    wait = int(answers["zhou"][5][2]["Retry-After"])
    check(20 <= wait <= 40, f"the wait is told: {wait}")
    check(guess(Browser(base), "zhou", "four brown horses")[0] == 429, "an unknown device waits even with the right one")
    known.post("/sign-out")
    check(guess(known, "zhou", "four brown horses")[0] == 200 and "待办" in known.ask("/")[1], "a known device goes on")
    check(guess(Browser(base), "chen", "whatever is typed")[0] == 401, "another name is not concerned")
    known.post("/me/sign-out-all")
    check('name="password"' in secretary.ask("/people")[1], "signing out everywhere else")
    check("待办" in known.ask("/")[1], "but here")
    return known


def people(base, secretary, office):
    dep = made(office.api("department_save", {"hospital_id": 2, "code": "d1", "name_zh": "外科", "name_en": "Surgery", "initials": "外", "seats": 2}))
    refused(office.api("member_add", {"name": "李科", "login_name": "li", "side": "hospital", "role": "department_secretary"}), "value_missing", "department_id")
    refused(office.api("member_add", {"name": "李科", "login_name": "li", "side": "hospital", "role": "secretary"}), "refuse_role_side", "role")
    refused(office.api("member_add", {"name": "李科", "login_name": "zhou", "side": "hospital", "role": "leader"}), "refuse_taken", "login_name")
    li = made(office.api("member_add", {"name": "李可欣", "login_name": "li", "side": "hospital", "role": "department_secretary", "department_id": dep}))
    first, second = (rows(office.api("link_make", {"id": li}))[0]["token"] for _ in range(2))
    late = Browser(base)
    late.ask("/link/" + first)
    check(late.post("/link/" + first)[0] == 410, "a new link ends the one before")
    department = enter(base, "/link/" + second)
    check(department.ask("/people/new")[0] == 403, "a department secretary adds nobody")
    for query, found in (("li", True), ("LiKe", True), ("李可", True), ("可欣", True), ("%", False), ("_", False), ("zzz", False)):
        names = {r["name"] for r in rows(office.api("people_find", {"query": query}))}
        check(("李可欣" in names) == found, f"{query} finds {names}")
    member = lambda who, **f: who.api("membership_save", dict({"base_id": 1, "person_id": li, "side": "hospital", "role": "leader"}, **f))
    refused(member(secretary), "refuse_other_side", "side")
    refused(member(office, side="university", role="secretary"), "refuse_other_side", "side")
    refused(secretary.api("link_make", {"id": li}), "refuse_other_people")
    refused(secretary.api("account_disable", {"id": li}), "refuse_other_people")
    refused(secretary.api("person_save", {"id": li, "version": 1, "name": "改名"}), "refuse_other_people")
    plain = made(office.api("member_add", {"name": "王科", "login_name": "wang", "side": "hospital", "role": "education_office"}))
    wang = enter(base, "/link/" + rows(office.api("link_make", {"id": plain}))[0]["token"])
    refused(member(wang, role="administrator"), "refuse_role_above", "role")
    made(member(wang))
    mine = [r for r in rows(office.api("person_show", {"parent_id": 2})) if r["role"] == "administrator"][0]
    refused(office.api("membership_delete", {"id": mine["id"], "version": mine["version"]}), "refuse_last_administrator")
    refused(office.api("account_disable", {"id": 2}), "refuse_oneself")
    refused(wang.api("account_disable", {"id": 2}), "refuse_last_administrator")
    third = rows(office.api("link_make", {"id": li}))[0]["token"]
    made(office.api("account_disable", {"id": li}))
    check('name="password"' in department.ask("/")[1], "a disabled account's logins are dead at once")
    late.ask("/link/" + third)
    check(late.post("/link/" + third)[0] == 410, "and its links")
    refused(office.api("link_make", {"id": li}), "refuse_disabled")
    made(office.api("account_enable", {"id": li}))
    status, text, _ = office.post("/people/new", name='<b>&"', login_name="li", side="hospital", role="leader")
    check(status == 422 and "&lt;b&gt;" in text and "<b>&" not in text, "a refused form keeps what was typed, escaped")
    return dep, li


def rotation_version(who, p, rotation):
    """As the page of the programme has it in the rotation's own forms."""
    own = who.ask(f"/programme/{p}?rotation={rotation}")[1].split(f'id="rotation-{rotation}"')[1]
    return int(re.search(r'name="version" value="(\d+)"', own).group(1))


def programme(secretary, office, dep):
    p = made(secretary.api("programme_save", {"base_id": 1, "code": "p", "name_zh": "方案", "name_en": "P"}))
    other = made(office.api("department_save", {"hospital_id": 2, "code": "d2", "name_zh": "内科", "name_en": "Medicine", "initials": "内", "seats": 2}))
    put = lambda who=secretary, **f: who.api("rotation_put", dict({"programme_id": p, "name_zh": "轮转", "weeks": 2}, **f))
    check(put(office)[0] == 403, "the hospital does not edit a programme")
    refused(put(departments="999999"), "refuse_not_there", "departments")
    refused(put(departments="x"), "value_not_reference", "departments")
    refused(put(earliest_week=3, latest_week=3), "refuse_window_short", "latest_week")
    check(len(rows(secretary.api("rotation_list", {"parent_id": p}))) == 0, "a refused rotation leaves nothing")
    ids = [made(put(name_zh=f"轮转{i}", departments=f"{dep},{other}" if i == 1 else str(dep))) for i in range(3)]
    listed = rows(secretary.api("rotation_list", {"parent_id": p}))
    check([r["code"] for r in listed] == ["r1", "r2", "r3"] and [r["name_en"] for r in listed] == ["轮转0", "轮转1", "轮转2"], "codes are made, a missing English name is the Chinese one")
    made(put(id=ids[1], version=1, name_zh="轮转一", departments=str(other)))
    links = [(l["rotation_id"], l["department_id"]) for l in rows(secretary.api("rotation_department_list", {"parent_id": p}))]
    check(sorted(links) == sorted([(ids[0], dep), (ids[1], other), (ids[2], dep)]), f"departments as ticked: {links}")
    check(put(id=ids[1], version=1, name_zh="旧")[0] == 409, "a stale form is told")
    order = lambda: [r["id"] for r in rows(secretary.api("rotation_list", {"parent_id": p}))]
    for direction, want in (("up", [ids[0], ids[2], ids[1]]), ("up", [ids[2], ids[0], ids[1]]), ("up", [ids[2], ids[0], ids[1]]), ("down", [ids[0], ids[2], ids[1]])):
        made(secretary.api("rotation_move", {"id": ids[2], "direction": direction}))
        check(order() == want, f"{direction}: {order()}")
    made(secretary.api("rotation_order_save", {"programme_id": p, "before_id": ids[0], "after_id": ids[2]}))
    secretary.post(f"/programme/{p}/rotation-remove", id=ids[2], version=rotation_version(secretary, p, ids[2]))
    check(len(order()) == 2 and not rows(secretary.api("rotation_order_list", {"parent_id": p})), "a rotation goes with its departments and orders")
    status, text, _ = secretary.post(f"/programme/{p}/rotation", id=0, version=0, programme_id=p, name_zh="坏" * 3, weeks="999", **{f"dep-{other}": "on"})
    check(status == 422 and "999" in text and "520" in text and "坏坏坏" in text and text.count("checked") >= 1, "a refused form keeps names and ticks")
    return p, ids[:2], other


def weeks(secretary, p):
    c = made(secretary.api("cohort_save", {"base_id": 1, "programme_id": p, "code": "c", "name_zh": "批次", "name_en": "C", "first_week": "2027-03-01", "weeks": 10}))
    close = lambda days, reason=None: secretary.api("weeks_close", {"cohort_id": c, "weeks_listed": days, "reason": reason})
    made(close("2027-03-08,2027-03-15", "holiday"))
    for bad, code in (("2027-03-09", "value_not_monday"), ("2027-05-10", "refuse_week_outside"), ("2027-02-22", "refuse_week_outside"), ("2027-02-30", "value_not_date"), ("2027-03-22,x", "value_not_date")):
        refused(close(bad, "holiday"), code, "weeks_listed")
    made(close("2027-03-08,2027-03-22", "examination"))
    state = lambda: {w["week"]: w["reason"] for w in rows(secretary.api("closed_week_list", {"parent_id": c}))}
    check(state() == {"2027-03-08": "examination", "2027-03-15": "holiday", "2027-03-22": "examination"}, state())
    made(close("2027-03-08,2027-03-15,2027-03-29"))
    check(state() == {"2027-03-22": "examination"}, state())
    secretary.ask(f"/cohort/{c}")
    check(secretary.post(f"/cohort/{c}/weeks", reason="holiday")[0] == 422, "no week ticked is told")
    made(close("2027-03-22"))
    made(secretary.api("weeks_close", {"cohort_id": c, "days": "2027-03-10、第9-10周\n2027/3/24", "reason": "holiday"}))
    check(state() == {"2027-03-08": "holiday", "2027-03-22": "holiday", "2027-04-26": "holiday", "2027-05-03": "holiday"}, f"dates as one writes them: {state()}")
    answer = secretary.api("weeks_close", {"cohort_id": c, "days": "国庆, 2027-02-30, 第11周, 2027-04-05", "reason": "holiday"})
    check([e["code"] for e in answer[1]["errors"]] == ["refuse_days", "value_not_date", "refuse_week_outside"], f"all that is wrong at once: {answer}")
    check("2027-04-05" not in state(), "and nothing is written")
    secretary.ask(f"/cohort/{c}")
    status, text, _ = secretary.post(f"/cohort/{c}/weeks", reason="holiday", days="国庆")
    kept = re.findall(r"<textarea.*?</textarea>", text, re.S)
    check(status == 422 and len(kept) == 1 and "国庆" in kept[0] and "不是日期" in text, f"what was typed is kept: {status} {kept}")
    made(secretary.api("weeks_close", {"cohort_id": c, "days": "1-10"}))
    check(state() == {}, "opened again")
    check("劳动节" in secretary.ask(f"/cohort/{c}")[1], "the page hints at public holidays")
    return c


def students(base, secretary, office, p, c, rotations, deps):
    ids = [made(secretary.api("student_add", {"cohort_id": c, "number": f"n{i}", "name": name})) for i, name in enumerate(("林晓", "=SUM(1)", "赵婷"))]
    find = lambda **f: [r["number"] for r in rows(secretary.api("student_find", dict({"cohort_id": c}, **f)))]
    check(find(query="linx") == ["n0"], "found by pinyin")
    check(find(query="n2") == ["n2"], "found by number")
    made(secretary.api("students_group", {"cohort_id": c, "students": f"{ids[0]},{ids[2]}", "group_name": "甲组"}))
    check(sorted(find(group_name="甲组")) == ["n0", "n2"] and find(group_name="甲") == [], "a group is found by its name")
    refused(secretary.api("students_group", {"cohort_id": c, "students": "999999", "group_name": "x"}), "refuse_not_there", "students")
    change = lambda **f: secretary.api("student_change", dict({"id": ids[2], "version": 2, "number": "n2", "name": "赵婷"}, **f))
    refused(change(number="n0"), "refuse_taken", "number")
    made(change(name="赵婷婷", phone="13800000000"))
    check(change()[0] == 409, "a stale change is told")
    # Leaving and coming back go through use cases of their own, on every way.
    check(change(version=3, state="withdrawn")[0] == 422, "the plain form knows no state")
    save = lambda **f: secretary.api("student_save", dict({"id": ids[2], "version": 3, "cohort_id": c, "person_id": 1, "number": "n2", "state": "active"}, **f))
    shown = lambda: rows(secretary.api("student_show", {"parent_id": ids[2]}))[0]
    person = shown()["person_id"]
    refused(save(person_id=person, state="withdrawn"), "refuse_state_by_form", "state")
    refused(secretary.api("student_save", {"cohort_id": c, "person_id": person, "number": "n9", "state": "withdrawn"}), "refuse_state_by_form", "state")
    refused(secretary.api("student_readmit", {"id": ids[2]}), "refuse_not_withdrawn")
    page = secretary.ask(f"/student-data/{ids[2]}")[1]
    check('name="state"' not in page and f'href="/student/{ids[2]}#withdraw"' in page, "the form leads to the withdrawal")
    secretary.post(f"/student-data/{ids[2]}/save", id=ids[2], version=3, number="n2", name="赵婷婷", phone="13800000000", state="withdrawn")
    check(shown()["state"] == "active", "a forged field changes nothing")
    made(secretary.api("student_withdraw", {"id": ids[2], "version": shown()["version"], "first_week": "2027-03-01"}))
    refused(save(person_id=person, version=shown()["version"], state="active"), "refuse_state_by_form", "state")
    check("readmit" in secretary.ask(f"/student-data/{ids[2]}")[1], "who left can come back")
    check(office.api("student_readmit", {"id": ids[2]})[0] == 403, "the university's secretary alone")
    secretary.ask(f"/student-data/{ids[2]}")
    check(secretary.post(f"/student-data/{ids[2]}/readmit", id=ids[2], version=shown()["version"])[0] == 200 and shown()["state"] == "active", "a student comes back")
    row = [r for r in rows(secretary.api("student_show", {"parent_id": ids[2]}))][0]
    check(row["name"] == "赵婷婷" and row["phone"] == "13800000000", row)
    seen = rows(office.api("student_show", {"parent_id": ids[2]}))[0]
    check(seen["name"] == "赵婷婷" and seen["phone"] == seen["mail"] == "", f"the other side sees no phone number: {seen}")
    status, text, _ = secretary.post(f"/student-data/{ids[2]}/absence", student_id=ids[2], first_week="2027-03-02", weeks="1", reason="病假")
    check(status == 422 and "2027-03-01" in text, "an absence begins on a Monday, and the right one is told")
    status, text, _ = secretary.post(f"/student-data/{ids[2]}/absence", student_id=ids[2], first_week="2027-04-26", weeks="1", reason="病假")
    check(status == 200 and "病假" in text, "an absence is noted")
    # Links for everybody, on paper; each once, and the next list ends the last.
    first = rows(secretary.api("links_make", {"id": c}))
    second = rows(secretary.api("links_make", {"id": c}))
    check(len(first) == len(second) == 3 and len({r["token"] for r in first + second}) == 6, "a link for each")
    late = Browser(base)
    late.ask("/link/" + first[0]["token"])
    check(late.post("/link/" + first[0]["token"])[0] == 410, "the earlier list's links have ended")
    tokens = {r["number"]: r["token"] for r in second}
    student = enter(base, "/link/" + tokens["n0"])
    late.ask("/link/" + tokens["n0"])
    check(late.post("/link/" + tokens["n0"])[0] == 410, "a slip works once")
    secretary.ask(f"/cohort/{c}/wishes")
    status, text, _ = secretary.post(f"/cohort/{c}/links")
    check(status == 200 and text.count('class="slip"') == 3 and text.count("<path") == 3, "slips with codes")
    # Wishes.
    wish = lambda who, **f: who.api("wishes_save", dict({"student_id": ids[0], "rotation_id": rotations[0], "ranked": f"{deps[1]},{deps[0]}"}, **f))
    secretary.api("cohort_save", {"id": c, "version": 1, "base_id": 1, "programme_id": p, "code": "c", "name_zh": "批次", "name_en": "C", "first_week": "2027-03-01", "weeks": 10, "wishes_open": "2020-01-01", "wishes_close": "2020-02-01"})
    refused(wish(student), "refuse_wishes_closed")
    secretary.api("cohort_save", {"id": c, "version": 2, "base_id": 1, "programme_id": p, "code": "c", "name_zh": "批次", "name_en": "C", "first_week": "2027-03-01", "weeks": 10, "wishes_open": "2020-01-01"})
    check("填报志愿" in [x for x in re.findall(r"<title>(.*?)</title>", student.ask("/wishes")[1])][0], "the student's form")
    refused(wish(student, ranked=str(deps[1])), "refuse_not_there", "ranked")
    made(secretary.api("rotation_put", {"id": rotations[0], "version": rotation_version(secretary, p, rotations[0]), "programme_id": p, "name_zh": "轮转0", "weeks": 2, "departments": f"{deps[0]},{deps[1]}"}))
    refused(wish(student, ranked=f"{deps[0]},{deps[0]}"), "wish_twice", "ranked")
    check(wish(student, student_id=ids[1])[0] == 404, "nobody gives another's wishes")
    made(wish(student))
    got = rows(student.api("my_wishes", {}))
    check([w["department_id"] for w in got] == [deps[1], deps[0]], got)
    student.ask("/wishes")
    status, text, _ = student.post("/wishes", student_id=ids[1], rotation_id=rotations[0], ranked=f"{deps[1]},{deps[0]}", move=f"down-{deps[1]}")
    check([w["department_id"] for w in rows(student.api("my_wishes", {}))] == [deps[0], deps[1]], "a press stores the new order, of oneself whoever the form names")
    check([r["number"] for r in rows(secretary.api("wishes_missing", {"parent_id": c}))].count("n0") == 0, "who gave is not missing")
    status, text, head = secretary.ask(f"/cohort/{c}/wishes.csv")
    check(status == 200 and "attachment" in head["Content-Disposition"] and "\"'=SUM(1)\"" in text, "the list is exported, formulas defused")
    return ids, student


def seats_model(office, dep):
    """Random ranges against the plainest model: a number a week. Never two exceptions over one week."""
    import datetime
    start, model, draw = datetime.date(2028, 1, 3), {}, random.Random(7)
    day = lambda i: (start + datetime.timedelta(weeks=i)).isoformat()
    for turn in range(60):
        a = draw.randrange(20)
        b = min(19, a + draw.randrange(8))
        seats = draw.choice([None, 0, 1, 5])
        made(office.api("capacity_range", {"department_id": dep, "first_week": day(a), "last_week": day(b), "seats": seats, "reason": "x"}))
        for w in range(a, b + 1):
            model.pop(w, None) if seats is None else model.__setitem__(w, seats)
        got = {}
        for e in rows(office.api("capacity_list", {"parent_id": dep})):
            first = (datetime.date.fromisoformat(e["first_week"]) - start).days // 7
            for w in range(first, first + e["weeks"]):
                check(w not in got, f"week {w} stands in two exceptions")
                got[w] = e["seats"]
        check(got == model, f"turn {turn}: {got} is not {model}")
    made(office.api("capacity_range", {"department_id": dep, "first_week": day(0), "last_week": day(19)}))
    check(rows(office.api("capacity_list", {"parent_id": dep})) == [], "all back to the default leaves no exception")


def published(secretary, office, c):
    plan = made(secretary.api("plan_make", {"cohort_id": c, "seconds": 5}))
    for _ in range(200):
        job = office.api("job_get", {"parent_id": plan})[1]["rows"][0]  # looking is no test: how often depends on the machine
        if job["state"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    for who, act in ((secretary, "propose"), (secretary, "agree"), (office, "agree"), (office, "publish")):
        row = [r for r in rows(office.api("plan_list", {"parent_id": c})) if r["id"] == plan][0]
        made(who.api("plan_" + act, {"id": plan, "version": row["version"]}))
    return rows(office.api("placement_list", {"parent_id": plan}))


def closing(office, placements, dep):
    hit = [x for x in placements if x["department_id"] == dep]
    check(hit, "somebody is placed there")
    whole = {"department_id": dep, "first_week": "2027-03-01", "last_week": "2027-05-03", "seats": 0, "reason": "装修"}
    refused(office.api("capacity_range", whole), "refuse_affects")
    effect = rows(office.api("capacity_effect", whole))
    check(len(effect) == len(hit) and {e["student_id"] for e in effect} == {x["student_id"] for x in hit}, f"who is affected: {effect}")
    status, text, _ = office.post(f"/capacity/{dep}", **{k: v for k, v in whole.items() if k != "department_id"})
    check(status == 200 and all(e["name"] in text for e in effect if "=" not in e["name"]) and 'name="confirmed"' in text, "the page names them before saving")
    check(rows(office.api("capacity_list", {"parent_id": dep})) == [], "and nothing is saved yet")
    status, text, _ = office.post(f"/capacity/{dep}", confirmed="1", **{k: v for k, v in whole.items() if k != "department_id"})
    check(status == 200 and "装修" in text and rows(office.api("capacity_list", {"parent_id": dep}))[0]["seats"] == 0, "confirmed, it is")
    refused(office.api("capacity_range", dict(whole, seats=-1)), "value_not_int", "seats")
    refused(office.api("capacity_range", dict(whole, last_week="2027-02-22")), "refuse_dates_order", "last_week")
    refused(office.api("capacity_range", dict(whole, last_week="2027-05-04")), "value_not_monday", "last_week")
    refused(office.api("capacity_range", dict(whole, last_week="2047-02-25")), "refuse_range_long", "last_week")
    made(office.api("capacity_range", {"department_id": dep, "first_week": "2027-03-01", "last_week": "2027-05-03"}))
    return whole


def other_base(env, base, office, dep, whole):
    """A second university at the same hospital: its people see the first one's students as a number."""
    operator = lambda use, **f: json.loads(t.run(env, "do", use, "--base", "0", json.dumps(f)))["id"]
    university = operator("organisation_save", kind="university", side="university", name_zh="丙大学", name_en="C University")
    second = operator("base_save", university_id=university, hospital_id=2, name_zh="丙乙基地", name_en="C B base")
    operator("membership_save", base_id=second, person_id=2, side="hospital", role="education_office")
    check("丙乙基地" in office.ask("/me")[1], "two places to work in")
    office.post("/me/place", base_id=second, side="hospital")
    check("丙乙基地" in office.ask("/")[1], "the other one is gone to")
    effect = rows(office.api("capacity_effect", whole))
    check(effect and all(e["student_id"] is None and e["name"] == e["number"] == "" for e in effect), f"numbers, no names: {effect}")
    load = rows(office.api("capacity_load", {"department_id": dep, "first_week": "2027-03-01", "last_week": "2027-05-03"}))
    check(load and all(r["base_id"] is None and r["name"] == "" for r in load), load)
    status, text, _ = office.post(f"/capacity/{dep}", **{k: v for k, v in whole.items() if k != "department_id"})
    check("林晓" not in text and "n0" not in text and "其他基地" in text, "the page names none of them")
    check(office.api("student_find", {"cohort_id": 1})[0] == 404 and office.ask("/cohort/1")[0] == 404, "nor is their cohort seen")
    office.ask("/me")
    check(office.post("/me/place", base_id=1, side="university")[0] == 404, "no place of the other side")
    check(office.post("/me/place", base_id=99, side="hospital")[0] == 404, "nor one that is not there")
    office.post("/me/place", base_id=1, side="hospital")
    office.ask("/")


def settings_and_trail(secretary, office):
    secretary.ask("/settings")
    for value in ("0", "31", "x", "-1"):
        refused(secretary.api("setting_set", {"name": "link_days", "value": value}), "value_not_int", "value")
    refused(secretary.api("setting_set", {"name": "no_such", "value": "1"}), "refuse_not_there", "name")
    made(secretary.api("setting_set", {"name": "link_days", "value": "3"}))
    check({r["name"]: r["value"] for r in rows(office.api("setting_list", {}))}["link_days"] == "3", "a setting of the base")
    secretary.ask("/settings")
    status, text, _ = secretary.post("/settings/save", language="en", link_days="7", wish_link_days="999", plan_seconds="30")
    check(status == 422 and "999" in text, "a wrong value stays in its field")
    office.ask("/units")
    refused(office.api("organisation_save", {"kind": "college", "side": "hospital", "name_zh": "甲", "name_en": "A"}), "value_missing", "parent_id")
    unit = made(office.api("organisation_save", {"kind": "office", "side": "hospital", "parent_id": 2, "name_zh": "教学办", "name_en": "Teaching"}))
    part = made(office.api("organisation_save", {"kind": "office", "side": "hospital", "parent_id": unit, "name_zh": "档案室", "name_en": "Archive"}))
    refused(office.api("organisation_save", {"id": unit, "version": 1, "kind": "office", "side": "hospital", "parent_id": part, "name_zh": "教学办", "name_en": "T"}), "refuse_below_itself", "parent_id")
    refused(secretary.api("organisation_save", {"kind": "office", "side": "hospital", "parent_id": 2, "name_zh": "甲", "name_en": "A"}), "refuse_other_side", "side")
    text = office.ask("/units")[1]
    check(text.index("乙医院") < text.index("教学办") < text.index("档案室"), "a part stands below its whole")
    status, text, _ = office.ask("/audit")
    check(status == 200 and "新增" in text and "陈静" in text and "档案室" in text and "version" not in text, "the trail in words")
    check("周敏" in office.ask("/audit?person_id=1")[1], "of one person")
    check("没有符合条件" in office.ask("/audit?until_day=2020-01-01")[1], "of days without acts")
    check(office.ask("/audit?from_day=2020-02-30")[0] == 404 and office.ask("/audit?person_id=x")[0] == 404, "what is no date or number is none")
    text = office.ask("/audit?subject=department")[1]
    check("外科" in text and "档案室" not in text, "of one kind of record")
    long = office.ask("/audit")[1]
    older = re.search(r'href="(/audit\?offset=[^"]+)"', long).group(1).replace("&amp;", "&")
    check(office.ask(older)[0] == 200 and office.ask(older)[1] != long, "page by page")


def todo(secretary, office, student):
    kinds = lambda who: {r["what"] for r in rows(who.api("todo", {}))}
    check("preceptors" not in kinds(office) and "agree" not in kinds(office), kinds(office))
    check("programme" not in kinds(secretary), kinds(secretary))
    notices = rows(student.api("notice_list", {}))
    check(len(notices) >= 1 and notices[0]["read_at"] is None, "published: the student is told")
    student.ask("/notices")
    student.post("/notices")
    check(all(n["read_at"] is not None for n in rows(student.api("notice_list", {}))), "and has read it")
    check(student.ask("/people")[0] == student.ask("/settings")[0] == student.ask("/audit")[0] == student.ask("/departments")[0] == 403, "a student sees none of this")


def main():
    global DATABASE
    tmp = tempfile.mkdtemp(prefix="internbase-setup-")
    url = "sqlite:" + tmp + "/t.db" if sys.argv[1] == "sqlite" else os.environ["INTERNBASE_TEST_PG"]
    DATABASE = url
    env = dict(os.environ, INTERNBASE_DATABASE=url, ASAN_OPTIONS="detect_leaks=1")
    server = subprocess.Popen([t.BINARY, "serve", "--port", "0", "--today", "2027-02-22"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = []
    reader = threading.Thread(target=lambda: said.extend(iter(server.stderr.readline, "")))
    reader.start()
    try:
        base = server.stdout.readline().strip().rstrip("/")
        for _ in range(100):
            if any("/setup/" in line for line in said):
                break
            time.sleep(0.05)
        secretary, office = first_start(base, "".join(said))
        secretary = passwords(base, secretary, office)
        dep, li = people(base, secretary, office)
        p, rotations, other = programme(secretary, office, dep)
        c = weeks(secretary, p)
        ids, student = students(base, secretary, office, p, c, rotations, (dep, other))
        seats_model(office, other)
        whole = closing(office, published(secretary, office, c), dep)
        supervision.run(sys.modules[__name__], base, secretary, office, li, dep, other, c, {"n0": ids[0], "browser": student})
        groups.run(sys.modules[__name__], secretary, office, dep, other, c)
        other_base(env, base, office, dep, whole)
        todo(secretary, office, student)
        settings_and_trail(secretary, office)
    finally:
        server.terminate()
        code = server.wait(20)
        reader.join()
    check(code == 0, f"the server ended with {code}: {said}")
    noise = [line for line in said if "setup" not in line and "Nothing is set up" not in line and "初始化" not in line and "schema" not in line]
    check(not noise, f"the server said: {noise}")
    print(f"{t.PASSED} passed")


main()
