"""Guarded operands of contractions copied once into an array that holds the padding too.

    Y(h) += (0 <= h+r-1 < H ? X(h+r-1) : 0) * F(r)
becomes
    X1(i) = 0 <= i-1 < H ? X(i-1) : 0
    Y(h) += X1(h+r) * F(r)

so that the loops that do the work carry no guard. Like `packing` this rewrites the program, and the
certificate covers the copy. It pays when every element is read often.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import islpy as isl

from polyc.frontend.dtypes import BOOL, INT64
from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import (
    Binary,
    Const,
    Expr,
    Index,
    Load,
    Program,
    Select,
    Statement,
    Tensor,
    affine_condition,
    children,
    parameters,
    tuple_text,
)
from polyc.scheduler.affine import both_ends
from polyc.scheduler.facts import extents, points, sized
from polyc.scheduler.rewriting import Rewritten, insert_copy, replace_in
from polyc.scheduler.tree import Decision

ENOUGH_USES = 8  # of an element, that pay for writing and reading it once more
OTHER = "its condition is not just that an input's index is inside, with a constant outside"


@dataclass(frozen=True, slots=True)
class Padding:
    """A guarded load that reads box [low, high] of its tensor's indices, which contains more than
    the tensor; `fill` is what it gives outside."""

    node: Select
    load: Load
    low: tuple[Int, ...]
    high: tuple[Int, ...]
    fill: Const


def pad_operands(program: Program) -> Rewritten:
    """The program with padded copies of guarded inputs where that pays."""
    typical, out, count = sized(program), program, 0
    decisions: list[Decision] = []
    for s in program.statements:
        if s.op is None or not s.reduced or len(s.order) > 1:
            continue
        like = typical.statement(s.name)
        for node in _selects(s.value):
            found = _padding(program, s, node)
            if found is None:
                if isinstance(node.yes, Load):
                    decisions.append(_refusal(node.yes.tensor, s, OTHER))
                continue
            source = typical.tensor(found.load.tensor)
            elements = max(1, prod(n.value for n in source.shape))
            uses = points(like, extents(like)) // elements
            if uses < ENOUGH_USES:
                why = f"an element is used {uses} times, {ENOUGH_USES} pay for a copy"
                decisions.append(_refusal(source.name, s, why))
                continue
            name = f"{found.load.tensor}_padded{count}"
            tensor, copy = _copy(program, found, name, f"Pad{count}")
            out = insert_copy(out, tensor, copy, s.name)
            moved = zip(found.load.subs, found.low, strict=True)
            subs = tuple(x - low for x, low in moved if isinstance(x, Int))
            out = replace_in(out, s.name, node, Load(name, subs, node.dtype))
            copied = elements * source.dtype.bytes / 1024
            why = f"{copied:.1f} KiB copied once, an element is used {uses} times without a guard"
            decisions.append(Decision("pad", f"{source.name} in {s.name}", f"as {name}", why))
            count += 1
    return Rewritten(out, tuple(decisions))


def _refusal(tensor: str, s: Statement, why: str) -> Decision:
    return Decision("pad", f"{tensor} in {s.name}", "no", why)


def _selects(e: Expr) -> list[Select]:
    """Guarded loads of an expression, each once."""
    own = [e] if isinstance(e, Select) else []
    return list(dict.fromkeys([*own, *(x for c in children(e) for x in _selects(c))]))


def _padding(program: Program, s: Statement, node: Select) -> Padding | None:
    """The padding that a select stands for, if it is one: inside the box the element of an input,
    outside a constant."""
    load, fill = node.yes, node.no
    if not isinstance(load, Load) or not isinstance(fill, Const):
        return None
    tensor = program.tensor(load.tensor)
    subs = [x for x in load.subs if isinstance(x, Int)]
    if tensor.kind != "input" or len(subs) != len(load.subs) or not subs:
        return None
    space = tuple_text(parameters(s.domain), s)
    guard = affine_condition(node.cond, space)
    inside = " and ".join(
        f"0 <= {to_isl(x)} < {to_isl(n)}" for x, n in zip(subs, tensor.shape, strict=True)
    )
    points = s.domain.intersect_params(program.context)
    if guard is None or not points.intersect(guard).is_equal(
        points.intersect(isl.Set(f"{space} : {inside} }}"))
    ):
        return None
    ends = [_ends(points, space, x) for x in subs]
    known = [e for e in ends if e is not None]
    if len(known) != len(ends):
        return None
    return Padding(node, load, tuple(e[0] for e in known), tuple(e[1] for e in known), fill)


def _ends(points: isl.Set, space: str, e: Int) -> tuple[Int, Int] | None:
    """Least and greatest value of an expression, where each is one affine expression of sizes."""
    return both_ends(points.apply(isl.Map(f"{space} -> [{to_isl(e)}] }}")), 0)


def _copy(
    program: Program, padding: Padding, name: str, statement: str
) -> tuple[Tensor, Statement]:
    source = program.tensor(padding.load.tensor)
    ends = list(zip(padding.low, padding.high, strict=True))
    shape = tuple(high - low + 1 for low, high in ends)
    tensor = Tensor(name, source.dtype, shape, "temporary", packs=source.name)
    variables = tuple(f"d{k}" for k in range(len(shape)))
    subs = tuple(Int.of(v) + low for v, (low, _) in zip(variables, ends, strict=True))
    cond: Expr | None = None
    for x, (low, high), n in zip(subs, ends, source.shape, strict=True):
        for test, needed in (((">=", Int.of(0)), low != Int.of(0)), (("<", n), high != n - 1)):
            if needed:
                one = _test(x, *test)
                cond = one if cond is None else Binary("&&", cond, one, BOOL)
    value: Expr = Load(source.name, subs, source.dtype)
    if cond is not None:
        value = Select(cond, value, padding.fill, source.dtype)
    bounds = " and ".join(f"0 <= {v} < {to_isl(n)}" for v, n in zip(variables, shape, strict=True))
    sizes = ", ".join(z.name for z in program.sizes)
    points = isl.Set(f"[{sizes}] -> {{ {statement}[{', '.join(variables)}] : {bounds} }}")
    points = points.intersect_params(program.context)
    subs_out = tuple(map(Int.of, variables))
    return tensor, Statement(statement, variables, points, name, subs_out, None, value, (0,))


def _test(x: Int, op: str, bound: Int) -> Expr:
    return Binary(">=" if op == ">=" else "<", Index(x, INT64), Index(bound, INT64), BOOL)
