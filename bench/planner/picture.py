"""Value and bound over time as a small SVG, without a library: one panel for each level, a line for each solver, values
drawn through, bounds dashed."""
COLOURS = ['#0b6e4f', '#c1440e', '#1f5fa8', '#8a4fa0', '#b8860b', '#4a4a4a', '#d1478c', '#5b8c00', '#008b8b']
WIDE, HIGH, LEFT, TOP, GAP = 430, 260, 46, 40, 60


def nice(most):
    step = 10 ** (len(str(max(1, int(most)))) - 1)
    for factor in (1, 2, 5, 10):
        if most <= factor * step:
            return factor * step
    return 10 * step


def stairs(points, end, x, y):
    """A path that keeps its height until the next point."""
    text, last = '', None
    for t, v in points:
        text += f'M{x(t):.1f} {y(v):.1f}' if last is None else f'H{x(t):.1f}V{y(v):.1f}'
        last = v
    return text + f'H{x(end):.1f}' if text else ''


def panel(out, left, level, runs, seconds, colour):
    """Cut off at three times the best value, where the worst of the first plans lie."""
    values = [v for r in runs for _, l, v, _ in r['trace'] if l == level and v is not None]
    bounds = [b for r in runs for _, l, _, b in r['trace'] if l == level and b is not None]
    top = nice(min(max(values), 3 * max(1, min(values)))) if values else nice(max(bounds, default=1))
    x = lambda t: left + min(t, seconds) / seconds * WIDE
    y = lambda v: TOP + HIGH - min(v, top) / top * HIGH
    out.append(f'<text x="{left}" y="{TOP - 10}" class="t">{level}</text>')
    for i in range(6):
        v, t = top * i / 5, seconds * i / 5
        out.append(f'<path d="M{left} {y(v):.1f}h{WIDE}" class="g"/><text x="{left - 6}" y="{y(v) + 4:.1f}" class="e">{v:g}</text>'
                   f'<text x="{x(t):.1f}" y="{TOP + HIGH + 16}" class="m">{t:g} s</text>')
    for r in runs:
        mine = [p for p in r['trace'] if p[1] == level]
        for at, dashed in ((2, ''), (3, ' stroke-dasharray="5 3"')):
            d = stairs([(p[0], p[at]) for p in mine if p[at] is not None], seconds, x, y)
            if d:
                out.append(f'<path d="{d}" class="l" stroke="{colour[r["solver"]]}"{dashed}/>')


def draw(path, title, runs, seconds, levels=('worst', 'regret')):
    """runs: [{ solver, trace: [[s, level, value or None, bound or None]] }]"""
    colour = {r['solver']: COLOURS[i % len(COLOURS)] for i, r in enumerate(runs)}
    wide, high = LEFT + len(levels) * (WIDE + GAP), TOP + HIGH + 34 + 18 * ((len(runs) + 3) // 4)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">',
           '<style>.t{font-weight:bold}.e{text-anchor:end;fill:#555}.m{text-anchor:middle;fill:#555}.g{stroke:#ddd;fill:none}'
           '.l{fill:none;stroke-width:2}</style>', f'<rect width="{wide}" height="{high}" fill="#fff"/>',
           f'<text x="{LEFT}" y="14">{title}: value (line) and proven bound (dashed)</text>']
    for i, level in enumerate(levels):
        panel(out, LEFT + i * (WIDE + GAP), level, runs, seconds, colour)
    for i, r in enumerate(runs):
        x, y = LEFT + (i % 4) * 240, TOP + HIGH + 40 + 18 * (i // 4)
        out.append(f'<path d="M{x} {y - 4}h22" class="l" stroke="{colour[r["solver"]]}"/><text x="{x + 28}" y="{y}">{r["solver"]}</text>')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(out) + '\n</svg>\n')
