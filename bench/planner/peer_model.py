"""What peers model, in numbers: units (a student, or a pair that stays together), every placement that each may have, and what
binds them. One reading for all peers, so that they differ only in how they solve it.

Held: required rotations and choices, windows, orders with least and most gap, closed weeks, absences, clearances, fixed
placements, one place at a time, capacity in parts, quotas, shared quotas, pairs, the wishes of every kind, levels worst and
regret with burdens. `left_out` names what else a problem has: a peer then solves less than the problem, its plan may be refused
by the check, and its bound is true of what it left (leaving rules out only lowers a bound), but not so with an objective part."""
import argparse
import json
import sys
import time

import planfile
import problem


class Unit:
    def __init__(self, p, students):
        self.students = students
        self.programme = p.programmes[p.students[students[0]]['programme']]
        self.columns = []  # of the model
        self.of = {}       # rotation -> columns


class Column:
    __slots__ = ('unit', 'r', 'd', 't', 'n', 'regret')

    def __init__(self, unit, r, d, t, n, regret):
        self.unit, self.r, self.d, self.t, self.n, self.regret = unit, r, d, t, n, regret  # regret: one per student of the unit


class Model:
    def __init__(self, p):
        self.p = p
        self.left_out = left_out(p)
        self.units = [Unit(p, x) for x in merged(p)]
        self.unit_of = {s: u for u, x in enumerate(self.units) for s in x.students}
        self.columns = []
        for u, x in enumerate(self.units):
            allowed = [set(p.placements(s)) for s in x.students]
            for r, d, t in sorted(set.intersection(*allowed)):
                c = Column(u, r, d, t, x.programme['rotations'][r]['weeks'], [p.regret(s, r, d, t) for s in x.students])
                x.columns.append(len(self.columns))
                x.of.setdefault(r, []).append(len(self.columns))
                self.columns.append(c)
        self.burden = [[p.students[s]['burden'] for s in x.students] for x in self.units]

    def head(self, u, group=None, is_not=False):
        """How many students of unit u a quota counts."""
        return sum(self.p.in_group(s, group, is_not) for s in self.units[u].students)

    def required(self, u, r):
        g = self.units[u].programme
        return g['rotations'][r]['choice'] is None or any(r in self.p.students[s]['fixed'] for s in self.units[u].students)

    def picks(self):
        """(unit, least, most, [columns]): how many of these are chosen."""
        for u, x in enumerate(self.units):
            for r in range(len(x.programme['rotations'])):
                yield u, int(self.required(u, r)), 1, x.of.get(r, [])
            for c in x.programme['choices']:
                yield u, c['pick'], c['pick'], [k for r in c['of'] for k in x.of.get(r, [])]

    def busy(self):
        """[columns] of which a unit may have one: those that cover one week."""
        for x in self.units:
            week = {}
            for k in x.columns:
                c = self.columns[k]
                for t in range(c.t, c.t + c.n):
                    week.setdefault(t, []).append(k)
            yield from week.values()

    def orders(self):
        """(unit, order) of the orders whose rotations have columns."""
        for u, x in enumerate(self.units):
            for o in x.programme['orders']:
                yield u, o

    def precedence(self):
        """Rows sum(plus) - sum(minus) <= limit that say all orders, one for each week in which they say something: the strongest
        form by time. Where `before` is surely placed: nobody has begun `after` by week u who has not ended `before` by u - gap."""
        for u, o in self.orders():
            x = self.units[u]
            before, after = x.of.get(o['before'], []), x.of.get(o['after'], [])
            sure = o['requires'] or self.required(u, o['before'])
            for w in sorted({self.columns[k].t for k in after}):
                begun = [k for k in after if self.columns[k].t <= w]
                done = [k for k in before if self.columns[k].t + self.columns[k].n + o['min'] <= w]
                if sure and len(done) < len(before) or sure and not before:
                    yield begun, done, 0
                elif not sure:
                    late = [k for k in before if k not in set(done)]
                    if late:
                        yield begun + late, [], 1
            if o['max'] is not None:
                for w in sorted({self.columns[k].t for k in after}):
                    early = [k for k in before if self.columns[k].t + self.columns[k].n + o['max'] < w]
                    if early:
                        yield early + [k for k in after if self.columns[k].t >= w], [], 1

    def cells(self):
        """(department, week) -> columns that stand there."""
        out = {}
        for k, c in enumerate(self.columns):
            for t in range(c.t, c.t + c.n):
                out.setdefault((c.d, t), []).append(k)
        return out

    def limits(self):
        """(capacity, [(column, students)]) of every capacity, quota and shared quota that can be exceeded."""
        cells, p = self.cells(), self.p
        for (d, t), ks in cells.items():
            yield from self._limit(p.departments[d]['cap'][t], ks, None, False)
            for group, is_not, capacity in p.departments[d]['quotas']:
                yield from self._limit(capacity, ks, group, is_not)
        for q in p.shared:
            for t in q['weeks']:
                yield from self._limit(q['capacity'], [k for d in q['departments'] for k in cells.get((d, t), [])], q['group'], q['not'])

    def _limit(self, capacity, ks, group, is_not):
        terms = [(k, h) for k, h in ((k, self.head(self.columns[k].unit, group, is_not)) for k in ks) if h > 0]
        most = sum({self.columns[k].unit: h for k, h in terms}.values())
        if most > capacity:
            yield capacity, terms

    def apart(self):
        """[columns] of which at most one may be chosen: two students never in one department in one week."""
        cells = self.cells()
        for x in self.p.pairs:
            if x['kind'] == 'apart':
                units = {self.unit_of[s] for s in x['students']}
                for ks in cells.values():
                    mine = [k for k in ks if self.columns[k].unit in units]
                    if len({self.columns[k].unit for k in mine}) > 1:
                        yield mine

    def same(self):
        """(columns of a, columns of b) that are chosen together: `together` for some rotations only."""
        for x in self.p.pairs:
            if x['kind'] == 'together' and x['rotations']:
                a, b = (self.unit_of[s] for s in x['students'])
                names = self.p.p['programmes'][self.p.students[x['students'][0]]['programme']]['rotations']
                where = {(self.columns[k].r, self.columns[k].d, self.columns[k].t): k for k in self.units[b].columns}
                for k in self.units[a].columns:
                    c = self.columns[k]
                    if names[c.r]['id'] in x['rotations']:
                        yield k, where.pop((c.r, c.d, c.t), None)
                for (r, _, _), k in where.items():
                    if names[r]['id'] in x['rotations']:
                        yield None, k

    def regrets(self):
        """(burden, [(column, regret)]) of each student."""
        for u, x in enumerate(self.units):
            for i, b in enumerate(self.burden[u]):
                yield b, [(k, self.columns[k].regret[i]) for k in x.columns if self.columns[k].regret[i]]

    def worst_most(self):
        """No student can regret more."""
        most = 0
        for x, burdens in zip(self.units, self.burden):
            for i, b in enumerate(burdens):
                most = max(most, b + sum(max((self.columns[k].regret[i] for k in ks), default=0) for ks in x.of.values()))
        return most

    def worst_least(self):
        """No plan's worst can be below: of each required rotation the least regret."""
        least = 0
        for u, (x, burdens) in enumerate(zip(self.units, self.burden)):
            for i, b in enumerate(burdens):
                least = max(least, b + sum(min((self.columns[k].regret[i] for k in ks), default=0)
                                           for r, ks in x.of.items() if self.required(u, r)))
        return least

    def too_bad(self, worst):
        """Columns that alone pass `worst`."""
        return [k for k, c in enumerate(self.columns) if any(n + b > worst for n, b in zip(c.regret, self.burden[c.unit]))]

    def plan(self, chosen):
        """Chosen columns as a plan."""
        plan = [[] for _ in self.p.students]
        for k in chosen:
            c = self.columns[k]
            for s in self.units[c.unit].students:
                plan[s].append((c.r, c.d, c.t))
        return planfile.in_order(plan)

    def columns_of(self, plan):
        """The other way round."""
        where = {(self.units[c.unit].students[0], c.r, c.d, c.t): k for k, c in enumerate(self.columns)}
        return [where[(s, *x)] for s, stays in enumerate(plan) for x in stays if (s, *x) in where]


def merged(p):
    """Lists of students: those who stay together in everything are one."""
    group = {s: {s} for s in range(len(p.students))}
    for x in p.pairs:
        if x['kind'] == 'together' and not x['rotations']:
            whole = group[x['students'][0]] | group[x['students'][1]]
            for s in whole:
                group[s] = whole
    return [sorted(x) for x in {min(x): x for x in group.values()}.values()]


def left_out(p):
    out = set()
    for g in p.programmes:
        out |= {k for k in ('max_consecutive', 'site_limit') if g[k] is not None}
        out |= {'free_weeks'} if g['no_free'] else set()
    out |= {'dislikes'} if any(s['travel'] or s['waiting'] for s in p.students) else set()
    out |= {'minimum'} if any(any(d['min']) for d in p.departments) else set()
    out |= {'base_plan'} if p.base is not None else set()
    out |= {'apart in named rotations'} if any(x['kind'] == 'apart' and x['rotations'] for x in p.pairs) else set()
    if [x for x, _ in p.levels] != ['worst', 'regret']:
        out |= {'levels other than worst, regret'}
    return sorted(out)


# ---- how a peer is run and what it says

class Trace:
    """Value and bound of each level over the seconds since the model was handed over."""

    def __init__(self):
        self.began = time.monotonic()
        self.points = []
        self.now = {'worst': [None, None], 'regret': [None, None]}

    def seconds(self):
        return time.monotonic() - self.began

    def add(self, level, value=None, bound=None):
        value = None if value is None else round(value)
        bound = None if bound is None or bound < 0 else int(-(-(bound - 1e-6) // 1))  # whole numbers: rounded up
        was = self.now[level]
        now = [was[0] if value is None else value if was[0] is None else min(was[0], value),
               was[1] if bound is None else bound if was[1] is None else max(was[1], bound)]
        if now != was:
            self.now[level] = now
            self.points.append([round(self.seconds(), 2), level, *now])


def main(solve, engine):
    """solve(model, trace, seconds, threads) -> (list of chosen columns or None, note)."""
    a = argparse.ArgumentParser()
    a.add_argument('problem')
    a.add_argument('seconds', type=float)
    a.add_argument('--threads', type=int, default=2)
    a.add_argument('--plan', default='/dev/null')
    a.add_argument('--way', default='')
    args = a.parse_args()
    began = time.monotonic()
    model = Model(problem.read(args.problem))
    trace = Trace()
    chosen, note = solve(model, trace, args)
    if chosen is not None:
        planfile.write(args.plan, model.p, model.plan(chosen), engine)
    print(json.dumps({'engine': engine, 'plan': chosen is not None, 'levels': trace.now, 'trace': trace.points, 'note': note,
                      'build': round(trace.began - began, 2), 'seconds': round(trace.seconds(), 2), 'left_out': model.left_out}))
    sys.stdout.flush()
