"""Order of the tiles of a group that only streams: every tensor is walked from start to end.

Where all accesses agree on which row is the outer one in memory, tiles are cut from the outermost
row inwards, so that each is one contiguous piece of every tensor, and follow each other in memory:
the prefetchers of the processor follow a few long runs, not many short ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from polyc.frontend.program import Program
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.facts import accesses, stride

SHARES = 8  # tiles of the outermost row that are enough to share


def memory_order(
    program: Program, names: tuple[str, ...], rows: tuple[Row, ...]
) -> tuple[Row, ...] | None:
    """The rows, those with the longest steps in memory first; None where two accesses disagree or
    one depends on data. The sizes are fixed."""
    steps: list[list[int]] = []
    for s in map(program.statement, names):
        variables = [plain_variable(r[s.name], s) for r in rows]
        for a in accesses(s):
            found = [0 if v is None else stride(a, v, program) for v in variables]
            if any(x is None for x in found):
                return None
            steps.append([abs(x or 0) for x in found])
    best = [max(column, default=0) for column in zip(*steps, strict=True)]
    order = sorted(range(len(rows)), key=lambda i: -best[i])
    for row_steps in steps:
        moving = [row_steps[i] for i in order if row_steps[i]]
        if moving != sorted(moving, reverse=True):
            return None
    return tuple(rows[i] for i in order)


def threads_first(counts: Sequence[int]) -> list[int]:
    """Places of the rows with the one that threads share in front, the others in order: the first
    with enough tiles, or the one with most. Few threads take all the bandwidth there is."""
    enough = [i for i, c in enumerate(counts) if c >= SHARES]
    first = enough[0] if enough else max(range(len(counts)), key=lambda i: counts[i])
    return [first, *(i for i in range(len(counts)) if i != first)]
