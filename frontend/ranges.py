"""Range inference: the largest rectangle of variables in which no read is out of bounds.

In rounds, a subscript with one variable that has no range yet bounds it, over all values of the
other variables in it. Everything is symbolic: a range is a pair of `Int`s of the sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from polyc.errors import Span
from polyc.frontend.integers import Extreme, FloorDiv, Int, ceil_div, maximum, minimum
from polyc.frontend.scope import Scope
from polyc.frontend.values import Reading


@dataclass(frozen=True, slots=True)
class Range:
    """lo <= variable < hi."""

    lo: Int
    hi: Int


Ranges = Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class Subscript:
    """0 <= sub < extent, from the access named `text`."""

    sub: Int
    extent: Int
    text: str
    span: Span


def greatest(e: Int, ranges: Ranges) -> Int:
    """The greatest value of an expression over the ranges; ranges are taken as not empty."""
    return _extreme(e, ranges, 1)


def least(e: Int, ranges: Ranges) -> Int:
    """The least value of an expression over the ranges."""
    return _extreme(e, ranges, -1)


def _extreme(e: Int, ranges: Ranges, sign: int) -> Int:
    e, total = _remainders(e, ranges, sign)
    for m, c in e.terms:
        up = (c > 0) == (sign > 0)
        if len(m) == 1:
            total = total + _atom(m[0], ranges, 1 if up else -1) * c
        else:  # a product of sizes, or a constant
            total = total + Int({m: c})
    return total


def _atom(atom: str | FloorDiv | Extreme, ranges: Ranges, sign: int) -> Int:
    match atom:
        case str():
            r = ranges.get(atom)
            if r is None:
                return Int.var(atom)
            # A bound may name other variables (`j in 0:i+1`), never itself.
            rest = {v: x for v, x in ranges.items() if v != atom}
            return _extreme(r.hi - 1 if sign > 0 else r.lo, rest, sign)
        case FloorDiv(num, den):
            return _extreme(num, ranges, sign) // den
        case Extreme(op, a, b):
            pick = minimum if op == "min" else maximum
            return pick(_extreme(a, ranges, sign), _extreme(b, ranges, sign))


def _remainders(e: Int, ranges: Ranges, sign: int) -> tuple[Int, Int]:
    """x % d, written x - d*floor(x/d), lies in 0..d-1: term by term it would lose that."""
    bound = Int.of(0)
    for m, c in e.terms:
        match m:
            case (FloorDiv(num, den),) if den.is_const and c % den.value == 0:
                times = -c // den.value
                rest = e - (num - Int({m: den.value})) * times
                if len(rest.names & ranges.keys()) < len(e.names & ranges.keys()):
                    e = rest
                    bound = bound + (times * (den.value - 1) if (times > 0) == (sign > 0) else 0)
            case _:
                pass
    return e, bound


def infer(
    given: Ranges,
    variables: Iterable[str],
    reads: Iterable[Reading],
    write: Iterable[Subscript],
    scope: Scope,
    place: Callable[[str], Span],
    shown: Mapping[str, str],
) -> dict[str, Range]:
    """The range of every variable: the given ones, and the others from reads, then from the write.

    `place` is where the text first uses a variable.

    Raises Stop after recording an error for a variable that nothing bounds. Extents that must be
    equal are left in the scope.
    """
    ranges = dict(given)
    unknown = {v: None for v in variables if v not in ranges}
    subs = [
        Subscript(s, n, r.info.user, at)
        for r in reads
        for s, n, binds, at in zip(r.subs, r.extents, r.binds, r.spans, strict=True)
        if s is not None and binds
    ]
    last = list(write)
    while unknown:
        found = _round(subs, unknown, ranges, scope) or _round(last, unknown, ranges, scope)
        if not found:
            _unbound(unknown, subs, last, scope, place, shown)
        ranges.update(found)
        for v in found:
            unknown.pop(v)
    return ranges


def _round(
    subs: list[Subscript], unknown: Mapping[str, None], ranges: Ranges, scope: Scope
) -> dict[str, Range]:
    lows: dict[str, list[Int]] = {}
    highs: dict[str, list[Int]] = {}
    plain: dict[str, Subscript] = {}
    for s in subs:
        names = _behind(s.sub, ranges) & unknown.keys()
        if len(names) != 1 or names.isdisjoint(s.sub.names):
            continue
        v = next(iter(names))
        if s.sub == Int.var(v):
            first = plain.setdefault(v, s)
            if first is not s:
                _agree(first, s, scope)
                continue
        for limit, upper in ((s.extent - 1, True), (Int.of(0), False)):
            solved = _solve(s.sub, v, limit, upper, ranges)
            if solved is not None:
                bound, is_high = solved
                if is_high:
                    highs.setdefault(v, []).append(bound + 1)
                else:
                    lows.setdefault(v, []).append(bound)
    out = {}
    for v, hs in highs.items():
        if v in lows:
            lo, hi = Int.of(0), hs[0]
            for x in lows[v]:
                lo = maximum(lo, scope.resolve(x))
            for x in hs[1:]:
                hi = minimum(hi, x)
            out[v] = Range(lo, scope.resolve(hi))
    return out


def _behind(e: Int, ranges: Ranges) -> frozenset[str]:
    """The names an expression depends on, through the bounds of its variables too."""
    names, todo = set(e.names), list(e.names)
    while todo:
        if r := ranges.get(todo.pop()):
            new = (r.lo.names | r.hi.names) - names
            names |= new
            todo += new
    return frozenset(names)


def behind_range(v: str, ranges: Ranges) -> frozenset[str]:
    """The names the bounds of a variable depend on."""
    return _behind(ranges[v].lo, ranges) | _behind(ranges[v].hi, ranges)


def _agree(a: Subscript, b: Subscript, scope: Scope) -> None:
    """Two reads indexed by one plain variable have equal extents there."""
    x, y = scope.resolve(a.extent), scope.resolve(b.extent)
    gap = x - y
    if gap.is_const and gap.value:
        scope.findings.add(
            "E024",
            f"`{b.text}` has extent {scope.show(y)} here, but `{a.text}` has {scope.show(x)} "
            "under the same variable",
            b.span,
            "give the variable a range with `where`",
            [f"{a.text}: {scope.show(x)}", f"{b.text}: {scope.show(y)}"],
        )
    else:
        scope.unify(x, y, b.span)


def _solve(e: Int, v: str, limit: Int, upper: bool, ranges: Ranges) -> tuple[Int, bool] | None:
    """Solves e <= limit (or e >= limit) for v, whatever the other variables are.

    Gives the inclusive bound and whether it is an upper one; None if v is not in a single term.
    """
    terms = [(m, c) for m, c in e.terms if v in Int({m: 1}).names]
    if len(terms) != 1 or len(terms[0][0]) != 1:
        return None
    (atom,), c = terms[0]
    rest = e - Int({(atom,): c})
    room = limit - (greatest(rest, ranges) if upper else least(rest, ranges))
    if v in room.names:  # another variable's bound names v
        return None
    if c < 0:
        room, c, upper = -room, -c, not upper
    bound = room // c if upper else ceil_div(room, c)
    match atom:
        case str():
            return bound, upper
        case FloorDiv(num, den) if den.is_const:
            d = den.value
            return _solve(num, v, bound * d + (d - 1) if upper else bound * d, upper, ranges)
        case _:
            return None


def _unbound(
    unknown: Mapping[str, None],
    subs: list[Subscript],
    last: list[Subscript],
    scope: Scope,
    place: Callable[[str], Span],
    shown: Mapping[str, str],
) -> None:
    names = ", ".join(shown[v] for v in unknown)
    example = shown[next(iter(unknown))]
    for s in (*subs, *last):
        if len(s.sub.names & unknown.keys()) > 1:
            raise scope.findings.stop(
                "E031",
                f"the ranges of {names} are ambiguous: `{scope.show(s.sub)}` has more than "
                "one variable without a range",
                s.span,
                f"add `where {example} in 0:10`, with the range you mean",
            )
    verb = "is" if len(unknown) == 1 else "are"
    raise scope.findings.stop(
        "E030",
        f"no range for {names}: {names} {verb} unbound, in no read outside `?:` and no `where`",
        place(example),
        f"add `where {example} in 0:10`, with the range you mean, or declare the output",
    )
