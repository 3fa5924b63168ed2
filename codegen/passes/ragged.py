"""Rows of a ragged register tile that hold nothing, run all the same.

    for i in max(6*t, 64*b):6*t + 6 unroll { for j in 0:min(64, i - 64*b + 1) vector { … } }
becomes
    for i in 6*t:6*t + 6 unroll { for j in 0:min(64, i - 64*b + 1) vector { … } }

Below the diagonal of a mask the number of columns of a row says how many there are; in the rows
that were left out it is 0 or less, and a vector of no lanes neither loads nor stores. The tile is
of constant height then: it is unrolled, and its sums live in registers like those of a full tile.
Where no row may be left, a guard outside of the loops over terms says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce

from polyc.codegen.bounds import Ranges, ceilings, floors
from polyc.codegen.loops import All, Buffer, Cond, For, Ge, If, Stmt
from polyc.codegen.passes.tidy import TRUE, decide
from polyc.codegen.walk import accumulates, loads_of, names_of_cond
from polyc.frontend.integers import Int, distribute, maximum, minimum


def ragged(
    body: tuple[Stmt, ...], buffers: Mapping[str, Buffer], ranges: Ranges | None = None
) -> tuple[Stmt, ...]:
    """The same block with bounds of unrolled loops dropped that the vectors inside imply."""
    around = ranges or Ranges()
    out: list[Stmt] = []
    for s in body:
        match s:
            case For():
                whole = _whole(s, buffers, around) if s.kind == "unroll" else s
                inside = around.inside(whole.var, whole.lower, whole.upper)
                made = replace(whole, body=ragged(whole.body, buffers, inside))
                guard = decide(_turns(s), around) if whole != s else TRUE
                out.append(_outside(made) if guard == TRUE else If(guard, (made,)))
            case If(cond, then, orelse):
                parts = (ragged(x, buffers, around) for x in (then, orelse))
                out.append(If(cond, *parts))
            case _:
                out.append(s)
    return tuple(out)


def _turns(s: For) -> Cond:
    """The loop runs at all."""
    return All(tuple(Ge(c - f - 1) for c in ceilings(s.upper) for f in floors(s.lower)))


def _outside(s: For) -> Stmt:
    """The loop inside the guard that is all it holds, where it does not move it."""
    match s:
        case For(kind="serial", body=(If(cond, then, ()),)) if s.var not in names_of_cond(cond):
            return If(cond, (replace(s, body=then),))
        case _:
            return s


def _whole(s: For, buffers: Mapping[str, Buffer], ranges: Ranges) -> For:
    """The loop without the ends that only keep empty vectors out."""
    vectors = [x for x in s.body if isinstance(x, For) and x.kind == "vector"]
    if len(vectors) != len(s.body) or not accumulates(s.body):
        return s
    lows, highs = list(floors(s.lower)), list(ceilings(s.upper))
    low = [e for e in lows if not _empty(vectors, s.var, e - 1, 1, ranges)] or lows
    high = [e for e in highs if not _empty(vectors, s.var, e, -1, ranges)] or highs
    if len(low) == len(lows) and len(high) == len(highs):
        return s
    whole = replace(s, lower=reduce(maximum, low), upper=reduce(minimum, high))
    return whole if _inside(whole, vectors, buffers, ranges) else s


def _empty(vectors: Iterable[For], var: str, at: Int, sign: int, ranges: Ranges) -> bool:
    """No vector has a lane where the counter is there, nor further out: where it is less (`sign`
    1) or more (-1)."""
    for v in vectors:
        counts = (distribute(c - f) for c in ceilings(v.upper) for f in floors(v.lower))
        moving = (n for n in counts if (n.coefficient(var) or 0) * sign > 0)
        if not any(ranges.never_negative(-n.subs({var: at})) for n in moving):
            return False
    return True


def _inside(s: For, vectors: list[For], buffers: Mapping[str, Buffer], ranges: Ranges) -> bool:
    """What the new rows load for all lanes at once is there."""
    inside = ranges.inside(s.var, s.lower, s.upper)
    for v in vectors:
        for x in loads_of(v.body):
            if x.buffer not in buffers:
                return False
            names = {n for i in x.index if isinstance(i, Int) for n in i.names}
            if v.var in names:
                continue  # masked
            for i, n in zip(x.index, buffers[x.buffer].shape, strict=True):
                if not isinstance(i, Int) or not (
                    inside.never_negative(i) and inside.never_negative(n - i - 1)
                ):
                    return False
    return True
