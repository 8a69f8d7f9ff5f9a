#!/usr/bin/env python3
"""internplan.py says what include/internbase/planner.h says, and works: the demo base is planned to proof and the plan measured
by planfile.py; errors, cancel, going on from a plan. tests/cli/library.sh runs it. Prints "N passed"."""
import ctypes
import json
import os
import re
import subprocess
import tempfile
import unittest

import internplan
import planfile
import problem

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')


def header():
    with open(os.path.join(TOP, 'include', 'internbase', 'planner.h'), encoding='utf-8') as f:
        text = re.sub(r'/\*.*?\*/', ' ', f.read(), flags=re.S)
    return re.sub(r'^\s*#.*$', '', text, flags=re.M)


def tidy(c):
    """One spelling of a declaration: spaces as this file writes them."""
    c = re.sub(r'\s+', ' ', c).strip()
    return re.sub(r'\s*\*\s*', ' *', c)


def read_enums(text):
    return {name: [re.sub(r'^INTERNPLAN_', '', x.strip()) for x in body.split(',') if x.strip()]
            for name, body in re.findall(r'enum\s+(\w+)\s*\{([^}]*)\}', text)}


def read_structs(text):
    out = {}
    for name, body in re.findall(r'struct\s+(\w+)\s*\{([^}]*)\}', text):
        members = []
        for x in filter(None, (tidy(y) for y in body.split(';'))):
            kind, comma, rest = x.partition(', ')
            if comma and '(' not in x:  # a, b of one type
                base = kind.rsplit(' ', 1)[0]
                star = '*' if kind.rsplit(' ', 1)[1].startswith('*') else ''
                members += [kind] + [f'{base} {y if y.startswith("*") or not star else star + y.lstrip("*")}' for y in rest.split(', ')]
            else:
                members.append(x)
        out[name] = members
    return out


def read_functions(text):
    out = {}
    for result, name, arguments in re.findall(r'^([a-z][\w ]*?[ *]+)(internplan_\w+)\(([^;{}]*)\);', text, flags=re.M):
        if result.startswith('typedef'):
            continue
        kinds = []
        for x in re.split(r',\s*', tidy(arguments)):
            if x not in ('void', ''):
                x = re.match(r'(.*?[ *])(\w+)$', x)[1].strip()
                kinds.append(x)
        out[name] = (tidy(result), kinds)
    return out


class Says(unittest.TestCase):
    """Fails when the header changes and the wrapper does not."""

    def test_enums(self):
        self.assertEqual({k: v for k, v in read_enums(header()).items()}, internplan.ENUMS)

    def test_structs(self):
        self.assertEqual(read_structs(header()), {k: [tidy(x) for x in v] for k, v in internplan.STRUCTS.items()})

    def test_functions(self):
        self.assertEqual(read_functions(header()), {k: (tidy(r), [tidy(x) for x in a]) for k, (r, a) in internplan.FUNCTIONS.items()})

    def test_a_change_would_be_seen(self):
        changed = header().replace('internplan_ticks(const struct internplan *p)', 'internplan_ticks(const struct internplan *p, int unit)')
        self.assertNotEqual(read_functions(changed), read_functions(header()))
        changed = header().replace('int threads;', 'long threads;')
        self.assertNotEqual(read_structs(changed), read_structs(header()))

    def test_layout(self):
        """Sizes and offsets as the compiler has them."""
        lines = []
        for name, c in internplan.STRUCT.items():
            lines.append(f'printf("%zu\\n", sizeof(struct {name}));')
            lines += [f'printf("%zu\\n", offsetof(struct {name}, {member}));' for member, _ in c._fields_]
        with tempfile.TemporaryDirectory() as folder:
            source, program = os.path.join(folder, 'layout.c'), os.path.join(folder, 'layout')
            with open(source, 'w', encoding='ascii') as f:
                f.write('#include <internbase/planner.h>\n#include <stdio.h>\nint main(void)\n{\n' + '\n'.join(lines) + '\nreturn 0;\n}\n')
            subprocess.run(['cc', '-I' + os.path.join(TOP, 'include'), source, '-o', program], check=True)
            real = [int(x) for x in subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout.split()]
        ours = []
        for c in internplan.STRUCT.values():
            ours.append(ctypes.sizeof(c))
            ours += [getattr(c, member).offset for member, _ in c._fields_]
        self.assertEqual(ours, real)


class Works(unittest.TestCase):
    def setUp(self):
        path = os.path.join(TOP, 'tests', 'data', 'planner_base.json')
        with open(path, 'rb') as f:
            self.data = f.read()
        self.problem = problem.read(path)

    def test_demo_base_is_planned_to_proof(self):
        told = []
        with internplan.Planner(64 << 20) as p:
            p.load(self.data)
            self.assertEqual(p.solve(seed=1, budget_ticks=4000000, progress=told.append), 'OPTIMAL')
            self.assertEqual([(x['name'], x['value'], x['bound'], x['proven']) for x in p.levels()], [('worst', 1, 1, True), ('regret', 4, 4, True)])
            self.assertEqual((p.state(), p.stopped_by()), ('OPTIMAL', 'PROOF'))
            self.assertGreater(p.ticks(), 0)
            self.assertEqual(len(p.placements()), 28 * 8)
            text = p.write(internplan.digest(self.data))
        self.assertTrue(told and told[0]['phase'])
        with tempfile.NamedTemporaryFile(suffix='.plan') as f:
            f.write(text)
            f.flush()
            plan = planfile.read(f.name, self.problem)
            values = planfile.measures(self.problem, plan)[0]
            self.assertEqual((values['worst'], values['regret']), (1, 4))
            made = planfile.make(self.problem, plan, 'x')
            self.assertEqual(made['receipts'], json.loads(text)['receipts'])
            self.assertEqual(made['placements'], json.loads(text)['placements'])
            if 'INTERNBASE' in os.environ:
                subprocess.run([os.environ['INTERNBASE'], 'plan', '--verify', os.path.join(TOP, 'tests', 'data', 'planner_base.json'), f.name],
                               stdout=subprocess.DEVNULL, check=True)

    def test_faults_are_named(self):
        broken = json.loads(self.data)
        broken['weeks']['first'] = '2027-03-02'
        broken['departments'][0]['seats'] = 1
        with internplan.Planner(64 << 20) as p, self.assertRaises(internplan.ProblemError) as e:
            p.load(json.dumps(broken).encode())
        self.assertEqual({(path, code) for path, code, _, _ in e.exception.faults},
                         {('/weeks/first', 'FAULT_MONDAY'), ('/departments/0/seats', 'FAULT_UNKNOWN_KEY')})
        self.assertEqual(e.exception.count, 2)

    def test_cancel_and_go_on(self):
        with internplan.Planner(64 << 20) as p:
            p.load(self.data)
            p.solve(seed=1, budget_ticks=4000000)
            plan = p.write('sha256:0')
            self.assertEqual(p.start_from(b'{}'), 'START_IGNORED')
            self.assertEqual(p.start_from(plan), 'START_TAKEN')
            self.assertIn(p.solve(seed=1, cancel=lambda: True), ('FEASIBLE', 'OPTIMAL'))
            self.assertEqual([x['value'] for x in p.levels()], [1, 4])
            self.assertEqual(p.proposals(), 1)
            self.assertTrue(p.select(0))
            self.assertFalse(p.select(1))
            self.assertEqual(p.change()['student_weeks'], 0)

    def test_what_if(self):
        with internplan.Planner(64 << 20) as p:
            p.load(self.data)
            status, text = p.what_if(internplan.digest(self.data), budget_ticks=400000)
            self.assertIn(status, ('OPTIMAL', 'FEASIBLE'))
            self.assertEqual(json.loads(text)['format'], 'internbase.whatif/1')

    def test_little_memory_is_a_limit(self):
        with internplan.Planner(4096) as p, self.assertRaises(MemoryError):
            p.load(self.data)


if __name__ == '__main__':
    result = unittest.TextTestRunner(verbosity=0).run(unittest.defaultTestLoader.loadTestsFromModule(__import__('__main__')))
    bad = len(result.failures) + len(result.errors)
    print(f'{result.testsRun - bad} passed, {bad} failed')
    raise SystemExit(bad > 0)
