"""Imports over the socket: uploads good and hostile, who may, two people at once, undo and what refuses it. Called by run.py."""
import json, re

BOUNDARY = "----internbase"


def multipart(fields, name=None, content=b""):
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    if name is not None:
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def upload(b, kind, name, content, cohort="", csrf=None):
    """The answer to an upload: status, text, and the import's number where there is one."""
    b.ask("/import")
    fields = {"csrf": b.csrf if csrf is None else csrf, "kind": kind, "cohort_id": cohort}
    status, text, head = b.ask("/import", multipart(fields, name, content), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    found = re.search(r'href="/import/(\d+)\?show=', text)
    return status, text, int(found.group(1)) if found else None


def get(b, number):
    return b.api("import_get", {"parent_id": number})[1]["rows"][0]


def act(b, name, number):
    status, answer = b.api("import_" + name, {"id": number, "version": get(b, number)["version"]})
    return status, answer["errors"][0]["code"] if answer.get("errors") else answer


def hostile(check, secretary, office, student, cohort):
    good = "科室,可接收人数\n急诊科,1\n".encode()
    check(upload(office, "departments", "a.csv", good, csrf="0" * 64)[0] == 403, "an upload without its token")
    check(upload(student, "departments", "a.csv", good)[0] == 403, "an upload by a student")
    check(upload(office, "students", "a.csv", good, cohort)[0] == 403, "students by the hospital's office")
    check(upload(secretary, "departments", "a.csv", good)[0] == 403, "departments by the university's secretary")
    check(upload(office, "nothing", "a.csv", good)[0] == 422, "an unknown kind")
    check(upload(office, "departments", None, b"")[0] == 422, "no file")
    check(upload(office, "departments", "a.csv", b"")[0] == 422, "an empty file")
    check(upload(office, "departments", "a" * 300 + ".csv", good)[0] == 422, "a name that is too long")
    check(upload(secretary, "students", "a.csv", good)[0] == 422, "students without a cohort")
    check(upload(secretary, "students", "a.csv", good, "987654")[0] == 422, "a cohort that is not there")
    for name, content in (("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 100), ("a.xlsx", b"PK\x03\x04" + b"\0" * 200), ("a.xlsx", good), ("a.csv", b"\xff\xfe\x00"),
                          ("a.csv", b"\xd2\xbb\x80"), ("a.csv", b'"' + b"x" * 5000), ("a.csv", b"\n\n\n"), ("../../etc/passwd.csv", b"a,b\n1,2\n")):
        status, text, number = upload(office, "departments", name, content)
        row = get(office, number)
        check(status == 200 and row["problems"] != "[]" and row["rows_new"] == 0, f"{content[:20]!r} as {name} shows what is wrong")
        check("/" not in row["file_name"], "a name is no path")
        check(act(office, "accept", number) == (422, "import_has_faults"), "and can't be accepted")
    script = '科室,可接收人数\n"<script>alert(1)</script>",x\n'.encode()
    status, text, number = upload(office, "departments", "<b>.csv", script)
    check("<script>alert" not in text and "&lt;script&gt;alert" in text and "<b>.csv" not in text, "cells and names are escaped")
    check(office.ask(f"/import/{number}?show=wrong&behind=x")[0] == 404 and office.ask("/import/x")[0] == 404, "odd addresses")
    check(secretary.ask(f"/import/{number}")[0] == 404 and secretary.api("import_rows", {"import_id": number})[0] == 404, "the other side does not see it")
    check(all(r["id"] != number for r in secretary.api("import_list", {})[1]["rows"]), "nor in its list")
    big = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(200 << 20)}
    try:
        status = office.ask("/import", b"x", big)[0]
    except OSError:
        status = 413  # cut off before the body was sent
    check(status == 413, "a body that is too large")


def people(check, secretary, office, cohort):
    text = "学号,姓名,性别\n01,甲一,男\n02,乙二,女\n"
    status, answer = secretary.api("import_preview", {"kind": "students", "cohort_id": cohort, "text": text})
    number = answer["id"]
    for _ in range(100):
        if get(secretary, number)["state"] == "preview":
            break
        __import__("time").sleep(0.1)
    row = get(secretary, number)
    check((row["state"], row["rows_new"]) == ("preview", 2), "CSV as text over JSON is read by the worker")
    check(office.api("import_refuse", {"id": number, "version": row["version"]})[0] == 404, "the other side can't touch it")
    check(act(secretary, "accept", number)[0] == 200, "accepted")
    check(secretary.api("import_accept", {"id": number, "version": row["version"]})[0] == 422, "once")
    students = secretary.api("student_list", {"parent_id": cohort})[1]["rows"]
    check({(s["number"], s["name"]) for s in students} == {("01", "甲一"), ("02", "乙二")}, "students are there")
    status, page, again = upload(secretary, "students", "again.csv", text.encode(), cohort)
    row = get(secretary, again)
    check((row["rows_new"], row["rows_changed"], row["rows_unchanged"]) == (0, 0, 2), "the same file changes nothing")
    check(act(secretary, "accept", again) == (422, "import_nothing"), "and is not accepted")
    check(secretary.api("import_undo", {"id": number, "version": 1})[0] == 409, "a stale version")
    student = students[0]
    person = next(p for p in secretary.api("person_list", {})[1]["rows"] if p["id"] == student["person_id"])
    change = {k: v for k, v in person.items() if k not in ("sort_key",)}
    check(secretary.api("person_save", dict(change, phone="1"))[0] == 200, "a change by hand")
    check(act(secretary, "undo", number) == (422, "import_touched"), "a row touched since can't be taken back")
    check(secretary.api("person_save", dict(change, version=person["version"] + 1))[0] == 200, "changed back")
    one, two = (upload(secretary, "students", n, (text + line).encode(), cohort)[2] for n, line in (("1.csv", "03,丙三,女\n"), ("2.csv", "03,丁四,女\n")))
    check(act(secretary, "accept", one)[0] == 200, "of two imports at once the first goes in")
    check(act(secretary, "accept", two) == (422, "import_stale"), "the second is told")
    check(act(secretary, "undo", number) == (422, "import_not_last"), "only the last can be taken back")
    check(act(secretary, "undo", one)[0] == 200 and act(secretary, "undo", number)[0] == 200, "one after the other")
    check(secretary.api("student_list", {"parent_id": cohort})[1]["rows"] == [], "nothing is left")
    check(act(secretary, "undo", number) == (422, "import_wrong_state"), "once")
    check(act(secretary, "accept", two) == (422, "import_stale"), "still stale")
    b = get(secretary, two)
    check(secretary.api("import_again", {"id": two, "version": b["version"]})[0] == 200, "preview again")


def built_on(check, secretary, office, cohort):
    """What was built on an import refuses its undo."""
    _, _, number = upload(secretary, "students", "s.csv", "学号,姓名\n11,甲\n12,乙\n".encode(), cohort)
    check(act(secretary, "accept", number)[0] == 200, "students")
    student = next(s["id"] for s in secretary.api("student_list", {"parent_id": cohort})[1]["rows"] if s["number"] == "11")
    absence = secretary.api("absence_save", {"student_id": student, "first_week": "2027-03-08", "weeks": 1, "reason": "事假"})[1]["id"]
    check(act(secretary, "undo", number) == (422, "import_in_use"), "a row that another record refers to")
    check(secretary.api("absence_delete", {"id": absence, "version": 1})[0] == 200, "which goes")
    plan = secretary.api("plan_make", {"cohort_id": cohort, "seconds": 1})
    check(plan[0] == 200 and act(secretary, "undo", number) == (422, "import_planned"), "a plan begun since")
    entries = [e for e in secretary.api("audit_list", {})[1]["rows"] if e["usecase"] == "import_accept" and e["subject_id"] == number]
    check(len(entries) == 1 and json.loads(entries[0]["detail"])["new"] == 2 and len(entries[0]["detail"]) < 400, "the audit keeps counts, not rows")


def programmes(check, secretary, office):
    seats = "科室,代码,可接收人数,名额例外\n内科,nk,3,2027-03-08：0（装修）\n外科,wk,3,\n儿科,ek,2,\n".encode("gb18030")
    _, text, number = upload(office, "departments", "d.csv", seats)
    check("GB18030" in text and act(office, "accept", number)[0] == 200, "departments in GB18030")
    rows = ("方案,轮转,周数,科室,最早第几周开始,最晚第几周结束,选修组,选修项数,须先完成\n"
            "临床,内科轮转,2,内科,,,,,\n临床,外科轮转,2,外科、儿科,,,,,内科轮转（0-4）\n临床,甲选,1,儿科,,,选修,1,\n临床,乙选,1,外科,,,选修,1,\n")
    wrong = rows + "临床,丙,4,口腔科,3,5,,2,没有的轮转\n"
    _, text, number = upload(secretary, "programmes", "p.csv", wrong.encode())
    said = [f["code"] for f in json.loads(secretary.api("import_rows", {"import_id": number, "state": "wrong"})[1]["rows"][0]["faults"])]
    check(sorted(said) == ["import_no_rotation", "import_pick_alone", "import_unknown"], said)
    _, text, number = upload(secretary, "programmes", "p.csv", (rows + "临床,丁,4,内科,3,5,,,\n").encode())
    said = [(f["code"], f["at"], f["row"], f["column"]) for f in json.loads(secretary.api("import_rows", {"import_id": number, "state": "wrong"})[1]["rows"][0]["faults"])]
    check(said == [("refuse_window_short", "latest_week", 6, 6)], f"a rotation longer than its window, at its cell: {said}")
    _, text, number = upload(secretary, "programmes", "p.csv", rows.encode())
    check(act(secretary, "accept", number)[0] == 200, "a programme")
    programme = next(p for p in secretary.api("programme_list", {})[1]["rows"] if p["name_zh"] == "临床")["id"]
    listed = lambda name: secretary.api(name, {"parent_id": programme})[1]["rows"]
    check((len(listed("rotation_list")), len(listed("choice_list")), len(listed("rotation_order_list")), len(listed("rotation_department_list"))) == (4, 1, 1, 5), "rotations, choice, order")
    check(listed("rotation_order_list")[0]["gap_most"] == 4, "with its gap")
    _, text, again = upload(secretary, "programmes", "p2.csv", rows.replace("外科、儿科", "儿科").replace("（0-4）", "（1）").encode())
    row = get(secretary, again)
    check((row["rows_changed"], row["rows_unchanged"]) == (1, 3) and act(secretary, "accept", again)[0] == 200, "one row changed")
    check(len(listed("rotation_department_list")) == 4 and listed("rotation_order_list")[0]["gap_least"] == 1, "and stored")
    check(act(secretary, "undo", again)[0] == 200, "taken back")
    check(len(listed("rotation_department_list")) == 5 and listed("rotation_order_list")[0]["gap_most"] == 4, "as it was")
    cohort = secretary.api("cohort_save", {"base_id": 1, "programme_id": programme, "code": "imp2", "name_zh": "批次二", "name_en": "Two", "first_week": "2027-03-01", "weeks": 8})[1]["id"]
    _, _, number = upload(secretary, "students", "s.csv", "学号,姓名\n1,甲\n2,乙\n".encode(), cohort)
    check(act(secretary, "accept", number)[0] == 200, "its students")
    wishes = "学号,姓名,轮转,志愿1,志愿2\n1,甲,外科轮转,儿科,外科\n1,甲,选修,乙选,\n2,乙,外科轮转,外科,儿科\n"
    bad = wishes.replace("2,乙,外科轮转,外科,儿科", "2,丙,外科轮转,外科,外科\n3,丁,外科轮转,内科,\n2,乙,选修,,乙选")
    _, _, number = upload(secretary, "wishes", "w.csv", bad.encode(), cohort)
    said = sorted(f["code"] for r in secretary.api("import_rows", {"import_id": number, "state": "wrong"})[1]["rows"] for f in json.loads(r["faults"]))
    check(said == ["import_named_twice", "import_no_student", "import_other_name", "import_rank_gap", "import_unknown"], said)
    _, _, number = upload(secretary, "wishes", "w.csv", wishes.encode(), cohort)
    check(get(secretary, number)["rows_new"] == 3 and act(secretary, "accept", number)[0] == 200, "wishes for a rotation and a choice")
    _, _, number = upload(secretary, "wishes", "w.csv", wishes.encode(), cohort)
    check(get(secretary, number)["rows_unchanged"] == 3, "the same again")
    return cohort


def large(check, secretary, cohort):
    """More rows than a request waits for: the worker writes them as the person, who is told what became of it."""
    rows = "".join(f"g{i:05},学生{i}\n" for i in range(5200))
    numbers = [upload(secretary, "students", f"{n}.csv", ("学号,姓名\n" + rows + more).encode(), cohort)[2] for n, more in ((1, ""), (2, "h1,某\n"))]
    for number, state in zip(numbers, ("accepted", "preview")):
        check(act(secretary, "accept", number)[0] == 200, "taken")
        for _ in range(600):
            if get(secretary, number)["state"] not in ("accepting",):
                break
            __import__("time").sleep(0.1)
        check(get(secretary, number)["state"] == state, f"{state}: {get(secretary, number)}")
    check("import_stale" in get(secretary, numbers[1])["problems"], "the second is told that it is late")
    check("重新预览" in secretary.ask(f"/import/{numbers[1]}")[1], "on its page, too")
    entries = [e for e in secretary.api("audit_list", {})[1]["rows"] if e["usecase"] == "import_apply" and e["outcome"] == "done"]
    check(len(entries) == 1 and entries[0]["person_id"] is not None, "the audit names the person, not the worker")
    check(act(secretary, "undo", numbers[0])[0] == 200, "taken back")


def templates(check, secretary):
    for kind in ("students", "departments", "preceptors", "programmes", "wishes"):
        for ending in ("-zh.csv", "-en.csv"):
            status, text, head = secretary.ask(f"/import-template/{kind}{ending}")
            check(status == 200 and text.count(",") >= 4 and "attachment" in head["Content-Disposition"], f"{kind}{ending}")
        with secretary.opener.open(f"{secretary.base}/import-template/{kind}-zh.xlsx", timeout=30) as answer:
            book = answer.read()
        check(book[:2] == b"PK" and b"xl/workbook.xml" in book, f"a workbook for {kind}")
    check(secretary.ask("/import-template/nothing.csv")[0] == 404, "no such template")


def run(check, browsers):
    secretary, office, student = browsers["university", "secretary"], browsers["hospital", "education_office"], browsers["university", "student"]
    secretary.ask("/")
    programme = secretary.api("programme_save", {"base_id": 1, "code": "imp", "name_zh": "导入方案", "name_en": "Import"})[1]["id"]
    cohort = secretary.api("cohort_save", {"base_id": 1, "programme_id": programme, "code": "imp", "name_zh": "导入批次", "name_en": "Import", "first_week": "2027-03-01", "weeks": 8})[1]["id"]
    hostile(check, secretary, office, student, str(cohort))
    people(check, secretary, office, cohort)
    built_on(check, secretary, office, programmes(check, secretary, office))
    large(check, secretary, cohort)
    templates(check, secretary)
