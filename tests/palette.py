"""The board's sixteen colours held apart for people who see colours otherwise: static/board.css is read, each colour is seen
through the matrices of Machado, Oliveira and Fernandes (2009) for protanopia, deuteranopia and tritanopia, and every pair must
differ by at least DISTANCE in CIELAB, for every kind of eye; the initials on each must have a contrast of 4.5. usage: palette.py [CSS]"""
import math, re, sys

EYES = {"full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
        "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
        "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))}
DISTANCE, COLOURS, CONTRAST = 15, 16, 4.5


def linear(c):
    c /= 255
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


def rgb(text):
    text = text.lstrip("#")
    text = "".join(c * 2 for c in text) if len(text) == 3 else text
    return [linear(int(text[i:i + 2], 16)) for i in (0, 2, 4)]


def seen(colour, eye):
    return [min(1, max(0, sum(a * b for a, b in zip(row, colour)))) for row in EYES[eye]]


def lab(c):
    x, y, z = (sum(a * b for a, b in zip(row, c)) for row in ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041)))
    f = lambda t: t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
    x, y, z = f(x / 0.95047), f(y), f(z / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def luminance(c):
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]


def contrast(a, b):
    a, b = sorted((luminance(a), luminance(b)))
    return (b + 0.05) / (a + 0.05)


def main():
    css = open(sys.argv[1] if len(sys.argv) > 1 else "static/board.css").read()
    found = re.findall(r"^\.d(\d+) \{ background-color: (#\w+); color: (#\w+); \}$", css, re.M)
    if [int(n) for n, _, _ in found] != list(range(COLOURS)):
        sys.exit(f"failed: {len(found)} colours, {COLOURS} are wanted")
    passed, least = 0, (math.inf,)
    for n, back, ink in found:
        if contrast(rgb(back), rgb(ink)) < CONTRAST:
            sys.exit(f"failed: initials on .d{n} have a contrast of {contrast(rgb(back), rgb(ink)):.2f}")
        passed += 1
    for eye in EYES:
        labs = [lab(seen(rgb(back), eye)) for _, back, _ in found]
        for i in range(COLOURS):
            for k in range(i):
                d = math.dist(labs[i], labs[k])
                least = min(least, (d, eye, k, i))
                if d < DISTANCE:
                    sys.exit(f"failed: .d{k} and .d{i} differ by {d:.1f} only for {eye}")
                passed += 1
    print(f"nearest pair: .d{least[2]} and .d{least[3]}, {least[0]:.1f} for {least[1]}")
    print(f"{passed} passed")


main()
