"""Lines for `internbase do --lines`: a cohort whose plan takes long to make best (tight seats, every wish counts).
usage: cohort.py STUDENTS > lines. The first department has number 1; a fresh base is expected."""
import json, random, sys

students, rng = int(sys.argv[1]), random.Random(7)
departments, rotations = 12, 8


def line(use_case, **given):
    print(json.dumps({"do": use_case, "in": given}, ensure_ascii=False))


for d in range(1, departments + 1):
    line("department_save", hospital_id=2, code=f"d{d}", name_zh=f"科室{d}", name_en=f"Department {d}", initials=f"{d}",
         seats=max(2, students * rotations * 2 // (departments * 13)), position=d)
line("programme_save", base_id=1, code="p", name_zh="实习方案", name_en="Programme", free_weeks_forbidden=False)
of = {}
for r in range(1, rotations + 1):
    line("rotation_save", programme_id=1, code=f"r{r}", name_zh=f"轮转{r}", name_en=f"Rotation {r}", weeks=2, position=r)
    of[r] = rng.sample(range(1, departments + 1), 5)
    for d in of[r]:
        line("rotation_department_save", rotation_id=r, department_id=d)
line("cohort_save", base_id=1, programme_id=1, code="c", name_zh="实习批次", name_en="Cohort", first_week="2027-03-01", weeks=20,
     wishes_open="2027-01-04", wishes_close="2027-01-31")
for s in range(1, students + 1):
    line("student_add", cohort_id=1, name=f"学生{s}", number=f"n{s:05}")
    for r in of:
        line("wishes_save", student_id=s, rotation_id=r, ranked=",".join(map(str, rng.sample(of[r], len(of[r])))))
