"""Sums down the columns of an array that is stored row by row: y[j] += x[i, j].

A register tile walks down a strip of columns and takes a few lines of every row, which no
prefetcher follows, and each row lies on another page. Instead some rows at a time are added to all
of y, which stays in the first-level cache, so that every row is read from start to end:

    for i by ROWS { for j { y[j] += x[i, j] + … + x[i + ROWS - 1, j] } }

The terms of each sum keep their order.
"""

from __future__ import annotations

from math import ceil

from polyc.frontend.program import Program, Statement
from polyc.scheduler.facts import accesses, stride

ROWS = 4  # read side by side; each is a stream of the prefetcher's
STRIP = 8  # vectors that a register tile holds: longer rows are streamed
PIECE = 8 * 1024  # bytes of a row that are read in one go, where there is as much


def blocks_of_rows(
    program: Program, s: Statement, vector: str | None, ranges: dict[str, int], lanes: int
) -> dict[str, int]:
    """Rows taken at a time, per reduced variable from the outermost on; {} for another statement.
    The sizes are fixed."""
    if s.op is None or vector is None or vector in s.reduced or ranges[vector] <= STRIP * lanes:
        return {}
    moving = [v for v in s.reduced if ranges[v] > 1]
    if not moving or ranges[moving[-1]] < 2 * ROWS:
        return {}
    rows = [
        step
        for a in accesses(s)[1:]
        if stride(a, vector, program) == 1 and (step := stride(a, moving[-1], program)) is not None
    ]
    if not rows or any(abs(step) <= STRIP * lanes for step in rows):
        return {}
    return {**dict.fromkeys(moving[:-1], 1), moving[-1]: ROWS}


def piece(extent: int, element_bytes: int, lanes: int) -> int:
    """Elements of the row that a tile of the group keeps together: two tiles at least, for
    threads."""
    tiles = max(2, extent * element_bytes // PIECE)
    return lanes * ceil(extent / tiles / lanes)
