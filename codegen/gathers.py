"""Subscripts that depend on data: all of them are tested before anything is written."""

from __future__ import annotations

import islpy as isl

from polyc.codegen.ast import loops_of_tree
from polyc.codegen.expressions import Body, as_dtype, real_value
from polyc.codegen.loops import Bin, Check, FromInt, Lit, Stmt
from polyc.frontend import program as ir
from polyc.frontend.dtypes import INT64
from polyc.frontend.integers import Int


def check_gathers(body: Body) -> tuple[tuple[Stmt, ...], tuple[str, ...]]:
    """Loops that test every data-dependent subscript before anything is written, and what a
    failed test means (the message of code k is number k - 1)."""
    checks: list[Stmt] = []
    messages: list[str] = []
    for s in body.program.statements:
        for load, d in _gathers(s.value):
            sub = load.subs[d]
            assert not isinstance(sub, Int)
            size = body.program.tensor(load.tensor).shape[d]
            messages.append(
                f"a subscript of {load.tensor} (dimension {d}) read from data is outside 0:{size}"
            )
            checks += _check_loops(body, s, sub, size, len(messages))
    return tuple(checks), tuple(messages)


def _gathers(e: ir.Expr) -> list[tuple[ir.Load, int]]:
    own = []
    if isinstance(e, ir.Load):
        own = [(e, d) for d, sub in enumerate(e.subs) if not isinstance(sub, Int)]
    return own + [g for c in ir.children(e) for g in _gathers(c)]


def _check_loops(
    body: Body, s: ir.Statement, sub: ir.Expr, size: Int, code: int
) -> tuple[Stmt, ...]:
    """Loops over the values of the variables in the subscript, each tested once."""
    used = [v for v in s.vars if v in ir.names_of(sub)]
    points = s.domain
    for k in reversed(range(len(s.vars))):
        if s.vars[k] not in used:
            points = points.project_out(isl.dim_type.set, k, 1)
    points = points.set_tuple_name("check")

    def fill(_: str, values: tuple[Int, ...]) -> tuple[Stmt, ...]:
        table = dict(zip(used, values, strict=True))
        v = as_dtype(real_value(body, sub, table, s), INT64)
        low = Bin(">=", v, Lit(0, INT64))
        return (Check(Bin("and", low, Bin("<", v, FromInt(size, INT64))), code),)

    order = isl.Schedule.from_domain(isl.UnionSet.from_set(points))
    if used:
        identity = isl.MultiUnionPwAff.from_union_map(
            isl.UnionMap.from_map(
                isl.Map.identity(points.get_space().map_from_set()).reset_tuple_id(isl.dim_type.out)
            ).intersect_domain(isl.UnionSet.from_set(points))
        )
        order = order.insert_partial_schedule(identity)
    return loops_of_tree(order, body.program.context, fill)
