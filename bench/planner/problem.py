"""Reads an internbase.problem/1 file into plain numbers for benches and peers: weeks count open weeks from 0, everything
else is an index into the file's lists. Trusts the file: what is wrong with one, the planner says. What a plan of it is
worth stands in planfile.py."""
import datetime
import hashlib
import json


class Problem:
    def __init__(self, data):
        self.digest = 'sha256:' + hashlib.sha256(data).hexdigest()
        p = self.p = json.loads(data)
        w = p['weeks']
        self.first = datetime.date.fromisoformat(w['first'])
        closed = {self.week(x) for x in w.get('closed', [])}
        self.open = [x for x in range(w['count']) if x not in closed]
        self.weeks = len(self.open)
        self.span = w.get('span_closed', True)
        site = {x['id']: i for i, x in enumerate(p.get('sites', []))}
        self.departments = [self._department(d, i, site) for i, d in enumerate(p['departments'])]
        self.department_of = {d['id']: i for i, d in enumerate(p['departments'])}
        self.programmes = [self._programme(g) for g in p['programmes']]
        self.programme_of = {g['id']: i for i, g in enumerate(p['programmes'])}
        self.students = [self._student(s) for s in p['students']]
        self.student_of = {s['id']: i for i, s in enumerate(p['students'])}
        self.pairs = [self._pair(x) for x in p.get('pairs', [])]
        self.shared = [self._shared(x) for x in p.get('shared_quotas', [])]
        self.levels = [self._level(x) for x in p.get('levels', self._default_levels())]
        self.freeze = self.at(self.week(p['base_plan']['freeze'])) if 'base_plan' in p else 0
        self.base = self._base() if 'base_plan' in p else None

    # ---- weeks

    def week(self, monday):
        """Calendar week of the horizon, from 0; may lie outside."""
        return (datetime.date.fromisoformat(monday) - self.first).days // 7

    def monday(self, t):
        return (self.first + datetime.timedelta(weeks=self.open[t])).isoformat()

    def at(self, week):
        """First open week at or after a calendar week; the number of open weeks when there is none."""
        return sum(w < week for w in self.open)

    def covered(self, x):
        """Open weeks of { from, weeks }."""
        a = self.week(x['from'])
        return [t for t, w in enumerate(self.open) if a <= w < a + x['weeks']]

    # ---- parts

    def _department(self, d, index, site):
        T = self.weeks
        own, limits, least = [d['capacity']] * T, [d.get('limits', [])] * T, [d.get('minimum', 0)] * T
        for x in d.get('exceptions', []):
            for t in self.covered(x):
                own[t], limits[t], least[t] = x.get('capacity', own[t]), x.get('limits', limits[t]), x.get('minimum', least[t])
        cap = [min([own[t]] + [x['capacity'] for x in limits[t]]) for t in range(T)]
        default = min([d['capacity']] + [x['capacity'] for x in d.get('limits', [])])
        return {'site': site[d['site']] if 'site' in d else len(site) + index, 'cap': cap, 'min': least,
                'smooth': [t for t in range(T) if cap[t] == default],
                'quotas': [(q.get('group', q.get('not')), 'not' in q, q['capacity']) for q in d.get('quotas', [])]}

    def _programme(self, g):
        index = {r['id']: i for i, r in enumerate(g['rotations'])}
        rotations = [{'departments': [self.department_of[d] for d in r['departments']], 'weeks': r['weeks'], 'choice': None,
                      'lo': self.at(self.week(r['earliest'])) if 'earliest' in r else 0,
                      'hi': self.at(self.week(r['latest_end'])) if 'latest_end' in r else self.weeks} for r in g['rotations']]
        choices = [{'pick': c['pick'], 'of': [index[r] for r in c['of']]} for c in g.get('choices', [])]
        for i, c in enumerate(choices):
            for r in c['of']:
                rotations[r]['choice'] = i
        orders = [{'before': index[o['before']], 'after': index[o['after']], 'min': o.get('min_gap', 0), 'max': o.get('max_gap'),
                   'requires': o.get('requires', True)} for o in g.get('orders', [])]
        return {'rotations': rotations, 'choices': choices, 'orders': orders, 'rotation_of': index,
                'choice_of': {c['id']: i for i, c in enumerate(g.get('choices', []))},
                'max_consecutive': g.get('max_consecutive'), 'no_free': g.get('free_weeks', 'allowed') == 'forbidden',
                'site_limit': g.get('site_limit')}

    def _student(self, s):
        programme = self.programme_of[s['programme']]
        g = self.programmes[programme]
        return {'programme': programme, 'groups': set(s.get('groups', [])), 'burden': s.get('burden', 0),
                'away': {t for a in s.get('away', []) for t in self.covered(a)},
                'enter': [(e['department'], self.at(self.week(e['from']))) for e in s.get('enter', [])],
                'fixed': {g['rotation_of'][f['rotation']]: (self.department_of[f['department']], self.at(self.week(f['from'])))
                          for f in s.get('fixed', [])},
                'wishes': [self._wish(g, w) for w in s.get('wishes', [])],
                'travel': s.get('dislikes', {}).get('travel', 0), 'waiting': s.get('dislikes', {}).get('waiting', 0)}

    def _wish(self, g, w):
        weight = w.get('weight', 1)
        if 'choice' in w:
            return {'kind': 'choice', 'about': g['choice_of'][w['choice']], 'list': [g['rotation_of'][r] for r in w['rotations']], 'weight': weight}
        about = g['rotation_of'][w['rotation']]
        if 'departments' in w:
            return {'kind': 'department', 'about': about, 'list': [self.department_of[d] for d in w['departments']], 'weight': weight}
        if 'window' in w:
            return {'kind': 'window', 'about': about, 'from': self.week(w['window']['from']), 'until': self.week(w['window']['until']), 'weight': weight}
        return {'kind': 'costs', 'about': about, 'cost': {self.department_of[d]: n for d, n in w['costs'].items()}}

    def _pair(self, x):
        return {'students': [self.student_of[s] for s in x['students']], 'kind': x['kind'], 'rotations': x.get('rotations')}

    def _shared(self, x):
        weeks = self.covered({'from': x.get('from', self.first.isoformat()), 'weeks': x.get('weeks', self.p['weeks']['count'])})
        return {'departments': [self.department_of[d] for d in x['departments']], 'weeks': weeks, 'capacity': x['capacity'],
                'group': x.get('group', x.get('not')), 'not': 'not' in x}

    def _default_levels(self):
        p = self.p
        soft = any(s.get('wishes') or s.get('burden') or any(s.get('dislikes', {}).values()) for s in p['students'])
        return (['unplaced'] * p.get('allow_unplaced', False) + ['changes'] * ('base_plan' in p) +
                ['understaffed'] * any(any(d['min']) for d in self.departments) + ['worst', 'regret'] * soft +
                ['travel'] * (len(p.get('sites', [])) >= 2))

    @staticmethod
    def _level(x):
        return (x, {x: 1}) if isinstance(x, str) else (x['name'], x['weights'])

    def _base(self):
        base = [[None] * self.weeks for _ in self.students]
        for x in self.p['base_plan']['placements']:
            t = self.at(self.week(x['from']))
            for u in range(t, min(t + x['weeks'], self.weeks)):
                base[self.student_of[x['student']]][u] = self.department_of[x['department']]
        return base

    # ---- one student's possible placements

    def in_group(self, s, group, is_not):
        """Does a quota of this group (None: of everybody) count student s?"""
        return group is None or (group in self.students[s]['groups']) != is_not

    def regret(self, s, r, d, t):
        """What the wishes of student s say about one placement; dislikes are not in it."""
        g = self.programmes[self.students[s]['programme']]
        n, total = g['rotations'][r]['weeks'], 0
        for w in self.students[s]['wishes']:
            if (g['rotations'][r]['choice'] if w['kind'] == 'choice' else r) == w['about']:
                total += self.wish(w, r, d, t, n)[0]
        return total

    def wish(self, w, r, d, t, n):
        """(regret, rank or None) of a wish that is about this placement of n weeks."""
        if w['kind'] == 'window':
            kept = w['from'] <= self.open[t] and self.open[t + n - 1] < w['until']
            return (0 if kept else 3 * w['weight'], None)
        if w['kind'] == 'costs':
            return w['cost'].get(d, 0), None
        item = r if w['kind'] == 'choice' else d
        k = w['list'].index(item) if item in w['list'] else len(w['list'])
        return w['weight'] * k * (k + 1) // 2, k

    def placements(self, s):
        """Every (rotation, department, first week) that the rules about one placement allow student s."""
        x = self.students[s]
        rotations = self.programmes[x['programme']]['rotations']
        for r, rotation in enumerate(rotations):
            n = rotation['weeks']
            for d in rotation['departments']:
                name = self.p['departments'][d]['id']
                lo = max([rotation['lo']] + [t for e, t in x['enter'] if e in (name, '*')])
                if r in x['fixed'] and x['fixed'][r][0] != d:
                    continue
                for t in ([x['fixed'][r][1]] if r in x['fixed'] else range(lo, rotation['hi'] - n + 1)):
                    if t < lo or t + n > rotation['hi'] or not x['away'].isdisjoint(range(t, t + n)):
                        continue
                    if self.span or self.open[t + n - 1] - self.open[t] == n - 1:
                        yield r, d, t


def read(path):
    with open(path, 'rb') as f:
        return Problem(f.read())
