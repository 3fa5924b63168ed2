"""Tiles in time and space for a loop over time whose steps would each stream whole arrays.

    for t { S1; S2 }      becomes      for front { parallel for tile { for t { S1; S2 } } }

Two directions along which no dependence runs backward (`skewing`) make the tiles. Where a place
has one for each of its signs these are diamonds: every front is as wide as the place, and all its
tiles start at once; else time and one direction make a pipeline. Tiles with an equal sum of the
two indices are independent: along a dependence neither index falls, so an equal sum means equal
indices. Inside a tile the text's own order is kept, in which every dependence goes forward. Further
dimensions are cut inside, one cut after another, where a tile would not fit the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.program import Program
from polyc.scheduler.affine import Row, operations, over_budget
from polyc.scheduler.dependences import Edge
from polyc.scheduler.skewing import Space, places, planes, space
from polyc.scheduler.timemodel import Model, Pair, Sizes, sizes
from polyc.scheduler.tree import Decision
from polyc.target import WORTH_THREADS, Target

LEAST = 1.5  # times less to move that pay for bounds that move with time


@dataclass(frozen=True, slots=True)
class TimeTiles:
    """Fronts one after another, the tiles of a front in parallel, the cuts inside in order."""

    front: Row
    tile: tuple[Row, int]
    cuts: tuple[tuple[Row, int], ...]


def time_tiles(
    program: Program, model: Model, edges: tuple[Edge, ...], target: Target, budget: int
) -> tuple[TimeTiles | None, Decision]:
    """How to tile the loop over time of the model, or why not.

    `edges` are those among its statements. At most `budget` isl operations are spent.
    """
    subject = "+".join(n for n, _ in model.time.exprs)
    best = _not_worth(model, target) or _best(program, model, edges, target, budget)
    if isinstance(best, str):
        return None, Decision("time", subject, "not tiled", best)
    return best[0], Decision("time", subject, "tiled", best[1])


def _not_worth(model: Model, target: Target) -> str | None:
    if model.steps < 2:
        return "there is one step only"
    if model.work < WORTH_THREADS:
        return f"{model.work} operations are too few for threads"
    if model.step_bytes <= target.l2_bytes:
        step, cache = model.step_bytes / 1024, target.l2_bytes / 1024
        return f"a step touches {step:.0f} KiB, which stay in {cache:.0f} KiB of cache"
    return None


def _best(
    program: Program, model: Model, edges: tuple[Edge, ...], target: Target, budget: int
) -> tuple[TimeTiles, str] | str:
    rows = places(model.statements, model.time)
    if rows is None:
        return "its statements write arrays of different ranks, or not at affine places"
    found = [(p, planes(program, model.time, p)) for p in rows]
    try:
        with operations(budget):
            spaces = tuple(space(plane, edges, p) for p, plane in found)
    except isl.Error as error:
        if over_budget(error):
            return "the budget of isl operations is spent"
        raise
    pairs = list(_pairs(spaces, model.time))
    if not pairs:
        return "dependences go any distance in every dimension"
    ways = (s for pair in pairs for s in sizes(model, spaces, pair, target))
    best = min(ways, key=lambda s: (s.moved, -s.first), default=None)  # long rows, of equals
    if best is None:
        return f"no tile fits half of {target.l2_bytes / 1024:.0f} KiB of cache"
    if best.moved * LEAST > model.moved:
        return f"tiles would move {_mib(best.moved)}, steps move {_mib(model.moved)}"
    return _tiles(model.time, spaces, best), _reason(model, best)


def _pairs(spaces: tuple[Space, ...], time: Row) -> Iterator[Pair]:
    """Diamonds where there are any, else pipelines."""
    diamonds = [
        Pair(d, s.up.row(time, s.place), s.down.row(time, s.place), s.up.slope + s.down.slope)
        for d, s in enumerate(spaces)
        if s.up is not None and s.down is not None and s.up.slope + s.down.slope
    ]
    if diamonds:
        yield from diamonds
        return
    for d, s in enumerate(spaces):
        if s.along is not None:
            yield Pair(d, s.along.row(time, s.place), time, 0)


def _tiles(time: Row, spaces: tuple[Space, ...], best: Sizes) -> TimeTiles:
    pair = best.pair
    front = Row.of(
        {n: e // best.first + pair.second[n] // best.second for n, e in pair.first.exprs}
    )
    cuts = tuple(
        (along.row(time, spaces[d].place), n)
        for d, n in best.cuts
        if (along := spaces[d].along) is not None
    )
    return TimeTiles(front, (pair.first, best.first), cuts)


def _reason(model: Model, best: Sizes) -> str:
    form = "diamonds" if best.pair.rate else "a pipeline of tiles"
    return (
        f"{form} of {best.first} elements and {best.high} steps, {best.wide} at once, "
        f"touch {best.tile_bytes / 1024:.0f} KiB and move {_mib(best.moved)} where steps move "
        f"{_mib(model.moved)}"
    )


def _mib(n: int) -> str:
    return f"{n / 2**20:.1f} MiB"
