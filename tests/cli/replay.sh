#!/bin/bash
# internbase plan --replay: a stored plan made again gives the same bytes, on both databases; a changed one, one by hand and one that
# is not there are told apart.
set -eu
export B=${INTERNBASE:-$PWD/build/asan/internbase}
root=$PWD
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cat > "$tmp/run" <<'R'
set -eu
want() { # EXIT PATTERN COMMAND...
    local code=$1 pattern=$2 got=0; shift 2
    "$@" > "$tmp/out" 2>&1 || got=$?
    [ "$got" = "$code" ] || { echo "exit $got, not $code: $*"; cat "$tmp/out"; exit 1; }
    grep -q -- "$pattern" "$tmp/out" || { echo "no \"$pattern\": $*"; cat "$tmp/out"; exit 1; }
}
"$B" init --university-zh 甲大学 --university-en "University A" --hospital-zh 乙医院 --hospital-en "Hospital B" --secretary 周敏 --office 陈静 > /dev/null 2>&1
demo/load "$B" 2027-03-01 2027-01-04 2027-01-31 > /dev/null 2>&1
"$B" do plan_make '{"cohort_id":1,"seconds":30,"seed":5}' --as secretary > /dev/null
"$B" work > /dev/null 2>&1
want 0 'same byte for byte' "$B" plan --replay 1 --lang en
want 0 '逐字节相同' "$B" plan --replay 1 --lang zh
want 0 '"same":true,"cut_short":false,"seed":5' "$B" plan --replay 1 --json
# No plan: the conflict with its proof and ways out comes again too; so does a way out that is tried, which begins from its plan.
"$B" do capacity_save '{"department_id":1,"first_week":"2027-04-19","weeks":1,"seats":0}' > /dev/null
"$B" do plan_make '{"cohort_id":1,"seconds":30}' --as secretary > /dev/null
"$B" work > /dev/null 2>&1
want 0 'same byte for byte' "$B" plan --replay 2 --lang en
"$B" do trial_make '{"plan_id":2,"number":1}' --as office > /dev/null
"$B" work > /dev/null 2>&1
want 0 'same byte for byte' "$B" plan --replay 3 --lang en
# By hand: no run of the planner.
one=$("$B" do placement_list '{"parent_id":1}' | python3 -c 'import json, sys; r = json.load(sys.stdin)["rows"]; p = next(p for p in r if p["weeks"] == 4); print(json.dumps({"id": 1, "placement_id": p["id"], "first_week": "2027-03-15" if p["first_week"] == "2027-03-01" else "2027-03-01"}))')
"$B" do plan_change "$one" --as secretary > /dev/null
want 4 'no run of the planner' "$B" plan --replay 4 --lang en
want 3 '' "$B" plan --replay 999
want 2 usage "$B" plan --replay x
# What somebody changed behind the program's back is seen, with the place; and what an older engine made is called so.
change "UPDATE plan SET result = REPLACE(result, '\"seed\": 5', '\"seed\": 6') WHERE id = 1"
want 7 'differs' "$B" plan --replay 1 --lang en
grep -q 'then: .*"seed": 6' "$tmp/out" && grep -q 'now: .*"seed": 5' "$tmp/out" || { echo "not the place"; cat "$tmp/out"; exit 1; }
change "UPDATE plan SET result = REPLACE(result, '\"engine\": \"internplan/', '\"engine\": \"internplan/0.') WHERE id = 2"
want 7 'made by engine internplan/0' "$B" plan --replay 2 --lang en
# Ended by the clock: the same plan, and only what says how it ended differs.
change "UPDATE plan SET result = REPLACE(REPLACE(result, '\"seed\": 6', '\"seed\": 5'), '\"stopped_by\": \"proof\"', '\"stopped_by\": \"seconds\"') WHERE id = 1"
want 0 'what says how it ended' "$B" plan --replay 1 --lang en
R
export tmp
cd "$root"
(
    change() { python3 -c 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()' "$tmp/t.db" "$1"; }
    export -f change
    INTERNBASE_DATABASE=sqlite:$tmp/t.db bash "$tmp/run"
)
script/postgres bash -c 'change() { psql -q "${INTERNBASE_TEST_PG#postgresql:}" -c "$1"; }; export -f change; INTERNBASE_DATABASE=$INTERNBASE_TEST_PG exec bash "$tmp/run"'
