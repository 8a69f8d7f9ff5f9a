#!/usr/bin/env python3
"""A peer for bench/planner/run: OR-Tools CP-SAT on the same problem file, levels `worst` then `regret`, by a
time-indexed model. Reads what bench/planner/generate writes, not the whole format. Needs `pip install ortools`.

usage: peer_cpsat.py PROBLEM.json SECONDS [--threads N] [--worst W]
prints one JSON line: {"worst": [value, bound], "regret": [value, bound], "seconds": s}"""
import argparse
import datetime
import json
import time

from ortools.sat.python import cp_model


class Problem:
    def __init__(self, p):
        self.p = p
        first = datetime.date.fromisoformat(p['weeks']['first'])
        self.week = lambda text: (datetime.date.fromisoformat(text) - first).days // 7
        closed = {self.week(x) for x in p['weeks'].get('closed', [])}
        self.open = [w for w in range(p['weeks']['count']) if w not in closed]
        self.programme = {x['id']: x for x in p['programmes']}

    def at(self, week):  # first open week at or after
        return sum(w < week for w in self.open)

    def capacity(self, d, t):
        n = d['capacity']
        for x in d.get('exceptions', []):
            if self.week(x['from']) <= self.open[t] < self.week(x['from']) + x['weeks']:
                n = x.get('capacity', n)
        return n

    def regret(self, s, programme, r, d, t):
        sum_ = 0
        for w in s.get('wishes', []):
            weight = w.get('weight', 1)
            if w.get('rotation') == r['id'] and 'departments' in w:
                k = w['departments'].index(d) if d in w['departments'] else len(w['departments'])
                sum_ += weight * k * (k + 1) // 2
            elif 'choice' in w and any(c['id'] == w['choice'] and r['id'] in c['of'] for c in programme['choices']):
                k = w['rotations'].index(r['id']) if r['id'] in w['rotations'] else len(w['rotations'])
                sum_ += weight * k * (k + 1) // 2
            elif w.get('rotation') == r['id'] and 'window' in w:
                inside = (self.week(w['window']['from']) <= self.open[t] and
                          self.open[t + r['weeks'] - 1] < self.week(w['window']['until']))
                sum_ += 0 if inside else 3 * weight
        return sum_

    def placements(self, s):
        programme = self.programme[s['programme']]
        away = {t for a in s.get('away', []) for t in range(len(self.open))
                if self.week(a['from']) <= self.open[t] < self.week(a['from']) + a['weeks']}
        fixed = {f['rotation']: f for f in s.get('fixed', [])}
        for r in programme['rotations']:
            lo = self.at(self.week(r['earliest'])) if 'earliest' in r else 0
            end = self.at(self.week(r['latest_end'])) if 'latest_end' in r else len(self.open)
            for d in r['departments']:
                enter = max([self.at(self.week(e['from'])) for e in s.get('enter', []) if e['department'] in (d, '*')], default=0)
                for t in range(max(lo, enter), end - r['weeks'] + 1):
                    f = fixed.get(r['id'])
                    if f and (f['department'] != d or self.at(self.week(f['from'])) != t):
                        continue
                    if not any(w in away for w in range(t, t + r['weeks'])):
                        yield r, d, t, self.regret(s, programme, r, d, t)


def build(p):
    q = Problem(p)
    m = cp_model.CpModel()
    cell, quota, one, regret = {}, {}, {}, {}
    for s in p['students']:
        programme = q.programme[s['programme']]
        of, busy, start = {}, {}, {}
        terms = []
        for r, d, t, cost in q.placements(s):
            x = m.NewBoolVar('')
            one[s['id'], r['id'], d, t] = x
            of.setdefault(r['id'], []).append(x)
            start.setdefault(r['id'], []).append((t, r['weeks'], x))
            terms.append(cost * x)
            for w in range(t, t + r['weeks']):
                busy.setdefault(w, []).append(x)
                cell.setdefault((d, w), []).append((x, s))
        regret[s['id']] = sum(terms)
        chosen = {r for c in programme.get('choices', []) for r in c['of']}
        for r in programme['rotations']:
            if r['id'] not in chosen:
                m.AddExactlyOne(of.get(r['id'], []))
        for c in programme.get('choices', []):
            for r in c['of']:
                m.AddAtMostOne(of.get(r, []))
                if any(f['rotation'] == r for f in s.get('fixed', [])):
                    m.AddExactlyOne(of.get(r, []))  # a fixed one counts as picked
            m.Add(sum(x for r in c['of'] for x in of.get(r, [])) == c['pick'])
        for xs in busy.values():
            m.AddAtMostOne(xs)
        for o in programme.get('orders', []):
            m.Add(sum((t + n) * x for t, n, x in start[o['before']]) + o.get('min_gap', 0) <=
                  sum(t * x for t, n, x in start[o['after']]))
    for d in p['departments']:
        for t in range(len(q.open)):
            xs = cell.get((d['id'], t), [])
            if len(xs) > q.capacity(d, t):
                m.Add(sum(x for x, _ in xs) <= q.capacity(d, t))
            for g in d.get('quotas', []):
                m.Add(sum(x for x, s in xs if g['group'] in s.get('groups', [])) <= g['capacity'])
    for pair in p.get('pairs', []):
        a, b = pair['students']
        if pair['kind'] == 'together':
            for (s, *rest), x in list(one.items()):
                if s in (a, b):
                    other = one.get(((b if s == a else a), *rest))
                    m.Add(x == other) if other is not None else m.Add(x == 0)
        else:
            for xs in cell.values():
                mine = [x for x, s in xs if s['id'] in (a, b)]
                if len(mine) > 1:
                    m.AddAtMostOne(mine)
    return m, regret


def solve(m, seconds, threads):
    s = cp_model.CpSolver()
    s.parameters.max_time_in_seconds = max(seconds, 1)
    s.parameters.num_workers = threads
    status = s.Solve(m)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return [round(s.ObjectiveValue()) if found else None, max(0, round(s.BestObjectiveBound()))]


def main():
    a = argparse.ArgumentParser()
    a.add_argument('problem')
    a.add_argument('seconds', type=float)
    a.add_argument('--threads', type=int, default=1)
    a.add_argument('--worst', type=int)
    a = a.parse_args()
    began = time.time()
    with open(a.problem, encoding='utf-8') as f:
        p = json.load(f)
    m, regret = build(p)
    worst = m.NewIntVar(0, 10**6, '')
    for s in p['students']:
        m.Add(regret[s['id']] + s.get('burden', 0) <= worst)
    m.Minimize(worst)
    w = [a.worst, None] if a.worst is not None else solve(m, a.seconds / 3, a.threads)
    g = [None, None]
    if w[0] is not None:
        m.Add(worst <= w[0])
        m.Minimize(sum(regret.values()))
        g = solve(m, a.seconds - (time.time() - began), a.threads)
    print(json.dumps({'worst': w, 'regret': g, 'seconds': round(time.time() - began, 1)}))


if __name__ == '__main__':
    main()
