"""Statements before isl: symbolic ranges and conditions, in the nesting of the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

from polyc.errors import Span
from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import COMPARISONS, Binary, Const, Expr, Index, Reduction, Unary
from polyc.frontend.ranges import Range
from polyc.frontend.values import Reading


@dataclass(slots=True)
class Draft:
    """One statement. `image`: it runs once per element that `subs` reaches, not once per point."""

    vars: tuple[str, ...]
    ranges: dict[str, Range]
    conditions: tuple[Expr, ...]
    tensor: str
    subs: tuple[Int, ...]
    op: Reduction | None
    value: Expr
    span: Span
    reads: tuple[Reading, ...] = ()
    hidden: tuple[str, ...] = ()  # variables that only bound others: projected out
    image: bool = False
    given: frozenset[str] = frozenset()  # variables whose range the text gives
    first: bool = False  # writes elements that nothing may have written before
    shown: dict[str, str] = field(default_factory=dict)  # variables as the text spells them


@dataclass(slots=True)
class Loop:
    """A `for` block."""

    var: str
    range: Range
    body: list[Node]


Node = Union[Draft, Loop]
Order = tuple[Union[int, str], ...]


def ordered(nodes: list[Node], prefix: Order = ()) -> Iterator[tuple[Order, Draft]]:
    """Every draft with its textual place: (3,), or inside `for t`: (3, "t", 0)."""
    for k, node in enumerate(nodes):
        match node:
            case Draft():
                yield (*prefix, k), node
            case Loop(var, _, body):
                yield from ordered(body, (*prefix, k, var))


def condition_text(e: Expr) -> str:
    """isl's text of an affine condition, as `frontend.values.condition` makes them."""
    match e:
        case Const(value):
            return "1 = 1" if value else "1 = 0"
        case Unary("!", x):
            return f"not ({condition_text(x)})"
        case Binary("&&" | "||" as op, x, y):
            word = "and" if op == "&&" else "or"
            return f"({condition_text(x)}) {word} ({condition_text(y)})"
        case Binary(op, Index(p), Index(q)) if op in COMPARISONS:
            return f"{to_isl(p)} {'=' if op == '==' else op} {to_isl(q)}"
        case _:
            raise AssertionError(f"not an affine condition: {e}")


def points_text(d: Draft, extra: tuple[str, ...] = ()) -> str:
    """The constraints of a draft's points, in isl's syntax."""
    parts = [
        f"{to_isl(d.ranges[v].lo)} <= {v} < {to_isl(d.ranges[v].hi)}" for v in (*d.vars, *d.hidden)
    ]
    parts += [f"({condition_text(c)})" for c in d.conditions]
    body = " and ".join((*parts, *extra)) or "1 = 1"
    return f"exists ({', '.join(d.hidden)} : {body})" if d.hidden else body
