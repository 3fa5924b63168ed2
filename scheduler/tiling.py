"""Tile sizes of a group's outer dimensions, from footprints and the target's caches.

A tile starts as the whole range. It is halved, in the dimension for which all tiles together touch
least (streams: from the outermost on), until what it touches fits the cache it should live in, and
further while there are too few tiles to keep the threads busy and each still does enough work to
pay for its start.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2, prod

from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.figures import Box, Figures
from polyc.target import Target

# Operations of a tile that are worth a thread's attention: about 20 microseconds of vector code.
WORTH_A_TILE = 400_000
# Elements of a contiguous run in tiles that several stages stream through one after another: a
# page of float32, and a few lines more so that the rows of a tile do not fall into the same sets
# of a cache. Shorter ones start the prefetcher over and over (a blur of 4096^2: 0.93 of the untiled
# speed with runs of 128, 1.25 with 512 or more).
LONG_RUN = 1088
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

    @property
    def moved(self) -> int:
        """Bytes that all tiles touch."""
        return self.bytes * prod(self.counts)

    @property
    def work(self) -> int:
        """What WORTH_THREADS is compared with: operations, or bytes where those take longer."""
        return max(self.operations, self.moved)


def choose(
    program: Program,
    names: tuple[str, ...],
    rows: tuple[Row, ...],
    units: tuple[int, ...],
    room: int,
    blocks: Mapping[str, Mapping[str, int]] | None = None,
    figures: Figures | None = None,
    *,
    outer_first: bool = False,
    shared: bool = True,
) -> Tiling:
    """Sizes for every row so that a tile touches at most `room` bytes; sizes are fixed.

    `units` are the register tiles' elements that sizes are multiples of; `blocks` are the terms of
    each statement's sum that a tile touches at a time; `figures` of the named statements, where
    somebody has them. With `outer_first` a row is cut only when those before it are cut to their
    units. A row that counts tiles already has size 1. Threads want many tiles where they are
    `shared`.
    """
    figures = figures or Figures.of(program, names)
    ranges = [figures.span(r, names) for r in rows]
    total = sum(figures.work[n] for n in names)
    sizes = [1 if counts_tiles(figures, r, names) else n for r, n in zip(rows, ranges, strict=True)]

    if blocks:
        near = {n: {**figures.ranges[n], **blocks.get(n, {})} for n in names}
        figures = Figures.within(program, near)
    boxes = footprints(figures, names, rows)
    cut = _halve_outermost if outer_first else functools.partial(_halve, ranges=ranges, boxes=boxes)
    while sum(boxes(sizes).values()) > room and cut(sizes, units):
        pass
    while (
        shared
        and _tiles(sizes, ranges) < ENOUGH_TILES
        and total / max(1, _tiles(sizes, ranges)) > WORTH_A_TILE
    ):
        if not cut(sizes, units):
            break
    counts = tuple(ceil(r / t) for r, t in zip(ranges, sizes, strict=True))
    return Tiling(tuple(sizes), counts, boxes(sizes), total)


def counts_tiles(figures: Figures, row: Row, names: Iterable[str]) -> bool:
    """The row is the number of a tile in every statement."""
    table = dict(row.exprs)
    return all(figures.role(n, table[n]) == "tile" for n in names)


def run_units(
    figures: Figures, names: tuple[str, ...], rows: tuple[Row, ...], target: Target
) -> tuple[int, ...]:
    """The least size of each row that keeps contiguous runs worth their start: several vectors
    along the last dimension of what all the statements write, 1 elsewhere."""
    tables = [dict(r.exprs) for r in rows]
    roles = [{figures.role(n, t[n]) for n in names} for t in tables]
    run = LONG_RUN if any("tile" in x for x in roles) else target.vector_bytes
    return tuple(run if x == {"run"} else 1 for x in roles)


def _tiles(sizes: list[int], ranges: list[int]) -> int:
    return prod(ceil(r / t) for r, t in zip(ranges, sizes, strict=True))


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
    figures: Figures, names: Iterable[str], rows: tuple[Row, ...]
) -> Callable[[Sequence[int]], dict[str, int]]:
    """A function from tile sizes of the rows to the bytes of the box of each tensor that one tile
    of the named statements touches."""
    touched = figures.boxes(names, rows)
    number: dict[Box, int] = {}
    places = {
        tensor: [number.setdefault(box, len(number)) for box in found]
        for tensor, found in touched.items()
    }

    def boxes(sizes: Sequence[int]) -> dict[str, int]:
        size = [box.touched(sizes) for box in number]
        return {tensor: max([size[k] for k in found]) for tensor, found in places.items()}

    return boxes
