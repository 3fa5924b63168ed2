"""Tile sizes of a group's outer dimensions, from footprints and the target's caches.

A tile starts as the whole range. It is halved, in the dimension with most register tiles left,
until what it touches fits the cache it should live in, and further while there are too few tiles
to keep the threads busy and each still does enough work to pay for its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, prod

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
    bytes: int  # touched by one tile
    operations: int  # of the whole group


def choose(
    program: Program,
    names: tuple[str, ...],
    rows: tuple[Row, ...],
    units: tuple[int, ...],
    room: int,
) -> Tiling:
    """Sizes for every row so that a tile touches at most `room` bytes; sizes are fixed.

    `units` are the register tiles' elements that sizes are multiples of.
    """
    statements = [program.statement(n) for n in names]
    whole = {s.name: extents(s) for s in statements}
    ranges = [_row_extent(r, statements, whole) for r in rows]
    total = sum(work(s, whole[s.name]) for s in statements)
    sizes = list(ranges)

    def touched() -> int:
        return _bytes(program, statements, rows, sizes, whole)

    while touched() > room and _halve(sizes, units):
        pass
    while (
        _tiles(sizes, ranges) < ENOUGH_TILES
        and total / max(1, _tiles(sizes, ranges)) > WORTH_A_TILE
    ):
        if not _halve(sizes, units):
            break
    counts = tuple(ceil(r / t) for r, t in zip(ranges, sizes, strict=True))
    return Tiling(tuple(sizes), counts, touched(), total)


def _tiles(sizes: list[int], ranges: list[int]) -> int:
    return prod(ceil(r / t) for r, t in zip(ranges, sizes, strict=True))


def _row_extent(row: Row, statements: list[Statement], whole: dict[str, dict[str, int]]) -> int:
    best = 1
    for s in statements:
        span = 1
        for v, n in whole[s.name].items():
            span += (n - 1) * abs(row[s.name].coefficient(v) or 0)
        best = max(best, span)
    return best


def _halve(sizes: list[int], units: tuple[int, ...]) -> bool:
    """The size with most units left is halved, to a multiple of its unit; False if none can be.

    The first (outermost) of equals goes first: it disturbs contiguous runs least.
    """
    left = [ceil(t / u) for t, u in zip(sizes, units, strict=True)]
    if not left or max(left) <= 1:
        return False
    i = left.index(max(left))
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


def _bytes(
    program: Program,
    statements: list[Statement],
    rows: tuple[Row, ...],
    sizes: list[int],
    whole: dict[str, dict[str, int]],
) -> int:
    """Bytes of the boxes that one tile touches, each tensor once."""
    boxes: dict[str, int] = {}
    for s in statements:
        ranges = tile_ranges(s, rows, sizes, whole[s.name])
        for a in accesses(s):
            size = footprint(a, ranges, program) * program.tensor(a.tensor).dtype.bytes
            boxes[a.tensor] = max(boxes.get(a.tensor, 0), size)
    return sum(boxes.values())
