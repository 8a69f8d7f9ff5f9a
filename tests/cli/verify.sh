#!/bin/bash
# internbase plan --verify: what holds is accepted, and each change of a file is refused for its own reason.
set -eu
B=${INTERNBASE:-$PWD/build/asan/internbase}
D=$PWD/tests/data
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
want() { # EXIT PATTERN COMMAND...
    local code=$1 pattern=$2 got=0; shift 2
    "$@" > out 2>&1 || got=$?
    [ "$got" = "$code" ] || { echo "exit $got, not $code: $*"; cat out; exit 1; }
    grep -q -- "$pattern" out || { echo "no \"$pattern\": $*"; cat out; exit 1; }
}
forge() { # EXIT PATTERN NAME PYTHON: verifies NAME with its plan `p` changed
    python3 - "$D/verify/$3.plan.json" "$4" <<'P' > forged.json
import json, sys
p = json.load(open(sys.argv[1]))
exec(sys.argv[2])
print(json.dumps(p))
P
    want "$1" "$2" "$B" plan --verify "$(problem "$3")" forged.json --lang en
}
problem() { if [ "$1" = base ]; then echo "$D/planner_base.json"; else echo "$D/verify/$1.problem.json"; fi; }

for name in base small closed; do
    want 0 'It holds' "$B" plan --verify "$(problem $name)" "$D/verify/$name.plan.json" --lang en
    want 0 '检查通过' "$B" plan --verify "$(problem $name)" "$D/verify/$name.plan.json" --lang zh
    want 0 '"outcome":"holds"' "$B" plan --verify "$(problem $name)" "$D/verify/$name.plan.json" --json
done
want 0 'worst: value 1, bound claimed 1, bound proven 1, leaves 2' "$B" plan --verify "$D/planner_base.json" "$D/verify/base.plan.json" --lang en

# A pipe is written into, and stays one.
mkfifo pipe
cat pipe > piped.json &
"$B" plan "$D/planner_base.json" --out pipe --budget 2000000 > out 2>&1 || true
wait
[ -p pipe ] && grep -q '"format": "internbase.plan/1"' piped.json || { echo "a pipe was replaced by a file"; exit 1; }

# Two threads write the same bytes as one.
for n in 1 2; do "$B" plan "$D/planner_base.json" --out threads$n.json --budget 20000 --threads $n > out 2>&1 || true; done
cmp threads1.json threads2.json || { echo "two threads give another plan than one"; exit 1; }

# Usage, files, problems with faults.
want 2 'usage' "$B" plan --verify one.json
want 1 'No such file' "$B" plan --verify nothing.json nothing.json
echo '{"format": "internbase.problem/1"' > cut.json
want 3 'Not JSON' "$B" plan --verify cut.json "$D/verify/small.plan.json" --lang en
want 7 'Not JSON' "$B" plan --verify "$D/planner_base.json" cut.json --lang en
want 3 '/students/0/programme: nobody names nothing' "$B" plan --verify <(sed 's/"programme": "nursing", "groups": \["north"\], "wishes": \[ { "rotation": "first", "departments": \["ward"\]/"programme": "nobody", "groups": ["north"], "wishes": [ { "rotation": "first", "departments": ["ward"]/' "$D/verify/small.problem.json") "$D/verify/small.plan.json" --lang en
want 7 '/problem: The plan is for another problem' "$B" plan --verify "$D/verify/closed.problem.json" "$D/verify/small.plan.json" --lang en

# Placements.
forge 7 '/placements/0: .*an.*first.*\|/placements/0' small 'p["placements"][0]["from"] = "2027-03-15"'
forge 7 'an is not placed for first' small 'del p["placements"][0]'
forge 7 'ward' small 'p["placements"][2]["department"] = "ward"'
forge 7 '7.2' small 'p["placements"][0]["department"] = "clinic"; p["placements"][0]["from"] = p["placements"][2]["from"]'
forge 7 '/placements/1: .*(3.4) (safety training)' small 'p["placements"][1]["from"] = "2027-03-01"'
forge 7 '/placements/1: Placements must follow' small 'p["placements"].reverse()'

# Values, receipts, status.
forge 7 '/levels/1/value: The value is given as 5; computed again it is 4' base 'p["levels"][1]["value"] = 5'
forge 7 '/levels/1/bound: The bound 5 is above' base 'p["levels"][1]["bound"] = 5'
forge 7 '/levels/1/proven: proven is given as false; it is true' base 'p["levels"][1]["proven"] = False'
forge 7 '/status: The status feasible' base 'p["status"] = "feasible"'
forge 7 '/receipts/0/wishes/0/wanted_by' base 'p["receipts"][0]["wishes"][0]["wanted_by"] += 1'
forge 7 '/receipts/3/regret' base 'p["receipts"][3]["regret"] += 1'
forge 7 'The receipt of s28 is missing' base 'p["receipts"].pop()'

# Certificates: no certificate, no optimum; a price raised, a leaf dropped, a bound one too high.
forge 7 '/levels/1/bound' base 'p["certificate"]["levels"].pop()'
forge 7 '/status: The status optimal' base 'del p["certificate"]; [l.update(proven=False, certified=False) for l in p["levels"]]'
forge 0 'It holds' base 'del p["certificate"]; [l.update(proven=False, certified=False) for l in p["levels"]]; p["status"] = "feasible"'
forge 7 '/certificate/levels/1/bound: The bound is given as 5; the proof, computed again, gives 4' base 'p["certificate"]["levels"][1]["bound"] = 5'
tight='{"scale": 2, "seat": {"repro": [["2027-03-01", 16, PRICE]]}}'
forge 0 'It holds' base "p['certificate']['levels'][1]['proof'] = ${tight/PRICE/1}"
forge 7 '/levels/1/bound: The bound is given as 4' base "p['certificate']['levels'][1]['proof'] = ${tight/PRICE/2}"
forge 7 '/levels/0' base 'p["certificate"]["levels"][0]["proof"] = p["certificate"]["levels"][0]["proof"]["no"]'
forge 7 'not proven empty: computed again it is 0' base 'p["certificate"]["levels"][0]["proof"]["yes"] = {"scale": 0}'
forge 7 'sign that is not allowed' base 'r = p["certificate"]["levels"][1]["proof"]["seat"]; k = next(iter(r)); r[k][0][2] = -1'
forge 7 'Too large' base 'r = p["certificate"]["levels"][1]["proof"]["seat"]; k = next(iter(r)); r[k][0][2] = 2**41'
forge 7 'A price can.t stand here' base 'p["certificate"]["levels"][1]["proof"]["floor"] = {"qc": [["2027-03-01", 1, 1]]}'

# Conflicts and ways out.
forge 7 '/conflicts/0/cause: The cause is given as count; it is order' closed 'p["conflicts"][0]["cause"] = "count"'
forge 7 'not proven empty' closed 'p["conflicts"][0]["proof"] = {"scale": 0}'
forge 7 'is given as true; it is false' closed 'p["conflicts"][0]["needed"][0] = None'
forge 7 '/conflicts/0/needed/0: A witness does not hold' closed 'p["conflicts"][0]["needed"][0].pop()'
forge 7 '/conflicts/0/facts/2/at' closed 'p["conflicts"][0]["facts"][2]["at"] = "/departments/0/capacity"'
forge 7 '/conflicts/0/facts/3' closed 'del p["conflicts"][0]["facts"][3]["clause"]'
forge 7 'without a conflict that holds' closed 'p["conflicts"] = []; p["repairs"] = []'
forge 7 '/repairs/0/cost: The cost' closed 'p["repairs"][0]["cost"] += 1'
forge 7 '/repairs/0/placements' closed 'p["repairs"][0]["placements"].pop()'
forge 7 '/repairs/0/change/0: The change can.t be applied' closed 'p["repairs"][0]["change"][0]["path"] = "/nowhere/7"'

# The planner's own way out of the command: what it writes has passed.
"$B" plan "$D/verify/small.problem.json" --out plan.json
want 0 'It holds' "$B" plan --verify "$D/verify/small.problem.json" plan.json --lang en
