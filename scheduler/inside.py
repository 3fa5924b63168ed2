"""One statement inside a tile: its loops, and how wide its register tile is."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, prod

from polyc.frontend.program import Statement
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.common import Group
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import extents, operations_of, work
from polyc.scheduler.nest import Loop, Nest, element_bytes, plan, row
from polyc.scheduler.part import Context, Part
from polyc.scheduler.tiling import Tiling, tile_ranges
from polyc.scheduler.tree import Band, Decision, Leaf, Tree

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


def ranges_of(context: Context, name: str) -> dict[str, int]:
    """Extents of a statement's variables; those of the loops around stand still."""
    s = context.typical.statement(name)
    return {v: 1 if v in context.fixed else n for v, n in extents(s).items()}


def unit(context: Context, r: Row, nests: list[tuple[Statement, Nest]]) -> int:
    """Elements of the row that the widest register tile of the group spans."""
    best = 1
    for s, nest in nests:
        v = plain_variable(r[s.name], s)
        if v is not None:
            size = nest.tiles.get(v, 1)
            if v == nest.vector:
                size = max(size, context.target.vector_bytes)
            if nest.square and v in nest.tiles:  # whole lines, and several: they are read in runs
                size = max(size, context.target.line_bytes)
            best = max(best, size)
    return best


def statement(
    context: Context,
    name: str,
    g: Group,
    edges: tuple[Edge, ...],
    tiling: Tiling,
    in_registers: bool = False,
) -> Part:
    """One statement's own loops over the tile, written out where that is what registers hold."""
    s = context.program.statement(name)
    whole = ranges_of(context, name)
    ranges = tile_ranges(s, g.rows, tiling.sizes, whole)
    nest = plan(context.program, context.typical, name, edges, ranges, context.target)
    written_out = in_registers and not s.reduced and operations_of(s.value) <= SMALL
    if written_out:
        plain = (x for x in nest.loops if not x.mark and ranges[x.variable] > 1)
        marked = {x: replace(x, mark="unroll") for x in plain}
        nest = replace(nest, loops=tuple(marked.get(x, x) for x in nest.loops))
    tree: Tree = Leaf()
    for loop in reversed(nest.loops):
        place = _inside(s, g.rows, tiling.sizes, loop) if loop.tile > 1 else None
        tree = Band(place or row(s, loop.variable), loop.tile, loop.mark, False, tree)
    return Part(tree, (), _nest_decisions(context, s, nest))


def _inside(s: Statement, rows: tuple[Row, ...], sizes: tuple[int, ...], loop: Loop) -> Row | None:
    """The loop's variable counted from the start of the group's tile, where the loop's own tiles
    would straddle its border; None where they do not."""
    for r, size in zip(rows, sizes, strict=True):
        e = r[s.name]
        if plain_variable(e, s) == loop.variable and size % loop.tile:
            return Row.of({s.name: e % size})
    return None


def _nest_decisions(context: Context, s: Statement, nest: Nest) -> tuple[Decision, ...]:
    unrolled = ", ".join(x.variable for x in nest.loops if x.mark == "unroll")
    tile = " x ".join(f"{v}:{n}" for v, n in nest.tiles.items()) or unrolled
    found = [
        Decision("vector", s.name, nest.vector or "no", nest.reason),
        Decision("unroll", s.name, tile or "no", _registers(context, s, nest, bool(unrolled))),
    ]
    if nest.blocks:
        blocks = " x ".join(f"{v}:{n}" for v, n in nest.blocks.items())
        room = context.target.l1_bytes / 2048
        why = f"terms at a time, so that {room:.0f} KiB of L1 hold what register tiles read again"
        found.append(Decision("block", s.name, blocks, why))
    return tuple(found)


def _registers(context: Context, s: Statement, nest: Nest, unrolled: bool) -> str:
    """What the register tile takes, or why there is none."""
    if nest.tiles:
        lanes = context.target.lanes(element_bytes(context.program, s))
        sums = ceil(prod(nest.tiles.values()) / lanes)
        return f"{sums} sums at once, each a vector, of {context.target.vector_registers} registers"
    if unrolled:
        return "few terms" if s.reduced else "registers hold the tile that statements share"
    if s.op is None:
        return "there is no sum to keep in registers"
    return "without a vector there is no register tile" if nest.vector is None else nest.reason
