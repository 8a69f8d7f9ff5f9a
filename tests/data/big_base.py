"""A base of N students x W weeks as lines for `internbase do --lines`, for tests and benchmarks of pages. The hospital is record 2,
the base record 1, as `internbase init` leaves them. usage: big_base.py STUDENTS WEEKS [hostile]  (hostile: names as long as
fields allow, with markup in them)"""
import json, sys

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲"
DEPARTMENTS = [("内科", "Internal medicine"), ("外科", "Surgery"), ("妇产科", "Obstetrics"), ("儿科", "Paediatrics"), ("急诊科", "Emergency"),
               ("超声科", "Ultrasound"), ("放射科", "Radiology"), ("检验科", "Laboratory"), ("药剂科", "Pharmacy"), ("手术室", "Theatre"),
               ("新生儿科", "Neonatology"), ("康复科", "Rehabilitation"), ("口腔科", "Dentistry"), ("眼科", "Eye clinic"), ("皮肤科", "Dermatology"),
               ("麻醉科", "Anaesthesia"), ("病理科", "Pathology"), ("信息中心", "Information centre"), ("设备科", "Equipment"), ("感染科", "Infections")]


def lines(students, weeks, hostile=False):
    def long(text, most):
        return (text + " <b>&amp;\"'{1}</b> " + text * 40)[:most] if hostile else text

    def do(act, **fields):
        return json.dumps({"do": act, "in": fields}, ensure_ascii=False)

    length = 3
    rotations = weeks // length
    if hostile:  # sites make travel a level, which a large cohort need not have
        yield do("site_save", hospital_id=2, code="main", name_zh=long("本部", 200), name_en=long("Main site", 200))
        yield do("site_save", hospital_id=2, code="south", name_zh=long("南院区", 200), name_en=long("South site", 200))
    for i, (zh, en) in enumerate(DEPARTMENTS):
        yield do("department_save", hospital_id=2, site_id=1 + i % 2 if hostile else None, code=f"d{i}", name_zh=long(zh, 200), name_en=long(en, 200),
                 initials=zh[:2], seats=min(students, 1000), position=i)  # room for all: the pages are tested, not the planner
    yield do("programme_save", base_id=1, code="big", name_zh=long("临床医学", 200), name_en=long("Clinical medicine", 200))
    for i in range(rotations):
        zh, en = DEPARTMENTS[i % 20]
        yield do("rotation_save", programme_id=1, code=f"r{i}", name_zh=long(zh, 200), name_en=long(en, 200), weeks=length, position=i)
        for department in (i, i + 13) if i < 7 else (i,):
            yield do("rotation_department_save", rotation_id=i + 1, department_id=department % 20 + 1)
    yield do("cohort_save", base_id=1, programme_id=1, code="big-1", name_zh=long("临床医学大批次", 200), name_en=long("Large cohort", 200),
             first_week="2027-03-01", weeks=weeks)
    for i in range(students):
        name = SURNAMES[i % len(SURNAMES)] + GIVEN[i // 7 % len(GIVEN)] + GIVEN[i * 5 % len(GIVEN)]
        yield do("student_add", cohort_id=1, number=f"B{i:04d}" + ("x" * 35 if hostile else ""), name=long(name, 100), group_name=f"第{i % 12 + 1}组")
    # Two thirds wish the same one of the two departments that the first rotations may be done in.
    for i in range(students):
        for rotation in range(min(rotations, 3)):
            ranked = [rotation + 1, (rotation + 13) % 20 + 1]
            yield do("wishes_save", student_id=i + 1, rotation_id=rotation + 1, ranked=",".join(map(str, ranked if i % 3 else reversed(ranked))))


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]), int(sys.argv[2]), len(sys.argv) > 3):
        print(line)
