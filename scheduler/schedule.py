"""From a program and its dependences to a schedule: groups, tiles, nests, storage.

The tree of a group is: parallel and tile loops over its coincident rows, then its statements one
after another, each with its own loops over the tile. Statements that depend on each other in a
cycle share the loop that the text gives them (`for t`), tiled in time and space or run in order,
and are scheduled again inside it. Decisions are collected on the way, never used as state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.options import Options
from polyc.scheduler.affine import Row, equal_on, plain_variable
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Dependences, Edge
from polyc.scheduler.facts import extents, sized, work
from polyc.scheduler.fusion import form_groups, statement_components
from polyc.scheduler.nest import Nest, plan, row
from polyc.scheduler.storage import place
from polyc.scheduler.tiling import Tiling, choose, tile_ranges
from polyc.scheduler.timemodel import Model
from polyc.scheduler.timetiling import TimeTiles, time_tiles
from polyc.scheduler.tree import (
    Band,
    Decision,
    Leaf,
    Schedule,
    Sequence,
    Storage,
    Tree,
    to_isl_tree,
)
from polyc.target import WORTH_THREADS, Target

NO_TILES = Tiling((), (), {}, 0)


@dataclass(frozen=True, slots=True)
class Context:
    """What every step reads."""

    program: Program
    typical: Program  # the same at fixed sizes: what figures are taken from
    target: Target
    options: Options
    fixed: frozenset[str] = frozenset()  # iterators of the `for` loops around


@dataclass(frozen=True, slots=True)
class Part:
    """The result of scheduling some statements."""

    tree: Tree
    storage: tuple[Storage, ...] = ()
    decisions: tuple[Decision, ...] = ()


def schedule(program: Program, deps: Dependences, target: Target, options: Options) -> Schedule:
    """A legal schedule for every program; strict mathematics keeps the order of reductions."""
    edges = deps.edges
    if options.math == "strict":
        edges = tuple(replace(e, reduction=False) for e in edges)
    context = Context(program, sized(program), target, options)
    names = tuple(s.name for s in program.statements)
    part = _region(context, names, edges, parallel=True)
    tree = to_isl_tree(part.tree, program)
    return Schedule(tree, part.storage, part.decisions, context.options.math == "fast")


def _region(
    context: Context, names: tuple[str, ...], edges: tuple[Edge, ...], parallel: bool
) -> Part:
    """Statements that share no loop yet: groups one after another."""
    groups, decisions = form_groups(context.program, names, edges, context.target, context.options)
    parts = [(g.names, _group(context, g, edges, parallel)) for g in groups]
    joined = _in_sequence(parts)
    return replace(joined, decisions=(*decisions, *joined.decisions))


def _in_sequence(parts: list[tuple[tuple[str, ...], Part]]) -> Part:
    trees = tuple((names, p.tree) for names, p in parts)
    tree = trees[0][1] if len(trees) == 1 else Sequence(trees)
    return Part(
        tree,
        tuple(s for _, p in parts for s in p.storage),
        tuple(d for _, p in parts for d in p.decisions),
    )


def _group(context: Context, g: Group, edges: tuple[Edge, ...], parallel: bool) -> Part:
    """Tile loops over the coincident rows, then the units inside."""
    g = replace(g, rows=tuple(r for r in g.rows if not _stands(context, r)))
    nests = _heavy_nests(context, g, edges)
    units = tuple(_unit(context, r, nests) for r in g.rows)
    # Operands that a register tile reads again and again live in L2, streams only pass L1.
    reused = any(len(n.tiles) > 1 for _, n in nests)
    room = context.target.l2_bytes // 2 if reused else context.target.l1_bytes
    tiling = choose(context.typical, g.names, g.rows, units, room)
    open_sizes = bool(context.program.sizes)  # then every row may need tiles and threads
    rows = [
        (r, t, c)
        for r, t, c in zip(g.rows, tiling.sizes, tiling.counts, strict=True)
        if c > 1 or open_sizes
    ]
    threads = parallel and bool(rows) and (open_sizes or tiling.operations >= WORTH_THREADS)
    if threads:  # the row with most tiles first: it feeds the threads
        rows.sort(key=lambda x: -min(x[2], 64))
    inner = _units(context, g, edges, tiling, parallel and not threads)
    tiled = tuple((r, t) for r, t, _ in rows)
    storage, placed = _tile_storage(context, g, inner, tiled, threads)
    tree = inner.tree
    for k, (r, t, _) in reversed(list(enumerate(rows))):
        tree = Band(r, t, "parallel" if threads and k == 0 else "", True, tree)
    decisions = (*_tiling_decisions(g, tiling, threads), *placed, *inner.decisions)
    return Part(tree, (*storage, *inner.storage), decisions)


def _stands(context: Context, r: Row) -> bool:
    """The row does not move inside the loops around."""
    names = context.program.statement
    moving = (e.names & set(names(n).vars) - context.fixed for n, e in r.exprs)
    return not any(moving)


def _tile_storage(
    context: Context, g: Group, inner: Part, tiled: tuple[tuple[Row, int], ...], threads: bool
) -> tuple[list[Storage], list[Decision]]:
    """Homes of the group's temporaries that have none yet.

    Threads that start inside a tile would each have an array of their own: then there are none.
    """
    if not g.rows or (not threads and _starts_threads(inner.tree)):
        return [], []
    storage, placed = place(context.program, g.names, tiled)
    have = {x.tensor for x in inner.storage}
    return (
        [x for x in storage if x.tensor not in have],
        [x for x in placed if x.subject not in have],
    )


def _starts_threads(tree: Tree) -> bool:
    match tree:
        case Leaf():
            return False
        case Band():
            return tree.mark == "parallel" or _starts_threads(tree.child)
        case Sequence(children):
            return any(_starts_threads(child) for _, child in children)


def _tiling_decisions(g: Group, tiling: Tiling, threads: bool) -> tuple[Decision, ...]:
    subject = "+".join(g.names)
    sizes = " x ".join(map(str, tiling.sizes)) or "none"
    return (
        Decision("tile", subject, sizes, f"a tile touches {tiling.bytes / 1024:.1f} KiB"),
        Decision(
            *("parallel", subject, "yes" if threads else "no"),
            f"{tiling.operations} operations in {' x '.join(map(str, tiling.counts)) or '1'} tiles",
        ),
    )


def _heavy_nests(
    context: Context, g: Group, edges: tuple[Edge, ...]
) -> list[tuple[Statement, Nest]]:
    """The statements that do most of a group's work, with their nests over the whole range."""
    statements = [context.typical.statement(n) for n in g.names]
    ranges = [_ranges(context, s.name) for s in statements]
    works = [work(s, r) for s, r in zip(statements, ranges, strict=True)]
    return [
        (s, plan(context.program, context.typical, s.name, edges, r, context.target))
        for s, r, w in zip(statements, ranges, works, strict=True)
        if w * 8 >= max(works)
    ]


def _ranges(context: Context, name: str) -> dict[str, int]:
    """Extents of a statement's variables; those of the loops around stand still."""
    s = context.typical.statement(name)
    return {v: 1 if v in context.fixed else n for v, n in extents(s).items()}


def _unit(context: Context, r: Row, nests: list[tuple[Statement, Nest]]) -> int:
    """Elements of the row that the widest register tile of the group spans."""
    best = 1
    for s, nest in nests:
        v = plain_variable(r[s.name], s)
        if v is not None:
            size = nest.tiles.get(v, 1)
            if v == nest.vector:
                size = max(size, context.target.vector_bytes)
            best = max(best, size)
    return best


def _units(
    context: Context, g: Group, edges: tuple[Edge, ...], tiling: Tiling, parallel: bool
) -> Part:
    """The strongly connected parts of a group, in order, inside one tile."""
    parts: list[tuple[tuple[str, ...], Part]] = []
    for names in statement_components(g.names, edges):
        if len(names) == 1:
            alone = _statement(context, names[0], g, edges, tiling)
            parts.append(
                (names, alone if g.rows else _recurrence(context, alone, names, edges, parallel))
            )
        else:
            parts.append((names, _cycle(context, names, edges, parallel)))
    return _in_sequence(parts)


def _recurrence(
    context: Context, alone: Part, names: tuple[str, ...], edges: tuple[Edge, ...], parallel: bool
) -> Part:
    """One statement that no loop runs in parallel, in tiles of its `for` and of space where that
    pays; else as it is `alone`."""
    s = context.program.statement(names[0])
    own = tuple(e for e in edges if e.source == e.sink == s.name)
    clocks = [
        v
        for k, v in enumerate(s.order)
        if isinstance(v, str) and any(_still_open(e, k, context.program) for e in own)
    ]
    if not clocks:
        return alone
    time = Row.of({s.name: Int.of(clocks[0])})
    tiles, why = _time_tiles(context, time, own, parallel)
    if tiles is None:
        return replace(alone, decisions=(why, *alone.decisions))
    inner = tuple(
        replace(e, relation=m)
        for e in own
        if not (m := equal_on(e.relation, [time], context.program)).is_empty()
    )
    inside = replace(context, fixed=context.fixed | {clocks[0]})
    step = _in_text_order(inside, names, inner)
    return alone if step is None else _tiled_in_time(tiles, time, step, why)


def _cycle(
    context: Context, names: tuple[str, ...], edges: tuple[Edge, ...], parallel: bool
) -> Part:
    """Statements of one `for` block: its loop in textual order, and a new region inside."""
    statements = [context.program.statement(n) for n in names]
    depth = next(
        k
        for k in range(1, min(len(s.order) for s in statements), 2)
        if any(_still_open(e, k, context.program) for e in edges if e.source in names)
    )
    shared = Row.of({s.name: Int.of(str(s.order[depth])) for s in statements})
    inner = tuple(
        replace(e, relation=m)
        for e in edges
        if e.source in names and e.sink in names
        if not (m := equal_on(e.relation, [shared], context.program)).is_empty()
    )
    within = tuple(e for e in edges if e.source in names and e.sink in names)
    tiles, why = _time_tiles(context, shared, within, parallel)
    inside = replace(context, fixed=context.fixed | {str(s.order[depth]) for s in statements})
    if tiles is not None:
        step = _in_text_order(inside, names, inner)
        if step is not None:
            return _tiled_in_time(tiles, shared, step, why)
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
    kept = (d for d in part.decisions if d.kind != "storage" or d.subject not in open_tensors)
    return Part(band, storage, (decision, why, *kept))


def _time_tiles(
    context: Context, time: Row, edges: tuple[Edge, ...], parallel: bool
) -> tuple[TimeTiles | None, Decision]:
    """Tiles across the steps of a shared loop, where that moves less and threads are free."""
    if not parallel:
        subject = "+".join(n for n, _ in time.exprs)
        return None, Decision("time", subject, "not tiled", "threads start around its loop")
    statements = tuple(context.typical.statement(n) for n, _ in time.exprs)
    ranges = {s.name: _ranges(context, s.name) for s in statements}
    model = Model(context.typical, statements, time, ranges)
    return time_tiles(context.program, model, edges, context.target, context.options.budget)


def _in_text_order(
    context: Context, names: tuple[str, ...], edges: tuple[Edge, ...]
) -> Part | None:
    """The statements of one step, each with its own loops; None where they have more in common."""
    parts: list[tuple[tuple[str, ...], Part]] = []
    for component in statement_components(names, edges):
        if len(component) > 1:
            return None
        alone = Group(component, ())
        parts.append((component, _statement(context, component[0], alone, edges, NO_TILES)))
    return _in_sequence(parts)


def _tiled_in_time(tiles: TimeTiles, time: Row, step: Part, why: Decision) -> Part:
    """Fronts, tiles and cuts around the loop over time; arrays outlive a tile, so none is local."""
    tree: Tree = Band(time, 1, "", False, step.tree)
    for cut, size in reversed(tiles.cuts):
        tree = Band(cut, size, "", False, tree)
    tree = Band(*tiles.tile, "parallel", True, tree)
    return Part(Band(tiles.front, 1, "", False, tree), step.storage, (why, *step.decisions))


def _still_open(e: Edge, depth: int, program: Program) -> bool:
    """The edge relates instances that differ in the iterator at this depth."""
    ends = (program.statement(e.source), program.statement(e.sink))
    if any(len(s.order) <= depth for s in ends):
        return False
    shared = Row.of({s.name: Int.of(str(s.order[depth])) for s in ends})
    same = equal_on(e.relation, [shared], program)
    return not e.relation.is_subset(same)


def _statement(
    context: Context, name: str, g: Group, edges: tuple[Edge, ...], tiling: Tiling
) -> Part:
    """One statement's own loops over the tile."""
    s = context.program.statement(name)
    whole = _ranges(context, name)
    ranges = tile_ranges(s, g.rows, tiling.sizes, whole)
    nest = plan(context.program, context.typical, name, edges, ranges, context.target)
    tree: Tree = Leaf()
    for loop in reversed(nest.loops):
        tree = Band(row(s, loop.variable), loop.tile, loop.mark, False, tree)
    return Part(tree, (), _nest_decisions(name, nest))


def _nest_decisions(name: str, nest: Nest) -> tuple[Decision, ...]:
    tile = " x ".join(f"{v}:{n}" for v, n in nest.tiles.items()) or "none"
    return (
        Decision("vector", name, nest.vector or "no", nest.reason),
        Decision("unroll", name, tile, "elements held in registers"),
    )
