"""What a plan of a problem (problem.py) is worth, and the internbase.plan/1 file of it: levels, receipts and all, so that
`internbase plan --verify` can judge plans that other programs made. A plan is one list of (rotation, department, first open
week) per student. Nothing is proven here: bounds are 0 and marked as not certified."""
import json


def in_order(plan):
    return [sorted(x, key=lambda y: y[2]) for x in plan]


def student_values(p, s, stays):
    """Measures of one student's plan (in order of weeks)."""
    x = p.students[s]
    g = p.programmes[x['programme']]
    placed = sum(g['rotations'][r]['weeks'] for r, _, _ in stays)
    end = max((t + g['rotations'][r]['weeks'] for r, _, t in stays), default=0)
    site = [p.departments[d]['site'] for _, d, _ in stays]
    travel = sum(a != b for a, b in zip(site, site[1:]))
    waiting = end - placed
    regret = sum(p.regret(s, *stay) for stay in stays) + x['travel'] * travel + x['waiting'] * waiting
    done = {r for r, _, _ in stays}
    unplaced = sum(r['weeks'] for i, r in enumerate(g['rotations']) if r['choice'] is None and i not in done)
    for c in g['choices']:
        left = sorted(g['rotations'][r]['weeks'] for r in c['of'] if r not in done)
        unplaced += sum(left[:max(0, c['pick'] - len(done & set(c['of'])))])
    return {'regret': regret, 'travel': travel, 'waiting': waiting, 'unplaced': unplaced, 'changes': changes(p, s, stays)}


def changes(p, s, stays):
    if p.base is None:
        return 0
    g, where = p.programmes[p.students[s]['programme']], [None] * p.weeks
    for r, d, t in stays:
        where[t:t + g['rotations'][r]['weeks']] = [d] * g['rotations'][r]['weeks']
    return sum(a != b for a, b in zip(where[p.freeze:], p.base[s][p.freeze:]))


def loads(p, plan):
    load = [[0] * p.weeks for _ in p.departments]
    for s, stays in enumerate(plan):
        rotations = p.programmes[p.students[s]['programme']]['rotations']
        for r, d, t in stays:
            for u in range(t, t + rotations[r]['weeks']):
                load[d][u] += 1
    return load


def measures(p, plan):
    each = [student_values(p, s, stays) for s, stays in enumerate(plan)]
    out = {k: sum(x[k] for x in each) for k in ('regret', 'travel', 'waiting', 'unplaced', 'changes')}
    out['worst'] = max([0] + [x['regret'] + p.students[s]['burden'] for s, x in enumerate(each)])
    load = loads(p, plan)
    out['understaffed'] = sum(max(0, least - n) for d, row in zip(p.departments, load) for least, n in zip(d['min'], row))
    out['smooth'] = sum(max(row[t] for t in d['smooth']) - min(row[t] for t in d['smooth'])
                        for d, row in zip(p.departments, load) if d['smooth'])
    return out, each


def level_values(p, values):
    return [sum(n * values[m] for m, n in weights.items()) for _, weights in p.levels]


def _firsts(p):
    """How many students put an item first, by what the wish is about and the item, both by name."""
    count = {}
    for s in p.p['students']:
        mine = set()
        for w in s.get('wishes', []):
            if 'choice' in w and w['rotations']:
                mine.add(('c', w['choice'], w['rotations'][0]))
            elif w.get('departments'):
                mine.add(('d', w['rotation'], w['departments'][0]))
        for key in mine:
            count[key] = count.get(key, 0) + 1
    return count


def _receipt(p, s, stays, value, firsts):
    me, x = p.p['students'][s], p.students[s]
    g, names = p.programmes[x['programme']], p.p['programmes'][x['programme']]['rotations']
    wishes = []
    for k, w in enumerate(x['wishes']):
        ranks, regret, wanted = [], 0, 0
        for r, d, t in stays:
            if (g['rotations'][r]['choice'] if w['kind'] == 'choice' else r) != w['about']:
                continue
            cost, rank = p.wish(w, r, d, t, g['rotations'][r]['weeks'])
            regret += cost
            if rank is None:
                continue
            ranks.append(rank)
            wanted += firsts.get(('c', me['wishes'][k]['choice'], names[r]['id']) if w['kind'] == 'choice' else
                                 ('d', names[r]['id'], p.p['departments'][d]['id']), 0)
        rank = sorted(ranks) if w['kind'] == 'choice' else ranks[0] if ranks else None
        wishes.append({'wish': k, 'rank': rank, 'regret': regret, 'wanted_by': wanted})
    return {'student': me['id'], 'regret': value['regret'], 'wishes': wishes}


def make(p, plan, engine, stopped_by='seconds'):
    plan = in_order(plan)
    values, each = measures(p, plan)
    firsts = _firsts(p)
    placements = []
    for s, stays in enumerate(plan):
        programme = p.students[s]['programme']
        for r, d, t in stays:
            rotation = p.p['programmes'][programme]['rotations'][r]
            placements.append({'student': p.p['students'][s]['id'], 'rotation': rotation['id'],
                               'department': p.p['departments'][d]['id'], 'from': p.monday(t), 'weeks': rotation['weeks']})
    out = {'format': 'internbase.plan/1', 'problem': p.digest, 'status': 'feasible', 'seed': 0,
           'work': {'ticks': 0, 'budget': 0, 'stopped_by': stopped_by, 'engine': engine},
           'levels': [{'level': name, 'value': value, 'bound': 0, 'proven': False, 'certified': False}
                      for (name, _), value in zip(p.levels, level_values(p, values))],
           'placements': placements, 'receipts': [_receipt(p, s, stays, each[s], firsts) for s, stays in enumerate(plan)]}
    if p.base is not None:
        out['told'] = [x['id'] for x, v in zip(p.p['students'], each) if v['changes'] > 0]
    return out


def write(path, p, plan, engine, stopped_by='seconds'):
    with open(path, 'w', encoding='utf-8') as f:
        json.dump(make(p, plan, engine, stopped_by), f, ensure_ascii=False, indent=2)
        f.write('\n')


def read(path, p):
    """The placements of a plan file as (rotation, department, first open week) per student, or None without a plan."""
    with open(path, encoding='utf-8') as f:
        file = json.load(f)
    if file['status'] not in ('optimal', 'feasible'):
        return None
    plan = [[] for _ in p.students]
    for x in file['placements']:
        s = p.student_of[x['student']]
        r = p.programmes[p.students[s]['programme']]['rotation_of'][x['rotation']]
        plan[s].append((r, p.department_of[x['department']], p.at(p.week(x['from']))))
    return in_order(plan)
