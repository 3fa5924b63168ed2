"""The roofline as a picture: operations a cycle over operations a byte, both logarithmic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log10

from polyc.report import svg
from polyc.report.roofline import Roof, Roofline

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 460.0, 290.0, 46.0, 254.0, 14.0


@dataclass(frozen=True, slots=True)
class _Scale:
    """What the axes reach."""

    low: float  # operations a byte
    high: float
    least: float  # operations a cycle
    most: float

    def at(self, intensity: float, rate: float) -> tuple[float, float]:
        across = log10(intensity / self.low) / log10(self.high / self.low)
        up = log10(max(rate, self.least) / self.least) / log10(self.most / self.least)
        return _LEFT + across * (_WIDTH - _LEFT - 12), _BOTTOM - up * (_BOTTOM - _TOP)


def roofline_picture(r: Roofline, measured: float | None) -> str:
    """A roof and a dot for each level of the memory, and crosses where calls were timed.

    measured  operations a cycle of timed calls, None where none were timed
    """
    levels = [x for x in r.roofs if x.intensity]
    found = [x.intensity for x in levels if x.intensity]
    low, high = min([0.05, *found]) / 2, max([100.0, *found]) * 2
    slowest = low * min(x.rate for x in levels)
    least = slowest if measured is None else min(slowest, measured / 2)
    scale = _Scale(low, high, least, r.roofs[0].rate * 2.5)
    parts = [*_axes(scale), *_roofs(scale, r.roofs[0], levels), *_dots(scale, r, levels)]
    if measured is not None:
        parts += [p for x in found for p in _cross(*scale.at(x, measured))]
    return svg.picture(_WIDTH, _HEIGHT, parts, "roofline")


def _axes(s: _Scale) -> Iterator[str]:
    yield svg.line(_LEFT, _BOTTOM, _WIDTH - 8, _BOTTOM, "link")
    yield svg.line(_LEFT, 10, _LEFT, _BOTTOM, "link")
    for k in range(-3, 6):
        value = 10.0**k
        if s.low < value < s.high:
            yield svg.text(s.at(value, s.least)[0], _BOTTOM + 16, f"{value:g}", "tick", "middle")
        if s.least < value < s.most:
            yield svg.text(_LEFT - 5, s.at(s.low, value)[1] + 4, f"{value:g}", "tick", "end")
    yield svg.text(_WIDTH / 2, _BOTTOM + 32, "operations per byte moved", "axis", "middle")
    yield svg.text(4, 10, "operations a cycle", "axis")


def _roofs(s: _Scale, arithmetic: Roof, levels: list[Roof]) -> Iterator[str]:
    for x in levels:
        start, knee = s.least / x.rate, arithmetic.rate / x.rate
        start = max(start, s.low)
        yield svg.path([s.at(start, start * x.rate), s.at(knee, arithmetic.rate)], f"roof {x.name}")
        tx, ty = s.at(start * 1.15, start * 1.15 * x.rate)
        yield svg.text(tx, ty - 6, x.name, f"label {x.name}")
    flat = min(arithmetic.rate / x.rate for x in levels)
    ends = [s.at(flat, arithmetic.rate), s.at(s.high, arithmetic.rate)]
    yield svg.path(ends, "roof arithmetic")
    x1, y1 = ends[1]
    yield svg.text(x1, y1 - 6, f"arithmetic, {arithmetic.rate:g}", "label", "end")


def _dots(s: _Scale, r: Roofline, levels: list[Roof]) -> Iterator[str]:
    """Where the kernel stands if nothing but its limit slows it down."""
    made = r.flops / r.predicted_cycles()
    for x in levels:
        intensity = x.intensity or 1.0
        note = f"{x.name}: {intensity:.3g} operations a byte, {x.cycles:,.0f} cycles"
        strong = " limit" if x is r.limit else ""
        yield svg.dot(*s.at(intensity, made), 5.0, f"level {x.name}{strong}", note)


def _cross(x: float, y: float) -> tuple[str, str]:
    return (
        svg.path([(x - 5, y - 5), (x + 5, y + 5)], "cross"),
        svg.path([(x - 5, y + 5), (x + 5, y - 5)], "cross"),
    )
