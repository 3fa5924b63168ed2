"""Numbers about a program that decisions use: extents, strides, footprints, work.

They need sizes. Where a program leaves some open, decisions look at `sized(program)`, the same
program at typical sizes: these choose tiles of a kernel for all sizes, never what it computes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import ONE, Extreme, FloorDiv, Int, to_isl
from polyc.frontend.program import (
    Expr,
    Load,
    Program,
    Statement,
    Subscript,
    children,
    names_of,
    parameters,
    specialize,
    tuple_text,
)

APART = 16  # elements: what lies further apart shares no line of a cache
MANY, FEW = 256, 3  # typical sizes of an extent and of a window


@dataclass(frozen=True, slots=True)
class Access:
    """One access of a statement: its tensor, subscripts, and whether it writes."""

    tensor: str
    subs: tuple[Subscript, ...]
    write: bool

    def moves_with(self, variable: str) -> bool:
        """A subscript depends on the variable."""
        return any(
            variable in (sub.names if isinstance(sub, Int) else names_of(sub)) for sub in self.subs
        )


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


def sized(program: Program) -> Program:
    """The program with typical numbers for its open sizes.

    A size that shortens a range (R in H - R + 1) is typically small, the window of a filter.
    """
    if not program.sizes:
        return program
    small = {n for s in program.statements for n in _shortening(s)}
    typical = {z.name: FEW if z.name in small or z.scalar else MANY for z in program.sizes}
    return specialize(program, typical)


def _shortening(s: Statement) -> set[str]:
    """Parameters with a negative coefficient in the upper bound of some variable."""
    out: set[str] = set()
    if s.domain.is_empty():
        return out
    for i in range(len(s.vars)):
        for _, bound in s.domain.dim_max(i).get_pieces():
            for k, name in enumerate(parameters(s.domain)):
                if bound.get_coefficient_val(isl.dim_type.param, k).is_neg():
                    out.add(name)
    return out


def extents(s: Statement) -> dict[str, int]:
    """Range of each variable over the whole domain; the sizes are fixed."""
    if s.domain.is_empty():
        return dict.fromkeys(s.vars, 1)
    out: dict[str, int] = {}
    for i, v in enumerate(s.vars):
        low, high = s.domain.dim_min_val(i), s.domain.dim_max_val(i)
        out[v] = high.to_python() - low.to_python() + 1
    return out


def ends_of(s: Statement, e: Int) -> tuple[int, int] | None:
    """Least and greatest value of an expression over the domain, None where sizes decide them."""
    space = tuple_text(parameters(s.domain), s)
    values = s.domain.apply(isl.Map(f"{space} -> [{to_isl(e)}] }}"))
    low, high = values.dim_min_val(0), values.dim_max_val(0)
    return (low.to_python(), high.to_python()) if low.is_int() and high.is_int() else None


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


def row_strides(shape: tuple[Int, ...]) -> tuple[Int, ...]:
    """Elements between neighbours of each dimension of a C-contiguous array."""
    out: list[Int] = []
    step = ONE
    for n in reversed(shape):
        out.append(step)
        step = step * n
    return tuple(reversed(out))


def stride(a: Access, variable: str, program: Program) -> int | None:
    """Elements that one step of the variable moves the access; None where the access depends on
    data through the variable or is not linear in it. The sizes are fixed."""
    total = Int.of(0)
    for sub, step in zip(a.subs, row_strides(program.tensor(a.tensor).shape), strict=True):
        if not isinstance(sub, Int):
            if variable in names_of(sub):
                return None
            continue
        by = slope(sub, variable)
        if by is None:
            return None
        total = total + step * by
    return total.value


def slope(e: Int, variable: str) -> int | None:
    """Movement of a subscript with the variable while its quotients stand still (inside a tile of
    a packed tensor they do); None where it is not linear otherwise."""
    found = 0
    for monomial, c in e.terms:
        if monomial == (variable,):
            found = c
        elif any(variable in Int.atom(a).names and not isinstance(a, FloorDiv) for a in monomial):
            return None
    return found


def footprint(
    subs: Iterable[Subscript | None], shape: tuple[Int, ...], ranges: Mapping[str, int]
) -> int:
    """Elements of the box that subscripts of a tensor of this shape touch while each variable
    moves over its range; all of a dimension whose subscript data decides. The sizes are fixed."""
    total = 1
    for sub, n in zip(subs, shape, strict=True):
        whole = max(1, n.value)
        if not isinstance(sub, Int):
            total *= whole
            continue
        total *= min(whole, _covered(sub, ranges))
    return total


def _covered(e: Int, ranges: Mapping[str, int]) -> int:
    """Values of an expression between its ends; pieces that are far apart count without the gaps,
    as those of 1000*c + i do while i moves over 10 values."""
    run, pieces, moved = 1, 1, []
    for monomial, c in e.terms:
        match monomial:
            case (str() as v,):
                moved.append((abs(c), ranges.get(v, 1)))
            case ():
                pass
            case _:
                return 1 + _reach(e, ranges)
    for step, n in sorted(moved):
        if n > 1 and step > run + APART and len(moved) > 1:
            pieces *= n
        else:
            run += step * (n - 1)
    return pieces * (max(run, APART) if pieces > 1 else run)


def _reach(e: Int, ranges: Mapping[str, int]) -> int:
    """How far an expression moves while each variable moves over its range (an upper bound)."""
    total = 0
    for monomial, c in e.terms:
        for a in monomial:
            match a:
                case str():
                    total += abs(c) * (ranges.get(a, 1) - 1)
                case FloorDiv(num, den):
                    total += abs(c) * (_reach(num, ranges) // den.value)
                case Extreme(_, x, y):
                    total += abs(c) * max(_reach(x, ranges), _reach(y, ranges))
    return total


def points(s: Statement, ranges: Mapping[str, int]) -> int:
    """Instances of a statement in a box of the given ranges."""
    total = 1
    for v in s.vars:
        total *= ranges[v]
    return total
