"""A base for measuring: one cohort that is planned, agreed and published by the program itself, and behind it a history of
finished cohorts, put straight into the SQLite file.
usage: make.py DATABASE STUDENTS HISTORY-PLACEMENTS -> prints the plan's number. BINARY in INTERNBASE, else build/internbase."""
import datetime, json, os, random, sqlite3, subprocess, sys

path, students, history = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
binary = os.environ.get("INTERNBASE", "build/internbase")
env = dict(os.environ, INTERNBASE_DATABASE="sqlite:" + path)
rng = random.Random(1)
DEPARTMENTS, ROTATIONS, LENGTH, WEEKS = 20, 10, 4, 40
EPOCH = datetime.date(1970, 1, 1)
today = datetime.date.today()
first = today - datetime.timedelta(days=today.weekday() + 7 * 6)


def run(*args, **more):
    r = subprocess.run([binary, *args], env=env, capture_output=True, text=True, **more)
    if r.returncode != 0:
        sys.exit(f"{args}: {r.stderr}")
    return r.stdout


lines = []
say = lambda use_case, **given: lines.append(json.dumps({"do": use_case, "in": given}, ensure_ascii=False))
for d in range(1, DEPARTMENTS + 1):
    say("department_save", hospital_id=2, code=f"d{d}", name_zh=f"临床科室第{d}科", name_en=f"Clinical department {d}", initials=f"科{d}"[:2],
        seats=max(3, students * 3 // (2 * DEPARTMENTS)), position=d)
say("programme_save", base_id=1, code="p", name_zh="临床医学实习方案", name_en="Clinical internship", free_weeks_forbidden=False)
of = {r: rng.sample(range(1, DEPARTMENTS + 1), 4) for r in range(1, ROTATIONS + 1)}
for r in of:
    say("rotation_save", programme_id=1, code=f"r{r}", name_zh=f"第{r}轮转", name_en=f"Rotation {r}", weeks=LENGTH, position=r)
    of[r][0] = r  # every department is somebody's
    for d in sorted(set(of[r]) | {r + ROTATIONS}):
        say("rotation_department_save", rotation_id=r, department_id=d)
say("cohort_save", base_id=1, programme_id=1, code="c", name_zh="实习批次", name_en="Cohort", first_week=first.isoformat(), weeks=WEEKS,
    wishes_open="2020-01-06", wishes_close="2020-02-03")
for s in range(1, students + 1):
    say("student_add", cohort_id=1, name=f"张学生{s}", number=f"n{s:06}")
for s in range(1, students + 1):
    for r in list(of)[:4]:
        say("wishes_save", student_id=s, rotation_id=r, ranked=",".join(map(str, rng.sample(sorted(set(of[r]) | {r + ROTATIONS}), 3))))
run("init")
run("do", "--lines", input="\n".join(lines))
db = sqlite3.connect(path)
person = db.execute("SELECT person_id FROM student WHERE id = 1").fetchone()[0]
if not db.execute("SELECT 1 FROM account WHERE person_id = ?", (person,)).fetchone():
    run("do", "account_save", json.dumps({"person_id": person, "login_name": "student1"}))
    run("do", "membership_save", json.dumps({"base_id": 1, "person_id": person, "side": "university", "role": "student"}))
run("do", "plan_make", "--as", "secretary", json.dumps({"cohort_id": 1, "seconds": 20}))
run("work")
version = lambda: db.execute("SELECT version FROM plan WHERE id = 1").fetchone()[0]
for act, who in (("propose", "secretary"), ("agree", "secretary"), ("agree", "office"), ("publish", "office")):
    run("do", "plan_" + act, "--as", who, json.dumps({"id": 1, "version": version()}))
assert db.execute("SELECT state FROM plan WHERE id = 1").fetchone()[0] == 5

# History: cohorts of 300 with 10 placements each, all over before the one above began.
columns = {t: [r[1] for r in db.execute(f"PRAGMA table_info({t})")] for t in ("cohort", "plan", "person", "student", "placement")}


def copy(table, row_id, **changes):
    """A row like another one, with changes; its new id."""
    row = dict(zip(columns[table], db.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone()), id=None, **changes)
    return db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", list(row.values())).lastrowid


def many(table, rows):
    names = list(rows[0])
    db.executemany(f"INSERT INTO {table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})", [list(r.values()) for r in rows])


last_end = (first - EPOCH).days - 7 * (WEEKS + 2)
texts = {"problem": "", "result": "", "figures": ""}
for k in range((history + 2999) // 3000):
    begin = last_end - 7 * (k % 400)
    cohort = copy("cohort", 1, code=f"h{k}", first_week=begin)
    plan = copy("plan", 1, cohort_id=cohort, number=1, **texts)
    person, student = (db.execute(f"SELECT MAX(id) FROM {t}").fetchone()[0] for t in ("person", "student"))
    many("person", [{"id": person + i, "version": 1, "name": f"王校友{k}-{i}", "name_en": "", "mail": "", "phone": "", "sort_key": f"wang{i:04}"} for i in range(1, 301)])
    many("student", [{"id": student + i, "version": 1, "cohort_id": cohort, "person_id": person + i, "number": f"n{i:06}", "state": 0} for i in range(1, 301)])
    many("placement", [{"version": 1, "plan_id": plan, "student_id": student + i, "rotation_id": r, "department_id": (i + r + k) % DEPARTMENTS + 1,
                        "first_week": begin + 28 * (r - 1), "weeks": LENGTH, "until_week": begin + 28 * r} for i in range(1, 301) for r in range(1, ROTATIONS + 1)])
db.commit()
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
print(1)
