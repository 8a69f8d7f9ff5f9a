"""Writes the workbooks that tests/data/tables/make lets LibreOffice save anew. usage: sources.py DIRECTORY"""
import datetime, sys
import openpyxl, xlsxwriter
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

out = sys.argv[1]
day = datetime.date

# A list as an office keeps it: a merged title row, a blank line, a header, a blank column, a merged department, several sheets.
book = openpyxl.Workbook()
s = book.active
s.title = "学生名单"
s.merge_cells("A1:H1")
s["A1"] = "江州医科大学 2023 级实习生名单"
header = ["学号", "姓名", None, "性别", "出生日期", "入学时间", "成绩", "已交材料"]
for c, text in enumerate(header, 1):
    if text:
        s.cell(3, c, text)
s["A3"].comment = Comment("九位学号", "office")
people = [
    ("230100101", "陈思远", "男", day(2004, 2, 29), datetime.datetime(2023, 9, 1, 8, 30), 91.5, True),
    ("230100102", "欧阳娜娜", "女", day(2003, 12, 31), datetime.datetime(2023, 9, 1), 28, False),
    (230100103, "买买提·艾力", "男", day(2004, 7, 1), datetime.datetime(2023, 9, 2, 14, 5, 9), 0.1 + 0.2, True),
]
for r, (number, name, sex, born, came, score, done) in enumerate(people, 4):
    for c, v in zip((1, 2, 4, 5, 6, 7, 8), (number, name, sex, born, came, score, done)):
        s.cell(r, c, v)
    s.cell(r, 5).number_format = 'yyyy"年"m"月"d"日"'
    s.cell(r, 6).number_format = "yyyy/m/d h:mm" if r != 6 else "yyyy-mm-dd hh:mm:ss"
s["A9"] = 42
s["A9"].number_format = "000000"
s["B9"] = "  两行\n文字  "
s["D9"] = "=1+1"
s["E9"] = "=D9&\"人\""
s["F9"] = "=1/0"
s["G9"] = "=DATE(2027,3,1)"
s["G9"].number_format = "yyyy-mm-dd"

t = book.create_sheet("带教老师")
for c, text in enumerate(["科室", "带教老师", "可带人数"], 1):
    t.cell(1, c, text)
for r, (dept, name, n) in enumerate([("超声科", "王芳", 2), (None, "李强", 2), (None, "赵敏", 1), ("放射科", "孙丽", 2)], 2):
    for c, v in enumerate((dept, name, n), 1):
        t.cell(r, c, v)
t.merge_cells("A2:A4")

hidden = book.create_sheet("草稿")
hidden["A1"] = "不应读到"
hidden.sheet_state = "hidden"
book.create_sheet("空表")
last = book.create_sheet("Notes & <more>")
last["C7"] = "only here"
last["D7"] = day(1900, 1, 1)
last["E7"] = datetime.time(7, 45)
last["F7"] = datetime.timedelta(hours=36, minutes=15)
book.save(out + "/students.xlsx")

book = openpyxl.Workbook()
book.epoch = CALENDAR_MAC_1904
s = book.active
s.title = "1904"
s["A1"] = "date"
s["A2"] = day(2027, 3, 1)
s["A3"] = day(1904, 1, 2)
book.save(out + "/mac1904.xlsx")

book = openpyxl.Workbook()
s = book.active
for row in [
    ["学号", "姓名", "备注", "开始"],
    ["0070", "李雷", '他说"好"，走了', day(2027, 3, 1)],
    ["0071", "韩梅梅", "第一行\n第二行", day(2027, 12, 31)],
    ["0072", "𠮷野", "a;b,c\td", None],
]:
    s.append(row)
for r in (2, 3):
    s.cell(r, 4).number_format = "yyyy-mm-dd"
book.save(out + "/plain.xlsx")

book = xlsxwriter.Workbook(out + "/written.xlsx")
s = book.add_worksheet("数据")
bold, when = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd;@"})
s.write_row(0, 0, ["名称", "日期", "值"])
s.write_rich_string(1, 0, "甲", bold, "乙", "丙 ")
s.write_datetime(1, 1, datetime.datetime(2027, 3, 1), when)
s.write_formula(1, 2, "=2*21", None, 42)
s.write_string(2, 0, "_x0041_ stays\r\nnext")
s.write_number(2, 1, 110101199003071234)
s.write_boolean(2, 2, False)
s.write_string(3, 0, "=not a formula")
s.write_blank(3, 200, None, bold)
s.write_formula(4, 0, "=NA()", None, "#N/A")
chart = book.add_chart({"type": "line"})
chart.add_series({"values": "=数据!$C$2:$C$2"})
book.add_chartsheet("图").set_chart(chart)
book.close()
