"""kill -9 while a table file is read and while it is accepted: all of it or nothing, and the next start goes on by itself.
Called by faults.py, whose helpers it is given as `f`."""
import json, os, signal, subprocess, time

from run import check
import imports
import run as http

MANY = 20000  # more than a megabyte: the worker reads it


def made_file(path, rows):
    with open(path, "w") as out:
        out.write("学号,姓名,邮箱,电话\n")
        for i in range(rows):
            out.write(f"k{i:06},学生{i},student{i:06}@example.edu.cn,138{i:08}\n")


def made_cohort(f):
    programme = json.loads(http.run(f.ENV, "do", "programme_save", json.dumps({"base_id": 1, "code": "kill", "name_zh": "方案", "name_en": "P"})))["id"]
    given = {"base_id": 1, "programme_id": programme, "code": "kill", "name_zh": "批次", "name_en": "C", "first_week": "2027-03-01", "weeks": 8}
    return json.loads(http.run(f.ENV, "do", "cohort_save", json.dumps(given)))["id"]


def state(f, cohort):
    """How many rows of each table the import made, and whether it is accepted."""
    students = f.number(f"SELECT COUNT(*) FROM student WHERE cohort_id = {cohort}")
    accounts = f.number("SELECT COUNT(*) FROM account WHERE login_name LIKE 'kill-%'")
    people = f.number("SELECT COUNT(*) FROM person WHERE mail LIKE 'student%@example.edu.cn'")
    members = f.number("SELECT COUNT(*) FROM membership m JOIN account a ON a.person_id = m.person_id WHERE a.login_name LIKE 'kill-%'")
    accepted = f.number(f"SELECT COUNT(*) FROM import WHERE cohort_id = {cohort} AND state = 3")
    return students, accounts, people, members, accepted


def while_accepting(f, cohort, path, rows):
    """At random moments of the whole command, from its begin to its end: all tables hold all rows, or none any."""
    command = [http.BINARY, "import", "students", path, "--cohort", "kill", "--accept"]
    seen = {"none": 0, "all": 0}

    def undo():
        row = f.query(f"SELECT id, version FROM import WHERE cohort_id = {cohort} AND state = 3")[0]
        http.run(f.ENV, "do", "import_undo", json.dumps({"id": int(row[0]), "version": int(row[1])}))
        check(state(f, cohort) == (0, 0, 0, 0, 0), "an import of many rows is taken back whole")

    began = time.monotonic()
    subprocess.run(command, env=f.ENV, check=True, capture_output=True)
    lasts = time.monotonic() - began
    check(state(f, cohort) == (rows, rows, rows, rows, 1), f"{rows} rows go in")
    undo()
    for k in range(f.KILLS):
        p = subprocess.Popen(command, env=f.ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(lasts * (0.3 + 0.75 * f.rng.random()))
        p.kill()
        p.wait()
        now = state(f, cohort)
        check(now in ((0, 0, 0, 0, 0), (rows, rows, rows, rows, 1)), f"all or nothing after a kill: {now}")
        seen["all" if now[0] else "none"] += 1
        if now[0]:
            undo()
    print(f"  killed while importing: {seen}", flush=True)
    # the next command needs no hand
    subprocess.run(command, env=f.ENV, check=True, capture_output=True)
    check(state(f, cohort) == (rows, rows, rows, rows, 1), "and the next one goes in")
    undo()


def while_reading(f, cohort, path):
    """A large upload is read by the worker; it is killed on the way. The preview comes all the same, with each row once."""
    s = f.Server()
    b = f.browser(s, "教学秘书")
    status, text, number = imports.upload(b, "students", "big.csv", open(path, "rb").read(), str(cohort))
    number = f.number(f"SELECT MAX(id) FROM import WHERE cohort_id = {cohort}")
    reading = lambda: f.number(f"SELECT COUNT(*) FROM import_row WHERE import_id = {number}")
    f.wait_for("the first rows", 30, lambda: reading() > 0)
    worker = s.child("worker")
    os.kill(worker, signal.SIGKILL)
    check(b.ask(f"/import/{number}")[0] == 200, "its page answers meanwhile")
    f.wait_for("the preview", 90, lambda: f.number(f"SELECT state FROM import WHERE id = {number}") == 1)
    check(reading() == MANY, "each row stands once")
    check(f.number(f"SELECT rows_new FROM import WHERE id = {number}") == MANY, "and is counted")
    check(imports.act(b, "accept", number)[0] == 200, "it can be accepted")
    f.wait_for("the worker", 15, lambda: f.number(f"SELECT state FROM import WHERE id = {number}") != 2 or f.number(f"SELECT COUNT(*) FROM job WHERE import_id = {number} AND state = 1"))
    time.sleep(f.rng.uniform(0, 0.3))
    os.kill(s.child("worker"), signal.SIGKILL)  # in the middle of its one transaction
    if not f.LITE:  # whose server side ends a moment later
        f.wait_for("the end of its connection", 20, lambda: f.number("SELECT COUNT(*) FROM pg_stat_activity WHERE state LIKE '%in transaction%' AND pid <> pg_backend_pid() AND datname = current_database()") == 0)
    now = state(f, cohort)
    check(now in ((0, 0, 0, 0, 0), (MANY, MANY, MANY, MANY, 1)), f"all or nothing when the worker dies over it: {now}")
    # the next one goes on, whole
    f.wait_for("the import", 120, lambda: f.number(f"SELECT state FROM import WHERE id = {number}") == 3)
    check(state(f, cohort) == (MANY, MANY, MANY, MANY, 1), "whole")
    check(s.stop() == 0, "it ends in order")


def kill_while_importing(f):
    some, many = f.TMP + "/some.csv", f.TMP + "/many.csv"
    rows = MANY if f.LITE else MANY // 5  # on PostgreSQL every row is a round trip or four
    made_file(some, rows)
    made_file(many, MANY)
    cohort = made_cohort(f)
    while_accepting(f, cohort, some, rows)
    while_reading(f, cohort, many)
