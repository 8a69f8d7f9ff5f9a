#!/bin/bash
# A problem without a plan on the command line: exit code, what collides word for word in both languages, a way out, and
# the plan file that the independent check accepts.
set -eu
B=${INTERNBASE:-$PWD/build/asan/internbase}
here=$PWD
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
for lang in zh en; do
    got=0
    "$B" plan tests/data/planner_closed.json --out "$tmp/plan.json" --lang $lang > "$tmp/out" 2> "$tmp/err" || got=$?
    [ "$got" = 5 ] || { echo "exit $got, not 5"; cat "$tmp/err"; exit 1; }
    [ ! -s "$tmp/out" ] || { echo "the explanation belongs on stderr"; exit 1; }
    # The figures of the ways out are the planner's to better; what collides is not.
    sed -n '1,/^  - .*\(第 8 周\|week 8\)/p' "$tmp/err" | diff "$here/tests/cli/golden/explain.$lang.txt" - || { echo "$lang: another explanation"; exit 1; }
    grep -q '"status": "infeasible"' "$tmp/plan.json"
done
grep -q 'repair takes students in week 8 (from 2027-04-19) after all' "$tmp/err" || { echo "no way out named"; cat "$tmp/err"; exit 1; }
grep -q '4 students fewer: 24 instead of 28' "$tmp/err" || { echo "not how many students would do"; cat "$tmp/err"; exit 1; }
# A feasible problem is not explained.
"$B" plan tests/data/planner_base.json --out "$tmp/plan.json" --seconds 5 --lang en 2> "$tmp/err"
! grep -q 'There is no plan' "$tmp/err"
