"""From a program and its dependences to a schedule: groups, tiles, nests, storage.

The tree of a group is: parallel and tile loops over its coincident rows, then its statements one
after another, each with its own loops over the tile. Statements that depend on each other in a
cycle share the loop that the text gives them (`for t`), tiled in time and space or run in order,
and are scheduled again inside it. Decisions are collected on the way, never used as state.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.options import Options
from polyc.scheduler.affine import Row, equal_on
from polyc.scheduler.batches import Batch, around_items, batches
from polyc.scheduler.cluster import Member
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Dependences, Edge
from polyc.scheduler.facts import sized
from polyc.scheduler.figures import Figures
from polyc.scheduler.fusion import form_groups, statement_components
from polyc.scheduler.graph import as_written
from polyc.scheduler.inside import (
    crosses,
    figures_of,
    heavy_nests,
    run_of,
    statement,
    unit,
    written_out,
)
from polyc.scheduler.microtile import in_micro_tiles, micro_decision, micro_tiling
from polyc.scheduler.nest import Nest
from polyc.scheduler.part import Context, Part, in_sequence
from polyc.scheduler.reasons import group_decisions, starts_threads
from polyc.scheduler.stages import around, stages, within
from polyc.scheduler.steps import in_text_order, recurrence, still_open, tiled_in_time, tiles_of
from polyc.scheduler.storage import all_placed, in_memory, place
from polyc.scheduler.streams import memory_order, threads_first
from polyc.scheduler.tiling import Tiling, choose, run_units
from polyc.scheduler.tree import Band, Decision, Schedule, Storage, to_isl_tree
from polyc.target import WORTH_THREADS, Target


def schedule(program: Program, deps: Dependences, target: Target, options: Options) -> Schedule:
    """A legal schedule for every program; strict mathematics keeps the order of reductions."""
    edges = deps.edges
    if options.math == "strict":
        edges = tuple(replace(e, reduction=False) for e in edges)
    context = Context(program, sized(program), target, options)
    names = tuple(s.name for s in program.statements)
    part = _region(context, names, edges, parallel=True)
    tree = to_isl_tree(part.tree, program)
    decisions = all_placed(program, part.storage, part.decisions)
    return Schedule(tree, part.storage, decisions, context.options.math == "fast")


def _region(
    context: Context, names: tuple[str, ...], edges: tuple[Edge, ...], parallel: bool
) -> Part:
    """Statements that share no loop yet: groups one after another.

    In the order of the text a copy of an operand is made just before its use, and lives briefly.
    """
    groups, decisions = form_groups(context.program, names, edges, context.target, context.options)
    found, refused = batches(context, groups, edges, parallel)
    parts = {b.names: _batch(context, b, edges) for b in found}
    inside = {n for b in found for n in b.names}
    alone = (g for g in groups if g.names[0] not in inside)
    parts |= {g.names: _group(context, g, edges, parallel) for g in alone}
    order = as_written(list(parts), names, [(e.source, e.sink) for e in edges])
    joined = in_sequence([(group, parts[group]) for group in order])
    return replace(joined, decisions=(*decisions, *refused, *joined.decisions))


def _batch(context: Context, b: Batch, edges: tuple[Edge, ...]) -> Part:
    """The groups of one item after each other, in the loops over all items."""
    inside, free = b.inside(context), b.threads == "inside"
    parts = [_group(inside, g, edges, free) for g in b.groups]
    return around_items(context, b, parts)


def _group(context: Context, g: Group, edges: tuple[Edge, ...], parallel: bool) -> Part:
    """Tile loops over the coincident rows, then the units inside."""
    g = replace(g, rows=tuple(r for r in g.rows if not _stands(context, r)))
    nests = heavy_nests(context, g, edges)
    in_tiles = any(context.program.statement(n).tiles for n in g.names)
    # Operands that a register tile reads again and again live in L2, and so do lines that a block
    # of two vectors touches in part and what stages hand on inside a tile; streams only pass L1.
    reused = in_tiles or any(
        len(n.tiles) > 1 and (not written_out(s, n) or crosses(context.typical, s, n))
        for s, n in nests
    )
    streams = None if reused else memory_order(context.typical, g.names, g.rows)
    g = g if streams is None else replace(g, rows=streams)
    units = tuple(unit(context, r, nests) for r in g.rows)
    if in_tiles:
        figures = Figures.of(context.typical, g.names)
        units = tuple(map(max, units, run_units(figures, g.names, g.rows, context.target)))
    room = context.target.l2_bytes * 3 // 4 if reused else context.target.l1_bytes
    blocks = {s.name: nest.blocks for s, nest in nests}
    cut = streams is not None
    item = figures_of(context, g.names) if context.around else None
    tiling = choose(
        *(context.typical, g.names, g.rows, units, room, blocks, item),
        outer_first=cut,
        shared=parallel or not context.around,
    )
    open_sizes = bool(context.program.sizes)  # then every row may need tiles and threads
    rows = [
        (r, t, c)
        for r, t, c in zip(g.rows, tiling.sizes, tiling.counts, strict=True)
        if c > 1 or open_sizes
    ]
    threads = parallel and bool(rows) and (open_sizes or tiling.work >= WORTH_THREADS)
    if threads and streams is not None:
        rows = [rows[k] for k in threads_first([c for _, _, c in rows])]
    elif threads:  # the row with most tiles first: it feeds the threads
        rows.sort(key=lambda x: -min(x[2], 64))
    tiled = tuple((r, t) for r, t, _ in rows)
    inside = partial(_inside, context, edges=edges, parallel=parallel and not threads)
    if in_tiles:
        parts = [(x, heavy_nests(context, x, edges)) for x in stages(context, g, edges)]
        inner = in_sequence(
            [
                (x.names, inside(x, n, within(context, x, g, tiling), around(x, tiled)))
                for x, n in parts
            ]
        )
    else:
        inner = inside(g, nests, tiling, tiled)
    storage, placed = _tile_storage(context, g, inner, tiled, threads)
    tree = inner.tree
    for k, (r, t, _) in reversed(list(enumerate(rows))):
        tree = Band(r, t, "parallel" if threads and k == 0 else "", True, tree)
    cut = streams is not None and bool(rows)
    shared = group_decisions(g, tiling, threads, starts_threads(inner.tree), parallel, cut)
    decisions = (*shared, *placed, *inner.decisions)
    return Part(tree, (*storage, *inner.storage), decisions)


def _inside(
    context: Context,
    g: Group,
    nests: list[tuple[Statement, Nest]],
    tiling: Tiling,
    tiled: tuple[tuple[Row, int], ...],
    edges: tuple[Edge, ...],
    parallel: bool,
) -> Part:
    """Statements inside a tile: all in one register tile, or each in its own loops."""
    micro = micro_tiling(g, nests, tiling)
    inner = _units(context, g, edges, micro or tiling, parallel, bool(micro))
    if micro is None:
        return inner
    tree = in_micro_tiles(inner.tree, g, tiled, micro)
    return Part(tree, inner.storage, (micro_decision(g, micro), *inner.decisions))


def _stands(context: Context, r: Row) -> bool:
    """The row does not move inside the loops around."""
    names = context.program.statement
    moving = (e.names & set(names(n).vars) - context.still(n) for n, e in r.exprs)
    return not any(moving)


def _tile_storage(
    context: Context, g: Group, inner: Part, tiled: tuple[tuple[Row, int], ...], threads: bool
) -> tuple[list[Storage], list[Decision]]:
    """Homes of the group's temporaries that have none yet.

    Threads that start inside a tile would each have an array of their own: then there are none.
    """
    if not g.rows:
        return [], in_memory(context.program, g.names, "no row without dependences makes tiles")
    if not threads and starts_threads(inner.tree):
        why = "threads start inside a tile, and each would have an array of its own"
        return [], in_memory(context.program, g.names, why)
    items = tuple((r, 1) for r in context.around)
    storage, placed = place(context.program, g.names, (*items, *tiled))
    have = {x.tensor for x in inner.storage}
    return (
        [x for x in storage if x.tensor not in have],
        [x for x in placed if x.subject not in have],
    )


def _units(
    context: Context,
    g: Group,
    edges: tuple[Edge, ...],
    tiling: Tiling,
    parallel: bool,
    in_registers: bool,
) -> Part:
    """The strongly connected parts of a group, in order, inside one tile."""
    parts: list[tuple[tuple[str, ...], Part]] = []
    run: list[Member] = []
    for names in statement_components(g.names, edges):
        if len(names) > 1:
            parts += run_of(context, run, g, edges) if run else []
            run = []
            parts.append((names, _cycle(context, names, edges, parallel)))
        else:
            run.append(statement(context, names[0], g, edges, tiling, in_registers))
    if run:
        parts += run_of(context, run, g, edges)
    if not g.rows:
        parts = [
            (n, recurrence(context, p, n, edges, parallel) if len(n) == 1 else p) for n, p in parts
        ]
    return in_sequence(parts)


def _cycle(
    context: Context, names: tuple[str, ...], edges: tuple[Edge, ...], parallel: bool
) -> Part:
    """Statements of one `for` block: its loop in textual order, and a new region inside."""
    statements = [context.program.statement(n) for n in names]
    depth = next(
        k
        for k in range(1, min(len(s.order) for s in statements), 2)
        if any(still_open(e, k, context.program) for e in edges if e.source in names)
    )
    shared = Row.of({s.name: Int.of(str(s.order[depth])) for s in statements})
    inner = tuple(
        replace(e, relation=m)
        for e in edges
        if e.source in names and e.sink in names
        if not (m := equal_on(e.relation, [shared], context.program)).is_empty()
    )
    within = tuple(e for e in edges if e.source in names and e.sink in names)
    tiles, why = tiles_of(context, shared, within, parallel)
    inside = replace(context, fixed=context.fixed | {str(s.order[depth]) for s in statements})
    if tiles is not None:
        step = in_text_order(inside, names, inner)
        if step is not None:
            return tiled_in_time(tiles, shared, step, why)
        why = replace(why, verdict="not tiled", reason="statements of a step share further loops")
    part = _region(inside, names, inner, parallel)
    reason = f"{'+'.join(names)} depend on each other through it"
    decision = Decision("fallback", str(statements[0].order[depth]), "textual order", reason)
    band = Band(shared, 1, "", False, part.tree)
    open_tensors = {
        e.tensor
        for e in edges
        if e.kind == "flow" and e.source in names and e.sink in names
        if not e.relation.is_subset(equal_on(e.relation, [shared], context.program))
    }  # their values outlive an iteration of the shared loop, and with it every tile inside
    storage = tuple(x for x in part.storage if x.tensor not in open_tensors)
    outlive = f"its values outlive an iteration of {statements[0].order[depth]}"
    kept = (d for d in part.decisions if d.kind != "storage" or d.subject not in open_tensors)
    open_ones = (Decision("storage", t, "memory", outlive) for t in sorted(open_tensors))
    return Part(band, storage, (decision, why, *kept, *open_ones))
