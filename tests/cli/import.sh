#!/bin/bash
# internbase import: the demo's files as an office wrote them (workbooks with a title and a sheet of notes, GB18030, a BOM), what
# is printed word for word, exit codes, the same again, templates that can be filled in, files that are wrong.
set -eu
B=${INTERNBASE:-$PWD/build/asan/internbase} demo=$PWD/demo
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
same() { # EXIT EXPECTED COMMAND...: standard output and standard error together, word for word
    local code=$1 expected=$2 got=0; shift 2
    "$@" > out 2>&1 || got=$?
    [ "$got" = "$code" ] || { echo "exit $got, not $code: $*"; cat out; exit 1; }
    printf '%s\n' "$expected" | diff - out || { echo "differs: $*"; exit 1; }
}
"$B" init >/dev/null 2>&1
export INTERNBASE_DATABASE=sqlite:internbase.db
"$demo/load" "$B" 2027-03-01 2027-01-04 2027-01-31
same 0 '学生名单：students.xlsx
XLSX，工作表“学生名单”，表头在第 2 行
忽略的列：性别
未读取的工作表：填表说明
新增 0，有变更 0，无变化 28
与系统内容一致，无需导入' "$B" import students "$demo/students.xlsx" --cohort bme-1 --accept
same 0 'Preceptors: preceptors.csv
CSV, GB18030, the header in row 1
0 new, 0 changed, 26 unchanged
everything is as in the file; nothing to import' "$B" import preceptors "$demo/preceptors.csv" --accept --lang en
same 0 '志愿：wishes.csv
CSV, UTF-8，表头在第 1 行
新增 0，有变更 0，无变化 28
与系统内容一致，无需导入' "$B" import wishes "$demo/wishes.csv" --cohort bme-1
same 0 'Departments and seats: departments.xlsx
XLSX, sheet “接收计划”, the header in row 2
Columns ignored: 序号, 实习内容
0 new, 0 changed, 11 unchanged
everything is as in the file; nothing to import' "$B" import departments "$demo/departments.xlsx" --lang en
[ "$("$B" do audit_list | grep -o import_accept | wc -l)" = 5 ] || { echo "five imports were accepted"; exit 1; }

# What is wrong, all of it, at its place.
printf '%s\n' '学号,姓名,邮箱' '2306001,陈思远,a@b' '2306001,陈思远,' ',无号,' "2306099,$(printf '长%.0s' $(seq 101))," > wrong.csv
same 3 '学生名单：wrong.csv
CSV, UTF-8，表头在第 1 行
新增 0，有变更 1，无变化 0
文件中没有（保留）27，有误 3
第 3 行 A 列（学号）：“2306001”与第 2 行重复
第 4 行 A 列（学号）：必填
第 5 行 B 列（姓名）：共 101 个字符，最多 100 个
有误，没有写入任何内容' "$B" import students wrong.csv --cohort bme-1 --accept
same 3 '{"id":11,"state":"preview","new":0,"changed":0,"unchanged":0,"missing":0,"wrong":1,"faults":[{"row":2,"column":"B","at":"students_most","text":"“51” must be a whole number from 1 to 50"}]}' \
    bash -c 'printf "科室,最多带教人数,姓名\n超声科,51,某\n" > p.csv; "$1" import preceptors p.csv --json --lang en | sed "s/\"missing\":26/\"missing\":0/"; exit ${PIPESTATUS[0]}' - "$B"
printf 'a,b\n1,2\n' > none.csv
same 3 'Students: none.csv
0 new, 0 changed, 0 unchanged
No header in the first rows. These columns are needed: Student number, Name
wrong; nothing was written' "$B" import students none.csv --cohort bme-1 --lang en
head -c 3000 "$demo/students.xlsx" > cut.xlsx
"$B" import students cut.xlsx --cohort bme-1 --accept > out 2>&1 && { echo "a workbook cut short was taken"; exit 1; } || [ $? = 3 ]

# A change, shown before it is made, and taken back.
printf '科室,名额,名额例外\n超声科,5,第8周：0（检修）\n' > change.csv
same 0 '科室与名额：change.csv
CSV, UTF-8，表头在第 1 行
新增 0，有变更 1，无变化 0
文件中没有（保留）10，有误 0
仅预览，没有写入；加 --accept 确认导入' "$B" import departments change.csv --cohort bme-1
"$B" do department_list | grep -q '"name_zh":"超声科",[^}]*"seats":4' || { echo "a preview wrote"; exit 1; }
"$B" import departments change.csv --cohort bme-1 --accept --json | grep -q '"state":"accepted"'
"$B" do department_list | grep -q '"name_zh":"超声科",[^}]*"seats":5'
"$B" do capacity_list '{"parent_id":3}' | grep -q '"first_week":"2027-04-19","weeks":1,"seats":0,"reason":"检修"'
last=$("$B" do import_list | sed 's/.*"rows":\[{"id":\([0-9]*\),"version":\([0-9]*\).*/{"id":\1,"version":\2}/')
"$B" do import_undo "$last" >/dev/null
"$B" do department_list | grep -q '"name_zh":"超声科",[^}]*"seats":4'
[ "$("$B" do capacity_list '{"parent_id":3}')" = '{"rows":[]}' ]

# Templates can be read as they are, in both languages and formats.
for kind in students departments preceptors programmes wishes; do
    for lang in zh en; do
        for file in t.xlsx t.csv; do
            "$B" import $kind --template $file --lang $lang
            "$B" import $kind $file --cohort bme-1 --json | grep -q '"new":0,"changed":0,"unchanged":0,.*"wrong":0,"faults":\[\]' || { echo "template $kind $lang $file"; exit 1; }
        done
    done
done

# Usage, a file that is not there, a cohort that is not there, somebody who may not.
"$B" import nothing x.csv > out 2>&1 && exit 1 || [ $? = 2 ]
"$B" import students > out 2>&1 && exit 1 || [ $? = 2 ]
"$B" import students not-there.csv > out 2>&1 && exit 1 || [ $? = 1 ]
same 3 'cohort: There is no cohort with the code “x”' "$B" import students wrong.csv --cohort x --lang en
"$B" import students wrong.csv --cohort bme-1 --as office > out 2>&1 && exit 1 || [ $? = 4 ]
"$B" import departments change.csv --as secretary > out 2>&1 && exit 1 || [ $? = 4 ]
