"""A Program as text: the golden form. Deterministic, in the order of the Program."""

from __future__ import annotations

from typing import assert_never

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import (
    Binary,
    Call,
    Cast,
    Const,
    Expr,
    Index,
    Load,
    Program,
    Select,
    Statement,
    Subscript,
    Tensor,
    Unary,
)  # fmt: skip


def program_text(program: Program) -> str:
    """Sizes, tensors, preconditions, then one block for each statement.

    >>> from polyc.frontend import load
    >>> print(program_text(load("i->")))
    program einsum
    size i
    input x0 : float32[i]
    output y : float32[]
    S0: y() = 0.0
    S1: y() += x0(i_i)
        for 0 <= i_i < i
    """
    lines = [f"program {program.name}"]
    lines += [_size(s.name, s.display, s.scalar) for s in program.sizes]
    lines += [_tensor(t) for t in program.tensors]
    lines += [f"require {p.text}" for p in program.preconditions]
    for s in program.statements:
        lines += _statement(s)
    return "\n".join(lines)


def _size(name: str, display: str, scalar: bool) -> str:
    kind = "scalar size" if scalar else "size"
    return f"{kind} {name}" + (f" ({display})" if name != display else "")


def _tensor(t: Tensor) -> str:
    kind = "scalar" if t.scalar else t.kind
    return f"{kind} {t.name} : {t.dtype}" + (
        "" if t.scalar else f"[{', '.join(map(str, t.shape))}]"
    )


def _statement(s: Statement) -> list[str]:
    place = ".".join(map(str, s.order))
    at = "" if len(s.order) == 1 else f" at {place}"
    write = f"{s.tensor}({', '.join(map(str, s.subs))})"
    lines = [f"{s.name}{at}: {write} {s.op or ''}= {expr_text(s.value)}"]
    points = points_text(s.domain)
    if points:
        lines.append(f"    for {points}")
    return lines


def points_text(domain: isl.Set) -> str:
    """The constraints of a set, without its spaces; empty for all points."""
    text = str(domain)
    head, _, body = text.partition(" : ")
    return body.rsplit("}", 1)[0].strip() if head != text else ""


_LEVEL = {
    "||": 1, "&&": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
}  # fmt: skip


def expr_text(e: Expr, level: int = 0) -> str:
    """An expression with the fewest brackets that keep its tree."""
    match e:
        case Const(value):
            return str(value).lower() if isinstance(value, bool) else str(value)
        case Index(expr):
            return f"[{expr}]"
        case Load(tensor, subs):
            return f"{tensor}({', '.join(map(_subscript, subs))})" if subs else tensor
        case Unary(op, x):
            return f"{op}{expr_text(x, 6)}"
        case Binary("min" | "max" as op, x, y):
            return f"{op}({expr_text(x)}, {expr_text(y)})"
        case Binary(op, x, y):
            own = _LEVEL[op]
            text = f"{expr_text(x, own)} {op} {expr_text(y, own + 1)}"
            return f"({text})" if own < level else text
        case Call(fn, args):
            return f"{fn}({', '.join(map(expr_text, args))})"
        case Select(c, a, b):
            text = f"{expr_text(c, 1)} ? {expr_text(a, 1)} : {expr_text(b)}"
            return f"({text})" if level else text
        case Cast(x, dtype):
            return f"{dtype}({expr_text(x)})"
        case _:
            assert_never(e)


def _subscript(s: Subscript) -> str:
    return str(s) if isinstance(s, Int) else f"<{expr_text(s)}>"
