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

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from polyc.frontend.program import Load, Program, Statement
from polyc.scheduler.dots import group_of
from polyc.scheduler.facts import Access, extents, loads_of, operations_of, points, sized
from polyc.scheduler.grouping import in_groups
from polyc.scheduler.layout import Layout, add_copy, is_unchanged, layout_of, use_packed
from polyc.scheduler.operands import ENOUGH_USES, pain, plain, split_by, uses
from polyc.scheduler.registers import register_tile
from polyc.scheduler.rewriting import Rewritten
from polyc.scheduler.shifting import shift_taken_off
from polyc.scheduler.tree import Decision
from polyc.scheduler.vector import choose_vector, element_bytes
from polyc.target import Target

WORTH_PACKING = 500_000  # operations of a statement under which copies do not pay


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one operand: its layout where it is packed, and why or why not."""

    load: Load
    layout: Layout | None
    reason: str


def pack(program: Program, target: Target, contiguous: frozenset[str] | None = None) -> Rewritten:
    """The program with operands packed where that pays; the same program where none is.

    Inputs that are not in `contiguous` (None: all are) have strides of their own.
    """
    typical = sized(program)
    out, made = program, dict[Layout, str]()
    decisions: list[Decision] = []
    for s in program.statements:
        found = _grouped(out, program, typical, s, target, contiguous, made)
        if found is None:
            found = _apply(out, s, list(_choices(program, typical, s, target)), made)
        out, made, why = found
        decisions += why
    return Rewritten(out, tuple(decisions))


Applied = tuple[Program, dict[Layout, str], list[Decision]]


def _grouped(
    out: Program,
    program: Program,
    typical: Program,
    s: Statement,
    target: Target,
    contiguous: frozenset[str] | None,
    made: dict[Layout, str],
) -> Applied | None:
    """The program with terms of a sum in groups that one instruction adds, where it has one."""
    like = typical.statement(s.name)
    if not s.reduced or len(s.order) > 1 or _work(like, extents(like)) < WORTH_PACKING:
        return None
    if group_of(typical, like, target):
        return out, made, [Decision("pack", s.name, "no", "its terms lie in groups already")]
    found = in_groups(program, typical, s, target, contiguous)
    if found is None:
        return None
    wanted, group = found
    why = f"{group.terms} terms of {group.variable} are added by one instruction"
    new = _apply(out, s, [Choice(load, x, why) for load, x in wanted], made)
    after = sized(new[0])
    return new if group_of(after, after.statement(s.name), target) == group else None


def _apply(
    program: Program, s: Statement, choices: list[Choice], made: dict[Layout, str]
) -> Applied:
    """The program with these copies and their uses, and the names of all copies so far."""
    made, decisions = dict(made), []
    for choice in choices:
        subject, layout = f"{choice.load.tensor} in {s.name}", choice.layout
        if layout is None:
            decisions.append(Decision("pack", subject, "no", choice.reason))
            continue
        if layout.flip:
            program = shift_taken_off(program, s, choice.load)
        if layout not in made:
            made[layout] = f"{choice.load.tensor}_packed{len(made)}"
            program = add_copy(program, made[layout], layout, s.name)
        program = use_packed(program, s.name, choice.load, made[layout], layout)
        decisions.append(Decision("pack", subject, f"as {made[layout]}", choice.reason))
    return program, made, decisions


# ---- which
def _choices(program: Program, typical: Program, s: Statement, target: Target) -> Iterator[Choice]:
    """One for each array that a sum reads."""
    like = typical.statement(s.name)
    ranges = extents(like)
    if s.op is None or not s.reduced or len(s.order) > 1:
        return
    work, idle = _work(like, ranges), None
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
        variable, vector = split_by(load, tile) or ("", False)
        layout = layout_of(real, s, variable, tile[variable])
        if is_unchanged(program, layout):
            yield Choice(real, None, "its elements have the order of the register tile already")
            continue
        hurts = pain(typical, like, load, ranges, tile, vector, target)
        if program.sizes:
            hurts = "its strides are open"
        used = f"an element is used {uses(typical, like, load, ranges)} times"
        if hurts is None:
            yield Choice(real, None, f"{used}, and its rows stay in the caches as they lie")
            continue
        tensor = typical.tensor(load.tensor)
        copied = prod(n.value for n in tensor.shape) * tensor.dtype.bytes / 1024
        yield Choice(real, layout, f"{copied:.1f} KiB copied once, {used}; {hurts}")


def _work(s: Statement, ranges: dict[str, int]) -> int:
    return points(s, ranges) * (operations_of(s.value) + 1)


def _refused(
    program: Program, s: Statement, load: Load, ranges: dict[str, int], tile: dict[str, int]
) -> str | None:
    """Why an operand cannot or need not be packed; None where it may be."""
    if program.tensor(load.tensor).kind != "input":
        return "it is computed here, and its producer may share loops with its readers"
    if not plain(load, s):
        return "its subscripts are not variables, each another"
    used = uses(program, s, load, ranges)
    if used < ENOUGH_USES:
        return f"an element is used {used} times, {ENOUGH_USES} pay for a copy"
    if split_by(load, tile) is None:
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
    return is_input and plain(load, s) and uses(program, s, load, ranges) >= ENOUGH_USES
