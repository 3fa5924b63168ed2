"""Rows that two groups have in common, by linear algebra on the hulls of what connects them.

Each group comes with rows in which none of its own dependences has a distance. So has every
combination of them, and a common row is one combination on each side, and a shift, that agree at
both ends of every connection:

    sum_i x_i * row_i(source) + shift = sum_j y_j * row'_j(sink)    on the affine hull

These are a few linear equations, where scheduling the union anew would be an integer program that
grows with every statement fused so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import Access

MOST = 4  # largest coefficient of a common row
Vector = list[Fraction]


@dataclass(frozen=True, slots=True)
class Group:
    """Statements in textual order and the coincident rows they have in common."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Instances of two statements that belong together: a basis of their affine hull.

    Each basis vector gives a value to the source's variables, the sink's, the sizes, and 1.
    """

    source: str
    sink: str
    basis: tuple[tuple[tuple[Fraction, ...], tuple[Fraction, ...], tuple[Fraction, ...]], ...]


def edge_link(e: Edge) -> Link:
    """The affine hull of a dependence: { source[i] -> sink[j] : equations }."""
    hull = e.relation.affine_hull().remove_divs()
    kinds = isl.dim_type
    matrix = hull.equalities_matrix(kinds.in_, kinds.out, kinds.param, kinds.cst, kinds.div)
    n, m, width = hull.dim(kinds.in_), hull.dim(kinds.out), matrix.cols()
    equations = [
        [Fraction(matrix.get_element_val(r, c).to_python()) for c in range(width)]
        for r in range(matrix.rows())
    ]
    return Link(e.source, e.sink, _basis(equations, n, m, width))


def read_link(program: Program, s: Statement, a: Access, t: Statement, b: Access) -> Link | None:
    """Instances of two statements that read one element; None where data decides which."""
    sizes = tuple(z.name for z in program.sizes)
    n, m = len(s.vars), len(t.vars)
    equations: list[Vector] = []
    for x, y in zip(a.subs, b.subs, strict=True):
        left = _coefficients(x, (*s.vars, *sizes)) if isinstance(x, Int) else None
        right = _coefficients(y, (*t.vars, *sizes)) if isinstance(y, Int) else None
        if left is None or right is None:
            return None
        rest = [p - q for p, q in zip(left[n:], right[m:], strict=True)]
        equations.append([*left[:n], *(-q for q in right[:m]), *rest])
        equations += _digits(left[:n], right[:m], len(rest))
    return Link(s.name, t.name, _basis(equations, n, m, n + m + len(sizes) + 1))


def _digits(left: Vector, right: Vector, more: int) -> list[Vector]:
    """Equations between the variables that have one factor, which no other has, on both sides:
    chunk and place in 64*c + i. They pick pairs of instances, they do not follow."""
    once = [f for f in left if f and left.count(f) == right.count(f) == 1]
    return [
        [
            *(Fraction(x == f) for x in left),
            *(-Fraction(x == f) for x in right),
            *[Fraction(0)] * more,
        ]
        for f in once
        if len([x for x in left if x]) > 1
    ]


def common_rows(program: Program, a: Group, b: Group, links: Iterable[Link]) -> list[Row] | None:
    """Rows of the union of two groups, in the order of `a`'s; `links` join them in any direction.

    None where a row is not linear, and these equations can say nothing. The instances of a group
    without rows are given a constant place in the other's.
    """
    sizes = tuple(z.name for z in program.sizes)
    equations: list[Vector] = []
    for x in links:
        turned = x.source not in a.names
        (one, other) = (x.sink, x.source) if turned else (x.source, x.sink)
        for source, sink, rest in x.basis:
            here, there = (sink, source) if turned else (source, sink)
            left = _values(program, a, one, (*here, *rest))
            right = _values(program, b, other, (*there, *rest))
            if left is None or right is None:
                return None
            equations.append([*left, *(-v for v in right), *rest])
    width = len(a.rows) + len(b.rows) + len(sizes) + 1
    found = reduced(null_space(equations, width), width)
    rows = (_row(a, b, _integral(v), sizes) for v in found)
    return [r for r in rows if r is not None]


def _values(program: Program, g: Group, name: str, point: tuple[Fraction, ...]) -> Vector | None:
    """Every row of the group at one point of a statement; None where one is not linear."""
    names = (*program.statement(name).vars, *(z.name for z in program.sizes))
    out: Vector = []
    for r in g.rows:
        factors = _coefficients(r[name], names)
        if factors is None:
            return None
        products = (f * p for f, p in zip(factors, point, strict=True) if f and p)
        out.append(sum(products, Fraction(0)))
    return out


def _coefficients(e: Int, names: tuple[str, ...]) -> Vector | None:
    """The factor of each name and the constant of a linear expression, None for another one."""
    table = {(name,): 0 for name in names} | {(): 0}
    for monomial, c in e.terms:
        if monomial not in table:
            return None
        table[monomial] = c
    return [Fraction(c) for c in table.values()]


def _row(a: Group, b: Group, v: list[int], sizes: tuple[str, ...]) -> Row | None:
    """The row of one solution, None where it moves only one of the groups or makes large steps."""
    x, y = v[: len(a.rows)], v[len(a.rows) : len(a.rows) + len(b.rows)]
    for g, factors in ((a, x), (b, y)):
        if (g.rows and not any(factors)) or any(abs(f) > MOST for f in factors):
            return None
    shift = Int.of(v[-1])
    for name, f in zip(sizes, v[len(x) + len(y) : -1], strict=True):
        shift += Int.of(name) * f
    exprs = {n: e + shift for n, e in _combined(a, x).items()}
    return Row.of(exprs | _combined(b, y))


def _combined(g: Group, factors: list[int]) -> dict[str, Int]:
    """The combination of a group's rows at each of its statements."""
    out = dict.fromkeys(g.names, Int.of(0))
    for r, f in zip(g.rows, factors, strict=True):
        if f:
            out = {n: out[n] + e * f for n, e in r.exprs}
    return out


# ---- linear algebra over the rationals
def _basis(
    equations: list[Vector], n: int, m: int, width: int
) -> tuple[tuple[tuple[Fraction, ...], tuple[Fraction, ...], tuple[Fraction, ...]], ...]:
    vectors = null_space(equations, width)
    return tuple((tuple(v[:n]), tuple(v[n : n + m]), tuple(v[n + m :])) for v in vectors)


def reduced(rows: list[Vector], width: int) -> list[Vector]:
    """The reduced row echelon form, without its zero rows."""
    out: list[Vector] = []
    left = [list(r) for r in rows]
    for c in range(width):
        pivot = next((r for r in left if r[c]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        lead = pivot[c]
        pivot = [x / lead if x else x for x in pivot]
        for r in (*left, *out):
            if factor := r[c]:
                r[:] = [x - factor * p if p else x for x, p in zip(r, pivot, strict=True)]
        out.append(pivot)
    return out


def null_space(rows: list[Vector], width: int) -> list[Vector]:
    """A basis of the vectors on which every row is zero."""
    echelon = reduced(rows, width)
    pivots = [next(c for c, x in enumerate(r) if x) for r in echelon]
    out: list[Vector] = []
    for free in (c for c in range(width) if c not in pivots):
        v = [Fraction(int(c == free)) for c in range(width)]
        for c, r in zip(pivots, echelon, strict=True):
            v[c] = -r[free]
        out.append(v)
    return out


def _integral(v: Vector) -> list[int]:
    """The shortest vector of integers in the same direction."""
    scale = lcm(*(x.denominator for x in v))
    whole = [int(x * scale) for x in v]
    common = gcd(*whole) or 1
    return [x // common for x in whole]
