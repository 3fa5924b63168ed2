"""Loops of one statement inside its tile: which variable is vectorised, which are unrolled.

Roles follow from strides alone. The *vector* variable is the one along which most accesses are
contiguous; it may be a reduced variable when the operator may be reordered. *Unrolled* variables
leave a load unchanged that others move: their copies share it in registers. With a reduction
inside, the unrolled and vector loops are innermost (a register tile) and the reduced loops run
around them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row, equal_on, row_map
from polyc.scheduler.blocking import blocks_of_terms
from polyc.scheduler.columns import blocks_of_rows
from polyc.scheduler.dependences import Edge
from polyc.scheduler.dots import Group, group_of
from polyc.scheduler.registers import crossing, register_tile, sharing
from polyc.scheduler.short import written_terms
from polyc.scheduler.transposed import partner, walk
from polyc.scheduler.vector import choose_vector, element_bytes
from polyc.target import Target


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop of a nest: floor(variable / tile), with its mark."""

    variable: str
    tile: int = 1
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Nest:
    """The loops of a statement, outermost first, and the register tile they form."""

    loops: tuple[Loop, ...]
    vector: str | None
    tiles: dict[str, int]  # variable -> elements of the register tile
    blocks: dict[str, int]  # reduced variable -> terms of a block, where the sum is cut
    reason: str

    @property
    def square(self) -> bool:
        """Two variables are vectors at once: some load is transposed in registers."""
        return sum(x.mark == "vector" for x in self.loops) > 1


def plan(
    program: Program,
    typical: Program,
    name: str,
    edges: tuple[Edge, ...],
    ranges: dict[str, int],
    target: Target,
) -> Nest:
    """The nest of a statement; `ranges` are the extents of its variables inside the tile and
    `typical` is the program at fixed sizes.

    Untagged self-dependences decide what is legal; where the wanted order violates one, the nest
    is the textual order.
    """
    s, like = program.statement(name), typical.statement(name)
    own = [e.relation for e in edges if e.source == e.sink == s.name and not e.reduction]
    tagged = any(e.reduction for e in edges if e.source == e.sink == s.name)
    lanes = target.lanes(element_bytes(program, s))
    free = [v for v in s.vars if ranges[v] > 1 and _carries_nothing(program, s, v, own)]
    tied = [v for v in s.vars if ranges[v] > 1 and v not in free]
    if s.op is not None and not tagged:  # strict: the order of the terms is the text's
        tied += [v for v in free if v in s.reduced]
        free = [v for v in free if v not in s.reduced]
    group = group_of(typical, like, target)
    if group and not {group.variable, group.vector} <= set(free):
        group = None
    vector, why = choose_vector(typical, like, free, ranges, lanes)
    if tied:
        why += f"; the order along {', '.join(tied)} is kept"
    if group:
        vector, why = group.vector, f"{group.terms} terms of {group.variable} added at once"
    still = [v for v in free if all(m.is_subset(equal_on(m, [row(s, v)], program)) for m in own)]
    across = partner(typical, like, vector, still) if vector else None
    blocks: dict[str, int] = {}
    if vector is not None and across is not None:
        tiles = {across: lanes, vector: lanes}
        loops = _square(s, walk(typical, like, vector, across, lanes), vector, lanes)
        why += f"; loads along {across} are transposed in registers"
    else:
        loops, tiles, blocks = _shape_of(typical, like, vector, still, ranges, target, group)
    if own and not _legal(program, s, loops, own):
        mark = {v: "vector" for v in s.vars[-1:] if v == vector}
        loops = tuple(Loop(v, 1, mark.get(v, "")) for v in s.vars)
        tiles, blocks, why = {}, {}, "textual order: a dependence forbids others"
        vector = vector if mark else None
    return Nest(loops, vector, tiles, blocks, why)


def _shape_of(
    program: Program,
    s: Statement,
    vector: str | None,
    still: list[str],
    ranges: dict[str, int],
    target: Target,
    group: Group | None = None,
) -> tuple[tuple[Loop, ...], dict[str, int], dict[str, int]]:
    """Loops, register tile and blocks of terms of a statement whose vector is known."""
    lanes = target.lanes(element_bytes(program, s))
    short = written_terms(s, vector, still, ranges)
    shared = [u for u in sharing(program, s, vector) if u in still] if vector else []
    movable = all(v in still for v in s.reduced if ranges[v] > 1)
    rows = (
        {} if shared or short or not movable else blocks_of_rows(program, s, vector, ranges, lanes)
    )
    tiles = register_tile(program, s, vector, still, ranges, target)
    if vector is None or not (rows or short):
        blocks = blocks_of_terms(program, s, vector, tiles, ranges, target, group)
        return _arrange(s, vector, tiles, blocks, group), tiles, blocks
    if rows:
        tiles = {vector: 2 * lanes}
    written_out = [v for v in s.reduced if short or rows.get(v, 1) > 1]
    loops = tuple(
        replace(x, mark="unroll") if x.variable in written_out and x.tile == 1 else x
        for x in _arrange(
            s, vector, tiles, rows, across=crossing(program, s, vector, still) is not None
        )
    )
    return loops, tiles, rows


def _arrange(
    s: Statement,
    vector: str | None,
    tiles: dict[str, int],
    blocks: dict[str, int],
    group: Group | None = None,
    across: bool = False,
) -> tuple[Loop, ...]:
    """Blocks of terms, kept variables, tiles of the register tile, reduced ones, the tile itself.

    A group of terms is written out inside the tile. Where terms come in blocks, the sliver of the
    unrolled variables stays while the vector's moves; where the tile is transposed when it is
    stored (`across`), rows of operands are read on to their ends.
    """
    kept = [v for v in s.vars if v not in s.reduced and v != vector and v not in tiles]
    reduced = [v for v in s.reduced if v != vector]
    loops = [*(Loop(v, n) for v, n in blocks.items()), *map(Loop, kept)]
    if vector is None:
        return (*loops, *map(Loop, reduced))
    outer = [v for v in (vector, *(u for u in tiles if u != vector)) if v in tiles]
    if blocks or across:
        outer = outer[1:] + outer[:1]
    if vector in s.reduced:
        outer.remove(vector)
    loops += [Loop(v, tiles[v]) for v in outer if tiles[v] > 1 or v == vector]
    sizes = {group.variable: group.terms} if group else {}
    loops += [Loop(v, n) for v in reduced if blocks.get(v) != (n := sizes.get(v, 1))]
    if vector in s.reduced and vector in tiles:
        loops.append(Loop(vector, tiles[vector]))
    loops += [Loop(u, 1, "unroll") for u in tiles if u != vector]
    loops += [Loop(v, 1, "unroll") for v in sizes]
    return (*loops, Loop(vector, 1, "vector"))


def _square(s: Statement, order: tuple[str, str], vector: str, lanes: int) -> tuple[Loop, ...]:
    """Squares of both variables in the given order, in which loads are transposed."""
    kept = [Loop(v) for v in s.vars if v not in order]
    across = next(v for v in order if v != vector)
    tiles = (Loop(v, lanes) for v in order)
    return (*kept, *tiles, Loop(across, 1, "vector"), Loop(vector, 1, "vector"))


def row(s: Statement, variable: str) -> Row:
    """The row of one variable of one statement."""
    return Row.of({s.name: Int.of(variable)})


def _carries_nothing(program: Program, s: Statement, v: str, own: list[isl.Map]) -> bool:
    """No dependence between instances that differ in `v` only."""
    others = [row(s, x) for x in s.vars if x != v]
    return all(equal_on(m, others, program).is_empty() for m in own)


def _legal(program: Program, s: Statement, loops: tuple[Loop, ...], own: list[isl.Map]) -> bool:
    """Every dependence goes forward in the order of the loops."""
    order = None
    for loop in loops:
        m = row_map(row(s, loop.variable), program, loop.tile)
        order = m if order is None else order.flat_range_product(m)
    if order is None:
        return True
    backward = order.lex_ge_union_map(order)
    return all(isl.UnionMap.from_map(m).intersect(backward).is_empty() for m in own)
