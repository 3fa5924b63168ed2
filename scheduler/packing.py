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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from polyc.frontend.integers import Int
from polyc.frontend.program import Load, Program, Statement
from polyc.scheduler.facts import Access, extents, loads_of, operations_of, points, sized, stride
from polyc.scheduler.layout import Layout, add_copy, is_unchanged, layout_of, use_packed
from polyc.scheduler.nest import choose_vector, element_bytes, register_tile
from polyc.scheduler.rewriting import Rewritten
from polyc.scheduler.tree import Decision
from polyc.target import Target

ENOUGH_USES = 16  # of an element, that pay for writing and reading it once more
WORTH_PACKING = 500_000  # operations of a statement under which copies do not pay
PAGE, PAGES = 4096, 1024  # bytes of a page, pages the second-level translation buffer holds
SAMPLE = 4096  # rows that are looked at for conflicts


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one operand: its layout where it is packed, and why or why not."""

    load: Load
    layout: Layout | None
    reason: str


def pack(program: Program, target: Target) -> Rewritten:
    """The program with operands packed where that pays; the same program where none is."""
    typical = sized(program)
    out = program
    made: dict[Layout, str] = {}
    decisions: list[Decision] = []
    for s in program.statements:
        for choice in _choices(program, typical, s, target):
            subject, layout = f"{choice.load.tensor} in {s.name}", choice.layout
            if layout is None:
                decisions.append(Decision("pack", subject, "no", choice.reason))
                continue
            if layout not in made:
                made[layout] = f"{choice.load.tensor}_packed{len(made)}"
                out = add_copy(out, made[layout], layout, s.name)
            out = use_packed(out, s.name, choice.load, made[layout], layout)
            decisions.append(Decision("pack", subject, f"as {made[layout]}", choice.reason))
    return Rewritten(out, tuple(decisions))


# ---- which
def _choices(program: Program, typical: Program, s: Statement, target: Target) -> Iterator[Choice]:
    """One for each array that a sum reads."""
    like = typical.statement(s.name)
    ranges = extents(like)
    if s.op is None or not s.reduced or len(s.order) > 1:
        return
    work, idle = points(like, ranges) * (operations_of(like.value) + 1), None
    tile = _tile(typical, like, ranges, target) if work >= WORTH_PACKING else {}
    if work < WORTH_PACKING:
        idle = f"{work} operations, {WORTH_PACKING} pay for copies"
    elif len(tile) != 2:
        idle = "no register tile of two variables reads it again and again"
    for real, load in dict(zip(loads_of(s.value), loads_of(like.value), strict=True)).items():
        if not load.subs:
            continue
        why = idle or _refused(typical, like, load, ranges, tile)
        if why is not None:
            yield Choice(real, None, why)
            continue
        variable, vector = _split(load, tile) or ("", False)
        layout = layout_of(real, s, variable, tile[variable])
        if is_unchanged(program, layout):
            yield Choice(real, None, "its elements have the order of the register tile already")
            continue
        pain = _pain(typical, like, load, ranges, tile, vector, target)
        if program.sizes:
            pain = "its strides are open"
        used = f"an element is used {_uses(typical, like, load, ranges)} times"
        if pain is None:
            yield Choice(real, None, f"{used}, and its rows stay in the caches as they lie")
            continue
        tensor = typical.tensor(load.tensor)
        copied = prod(n.value for n in tensor.shape) * tensor.dtype.bytes / 1024
        yield Choice(real, layout, f"{copied:.1f} KiB copied once, {used}; {pain}")


def _refused(
    program: Program, s: Statement, load: Load, ranges: dict[str, int], tile: dict[str, int]
) -> str | None:
    """Why an operand cannot or need not be packed; None where it may be."""
    if program.tensor(load.tensor).kind != "input":
        return "it is computed here, and its producer may share loops with its readers"
    if not _plain(load, s):
        return "its subscripts are not variables, each another"
    uses = _uses(program, s, load, ranges)
    if uses < ENOUGH_USES:
        return f"an element is used {uses} times, {ENOUGH_USES} pay for a copy"
    if _split(load, tile) is None:
        return f"not one of {', '.join(tile)}, the variables of the register tile, moves it"
    return None


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
    return is_input and _plain(load, s) and _uses(program, s, load, ranges) >= ENOUGH_USES


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


def _uses(program: Program, s: Statement, load: Load, ranges: dict[str, int]) -> int:
    """How often each element is read."""
    elements = prod(n.value for n in program.tensor(load.tensor).shape)
    return points(s, ranges) // max(1, elements)


def _pain(
    program: Program,
    s: Statement,
    load: Load,
    ranges: dict[str, int],
    tile: dict[str, int],
    vector: bool,
    target: Target,
) -> str | None:
    """Why reading the operand in place would miss the cache that its tile should stay in."""
    access = Access(load.tensor, load.subs, False)
    size = program.tensor(load.tensor).dtype.bytes
    variable = next(v for v in tile if (stride(access, v, program) or 0) != 0)
    step = stride(access, variable, program)
    if step is None or (vector and step != 1):
        return "its elements do not lie side by side along the vector"
    steps = [(stride(access, v, program) or 0) * size for v in s.reduced]
    rows = _first_rows(steps, [ranges[v] for v in s.reduced])
    pages = len({r // PAGE for r in rows})
    if pages > PAGES:
        return f"its rows touch {pages} pages, the translation buffer holds {PAGES}"
    # All the loops read stays in L2; what one iteration reads side by side stays in L1.
    across = [step * i * size for i in range(tile[variable])]
    sliver = (r + a for r in rows for a in across[:: max(1, len(across) // 4)])
    line = target.line_bytes
    if _crowded(sliver, line, target.l2_bytes, target.l2_ways):
        return f"its rows, {max(steps)} bytes apart, crowd the sets of L2"
    if _crowded(across, line, target.l1_bytes, target.l1_ways):
        return f"elements {step * size} bytes apart crowd the sets of L1"
    return None


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
