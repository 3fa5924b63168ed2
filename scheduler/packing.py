"""Operands of contractions copied once into the order that the register tile streams them.

    C(m,n) += A(m,k) * B(k,n)
becomes, with a register tile of 14 x 32,
    A1(i,k,j) = A(14*i + j, k)       B1(i,k,j) = B(k, 32*i + j)
    C(m,n) += A1(m/14, k, m%14) * B1(n/32, k, n%32)

This is a rewriting of the program: the copies are statements like any other, so that dependences,
bounds and the certificate cover them. An operand is packed when every element is used often enough
to pay for its copy, and when reading it in place would hurt: its vector is not contiguous, or its
rows fall into the same sets of a cache (a stride near a power of two), or touch too many pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

import islpy as isl

from polyc.frontend.integers import Int, ceil_div, to_isl
from polyc.frontend.program import Load, Program, Statement, Tensor
from polyc.scheduler.facts import Access, extents, loads_of, operations_of, points, sized, stride
from polyc.scheduler.nest import choose_vector, element_bytes, register_tile
from polyc.scheduler.rewriting import insert_copy, replace_in
from polyc.target import Target

ENOUGH_USES = 16  # of an element, that pay for writing and reading it once more
WORTH_PACKING = 500_000  # operations of a statement under which copies do not pay
PAGE, PAGES = 4096, 1024  # bytes of a page, pages the second-level translation buffer holds
SAMPLE = 4096  # rows that are looked at for conflicts


@dataclass(frozen=True, slots=True)
class Layout:
    """How a tensor is packed: its dimensions in the new order, one of them split by `tile`.

    The split dimension's quotient stands at its place in `order`, its remainder last.
    """

    tensor: str
    order: tuple[int, ...]
    split: int
    tile: int


def pack(program: Program, target: Target) -> Program:
    """The program with operands packed where that pays; the same program where none is."""
    typical = sized(program)
    out = program
    made: dict[Layout, str] = {}
    for s in program.statements:
        for load, layout in _wanted(program, typical, s, target):
            if layout not in made:
                made[layout] = f"{load.tensor}_packed{len(made)}"
                out = _add_copy(out, made[layout], layout, s.name)
            out = _use(out, s.name, load, made[layout], layout)
    return out


# ---- which
def _wanted(
    program: Program, typical: Program, s: Statement, target: Target
) -> list[tuple[Load, Layout]]:
    like = typical.statement(s.name)
    ranges = extents(like)
    if s.op is None or not s.reduced or len(s.order) > 1:
        return []
    if points(like, ranges) * (operations_of(like.value) + 1) < WORTH_PACKING:
        return []
    tile = _tile(typical, like, ranges, target)
    if len(tile) != 2:
        return []
    found = []
    for real, load in dict(zip(loads_of(s.value), loads_of(like.value), strict=True)).items():
        split = _split(load, tile)
        if split is None or not _packable(typical, like, load, ranges):
            continue
        variable, vector = split
        wanted = _layout(real, s, variable, tile[variable])
        if _unchanged(program, wanted):
            continue
        open_sizes = bool(program.sizes)  # strides are anything then
        if open_sizes or _hurts(typical, like, load, ranges, tile, vector, target):
            found.append((real, wanted))
    return found


def _tile(program: Program, s: Statement, ranges: dict[str, int], target: Target) -> dict[str, int]:
    """The register tile the statement would have with packed operands, its vector variable last;
    {} where it has none or sums along the vector."""

    def packable(a: Access) -> bool:
        load = Load(a.tensor, a.subs, program.tensor(a.tensor).dtype)
        return _packable(program, s, load, ranges)

    lanes = target.lanes(element_bytes(program, s))
    free = [v for v in s.vars if ranges[v] > 1]
    vector, _ = choose_vector(program, s, free, ranges, lanes, packable)
    if vector is None or vector in s.reduced:
        return {}
    return register_tile(program, s, vector, free, ranges, target)


def _packable(program: Program, s: Statement, load: Load, ranges: dict[str, int]) -> bool:
    """An input that is read plainly and often. A temporary is better fused with its producer, and
    may change between its readers."""
    is_input = program.tensor(load.tensor).kind == "input"
    return is_input and _plain(load, s) and _often(program, s, load, ranges)


def _split(load: Load, tile: dict[str, int]) -> tuple[str, bool] | None:
    """The one variable of the register tile that moves the load, and whether it is the vector."""
    moved = [v for v in tile if any(isinstance(x, Int) and v in x.names for x in load.subs)]
    if len(moved) != 1:
        return None
    return moved[0], moved[0] == list(tile)[-1]


def _plain(load: Load, s: Statement) -> bool:
    """Every subscript is a variable of its own."""
    names = [str(x) for x in load.subs]
    return all(n in s.vars for n in names) and len(set(names)) == len(names) > 1


def _often(program: Program, s: Statement, load: Load, ranges: dict[str, int]) -> bool:
    """Each element is used often enough."""
    elements = prod(n.value for n in program.tensor(load.tensor).shape)
    return points(s, ranges) >= ENOUGH_USES * max(1, elements)


def _hurts(
    program: Program,
    s: Statement,
    load: Load,
    ranges: dict[str, int],
    tile: dict[str, int],
    vector: bool,
    target: Target,
) -> bool:
    """Reading the operand in place would miss the cache that its tile should stay in."""
    access = Access(load.tensor, load.subs, False)
    size = program.tensor(load.tensor).dtype.bytes
    variable = next(v for v in tile if (stride(access, v, program) or 0) != 0)
    step = stride(access, variable, program)
    if step is None or (vector and step != 1):
        return True
    steps = [(stride(access, v, program) or 0) * size for v in s.reduced]
    rows = _first_rows(steps, [ranges[v] for v in s.reduced])
    if len({r // PAGE for r in rows}) > PAGES:
        return True
    # All the loops read stays in L2; what one iteration reads side by side stays in L1.
    across = [step * i * size for i in range(tile[variable])]
    sliver = (r + a for r in rows for a in across[:: max(1, len(across) // 4)])
    line = target.line_bytes
    return _crowded(sliver, line, target.l2_bytes, target.l2_ways) or _crowded(
        across, line, target.l1_bytes, target.l1_ways
    )


def _first_rows(steps: list[int], counts: list[int]) -> list[int]:
    """Offsets of the first rows that nested loops of the given counts and steps visit."""
    rows = [0]
    for step, count in zip(reversed(steps), reversed(counts), strict=True):
        enough = min(count, max(1, SAMPLE // len(rows)))
        rows = [step * k + r for k in range(enough) for r in rows]
    return rows


def _crowded(addresses: Iterable[int], line: int, cache: int, ways: int) -> bool:
    """Some set of the cache would have to hold more than three quarters of its ways."""
    sets = max(1, cache // (line * ways))
    count: dict[int, int] = {}
    for number in {a // line for a in addresses}:
        count[number % sets] = count.get(number % sets, 0) + 1
    return max(count.values()) * 4 > ways * 3


def _layout(load: Load, s: Statement, variable: str, tile: int) -> Layout:
    """Kept dimensions, then the tile, then the reduced ones in the order of the loops."""
    place = {str(x): d for d, x in enumerate(load.subs)}
    kept = [d for v, d in place.items() if v not in s.reduced and v != variable]
    reduced = [place[v] for v in s.reduced if v in place]
    split = place[variable]
    return Layout(load.tensor, (*kept, split, *reduced), split, tile)


def _unchanged(program: Program, layout: Layout) -> bool:
    """One tile is as wide as the tensor: the copy would have its elements in the same order."""
    order = (*(d for d in layout.order if d != layout.split), layout.split)
    extent = program.tensor(layout.tensor).shape[layout.split]
    return extent == Int.of(layout.tile) and order == tuple(range(len(order)))


# ---- how
def _add_copy(program: Program, name: str, layout: Layout, before: str) -> Program:
    """The packed tensor and the statement that fills it, placed before its first user."""
    source = program.tensor(layout.tensor)
    shape = list(source.shape)
    shape[layout.split] = ceil_div(shape[layout.split], layout.tile)
    shape = [*(shape[d] for d in layout.order), Int.of(layout.tile)]
    tensor = Tensor(name, source.dtype, tuple(shape), "temporary", packs=source.name)
    return insert_copy(program, tensor, _copy(program, tensor, source, layout), before)


def _copy(program: Program, tensor: Tensor, source: Tensor, layout: Layout) -> Statement:
    variables = tuple(f"d{k}" for k in range(len(layout.order) + 1))
    at = dict(zip(layout.order, variables, strict=False))
    subs = [Int.of(at[d]) for d in range(len(source.shape))]
    subs[layout.split] = subs[layout.split] * layout.tile + variables[-1]
    bounds = [f"0 <= {to_isl(x)} < {to_isl(n)}" for x, n in zip(subs, source.shape, strict=True)]
    bounds += [f"0 <= {v} < {to_isl(n)}" for v, n in zip(variables, tensor.shape, strict=True)]
    sizes = ", ".join(z.name for z in program.sizes)
    name = f"Pack{sum(t.packs is not None for t in program.tensors)}"
    points = f"[{sizes}] -> {{ {name}[{', '.join(variables)}] : {' and '.join(bounds)} }}"
    return Statement(
        name,
        variables,
        isl.Set(points).intersect_params(program.context),
        tensor.name,
        tuple(map(Int.of, variables)),
        None,
        Load(source.name, tuple(subs), source.dtype),
        (0,),
    )


def _use(program: Program, statement: str, load: Load, name: str, layout: Layout) -> Program:
    """The statement with the load replaced by one from the packed tensor."""
    subs = [x for x in load.subs if isinstance(x, Int)]
    new = [x // layout.tile if d == layout.split else x for d, x in enumerate(subs)]
    index = (*(new[d] for d in layout.order), subs[layout.split] % layout.tile)
    return replace_in(program, statement, load, Load(name, index, load.dtype))
