#!/usr/bin/env python3
"""Peers HiGHS, SCIP and CBC on the compact time-indexed program: a 0/1 variable for each placement that windows, absences,
clearances and pairs allow. What makes it strong: cliques by student and week, precedence by week in aggregated form, students
who stay together are one variable, limits only where they can bind, worst before regret, and in the second step no
placement that alone passes the worst student's regret; the first step's plan starts the second. Lexicographic: `worst` gets
half of the time at most once there is a plan, `regret` the rest. No identical students, so no symmetry to break.

usage: peer_mip.py PROBLEM SECONDS --way highs|scip|cbc [--threads N] [--plan FILE]"""
import os
import re
import subprocess
import sys
import tempfile

import peer_model


class Program:
    """Rows over 0/1 columns, and one integer column for the worst student's regret: the last."""

    def __init__(self, m, worst=None):
        self.n = len(m.columns) + 1
        W = self.n - 1
        self.rows = []  # (least, most, [(column, factor)])
        for _, least, most, ks in m.picks():
            if ks or least:
                self.rows.append((least, most, [(k, 1) for k in ks]))
        for ks in list(m.busy()) + list(m.apart()):
            if len(ks) > 1:
                self.rows.append((None, 1, [(k, 1) for k in ks]))
        for plus, minus, most in m.precedence():
            self.rows.append((None, most, [(k, 1) for k in plus] + [(k, -1) for k in minus]))
        for capacity, terms in m.limits():
            self.rows.append((None, capacity, terms))
        for a, b in m.same():
            self.rows.append((0, 0, [(k, f) for k, f in ((a, 1), (b, -1)) if k is not None]))
        for burden, terms in m.regrets():
            self.rows.append((None, -burden, terms + [(W, -1)]))
        self.least = [0] * self.n
        self.most = [1] * self.n
        self.least[W], self.most[W] = m.worst_least(), m.worst_most() if worst is None else worst
        for k in m.too_bad(self.most[W]):
            self.most[k] = 0
        self.cost = [0] * W + [1] if worst is None else [sum(c.regret) for c in m.columns] + [0]


# ---- HiGHS

def highs(m, program, level, trace, end, first_end, threads, start):
    import highspy
    import numpy
    h = highspy.Highs()
    for name, value in (('output_flag', False), ('threads', threads), ('mip_rel_gap', 0.0), ('mip_abs_gap', 0.999 if level else 0.0),
                        ('time_limit', max(0.1, end - trace.seconds()))):
        h.setOptionValue(name, value)
    lp = highspy.HighsLp()
    inf = highspy.kHighsInf
    lp.num_col_, lp.num_row_ = program.n, len(program.rows)
    lp.col_cost_ = numpy.array(program.cost, dtype=float)
    lp.col_lower_, lp.col_upper_ = numpy.array(program.least, dtype=float), numpy.array(program.most, dtype=float)
    lp.row_lower_ = numpy.array([-inf if r[0] is None else r[0] for r in program.rows], dtype=float)
    lp.row_upper_ = numpy.array([r[1] for r in program.rows], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts, index, value = [0], [], []
    for _, _, terms in program.rows:
        index += [k for k, _ in terms]
        value += [f for _, f in terms]
        starts.append(len(index))
    lp.a_matrix_.start_ = numpy.array(starts, dtype=numpy.int32)
    lp.a_matrix_.index_ = numpy.array(index, dtype=numpy.int32)
    lp.a_matrix_.value_ = numpy.array(value, dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * program.n
    h.passModel(lp)
    if start is not None:
        s = highspy.HighsSolution()
        x = numpy.zeros(program.n)
        x[start] = 1
        x[-1] = program.most[-1]
        s.col_value = x
        h.setSolution(s)

    found = [False]

    def seen(what, message, out, into, data):
        if out.mip_primal_bound < 1e20:
            found[0] = True
            trace.add(level, value=out.mip_primal_bound)
        if -1e20 < out.mip_dual_bound < 1e20:
            trace.add(level, bound=out.mip_dual_bound)
        if what == highspy.cb.HighsCallbackType.kCallbackMipInterrupt and found[0] and trace.seconds() > first_end:
            into.user_interrupt = True

    h.setCallback(seen, None)
    for kind in ('kCallbackMipImprovingSolution', 'kCallbackMipLogging', 'kCallbackMipInterrupt'):
        h.startCallback(getattr(highspy.cb.HighsCallbackType, kind))
    h.run()
    info = h.getInfo()
    if h.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None, 'infeasible'
    if info.mip_dual_bound > -1e20:
        trace.add(level, bound=info.mip_dual_bound)
    if info.primal_solution_status != 2:
        return None, ''
    x = h.getSolution().col_value
    trace.add(level, value=info.objective_function_value)
    return [k for k in range(program.n - 1) if x[k] > 0.5], ''


# ---- SCIP

def scip(m, program, level, trace, end, first_end, threads, start):
    import pyscipopt
    s = pyscipopt.Model()
    s.hideOutput()
    x = [s.addVar(vtype='B', lb=0, ub=program.most[k], obj=program.cost[k]) for k in range(program.n - 1)]
    x.append(s.addVar(vtype='I', lb=program.least[-1], ub=program.most[-1], obj=program.cost[-1]))
    for least, most, terms in program.rows:
        sum_ = pyscipopt.quicksum(f * x[k] for k, f in terms)
        if not terms:
            if least and least > 0 or most < 0:
                return None, 'infeasible'
        elif least == most:
            s.addCons(sum_ == most)
        else:
            if least:
                s.addCons(sum_ >= least)
            s.addCons(sum_ <= most)
    s.setMinimize()

    class Watch(pyscipopt.Eventhdlr):
        def eventinit(self):
            self.model.catchEvent(pyscipopt.SCIP_EVENTTYPE.BESTSOLFOUND, self)
            self.model.catchEvent(pyscipopt.SCIP_EVENTTYPE.NODESOLVED, self)

        def eventexec(self, event):
            if event.getType() == pyscipopt.SCIP_EVENTTYPE.BESTSOLFOUND:
                trace.add(level, value=self.model.getSolObjVal(self.model.getBestSol()))
            bound = self.model.getDualbound()
            if bound > -1e15:
                trace.add(level, bound=bound)
            if trace.seconds() > first_end and self.model.getNSols() > 0:
                self.model.interruptSolve()

    s.includeEventhdlr(Watch(), 'watch', 'trace')
    s.setParam('limits/gap', 0.0)
    s.setParam('limits/absgap', 0.999 if level == 'regret' else 0.0)
    if start is not None:
        sol = s.createSol()
        for k in start:
            s.setSolVal(sol, x[k], 1)
        s.setSolVal(sol, x[-1], program.most[-1])
        s.addSol(sol)
    s.setParam('limits/time', max(0.1, first_end - trace.seconds()))
    s.optimize()
    if s.getStatus() == 'timelimit' and s.getNSols() == 0 and trace.seconds() < end:
        s.setParam('limits/time', s.getSolvingTime() + end - trace.seconds())  # goes on where it stopped
        s.setParam('limits/solutions', 1)
        s.optimize()
    if s.getStatus() == 'infeasible':
        return None, 'infeasible'
    if s.getDualbound() > -1e15:
        trace.add(level, bound=s.getDualbound())
    if s.getNSols() == 0:
        return None, ''
    best = s.getBestSol()
    trace.add(level, value=s.getSolObjVal(best))
    return [k for k in range(program.n - 1) if s.getSolVal(best, x[k]) > 0.5], ''


# ---- CBC, by its program and an LP file

def put_lp(path, program):
    def row(terms):
        return ' '.join(f'{"+" if f >= 0 else "-"} {abs(f)} x{k}' for k, f in terms)
    with open(path, 'w', encoding='ascii') as f:
        f.write('Minimize\n obj: ' + (row([(k, c) for k, c in enumerate(program.cost) if c]) or '0 x0') + '\nSubject To\n')
        for least, most, terms in program.rows:
            if terms and least == most:
                f.write(f' {row(terms)} = {most}\n')
                continue
            if terms and least:
                f.write(f' {row(terms)} >= {least}\n')
            if terms:
                f.write(f' {row(terms)} <= {most}\n')
        f.write('Bounds\n')
        for k in range(program.n):
            f.write(f' {program.least[k]} <= x{k} <= {program.most[k]}\n')
        f.write('Generals\n' + '\n'.join(f' x{k}' for k in range(program.n)) + '\nEnd\n')


def cbc(m, program, level, trace, end, first_end, threads, start):
    with tempfile.TemporaryDirectory() as folder:
        lp, out, begin = (os.path.join(folder, x) for x in ('p.lp', 'p.sol', 'p.start'))
        put_lp(lp, program)
        chosen, note = cbc_run(m, lp, out, begin, program, level, trace, first_end, threads, start)
        if chosen is None and not note and trace.seconds() + 1 < end:  # no plan yet: the rest of the time goes to the first one
            return cbc_run(m, lp, out, begin, program, level, trace, end, threads, None, ['-maxSolutions', '1'])
        return chosen, note


def cbc_run(m, lp, out, begin, program, level, trace, end, threads, start, more=()):
    command = ['cbc', lp, '-threads', str(threads), '-sec', str(max(1, int(end - trace.seconds()))), '-ratioGap', '0', '-allowableGap',
               '0.999' if level == 'regret' else '0', '-timeMode', 'elapsed', *more]
    if start is not None:
        with open(begin, 'w', encoding='ascii') as f:
            f.write('start\n' + ''.join(f'{i} x{k} 1\n' for i, k in enumerate(start)) + f'{len(start)} x{program.n - 1} {program.most[-1]}\n')
        command += ['-mips', begin]
    job = subprocess.Popen(command + ['-solve', '-solution', out], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in job.stdout:
        found = re.search(r'best solution\s+([-\d.e+]+), best possible\s+([-\d.e+]+)', line)
        if found:
            value, bound = float(found[1]), float(found[2])
            trace.add(level, value=value if value < 1e20 else None, bound=bound if -1e20 < bound < 1e20 else None)
        found = re.search(r'Integer solution of\s+([-\d.e+]+)|Continuous objective value is\s+([-\d.e+]+)|Lower bound:\s+([-\d.e+]+)', line)
        if found:
            trace.add(level, value=float(found[1]) if found[1] else None, bound=float(found[2] or found[3]) if found[2] or found[3] else None)
    job.wait()
    if not os.path.exists(out):
        return None, ''
    with open(out, encoding='ascii') as f:
        head = f.readline()
        if 'infeasible' in head.lower() and 'integer' not in head.lower():
            return None, 'infeasible'
        values = {int(x[1][1:]): float(x[2]) for x in (line.split() for line in f if not line.startswith('**')) if len(x) > 2}
    chosen = [k for k, v in values.items() if v > 0.5 and k < program.n - 1]
    if not chosen or not is_whole(program, chosen, values):
        return None, ''
    value = sum(program.cost[k] for k in chosen) + program.cost[-1] * values.get(program.n - 1, 0)
    trace.add(level, value=value, bound=value if head.startswith('Optimal') else None)
    return chosen, ''


def is_whole(program, chosen, values):
    """CBC also writes what is no solution: whole numbers that keep the rows are one."""
    x = dict.fromkeys(chosen, 1)
    x[program.n - 1] = round(values.get(program.n - 1, 0))
    if any(abs(v - round(v)) > 1e-5 for v in values.values()):
        return False
    return all((least is None or sum(f * x.get(k, 0) for k, f in terms) >= least) and sum(f * x.get(k, 0) for k, f in terms) <= most
               for least, most, terms in program.rows)


# ---- both levels

WAYS = {'highs': highs, 'scip': scip, 'cbc': cbc}


def solve(m, trace, args):
    way = WAYS[args.way]
    chosen, note = way(m, Program(m), 'worst', trace, args.seconds, args.seconds / 2, args.threads, None)
    if chosen is None or trace.seconds() + 0.5 > args.seconds:
        return chosen, note
    worst = trace.now['worst'][0]
    better, note = way(m, Program(m, worst), 'regret', trace, args.seconds, args.seconds, args.threads, chosen)
    return better or chosen, note


def engine(way):
    if way == 'highs':
        import highspy
        return f'HiGHS {highspy.Highs().version()}'
    if way == 'scip':
        import pyscipopt
        s = pyscipopt.Model()
        return f'SCIP {s.getMajorVersion()}.{s.getMinorVersion()}.{s.getTechVersion()}' if hasattr(s, 'getMajorVersion') else f'SCIP {s.version()}'
    text = subprocess.run(['cbc', '-quit'], stdout=subprocess.PIPE, text=True).stdout
    return 'CBC ' + re.search(r'Version:\s*(\S+)', text)[1]


if __name__ == '__main__':
    peer_model.main(solve, engine(sys.argv[sys.argv.index('--way') + 1]))
