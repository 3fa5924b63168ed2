"""Boxes of array elements: what an access touches, hulls, and what two boxes have in common."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, prod
from typing import NamedTuple

import islpy as isl

SET = isl.dim_type.set


class Side(NamedTuple):
    """Indices first, first + step, ..., last of one dimension."""

    first: int
    last: int
    step: int

    @property
    def length(self) -> int:
        return (self.last - self.first) // self.step + 1


@dataclass(frozen=True, slots=True)
class Box:
    """A product of sides. `most` bounds the elements of it that are touched: a diagonal touches
    fewer than its box holds."""

    sides: tuple[Side, ...]
    most: int

    @property
    def volume(self) -> int:
        return prod(x.length for x in self.sides)

    @property
    def elements(self) -> int:
        return min(self.most, self.volume)


def box_of(points: isl.Set, most: int) -> Box | None:
    """The box of a set without parameters; None where it is empty."""
    if points.is_empty():
        return None
    sides = []
    for d in range(points.dim(SET)):
        low, high = points.dim_min_val(d).to_python(), points.dim_max_val(d).to_python()
        step = points.get_stride(d).to_python() if high > low else 1
        sides.append(Side(low, high, max(1, step)))
    return Box(tuple(sides), most)


def hull(a: Box | None, b: Box | None) -> Box | None:
    """The smallest box around two."""
    if a is None or b is None:
        return b if a is None else a
    if a == b:
        return a
    sides = tuple(map(_around, a.sides, b.sides))
    return Box(sides, a.most + b.most)


def _around(a: Side, b: Side) -> Side:
    first, last = min(a.first, b.first), max(a.last, b.last)
    steps = [x.step for x in (a, b) if x.length > 1]
    return Side(first, last, gcd(abs(a.first - b.first), *steps) or 1)


def common(a: Box | None, b: Box | None) -> float:
    """The part of the first box that lies in the second, from 0 to 1."""
    if a is None or b is None:
        return 0.0
    inside = prod(map(_shared, a.sides, b.sides))
    return min(1.0, inside / a.volume)


def _shared(a: Side, b: Side) -> int:
    """Elements of a side that another has; different steps share what the coarser one allows."""
    if a.step == b.step and (a.first - b.first) % a.step:
        return 0
    first, last = max(a.first, b.first), min(a.last, b.last)
    return max(0, (last - first) // max(a.step, b.step) + 1) if last >= first else 0
