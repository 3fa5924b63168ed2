"""Blocks of a sum's terms, so that what a register tile reads again stays in the nearest cache.

A register tile of u x v sums walks over all terms. The operand that only u moves is read again by
the next tile along v: its sliver, u elements a term, should still be in the first-level cache. The
terms are cut into blocks whose sliver fits there with room for the other operand, which streams
past (the loop of kc in Low et al. 2016; a vector's worth of the other operand is read for so many
multiply-adds that it may come from the second level). Each block reads and writes every sum once
more, which is nothing beside hundreds of terms.
"""

from __future__ import annotations

from math import ceil, prod

from polyc.frontend.program import Program, Statement
from polyc.scheduler.dots import Group
from polyc.scheduler.facts import accesses, stride
from polyc.target import Target


def sliver_room(target: Target) -> int:
    """Bytes of the first-level cache that a sliver may take; the other operand streams through the
    rest."""
    return target.l1_bytes * 3 // 4


def blocks_of_terms(
    program: Program,
    s: Statement,
    vector: str | None,
    tiles: dict[str, int],
    ranges: dict[str, int],
    target: Target,
    group: Group | None = None,
) -> dict[str, int]:
    """Size of the block of each reduced variable, outermost first, {} where all terms fit; sizes
    are fixed. Blocks keep the order of the terms: those around the one that is cut are of size 1,
    or of one group of terms that are added at once.
    """
    if vector is None or vector in s.reduced or len(tiles) < 2:
        return {}
    sliver = sum(
        program.tensor(a.tensor).dtype.bytes * prod(n for u, n in tiles.items() if u != vector)
        for a in dict.fromkeys(accesses(s)[1:])
        if stride(a, vector, program) == 0
        and any(stride(a, u, program) != 0 for u in tiles if u != vector)
    )
    terms = prod(ranges[v] for v in s.reduced)
    most = sliver_room(target) // max(1, sliver)
    if not sliver or terms <= most + most // 2:
        return {}
    out: dict[str, int] = {}
    inner = terms
    for v in s.reduced:
        inner //= ranges[v]
        unit = group.terms if group and v == group.variable else 1
        if inner * unit >= most:
            out[v] = unit
            continue
        parts = ceil(ranges[v] / max(1, most // inner))
        out[v] = ceil(ranges[v] / parts / unit) * unit
        break
    return {v: n for v, n in out.items() if ranges[v] > 1}
