#!/bin/bash
# The command line: help, versions, exit codes, first start, any use case, bad input; each line below can fail.
set -eu
B=$PWD/build/asan/internbase
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
want() { # EXIT PATTERN COMMAND...
    local code=$1 pattern=$2 got=0; shift 2
    "$@" > out 2>&1 || got=$?
    [ "$got" = "$code" ] || { echo "exit $got, not $code: $*"; cat out; exit 1; }
    grep -q -- "$pattern" out || { echo "no \"$pattern\": $*"; cat out; exit 1; }
}
want 0 'internbase init' "$B" help --lang en
want 0 'Exit codes' "$B" help --lang en
want 2 'no such command' "$B" help nothing --lang en
want 0 '^internbase [0-9]' "$B" --version
want 2 'help' "$B" dance --lang en
# Nothing is made by looking: a path mistyped is told, and leaves no file behind. What is made is for its owner alone.
want 1 'there is no such database file' "$B" link office --lang en
want 1 '没有这个数据库文件' "$B" doctor
[ -z "$(ls *.db* 2>/dev/null)" ] || { echo "a file was made by asking"; exit 1; }
want 0 '"role":"secretary","side":"university"' "$B" init --json
[ "$(stat -c %a internbase.db)" = 600 ] || { echo "mode $(stat -c %a internbase.db)"; exit 1; }
want 3 'already set up' "$B" init --lang en
want 0 '/link/' "$B" link office
want 3 'no such sign-in name' "$B" link nobody --lang en
want 1 'neither sqlite' "$B" migrate --database mysql:x
want 3 'seats: .*-1.* from 0 to 1000' "$B" do department_save --lang en '{"hospital_id":2,"code":"a","name_zh":"甲","name_en":"A","initials":"A","seats":-1}'
want 3 'owner: There is no such field' "$B" do department_save --lang en '{"owner":1}'
want 3 'Line 1, column' "$B" do department_save --lang en '{"code":"a","code":"b"}'
want 0 '{"id":1}' "$B" do department_save '{"hospital_id":2,"code":"a","name_zh":"甲","name_en":"A","initials":"A","seats":3}'
want 4 'Somebody else' "$B" do department_save --lang en '{"id":1,"version":7,"hospital_id":2,"code":"a","name_zh":"甲","name_en":"A","initials":"A","seats":3}'
want 0 '{"id":1}' "$B" do department_save '{"id":1,"version":1,"hospital_id":2,"code":"a","name_zh":"甲","name_en":"A","initials":"A","seats":4}'
want 0 '"version":2,.*"seats":4' "$B" do department_list
want 3 'There is no record 77' "$B" do capacity_save --lang en '{"department_id":77,"first_week":"2027-03-01","weeks":2,"seats":0}'
want 3 'is not a Monday' "$B" do capacity_save --lang en '{"department_id":1,"first_week":"2027-03-02","weeks":2,"seats":0}'
want 3 'not a date that exists' "$B" do capacity_save --lang en '{"department_id":1,"first_week":"2027-02-30","weeks":2,"seats":0}'
want 0 'department_save' "$B" do audit_list
want 0 '"openapi":"3.1.0"' "$B" schema openapi
want 0 'SELECT' "$B" schema postgresql
"$B" backup copy.db
want 0 '"seats":4' "$B" do department_list --database sqlite:copy.db
printf '姓名,人数\n李雷,3\nx"y,4\n' > list.csv
want 3 'row 3, column 1: Line 3, character 2: a stray quote' "$B" table list.csv --lang en
want 3 '第 3 行第 1 列：第 3 行第 2 个字符是多余的引号' "$B" table list.csv
printf '姓名,人数\n李雷,3\n' > list.csv
want 0 '"row":2,"cells":\["李雷","3"\]' "$B" table list.csv --json
want 0 '"rows":2,"cells":4,"whole":true,"errors":0' "$B" table list.csv --summary
want 1 'nothing.csv' "$B" table nothing.csv
want 2 'usage: internbase table FILE' "$B" table
