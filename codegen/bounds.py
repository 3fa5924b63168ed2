"""What is provable about integer expressions inside loops that count 0 <= counter < trips.

Inside a loop's body its trip count is at least 1. Sizes are at least 0.
"""

from __future__ import annotations

from collections.abc import Mapping

from polyc.frontend.integers import Extreme, FloorDiv, Int, Monomial

Trips = Mapping[str, Int]  # counter -> trip count, in order from the outermost loop


def lower_bound(e: Int, trips: Trips, depth: int = 6) -> int | None:
    """A constant that the expression is never below; None where none is found."""
    if e.is_const:
        return e.value
    if depth == 0:
        return None
    for name in reversed(trips):
        if name not in e.names:
            continue
        slope = e.coefficient(name)
        if slope is None:
            continue
        rest = e - Int.of(name) * slope
        if slope >= 0:
            return lower_bound(rest, trips, depth)
        ends = [a for a in _ceilings(trips[name])]
        found = [lower_bound(rest + (a - 1) * slope, trips, depth - 1) for a in ends]
        known = [f for f in found if f is not None]
        return max(known, default=None)
    return _of_sizes(e, trips, depth)


def _ceilings(trips: Int) -> list[Int]:
    """Expressions that a trip count is at most: both operands of a minimum."""
    if len(trips.terms) == 1 and len(trips.terms[0][0]) == 1 and trips.terms[0][1] == 1:
        atom = trips.terms[0][0][0]
        if isinstance(atom, Extreme) and atom.op == "min":
            return [*_ceilings(atom.a), *_ceilings(atom.b)]
    return [trips]


def _of_sizes(e: Int, trips: Trips, depth: int) -> int | None:
    """Bound of a sum whose atoms are sizes (>= 0), quotients and extremes."""
    total = e.constant
    for monomial, c in e.terms:
        if not monomial:
            continue
        low = _atom_bound(monomial, c, trips, depth)
        if low is None:
            return None
        total += low
    return total


def _atom_bound(monomial: Monomial, c: int, trips: Trips, depth: int) -> int | None:
    if len(monomial) > 1:
        return 0 if c > 0 and all(isinstance(a, str) and a not in trips for a in monomial) else None
    match monomial[0]:
        case str() as name:
            return 0 if c > 0 and name not in trips and ".s" not in name else None
        case FloorDiv(num, den) if den.is_const:
            if c > 0:
                low = lower_bound(num, trips, depth - 1)
                return None if low is None else c * (low // den.value)
            high = lower_bound(-num, trips, depth - 1)
            return None if high is None else c * (-high // den.value)
        case Extreme(op, a, b):
            found = [lower_bound(x * c, trips, depth - 1) for x in (a, b)]
            known = [f for f in found if f is not None]
            if (op == "max") == (c > 0):  # the extreme is at least each operand
                return max(known, default=None)
            return min(known) if len(known) == 2 else None
        case _:
            return None


def never_negative(e: Int, trips: Trips) -> bool:
    """The expression is proved to be >= 0."""
    low = lower_bound(e, trips)
    return low is not None and low >= 0


def simplify(e: Int, trips: Trips) -> Int:
    """Quotients and extremes decided by the loops' ranges are replaced by what they are."""
    if all(isinstance(a, str) for m, _ in e.terms for a in m):
        return e
    total = Int.of(0)
    for monomial, c in e.terms:
        p = Int.of(c)
        for a in monomial:
            match a:
                case str():
                    p = p * a
                case FloorDiv(num, den):
                    p = p * _quotient(simplify(num, trips), den, trips)
                case Extreme(op, x, y):
                    p = p * _extreme(op, simplify(x, trips), simplify(y, trips), trips)
        total = total + p
    return total


def _quotient(num: Int, den: Int, trips: Trips) -> Int:
    out = num // den
    if not den.is_const or out.is_const:
        return out
    d = den.value
    # Multiples of the divisor are out already; what is left may be proved to stay in [0, d).
    whole = Int({m: c // d for m, c in num.terms})
    rest = num - whole * d
    if never_negative(rest, trips) and never_negative(Int.of(d - 1) - rest, trips):
        return whole
    return out


def _extreme(op: str, a: Int, b: Int, trips: Trips) -> Int:
    if a == b:
        return a
    if never_negative(b - a, trips):
        return a if op == "min" else b
    if never_negative(a - b, trips):
        return b if op == "min" else a
    return Int.atom(Extreme(op, a, b))
