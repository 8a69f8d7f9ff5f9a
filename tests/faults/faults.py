"""Real faults against a real server: processes killed at any moment, a full disk, a locked and a stopped database. After each:
nothing acknowledged is lost, nothing is half there, readers are served, and the next start needs no hand and says what it
found. usage: faults.py sqlite | postgresql (the latter inside script/postgres). INTERNBASE names the binary."""
import atexit, json, os, random, re, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../http"))
import run as http
from run import check
import kill_import

HERE = os.path.dirname(os.path.abspath(__file__))
LITE = sys.argv[1] == "sqlite"
TMP = tempfile.mkdtemp(prefix="internbase-faults-")
atexit.register(shutil.rmtree, TMP, True)
URL = f"sqlite:{TMP}/t.db" if LITE else os.environ["INTERNBASE_TEST_PG"]
ENV = dict(os.environ, INTERNBASE_DATABASE=URL)
KILLS = int(os.environ.get("KILLS", "8"))
rng = random.Random(int(os.environ.get("SEED", time.time_ns())))


def query(sql):
    """Straight from the database, beside the program: rows of texts."""
    if LITE:
        db = sqlite3.connect(f"file:{TMP}/t.db", uri=True, timeout=20)
        try:
            rows = db.execute(sql).fetchall()
            db.commit()
        finally:
            db.close()
        return [["" if x is None else str(x) for x in r] for r in rows]
    r = subprocess.run(["psql", "-qtA", "-F", "\t", "-c", sql, URL.split(":", 1)[1]], capture_output=True, text=True)
    check(r.returncode == 0, r.stderr)
    return [l.split("\t") for l in r.stdout.splitlines()]


def number(sql):
    return int(query(sql)[0][0])


def wait_for(what, seconds, test):
    """The test's value as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = test()
        if value:
            return value
        time.sleep(0.05)
    check(False, f"{what}: not within {seconds} s; the log says:\n{Server.tail()}")


def children(pid):
    """Names and numbers of a process's children."""
    found = {}
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and int(open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1]) == pid:
                found[open(f"/proc/{entry}/cmdline").read().split("\0")[1]] = int(entry)
        except (FileNotFoundError, ProcessLookupError, IndexError):
            pass
    return found


class Server:
    log = TMP + "/log"

    def __init__(self, *more):
        self.process = subprocess.Popen([http.BINARY, "serve", "--port", "0", *more], env=ENV, stdout=subprocess.PIPE, text=True,
                                        stderr=open(self.log, "a"))
        atexit.register(self.process.terminate)
        self.base = self.process.stdout.readline().strip().rstrip("/")
        check(self.base.startswith("http"), f"the server starts: {self.tail()}")

    @classmethod
    def tail(cls):
        return open(cls.log).read()[-9000:]

    def child(self, name):
        return wait_for(f"the {name} process", 15, lambda: children(self.process.pid).get(name))

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)

    def kill(self):
        self.process.kill()
        self.process.wait()


def browser(server, name):
    url = json.loads(http.run(ENV, "link", name, "--json"))["url"]
    b = http.Browser(server.base)
    b.ask(url)
    check(b.post(url)[0] == 200, f"{name} signs in")
    b.ask("/")
    return b


def locked_in(pid):
    """Whether a process may gain rights no more, and which mode its system calls are limited by (2: a filter)."""
    status = dict(l.split(":\t", 1) for l in open(f"/proc/{pid}/status").read().splitlines() if ":\t" in l)
    return status["NoNewPrivs"], status["Seccomp"]


def processes():
    """Each process is started again by itself; an end in order is quiet, another one is told at the next start."""
    s = Server()
    faults = lambda: number("SELECT COUNT(*) FROM audit_entry WHERE usecase = 'start_after_fault'")
    serving = lambda: query("SELECT value FROM setting WHERE name = 'run_state'") == [["serving"]]
    wait_for("the mark of serving", 5, serving)
    page = lambda: urllib.request.urlopen(s.base + "/sign-in", timeout=10).status == 200
    for name in ("pages", "worker"):
        wait_for(f"{name} locked in", 5, lambda: locked_in(s.child(name)) == ("1", "2"))
    check("sandbox" not in s.tail(), "and there is nothing to say about it")
    for name in ("pages", "worker"):
        old = s.child(name)
        os.kill(old, signal.SIGKILL)
        new = wait_for(f"a new {name} process", 15, lambda: children(s.process.pid).get(name, old) != old and children(s.process.pid)[name])
        check(new != old and page(), f"{name} is started again, on the same port")
    check("ended with signal 9" in s.tail(), "and the log says so")
    wait_for("the start after a fault told", 5, lambda: faults() == 1 and "did not end in order" in s.tail())
    check(s.stop() == 0 and not children(s.process.pid), "SIGTERM ends all")
    kids = Server()
    pids = [kids.child("pages"), kids.child("worker")]
    wait_for("the mark of serving", 5, serving)
    check(faults() == 1, "a start after an end in order says nothing")
    kids.kill()
    wait_for("the end of orphans", 25, lambda: not any(os.path.exists(f"/proc/{p}") and "Z" not in open(f"/proc/{p}/stat").read().rsplit(")", 1)[1][:3] for p in pids))
    check(True, "a killed supervisor leaves no child behind")
    free = Server("--no-sandbox")
    check(locked_in(free.child("pages"))[1] == "0" and "--no-sandbox" in free.tail(), "without the sandbox only when asked, and with a warning")
    check(free.stop() == 0, "it ends in order")


def write_many(b, name, acknowledged, stop):
    """Writes people with names of their own until told to stop; notes what was acknowledged."""
    n = 0
    while not stop.is_set():
        n += 1
        who = f"{name}-{n}"
        try:
            status, _ = b.api("person_save", {"name": who})
            if status == 200:
                acknowledged.append(who)
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(0.02)  # killed meanwhile: it may be there or not


def kill_under_load():
    """Clients write while pages are killed at random moments: what was acknowledged is there, once; what was not is whole or
    absent: each person has exactly one audit entry."""
    s = Server()
    stop, acknowledged = threading.Event(), []
    threads = [threading.Thread(target=write_many, args=(browser(s, "教学秘书"), f"w{i}", acknowledged, stop)) for i in range(6)]
    for t in threads:
        t.start()
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.3, 0.9))
        pid = children(s.process.pid).get("pages")
        if pid:
            os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    stop.set()
    for t in threads:
        t.join()
    check(len(acknowledged) > 50, f"only {len(acknowledged)} writes got through")
    s.kill()  # and all at once, to end with
    s = Server()
    there = {r[0]: int(r[1]) for r in query("SELECT name, COUNT(*) FROM person WHERE name LIKE 'w%-%' GROUP BY name")}
    lost = [n for n in acknowledged if there.get(n) != 1]
    check(not lost, f"of {len(acknowledged)} acknowledged writes these are not there once: {lost[:5]}")
    people = sum(there.values())
    entries = number("SELECT COUNT(*) FROM audit_entry e JOIN person p ON p.id = e.subject_id WHERE e.usecase = 'person_save' AND e.subject = 'person' AND e.outcome = 0 AND p.name LIKE 'w%-%'")
    check(people == entries, f"{people} people, {entries} audit entries: half a transaction")
    check(s.stop() == 0, "it ends in order")
    print(f"  {len(acknowledged)} writes acknowledged over {KILLS} kills, {people} stored", flush=True)


def made_cohort():
    lines = subprocess.run([sys.executable, HERE + "/cohort.py", "150"], capture_output=True, text=True).stdout
    r = subprocess.run([http.BINARY, "do", "--lines"], input=lines, env=ENV, capture_output=True, text=True)
    check(r.returncode == 0, r.stderr)


def value_of(text):
    """The values of a plan's levels, best first; none without a plan."""
    levels = json.loads(text).get("levels", []) if text else []
    return [l["value"] for l in levels if "value" in l]


def kill_while_planning():
    """The worker is killed: another one takes the job over and goes on from the best plan that was stored, not from nothing."""
    s = Server()
    secretary = browser(s, "教学秘书")
    status, made = secretary.api("plan_make", {"cohort_id": 1, "seconds": 40})
    check(status == 200, made)
    plan = made["id"]
    stored = lambda: number(f"SELECT length(result) FROM plan WHERE id = {plan}") > 1000
    wait_for("a stored plan", 40, stored)
    time.sleep(1)
    before = value_of(query(f"SELECT progress FROM job WHERE subject_id = {plan}")[0][0])
    check(number(f"SELECT COUNT(*) FROM placement WHERE plan_id = {plan}") == 0, "no placement before the end")
    os.kill(s.child("worker"), signal.SIGKILL)
    wait_for("the job taken up again", 45, lambda: number(f"SELECT takes FROM job WHERE subject_id = {plan}") == 2)
    begun = time.monotonic()
    after = wait_for("progress of the second worker", 15, lambda: value_of(query(f"SELECT progress FROM job WHERE subject_id = {plan}")[0][0]))
    check(time.monotonic() - begun < 10 and after <= before + [1 << 60], f"it went on from {before}, not from nothing: {after}")
    # It is noted after the job is taken, and what the first worker said of its progress stands there meanwhile.
    wait_for("the audit trail says so", 15, lambda: number(f"SELECT COUNT(*) FROM audit_entry WHERE usecase = 'job_resumed' AND subject_id = {plan}") == 1)
    check(number("SELECT COUNT(*) FROM notice WHERE message = 'notice_resumed'") == 1, "who ordered the plan is told")
    wait_for("so does the log", 5, lambda: "1 job(s) were interrupted" in s.tail() and "taken up again" in s.tail())
    # An end in order lays the job down: the next start goes on at once, and nothing counts as interrupted.
    check(s.stop() == 0, f"SIGTERM while planning: {s.tail()}")
    s = Server()
    wait_for("the job gone on with", 6, lambda: query(f"SELECT state, takes FROM job WHERE subject_id = {plan}") == [["1", "2"]] and number(f"SELECT lease_until FROM job WHERE subject_id = {plan}") > time.time())
    check(number("SELECT COUNT(*) FROM notice WHERE message = 'notice_resumed'") == 1, "and nobody is told again")
    check(number(f"SELECT COUNT(*) FROM audit_entry WHERE usecase = 'job_resumed' AND subject_id = {plan}") == 1, "nor the audit trail")
    secretary = browser(s, "教学秘书")
    check(secretary.api("job_cancel", {"id": plan})[0] == 200, "cancelled")
    wait_for("the end of the job", 20, lambda: number(f"SELECT state FROM job WHERE subject_id = {plan}") > 1)
    kept = number(f"SELECT COUNT(*) FROM placement WHERE plan_id = {plan}")
    check(kept == 150 * 8, f"the best plan so far is kept: {kept}, {query(f'SELECT state, error, progress FROM job WHERE subject_id = {plan}')}, {s.tail()}")
    check(s.stop() == 0, "it ends in order")
    return plan


def kill_while_publishing(plan):
    """Published with a notice to each student, or not at all; over and over, at random moments."""
    students = number("SELECT COUNT(*) FROM student WHERE cohort_id = 1")
    whole = [0, 0]
    begun = time.monotonic()
    query(f"UPDATE plan SET state = 4 WHERE id = {plan}")
    version = number(f"SELECT version FROM plan WHERE id = {plan}")
    publish = [http.BINARY, "do", "plan_publish", "--as", "office", "%s"]
    act = lambda: subprocess.Popen([*publish[:-1], json.dumps({"id": plan, "version": version})], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    p = act()
    error = p.stderr.read()
    check(p.wait() == 0, f"publishing: {error}")
    took = time.monotonic() - begun
    for _ in range(3 * KILLS):
        query("DELETE FROM notice WHERE message = 'notice_published'")
        query(f"UPDATE plan SET state = 4 WHERE id = {plan}")
        version = number(f"SELECT version FROM plan WHERE id = {plan}")
        p = act()
        time.sleep(rng.uniform(0, took))
        p.kill()
        p.wait()
        if not LITE:  # its server side ends a moment later
            wait_for("the end of its connection", 10, lambda: number("SELECT COUNT(*) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid() AND datname = current_database()") == 0)
        published = number(f"SELECT COUNT(*) FROM plan WHERE id = {plan} AND state = 5")
        notices = number("SELECT COUNT(*) FROM notice WHERE message = 'notice_published'")
        check(notices == published * students, f"published {published}, {notices} of {students} notices")
        whole[published] += 1
    print(f"  killed while publishing: {whole[0]} not published, {whole[1]} published", flush=True)


def full_disk():
    """No byte can be written any more: writes are refused, pages go on, and all works again by itself once there is room."""
    s = Server()
    office = browser(s, "科教科")
    pages = s.child("pages")
    subprocess.run(["prlimit", f"--pid={pages}", "--fsize=100000:"], check=True)  # no file grows beyond that
    refused = 0
    for i in range(400):
        status, _ = office.api("person_save", {"name": f"full-{i}-" + "x" * 80})
        refused += status == 503
        if refused > 3:
            break
    check(refused > 3, "writes are refused when the disk is full")
    check(office.ask("/departments")[0] == 200, "pages are still served")
    there = number("SELECT COUNT(*) FROM person WHERE name LIKE 'full-%'")
    check(there == i + 1 - refused, f"{i + 1} tried, {refused} refused, {there} stored")
    subprocess.run(["prlimit", f"--pid={pages}", "--fsize=unlimited:"], check=True)
    check(office.api("person_save", {"name": "room again"})[0] == 200, "with room again it writes again, by itself")
    check(s.child("pages") == pages, "the same process all along")
    check(s.stop() == 0, "it ends in order")


def locked():
    """Another process holds the database: a write gives up in time and says so, readers don't wait, and then it works."""
    s = Server()
    office = browser(s, "科教科")
    if LITE:
        other = sqlite3.connect(TMP + "/t.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        release = lambda: other.execute("ROLLBACK")
    else:
        hold = subprocess.Popen(["psql", "-q", URL.split(":", 1)[1]], stdin=subprocess.PIPE, text=True)
        hold.stdin.write("BEGIN; LOCK TABLE person IN SHARE MODE;\n")
        hold.stdin.flush()
        wait_for("the lock", 5, lambda: number("SELECT COUNT(*) FROM pg_locks WHERE mode = 'ShareLock' AND relation = 'person'::regclass") > 0)
        release = lambda: hold.communicate("ROLLBACK;\n")
    begun = time.monotonic()
    results = []
    writer = threading.Thread(target=lambda: results.append(office.api("person_save", {"name": "patient"})))
    writer.start()
    time.sleep(0.2)
    reader = browser_of_page(s)
    slowest = max(timed(lambda: check(reader("/sign-in") == 200, "a page")) for _ in range(20))
    check(slowest < 2, f"a reader waited {slowest:.1f} s")
    writer.join(30)
    waited = time.monotonic() - begun
    check(results and results[0][0] == 503 and waited < 12, f"a write gives up in time: {results} after {waited:.1f} s")
    release()
    check(number("SELECT COUNT(*) FROM person WHERE name = 'patient'") == 0, "and wrote nothing")
    check(office.api("person_save", {"name": "patient"})[0] == 200, "then it works")
    check(s.stop() == 0, "it ends in order")


def timed(act):
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def browser_of_page(server):
    return lambda path: urllib.request.urlopen(server.base + path, timeout=30).status


def stopped_database():
    """PostgreSQL is stopped and started while serving: clean errors meanwhile, recovery by itself."""
    s = Server()
    office = browser(s, "科教科")
    subprocess.run(os.environ["INTERNBASE_TEST_PG_STOP"], shell=True, check=True, stdout=subprocess.DEVNULL)
    status, text, head = office.ask("/departments")
    check(status == 503 and head["Retry-After"] and 'lang="' in text, f"a page without its database: {status}")
    check("password" not in text, "that is not the sign-in page")
    check(office.api("person_save", {"name": "nowhere"})[0] == 503, "a write without a database")
    check(not re.search(r"socket|libpq|SELECT|postgres", text), "no word of the inside")
    subprocess.run(os.environ["INTERNBASE_TEST_PG_START"], shell=True, check=True, stdout=subprocess.DEVNULL)
    for _ in range(20):
        check(office.ask("/departments")[0] == 200, "every page works at once again")
    check(office.api("person_save", {"name": "there"})[0] == 200, "and every write")
    check(number("SELECT COUNT(*) FROM person WHERE name = 'nowhere'") == 0, "nothing was written meanwhile")
    check(s.stop() == 0, "it ends in order")


def main():
    steps = [processes, kill_under_load, locked]
    if LITE:
        steps.append(full_disk)
    else:
        steps.append(stopped_database)
    http.run(ENV, "init")
    for step in steps if len(sys.argv) < 3 else []:  # a third word: planning alone
        print(step.__name__, flush=True)
        step()
    made_cohort()  # its lines expect a base without programmes and cohorts: imports come last
    print("kill_while_planning", flush=True)
    plan = kill_while_planning()
    print("kill_while_publishing", flush=True)
    kill_while_publishing(plan)
    if len(sys.argv) < 3:
        print("kill_while_importing", flush=True)
        kill_import.kill_while_importing(sys.modules[__name__])
    print(f"{http.PASSED} passed")


main()
