"""Skewed rows: directions in time and space along which no dependence runs backward.

    for t { B(i) = f(A(i-1), A(i), A(i+1));  A(i) = f(B(i-1), B(i), B(i+1)) }
has the rows 2*t + i and 2*t - i for the first statement, 2*t + i + 1 and 2*t - i + 1 for the
second: both grow, or stand, along every dependence, so that tiles of both are legal (Bondhugula
et al., "Diamond tiling", 2017). Distances are exact; slopes are the least integers, and what a
statement is behind another inside one step is a constant per statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import IN, PARAM, Row
from polyc.scheduler.dependences import Edge

STEEPEST = 8  # elements a value may travel in one step; more would leave no tile to speak of

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Direction:
    """One row: slope * time + sign * place + offset of the statement."""

    slope: int
    sign: int
    offsets: Mapping[str, int]

    def row(self, time: Row, place: Row) -> Row:
        """The row of every statement."""
        return Row.of(
            {n: e * self.slope + place[n] * self.sign + self.offsets[n] for n, e in time.exprs}
        )


def places(statements: tuple[Statement, ...], time: Row) -> tuple[Row, ...] | None:
    """One row per dimension of space: the subscripts of what each statement writes, without the
    dimensions that time moves. None where the statements do not agree on how many there are."""
    found: list[tuple[Int, ...]] = []
    for s in statements:
        clock = time[s.name].names
        if not all(map(_is_linear, s.subs)):
            return None
        found.append(tuple(sub for sub in s.subs if clock.isdisjoint(sub.names)))
    if not found[0] or any(len(subs) != len(found[0]) for subs in found):
        return None
    return tuple(
        Row.of({s.name: subs[d] for s, subs in zip(statements, found, strict=True)})
        for d in range(len(found[0]))
    )


def _is_linear(e: Int) -> bool:
    return all(len(m) <= 1 and all(isinstance(a, str) for a in m) for m, _ in e.terms)


def planes(program: Program, time: Row, place: Row) -> dict[str, isl.Map]:
    """{ S[vars] -> [time, place] } by statement."""
    sizes = ", ".join(z.name for z in program.sizes)
    out: dict[str, isl.Map] = {}
    for name, e in time.exprs:
        values = f"{to_isl(e)}, {to_isl(place[name])}"
        variables = ", ".join(program.statement(name).vars)
        out[name] = isl.Map(f"[{sizes}] -> {{ {name}[{variables}] -> [{values}] }}")
    return out


def distances(plane: Mapping[str, isl.Map], edges: tuple[Edge, ...]) -> dict[Pair, isl.Set]:
    """{ [steps, elements] } between the ends of the edges, for any sizes, by pair of statements."""
    out: dict[Pair, isl.Set] = {}
    for e in edges:
        # pairs: { [t, x] -> [t', x'] }
        pairs = e.relation.apply_domain(plane[e.source]).apply_range(plane[e.sink])
        gaps = pairs.deltas()
        gaps = gaps.project_out(PARAM, 0, gaps.dim(PARAM)).coalesce()
        key = (e.source, e.sink)
        out[key] = out[key].union(gaps).coalesce() if key in out else gaps
    return out


def direction(gaps: Mapping[Pair, isl.Set], names: tuple[str, ...], sign: int) -> Direction | None:
    """The flattest direction along which every dependence goes forward; None where there is none
    up to `STEEPEST`."""
    for slope in range(STEEPEST + 1):
        behind = {pair: _least(gap, slope, sign) for pair, gap in gaps.items()}
        known = {pair: -low for pair, low in behind.items() if low is not None}
        if len(known) < len(behind):
            continue  # a distance without bound at this slope
        offsets = _offsets(names, known)
        if offsets is not None:
            return Direction(slope, sign, offsets)
    return None


def _least(gap: isl.Set, slope: int, sign: int) -> int | None:
    """The least value of slope * steps + sign * elements; None where it has no bound."""
    aff = isl.Aff.zero_on_domain(isl.LocalSpace.from_space(gap.get_space()))
    for d, factor in enumerate((slope, sign)):
        aff = aff.set_coefficient_val(IN, d, isl.Val(factor))
    low = gap.min_val(aff)
    return int(low.to_python()) if low.is_int() else None


def _offsets(names: tuple[str, ...], ahead: Mapping[Pair, int]) -> dict[str, int] | None:
    """Least offsets >= 0 with offset[sink] - offset[source] >= ahead: longest paths (Bellman and
    Ford); None where a cycle of dependences asks for more and more."""
    offsets = dict.fromkeys(names, 0)
    for _ in range(len(names) + 1):
        changed = False
        for (source, sink), least in ahead.items():
            if offsets[sink] < offsets[source] + least:
                offsets[sink] = offsets[source] + least
                changed = True
        if not changed:
            return offsets
    return None


@dataclass(frozen=True, slots=True)
class Space:
    """One dimension of space: its place in every statement and the directions that are legal."""

    place: Row
    up: Direction | None
    down: Direction | None

    @property
    def along(self) -> Direction | None:
        """The flatter of the two."""
        known = [d for d in (self.up, self.down) if d is not None]
        return min(known, key=lambda d: d.slope, default=None)

    @property
    def slope(self) -> int:
        """Elements that a cut along the dimension moves in a step."""
        return self.along.slope if self.along else 0


def space(plane: Mapping[str, isl.Map], edges: tuple[Edge, ...], place: Row) -> Space:
    """What is legal along one dimension, given its `planes`, for edges among its statements."""
    names, gaps = tuple(plane), distances(plane, edges)
    return Space(place, direction(gaps, names, 1), direction(gaps, names, -1))
