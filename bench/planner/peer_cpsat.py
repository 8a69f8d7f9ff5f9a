#!/usr/bin/env python3
"""Peer OR-Tools CP-SAT, by two models: --way intervals (an optional interval for each student, rotation and department, no
overlap by student, cumulative by department with the weeks of less room filled up by fixed intervals) and --way indexed (a
literal for each placement, cliques, precedence by week). Worst before regret: `worst` gets half of the time at most once
there is a plan; its plan is the hint of the second step, where regret is minimised under the worst found.

usage: peer_cpsat.py PROBLEM SECONDS --way intervals|indexed [--threads N] [--plan FILE]"""
import sys
import threading

from ortools.sat.python import cp_model

import peer_model


def indexed(m, c):
    """Literals by column; rows as in the time-indexed program."""
    x = [c.new_bool_var('') for _ in m.columns]
    for _, least, most, ks in m.picks():
        add_count(c, x, ks, least, most)
    for ks in list(m.busy()) + list(m.apart()):
        if len(ks) > 1:
            c.add_at_most_one(x[k] for k in ks)
    for plus, minus, most in m.precedence():
        c.add(sum(x[k] for k in plus) - sum(x[k] for k in minus) <= most)
    for capacity, terms in m.limits():
        c.add(sum(h * x[k] for k, h in terms) <= capacity)
    for a, b in m.same():
        c.add((x[a] if a is not None else 0) == (x[b] if b is not None else 0))
    regrets = [burden + sum(n * x[k] for k, n in terms) for burden, terms in m.regrets()]
    return regrets, x, lambda s: [k for k in range(len(x)) if s.boolean_value(x[k])], list(enumerate(x))


def add_count(c, x, ks, least, most):
    if least == most == 1:
        c.add_exactly_one(x[k] for k in ks)
    elif most == 1:
        c.add_at_most_one(x[k] for k in ks)
    else:
        c.add(sum(x[k] for k in ks) == most)


class Task:
    """One rotation of one unit: its departments as presence literals with interval and regret."""

    def __init__(self, c, m, u, r, ks):
        self.n = m.columns[ks[0]].n
        self.ks = ks
        times = sorted({m.columns[k].t for k in ks})
        self.start = c.new_int_var_from_domain(cp_model.Domain.from_values(times), '')
        self.done = c.new_bool_var('')
        self.by = {}
        for d in sorted({m.columns[k].d for k in ks}):
            mine = [k for k in ks if m.columns[k].d == d]
            here = c.new_bool_var('')
            own = cp_model.Domain.from_values([m.columns[k].t for k in mine])
            c.add_linear_expression_in_domain(self.start, own).only_enforce_if(here)
            self.by[d] = (here, c.new_optional_fixed_size_interval_var(self.start, self.n, here, ''), mine)
        c.add(sum(x[0] for x in self.by.values()) == self.done)

    def regret(self, c, m, i):
        """Of the i-th student: by department, and a literal for a window that is missed."""
        terms = []
        for here, _, ks in self.by.values():
            least = min(m.columns[k].regret[i] for k in ks)
            if least:
                terms.append(least * here)
            for more in sorted({m.columns[k].regret[i] for k in ks} - {least}):
                missed = c.new_bool_var('')
                at = cp_model.Domain.from_values([m.columns[k].t for k in ks if m.columns[k].regret[i] == more])
                rest = cp_model.Domain.from_values([m.columns[k].t for k in ks if m.columns[k].regret[i] != more])
                c.add_linear_expression_in_domain(self.start, at).only_enforce_if(missed, here)
                c.add_linear_expression_in_domain(self.start, rest).only_enforce_if(~missed, here)
                c.add_implication(missed, here)
                terms.append((more - least) * missed)
        return terms


def intervals(m, c):
    tasks = [{r: Task(c, m, u, r, ks) for r, ks in x.of.items()} for u, x in enumerate(m.units)]
    for u, x in enumerate(m.units):
        for r, rotation in enumerate(x.programme['rotations']):
            if m.required(u, r):
                c.add(tasks[u][r].done == 1) if r in tasks[u] else c.add_bool_or([])
        for choice in x.programme['choices']:
            c.add(sum(tasks[u][r].done for r in choice['of'] if r in tasks[u]) == choice['pick'])
        c.add_no_overlap(c.new_optional_fixed_size_interval_var(t.start, t.n, t.done, '') for t in tasks[u].values())
    for u, o in m.orders():
        a, b = tasks[u].get(o['before']), tasks[u].get(o['after'])
        if b is None or a is None:
            if b is not None and o['requires']:
                c.add(b.done == 0)
            continue
        if o['requires']:
            c.add_implication(b.done, a.done)
        c.add(a.start + a.n + o['min'] <= b.start).only_enforce_if(a.done, b.done)
        if o['max'] is not None:
            c.add(b.start <= a.start + a.n + o['max']).only_enforce_if(a.done, b.done)
    for departments, capacity, group, is_not in resources(m):
        demand = [(t.by[d][1], m.head(u, group, is_not)) for u, of in enumerate(tasks) for t in of.values() for d in departments
                  if d in t.by and m.head(u, group, is_not) > 0]
        most = max(capacity)
        filled = [(c.new_fixed_size_interval_var(t, 1, ''), most - n) for t, n in enumerate(capacity) if n < most]
        if demand:
            c.add_cumulative([x for x, _ in demand + filled], [h for _, h in demand + filled], most)
    for x in m.p.pairs:
        if x['kind'] == 'apart':
            units = {m.unit_of[s] for s in x['students']}
            for d in range(len(m.p.departments)):
                mine = [t.by[d][1] for u in units for t in tasks[u].values() if d in t.by]
                if len(mine) > 1:
                    c.add_no_overlap(mine)
    if any(True for _ in m.same()):
        raise SystemExit('together for named rotations: use --way indexed')
    regrets = [b + sum((y for t in tasks[u].values() for y in t.regret(c, m, i)), 0) for u, burdens in enumerate(m.burden)
               for i, b in enumerate(burdens)]

    def read(s):
        return [next(k for k in ks if m.columns[k].t == s.value(t.start)) for of in tasks for t in of.values()
                for here, _, ks in t.by.values() if s.boolean_value(here)]

    hints = [(t.ks, t.start, t.done, t.by) for of in tasks for t in of.values()]
    return regrets, None, read, hints


def resources(m):
    """(departments, capacity by week, group, is_not)"""
    T = m.p.weeks
    for d, x in enumerate(m.p.departments):
        yield [d], x['cap'], None, False
        for group, is_not, n in x['quotas']:
            yield [d], [n] * T, group, is_not
    for q in m.p.shared:
        yield q['departments'], [q['capacity'] if t in q['weeks'] else len(m.p.students) for t in range(T)], q['group'], q['not']


class Watch(cp_model.CpSolverSolutionCallback):
    def __init__(self, trace, level, first_end):
        super().__init__()
        self.trace, self.level, self.first_end, self.n = trace, level, first_end, 0

    def on_solution_callback(self):
        self.n += 1
        self.trace.add(self.level, value=self.objective_value, bound=self.best_objective_bound)
        if self.trace.seconds() > self.first_end:
            self.stop_search()


def run(c, trace, level, end, first_end, threads):
    s = cp_model.CpSolver()
    s.parameters.max_time_in_seconds = max(0.1, end - trace.seconds())
    s.parameters.num_workers = threads
    s.best_bound_callback = lambda b: trace.add(level, bound=b)
    watch = Watch(trace, level, first_end)
    timer = threading.Timer(max(0.1, first_end - trace.seconds()), lambda: watch.n > 0 and s.stop_search())
    timer.start()
    status = s.solve(c, watch)
    timer.cancel()
    if status == cp_model.INFEASIBLE:
        return None, 'infeasible'
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    trace.add(level, value=s.objective_value if found else None, bound=s.best_objective_bound)
    return s if found else None, ''


def hint(m, c, way, hints, chosen):
    """The first step's plan, whole."""
    mine = set(chosen)
    c.clear_hints()
    if way == 'indexed':
        for k, x in hints:
            c.add_hint(x, k in mine)
        return
    for ks, start, done, by in hints:
        on = [k for k in ks if k in mine]
        c.add_hint(done, bool(on))
        if on:
            c.add_hint(start, m.columns[on[0]].t)
        for d, (here, _, _) in by.items():
            c.add_hint(here, bool(on) and m.columns[on[0]].d == d)


def solve(m, trace, args):
    c = cp_model.CpModel()
    regrets, x, read, hints = (indexed if args.way == 'indexed' else intervals)(m, c)
    worst = c.new_int_var(m.worst_least(), m.worst_most(), '')
    for r in regrets:
        c.add(r <= worst)
    c.minimize(worst)
    s, note = run(c, trace, 'worst', args.seconds, args.seconds / 2, args.threads)
    if s is None or trace.seconds() + 0.5 > args.seconds:
        return read(s) if s else None, note
    chosen = read(s)
    most = trace.now['worst'][0]
    c.add(worst <= most)
    if x is not None:
        for k in m.too_bad(most):
            c.add(x[k] == 0)
    hint(m, c, args.way, hints, chosen)
    c.minimize(sum(regrets) - sum(b for burdens in m.burden for b in burdens))
    s, note = run(c, trace, 'regret', args.seconds, args.seconds, args.threads)
    return read(s) if s else chosen, note


if __name__ == '__main__':
    import ortools
    peer_model.main(solve, f'OR-Tools CP-SAT {ortools.__version__}')
