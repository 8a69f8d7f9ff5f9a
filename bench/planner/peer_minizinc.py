#!/usr/bin/env python3
"""Peer Gecode by MiniZinc: an index into its possible placements for each rotation (0: an elective not taken), starts by
table, no overlap by unary constraint, capacity and quotas as sums over placements, levels as one sum whose weight for `worst`
is larger than any total regret. Tried to make it strong: candidates in the order of their regret, dom_w_deg, restarts with
large neighbourhoods (85 % kept) after the first plans. Gives no bound.

usage: peer_minizinc.py PROBLEM SECONDS [--threads N] [--plan FILE]"""
import os
import re
import subprocess
import tempfile

import peer_model


def ints(xs):
    return '[' + ','.join(str(x) for x in xs) + ']'


class Writer:
    def __init__(self, m):
        self.m, self.out, self.tasks, self.task_of = m, ['include "table.mzn"; include "disjunctive.mzn";'], [], {}
        for u, x in enumerate(m.units):
            for r, ks in x.of.items():
                ks = sorted(ks, key=lambda k: (sum(m.columns[k].regret), m.columns[k].t))
                self.task_of[u, r] = len(self.tasks)
                self.tasks.append((u, r, ks))
        self.x = {k: f'(idx[{i + 1}] = {j + 1})' for i, (_, _, ks) in enumerate(self.tasks) for j, k in enumerate(ks)}

    def say(self, text):
        self.out.append(text + ';')

    def tables(self):
        m, n = self.m, len(self.tasks)
        self.say(f'array[1..{n}] of var int: idx; array[1..{n}] of var int: start')
        for i, (u, r, ks) in enumerate(self.tasks):
            least = 1 if m.required(u, r) else 0
            self.say(f'constraint idx[{i + 1}] in {least}..{len(ks)}')
            rows = [(j + 1, m.columns[k].t) for j, k in enumerate(ks)] + ([(0, m.p.weeks + 100 * (r + 1))] if least == 0 else [])
            self.say(f'constraint table([idx[{i + 1}],start[{i + 1}]],array2d(1..{len(rows)},1..2,{ints(v for row in rows for v in row)}))')

    def rules(self):
        m = self.m
        for u, x in enumerate(m.units):
            mine = [self.task_of[u, r] + 1 for r in x.of]
            for r in range(len(x.programme['rotations'])):
                if m.required(u, r) and r not in x.of:
                    self.say('constraint false')
            self.say(f'constraint disjunctive([{",".join(f"start[{i}]" for i in mine)}],{ints(m.columns[ks[0]].n for ks in x.of.values())})')
            for c in x.programme['choices']:
                self.say(f'constraint {"+".join(f"bool2int(idx[{self.task_of[u, r] + 1}] > 0)" for r in c["of"] if r in x.of) or 0} = {c["pick"]}')
        for u, o in m.orders():
            a, b = self.task_of.get((u, o['before'])), self.task_of.get((u, o['after']))
            if a is None or b is None:
                if b is not None and o['requires']:
                    self.say(f'constraint idx[{b + 1}] = 0')
                continue
            n = m.columns[self.tasks[a][2][0]].n
            if o['requires']:
                self.say(f'constraint idx[{b + 1}] > 0 -> idx[{a + 1}] > 0')
            self.say(f'constraint (idx[{a + 1}] > 0 /\\ idx[{b + 1}] > 0) -> start[{a + 1}] + {n + o["min"]} <= start[{b + 1}]')
            if o['max'] is not None:
                self.say(f'constraint (idx[{a + 1}] > 0 /\\ idx[{b + 1}] > 0) -> start[{b + 1}] <= start[{a + 1}] + {n + o["max"]}')
        for capacity, terms in m.limits():
            self.say(f'constraint {"+".join(f"{h}*bool2int{self.x[k]}" for k, h in terms)} <= {capacity}')
        for ks in m.apart():
            self.say(f'constraint {"+".join(f"bool2int{self.x[k]}" for k in ks)} <= 1')
        for a, b in m.same():
            self.say(f'constraint {self.x.get(a, "false")} = {self.x.get(b, "false")}')

    def goal(self):
        m = self.m
        regrets = []
        for u, burdens in enumerate(m.burden):
            for i, b in enumerate(burdens):
                parts = []
                for r, ks in ((r, self.tasks[self.task_of[u, r]][2]) for r in m.units[u].of):
                    values = [0] + [m.columns[k].regret[i] for k in ks]
                    if any(values):
                        parts.append(f'array1d(0..{len(ks)},{ints(values)})[idx[{self.task_of[u, r] + 1}]]')
                regrets.append(('+'.join(parts) or '0', b))
        most = sum(max((m.columns[k].regret[i] for k in x.of[r]), default=0) for x in m.units for r in x.of for i in range(len(x.students)))
        n = len(regrets)
        self.say(f'array[1..{n}] of var 0..{max(1, most)}: regret')
        for i, (text, _) in enumerate(regrets):
            self.say(f'constraint regret[{i + 1}] = {text}')
        self.say(f'var 0..{m.worst_most()}: worst')
        self.say(f'constraint forall(i in 1..{n})(regret[i] + {ints(b for _, b in regrets)}[i] <= worst)')
        self.say(f'var int: total = {most + 1} * worst + sum(regret)')
        self.say('solve :: int_search(idx, dom_w_deg, indomain_min) :: restart_luby(200) :: relax_and_reconstruct(idx, 85) minimize total')
        self.say(r'output ["worst \(worst) regret \(sum(regret)) idx \(idx)\n"]')


def solve(m, trace, args):
    w = Writer(m)
    w.tables()
    w.rules()
    w.goal()
    best = None
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'p.mzn')
        with open(path, 'w', encoding='ascii') as f:
            f.write('\n'.join(w.out))
        job = subprocess.Popen(['minizinc', '--solver', 'gecode', '-p', str(args.threads), '-i', '--time-limit', str(int(args.seconds * 1000)), path],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in job.stdout:
            found = re.match(r'worst (\d+) regret (\d+) idx \[(.*)\]', line)
            if found:
                if trace.now['worst'][0] is not None and int(found[1]) < trace.now['worst'][0]:
                    trace.now['regret'][0] = None  # of a plan with a better worst
                trace.add('worst', value=int(found[1]))
                trace.add('regret', value=int(found[2]))
                best = [ks[int(j) - 1] for (_, _, ks), j in zip(w.tasks, found[3].split(',')) if int(j) > 0]
        job.wait()
    return best, ''


def engine():
    text = subprocess.run(['minizinc', '--solvers'], stdout=subprocess.PIPE, text=True).stdout
    return re.search(r'Gecode [\d.]+', text)[0] + ' by MiniZinc ' + re.search(r'version ([\d.]+)', subprocess.run(
        ['minizinc', '--version'], stdout=subprocess.PIPE, text=True).stdout)[1]


if __name__ == '__main__':
    peer_model.main(solve, engine())
