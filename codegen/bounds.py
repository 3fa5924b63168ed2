"""What is provable about integer expressions inside loops.

A `Ranges` knows lower <= counter < upper of the loops around a place; inside a loop its range is
not empty. Sizes are at least 0. Proofs are attempted with a bounded number of steps: an answer of
"unknown" only costs a better loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from polyc.frontend.integers import Extreme, FloorDiv, Int, Monomial, distribute

STEPS = 60  # bounds tried for one question
Table = dict[str, tuple[Int, Int] | None]  # None: an argument that may have any value


class Ranges:
    """Ranges of the counters around a place, outermost first, with the answers found so far."""

    __slots__ = ("_known", "_simple", "table")

    def __init__(self, table: Table | None = None) -> None:
        self.table = table or {}
        self._known: dict[Int, int | None] = {}
        self._simple: dict[Int, Int] = {}

    @staticmethod
    def around(signed: Iterable[str]) -> Ranges:
        """Outside of all loops; `signed` arguments may be negative: scalars and strides."""
        return Ranges(dict.fromkeys(signed))

    def inside(self, var: str, lower: Int, upper: Int) -> Ranges:
        """The ranges inside one more loop."""
        return Ranges({**self.table, var: (lower, upper)})

    def lower_bound(self, e: Int) -> int | None:
        """A constant that the expression is never below; None where none is found."""
        if e.is_const:
            return e.value
        if e not in self._known:
            self._known[e] = _bound(e, self.table, [STEPS])
        return self._known[e]

    def upper_bound(self, e: Int) -> int | None:
        """A constant that the expression is never above; None where none is found."""
        low = self.lower_bound(-e)
        return None if low is None else -low

    def never_negative(self, e: Int) -> bool:
        """The expression is proved to be >= 0."""
        low = self.lower_bound(e)
        return low is not None and low >= 0

    def simplify(self, e: Int) -> Int:
        """Quotients and extremes decided by the ranges are replaced by what they are."""
        if e not in self._simple:
            self._simple[e] = _simplify(e, self)
        return self._simple[e]


def _bound(e: Int, table: Table, steps: list[int]) -> int | None:
    if e.is_const:
        return e.value
    steps[0] -= 1
    if steps[0] < 0:
        return None
    for name in reversed(table):
        slope = e.coefficient(name) if name in e.names else 0
        found_range = table[name]
        if not slope or found_range is None:
            continue
        rest = e - Int.of(name) * slope
        lower, upper = found_range
        ends = floors(lower) if slope > 0 else (u - 1 for u in ceilings(upper))
        best: int | None = None
        for end in ends:
            found = _bound(rest + end * slope, table, steps)
            if found is not None and (best is None or found > best):
                best = found
        return best
    return _sum_bound(e, table, steps)


def _alone(e: Int) -> Extreme | None:
    """The extreme that the whole expression is, if it is one."""
    if len(e.terms) == 1 and e.terms[0][1] == 1 and len(e.terms[0][0]) == 1:
        atom = e.terms[0][0][0]
        return atom if isinstance(atom, Extreme) else None
    return None


def ceilings(e: Int) -> Iterator[Int]:
    """Expressions that this one is at most: the operands of a minimum."""
    x = _alone(e)
    if x is not None and x.op == "min":
        yield from ceilings(x.a)
        yield from ceilings(x.b)
    else:
        yield e


def floors(e: Int) -> Iterator[Int]:
    """Expressions that this one is at least: the operands of a maximum."""
    x = _alone(e)
    if x is not None and x.op == "max":
        yield from floors(x.a)
        yield from floors(x.b)
    else:
        yield e


def _sum_bound(e: Int, table: Table, steps: list[int]) -> int | None:
    """Bound of a sum whose atoms are sizes (>= 0), quotients and extremes, term by term."""
    rest, total = _paired_quotients(e)
    total += rest.constant
    for monomial, c in rest.terms:
        if not monomial:
            continue
        low = _term_bound(monomial, c, table, steps)
        if low is None:
            relaxed = _without_quotients(e)
            return None if relaxed is None else _bound(relaxed, table, steps)
        total += low
    return total


def _without_quotients(e: Int) -> Int | None:
    """The sum with k*d * floor(a/d) bounded by k*(a - d + 1), or by k*a where k < 0; None where no
    term has that form. What the quotient hides may cancel then."""
    found = False
    total = Int.of(0)
    for monomial, c in e.terms:
        a = monomial[0] if len(monomial) == 1 else None
        if isinstance(a, FloorDiv) and a.den.is_const and c % a.den.value == 0:
            k = c // a.den.value
            total += (a.num - (a.den.value - 1 if k > 0 else 0)) * k
            found = True
        else:
            total += Int({monomial: c})
    return total if found else None


def _paired_quotients(e: Int) -> tuple[Int, int]:
    """Quotients a/d - b/d taken out where a - b is constant: they are at least (a - b)/d."""
    found = [
        (m, c, m[0])
        for m, c in e.terms
        if len(m) == 1 and isinstance(m[0], FloorDiv) and m[0].den.is_const
    ]
    for m, c, a in found:
        for n, k, b in found:
            gap = a.num - b.num
            if c > 0 and k == -c and a.den == b.den and gap.is_const:
                return e - Int({m: c, n: k}), c * (gap.value // a.den.value)
    return e, 0


def _is_size(name: object, table: Table) -> bool:
    return isinstance(name, str) and name not in table


def _term_bound(monomial: Monomial, c: int, table: Table, steps: list[int]) -> int | None:
    if len(monomial) > 1:
        return 0 if c > 0 and all(_is_size(a, table) for a in monomial) else None
    match monomial[0]:
        case str() as name:
            return 0 if c > 0 and _is_size(name, table) else None
        case FloorDiv(num, den) if den.is_const:
            sign = 1 if c > 0 else -1
            low = _bound(num * sign, table, steps)
            if low is None:
                return None
            return c * ((low * sign) // den.value)
        case Extreme(op, a, b):
            found = [_bound(x * c, table, steps) for x in (a, b)]
            known = [f for f in found if f is not None]
            if (op == "max") == (c > 0):  # the extreme is on the far side of each operand
                return max(known, default=None)
            return min(known) if len(known) == 2 else None
        case _:
            return None


def _simplify(e: Int, ranges: Ranges) -> Int:
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
                    p = p * _quotient(ranges.simplify(num), den, ranges)
                case Extreme(op, x, y):
                    p = p * _extreme(op, ranges.simplify(x), ranges.simplify(y), ranges)
        total = total + p
    return distribute(total)


def _quotient(num: Int, den: Int, ranges: Ranges) -> Int:
    out = num // den
    if not den.is_const or out.is_const:
        return out
    d = den.value
    # Multiples of the divisor are out already; what is left may be proved to stay in [0, d).
    whole = Int({m: c // d for m, c in num.terms})
    rest = num - whole * d
    if ranges.never_negative(rest) and ranges.never_negative(Int.of(d - 1) - rest):
        return whole
    return out


def _extreme(op: str, a: Int, b: Int, ranges: Ranges) -> Int:
    if a == b:
        return a
    if ranges.never_negative(b - a):
        return a if op == "min" else b
    if ranges.never_negative(a - b):
        return b if op == "min" else a
    return Int.atom(Extreme(op, a, b))
