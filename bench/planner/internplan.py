#!/usr/bin/env python3
"""libinternplan by ctypes: thin, nothing decided here. What include/internbase/planner.h declares stands below once more as C
text, from which the ctypes follow; test_internplan.py fails when the two differ.

    with internplan.Planner() as p:
        p.load(problem_bytes)                      # ProblemError names every fault
        status = p.solve(seed=1, budget_ticks=2000000)
        plan_bytes = p.write(internplan.digest(problem_bytes))

The library is $INTERNPLAN_LIBRARY, build/libinternplan.so (make library) or the installed one.

usage: internplan.py PROBLEM SECONDS [--threads N] [--plan FILE] [--seed N]
prints what the peers of bench/planner/run print: every level's value and bound over time."""
import argparse
import ctypes
import hashlib
import json
import os
import time

ENUMS = {
    'internplan_status': ['OPTIMAL', 'FEASIBLE', 'INFEASIBLE', 'UNKNOWN', 'INVALID', 'LIMIT'],
    'internplan_fault': ['FAULT_SYNTAX', 'FAULT_UTF8', 'FAULT_DOUBLED_KEY', 'FAULT_DEPTH', 'FAULT_FORMAT', 'FAULT_UNKNOWN_KEY', 'FAULT_MISSING_KEY',
                         'FAULT_TYPE', 'FAULT_RANGE', 'FAULT_MONDAY', 'FAULT_DUPLICATE', 'FAULT_UNKNOWN_NAME', 'FAULT_EMPTY', 'FAULT_TOO_LONG',
                         'FAULT_FIXED', 'FAULT_STRANGER', 'FAULT_VALUE'],
    'internplan_start': ['START_TAKEN', 'START_PARTLY', 'START_IGNORED', 'START_LIMIT'],
    'internplan_stop': ['STOP_NONE', 'STOP_PROOF', 'STOP_BUDGET', 'STOP_SECONDS', 'STOP_CANCEL', 'STOP_MEMORY'],
}
STRUCTS = {
    'internplan_error': ['const char *path', 'enum internplan_fault code', 'const char *found', 'const char *allowed'],
    'internplan_progress': ['uint64_t ticks', 'uint64_t budget', 'bool has_plan', 'const char *level', 'int64_t value', 'int64_t bound',
                            'uint64_t plans', 'const char *phase'],
    'internplan_options': ['size_t size', 'uint64_t seed', 'uint64_t budget_ticks', 'double seconds', 'double (*clock)(void *ctx)', 'int threads',
                           'void (*progress)(void *ctx, const struct internplan_progress *at)', 'bool (*cancel)(void *ctx)', 'void *ctx',
                           'int proposals', 'void (*parallel)(void *ctx, int n, void (*job)(void *arg, int i), void *arg)'],
    'internplan_level': ['const char *name', 'bool has_value', 'int64_t value', 'int64_t bound', 'bool proven', 'bool certified'],
    'internplan_change': ['int64_t student_weeks', 'size_t students', 'bool least', 'int links'],
    'internplan_placement': ['const char *student', 'const char *rotation', 'const char *department', 'char from[11]', 'int weeks'],
}
FUNCTIONS = {
    'internplan_new': ('struct internplan *', ['size_t']),
    'internplan_free': ('void', ['struct internplan *']),
    'internplan_load': ('enum internplan_status', ['struct internplan *', 'const char *', 'size_t']),
    'internplan_error_count': ('size_t', ['const struct internplan *']),
    'internplan_error': ('struct internplan_error', ['const struct internplan *', 'size_t']),
    'internplan_start_from': ('enum internplan_start', ['struct internplan *', 'const char *', 'size_t']),
    'internplan_options_default': ('struct internplan_options', []),
    'internplan_solve': ('enum internplan_status', ['struct internplan *', 'const struct internplan_options *']),
    'internplan_write': ('bool', ['struct internplan *', 'const char *', 'internplan_sink *', 'void *']),
    'internplan_state': ('enum internplan_status', ['const struct internplan *']),
    'internplan_stopped_by': ('enum internplan_stop', ['const struct internplan *']),
    'internplan_ticks': ('uint64_t', ['const struct internplan *']),
    'internplan_level_count': ('size_t', ['const struct internplan *']),
    'internplan_level': ('struct internplan_level', ['const struct internplan *', 'size_t']),
    'internplan_proposal_count': ('size_t', ['const struct internplan *']),
    'internplan_select': ('bool', ['struct internplan *', 'size_t']),
    'internplan_change': ('struct internplan_change', ['const struct internplan *']),
    'internplan_what_if': ('enum internplan_status', ['struct internplan *', 'const struct internplan_options *', 'const char *', 'internplan_sink *',
                                                      'void *']),
    'internplan_placement_count': ('size_t', ['const struct internplan *']),
    'internplan_placement': ('struct internplan_placement', ['const struct internplan *', 'size_t']),
}

# ---- ctypes from the above

SINK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_types = {'void': None, 'bool': ctypes.c_bool, 'int': ctypes.c_int, 'size_t': ctypes.c_size_t, 'uint64_t': ctypes.c_uint64, 'int64_t': ctypes.c_int64,
          'double': ctypes.c_double, 'const char *': ctypes.c_char_p, 'void *': ctypes.c_void_p, 'struct internplan *': ctypes.c_void_p,
          'const struct internplan *': ctypes.c_void_p, 'internplan_sink *': SINK}
_types.update({f'enum {name}': ctypes.c_uint for name in ENUMS})


def _member(text):
    """(name, ctype) of one member's declaration."""
    if '(*' in text:
        result, rest = text.split('(*', 1)
        name, arguments = rest.split(')(', 1)
        kinds = [ctypes.c_void_p] * (arguments.count(',') + 1)
        return name, ctypes.CFUNCTYPE(_types[result.strip()], *kinds)
    if text.endswith(']'):
        return text[len('char '):text.index('[')], ctypes.c_char * int(text[text.index('[') + 1:-1])
    kind, star, name = text.rpartition('*' if '*' in text else ' ')
    return name, _types[(kind + star).strip() if star == '*' else kind]


STRUCT = {name: type(name, (ctypes.Structure,), {'_fields_': [_member(x) for x in members]}) for name, members in STRUCTS.items()}
_types.update({f'struct {name}': c for name, c in STRUCT.items()})
_types.update({f'const struct {name} *': ctypes.POINTER(c) for name, c in STRUCT.items()})


def _load():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'build', 'libinternplan.so')
    path = os.environ.get('INTERNPLAN_LIBRARY') or (here if os.path.exists(here) else 'libinternplan.so.0')
    library = ctypes.CDLL(path)
    for name, (result, arguments) in FUNCTIONS.items():
        f = getattr(library, name)
        f.restype, f.argtypes = _types[result], [_types[x] for x in arguments]
    return library


def _text(b):
    return None if b is None else b.decode()


def digest(problem):
    return 'sha256:' + hashlib.sha256(problem).hexdigest()


class ProblemError(ValueError):
    """The problem has faults: .faults lists (path, code, found, allowed), .count says how many there are."""

    def __init__(self, faults, count):
        super().__init__('; '.join(f'{path or "/"}: {code}, found {found}, allowed {allowed}' for path, code, found, allowed in faults[:5]))
        self.faults, self.count = faults, count


class Planner:
    """One planner of at most memory_bytes. Of one thread at a time. Texts are copied out; close() or `with` frees it."""

    def __init__(self, memory_bytes=1 << 30):
        self.library = _load()
        self.p = self.library.internplan_new(memory_bytes)
        if not self.p:
            raise MemoryError('internplan_new')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.library.internplan_free(self.p)
        self.p = None

    def load(self, problem):
        """Problem file as bytes."""
        status = ENUMS['internplan_status'][self.library.internplan_load(self.p, problem, len(problem))]
        if status == 'LIMIT':
            raise MemoryError('internplan_load')
        if status == 'INVALID':
            count = self.library.internplan_error_count(self.p)
            faults = [self.library.internplan_error(self.p, i) for i in range(min(count, 100))]
            raise ProblemError([(_text(e.path), ENUMS['internplan_fault'][e.code], _text(e.found), _text(e.allowed)) for e in faults], count)

    def start_from(self, plan):
        return ENUMS['internplan_start'][self.library.internplan_start_from(self.p, plan, len(plan))]

    def _options(self, seed, budget_ticks, seconds, threads, proposals, progress, cancel):
        """Options, and what must live as long as they are used. progress(dict) may ask levels(); cancel() ends the work."""
        o = self.library.internplan_options_default()
        o.seed, o.budget_ticks, o.seconds, o.threads, o.proposals = seed, budget_ticks, seconds, threads, proposals
        kinds = dict(STRUCT['internplan_options']._fields_)
        o.clock = kinds['clock'](lambda ctx: time.monotonic())
        if progress is not None:
            def told(ctx, at):
                x = ctypes.cast(at, ctypes.POINTER(STRUCT['internplan_progress'])).contents
                progress({n: _text(getattr(x, n)) if c is ctypes.c_char_p else getattr(x, n) for n, c in x._fields_})
            o.progress = kinds['progress'](told)
        if cancel is not None:
            o.cancel = kinds['cancel'](lambda ctx: bool(cancel()))
        return o

    def solve(self, seed=1, budget_ticks=0, seconds=0.0, threads=1, proposals=0, progress=None, cancel=None):
        """OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN or LIMIT."""
        o = self._options(seed, budget_ticks, seconds, threads, proposals, progress, cancel)
        return ENUMS['internplan_status'][self.library.internplan_solve(self.p, ctypes.byref(o))]

    def _written(self, call):
        pieces = []

        def take(ctx, at, n):
            pieces.append(ctypes.string_at(at, n))
            return True
        result = call(SINK(take))
        return result, b''.join(pieces)

    def write(self, problem_digest):
        """The plan file's bytes, or None."""
        good, text = self._written(lambda sink: self.library.internplan_write(self.p, problem_digest.encode(), sink, None))
        return text if good else None

    def what_if(self, problem_digest, seed=1, budget_ticks=0, seconds=0.0, threads=1, progress=None, cancel=None):
        """(status, bytes of internbase.whatif/1)"""
        o = self._options(seed, budget_ticks, seconds, threads, 0, progress, cancel)
        status, text = self._written(lambda sink: self.library.internplan_what_if(self.p, ctypes.byref(o), problem_digest.encode(), sink, None))
        return ENUMS['internplan_status'][status], text

    def state(self):
        return ENUMS['internplan_status'][self.library.internplan_state(self.p)]

    def stopped_by(self):
        return ENUMS['internplan_stop'][self.library.internplan_stopped_by(self.p)][len('STOP_'):]

    def ticks(self):
        return self.library.internplan_ticks(self.p)

    def levels(self):
        """[{ name, value or None, bound, proven, certified }]"""
        out = []
        for i in range(self.library.internplan_level_count(self.p)):
            x = self.library.internplan_level(self.p, i)
            out.append({'name': _text(x.name), 'value': x.value if x.has_value else None, 'bound': x.bound, 'proven': x.proven, 'certified': x.certified})
        return out

    def proposals(self):
        return self.library.internplan_proposal_count(self.p)

    def select(self, i):
        return self.library.internplan_select(self.p, i)

    def change(self):
        x = self.library.internplan_change(self.p)
        return {n: getattr(x, n) for n, _ in x._fields_}

    def placements(self):
        """(student, rotation, department, Monday, open weeks)"""
        out = []
        for i in range(self.library.internplan_placement_count(self.p)):
            x = self.library.internplan_placement(self.p, i)
            out.append((_text(x.student), _text(x.rotation), _text(x.department), getattr(x, 'from').decode(),
                        x.weeks))
        return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('problem')
    a.add_argument('seconds', type=float)
    a.add_argument('--threads', type=int, default=2)
    a.add_argument('--seed', type=int, default=1)
    a.add_argument('--plan', default='/dev/null')
    args = a.parse_args()
    with open(args.problem, 'rb') as f:
        data = f.read()
    trace, now = [], {}
    with Planner() as p:
        p.load(data)
        began = time.monotonic()

        def seen(at=None):
            for x in p.levels():
                point = [x['value'], max(0, x['bound'])]
                if now.get(x['name']) != point:
                    now[x['name']] = point
                    trace.append([round(time.monotonic() - began, 2), x['name'], *point])
        status = p.solve(args.seed, 10**12, args.seconds, args.threads, progress=seen)
        seen()
        text = p.write(digest(data))
        if text is not None and status in ('OPTIMAL', 'FEASIBLE'):
            with open(args.plan, 'wb') as f:
                f.write(text)
        print(json.dumps({'engine': 'internbase', 'plan': status in ('OPTIMAL', 'FEASIBLE'), 'levels': now, 'trace': trace, 'note': '', 'build': 0,
                          'seconds': round(time.monotonic() - began, 2), 'left_out': []}))


if __name__ == '__main__':
    main()
