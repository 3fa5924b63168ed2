"""`Int`: integer expressions of loop variables and sizes, in one normal form.

Subscripts, bounds, extents and addresses are sums of products of *atoms*; an atom is a name (a
variable, a size, a stride) or a rounded-down quotient, a minimum or a maximum of such sums.
Frontend code builds only affine ones; strides times variables make products in code generation.
Two equal polynomials are the same object value, so `==` and hashing decide equality (of the
polynomial part; quotients are compared by their operands).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import gcd
from typing import Union


@dataclass(frozen=True, slots=True)
class FloorDiv:
    """The quotient of two expressions, rounded down. The divisor is positive when evaluated."""

    num: Int
    den: Int

    def __str__(self) -> str:
        return f"{_factor(self.num)}/{_factor(self.den)}"


@dataclass(frozen=True, slots=True)
class Extreme:
    """The minimum or maximum of two expressions."""

    op: str  # "min" or "max"
    a: Int
    b: Int

    def __str__(self) -> str:
        return f"{self.op}({self.a}, {self.b})"


Atom = Union[str, FloorDiv, Extreme]
Monomial = tuple[Atom, ...]  # sorted by text; () is the constant term


def _factor(e: Int) -> str:
    text = str(e)
    plain = len(e.terms) == 1 and abs(e.terms[0][1]) == 1 and "/" not in text
    return text if plain or e.is_const else f"({text})"


@functools.lru_cache(maxsize=1 << 16)  # sorting needs the text of the same atoms again and again
def _text(atom: FloorDiv | Extreme) -> str:
    return str(atom)


def _key(atom: Atom) -> str:
    return atom if isinstance(atom, str) else _text(atom)


def _order(term: tuple[Monomial, int]) -> tuple[int, tuple[str, ...]]:
    return len(term[0]), tuple(map(_key, term[0]))


Terms = tuple[tuple[Monomial, int], ...]


class Int:
    """An immutable integer polynomial. Build with `Int.of`, `Int.var` and the operators."""

    __slots__ = ("_hash", "_names", "terms")
    terms: Terms  # sorted, no zero coefficients
    _hash: int | None  # found when first asked for, as are the names
    _names: frozenset[str] | None

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        kept = [t for t in terms.items() if t[1]]
        if len(kept) > 1:
            kept.sort(key=_order)
        self.terms = tuple(kept)
        self._hash = self._names = None

    # ---- building
    @staticmethod
    def _of_sorted(terms: Terms) -> Int:
        """From terms in order: sorting is most of the work of small sums."""
        out = object.__new__(Int)
        out.terms = terms
        out._hash = out._names = None
        return out

    @staticmethod
    def of(value: IntLike) -> Int:
        """An `Int` from an int, a name, or itself."""
        if isinstance(value, Int):
            return value
        if isinstance(value, str):
            return Int({(value,): 1})
        return Int({(): int(value)}) if value else ZERO

    var = of

    @staticmethod
    def atom(atom: Atom) -> Int:
        return Int({(atom,): 1})

    def __add__(self, other: IntLike) -> Int:
        if isinstance(other, int):
            return self._shifted(int(other))
        other = Int.of(other)
        if other.is_const:
            return self._shifted(other.constant)
        if self.is_const:
            return other._shifted(self.constant)
        out = dict(self.terms)
        for m, c in other.terms:
            out[m] = out.get(m, 0) + c
        if len(out) == len(self.terms):  # nothing new: the order stays
            return Int._of_sorted(tuple([t for t in out.items() if t[1]]))
        return Int(out)

    __radd__ = __add__

    def _shifted(self, by: int) -> Int:
        if not by:
            return self
        total = self.constant + by
        rest = self.terms[1:] if self.constant else self.terms
        return Int._of_sorted((((), total), *rest) if total else rest)

    def __neg__(self) -> Int:
        return Int._of_sorted(tuple([(m, -c) for m, c in self.terms]))

    def __sub__(self, other: IntLike) -> Int:
        return self + (-other if isinstance(other, int) else -Int.of(other))

    def __rsub__(self, other: IntLike) -> Int:
        return Int.of(other) + -self

    def __mul__(self, other: IntLike) -> Int:
        if isinstance(other, int):
            return self._scaled(int(other))
        other = Int.of(other)
        if other.is_const:
            return self._scaled(other.constant)
        if self.is_const:
            return other._scaled(self.constant)
        out: dict[Monomial, int] = {}
        for m, c in self.terms:
            for n, d in other.terms:
                p = tuple(sorted(m + n, key=_key)) if m and n else m or n
                out[p] = out.get(p, 0) + c * d
        return Int(out)

    __rmul__ = __mul__

    def _scaled(self, by: int) -> Int:
        if by == 1:
            return self
        return Int._of_sorted(tuple([(m, c * by) for m, c in self.terms])) if by else ZERO

    def __floordiv__(self, other: IntLike) -> Int:
        den = Int.of(other)
        if den.is_const:
            d = den.value
            if d <= 0:
                raise ValueError(f"divisor must be positive, found {d}")
            # (q*d + r) / d = q + floor(r / d): multiples of the divisor leave the quotient. Other
            # terms stay whole, so that (W - 3*K)/2 is what the user wrote.
            whole = Int({m: c // d for m, c in self.terms if not m or c % d == 0})
            rest = self - whole * d
            if not rest or rest.is_const:
                return whole
            # (g*e + c) / (g*d) = floor((e + floor(c / g)) / d)
            g = gcd(d, *(c for m, c in rest.terms if m))
            if g > 1:
                rest, den = Int({m: c // g for m, c in rest.terms}), Int.of(d // g)
            return whole + Int.atom(FloorDiv(rest, den))
        if self == den:
            return ONE
        return Int.atom(FloorDiv(self, den)) if self else ZERO

    def __mod__(self, other: IntLike) -> Int:
        return self - (self // other) * other

    # ---- asking
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Int) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self.terms)
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def is_const(self) -> bool:
        return not self.terms or (len(self.terms) == 1 and not self.terms[0][0])

    @property
    def value(self) -> int:
        """The value of a constant expression; ValueError for any other."""
        if not self.is_const:
            raise ValueError(f"{self} is not constant")
        return self.terms[0][1] if self.terms else 0

    @property
    def constant(self) -> int:
        """The constant term."""
        return self.terms[0][1] if self.terms and not self.terms[0][0] else 0

    @property
    def names(self) -> frozenset[str]:
        """Every name in it, inside quotients too."""
        if self._names is None:
            self._names = frozenset([n for m, _ in self.terms for n in monomial_names(m)])
        return self._names

    def coefficient(self, name: str) -> int | None:
        """c if the expression is c*name + terms without the name (c may be 0), else None."""
        found = 0
        for m, c in self.terms:
            if m == (name,):
                found = c
            elif any(name in _atom_names(a) for a in m):
                return None
        return found

    def slope(self, name: str) -> Int | None:
        """s if the expression is s*name + rest, s and rest without the name; None if it is not."""
        out: dict[Monomial, int] = {}
        for m, c in self.terms:
            n = sum(a == name for a in m)
            rest = tuple(a for a in m if a != name)
            if n > 1 or any(name in _atom_names(a) for a in rest):
                return None
            if n:
                out[rest] = out.get(rest, 0) + c
        return Int(out)

    # ---- replacing, evaluating, printing
    def subs(self, table: Mapping[str, IntLike]) -> Int:
        """Names replaced by expressions, everywhere and at once."""
        if self.names.isdisjoint(table):
            return self
        return _rebuild(self, lambda n: Int.of(table[n]) if n in table else Int.of(n))

    def eval(self, table: Mapping[str, int]) -> int:
        """The value for the given values of all names; KeyError names one that is missing."""
        total = 0
        for m, c in self.terms:
            for a in m:
                c *= _atom_eval(a, table)
            total += c
        return total

    def __str__(self) -> str:
        """Positive terms first, the constant last: "H - R + 1"; a quotient rounds down."""
        out = ""
        for m, c in sorted(self.terms, key=lambda t: (not t[0], t[1] < 0)):
            factors = [_key(a) for a in m]
            if len(m) > 1 or c != 1:
                factors = [f"({k})" if "/" in k else k for k in factors]
            if abs(c) != 1 or not m:
                factors.insert(0, str(abs(c)))
            sign = ("-" if c < 0 else "") if not out else (" - " if c < 0 else " + ")
            out += sign + "*".join(factors)
        return out or "0"

    def __repr__(self) -> str:
        return f"Int({self})"


IntLike = Union[Int, int, str]
ZERO, ONE = Int({}), Int({(): 1})


def minimum(a: IntLike, b: IntLike) -> Int:
    """min(a, b), decided where the difference is constant."""
    return _extreme("min", Int.of(a), Int.of(b))


def maximum(a: IntLike, b: IntLike) -> Int:
    """max(a, b), decided where the difference is constant."""
    return _extreme("max", Int.of(a), Int.of(b))


def ceil_div(a: IntLike, b: int) -> Int:
    """a / b rounded up."""
    return (Int.of(a) + (b - 1)) // b


def product(factors: tuple[Int, ...]) -> Int:
    out = ONE
    for f in factors:
        out = out * f
    return out


def distribute(e: Int) -> Int:
    """min(a, b) + c as min(a + c, b + c), where exactly one extreme stands alone in the sum."""
    alone = [(m[0], c) for m, c in e.terms if len(m) == 1 and isinstance(m[0], Extreme)]
    if len(alone) != 1 or alone[0][1] != 1:
        return e
    x = alone[0][0]
    assert isinstance(x, Extreme)
    rest = e - Int.atom(x)
    a, b = distribute(x.a + rest), distribute(x.b + rest)
    return minimum(a, b) if x.op == "min" else maximum(a, b)


def _extreme(op: str, a: Int, b: Int) -> Int:
    gap = a - b
    if gap.is_const:
        return a if (gap.value <= 0) == (op == "min") else b
    return Int.atom(Extreme(op, a, b))


def monomial_names(m: Monomial) -> Iterator[str]:
    """Every name in a product of atoms."""
    for a in m:
        yield from _atom_names(a)


def _atom_names(atom: Atom) -> Iterable[str]:
    match atom:
        case str():
            return (atom,)
        case FloorDiv(num, den):
            return num.names | den.names
        case Extreme(_, a, b):
            return a.names | b.names


def _atom_eval(atom: Atom, table: Mapping[str, int]) -> int:
    match atom:
        case str():
            return table[atom]
        case FloorDiv(num, den):
            return num.eval(table) // den.eval(table)
        case Extreme(op, a, b):
            return (min if op == "min" else max)(a.eval(table), b.eval(table))


def _rebuild(e: Int, leaf: Callable[[str], Int]) -> Int:
    out: dict[Monomial, int] = {}  # one sum for all terms: most stay or become one of a few names
    for m, c in e.terms:
        p = ONE
        for a in m:
            match a:
                case str():
                    p = p * leaf(a)
                case FloorDiv(num, den):
                    p = p * (_rebuild(num, leaf) // _rebuild(den, leaf))
                case Extreme(op, x, y):
                    p = p * _extreme(op, _rebuild(x, leaf), _rebuild(y, leaf))
        for n, d in p.terms:
            out[n] = out.get(n, 0) + c * d
    return Int(out)


def to_isl(e: Int) -> str:
    """isl's text of an affine expression; ValueError if a product of names is in it."""
    out = []
    for m, c in e.terms:
        if len(m) > 1:
            raise ValueError(f"{e} is not affine")
        match m[0] if m else None:
            case None:
                out.append(f"{c}")
            case str() as name:
                out.append(f"{c}*{name}" if c != 1 else name)
            case FloorDiv(num, den):
                out.append(f"{c}*floor(({to_isl(num)})/{den.value})")
            case Extreme(op, a, b):
                out.append(f"{c}*{op}({to_isl(a)}, {to_isl(b)})")
    return " + ".join(out) or "0"
