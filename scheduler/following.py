"""Statements that are cut in the same pieces as a reduction, to share the loop over its parts.

    E(i) = exp(X(i));  S() += E(i)

When S is summed in parts, E is made in the same pieces, and so is what else is made of E before S
is there. Whether they then share a loop is for fusion to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import ceil

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.facts import Access, accesses, extents, footprint, loads_of
from polyc.scheduler.fusion import ENOUGH_PARALLEL
from polyc.scheduler.splitting import Split, ends
from polyc.target import Target


def equal_lengths(
    program: Program, splits: Mapping[str, Split], target: Target
) -> dict[str, Split]:
    """The splits with one length for ranges of one extent, so that their statements can share a
    loop: short enough for what several of them touch to stay in L2. The sizes are fixed."""
    together: dict[Int, list[str]] = {}
    for n, x in splits.items():
        together.setdefault(x.high - x.low, []).append(n)
    out = dict(splits)
    for names in together.values():
        unit = max(splits[n].unit for n in names)
        length = max(splits[n].length for n in names)
        touched = _bytes(program, {n: splits[n].variable for n in names}, length)
        if len(names) > 1 and touched > target.l2_bytes // 2:
            length = max(1, length * (target.l2_bytes // 2) // touched)
        length = ceil(length / unit) * unit
        out |= {n: replace(splits[n], length=length, unit=unit) for n in names}
    return out


def _bytes(program: Program, variables: Mapping[str, str], length: int) -> int:
    """What one piece of all statements touches."""
    boxes: dict[str, int] = {}
    for name, v in variables.items():
        s = program.statement(name)
        ranges = {**extents(s), v: length}
        for a in accesses(s):
            t = program.tensor(a.tensor)
            size = footprint(a.subs, t.shape, ranges) * t.dtype.bytes
            boxes[t.name] = max(boxes.get(t.name, 0), size)
    return sum(boxes.values())


def followers(program: Program, splits: Mapping[str, Split]) -> dict[str, Split]:
    """The splits of reductions, and how other statements are cut with them. Only pieces that are
    known to be many make a loop that is worth sharing."""
    sums = {program.statement(n).tensor for n in splits}
    todo = [n for n, x in splits.items() if x.count.is_const and x.count.value >= ENOUGH_PARALLEL]
    cut = dict(splits)
    while todo:
        s = program.statement(todo.pop())
        for t in program.statements:
            if t.name in cut or not _pointwise(t):
                continue
            if (found := _like(program, s, t, cut[s.name], sums)) is not None:
                cut[t.name] = found
                todo.append(t.name)
    return cut


def _pointwise(s: Statement) -> bool:
    """The instances may come in any order."""
    return (
        s.op is None and len(s.order) == 1 and all(x.tensor != s.tensor for x in loads_of(s.value))
    )


def _like(
    program: Program, s: Statement, t: Statement, split: Split, sums: set[str]
) -> Split | None:
    """The split of `t` that gives it the elements of what it shares with each piece of `s`."""
    for a, b in _shared(s, t, sums):
        for x, y in zip(a.subs, b.subs, strict=True):
            if not isinstance(x, Int) or not isinstance(y, Int) or split.variable not in x.names:
                continue
            gap = x - split.variable  # x is the variable plus this
            for w in t.vars:
                shift = gap - (y - w)
                found = ends(program, t, w) if shift.is_const and w in y.names else None
                if found == (split.low + shift, split.high + shift):
                    return replace(split, variable=w, low=found[0], high=found[1])
    return None


def _shared(s: Statement, t: Statement, sums: set[str]) -> Iterator[tuple[Access, Access]]:
    """Accesses of one tensor that `t` makes for `s`, or of `s` for `t` where no sum is needed."""
    mine, (made, *used) = accesses(s), accesses(t)
    yield from ((a, made) for a in mine[1:] if a.tensor == made.tensor)
    if sums.isdisjoint(b.tensor for b in used):
        yield from ((mine[0], b) for b in used if b.tensor == s.tensor)
