"""How many operations a program performs, as its text says.

An operation is one `+ - * / %`, minimum, maximum, comparison, negation, logical operator, call of a
function, or choice by a condition on data, and one combination of a reduction, for every point at
which it is evaluated. A branch under an affine condition counts where it is taken. Whatever the
type, complex numbers too, it counts one. Loads, conversions, subscripts, affine conditions and
constants count nothing.
"""

from __future__ import annotations

import islpy as isl

from polyc.frontend.program import (
    Binary,
    Call,
    Expr,
    Program,
    Select,
    Statement,
    Unary,
    affine_condition,
    children,
    parameters,
    tuple_text,
)
from polyc.scheduler.counting import count, estimate


def operations(program: Program) -> tuple[int, bool]:
    """The number, and whether it is exact or, of involved domains, an estimate. The sizes are
    fixed."""
    total, exact = 0, True
    for s in program.statements:
        for points, n in _pieces(s):
            if n:
                found = count(points)
                exact = exact and found is not None
                total += n * (estimate(points) if found is None else found)
    return total, exact


def _pieces(s: Statement) -> list[tuple[isl.Set, int]]:
    """Points of the domain, and the operations at each: once for all, once for each branch."""
    pieces: list[tuple[isl.Set, int]] = []
    everywhere = _walk(s.value, s, s.domain, pieces) + (s.op is not None)
    return [(s.domain, everywhere), *pieces]


def _walk(e: Expr, s: Statement, where: isl.Set, pieces: list[tuple[isl.Set, int]]) -> int:
    """Operations at all of `where`; branches of affine conditions go to the pieces."""
    if isinstance(e, Select):
        held = affine_condition(e.cond, tuple_text(parameters(s.domain), s))
        if held is not None:
            for points, branch in (
                (where.intersect(held), e.yes),
                (where.subtract(held), e.no),
            ):
                pieces.append((points, _walk(branch, s, points, pieces)))
            return 0
    own = isinstance(e, (Unary, Binary, Call, Select))
    return own + sum(_walk(c, s, where, pieces) for c in children(e))
