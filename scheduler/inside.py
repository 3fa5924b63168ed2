"""One statement inside a tile: its loops, and how wide its register tile is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil, prod

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.blocking import sliver_room
from polyc.scheduler.cluster import Cluster, Member, Step, cluster_tree
from polyc.scheduler.columns import piece
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import extents, operations_of, work
from polyc.scheduler.figures import Figures
from polyc.scheduler.nest import Loop, Nest, plan
from polyc.scheduler.part import Context, Part
from polyc.scheduler.registers import crossing
from polyc.scheduler.tiling import Tiling, tile_ranges
from polyc.scheduler.together import clusters
from polyc.scheduler.tree import Decision
from polyc.scheduler.vector import element_bytes

SMALL = 12  # operations of a statement that are written out for every element of a register tile


def heavy_nests(
    context: Context, g: Group, edges: tuple[Edge, ...]
) -> list[tuple[Statement, Nest]]:
    """The statements that do most of a group's work, with their nests over the whole range."""
    statements = [context.typical.statement(n) for n in g.names]
    ranges = [ranges_of(context, s.name) for s in statements]
    works = [work(s, r) for s, r in zip(statements, ranges, strict=True)]
    return [
        (s, plan(context.program, context.typical, s.name, edges, r, context.target))
        for s, r, w in zip(statements, ranges, works, strict=True)
        if w * 8 >= max(works)
    ]


def written_out(s: Statement, nest: Nest) -> bool:
    """No loop over terms is left around the register tile: what it reads, it reads once."""
    return all(x.mark for x in nest.loops if x.variable in s.reduced)


def crosses(typical: Program, s: Statement, nest: Nest) -> bool:
    """The register tile of a sum is transposed when it is stored: lines are written in parts."""
    if s.op is None or nest.vector is None:
        return False
    return crossing(typical, s, nest.vector, list(nest.tiles)) is not None


def ranges_of(context: Context, name: str) -> dict[str, int]:
    """Extents of a statement's variables; those of the loops around stand still."""
    s, still = context.typical.statement(name), context.still(name)
    return {v: 1 if v in still else n for v, n in extents(s).items()}


def figures_of(context: Context, names: Iterable[str]) -> Figures:
    """Figures of statements inside the loops around."""
    return Figures.within(context.typical, {n: ranges_of(context, n) for n in names})


def unit(context: Context, r: Row, nests: list[tuple[Statement, Nest]]) -> int:
    """Elements of the row that the widest register tile of the group spans."""
    best = 1
    for s, nest in nests:
        v = plain_variable(r[s.name], s)
        if v is not None:
            size = nest.tiles.get(v, 1)
            if v == nest.vector:
                size *= ceil(context.target.vector_bytes / size)  # whole register tiles
                if nest.blocks and len(nest.tiles) == 1:
                    width = element_bytes(context.program, s)
                    size = piece(ranges_of(context, s.name)[v], width, context.target.lanes(width))
            if nest.square and v in nest.tiles:  # whole lines, and several: they are read in runs
                size = max(size, context.target.line_bytes)
            elif v in nest.tiles and crosses(context.typical, s, nest):
                size *= ceil(context.target.line_bytes / size)
            best = max(best, size)
    return best


def statement(
    context: Context,
    name: str,
    g: Group,
    edges: tuple[Edge, ...],
    tiling: Tiling,
    in_registers: bool = False,
) -> Member:
    """One statement with its own loops over the tile, written out where that is what registers
    hold."""
    s = context.program.statement(name)
    whole = ranges_of(context, name)
    ranges = tile_ranges(s, g.rows, tiling.sizes, whole)
    nest = plan(context.program, context.typical, name, edges, ranges, context.target)
    free = not any(e.source == e.sink == name for e in edges)
    if in_registers and free and not s.reduced and operations_of(s.value) <= SMALL:
        plain = (x for x in nest.loops if not x.mark and ranges[x.variable] > 1)
        marked = {x: replace(x, mark="unroll") for x in plain}
        nest = replace(nest, loops=tuple(marked.get(x, x) for x in nest.loops))
    steps = tuple(
        Step(x.variable, _place(s, g.rows, tiling.sizes, x), x.tile, x.mark) for x in nest.loops
    )
    lanes = context.target.lanes(element_bytes(context.program, s))
    return Member(s, nest, steps, ranges, lanes, free)


def run_of(
    context: Context, members: list[Member], g: Group, edges: tuple[Edge, ...]
) -> list[tuple[tuple[str, ...], Part]]:
    """Statements one after another, those that can in the same loops."""
    found, joins = clusters(context, members, g, edges)
    placed = {m.s.name: (m, c) for c in found for m in c.members}
    planned = [d for m in members for d in _nest_decisions(context, *placed[m.s.name])]
    parts = [(c.names, Part(cluster_tree(c))) for c in found]
    names, first = parts[0]
    return [(names, replace(first, decisions=(*planned, *joins))), *parts[1:]]


def _place(s: Statement, rows: tuple[Row, ...], sizes: tuple[int, ...], loop: Loop) -> Int:
    """The loop's variable, counted from the start of the group's tile where the loop's own tiles
    would straddle its border."""
    for r, size in zip(rows, sizes, strict=True):
        e = r[s.name]
        if loop.tile > 1 and plain_variable(e, s) == loop.variable and size % loop.tile:
            return e % size
    return Int.of(loop.variable)


def _nest_decisions(context: Context, m: Member, c: Cluster) -> tuple[Decision, ...]:
    """What is said of a statement's loops, which may be those of another in its cluster."""
    s, nest = m.s, m.nest
    vectors = [x.variable for x in m.steps if x.mark == "vector"]
    own = nest.vector in vectors or not vectors
    unrolled = ", ".join(x.variable for x in m.steps if x.mark == "unroll")
    tile = " x ".join(f"{v}:{n}" for v, n in nest.tiles.items()) or unrolled
    held = _registers(context, s, nest, bool(unrolled))
    if s.reduced and nest.vector not in s.reduced and written_out(s, nest):
        held += f", all {prod(m.ranges[v] for v in s.reduced)} terms of each written out"
    found = [
        Decision("vector", s.name, nest.vector or "no", nest.reason)
        if own
        else Decision("vector", s.name, vectors[-1], f"it runs in the loops of {c.lead.s.name}"),
        Decision("unroll", s.name, tile or "no", held),
    ]
    if nest.blocks:
        blocks = " x ".join(f"{v}:{n}" for v, n in nest.blocks.items())
        room = sliver_room(context.target) / 1024
        why = f"terms at a time, so that {room:.0f} KiB of L1 hold what register tiles read again"
        if len(nest.tiles) == 1:
            why = "terms of every sum at a time: rows are read in order, sums stay in the cache"
        found.append(Decision("block", s.name, blocks, why))
    return tuple(found)


def _registers(context: Context, s: Statement, nest: Nest, unrolled: bool) -> str:
    """What the register tile takes, or why there is none."""
    if nest.tiles:
        lanes = context.target.lanes(element_bytes(context.program, s))
        vectors = ceil(prod(nest.tiles.values()) / lanes)
        what = "rows of a block, transposed in registers," if nest.square else "sums at once,"
        return f"{vectors} {what} each a vector, of {context.target.vector_registers} registers"
    if unrolled:
        return "few terms" if s.reduced else "registers hold the tile that statements share"
    if s.op is None:
        return "there is no sum to keep in registers"
    return "without a vector there is no register tile" if nest.vector is None else nest.reason
