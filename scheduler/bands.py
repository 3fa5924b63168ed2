"""The outer band of a set of statements: dimensions in which no dependence has a distance.

isl's scheduler finds affine rows that align the statements; only the leading coincident rows are
kept, because everything inside them is arranged per statement by `nest`.
"""

from __future__ import annotations

import islpy as isl

from polyc.frontend.program import Program
from polyc.scheduler.affine import Row, operations, over_budget, rows_of_band
from polyc.scheduler.dependences import Edge


def outer_rows(
    program: Program, names: tuple[str, ...], edges: tuple[Edge, ...], budget: int
) -> list[Row]:
    """Coincident rows common to all named statements, outermost first; [] where there are none.

    At most `budget` isl operations are spent; an exhausted budget counts as no common rows.
    """
    inside = [e for e in edges if e.source in names and e.sink in names]
    sizes = f"[{', '.join(z.name for z in program.sizes)}] -> {{ }}"
    points, validity, coincidence = isl.UnionSet(sizes), isl.UnionMap(sizes), isl.UnionMap(sizes)
    proximity = isl.UnionMap(sizes)
    for n in names:
        points = points.union(isl.UnionSet.from_set(program.statement(n).domain))
    for e in inside:
        relation = isl.UnionMap.from_map(e.relation)
        coincidence = coincidence.union(relation)
        if not e.reduction:
            validity = validity.union(relation)
        if e.kind == "flow":
            proximity = proximity.union(relation)
    try:
        with operations(budget):
            constraints = isl.ScheduleConstraints.on_domain(
                points.intersect_params(program.context)
            )
            constraints = constraints.set_validity(validity).set_coincidence(coincidence)
            tree = _solve(constraints.set_proximity(proximity))
            return _leading(tree, program, names)
    except isl.Error as error:
        if over_budget(error):
            return []
        raise


def _solve(constraints: isl.ScheduleConstraints) -> isl.Schedule:
    context = isl.DEFAULT_CONTEXT
    context.set_schedule_whole_component(1)
    context.set_schedule_outer_coincidence(1)
    context.set_schedule_max_coefficient(4)
    context.set_schedule_max_constant_term(64)
    context.set_schedule_treat_coalescing(0)
    return constraints.compute_schedule()


def _leading(tree: isl.Schedule, program: Program, names: tuple[str, ...]) -> list[Row]:
    node = tree.get_root().child(0)
    if node.get_type() != isl.schedule_node_type.band:
        return []
    rows = rows_of_band(node, program)
    if rows is None or any(len(r.exprs) != len(names) for r in rows):
        return []
    count = 0
    while count < len(rows) and node.band_member_get_coincident(count):
        count += 1
    return rows[:count]
