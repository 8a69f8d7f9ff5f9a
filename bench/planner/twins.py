"""Infeasible twins: the instance with one planted change that leaves no plan, named as PROOF of the formats names causes.
What is planted is a programme of its own with a few students, so that nothing else of the instance explains it; only
`personal` changes a student of the instance."""
import datetime

CAUSES = ['count', 'fragmentation', 'no_slack', 'order', 'personal', 'group', 'ratio', 'fixed']


def week_of(problem, text):
    first = datetime.date.fromisoformat(problem['weeks']['first'])
    return (datetime.date.fromisoformat(text) - first).days // 7


def monday(problem, week):
    return (datetime.date.fromisoformat(problem['weeks']['first']) + datetime.timedelta(weeks=week)).isoformat()


def open_weeks(problem):
    closed = {week_of(problem, x) for x in problem['weeks'].get('closed', [])}
    return [w for w in range(problem['weeks']['count']) if w not in closed]


# rotations: (id, weeks, department as an object); students: how many
def add(problem, rotations, students, orders=()):
    for _, _, department in rotations:
        if department not in problem['departments']:
            problem['departments'].append(department)
    problem['programmes'].append({'id': 'planted', 'orders': list(orders), 'rotations': [
        {'id': name, 'departments': [department['id']], 'weeks': weeks} for name, weeks, department in rotations]})
    added = [{'id': f'planted{i}', 'programme': 'planted'} for i in range(students)]
    problem['students'] += added
    return added


def count(problem, random):
    weeks = len(open_weeks(problem))
    students = weeks + 1
    add(problem, [('x', 2, {'id': 'planted', 'capacity': 2})], students)
    return f'{students} students x 2 weeks, {2 * weeks} seat-weeks'


def ratio(problem, random):
    weeks = len(open_weeks(problem))
    students = weeks + 1
    add(problem, [('x', 2, {'id': 'planted', 'capacity': 9, 'limits': [{'because': 'preceptors', 'capacity': 2}]})], students)
    return f'{students} students x 2 weeks, {2 * weeks} seat-weeks by preceptors'


# Every fourth week is shut: runs of three weeks hold one rotation of two weeks each, a third of the seats is lost.
def fragmentation(problem, random):
    weeks = open_weeks(problem)
    shut = weeks[3::4]
    blocks = run = 0
    for w in weeks + [None]:
        if w is None or w in shut:
            blocks, run = blocks + run // 2, 0
        else:
            run += 1
    add(problem, [('x', 2, {'id': 'planted', 'capacity': 2, 'exceptions': [
        {'from': monday(problem, w), 'weeks': 1, 'capacity': 0} for w in shut]})], 2 * blocks + 1)
    return f'{2 * blocks + 1} students, {2 * blocks} whole blocks in {2 * (len(weeks) - len(shut))} seat-weeks'


# Nobody may be idle: whoever is not in the first department is in the second, which one week has a seat too few.
def no_slack(problem, random):
    weeks = open_weeks(problem)
    half = len(weeks) // 2
    second = {'id': 'planted2', 'capacity': 8, 'exceptions': [{'from': monday(problem, weeks[1]), 'weeks': 1, 'capacity': 3}]}
    add(problem, [('x', half, {'id': 'planted', 'capacity': 4}), ('y', len(weeks) - half, second)], 8)
    return '8 students, nobody idle, 4 + 3 seats in one week'


# What must come first has seats enough over the whole time, but not early enough.
def order(problem, random):
    weeks = len(open_weeks(problem))
    students = 2 * (weeks // 2)
    add(problem, [('x', 2, {'id': 'planted', 'capacity': 2}), ('y', 2, {'id': 'planted2', 'capacity': students})], students,
        [{'before': 'x', 'after': 'y'}])
    return f'{students} students do x before y, {2 * ((weeks - 2) // 2)} places for x two weeks before the end'


def personal(problem, random):
    s = problem['students'][random.below(len(problem['students']))]
    programme = next(p for p in problem['programmes'] if p['id'] == s['programme'])
    chosen = {r for c in programme.get('choices', []) for r in c['of']}
    need = sum(r['weeks'] for r in programme['rotations'] if r['id'] not in chosen)
    weeks = open_weeks(problem)
    s['away'] = [{'from': monday(problem, 0), 'weeks': weeks[len(weeks) - need] + 1}]
    s.pop('fixed', None)
    return f'{s["id"]} is away too long'


def group(problem, random):
    weeks = len(open_weeks(problem))
    students = weeks // 2 + 1
    added = add(problem, [('x', 2, {'id': 'planted', 'capacity': students})], students)
    problem['pairs'].append({'students': [s['id'] for s in added], 'kind': 'apart'})
    return f'{students} students apart, {weeks // 2} blocks'


def fixed(problem, random):
    weeks = open_weeks(problem)
    at = monday(problem, weeks[len(weeks) // 2])
    for s in add(problem, [('x', 2, {'id': 'planted', 'capacity': 1})], 2):
        s['fixed'] = [{'rotation': 'x', 'department': 'planted', 'from': at}]
    return 'two students fixed to the same seat'


def plant(problem, cause, random):
    text = globals()[cause](problem, random)
    problem['title'] += f', twin {cause}'
    return {'cause': cause, 'planted': text}
