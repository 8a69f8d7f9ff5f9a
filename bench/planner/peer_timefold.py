#!/usr/bin/env python3
"""Peer Timefold (local search; needs Java 17): an entity for each required rotation and each pick of a choice, its value one
of the placements that the student may have, rules as constraint streams, score hard/medium/soft = rules/worst/regret. Every
placement carries the weeks and the limits that it fills, so that a limit is one group of a stream. Default phases (first fit,
then late acceptance), both threads left to its runtime; tried without gain: strongest fit first. Gives no bound.

usage: peer_timefold.py PROBLEM SECONDS [--threads N] [--plan FILE]"""
from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (PlanningEntityCollectionProperty, PlanningId, PlanningScore, PlanningVariable, ProblemFactCollectionProperty,
                                    ValueRangeProvider, planning_entity, planning_solution)
from timefold.solver.score import ConstraintCollectors, HardMediumSoftScore, Joiners, constraint_provider

import peer_model


@dataclass
class Placement:
    key: int
    r: int
    d: int
    begin: int
    end: int
    regret: int


@dataclass
class Limit:
    """A capacity or quota in one week, and which unit fills how much of it."""
    key: int
    d: int
    t: int
    capacity: int
    heads: list[int]


@dataclass
class Order:
    unit: int
    before: int
    after: int
    gap: int


@dataclass
class Apart:
    a: int
    b: int


@planning_entity
@dataclass
class Task:
    key: Annotated[int, PlanningId]
    unit: int
    size: int
    values: Annotated[list[Placement], ValueRangeProvider]
    placement: Annotated[Placement | None, PlanningVariable] = field(default=None)


@planning_solution
@dataclass
class Schedule:
    limits: Annotated[list[Limit], ProblemFactCollectionProperty]
    orders: Annotated[list[Order], ProblemFactCollectionProperty]
    aparts: Annotated[list[Apart], ProblemFactCollectionProperty]
    tasks: Annotated[list[Task], PlanningEntityCollectionProperty]
    score: Annotated[HardMediumSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider
def rules(f):
    hard, medium, soft = HardMediumSoftScore.ONE_HARD, HardMediumSoftScore.ONE_MEDIUM, HardMediumSoftScore.ONE_SOFT
    return [
        f.for_each_unique_pair(Task, Joiners.equal(lambda x: x.unit),
                               Joiners.overlapping(lambda x: x.placement.begin, lambda x: x.placement.end))
         .penalize(hard, lambda a, b: min(a.placement.end, b.placement.end) - max(a.placement.begin, b.placement.begin))
         .as_constraint('one place at a time'),
        f.for_each_unique_pair(Task, Joiners.equal(lambda x: x.unit), Joiners.equal(lambda x: x.placement.r))
         .penalize(hard, lambda a, b: 2).as_constraint('a rotation once'),
        f.for_each(Order).join(Task, Joiners.equal(lambda o: o.unit, lambda x: x.unit), Joiners.equal(lambda o: o.before, lambda x: x.placement.r))
         .join(Task, Joiners.equal(lambda o, a: o.unit, lambda x: x.unit), Joiners.equal(lambda o, a: o.after, lambda x: x.placement.r))
         .filter(lambda o, a, b: b.placement.begin < a.placement.end + o.gap)
         .penalize(hard, lambda o, a, b: a.placement.end + o.gap - b.placement.begin).as_constraint('order'),
        f.for_each(Limit).join(Task, Joiners.equal(lambda c: c.d, lambda x: x.placement.d),
                               Joiners.greater_than_or_equal(lambda c: c.t, lambda x: x.placement.begin),
                               Joiners.less_than(lambda c: c.t, lambda x: x.placement.end))
         .group_by(lambda c, x: c, ConstraintCollectors.sum(lambda c, x: c.heads[x.unit]))
         .filter(lambda c, n: n > c.capacity).penalize(hard, lambda c, n: n - c.capacity).as_constraint('limit'),
        f.for_each(Apart).join(Task, Joiners.equal(lambda p: p.a, lambda x: x.unit))
         .join(Task, Joiners.equal(lambda p, a: p.b, lambda x: x.unit), Joiners.equal(lambda p, a: a.placement.d, lambda x: x.placement.d),
               Joiners.overlapping(lambda p, a: a.placement.begin, lambda p, a: a.placement.end, lambda x: x.placement.begin, lambda x: x.placement.end))
         .penalize(hard, lambda p, a, b: 1).as_constraint('apart'),
        f.for_each(Task).group_by(lambda x: x.unit, ConstraintCollectors.sum(lambda x: x.placement.regret))
         .group_by(ConstraintCollectors.max(lambda u, n: n)).penalize(medium, lambda n: n).as_constraint('worst'),
        f.for_each(Task).penalize(soft, lambda x: x.placement.regret * x.size).as_constraint('regret'),
    ]


def tasks_of(m):
    """(unit, [columns]): required rotations, then as many picks as each choice has left."""
    for u, x in enumerate(m.units):
        fixed = [r for r in range(len(x.programme['rotations'])) if m.required(u, r)]
        for r in fixed:
            yield u, x.of.get(r, [])
        for c in x.programme['choices']:
            free = [k for r in c['of'] if r not in fixed for k in x.of.get(r, [])]
            for _ in range(c['pick'] - sum(r in fixed for r in c['of'])):
                yield u, free


def solve(m, trace, args):
    m.left_out += [x for x, there in (('burden in worst', any(b for x in m.burden for b in x)), ('worst of a pair: its mean', any(
        len(set(c.regret)) > 1 for c in m.columns)), ('max_gap', any(o['max'] is not None for _, o in m.orders())), ('shared_quotas', m.p.shared),
        ('together for named rotations', any(True for _ in m.same())), ('requires', any(
            o['requires'] and not m.required(u, o['before']) for u, o in m.orders()))) if there]
    made = {k: Placement(k, c.r, c.d, c.t, c.t + c.n, -(-sum(c.regret) // len(c.regret))) for k, c in enumerate(m.columns)}
    tasks = [Task(i, u, len(m.units[u].students), [made[k] for k in ks]) for i, (u, ks) in enumerate(tasks_of(m))]
    if any(not x.values for x in tasks):
        return None, 'infeasible'
    limits = []
    for (d, t), _ in m.cells().items():
        for group, is_not, n in [(None, False, m.p.departments[d]['cap'][t])] + m.p.departments[d]['quotas']:
            limits.append(Limit(len(limits), d, t, n, [m.head(u, group, is_not) for u in range(len(m.units))]))
    aparts = [Apart(*(m.unit_of[s] for s in x['students'])) for x in m.p.pairs if x['kind'] == 'apart']
    orders = [Order(u, o['before'], o['after'], o['min']) for u, o in m.orders()]
    config = SolverConfig(solution_class=Schedule, entity_class_list=[Task],
                          score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
                          termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(args.seconds * 1000))))
    solver = SolverFactory.create(config).build_solver()
    trace.__init__()  # Java and the streams stand: the time begins

    def better(event):
        s = event.new_best_score
        if s.hard_score == 0 and s.is_feasible:
            if trace.now['worst'][0] is not None and -s.medium_score < trace.now['worst'][0]:
                trace.now['regret'][0] = None
            trace.add('worst', value=-s.medium_score)
            trace.add('regret', value=-s.soft_score)

    solver.add_event_listener(better)
    best = solver.solve(Schedule(limits, orders, aparts, tasks))
    if best.score is None or best.score.hard_score < 0:
        return None, f'rules broken: {-best.score.hard_score}'
    return [x.placement.key for x in best.tasks], ''


if __name__ == '__main__':
    from importlib.metadata import version
    peer_model.main(solve, f'Timefold {version("timefold")}')
