"""HTTP tests over a real socket: sign-in, CSRF, every use case x role x side against the capability table, scope of a
second base, conflicts, hostile input. usage: run.py sqlite | postgresql (the latter inside script/postgres)."""
import gzip, json, os, re, subprocess, sys, tempfile, time, urllib.error, urllib.parse, urllib.request, http.cookiejar, types

import imports
import plan
import replan

BINARY = os.path.abspath(os.environ.get("INTERNBASE", "build/asan/internbase"))
PASSED = 0


def check(claim, what):
    global PASSED
    if not claim:
        sys.exit(f"failed: {what}")
    PASSED += 1


class Browser:
    def __init__(self, base):
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.csrf = None

    def ask(self, path, data=None, headers=None, method=None):
        if isinstance(data, dict):
            data = urllib.parse.urlencode(data).encode()
        request = urllib.request.Request(self.base + path, data, headers or {}, method=method)
        try:
            with self.opener.open(request, timeout=20) as r:
                status, text, head = r.status, r.read().decode(), r.headers
        except urllib.error.HTTPError as e:
            status, text, head = e.code, e.read().decode(), e.headers
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', text)
        if found:
            self.csrf = found.group(1)
        return status, text, head

    def post(self, path, **fields):
        return self.ask(path, dict(fields, csrf=self.csrf or ""))

    def api(self, name, body, key=None):
        headers = {"Content-Type": "application/json", "X-Csrf-Token": self.csrf or ""}
        if key:
            headers["Idempotency-Key"] = key
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, text, _ = self.ask("/api/" + name, raw, headers)
        return status, json.loads(text) if text.startswith("{") else {}


def run(env, *args, ok=True):
    r = subprocess.run([BINARY, *args], env=env, capture_output=True, text=True)
    if ok and r.returncode != 0:
        sys.exit(f"{args}: {r.stderr}")
    return r.stdout


def capabilities():
    """The table as it stands in the source: name -> (roles of the university, roles of the hospital)."""
    text = open("src/app/capabilities.def").read()
    words = {m[0]: m[1] for m in re.findall(r"#define (\w+) (.+)", text)}

    def roles(expr):
        found = set()
        for word in re.findall(r"[A-Z]+", expr):
            inner = words[word]
            role = re.search(r"1u << role_(\w+)", inner)
            found |= {role.group(1)} if role else roles(inner)
        return found

    return {n: (roles(u), roles(h)) for n, u, h in re.findall(r"^CAP\((\w+), (.+?), (.+?)\)$", text, re.M)}


def member(env, side, role):
    name = f"{side}-{role}"
    person = json.loads(run(env, "do", "person_save", json.dumps({"name": name})))["id"]
    run(env, "do", "account_save", json.dumps({"person_id": person, "login_name": name}))
    run(env, "do", "membership_save", json.dumps({"base_id": 1, "person_id": person, "side": side, "role": role}))
    return name


def sign_in(env, base, name, base_id=1):
    url = json.loads(run(env, "link", name, "--base", str(base_id), "--json"))["url"]
    b = Browser(base)
    b.ask(url)
    status, _, _ = b.post(url)
    check(status == 200, f"{name} signs in")
    return b, url


def permission_walk(env, base, doc, browsers):
    """Every use case by everybody: allowed exactly where the table says so."""
    table = capabilities()
    for path, item in doc["paths"].items():
        name, cap = path.split("/")[-1], item["post"]["x-capability"]
        for (side, role), b in browsers.items():
            may = role in table[cap][0 if side == "university" else 1]
            status, _ = b.api(name, {"id": 999999, "version": 1} if name.endswith("_delete") else {})
            check((status != 403) == may, f"{name} by {side} {role}: {status}, the table says {may}")
    nobody = Browser(base)
    nobody.ask("/sign-in")
    for path in doc["paths"]:
        check(nobody.ask(path, b"{}", {"Content-Type": "application/json"})[0] == 401, f"{path} by nobody")


def forms_and_conflicts(office):
    office.ask("/manage/department/new")
    hostile = '<script>alert(1)</script>"\'&{1}'
    fields = dict(id=0, version=0, hospital_id=2, code="us", name_zh=hostile, name_en="Ultrasound", initials="US", seats="-1")
    status, text, _ = office.post("/manage/department/0", **fields)
    check(status == 422 and "-1" in text and "1000" in text, "seats of -1 are refused with the limits")
    check("<script>alert" not in text and "&lt;script&gt;alert" in text, "what was typed is kept and escaped")
    fields["seats"] = 4
    status, text, _ = office.post("/manage/department/0", **fields)
    check(status == 200 and "<script>alert" not in text, "a department is stored")
    row = office.api("department_list", {})[1]["rows"][0]
    check(row["name_zh"] == hostile and row["seats"] == 4, "and comes back as it was typed")
    change = dict(fields, id=row["id"], version=row["version"], seats=5)
    check(office.post(f"/manage/department/{row['id']}", **change)[0] == 200, "a change is stored")
    check(office.post(f"/manage/department/{row['id']}", **dict(change, seats=6))[0] == 409, "a stale change is told")
    check(office.api("department_list", {})[1]["rows"][0]["seats"] == 5, "and nothing is lost")
    again = {"hospital_id": 2, "code": "ct", "name_zh": "放射科", "name_en": "Radiology", "initials": "R", "seats": 2}
    first, second = office.api("department_save", again, "key-1"), office.api("department_save", again, "key-1")
    check(first[0] == second[0] == 200 and first[1]["id"] == second[1]["id"], "the same key is answered once")
    check(office.api("department_save", dict(again, seats=9), "key-1")[0] == 409, "another input with that key is refused")
    status, answer = office.api("department_save", again)
    check(status == 422 and answer["errors"][0]["code"] == "refuse_doubled", "a doubled code is refused in words")


def compressed(base, office):
    """Pages and assets by gzip where it is taken; an asset that the browser has is answered by 304."""
    entries = re.findall(r'<a [^>]*href="([^"]+)"', re.search(r"<nav.*?</nav>", office.ask("/")[1], re.S).group(0))
    check(len(entries) > 5 and len(entries) == len(set(entries)), f"an entry of the navigation stands once: {entries}")
    plain = office.ask("/departments")[1]
    request = urllib.request.Request(base + "/departments", headers={"Accept-Encoding": "gzip"})
    with office.opener.open(request) as r:
        raw, head = r.read(), r.headers
    text = gzip.decompress(raw).decode()
    check(head["Content-Encoding"] == "gzip" and "Accept-Encoding" in head["Vary"] and len(raw) < len(plain) / 2, "a page is compressed")
    hide = lambda t: re.sub(r'value="[0-9a-f]{128}"', "", t)
    check(hide(text) == hide(plain), "and the same when unpacked")
    for asset in re.findall(r'"(/static/[^"]+)"', plain):
        asset = asset.replace("&amp;", "&")
        for encoding in ("gzip", "identity"):
            ask = lambda more: urllib.request.Request(base + asset, headers={"Accept-Encoding": encoding, **more})
            with urllib.request.urlopen(ask({})) as r:
                head = r.headers
            check("immutable" in head["Cache-Control"] and head["ETag"], asset)
            try:
                status = urllib.request.urlopen(ask({"If-None-Match": head["ETag"]})).status
            except urllib.error.HTTPError as e:
                status = e.code
            check(status == 304, f"{asset} by {encoding} is not sent twice")


def plan_states(browsers):
    """A plan's way through both sides, over the socket; what the table of states lacks is refused."""
    secretary, office = browsers["university", "secretary"], browsers["hospital", "education_office"]
    ok = lambda r: check(r[0] == 200, r) or r[1]["id"]
    dep = ok(office.api("department_save", {"hospital_id": 2, "code": "p1", "name_zh": "甲科", "name_en": "P", "initials": "P", "seats": 1}))
    programme = ok(secretary.api("programme_save", {"base_id": 1, "code": "p", "name_zh": "方案", "name_en": "P"}))
    rotation = ok(secretary.api("rotation_save", {"programme_id": programme, "code": "r", "name_zh": "轮转", "name_en": "R", "weeks": 2}))
    ok(secretary.api("rotation_department_save", {"rotation_id": rotation, "department_id": dep}))
    cohort = ok(secretary.api("cohort_save", {"base_id": 1, "programme_id": programme, "code": "c", "name_zh": "批次", "name_en": "C", "first_week": "2027-03-01", "weeks": 4}))
    for i in range(2):
        ok(secretary.api("student_add", {"cohort_id": cohort, "name": f"学生{i}", "number": f"n{i}"}))
    check(secretary.api("student_add", {"cohort_id": cohort, "name": "学生", "number": "n1"})[0] == 422, "a number twice")
    check(office.api("member_add", {"name": "冒名", "login_name": "x", "side": "university", "role": "administrator"})[0] == 422, "a role of the other side")
    plan = ok(secretary.api("plan_make", {"cohort_id": cohort, "seconds": 5}))
    for _ in range(100):
        job = office.api("job_get", {"parent_id": plan})[1]["rows"][0]
        if job["state"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    check(job["state"] == "done", job)
    row = lambda: office.api("plan_list", {"parent_id": cohort})[1]["rows"][0]
    check(row()["verdict"] == "optimal", row())
    check(len(office.api("placement_list", {"parent_id": plan})[1]["rows"]) == 2, "two placements")
    step = lambda who, act: who.api("plan_" + act, {"id": plan, "version": row()["version"]})[0]
    for who, act, status, state in ((office, "publish", 422, "draft"), (secretary, "agree", 422, "draft"), (secretary, "propose", 200, "proposed"),
                                    (secretary, "agree", 200, "agreed_university"), (secretary, "agree", 422, "agreed_university"),
                                    (secretary, "publish", 422, "agreed_university"), (office, "agree", 200, "agreed"), (office, "publish", 200, "published"),
                                    (office, "propose", 422, "published")):
        check(step(who, act) == status and row()["state"] == state, f"{act}: {status}, {state}")
    check(secretary.api("plan_propose", {"id": plan, "version": 1})[0] == 409, "a stale version")


def scope(env, base, office):
    """A second base of another university at another hospital: absent and not yours give the same bytes."""
    other = json.loads(run(env, "do", "organisation_save", "--base", "0", json.dumps({"kind": "hospital", "side": "hospital", "name_zh": "他院", "name_en": "Other"})))["id"]
    dep = json.loads(run(env, "do", "department_save", "--base", "0", json.dumps({"hospital_id": other, "code": "x", "name_zh": "他科", "name_en": "X", "initials": "X", "seats": 1})))["id"]
    body = {"department_id": dep, "first_week": "2027-03-01", "weeks": 1, "seats": 0}
    theirs, none = office.api("capacity_save", body), office.api("capacity_save", dict(body, department_id=987654))
    check(theirs[0] == none[0] == 422, "a foreign department can't be written to")
    check(re.sub(r"\d{1,6} ", "N ", theirs[1]["errors"][0]["text"]) == re.sub(r"\d{1,6} ", "N ", none[1]["errors"][0]["text"]), "same answer as for none")
    check(office.api("capacity_list", {"parent_id": dep})[0] == office.api("capacity_list", {"parent_id": 987654})[0] == 404, "nor read")
    check(office.api("department_delete", {"id": dep, "version": 1})[0] == 404, "nor deleted")
    person = json.loads(run(env, "do", "person_save", "--base", "0", json.dumps({"name": "他人"})))["id"]
    run(env, "do", "preceptor_save", "--base", "0", json.dumps({"department_id": dep, "person_id": person, "students_most": 1, "active": True}))
    check(office.api("person_save", {"id": person, "version": 1, "name": "改名"})[0] == 404, "a foreign person can't be changed")
    check(office.api("account_save", {"person_id": person, "login_name": "stolen"})[0] == 422, "nor given an account")
    check(all(r["id"] != dep for r in office.api("department_list", {})[1]["rows"]), "nor seen in a list")


def bad_input(base, office):
    for raw, status in ((b"{", 422), (b'{"a":1,"a":2}', 422), (b"[" * 100, 422), (b'{"seats":1e309}', 422),
                        (b"\xff", 422), (b"[]", 422), (b'{"owner":1}', 422), (b'"x"', 422)):
        got, answer = office.api("department_save", raw)
        check(got == status and answer.get("errors"), f"{raw!r}: {got}")
    check(office.api("no_such_use_case", {})[0] == 404, "an unknown use case")
    check(office.ask("/api/department_save", b"{}", {"Content-Type": "application/json"})[0] == 403, "no CSRF token")
    check(office.ask("/manage/department/0", {"code": "x", "csrf": "0" * 64})[0] == 403, "a wrong CSRF token")
    form = {"code": "x", "csrf": office.csrf}
    for name, value in (("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")):
        check(office.ask("/manage/department/0", form, {name: value})[0] == 403, f"{name}: {value} with a right token")
    check(office.ask("/manage/department/0", form, {"Origin": base})[0] == 422, "our own origin is let in, to be told what lacks")
    tokens = {re.search(r'name="csrf" value="([0-9a-f]+)"', office.ask("/manage/department/new")[1]).group(1) for _ in range(5)}
    check(len(tokens) == 5, "the token is masked anew in each answer")
    check(office.ask("/departments", method="DELETE")[0] == 405, "a wrong method")
    for path in ("/manage/nothing", "/manage/preceptor/new", "/manage/preceptor/new?parent=x", "/manage/preceptor/new?parent=-1", "/manage/student/new?parent=1", "/manage/department", "/manage/department/abc", "/../etc/passwd"):
        check(office.ask(path)[0] in (400, 404), path)
    forged = Browser(base)
    for cookie in ("x" * 64, "0" * 64, "", "ib"):
        check(forged.ask("/departments", headers={"Cookie": "ib=" + cookie})[1].find('name="password"') > 0, "a forged cookie is nobody")


def main():
    tmp = tempfile.mkdtemp(prefix="internbase-http-")
    url = "sqlite:" + tmp + "/t.db" if sys.argv[1] == "sqlite" else os.environ["INTERNBASE_TEST_PG"]
    env = dict(os.environ, INTERNBASE_DATABASE=url, ASAN_OPTIONS="detect_leaks=1")
    links = [json.loads(l) for l in run(env, "init", "--json").splitlines()]
    check(len(links) == 2, "a link for each side")
    server = subprocess.Popen([BINARY, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        base = server.stdout.readline().strip().rstrip("/")
        anonymous = Browser(base)
        status, text, head = anonymous.ask("/")
        check(status == 200 and 'name="password"' in text, "nobody is sent to sign in")
        check("script-src 'self'" in head["Content-Security-Policy"] and head["X-Content-Type-Options"] == "nosniff", "security headers")
        check(head["Cache-Control"] == "no-store", "nothing personal is kept")
        status, text, _ = anonymous.post("/sign-in", login_name="office", password="wrong password")
        check(status == 401, "a wrong password")
        status, other, _ = anonymous.post("/sign-in", login_name="nobody-at-all", password="wrong password")
        check(status == 401 and len(other) - len("nobody-at-all") == len(text) - len("office"), "and an unknown name look alike")
        browsers = {}
        for side in ("university", "hospital"):
            for role in ("secretary", "education_office", "department_secretary", "preceptor", "student", "leader", "administrator"):
                browsers[side, role], link = sign_in(env, base, member(env, side, role))
        check(Browser(base).ask(link)[0] == 200, "opening a used link shows a page")
        late = Browser(base)
        late.ask(link)
        check(late.post(link)[0] == 410, "a link works once")
        office = browsers["hospital", "education_office"]
        doc = json.loads(office.ask("/api/openapi.json")[1])
        permission_walk(env, base, doc, browsers)
        forms_and_conflicts(office)
        plan.run(types.SimpleNamespace(check=check, run=run, sign_in=sign_in, url=base), env, office)
        replan.run(types.SimpleNamespace(check=check, run=run, sign_in=sign_in, url=base), env, office)
        plan_states(browsers)
        scope(env, base, office)
        bad_input(base, office)
        compressed(base, office)
        audit = office.api("audit_list", {})[1]["rows"]
        check(any(r["usecase"] == "department_save" and r["outcome"] == "done" for r in audit), "writes are audited")
        imports.run(check, browsers)
        secretary = browsers["university", "secretary"]
        secretary.ask("/")
        check('name="password"' in secretary.post("/sign-out")[1], "signing out")
        check(secretary.ask("/cohorts")[1].find('name="password"') > 0, "ends the login on the server")
    finally:
        server.terminate()
        code = server.wait(20)
    check(code == 0, f"the server ended with {code}")
    print(f"{PASSED} passed")


if __name__ == "__main__":
    main()
