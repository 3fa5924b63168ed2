"""The shuffles that turn rows held in vectors into columns.

A block of `lanes` rows by `width` columns lies in `width` vectors, each with lanes / width rows one
after another. log2(width) stages exchange lanes between pairs of vectors; afterwards each vector
holds a column. For 4 rows of 4 (the letter is the row):

    a0 a1 a2 a3    a0 c0 a1 c1    a0 b0 c0 d0
    c0 c1 c2 c3    a2 c2 a3 c3    a2 b2 c2 d2
    b0 b1 b2 b3    b0 d0 b1 d1    a1 b1 c1 d1
    d0 d1 d2 d3    b2 d2 b3 d3    a3 b3 c3 d3

Two kinds of stages, each one instruction on x86 and ARM: inside 128 bits lanes of two vectors are
interleaved (unpack, zip); beyond, even and odd groups of 128 bits are gathered.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUP = 16  # bytes inside which any two lanes are near


@dataclass(frozen=True, slots=True)
class Stage:
    """Vectors k and k + distance (for k without that bit) become their `low` and `high` lanes."""

    distance: int
    low: tuple[int, ...]
    high: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """How a block is transposed.

    rows     vector k starts as rows `rows[k]`, one after another
    stages   in order
    columns  the column that vector k ends as
    """

    rows: tuple[tuple[int, ...], ...]
    stages: tuple[Stage, ...]
    columns: tuple[int, ...]


def exchange(lanes: int, width: int, element_bytes: int) -> Exchange:
    """The exchange of `lanes` rows by `width` columns; both are powers of two, width <= lanes."""
    near = min(lanes, GROUP // element_bytes)
    stages: list[Stage] = []
    distance, group = 1, 1
    if near <= width:
        while distance < near:
            stages.append(_interleave(distance, lanes, near))
            distance *= 2
        group = near
    while distance < width:
        stages.append(_gather(distance, lanes, group))
        distance *= 2
    return _labelled(lanes, width, tuple(stages))


def _interleave(distance: int, lanes: int, near: int) -> Stage:
    def half(first: int) -> tuple[int, ...]:
        starts = range(0, lanes, near)
        pairs = [(s + first + k, lanes + s + first + k) for s in starts for k in range(near // 2)]
        return tuple(lane for pair in pairs for lane in pair)

    return Stage(distance, half(0), half(near // 2))


def _gather(distance: int, lanes: int, group: int) -> Stage:
    def half(first: int) -> tuple[int, ...]:
        starts = range(first * group, 2 * lanes, 2 * group)
        return tuple(s + k for s in starts for k in range(group))

    return Stage(distance, half(0), half(1))


def _labelled(lanes: int, width: int, stages: tuple[Stage, ...]) -> Exchange:
    """Lanes are followed through the stages: where a lane ends says which row it has to be."""
    per = lanes // width
    held = [[(k, lane) for lane in range(lanes)] for k in range(width)]
    for s in stages:
        for k in range(width):
            if not k & s.distance:
                both = held[k] + held[k | s.distance]
                held[k], held[k | s.distance] = [both[n] for n in s.low], [both[n] for n in s.high]
    rows = [[0] * per for _ in range(width)]
    for end, (k, lane) in enumerate(held[0]):
        rows[k][lane // width] = end
    columns = tuple(vector[0][1] % width for vector in held)
    return Exchange(tuple(map(tuple, rows)), stages, columns)
