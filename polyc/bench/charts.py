"""Pictures of a run as SVG text: a roofline for each level of memory, predicted against measured.

Plain shapes and text with classes, so that the page's style sheet colours them, in the dark too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from polyc.bench.model import Accuracy
from polyc.bench.results import Result, Run
from polyc.roofs import LEVELS

# Narrow enough to be read on a telephone, where the whole picture is 360 pixels wide.
WIDTH, HEIGHT = 400, 280
LEFT, RIGHT, TOP, BOTTOM = 50, 18, 12, 40


@dataclass(frozen=True, slots=True)
class Axes:
    """Logarithmic in both directions, from whole powers of ten to whole powers of ten."""

    x: tuple[int, int]
    y: tuple[int, int]

    @staticmethod
    def around(xs: Sequence[float], ys: Sequence[float]) -> Axes:
        return Axes(_decades(xs), _decades(ys))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """In pixels."""
        return self.across(x), self.up(y)

    def across(self, x: float) -> float:
        low, high = self.x
        return LEFT + (log10(x) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def up(self, y: float) -> float:
        low, high = self.y
        return HEIGHT - BOTTOM - (log10(y) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def roofline(run: Run, threads: int, level: str) -> str:
    """Kernels of polyc by the operations they do for each byte from a level; "" without any."""
    roofs = run.roofs[threads]
    peak, speed = roofs.flops["float32"] / 1e9, roofs.bytes[level] / 1e9
    points = [
        (r, r.flops / moved, r.flops / r.median_s / 1e9)
        for r in run.results
        if r.threads == threads and r.flops and (moved := _moved(r, level))
    ]
    if not points:
        return ""
    ridge = peak / speed
    xs = [x for _, x, _ in points] + [ridge / 3, ridge * 3]
    axes = Axes.around(xs, [y for *_, y in points] + [peak])
    low, high = 10.0 ** axes.x[0], 10.0 ** axes.x[1]
    floor_y = 10.0 ** axes.y[0]
    start = max(low, floor_y / speed)
    corners = [(start, start * speed), (ridge, peak), (high, peak)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (axes.at(*c) for c in corners))
    drawn = [f'<polyline class="roof" points="{path}"/>']
    drawn += [
        _point(axes, x, y, f"{r.op} ({r.contender})", k) for k, (r, x, y) in enumerate(points)
    ]
    note = f"{speed:.0f} GB/s, {peak:.0f} GFLOP/s"
    title = f"Roofline of {level}, {threads} thread{'s' * (threads > 1)}"
    return _svg(axes, title, f"operations per byte of {level}", "GFLOP/s", [*drawn, _note(note)])


def _moved(r: Result, level: str) -> float:
    return float((r.about or {}).get("bytes_moved", {}).get(level, 0))


def prediction(found: Accuracy) -> str:
    """Predicted against measured times; on the line they are equal."""
    xs, ys = [r.predicted_s * 1e6 for r in found.rows], [r.measured_s * 1e6 for r in found.rows]
    axes = Axes.around([*xs, *ys], [*xs, *ys])
    ends = [axes.at(10.0**e, 10.0**e) for e in axes.x]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)
    drawn = [f'<polyline class="equal" points="{path}"/>']
    drawn += [
        _point(axes, x, y, f"{r.op} ({r.contender}), {r.ratio:.2f} times", k)
        for k, (r, x, y) in enumerate(zip(found.rows, xs, ys, strict=True))
    ]
    return _svg(axes, "Predicted and measured time", "predicted, us", "measured, us", drawn)


def _point(axes: Axes, x: float, y: float, name: str, k: int) -> str:
    """With its number, which the list below the picture explains, and its name on hovering."""
    across, up = axes.at(x, y)
    return (
        f'<g class="point"><title>{escape(name)}: {x:.3g}, {y:.3g}</title>'
        f'<circle cx="{across:.1f}" cy="{up:.1f}" r="8"/>'
        f'<text x="{across:.1f}" y="{up + 3.5:.1f}" text-anchor="middle">{k + 1}</text></g>'
    )


def _note(text: str) -> str:
    return _text(WIDTH - RIGHT - 4, HEIGHT - BOTTOM - 8, text, "end", ' class="note"')


def _text(x: float, y: float, text: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text{more} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(axes: Axes, title: str, across: str, up: str, drawn: Sequence[str]) -> str:
    lines = []
    for e in range(axes.x[0], axes.x[1] + 1):
        x = axes.across(10.0**e)
        lines.append(
            f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>'
        )
        lines.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 14}" text-anchor="middle">{_power(e)}</text>'
        )
    for e in range(axes.y[0], axes.y[1] + 1):
        y = axes.up(10.0**e)
        lines.append(
            f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
        )
        lines.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{_power(e)}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    names = [
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across),
        _text(11, middle, up, more=f' transform="rotate(-90 11 {middle})"'),
    ]
    return "\n".join(
        [
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
            *lines,
            *drawn,
            *names,
            "</svg>",
        ]
    )


def _power(e: int) -> str:
    return f"{10.0**e:g}" if -2 <= e <= 3 else f"1e{e}"


def legend(run: Run, threads: int, level: str) -> list[str]:
    """Names of a roofline's points, in the order of their numbers."""
    return [
        f"{r.op} ({r.contender})"
        for r in run.results
        if r.threads == threads and r.flops and _moved(r, level)
    ]


__all__ = ["LEVELS", "legend", "prediction", "roofline"]
