"""Sums of few terms, such as windows of 2 x 2 or 3 x 3: their loops are written out.

The register tile is then limited by the size of the code, and where copies of it read elements
that overlap (rows of an image under a window), each is loaded once for all of them.
"""

from __future__ import annotations

from math import ceil, prod

from polyc.frontend.program import Statement

FEW = 16  # terms of a sum
MOST = 160  # terms of all sums of a register tile


def written_terms(
    s: Statement, vector: str | None, still: list[str], ranges: dict[str, int]
) -> int:
    """Terms of a sum that is worth writing out, 0 for another: a known number of them, in any
    order (copies of a loop may be moved), and no sum over lanes."""
    if s.op is None or vector is None or vector in s.reduced:
        return 0
    if any(v not in still for v in s.reduced if ranges[v] > 1):
        return 0
    terms = prod(ranges[v] for v in s.reduced)
    known = all(
        bound(i).is_cst()
        for i, v in enumerate(s.vars)
        if v in s.reduced
        for bound in (s.domain.dim_min, s.domain.dim_max)
    )
    return terms if known and terms <= FEW else 0


def short_tile(
    terms: int, vector: str, shared: list[str], ranges: dict[str, int], lanes: int, registers: int
) -> dict[str, int]:
    """Elements of each variable that live in registers; `shared` variables leave a load in place,
    the best first."""
    vectors = ceil(ranges[vector] / lanes)
    most = max(1, min(registers // 2, MOST // terms))
    if not shared:
        return {vector: lanes * min(vectors, most, 8)}
    wide = min(vectors, most, 4)
    rows = min(ranges[shared[0]], most // wide)
    return {
        shared[0]: ceil(ranges[shared[0]] / ceil(ranges[shared[0]] / rows)),
        vector: lanes * wide,
    }
