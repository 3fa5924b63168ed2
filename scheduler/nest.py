"""Loops of one statement inside its tile: which variable is vectorised, which are unrolled.

Roles follow from strides alone. The *vector* variable is the one along which most accesses are
contiguous; it may be a reduced variable when the operator may be reordered. *Unrolled* variables
leave a load unchanged that others move: their copies share it in registers. With a reduction
inside, the unrolled and vector loops are innermost (a register tile) and the reduced loops run
around them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, log2, prod

import islpy as isl

from polyc.frontend.integers import FloorDiv, Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row, equal_on, row_map
from polyc.scheduler.blocking import blocks_of_terms
from polyc.scheduler.columns import blocks_of_rows
from polyc.scheduler.dependences import Edge
from polyc.scheduler.dots import Group, group_of
from polyc.scheduler.facts import Access, accesses, loads_of, stride
from polyc.scheduler.short import few_terms, short_tile
from polyc.scheduler.transposed import cost, partner, turns, walk
from polyc.target import Target

LOAD = 0.15  # cycles of a load that runs beside multiply-adds


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
    # Copies of a loop may be moved, so the order of the terms must be free.
    movable = all(v in still for v in s.reduced if ranges[v] > 1)
    short = few_terms(s, vector, ranges) if movable else 0
    shared = [u for u in _sharing(program, s, vector) if u in still] if vector else []
    rows = (
        {} if shared or short or not movable else blocks_of_rows(program, s, vector, ranges, lanes)
    )
    if vector is None or not (rows or short):
        tiles = register_tile(program, s, vector, still, ranges, target)
        blocks = blocks_of_terms(program, s, vector, tiles, ranges, target, group)
        return _arrange(s, vector, tiles, blocks, group), tiles, blocks
    if rows:
        tiles = {vector: 2 * lanes}
    else:
        tiles = short_tile(short, vector, shared, ranges, lanes, target.vector_registers)
    written_out = [v for v in s.reduced if short or rows.get(v, 1) > 1]
    loops = tuple(
        replace(x, mark="unroll") if x.variable in written_out and x.tile == 1 else x
        for x in _arrange(s, vector, tiles, rows)
    )
    return loops, tiles, rows


def element_bytes(program: Program, s: Statement) -> int:
    """Bytes of the widest element the statement computes with (at least 4)."""
    dtypes = [program.tensor(s.tensor).dtype, *(x.dtype for x in loads_of(s.value))]
    return max(4, *(d.bytes // (2 if d.is_complex else 1) for d in dtypes))


def choose_vector(
    program: Program,
    s: Statement,
    free: list[str],
    ranges: dict[str, int],
    lanes: int,
    packable: Callable[[Access], bool] | None = None,
) -> tuple[str | None, str]:
    """The variable with the cheapest vector accesses, and why; None where scalars are cheaper.

    A load that is `packable` counts as contiguous, and a little more for its copy.
    """
    costs = {}
    for v in free:
        vectors = ceil(ranges[v] / lanes)
        padded = lanes * vectors / ranges[v]
        terms = prod(ranges[r] for r in s.reduced if r != v)
        if s.op is not None:  # the multiply-add, and what becomes of the sum at the end
            ends = _ends(stride(accesses(s)[0], v, program), lanes, vectors, terms)
            loads = (
                _cost(program, a, v, lanes, packable) / _users(program, s, a, v, ranges, vectors)
                for a in accesses(s)[1:]
            )
            costs[v] = padded * (1 + ends + sum(loads))
        else:
            along = partner(program, s, v, free)
            costs[v] = padded * sum(
                cost(ranges[along], lanes)
                if along and turns(program, a, v, along)
                else _cost(program, a, v, lanes, packable)
                for a in accesses(s)
            )
    scalar = float(lanes * len(accesses(s)))
    best = min(reversed(s.vars), key=lambda v: costs.get(v, scalar), default=None)
    if best is None or costs.get(best, scalar) >= scalar:
        return None, "no variable is contiguous and free of dependences"
    others = "".join(f", {costs[v]:.1f} along {v}" for v in free if v != best)
    found = (
        f"{costs[best]:.1f} vector accesses per {lanes} elements{others}, {scalar:.0f} as scalars"
    )
    return best, found


def _ends(step: int | None, lanes: int, vectors: int, terms: int) -> float:
    """Cost of reading and writing a vector of sums, spread over its terms: in one piece, folded to
    one element (two operations per halving), or an element at a time."""
    if step == 0:
        return 0.5 + 2 * log2(lanes) / (vectors * terms)
    return 0.5 if step == 1 else 0.5 + 6 * lanes / terms


def _cost(
    program: Program,
    a: Access,
    v: str,
    lanes: int,
    packable: Callable[[Access], bool] | None,
) -> float:
    """Vector accesses that one vector of `v` costs an access."""
    step = stride(a, v, program)
    if step == 0:
        return 0.5  # a broadcast
    if step == 1:
        return 1
    if a.write:
        return 1.5 * lanes
    if packable is not None and packable(a):
        return 1.25
    # A small step is as many loads as it is long, and a shuffle less.
    return min(lanes, 2 * step) if step is not None and 2 <= step <= 4 else lanes


def _users(
    program: Program, s: Statement, a: Access, v: str, ranges: dict[str, int], vectors: int
) -> int:
    """Multiply-adds of a register tile that share a load, up to four: the vectors side by side
    where it is a broadcast, else the rows of a kept variable that leaves it alone."""
    if stride(a, v, program) == 0:
        return min(4, vectors)
    kept = (
        ranges[u] for u in s.vars if u != v and u not in s.reduced and not stride(a, u, program)
    )
    return max((min(4, n) for n in kept), default=1)


def register_tile(
    program: Program,
    s: Statement,
    vector: str | None,
    still: list[str],
    ranges: dict[str, int],
    target: Target,
) -> dict[str, int]:
    """Elements of each variable that live in registers at once, the vector variable last.

    Only variables in which no dependence has a distance (`still`) are unrolled. Operands that are
    packed already say what tile they were packed for.
    """
    if vector is None or s.op is None:
        return {}
    lanes = target.lanes(element_bytes(program, s))
    packed = _packed_tiles(s)
    room = target.vector_registers
    shared = [u for u in _sharing(program, s, vector) if u in still]
    if vector in s.reduced:  # dot products: a square of sums, each a vector
        side = 4 if room >= 32 else 3
        tiles = {u: _balanced(ranges[u], side) for u in shared[:2]}
        copies = 1
        for n in tiles.values():
            copies *= n
        return {**tiles, vector: lanes * max(1, min(8 // copies, ranges[vector] // lanes))}
    if not shared:  # nothing to share: several vectors hide the latency of the additions
        return {vector: lanes * max(1, min(8, ranges[vector] // lanes))}
    u = shared[0]
    rows, wide = _shape(ranges[u], ceil(ranges[vector] / lanes), target)
    return {u: packed.get(u, rows), vector: packed.get(vector, lanes * wide)}


def _shape(extent: int, vectors: int, target: Target) -> tuple[int, int]:
    """Rows and vectors of a register tile: those that cost least over the whole range, the smaller
    tiles at its ends included.

    A term of r x w sums takes r * w multiply-adds, two loads a cycle, and no less than the latency
    of an addition. A load weighs a little even where multiply-adds hide it, because vectors come
    from the second-level cache. Two registers are left for values on their way.
    """
    room = target.vector_registers - 2

    def term(r: int, w: int) -> float:
        if not r * w:
            return 0
        bound = max(r * w / target.fma_units, (r + w) / 2, target.fma_latency)
        return bound + LOAD * (r + w)

    def cost(shape: tuple[int, int]) -> float:
        r, w = shape
        turns = ((extent // r, r), (1, extent % r))
        across = ((vectors // w, w), (1, vectors % w))
        return sum(n * m * term(i, j) for n, i in turns for m, j in across)

    shapes = {
        (_balanced(extent, (room - w) // w if w <= 4 else min(4, room // w - 1)), w)
        for w in range(1, min(8, vectors) + 1)
        if 2 * w <= room
    }
    return min(shapes, key=lambda s: (cost(s), -s[0] * s[1], s))


def _packed_tiles(s: Statement) -> dict[str, int]:
    """Tile of every variable that a subscript divides, as packed tensors do: n/32, n%32."""
    out: dict[str, int] = {}
    for load in loads_of(s.value):
        for sub in load.subs:
            for monomial, _ in sub.terms if isinstance(sub, Int) else ():
                for a in monomial:
                    if isinstance(a, FloorDiv) and a.den.is_const and str(a.num) in s.vars:
                        out[str(a.num)] = a.den.value
    return out


def _balanced(extent: int, most: int) -> int:
    """The largest tile up to `most` that splits the extent into nearly equal parts."""
    most = max(1, min(most, extent))
    return ceil(extent / ceil(extent / most))


def _sharing(program: Program, s: Statement, vector: str) -> list[str]:
    """Kept variables that leave some load in place, those that save vector loads first.

    What no variable moves stays in a register in any case.
    """
    found: list[tuple[int, int, str]] = []
    moving = [a for a in accesses(s)[1:] if any(stride(a, v, program) != 0 for v in s.vars)]
    for place, u in enumerate(s.vars):
        if u == vector or u in s.reduced or u in s.order:
            continue
        steps = [(stride(a, u, program), stride(a, vector, program)) for a in moving]
        saved = sum(2 if v else 1 for du, v in steps if du == 0)
        moved = any(du != 0 for du, _ in steps)
        if saved and moved:
            found.append((-saved, -place, u))
    return [u for _, _, u in sorted(found)]


def _arrange(
    s: Statement,
    vector: str | None,
    tiles: dict[str, int],
    blocks: dict[str, int],
    group: Group | None = None,
) -> tuple[Loop, ...]:
    """Blocks of terms, kept variables, tiles of the register tile, reduced ones, the tile itself.

    A group of terms is written out inside the tile. Where terms come in blocks, the sliver of the
    unrolled variables stays while the vector's moves.
    """
    kept = [v for v in s.vars if v not in s.reduced and v != vector and v not in tiles]
    reduced = [v for v in s.reduced if v != vector]
    loops = [*(Loop(v, n) for v, n in blocks.items()), *map(Loop, kept)]
    if vector is None:
        return (*loops, *map(Loop, reduced))
    outer = [v for v in (vector, *(u for u in tiles if u != vector)) if v in tiles]
    if blocks:
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
