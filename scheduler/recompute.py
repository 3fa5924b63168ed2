"""Statements of a pipeline cut into tiles that compute their halos themselves.

    A(i) = f(X(i))                     A(t, i) = f(X(4*t + i))          0 <= i < 6, 4*t + i < N + 2
    B(i) = A(i) + A(i+2)    becomes    B(4*t + i) = A(t, i) + A(t, i+2)     0 <= i < 4, 4*t + i < N

Rows 4*t + 4 and 4*t + 5 of A are computed by tiles t and t + 1. Now `t` has no distance between the
two, the loops share it, and A is an array of one tile. What tiles compute twice is the same value
from the same operations, so results are the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import islpy as isl

from polyc.frontend.integers import Int, IntLike, ceil_div, to_isl
from polyc.frontend.program import (
    Expr,
    Index,
    Load,
    Program,
    Statement,
    Tensor,
    map_children,
)
from polyc.scheduler.halo import Pipeline, Strip, moving


@dataclass(frozen=True, slots=True)
class Cut:
    """Tiles of `tile` rows (times the scale of a tensor) along one dimension of the pipeline.

    counter  the new variable that counts them
    length   rows of the results, an `Int` of sizes, and `scale` of the tensor they are rows of
    """

    strips: Mapping[str, Strip]
    tile: int
    counter: str
    length: Int
    scale: int

    @property
    def count(self) -> Int:
        """Tiles."""
        return ceil_div(self.length, self.tile * self.scale)

    def first(self, tensor: str) -> Int:
        """The first row of a tile, of the given tensor."""
        strip = self.strips[tensor]
        return Int.of(self.counter) * (strip.scale * self.tile) + strip.low


def recompute(program: Program, p: Pipeline, cuts: tuple[Cut, ...], exact: bool = True) -> Program:
    """The program with the pipeline's statements in tiles.

    Not `exact`, it keeps the domains of before: enough to find strides and footprints in.
    """
    inside = {s.name for s in p.statements}
    sizes = tuple(z.name for z in program.sizes)
    return replace(
        program,
        tensors=tuple(_tensor(t, cuts) if t.name in p.inner else t for t in program.tensors),
        statements=tuple(
            _statement(s, p.inner, cuts, _domain(s, cuts, sizes) if exact else s.domain)
            if s.name in inside
            else s
            for s in program.statements
        ),
    )


def rows_of(s: Statement, c: Cut) -> tuple[str, int, Int]:
    """The variable that a tile cuts, the rows of the tile, and row - variable."""
    strip = c.strips[s.tensor]
    v, gap = moving(s, strip) or ("", 0)
    return v, strip.rows(c.tile), c.first(s.tensor) - gap


def _tensor(t: Tensor, cuts: tuple[Cut, ...]) -> Tensor:
    shape = list(t.shape)
    for c in cuts:
        strip = c.strips[t.name]
        shape[strip.dim] = Int.of(strip.rows(c.tile))
    return replace(t, shape=(*(c.count for c in cuts), *shape))


def _statement(
    s: Statement, inner: frozenset[str], cuts: tuple[Cut, ...], domain: isl.Set
) -> Statement:
    """One statement in terms of tiles; every variable that is cut counts inside its tile."""
    table: dict[str, IntLike] = {}
    for c in cuts:
        v, _, first = rows_of(s, c)
        table[v] = first + v
    counters = tuple(c.counter for c in cuts)

    def within(tensor: str, index: tuple[Int, ...]) -> tuple[Int, ...]:
        """Where the element lies: that of an inner tensor in the array of its tile."""
        if tensor not in inner:
            return index
        new = list(index)
        for c in cuts:
            new[c.strips[tensor].dim] -= c.first(tensor)
        return (*map(Int.of, counters), *new)

    def go(e: Expr) -> Expr:
        match e:
            case Index(x, dtype):
                return Index(x.subs(table), dtype)
            case Load(tensor, index, dtype) if tensor in inner:
                moved = tuple(x.subs(table) for x in index if isinstance(x, Int))
                return Load(tensor, within(tensor, moved), dtype)
            case Load(tensor, index, dtype):
                new = (x.subs(table) if isinstance(x, Int) else go(x) for x in index)
                return Load(tensor, tuple(new), dtype)
            case _:
                return map_children(e, go)

    return replace(
        s,
        vars=(*counters, *s.vars),
        domain=domain,
        subs=within(s.tensor, tuple(x.subs(table) for x in s.subs)),
        value=go(s.value),
        tiles=(*counters, *s.tiles),
    )


def _domain(s: Statement, cuts: tuple[Cut, ...], sizes: tuple[str, ...]) -> isl.Set:
    """{ S[tile, row in the tile, ...] : the row is in the tile and in the domain }"""
    point = {v: v for v in s.vars}
    bounds: list[str] = []
    for c in cuts:
        v, rows, first = rows_of(s, c)
        point[v] = to_isl(first + v)
        step = c.scale * c.tile
        bounds.append(f"0 <= {v} < {rows} and 0 <= {step}*{c.counter} < {to_isl(c.length)}")
    counters = [c.counter for c in cuts]
    tiles = isl.Map(
        f"[{', '.join(sizes)}] -> {{ {s.name}[{', '.join((*counters, *s.vars))}] -> "
        f"{s.name}[{', '.join(point.values())}] : {' and '.join(bounds)} }}"
    )
    return tiles.intersect_range(s.domain).domain()
