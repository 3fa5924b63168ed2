"""The register tile of a sum: how many rows and vectors of it live in registers at once."""

from __future__ import annotations

from math import ceil, prod

from polyc.frontend.integers import FloorDiv, Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.facts import accesses, loads_of, stride
from polyc.scheduler.short import short_tile, written_terms
from polyc.scheduler.vector import FEW_TERMS, element_bytes
from polyc.target import Target

LOAD = 0.15  # cycles of a load that runs beside multiply-adds


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
    packed = packed_tiles(s)
    room = target.vector_registers
    across = crossing(program, s, vector, still)
    shared = [u for u in sharing(program, s, vector, across) if u in still]
    if vector in s.reduced:  # dot products: a square of sums, each a vector
        side = 4 if room >= 32 else 3
        tiles = {u: _balanced(ranges[u], side) for u in shared[:2]}
        copies = 1
        for n in tiles.values():
            copies *= n
        return {**tiles, vector: lanes * max(1, min(8 // copies, ranges[vector] // lanes))}
    terms = prod(ranges[v] for v in s.reduced)
    if across and across not in packed and terms < FEW_TERMS:
        rows = _balanced(ranges[across], lanes)
        wide = max(1, min(lanes // rows, ranges[vector] // lanes))
        return {across: rows, vector: packed.get(vector, lanes * wide)}
    short = written_terms(s, vector, still, ranges)
    if short:
        return short_tile(short, vector, shared, ranges, lanes, room) | _only(packed, vector)
    if not shared:  # nothing to share: several vectors hide the latency of the additions
        return {vector: lanes * max(1, min(8, ranges[vector] // lanes))}
    u = shared[0]
    rows, wide = shape(ranges[u], ceil(ranges[vector] / lanes), target)
    return {u: packed.get(u, rows), vector: packed.get(vector, lanes * wide)}


def shape(extent: int, vectors: int, target: Target) -> tuple[int, int]:
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


def packed_tiles(s: Statement) -> dict[str, int]:
    """Tile of every variable that a subscript divides, as packed tensors do: n/32, n%32."""
    out: dict[str, int] = {}
    for load in loads_of(s.value):
        for sub in load.subs:
            for monomial, _ in sub.terms if isinstance(sub, Int) else ():
                for a in monomial:
                    if isinstance(a, FloorDiv) and a.den.is_const and str(a.num) in s.vars:
                        out[str(a.num)] = a.den.value
    return out


def _only(packed: dict[str, int], vector: str) -> dict[str, int]:
    return {vector: packed[vector]} if vector in packed else {}


def crossing(program: Program, s: Statement, vector: str, still: list[str]) -> str | None:
    """The variable along which the result is contiguous, where the vector is another: a register
    tile of both is transposed when it is stored. Sizes are fixed."""
    write = accesses(s)[0]
    if stride(write, vector, program) in (0, 1, None) or program.tensor(s.tensor).dtype.is_complex:
        return None
    return next((u for u in still if u != vector and stride(write, u, program) == 1), None)


def _balanced(extent: int, most: int) -> int:
    """The largest tile up to `most` that splits the extent into nearly equal parts."""
    most = max(1, min(most, extent))
    return ceil(extent / ceil(extent / most))


def sharing(program: Program, s: Statement, vector: str, first: str | None = None) -> list[str]:
    """Kept variables that leave some load in place, those that save vector loads first, and of
    equals `first`.

    What no variable moves stays in a register in any case.
    """
    found: list[tuple[int, bool, int, str]] = []
    moving = [a for a in accesses(s)[1:] if any(stride(a, v, program) != 0 for v in s.vars)]
    for place, u in enumerate(s.vars):
        if u == vector or u in s.reduced or u in s.order:
            continue
        steps = [(stride(a, u, program), stride(a, vector, program)) for a in moving]
        saved = sum(2 if v else 1 for du, v in steps if du == 0)
        moved = any(du != 0 for du, _ in steps)
        if saved and moved:
            found.append((-saved, u != first, -place, u))
    return [u for *_, u in sorted(found)]
