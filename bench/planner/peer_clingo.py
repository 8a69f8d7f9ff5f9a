#!/usr/bin/env python3
"""Peer clingo: the time-indexed model as answer set program, one choice by rotation and unit, levels as two priorities of
#minimize (worst before regret), by itself lexicographic. Tried: branch and bound and core-guided search side by side, one on
each thread (--parallel-mode 2,compete with an unsatisfiable-core configuration for bounds); bounds come from the cores.

usage: peer_clingo.py PROBLEM SECONDS [--threads N] [--plan FILE]"""
import clingo

import peer_model

RULES = '''
{ x(K) : c(K) }.
:- pick(P, L, M), not L #count { K : x(K), in(P, K) } M.
:- busy(B), 2 #count { K : x(K), on(B, K) }.
:- limit(Q, N), not #sum { H, U : x(K), of(Q, K, H), unit(K, U) } N.
:- row(R, N), not #sum { F, K : x(K), term(R, K, F) } N.
#minimize { 1@2, V : worst(V) }.
#minimize { N@1, K : x(K), cost(K, N) }.
worst(V) :- step(V), student(S), #sum { N, K : x(K), regret(S, K, N) } >= V - B, burden(S, B).
'''


def facts(m):
    out = []
    for k, c in enumerate(m.columns):
        out.append(f'c({k}). unit({k},{c.unit}). cost({k},{sum(c.regret)}).')
    for i, (_, least, most, ks) in enumerate(m.picks()):
        out.append(f'pick({i},{least},{most}).' + ''.join(f'in({i},{k}).' for k in ks))
    for i, ks in enumerate(ks for ks in list(m.busy()) + list(m.apart()) if len(ks) > 1):
        out.append(f'busy({i}).' + ''.join(f'on({i},{k}).' for k in ks))
    for i, (capacity, terms) in enumerate(m.limits()):
        out.append(f'limit({i},{capacity}).' + ''.join(f'of({i},{k},{h}).' for k, h in terms))
    rows = [([(k, 1) for k in plus] + [(k, -1) for k in minus], most) for plus, minus, most in m.precedence()]
    for a, b in m.same():
        rows += [([(k, f) for k, f in ((a, 1), (b, -1)) if k is not None], 0), ([(k, f) for k, f in ((a, -1), (b, 1)) if k is not None], 0)]
    for i, (terms, most) in enumerate(rows):
        out.append(f'row({i},{most}).' + ''.join(f'term({i},{k},{f}).' for k, f in terms))
    steps = set()
    for s, (burden, terms) in enumerate(m.regrets()):
        out.append(f'student({s}). burden({s},{burden}).' + ''.join(f'regret({s},{k},{n}).' for k, n in terms))
    least = m.worst_least()
    steps = range(least + 1, m.worst_most() + 1)
    return '\n'.join(out) + ''.join(f'step({v}).' for v in steps), least


def solve(m, trace, args):
    text, least = facts(m)
    trace.add('worst', bound=least)
    options = ['--opt-mode=opt', '--stats=0', '--configuration=jumpy' if args.threads == 1 else '--configuration=many']
    if args.threads > 1:
        options.append(f'--parallel-mode={args.threads},compete')
    c = clingo.Control(options, logger=lambda *_: None)
    c.add('base', [], RULES + text)
    c.ground([('base', [])])
    best = [None]

    def model(x):
        worst, regret = x.cost
        if trace.now['worst'][0] is None or least + worst < trace.now['worst'][0]:
            trace.now['regret'][0] = None  # of a plan with a better worst
        trace.add('worst', value=least + worst)
        trace.add('regret', value=regret)
        best[0] = [a.arguments[0].number for a in x.symbols(atoms=True) if a.name == 'x']

    def lower(bounds):
        if bounds:
            trace.add('worst', bound=least + bounds[0])
            if len(bounds) > 1 and least + bounds[0] == trace.now['worst'][0]:
                trace.add('regret', bound=bounds[1])

    with c.solve(on_model=model, on_unsat=lower, async_=True) as handle:
        done = handle.wait(max(0.1, args.seconds - trace.seconds()))
        if not done:
            handle.cancel()
        result = handle.get()
    if result.unsatisfiable:
        return None, 'infeasible'
    if result.exhausted and best[0] is not None:
        trace.add('worst', bound=trace.now['worst'][0])
        trace.add('regret', bound=trace.now['regret'][0])
    return best[0], f'grounded and handed over after {len(text) // 1000} kB'


if __name__ == '__main__':
    peer_model.main(solve, f'clingo {clingo.__version__}')
