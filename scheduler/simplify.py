"""What fixed sizes make trivial is dropped: conditions that always hold, loops of one iteration.

A convolution with a window of 1 x 1, say, has neither padding nor a window:
    Y(k,h,w) += (0 <= h+r < H ? X(c,h+r,w+s) : 0) * F(k,c,r,s)      is
    Y(k,h,w) += X(c,h,w) * F(k,c,0,0)
"""

from __future__ import annotations

from dataclasses import replace

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import (
    Expr,
    Program,
    Select,
    Statement,
    affine_condition,
    map_children,
    map_expr,
    parameters,
    tuple_text,
)
from polyc.scheduler.facts import single_values


def simplify(program: Program) -> Program:
    """The program with the branch that is always taken in the place of each such `? :`, and
    without the variables that have a single value."""
    statements = (_without_conditions(program, s) for s in program.statements)
    return replace(program, statements=tuple(map(_without_single_values, statements)))


def _without_conditions(program: Program, s: Statement) -> Statement:
    points = s.domain.intersect_params(program.context)
    space = tuple_text(parameters(s.domain), s)

    def go(e: Expr) -> Expr:
        if isinstance(e, Select):
            holds = affine_condition(e.cond, space)
            if holds is not None and points.is_subset(holds):
                return go(e.yes)
            if holds is not None and points.is_disjoint(holds):
                return go(e.no)
        return map_children(e, go)

    return replace(s, value=go(s.value))


def _without_single_values(s: Statement) -> Statement:
    if s.op in ("argmin", "argmax"):  # the value is the variable
        return s
    fixed = {v: n for v, n in single_values(s).items() if v not in s.order}
    if not fixed:
        return s
    values = {v: Int.of(n) for v, n in fixed.items()}
    domain = s.domain
    for v in fixed:
        domain = domain.project_out(isl.dim_type.set, _position(domain, v), 1)
    return replace(
        s,
        vars=tuple(v for v in s.vars if v not in fixed),
        domain=domain.set_tuple_name(s.name),
        subs=tuple(x.subs(values) for x in s.subs),
        value=map_expr(s.value, values),
    )


def _position(domain: isl.Set, v: str) -> int:
    return int(domain.find_dim_by_name(isl.dim_type.set, v))
