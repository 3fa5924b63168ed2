"""Loops split where a minimum or a guard inside changes its mind, so that hot loops are plain.

    for t in 0:4 { for i in 0:min(14, 50 - 14*t) unroll }
becomes
    for t in 0:3 { for i in 0:14 unroll };  t = 3: for i in 0:8 unroll

Only guards, and trip counts of loops marked "vector" or "unroll" that accumulate (a register
tile) or are a block of two vectors, are worth a second copy of the code. A parallel loop stays one
region, with the decision inside: two regions would cost two starts of the threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from polyc.codegen.bounds import Ranges, ceilings, floors
from polyc.codegen.loops import Aligned, All, Cond, For, Ge, If, Some, Stmt
from polyc.codegen.passes.tidy import FALSE, TRUE, decide, tidy
from polyc.codegen.passes.unroll import LIMIT as COPIES
from polyc.codegen.rewrite import map_ints
from polyc.codegen.walk import accumulates, blocked, statements
from polyc.frontend.integers import Extreme, Int, distribute, maximum, minimum

LIMIT = 4  # splits of one loop: a guard on each side of each of two dimensions
ROOM = 1000  # statements that splits may add to one outermost loop: nested ones multiply


def split(body: tuple[Stmt, ...], ranges: Ranges | None = None) -> tuple[Stmt, ...]:
    """The same iterations in the same order, in loops without the extremes that were decided."""
    around = ranges or Ranges()
    return tuple(out for s in body for out in _block((s,), around, [ROOM]))


def _block(body: tuple[Stmt, ...], around: Ranges, room: list[int]) -> tuple[Stmt, ...]:
    """A block split; `room` is what is left of the statements that may be added."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case For():
                for part in _pieces(s, around, LIMIT, room):
                    match part:
                        case For():
                            inside = around.inside(part.var, part.lower, part.upper)
                            out.append(replace(part, body=_block(part.body, inside, room)))
                        case _:
                            out += _block((part,), around, room)
            case If(cond, then, orelse):
                parts = (_block(x, around, room) for x in (then, orelse))
                out.append(If(cond, *parts))
            case _:
                out.append(s)
    return tuple(out)


def _pieces(
    s: For, ranges: Ranges, left: int, room: list[int], done: frozenset[Int] = frozenset()
) -> tuple[Stmt, ...]:
    """A loop as one or more loops over consecutive parts of its range (or their single bodies).

    `done` are expressions whose sign is known but stands in an extreme that keeps its form: its
    constant still bounds the trip count.
    """
    copied = sum(1 for _ in statements(s.body))
    if not left or copied > room[0] or _written_out(s):
        return (s,)
    if s.kind == "parallel":
        return (_branched(s, ranges),)
    for gap in _gaps(s):
        slope = gap.coefficient(s.var)
        rest = gap - Int.of(s.var) * (slope or 0)
        if not slope or gap in done:
            continue
        # slope*v + rest >= 0 up to v < cut (slope < 0), or from v >= cut on (slope > 0).
        cut = (rest // -slope) + 1 if slope < 0 else (-rest + (slope - 1)) // slope
        cut = ranges.simplify(cut)
        if ranges.never_negative(s.lower - cut) or ranges.never_negative(cut - s.upper):
            continue
        room[0] -= copied
        # A part that lies outside of the loop's range is an empty one: no need to clamp the cut.
        first = replace(s, upper=minimum(cut, s.upper), body=_assume(s.body, gap, slope < 0))
        last = replace(s, lower=maximum(cut, s.lower), body=_assume(s.body, gap, slope > 0))
        out: list[Stmt] = []
        for part in tidy((first, last), ranges):
            if isinstance(part, For):
                out += _pieces(part, ranges, left - 1, room, done | {gap})
            else:
                out.append(part)
        return tuple(out)
    return (s,)


def _written_out(s: For) -> bool:
    """Every iteration will be a copy with bounds of its own."""
    count = distribute(s.upper - s.lower)
    return s.kind == "unroll" and count.is_const and count.value <= COPIES


def _branched(s: For, ranges: Ranges) -> For:
    """A parallel loop with the decision inside: one region, two bodies, the second for its last
    iterations, as few as there are. Guards stay as they are, so that only register tiles are
    written twice."""
    inside = ranges.inside(s.var, s.lower, s.upper)
    best: tuple[Int, Int] | None = None
    for gap in _gaps(s, guards=False):
        gap = -gap if (gap.coefficient(s.var) or 0) > 0 else gap  # extremes agree where it is 0
        slope = gap.coefficient(s.var) or 0
        if not slope or decide(Ge(gap), inside) in (TRUE, FALSE):
            continue
        cut = ranges.simplify((gap - Int.of(s.var) * slope) // -slope + 1)
        if best is None or ranges.never_negative(cut - best[0] - 1):
            best = cut, gap
    if best is None:
        return s
    cut, gap = best
    first = ranges.inside(s.var, s.lower, minimum(cut, s.upper))
    full, rest = _assume(s.body, gap, True), _assume(s.body, gap, False)
    if ranges.never_negative(cut - s.upper + 1):  # one iteration is left
        rest = _at(rest, s.var, cut)
    last = ranges.inside(s.var, maximum(cut, s.lower), s.upper)
    return replace(s, body=(If(Ge(gap), tidy(full, first), tidy(rest, last)),))


def _at(body: tuple[Stmt, ...], var: str, value: Int) -> tuple[Stmt, ...]:
    return map_ints(body, lambda e: e.subs({var: value}))


def _gaps(s: For, guards: bool = True) -> Iterator[Int]:
    """Expressions whose sign decides something in all iterations of the loops inside, moving with
    the counter of this one only."""
    for gap, inner in _decisions(s.body, (), guards):
        for worst in _at_worst(gap, inner):
            if s.var in worst.names:
                yield worst


def _decisions(
    body: tuple[Stmt, ...], inner: tuple[For, ...], guards: bool
) -> Iterator[tuple[Int, tuple[For, ...]]]:
    """Expressions whose sign decides an extreme or a guard, with the loops around their place."""
    for x in body:
        match x:
            case For():
                other = blocked(x)
                if other is not None:  # split in the loop around that moves it, no further out
                    ends = (x.upper, x.lower, other.upper, other.lower)
                    gaps = (gap for e in ends for gap in _extremes(e))
                    yield from ((gap, ()) for gap in gaps if _still(gap, (*inner, x)))
                    yield from _decisions(other.body, (*inner, x, other), guards)
                    continue
                if x.kind in ("vector", "unroll") and accumulates(x.body):
                    for e in (x.upper, x.lower):
                        yield from ((gap, inner) for gap in _extremes(e))
                yield from _decisions(x.body, (*inner, x), guards)
            case If(cond, then, orelse):
                free = (gap for gap in _conditions(cond) if _still(gap, inner))
                yield from ((gap, ()) for gap in free if guards)
                yield from _decisions(then + orelse, inner, guards)
            case _:
                pass


def _still(gap: Int, inner: tuple[For, ...]) -> bool:
    """None of the loops moves the expression."""
    return gap.names.isdisjoint(loop.var for loop in inner)


def _at_worst(gap: Int, inner: tuple[For, ...]) -> Iterator[Int]:
    """The expression at the end of every inner loop's range where it is least."""
    if not inner:
        yield gap
        return
    loop, around = inner[-1], inner[:-1]
    slope = gap.coefficient(loop.var)
    if slope is None:
        return
    if not slope:
        yield from _at_worst(gap, around)
        return
    rest = gap - Int.of(loop.var) * slope
    ends = floors(loop.lower) if slope > 0 else (u - 1 for u in ceilings(loop.upper))
    for end in ends:
        yield from _at_worst(rest + end * slope, around)


def _extremes(e: Int) -> Iterator[Int]:
    for m, _ in e.terms:
        for a in m:
            if isinstance(a, Extreme):
                yield a.a - a.b if a.b.is_const else a.b - a.a  # a tie counts as the constant
                yield from _extremes(a.a)
                yield from _extremes(a.b)


def _conditions(c: Cond) -> Iterator[Int]:
    match c:
        case Ge(e):
            yield e
        case All(parts) | Some(parts):
            for p in parts:
                yield from _conditions(p)


def _assume(body: tuple[Stmt, ...], gap: Int, holds: bool) -> tuple[Stmt, ...]:
    """The block where `gap >= 0` is known to hold (or to fail)."""

    def ints(e: Int) -> Int:
        total = Int.of(0)
        for m, c in e.terms:
            p = Int.of(c)
            for a in m:
                p = p * (_decided(a, gap, holds) if isinstance(a, Extreme) else Int.atom(a))
            total = total + p
        return total

    def cond(c: Cond) -> Cond:
        match c:
            case Ge(e):
                return (All(()) if holds else Some(())) if e == gap else c
            case All(parts):
                return All(tuple(map(cond, parts)))
            case Some(parts):
                return Some(tuple(map(cond, parts)))
            case Aligned():
                return c

    def one(s: Stmt) -> Stmt:
        match s:
            case For():
                return replace(s, body=tuple(map(one, s.body)))
            case If(c, then, orelse):
                return If(cond(c), tuple(map(one, then)), tuple(map(one, orelse)))
            case _:
                return s

    return tuple(map(one, map_ints(body, ints)))


def _decided(a: Extreme, gap: Int, holds: bool) -> Int:
    if holds and gap == a.b - a.a:
        return a.a if a.op == "min" else a.b
    if holds and gap == a.a - a.b:
        return a.b if a.op == "min" else a.a
    return Int.atom(a)
