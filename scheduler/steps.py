"""The steps of a loop over time: in tiles of time and space where that pays.

for t { S1; S2 }      becomes      for front { parallel for tile { for t { S1; S2 } } }
"""

from __future__ import annotations

from dataclasses import replace

from polyc.frontend.integers import Int
from polyc.frontend.program import Program
from polyc.scheduler.affine import Row, equal_on
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Edge
from polyc.scheduler.figures import Figures
from polyc.scheduler.fusion import statement_components
from polyc.scheduler.inside import ranges_of, run_of, statement
from polyc.scheduler.part import Context, Part, in_sequence
from polyc.scheduler.tiling import Tiling
from polyc.scheduler.timemodel import Model
from polyc.scheduler.timetiling import TimeTiles, time_tiles
from polyc.scheduler.tree import Band, Decision, Tree

NO_TILES = Tiling((), (), {}, 0)


def recurrence(
    context: Context, alone: Part, names: tuple[str, ...], edges: tuple[Edge, ...], parallel: bool
) -> Part:
    """One statement that no loop runs in parallel, in tiles of its `for` and of space where that
    pays; else as it is `alone`."""
    s = context.program.statement(names[0])
    own = tuple(e for e in edges if e.source == e.sink == s.name)
    clocks = [
        v
        for k, v in enumerate(s.order)
        if isinstance(v, str) and any(still_open(e, k, context.program) for e in own)
    ]
    if not clocks:
        return alone
    time = Row.of({s.name: Int.of(clocks[0])})
    tiles, why = tiles_of(context, time, own, parallel)
    if tiles is None:
        return replace(alone, decisions=(why, *alone.decisions))
    inner = tuple(
        replace(e, relation=m)
        for e in own
        if not (m := equal_on(e.relation, [time], context.program)).is_empty()
    )
    inside = replace(context, fixed=context.fixed | {clocks[0]})
    step = in_text_order(inside, names, inner)
    return alone if step is None else tiled_in_time(tiles, time, step, why)


def tiles_of(
    context: Context, time: Row, edges: tuple[Edge, ...], parallel: bool
) -> tuple[TimeTiles | None, Decision]:
    """Tiles across the steps of a shared loop, where that moves less and threads are free."""
    if not parallel:
        subject = "+".join(n for n, _ in time.exprs)
        return None, Decision("time", subject, "not tiled", "threads start around its loop")
    statements = tuple(context.typical.statement(n) for n, _ in time.exprs)
    ranges = {s.name: ranges_of(context, s.name) for s in statements}
    figures = Figures.within(context.typical, ranges)
    model = Model(context.typical, statements, time, figures)
    return time_tiles(context.program, model, edges, context.target, context.options.budget)


def in_text_order(context: Context, names: tuple[str, ...], edges: tuple[Edge, ...]) -> Part | None:
    """The statements of one step, each with its own loops; None where they have more in common."""
    parts: list[tuple[tuple[str, ...], Part]] = []
    for component in statement_components(names, edges):
        if len(component) > 1:
            return None
        alone = Group(component, ())
        member = statement(context, component[0], alone, edges, NO_TILES)
        parts += run_of(context, [member], alone, edges)
    return in_sequence(parts)


def tiled_in_time(tiles: TimeTiles, time: Row, step: Part, why: Decision) -> Part:
    """Fronts, tiles and cuts around the loop over time; arrays outlive a tile, so none is local."""
    tree: Tree = Band(time, 1, "", False, step.tree)
    for cut, size in reversed(tiles.cuts):
        tree = Band(cut, size, "", False, tree)
    tree = Band(*tiles.tile, "parallel", True, tree)
    return Part(Band(tiles.front, 1, "", False, tree), step.storage, (why, *step.decisions))


def still_open(e: Edge, depth: int, program: Program) -> bool:
    """The edge relates instances that differ in the iterator at this depth."""
    ends = (program.statement(e.source), program.statement(e.sink))
    if any(len(s.order) <= depth for s in ends):
        return False
    shared = Row.of({s.name: Int.of(str(s.order[depth])) for s in ends})
    same = equal_on(e.relation, [shared], program)
    return not e.relation.is_subset(same)
