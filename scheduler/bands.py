"""The outer band of a set of statements: dimensions in which no dependence has a distance.

A row is coincident when it is equal at both ends of every dependence. An equation that holds on a
relation holds on its affine hull, so isl's scheduler is given hulls instead of the relations:
equations only, which makes its linear programs tiny and gives the same rows. The hull of a
dependence that is carried says nothing about which end runs first; an extra dimension, `clock`,
that grows along every edge stands for everything inside the coincident rows.
"""

from __future__ import annotations

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import Program
from polyc.scheduler.affine import IN, OUT, Row, aff_to_int, kind, operations, over_budget
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import single_values

CLOCK = "clock*"  # not a name of the language


def outer_rows(
    program: Program, names: tuple[str, ...], edges: tuple[Edge, ...], budget: int
) -> list[Row]:
    """Coincident rows common to all named statements, outermost first; [] where there are none.

    At most `budget` isl operations are spent; an exhausted budget counts as no common rows.
    """
    try:
        with operations(budget):
            rows = _coincident(_solve(_constraints(program, names, edges)), program, names)
    except isl.Error as error:
        if over_budget(error):
            return []
        raise
    single = {n: single_values(program.statement(n)) for n in names}
    plain = [Row.of({n: e.subs(single[n]) for n, e in r.exprs}) for r in rows]
    return [r for r in plain if _moves(r, program)]


def _constraints(
    program: Program, names: tuple[str, ...], edges: tuple[Edge, ...]
) -> isl.ScheduleConstraints:
    sizes = f"[{', '.join(z.name for z in program.sizes)}] -> {{ }}"
    points, hulls = isl.UnionSet(sizes), isl.UnionMap(sizes)
    for n in names:
        space = isl.Set.universe(program.statement(n).domain.get_space())
        with_clock = space.add_dims(isl.dim_type.set, 1).set_tuple_name(n)
        points = points.union(isl.UnionSet.from_set(with_clock))
    for e in edges:
        if e.source in names and e.sink in names:
            hulls = hulls.union(isl.UnionMap.from_map(_hull(e)))
    constraints = isl.ScheduleConstraints.on_domain(points).set_validity(hulls)
    return constraints.set_coincidence(hulls).set_proximity(hulls)


def _hull(e: Edge) -> isl.Map:
    """{ source[i, clock] -> sink[j, clock'] : (i, j) in the affine hull, clock < clock' }"""
    m = isl.Map.from_basic_map(e.relation.affine_hull()).add_dims(IN, 1).add_dims(OUT, 1)
    m = m.set_tuple_name(IN, e.source).set_tuple_name(OUT, e.sink)
    return m.order_lt(IN, m.dim(IN) - 1, OUT, m.dim(OUT) - 1)


def _solve(constraints: isl.ScheduleConstraints) -> isl.Schedule:
    context = isl.DEFAULT_CONTEXT
    context.set_schedule_whole_component(1)
    context.set_schedule_outer_coincidence(1)
    context.set_schedule_max_coefficient(4)
    context.set_schedule_max_constant_term(64)
    context.set_schedule_treat_coalescing(0)
    return constraints.compute_schedule()


def _coincident(tree: isl.Schedule, program: Program, names: tuple[str, ...]) -> list[Row]:
    node = tree.get_root().child(0)
    if kind(node.get_type()) != "band":
        return []
    schedule = node.band_get_partial_schedule()
    rows: list[Row] = []
    for i in range(schedule.dim(isl.dim_type.set)):
        row = _row(schedule.get_union_pw_aff(i), program)
        if not node.band_member_get_coincident(i) or row is None or len(row.exprs) != len(names):
            break
        if not any(CLOCK in e.names for _, e in row.exprs):
            rows.append(row)
    return rows


def _row(u: isl.UnionPwAff, program: Program) -> Row | None:
    """A schedule dimension as `Int`s; None where isl chose a piecewise or rational one."""
    exprs: dict[str, Int] = {}
    found = u.get_pw_aff_list()
    for k in range(found.n_pw_aff()):
        piece = found.get_pw_aff(k)
        name = piece.get_tuple_id(IN).get_name()
        pieces = piece.get_pieces()
        value = aff_to_int(pieces[0][1], (*program.statement(name).vars, CLOCK))
        if len(pieces) != 1 or value is None:
            return None
        exprs[name] = value
    return Row.of(exprs)


def _moves(row: Row, program: Program) -> bool:
    """Some statement has more than one value of the row."""
    return any(not e.names.isdisjoint(program.statement(n).vars) for n, e in row.exprs)
