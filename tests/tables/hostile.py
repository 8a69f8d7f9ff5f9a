#!/usr/bin/env python3
"""Files that mean harm or were harmed, through the program and its child: each gets a clear refusal or is read, within bounds.
usage: INTERNBASE=build/internbase tests/tables/hostile.py
A bomb may cost at most 1 s of processor time and 100 MiB, whatever it unpacks to. Last line: N passed."""
import io, os, random, re, struct, subprocess, sys, tempfile, zipfile

exe = os.path.abspath(os.environ["INTERNBASE"])
data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "tables")
is_asan = b"__asan_init" in open(exe, "rb").read()
tmp = tempfile.mkdtemp()
passed = 0
failed = 0
rng = random.Random(1)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="sheet.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="strings.xml"/><Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/sheet.xml": '<worksheet><sheetData><row><c t="s"><v>0</v></c><c><v>2</v></c></row></sheetData></worksheet>',
    "xl/strings.xml": "<sst><si><t>one</t></si></sst>",
    "xl/styles.xml": "<styleSheet/>",
}


def book(method=zipfile.ZIP_DEFLATED, level=6, **parts):
    """An archive of PARTS with some replaced: sheet=, strings=, styles=, workbook=, rels=."""
    names = {"sheet": "xl/sheet.xml", "strings": "xl/strings.xml", "styles": "xl/styles.xml", "workbook": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=level) as z:
        for name, text in {**PARTS, **{names[k]: v for k, v in parts.items()}}.items():
            z.writestr(name, text)
    return out.getvalue()


def rows(cells, n):
    return "<worksheet><sheetData>" + "".join(f"<row>{cells}</row>" for _ in range(n)) + "</sheetData></worksheet>"


# What a command and its children used. In a small process of its own, since a new program counts what its starter held as its own.
MEASURE = """
import os, sys
pid = os.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
_, status, use = os.wait4(pid, 0)
os.write(int(sys.argv[1]), b"%d %f %d" % (os.waitstatus_to_exitcode(status), use.ru_utime + use.ru_stime, use.ru_maxrss))
"""


def run(name, content, want, cpu_s=1.0, mib=100, ending=None):
    """`want`: exit code and pattern of what is said (stderr, or the last line where it is read)."""
    global passed, failed
    path = os.path.join(tmp, "t" + (ending or (".xlsx" if content[:2] == b"PK" else ".csv")))
    with open(path, "wb") as f:
        f.write(content)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as use:
        command = [exe, "table", path, "--json", "--lang", "en"]
        subprocess.run([sys.executable, "-S", "-c", MEASURE, str(use.fileno())] + command, stdout=out, stderr=err, pass_fds=[use.fileno()])
        out.seek(0), err.seek(0), use.seek(0)
        exited, used, kib = use.read().split()
        said = err.read().decode("utf-8", "replace")
        last = out.read().decode("utf-8", "replace").strip().split("\n")[-1]
    code, pattern = want
    wrong = []
    if int(exited) not in (code if isinstance(code, tuple) else (code,)):
        wrong.append(f"exit {int(exited)}")
    if not re.search(pattern, said if int(exited) else last):
        wrong.append("other words")
    if not is_asan and float(used) > cpu_s:
        wrong.append(f"{float(used):.2f} s of processor time")
    if not is_asan and int(kib) > mib * 1024:
        wrong.append(f"{int(kib) // 1024} MiB")
    if wrong:
        failed += 1
        print(f"FAILED {name}: {', '.join(wrong)}\n  {said[:200]}\n  {last[:200]}")
    else:
        passed += 1


def in_chinese(name, content):
    """What is said of a refused file to a Chinese reader holds names of parts, but no English words."""
    global passed, failed
    path = os.path.join(tmp, "zh.xlsx")
    open(path, "wb").write(content)
    said = subprocess.run([exe, "table", path, "--lang", "zh"], capture_output=True, text=True).stderr
    if re.search(r"[\u4e00-\u9fff]", said) and not re.search(r"[A-Za-z]+[ '][A-Za-z]+", said):
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}, in Chinese: {said[:300]}")


REFUSED, READ = 3, 0
MiB = 1 << 20

# The control: a whole file is read.
run("whole", book(), (READ, '"rows":1,"cells":2,"whole":true,"errors":0'))
run("stored", book(zipfile.ZIP_STORED), (READ, '"cells":2'))

# Bombs.
run("spaces", book(sheet="<worksheet>" + " " * (100 * MiB) + "</worksheet>"), (REFUSED, "packed more than 100 times"))
run("strings", book(strings="<sst>" + "<si><t>aaaaaaaa</t></si>" * 3_000_000 + "</sst>"), (REFUSED, "packed more than 100 times"))
million = "<sst>" + "".join(f"<si><t>{rng.getrandbits(40):x}</t></si>" for _ in range(1_000_000)) + "</sst>"
run("a million strings", book(level=1, strings=million), (READ, '"cells":2'))
run("bzip2", book(zipfile.ZIP_BZIP2, 9, sheet="<worksheet>" + "<a/>" * (8 * MiB) + "</worksheet>"), (REFUSED, "packed more than 100|damaged"))
run("lzma", book(zipfile.ZIP_LZMA, sheet="<worksheet>" + "<a/>" * MiB + "</worksheet>"), (REFUSED, "packed more than 100|damaged"))
run("entities", book(strings="<!DOCTYPE sst [" + "".join(f'<!ENTITY a{i + 1} "' + f"&a{i};" * 10 + '">' for i in range(10)) + "]><sst><si><t>&a10;</t></si></sst>"), (REFUSED, "document type definition"))
run("outside entity", book(strings='<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'), (REFUSED, "document type definition"))
run("parameter entity", book(workbook='<!DOCTYPE w [<!ENTITY % a SYSTEM "http://127.0.0.1:1/">%a;]><workbook/>'), (REFUSED, "document type definition"))
run("archive in archive", book() + book(), (READ, '"cells":2'))
inner = book()
for _ in range(5):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        z.writestr("again.zip", inner)
    inner = b.getvalue()
run("nested", inner, (REFUSED, "no workbook"))
run("deep", book(sheet="<worksheet>" + "<a>" * 1_000_000), (REFUSED, "packed more|nested more than 64"))
run("wide", book(level=1, sheet="<worksheet><a " + " ".join(f'b{rng.getrandbits(32)}="{i}"' for i in range(200_000)) + "/></worksheet>"), (REFUSED, "markup longer than|damaged"))
run("long name", book(level=1, sheet="<worksheet><" + "".join(rng.choice("abcdefgh") for _ in range(3 * MiB)) + "/></worksheet>"), (REFUSED, "markup longer than"))
run("long comment", book(level=1, sheet="<worksheet><!--" + "".join(rng.choice("abcdefgh") for _ in range(3 * MiB)) + "--></worksheet>"), (REFUSED, "markup longer than"))
run("colliding attributes", book(sheet="<worksheet>" + '<a b="1" b="2"/>' + "</worksheet>"), (REFUSED, "malformed at line 1"))
run("merged areas", book(level=1, sheet="<worksheet><mergeCells>" + "".join(f'<mergeCell ref="A{i}:A{i + 1}"/>' for i in range(1, 100_000)) + "</mergeCells></worksheet>"), (REFUSED, "More than 20000 merged"))
run("overlapping areas", book(level=1, sheet="<worksheet>" + "<sheetData>" + "".join(f"<row><c><v>{i}</v></c></row>" for i in range(60_000)) + "</sheetData><mergeCells>" + "".join(f'<mergeCell ref="A{i}:A1000000"/>' for i in range(1, 20_000)) + "</mergeCells></worksheet>"), (READ, '"rows":60000'))
run("formats", book(level=1, styles="<styleSheet><numFmts>" + "".join(f'<numFmt numFmtId="{i}" formatCode="yyyy{i}"/>' for i in range(100_000)) + "</numFmts><cellXfs>" + "".join(f'<xf numFmtId="{i}"/>' for i in range(300_000)) + "</cellXfs></styleSheet>"), (READ, '"cells":2'))
run("sheets", book(level=1, workbook=f'<workbook xmlns:r="{OFFICE}"><sheets>' + "".join(f'<sheet name="S{i}" r:id="r1"/>' for i in range(50_000)) + "</sheets></workbook>"), (REFUSED, "More than 64 visible sheets"))
run("sheet names", book(level=1, workbook=f'<workbook xmlns:r="{OFFICE}"><sheets>' + "".join(f'<sheet name="{"界" * 20000}" r:id="r1"/>' for i in range(60)) + "</sheets></workbook>"), ((READ, REFUSED), '"sheets":60|packed more'))
run("relations", book(level=1, rels="<Relationships>" + "".join(f'<Relationship Id="x{i}" Type="t/worksheet" Target="{rng.getrandbits(64)}"/>' for i in range(100_000)) + "</Relationships>"), (REFUSED, "r1 is missing"))
run("faults", book(level=1, sheet=rows("<c t='e'><v>#N/A</v></c>" * 20, 20_000)), (REFUSED, "packed more|#N/A"))
run("blank cells", book(level=1, sheet=rows("".join(f'<c s="{rng.randrange(100)}"/>' for _ in range(200)), 2_000)), (REFUSED, "packed more|nothing in the file"))
run("rows", book(level=1, sheet="<worksheet><sheetData>" + "".join(f"<row><c><v>{rng.getrandbits(30)}</v></c></row>" for _ in range(200_001)) + "</sheetData></worksheet>"), (REFUSED, "row 200001: More than 200000 rows"))

# Lies in the archive.
def many(n):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for k, v in PARTS.items():
            z.writestr(k, v)
        for i in range(n):
            z.writestr(f"x{i}", "")
    return out.getvalue()


run("2,000 entries", many(2_000), (REFUSED, "holds 2006 files; at most 1000"))
run("70,000 entries", many(70_000), (REFUSED, "holds 70006 files; at most 1000"))
good = book()
end = good.rindex(b"PK\5\6")
run("count of entries", good[: end + 8] + struct.pack("<HH", 60000, 60000) + good[end + 12 :], (REFUSED, "holds 60000 files"))
run("fewer entries", good[: end + 8] + struct.pack("<HH", 2, 2) + good[end + 12 :], (REFUSED, "damaged|missing|no workbook"))
run("directory elsewhere", good[: end + 16] + struct.pack("<L", 0x7FFFFFFF) + good[end + 20 :], (REFUSED, "damaged"))
run("no directory", good[: good.index(b"PK\1\2")], (REFUSED, "damaged"))
run("other disk", good[: end + 4] + struct.pack("<HH", 7, 7) + good[end + 8 :], ((REFUSED, READ), "damaged|cells"))


def patch(blob, name, central=None, local=None):
    """Overwrites fields of an entry: {offset in the record: bytes}."""
    b = bytearray(blob)
    at = 0
    while (at := bytes(b).find(b"PK\1\2", at)) >= 0:
        n = struct.unpack_from("<H", b, at + 28)[0]
        if b[at + 46 : at + 46 + n] == name:
            where = struct.unpack_from("<L", b, at + 42)[0]
            for offset, v in (central or {}).items():
                b[at + offset : at + offset + len(v)] = v
            for offset, v in (local or {}).items():
                b[where + offset : where + offset + len(v)] = v
        at += 4
    return bytes(b)


sheet = b"xl/sheet.xml"
run("checksum", patch(good, sheet, {16: b"\1\2\3\4"}, {14: b"\1\2\3\4"}), (REFUSED, "the checksum of xl/sheet.xml"))
in_chinese("checksum", patch(good, sheet, {16: b"\1\2\3\4"}, {14: b"\1\2\3\4"}))
in_chinese("unknown method", patch(good, sheet, {10: b"\x63\0"}, {8: b"\x63\0"}))
in_chinese("no directory", good[: good.index(b"PK\1\2")])
in_chinese("entry elsewhere", patch(good, sheet, {42: struct.pack("<L", 0x7FFFFFF0)}))
large = book(sheet="<worksheet>" + "<a/>" * (4 * MiB) + "</worksheet>")
run("said to be small", patch(large, sheet, {24: struct.pack("<L", 100)}, {22: struct.pack("<L", 100)}), (REFUSED, "packed more than 100|damaged"))
run("said to be packed less", patch(large, sheet, {20: struct.pack("<L", 0x7FFFFFFF)}, {18: struct.pack("<L", 0x7FFFFFFF)}), (REFUSED, "damaged|packed"))
run("locked entry", patch(good, sheet, {8: b"\1\0"}, {6: b"\1\0"}), (REFUSED, "password|damaged"))
run("unknown method", patch(good, sheet, {10: b"\x63\0"}, {8: b"\x63\0"}), (REFUSED, "damaged|password"))
run("entry elsewhere", patch(good, sheet, {42: struct.pack("<L", 0x7FFFFFF0)}), (REFUSED, "damaged"))
run("all entries in one place", patch(patch(good, sheet, {42: b"\0\0\0\0"}), b"xl/strings.xml", {42: b"\0\0\0\0"}), (REFUSED, "damaged|nothing"))
b = io.BytesIO()
with zipfile.ZipFile(b, "w") as z:
    for k, v in PARTS.items():
        z.writestr("../../" + k, v)
run("names with dots", b.getvalue(), (REFUSED, "no workbook"))
for path in ("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "\\\\host\\share", "x" * 70_000):
    run("target " + path[:30], book(rels=f'<Relationships><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="{path}"/></Relationships>'), (REFUSED, "missing"))

# Cut short, and bytes changed.
for name in ("lo_students.xlsx", "op_students.xlsx", "xw_students.xlsx"):
    whole = open(os.path.join(data, name), "rb").read()
    for tenth in range(1, 10):
        run(f"{name} cut at {tenth}/10", whole[: len(whole) * tenth // 10], (REFUSED, "damaged|not a table"))
    for _ in range(20):
        b = bytearray(whole)
        for _ in range(3):
            b[rng.randrange(4, len(b))] = rng.randrange(256)
        run(f"{name} scratched", bytes(b), ((READ, REFUSED), "."))
for name in ("lo_utf8.csv", "lo_gb18030.csv", "lo_unicode.csv"):
    whole = open(os.path.join(data, name), "rb").read()
    for tenth in range(1, 10):
        run(f"{name} cut at {tenth}/10", whole[: len(whole) * tenth // 10], ((READ, REFUSED), "."))

# Text in other encodings and no text at all: no crash, and a reason.
sample = "学号,姓名\r\n1,李雷\r\n2,韓梅梅 é\r\n"
for encoding in ("big5", "shift_jis", "euc_kr", "utf_32", "utf_16_be", "latin-1", "utf_7", "cp037"):
    run(encoding, sample.encode(encoding, "ignore"), ((READ, REFUSED), "."))
run("random", rng.randbytes(1 * MiB), (REFUSED, "NUL|neither|not valid"))
run("random without NUL", rng.randbytes(1 * MiB).replace(b"\0", b"\1"), (REFUSED, "neither|not valid"))
run("terminal codes", b"\x1b[2J\x1b]0;x\x07,b\n", (READ, '"rows":1'))

# Up to the size that is allowed.
most = 64 * MiB
run("one byte more", b"a," * (most // 2) + b"\n", (REFUSED, "has 67108865 bytes; at most 67108864"), mib=200)
run("quotes", b'"' * most, (REFUSED, "."), 3, 200)
run("separators", b"," * most, (REFUSED, "nothing in the file"), 3, 200)
run("line ends", b"\n" * most, (REFUSED, "nothing in the file"), 3, 200)
run("one cell", b"a" * most, (REFUSED, "more than 32768 bytes"), 3, 200)
run("an open quote", b'a,"' + b"b\n" * (most // 2 - 2), (REFUSED, "never closed"), 3, 200)
run("faults everywhere", b'a"b\n' * (most // 4), (REFUSED, "More than 200000 rows|stray quote"), 3, 200)
run("columns", b"a," * 300 + b"\n", (REFUSED, "row 1, column 257: More than 256 columns"))

print(f"{passed} passed")
subprocess.run(["rm", "-rf", tmp])
sys.exit(1 if failed else 0)
