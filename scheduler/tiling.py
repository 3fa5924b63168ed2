"""Tile sizes of a group's outer dimensions, from footprints and the target's caches.

A tile starts as the whole range. It is halved, in the dimension with most register tiles left,
until what it touches fits the cache it should live in, and further while there are too few tiles
to keep the threads busy and each still does enough work to pay for its start.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2, prod

from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.facts import accesses, extents, footprint, work

# Operations of a tile that are worth a thread's attention: about 20 microseconds of vector code.
WORTH_A_TILE = 400_000
# Tiles that let threads of unequal speed finish together.
ENOUGH_TILES = 16


@dataclass(frozen=True, slots=True)
class Tiling:
    """Tile size per row of the group, and the figures it was chosen by."""

    sizes: tuple[int, ...]
    counts: tuple[int, ...]  # tiles per row
    boxes: Mapping[str, int]  # bytes of each tensor that one tile touches
    operations: int  # of the whole group

    @property
    def bytes(self) -> int:
        """Touched by one tile."""
        return sum(self.boxes.values())


def choose(
    program: Program,
    names: tuple[str, ...],
    rows: tuple[Row, ...],
    units: tuple[int, ...],
    room: int,
    blocks: Mapping[str, Mapping[str, int]] | None = None,
    *,
    outer_first: bool = False,
) -> Tiling:
    """Sizes for every row so that a tile touches at most `room` bytes; sizes are fixed.

    `units` are the register tiles' elements that sizes are multiples of; `blocks` are the terms of
    each statement's sum that a tile touches at a time. With `outer_first` a row is cut only when
    those before it are cut to their units.
    """
    statements = [program.statement(n) for n in names]
    whole = {s.name: extents(s) for s in statements}
    ranges = [row_extent(r, statements, whole) for r in rows]
    total = sum(work(s, whole[s.name]) for s in statements)
    sizes = list(ranges)

    near = {n: {**r, **(blocks or {}).get(n, {})} for n, r in whole.items()}
    boxes = footprints(program, statements, rows, near)
    cut = _halve_outermost if outer_first else functools.partial(_halve, ranges=ranges, boxes=boxes)
    while sum(boxes(sizes).values()) > room and cut(sizes, units):
        pass
    while (
        _tiles(sizes, ranges) < ENOUGH_TILES
        and total / max(1, _tiles(sizes, ranges)) > WORTH_A_TILE
    ):
        if not cut(sizes, units):
            break
    counts = tuple(ceil(r / t) for r, t in zip(ranges, sizes, strict=True))
    return Tiling(tuple(sizes), counts, boxes(sizes), total)


def _tiles(sizes: list[int], ranges: list[int]) -> int:
    return prod(ceil(r / t) for r, t in zip(ranges, sizes, strict=True))


def row_extent(
    row: Row, statements: Iterable[Statement], whole: Mapping[str, Mapping[str, int]]
) -> int:
    """Values of a row, from the statement that has most; `whole` are the ranges by statement."""
    best = 1
    for s in statements:
        moves = (abs(row[s.name].coefficient(v) or 0) * (n - 1) for v, n in whole[s.name].items())
        best = max(best, 1 + sum(moves))
    return best


def _halve_outermost(sizes: list[int], units: tuple[int, ...]) -> bool:
    """The first size with more than a unit is halved, to a multiple of it; False if none can be."""
    for i, (t, u) in enumerate(zip(sizes, units, strict=True)):
        if t > u:
            sizes[i] = ceil(ceil(t / u) / 2) * u
            return True
    return False


def _halve(
    sizes: list[int],
    units: tuple[int, ...],
    ranges: list[int],
    boxes: Callable[[Sequence[int]], dict[str, int]],
) -> bool:
    """The size whose half makes all tiles together touch least is halved, to a multiple of its
    unit; False if none can be.

    A row that moves every tensor goes first: nothing is touched twice for it. Of those that cost
    the same, the one with most units left goes, and the first (outermost) of equals, which
    disturbs contiguous runs least.
    """
    left = [ceil(t / u) for t, u in zip(sizes, units, strict=True)]
    best: tuple[float, int, int] | None = None
    for i in (i for i, n in enumerate(left) if n > 1):
        half = [*sizes[:i], ceil(left[i] / 2) * units[i], *sizes[i + 1 :]]
        touched = _tiles(half, ranges) * sum(boxes(half).values())
        rank = (round(log2(max(1, touched)), 1), -left[i], i)
        best = rank if best is None else min(best, rank)
    if best is None:
        return False
    i = best[2]
    sizes[i] = ceil(left[i] / 2) * units[i]
    return True


def tile_ranges(
    s: Statement, rows: tuple[Row, ...], sizes: tuple[int, ...] | list[int], whole: dict[str, int]
) -> dict[str, int]:
    """Ranges of a statement's variables inside one tile."""
    out = dict(whole)
    for r, t in zip(rows, sizes, strict=True):
        v = plain_variable(r[s.name], s)
        if v is not None:
            out[v] = min(out[v], t)
    return out


def footprints(
    program: Program,
    statements: Iterable[Statement],
    rows: tuple[Row, ...],
    whole: Mapping[str, Mapping[str, int]],
) -> Callable[[Sequence[int]], dict[str, int]]:
    """A function from tile sizes of the rows to the bytes of the box of each tensor that one tile
    touches; `whole` are the ranges of variables by statement. Sizes of tensors are fixed."""
    tensors = {t.name: t for t in program.tensors}
    inside = [
        (whole[s.name], [plain_variable(r[s.name], s) for r in rows], dict.fromkeys(accesses(s)))
        for s in statements
    ]

    def boxes(sizes: Sequence[int]) -> dict[str, int]:
        out: dict[str, int] = {}
        for most, variables, touched in inside:
            ranges = dict(most)
            for v, size in zip(variables, sizes, strict=True):
                if v is not None:
                    ranges[v] = min(ranges[v], size)
            for a in touched:
                t = tensors[a.tensor]
                out[t.name] = max(
                    out.get(t.name, 0), footprint(a.subs, t.shape, ranges) * t.dtype.bytes
                )
        return out

    return boxes
