"""What the board of 300 students x 40 weeks costs the server, in CPU time of its processes (by the scheduler), beside a floor in the same run: the sheet of style, which needs no login's data and no database. usage:
bench/board/render.py [PROGRAM] [REQUESTS]   (PROGRAM: a release build, default build/internbase)"""
import http.cookiejar, json, os, re, subprocess, sys, tempfile, time, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../tests/data"))
import big_base

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/internbase")
REQUESTS = int(sys.argv[2]) if len(sys.argv) > 2 else 200


def run(env, *args, data=None):
    return subprocess.run([PROGRAM, *args], env=env, input=data, capture_output=True, text=True, check=True).stdout


def cpu_s(root):
    """Seconds on a CPU of a process and all below it, from the scheduler's own count in nanoseconds."""
    parents, total = {}, 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(pid)] = int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    for pid in parents:
        at = pid
        while at in parents and at != root:
            at = parents[at]
        if at == root:
            for task in os.listdir(f"/proc/{pid}/task"):
                total += int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0])
    return total / 1e9


def main():
    tmp = tempfile.mkdtemp(prefix="internbase-bench-")
    env = dict(os.environ, INTERNBASE_DATABASE=f"sqlite:{tmp}/t.db")
    run(env, "init")
    run(env, "do", "--lines", data="\n".join(big_base.lines(300, 40)) + "\n")
    run(env, "do", "plan_make", "--as", "secretary", '{"cohort_id":1,"seconds":200}')
    run(env, "work")
    placements = len(json.loads(run(env, "do", "placement_list", '{"parent_id":1}'))["rows"])
    server = subprocess.Popen([PROGRAM, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        base = server.stdout.readline().strip().rstrip("/")
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        link = json.loads(run(env, "link", "科教科", "--json"))["url"]
        page = opener.open(base + link).read().decode()
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page).group(1)
        opener.open(base + link, f"csrf={token}".encode()).read()

        def measure(path, encoding):
            request = lambda: opener.open(urllib.request.Request(base + path, headers={"Accept-Encoding": encoding}))
            for _ in range(5):
                n = len(request().read())
            before, begun = cpu_s(server.pid), time.monotonic()
            for _ in range(REQUESTS):
                request().read()
            return (cpu_s(server.pid) - before) / REQUESTS * 1000, (time.monotonic() - begun) / REQUESTS * 1000, n

        floor, _, _ = measure("/static/style.css", "identity")
        print(f"300 students x 40 weeks, {placements} placements, {REQUESTS} requests each")
        print("| page | CPU ms | x floor | wall ms | bytes |\n|---|---|---|---|---|")
        print(f"| floor: /static/style.css | {floor:.2f} | 1 | | |")
        for name, path, encoding in (("board", "/board/1", "identity"), ("board, gzip", "/board/1", "gzip"), ("board by regret, one department", "/board/1?dep=1&sort=regret", "identity"),
                                     ("load", "/heat?plan=1", "identity"), ("figures", "/plan/1/figures", "identity")):
            cpu, wall, n = measure(path, encoding)
            print(f"| {name} | {cpu:.2f} | {cpu / floor:.0f} | {wall:.2f} | {n} |")
    finally:
        server.terminate()
        server.wait(20)


main()
