#!/usr/bin/env python3
"""Infeasible twins: an instance with one planted change that leaves no plan, named as the format's text names causes. What is
planted is a programme of its own with a few students, so that nothing else of the instance explains it; only `personal`
changes a student of the instance. `two` plants two causes that have nothing to do with each other.

usage: bench/planner/twins.py [--binary FILE] [--sizes S,M] [--use 90] [--seeds 1,2] [--causes count,...] [--seconds N]
                              [--out bench/planner/TWINS.md]
Makes the twins, has each explained, has the independent check verify conflicts, witnesses and ways out, and writes a table.
Exit 1 when a cause was not found, a set is not minimal, or the check refuses anything."""
import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile

CAUSES = ['count', 'fragmentation', 'no_slack', 'order', 'personal', 'group', 'ratio', 'fixed', 'two']


def week_of(problem, text):
    first = datetime.date.fromisoformat(problem['weeks']['first'])
    return (datetime.date.fromisoformat(text) - first).days // 7


def monday(problem, week):
    return (datetime.date.fromisoformat(problem['weeks']['first']) + datetime.timedelta(weeks=week)).isoformat()


def open_weeks(problem):
    closed = {week_of(problem, x) for x in problem['weeks'].get('closed', [])}
    return [w for w in range(problem['weeks']['count']) if w not in closed]


# rotations: (id, weeks, department as an object); students: how many; name: of the programme
def add(problem, name, rotations, students, orders=()):
    for _, _, department in rotations:
        if department not in problem['departments']:
            problem['departments'].append(department)
    problem['programmes'].append({'id': name, 'orders': list(orders), 'rotations': [
        {'id': rotation, 'departments': [department['id']], 'weeks': weeks} for rotation, weeks, department in rotations]})
    added = [{'id': f'{name}{i}', 'programme': name} for i in range(students)]
    problem['students'] += added
    return added


def count(problem, name, random):
    weeks = len(open_weeks(problem))
    students = weeks + 1
    add(problem, name, [('x', 2, {'id': name, 'capacity': 2})], students)
    return f'{students} students x 2 weeks, {2 * weeks} seat-weeks'


def ratio(problem, name, random):
    weeks = len(open_weeks(problem))
    students = weeks + 1
    limits = [{'because': 'preceptors', 'capacity': 2}]
    add(problem, name, [('x', 2, {'id': name, 'capacity': 9, 'limits': limits})], students)
    return f'{students} students x 2 weeks, {2 * weeks} seat-weeks by preceptors'


# Every fourth week is shut: runs of three weeks hold one rotation of two weeks each, a third of the seats is lost.
def fragmentation(problem, name, random):
    weeks = open_weeks(problem)
    shut = weeks[3::4]
    blocks = run = 0
    for w in weeks + [None]:
        if w is None or w in shut:
            blocks, run = blocks + run // 2, 0
        else:
            run += 1
    add(problem, name, [('x', 2, {'id': name, 'capacity': 2, 'exceptions': [
        {'from': monday(problem, w), 'weeks': 1, 'capacity': 0} for w in shut]})], 2 * blocks + 1)
    return f'{2 * blocks + 1} students, {2 * blocks} whole blocks in {2 * (len(weeks) - len(shut))} seat-weeks'


# Nobody may be idle: whoever is not in the first department is in the second, which one week has a seat too few.
def no_slack(problem, name, random):
    weeks = open_weeks(problem)
    half = len(weeks) // 2
    few = [{'from': monday(problem, weeks[1]), 'weeks': 1, 'capacity': 3}]
    second = {'id': name + '-second', 'capacity': 8, 'exceptions': few}
    add(problem, name, [('x', half, {'id': name, 'capacity': 4}), ('y', len(weeks) - half, second)], 8)
    return '8 students, nobody idle, 4 + 3 seats in one week'


# What must come first has seats enough over the whole time, but not early enough.
def order(problem, name, random):
    weeks = len(open_weeks(problem))
    students = 2 * (weeks // 2)
    rotations = [('x', 2, {'id': name, 'capacity': 2}), ('y', 2, {'id': name + '-second', 'capacity': students})]
    add(problem, name, rotations, students, [{'before': 'x', 'after': 'y'}])
    return f'{students} students do x before y, {2 * ((weeks - 2) // 2)} places for x two weeks before the end'


def personal(problem, name, random):
    s = problem['students'][random.below(len(problem['students']))]
    programme = next(p for p in problem['programmes'] if p['id'] == s['programme'])
    chosen = {r for c in programme.get('choices', []) for r in c['of']}
    need = sum(r['weeks'] for r in programme['rotations'] if r['id'] not in chosen)
    weeks = open_weeks(problem)
    s['away'] = [{'from': monday(problem, 0), 'weeks': weeks[len(weeks) - need] + 1}]
    s.pop('fixed', None)
    return f'{s["id"]} is away too long'


def group(problem, name, random):
    weeks = len(open_weeks(problem))
    students = weeks // 2 + 1
    added = add(problem, name, [('x', 2, {'id': name, 'capacity': students})], students)
    problem['pairs'].append({'students': [s['id'] for s in added], 'kind': 'apart'})
    return f'{students} students apart, {weeks // 2} blocks'


def fixed(problem, name, random):
    weeks = open_weeks(problem)
    at = monday(problem, weeks[len(weeks) // 2])
    for s in add(problem, name, [('x', 2, {'id': name, 'capacity': 1})], 2):
        s['fixed'] = [{'rotation': 'x', 'department': name, 'from': at}]
    return 'two students fixed to the same seat'


# `personal` takes a student of the instance as he is, so it is planted first.
def pair_of(random):
    first = CAUSES[random.below(len(CAUSES) - 1)]
    rest = [c for c in CAUSES[:-1] if c != first]
    return sorted([first, rest[random.below(len(rest))]], key=lambda c: (c != 'personal', CAUSES.index(c)))


def plant(problem, cause, random):
    causes = pair_of(random) if cause == 'two' else [cause]
    said = [globals()[c](problem, 'planted' + '-too' * i, random) for i, c in enumerate(causes)]
    problem['title'] += f', twin {cause}'
    return {'cause': cause, 'causes': causes, 'planted': '; '.join(said)}


# ---- the table ----------------------------------------------------------------------------------

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = """# Infeasible twins, explained

Made by `bench/planner/twins.py`: instances of `bench/planner/generate` with one planted change (or two) that leaves no plan. CPU is
that of the whole run, ways out included, in seconds of one core, good to a factor of two. `minimal`: each fact is shown to be needed by
a plan without it. `checked`: the independent check accepts conflicts, proofs, witnesses, ways out and their plans.
"""
COLUMNS = ['twin', 'planted', 'found', 'facts', 'minimal', 'ways out (cost)', 'CPU s', 'ticks', 'checked']


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.returncode, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def explain(args, folder, size, seed, cause):
    problem = os.path.join(folder, f'{size}-{cause}-{seed}.json')
    subprocess.run([os.path.join(HERE, 'generate'), size, str(args.use), str(seed), '--twin', cause, '--out', problem], check=True)
    _, cpu = run([args.binary, 'plan', problem, '--seed', '1', '--seconds', str(args.seconds), '--out', problem + '.plan'])
    checked = run([args.binary, 'plan', '--verify', problem, problem + '.plan'])[0] == 0
    with open(problem + '.cause', encoding='utf-8') as f:
        planted = json.load(f)
    with open(problem + '.plan', encoding='utf-8') as f:
        plan = json.load(f)
    conflicts, repairs = plan.get('conflicts', []), plan.get('repairs', [])
    found, minimal = [c['cause'] for c in conflicts], bool(conflicts) and all(c['minimal'] for c in conflicts)
    good = sorted(found) == sorted(planted['causes']) and minimal and checked
    ways = ', '.join(str(r['cost']) + (' proven' if r['status'] == 'optimal' else '') for r in repairs)
    row = [f'{size} {args.use} % {seed} {cause}', planted['planted'], ', '.join(found), ' + '.join(str(len(c['facts'])) for c in conflicts),
           'yes' if minimal else 'NO', ways or '-', f'{cpu:.2f}', plan['work']['ticks'], 'yes' if checked else 'NO']
    return good, '| ' + ' | '.join(str(x) for x in row) + ' |'


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--binary', default=os.path.join(HERE, '..', '..', 'build', 'internbase'))
    a.add_argument('--sizes', default='S,M')
    a.add_argument('--use', type=int, default=90)
    a.add_argument('--seeds', default='1,2')
    a.add_argument('--causes', default=','.join(CAUSES))
    a.add_argument('--seconds', type=int, default=120)
    a.add_argument('--out', default='-')
    args = a.parse_args()
    lines, bad = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for size in args.sizes.split(','):
            for seed in args.seeds.split(','):
                for cause in args.causes.split(','):
                    good, line = explain(args, folder, size, int(seed), cause)
                    bad += not good
                    print(line, flush=True)
                    lines.append(line)
    if args.out != '-':
        head = '| ' + ' | '.join(COLUMNS) + ' |\n' + '|---' * len(COLUMNS) + '|\n'
        command = ' '.join(['bench/planner/twins.py'] + sys.argv[1:])
        with open(args.out, 'w', encoding='utf-8') as f:
            f.write(HEAD + f'\n`{command}`\n\n{head}' + '\n'.join(lines) + '\n')
    print(f'{len(lines) - bad} passed, {bad} failed')
    sys.exit(1 if bad > 0 else 0)


if __name__ == '__main__':
    main()
