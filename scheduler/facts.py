"""Numbers about a program that decisions use: extents, strides, footprints, work.

Sizes that are not fixed count as `NOMINAL`: they choose tile sizes of a kernel for all sizes, and
never affect what it computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from polyc.frontend.integers import ONE, Int
from polyc.frontend.program import (
    Expr,
    Load,
    Program,
    Statement,
    Subscript,
    children,
    fix_parameters,
    names_of,
    parameters,
)

NOMINAL = 64


@dataclass(frozen=True, slots=True)
class Access:
    """One access of a statement: its tensor, subscripts, and whether it writes."""

    tensor: str
    subs: tuple[Subscript, ...]
    write: bool


def accesses(s: Statement) -> tuple[Access, ...]:
    """The write first, then every load in the order of the expression."""
    loads = (Access(x.tensor, x.subs, False) for x in loads_of(s.value))
    return (Access(s.tensor, s.subs, True), *loads)


def loads_of(e: Expr) -> Iterator[Load]:
    """Every load inside an expression."""
    if isinstance(e, Load):
        yield e
    for c in children(e):
        yield from loads_of(c)


def operations_of(e: Expr) -> int:
    """Arithmetic operations of one evaluation; a call counts ten."""
    own = {"Unary": 1, "Binary": 1, "Select": 1, "Cast": 1, "Call": 10}.get(type(e).__name__, 0)
    return own + sum(operations_of(c) for c in children(e))


def extents(s: Statement) -> dict[str, int]:
    """Range of each variable over the whole domain (at nominal sizes)."""
    fixed = fix_parameters(s.domain, dict.fromkeys(parameters(s.domain), NOMINAL))
    if fixed.is_empty():
        return dict.fromkeys(s.vars, 1)
    out: dict[str, int] = {}
    for i, v in enumerate(s.vars):
        low, high = fixed.dim_min_val(i), fixed.dim_max_val(i)
        bounded = low.is_int() and high.is_int()
        out[v] = high.to_python() - low.to_python() + 1 if bounded else NOMINAL
    return out


def single_values(s: Statement) -> dict[str, int]:
    """The variables that have one value in the whole domain, and it."""
    if parameters(s.domain) or s.domain.is_empty():
        return {}
    out: dict[str, int] = {}
    for i, v in enumerate(s.vars):
        low = s.domain.dim_min_val(i)
        if low.is_int() and low.eq(s.domain.dim_max_val(i)):
            out[v] = low.to_python()
    return out


def work(s: Statement, ranges: Mapping[str, int]) -> int:
    """Operations of a statement over a box of the given ranges; a bare copy counts one each."""
    return points(s, ranges) * (operations_of(s.value) + 1)


def nominal(e: Int) -> int:
    """The value of a size expression at nominal sizes."""
    return e.eval(dict.fromkeys(e.names, NOMINAL))


def row_strides(shape: tuple[Int, ...]) -> tuple[Int, ...]:
    """Elements between neighbours of each dimension of a C-contiguous array."""
    out: list[Int] = []
    step = ONE
    for n in reversed(shape):
        out.append(step)
        step = step * n
    return tuple(reversed(out))


def stride(a: Access, variable: str, program: Program) -> int | None:
    """Elements that one step of the variable moves the access; a nominal figure where sizes are
    symbolic, None where the access depends on data through the variable or is not linear in it."""
    total = Int.of(0)
    for sub, step in zip(a.subs, row_strides(program.tensor(a.tensor).shape), strict=True):
        if not isinstance(sub, Int):
            if variable in names_of(sub):
                return None
            continue
        slope = sub.slope(variable)
        if slope is None:
            return None
        total = total + slope * step
    if total.is_const:
        return total.value
    return nominal(total) or NOMINAL


def footprint(a: Access, ranges: Mapping[str, int], program: Program) -> int:
    """Elements of the box that the access touches while each variable moves over its range."""
    total = 1
    for sub, n in zip(a.subs, program.tensor(a.tensor).shape, strict=True):
        whole = max(1, nominal(n))
        if not isinstance(sub, Int):
            total *= whole
            continue
        span = 1
        for v, r in ranges.items():
            c = sub.coefficient(v)
            span += (r - 1) * abs(c) if c is not None else whole
        total *= min(whole, span)
    return total


def points(s: Statement, ranges: Mapping[str, int]) -> int:
    """Instances of a statement in a box of the given ranges."""
    total = 1
    for v in s.vars:
        total *= ranges[v]
    return total
