"""The published schemas against the files of the tests and files that the planner writes; what they must refuse is refused.
usage: formats.py PROPERTY (the program that makes tiny problems with every option and plans them)"""
import copy
import glob
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
passed = 0


def validator(name):
    with open(os.path.join(HERE, "..", "docs", "formats", f"internbase.{name}-1.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def accept(v, value, what):
    global passed
    errors = list(v.iter_errors(value))
    if errors:
        e = jsonschema.exceptions.best_match(errors)
        sys.exit(f"{what}: {e.json_path}: {e.message[:300]}")
    passed += 1


def refuse(v, value, change, what):
    global passed
    value = copy.deepcopy(value)
    change(value)
    if v.is_valid(value):
        sys.exit(f"{what} is accepted")
    passed += 1


problem, plan, whatif = validator("problem"), validator("plan"), validator("whatif")
data = os.path.join(HERE, "data")
files = sorted(glob.glob(f"{data}/planner_*.json") + glob.glob(f"{data}/verify/*.problem.json"))
assert len(files) >= 4
for path in files:
    accept(problem, load(path), path)
for path in sorted(glob.glob(f"{data}/verify/*.plan.json")):
    accept(plan, load(path), path)

seen = {}
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], "150", "1", folder, "all"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    made = sorted(glob.glob(f"{folder}/*.plan.json"))
    assert len(made) > 80, len(made)
    for path in made:
        accept(problem, load(path.replace(".plan.", ".problem.")), path)
        file = load(path)
        file["problem"] = "sha256:" + 64 * "0"  # the test has no use for digests
        accept(plan, file, path)
        for key in file:
            seen[key] = seen.get(key, 0) + 1
    asked = sorted(glob.glob(f"{folder}/*.whatif.json"))
    assert len(asked) > 20, len(asked)
    answers = []
    for path in asked:
        file = load(path)
        file["problem"] = "sha256:" + 64 * "0"
        accept(whatif, file, path)
        answers.append(file)
    w = max(answers, key=lambda x: len(x["seats"]))
    assert w["seats"], "no seat was worth anything"
    refuse(whatif, w, lambda x: x["seats"][0].update(gain=0), "a seat that brings nothing")
    refuse(whatif, w, lambda x: x["seats"][0].pop("level"), "a gain on no level")
    refuse(whatif, w, lambda x: x.pop("open"), "a largest cohort without a word of how sure")
    refuse(whatif, w, lambda x: x.update(seconds=1), "a key that depends on the clock")
for key in ("certificate", "conflicts", "repairs", "told"):
    if key not in seen:
        sys.exit(f"no plan with {key}")

p = load(f"{data}/verify/small.problem.json")
refuse(problem, p, lambda x: x.update(extra=1), "an unknown key")
refuse(problem, p, lambda x: x.pop("weeks"), "a missing key")
refuse(problem, p, lambda x: x["departments"][0].update(capacity=-1), "a negative capacity")
refuse(problem, p, lambda x: x["departments"][1]["quotas"][0].pop("group"), "a quota of nobody")
refuse(problem, p, lambda x: x["students"][0]["wishes"][0].update(choice="c"), "a wish for two things")
refuse(problem, p, lambda x: x.update(levels=["beauty"]), "a level that measures nothing")
refuse(problem, p, lambda x: x["programmes"][0]["rotations"][0].update(departments=[]), "a rotation without departments")
q = load(f"{data}/verify/base.plan.json")
refuse(plan, q, lambda x: x.update(status="best"), "a status of its own")
refuse(plan, q, lambda x: x.update(seconds=1), "a key that depends on the clock")
refuse(plan, q, lambda x: x["certificate"]["levels"][1]["proof"].update(scale=-1), "a negative scale")
refuse(plan, q, lambda x: x["certificate"]["levels"][1]["proof"]["seat"]["repro"][0].append(1), "a run of four")
refuse(plan, q, lambda x: x["certificate"]["levels"][0]["proof"].pop("no"), "a split with one side")
refuse(plan, q, lambda x: x.update(status="infeasible"), "a plan of what is infeasible")
c = load(f"{data}/verify/closed.plan.json")
refuse(plan, c, lambda x: x.pop("conflicts"), "infeasible without a conflict")
refuse(plan, c, lambda x: x["conflicts"][0]["facts"][2].pop("from"), "seats in no weeks")
refuse(plan, c, lambda x: x["conflicts"][0].update(cause="fate"), "a cause of its own")
print(f"{passed} passed")
