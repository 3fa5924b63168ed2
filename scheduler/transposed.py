"""Loads that lie across the vector, read along it and transposed in registers.

    Y(i,j) = X(j,i) * a(j)        the vector is j, and X is contiguous along i

Both variables are tiled to the lanes of a vector; code generation loads a tile of X by its rows and
shuffles. That costs about one vector access more than a contiguous load, where lanes picked one by
one cost an access each.
"""

from __future__ import annotations

from math import ceil

from polyc.frontend.program import Program, Statement
from polyc.scheduler.facts import Access, accesses, stride

NEAR = 4  # lanes at most this many elements apart share vector loads: no need to transpose
PAGE = 4096  # bytes
ACCESSES = 1.5  # vector accesses that a transposed load costs: the load, and half of its shuffles


def partner(program: Program, s: Statement, vector: str, free: list[str]) -> str | None:
    """The free variable along which most loads that lie across the vector are contiguous; None
    where there is none, or where the statement does not write along the vector. Sizes are fixed."""
    write, *loads = accesses(s)
    if s.reduced or stride(write, vector, program) != 1:
        return None
    count = {u: sum(turns(program, a, vector, u) for a in loads) for u in free if u != vector}
    best = max(count, key=lambda u: count[u], default=None)
    return best if best is not None and count[best] else None


def turns(program: Program, a: Access, vector: str, along: str | None) -> bool:
    """The load is contiguous in `along`, and far from it in the vector variable."""
    if along is None or a.write or program.tensor(a.tensor).dtype.is_complex:
        return False
    across = stride(a, vector, program)
    return across is not None and abs(across) > NEAR and stride(a, along, program) == 1


def cost(extent: int, lanes: int) -> float:
    """Vector accesses per vector of a transposed load; `extent` is that of its contiguous side."""
    return min(float(lanes), ACCESSES * lanes * ceil(extent / lanes) / extent)


def walk(program: Program, s: Statement, vector: str, along: str, lanes: int) -> tuple[str, str]:
    """Both variables in the order of the loops over blocks.

    Rows of a block that lie in pages of their own are read on to their ends: the translation buffer
    and the prefetcher follow them. Where they share a page, lines of the result are filled first.
    """
    bytes_of = {t.name: t.dtype.bytes for t in program.tensors}
    turned = [a for a in accesses(s) if turns(program, a, vector, along)]
    reach = max(abs(stride(a, vector, program) or 0) * bytes_of[a.tensor] for a in turned) * lanes
    return (vector, along) if reach > PAGE else (along, vector)
