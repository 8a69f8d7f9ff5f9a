#!/bin/bash
# internbase plan with a base plan: least change, proposals and their files, their sets of people; --what-if.
set -eu
B=$PWD/build/asan/internbase
D=$PWD/tests/data
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
want() { # EXIT PATTERN COMMAND...
    local code=$1 pattern=$2 got=0; shift 2
    "$@" > out 2>&1 || got=$?
    [ "$got" = "$code" ] || { echo "exit $got, not $code: $*"; cat out; exit 1; }
    [ -z "$pattern" ] || grep -q -- "$pattern" out || { echo "no \"$pattern\": $*"; cat out; exit 1; }
}
P=$D/verify/exchange.problem.json

# Two ways, in PLAN.json and PLAN.2.json; a third there is not.
want 0 'plan.2.json: 8 student-weeks moved, 2 people to tell; proven: nothing moves less' "$B" plan "$P" --alternatives 3 --out plan.json --budget 200000 --lang en
[ -f plan.json ] && [ -f plan.2.json ] && [ ! -e plan.3.json ]
want 0 '已证明变动最少' "$B" plan "$P" --alternatives 1 --out one.json --budget 200000 --lang zh
python3 - plan.json one.json <<'E'
import json, sys
a, b = (json.load(open(f))["levels"] for f in sys.argv[1:])
assert a == b, (a, b)
E
want 0 'It holds' "$B" plan --verify "$P" plan.json plan.2.json --lang en
want 7 'told by plan.json too' "$B" plan --verify "$P" plan.json plan.json --lang en
python3 - plan.json <<'E' > false.json
import json, sys
p = json.load(open(sys.argv[1]))
p["told"] = ["an", "bo", "cui"]
json.dump(p, sys.stdout)
E
want 7 '/told' "$B" plan --verify "$P" false.json --lang en
want 7 'changes no base plan' "$B" plan --verify "$D/planner_base.json" "$D/verify/base.plan.json" "$D/verify/base.plan.json" --lang en

# Unchanged input: the unchanged plan, at once.
python3 - "$P" <<'E' > unchanged.json
import json, sys
p = json.load(open(sys.argv[1]))
del p["students"][0]["away"]
json.dump(p, sys.stdout)
E
want 0 'same.json: 0 student-weeks moved, 0 people to tell; proven' "$B" plan unchanged.json --alternatives 3 --out same.json --budget 200000 --lang en
[ ! -e same.2.json ]
python3 - unchanged.json same.json <<'E'
import json, sys
base, plan = json.load(open(sys.argv[1]))["base_plan"]["placements"], json.load(open(sys.argv[2]))
assert plan["placements"] == base and plan["status"] == "optimal" and plan["told"] == [], plan
E

# What if: with a second seat for one week the one who is away comes a week later, and nobody makes room; one more student fits nowhere.
want 0 '' "$B" plan "$P" --what-if answer.json --budget 400000
python3 - answer.json <<'E'
import json, sys
a = json.load(open(sys.argv[1]))
assert a["largest"] == {"nursing": 3} and a["open"] == [], a
assert {(s["from"], s["weeks"], s["gain"]) for s in a["seats"]} >= {("2027-03-15", 1, 6), ("2027-03-29", 1, 4)}, a
assert all(s["level"] == "changes" and "proven" not in s for s in a["seats"]), a
E
want 0 '' "$B" plan "$P" --what-if again.json --budget 400000
cmp answer.json again.json

# Usage and faults: nothing is written.
want 2 '' "$B" plan "$P" --alternatives 3
want 2 '' "$B" plan "$P" --alternatives 4 --out x.json
want 2 '' "$B" plan "$P" --alternatives 2 --what-if x.json
echo '{' > cut.json
want 3 'Not JSON' "$B" plan cut.json --what-if x.json --lang en
[ ! -e x.json ]
