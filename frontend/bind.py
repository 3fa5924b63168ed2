"""The sizes of a call, from the shapes of its arguments."""

from __future__ import annotations

from collections.abc import Mapping

import islpy as isl

from polyc.errors import ArgumentError
from polyc.frontend.integers import Int
from polyc.frontend.program import Precondition, Program, Tensor


def bind(
    program: Program, shapes: Mapping[str, tuple[int, ...]], scalars: Mapping[str, int]
) -> dict[str, int]:
    """A value for every size of the program (by `Size.name`).

    `shapes` has the extents of each input by its name, `scalars` the integer scalars that are
    sizes. Raises ArgumentError for a wrong rank, extents that disagree, a violated precondition.
    """
    values = {s.name: int(scalars[s.name]) for s in program.sizes if s.name in scalars}
    arrays = [t for t in program.inputs if not t.scalar and t.name in shapes]
    for t in arrays:
        if len(shapes[t.name]) != len(t.shape):
            raise ArgumentError(
                f"`{t.label}` has {len(shapes[t.name])} dimensions, expected {len(t.shape)}: "
                f"({_shown(t, program)}); pass an array of that rank"
            )
    source: dict[str, str] = {}
    for t in arrays:
        for k, (n, found) in enumerate(zip(t.shape, shapes[t.name], strict=True)):
            _solve(n, found, f"{t.label}.{k}", values, source)
    for t in arrays:
        for k, (n, found) in enumerate(zip(t.shape, shapes[t.name], strict=True)):
            _check(t, k, n, found, values, source, program)
    missing = [s.display for s in program.sizes if s.name not in values]
    if missing:
        raise ArgumentError(f"no argument gives a value for {', '.join(missing)}; pass it by name")
    for p in program.preconditions:
        _holds(p, values, program)
    return values


def _solve(n: Int, found: int, place: str, values: dict[str, int], source: dict[str, str]) -> None:
    """An extent that is one unknown size times a number plus a number gives that size."""
    unknown = [x for x in n.names if x not in values]
    if len(unknown) != 1:
        return
    name = unknown[0]
    c = n.coefficient(name)
    if not c:
        return
    rest = (n - Int.var(name) * c).subs(values)
    if rest.is_const and (found - rest.value) % c == 0 and (found - rest.value) // c >= 0:
        values[name] = (found - rest.value) // c
        source[name] = place


def _check(
    t: Tensor,
    k: int,
    n: Int,
    found: int,
    values: dict[str, int],
    source: dict[str, str],
    program: Program,
) -> None:
    if not n.names <= values.keys():
        if len(n.names - values.keys()) == 1:
            raise ArgumentError(
                f"dimension {k} of `{t.label}` is {found}, which no size makes {_text(n, program)}"
            )
        return
    expected = n.eval(values)
    if expected != found:
        known = ", ".join(
            f"{s.display} = {values[s.name]}"
            + (f" from `{source[s.name]}`" if s.name in source else "")
            for s in program.sizes
            if s.name in n.names
        )
        because = f" ({known})" if known else ""
        raise ArgumentError(
            f"dimension {k} of `{t.label}` is {found}, "
            f"expected {_text(n, program)} = {expected}{because}; "
            f"`{t.label}` must have the shape ({_shown(t, program)})"
        )


def _holds(p: Precondition, values: Mapping[str, int], program: Program) -> None:
    s = p.holds
    for name, value in values.items():
        k = s.find_dim_by_name(isl.dim_type.param, name)
        if k >= 0:
            s = s.fix_val(isl.dim_type.param, k, isl.Val(value))
    if s.is_empty():
        sizes = ", ".join(f"{z.display} = {values[z.name]}" for z in program.sizes)
        raise ArgumentError(
            f"the operator needs {p.text}, found {sizes}; pass arguments of such sizes"
        )


def _text(n: Int, program: Program) -> str:
    return str(n.subs({s.name: Int.var(s.display) for s in program.sizes if s.name != s.display}))


def _shown(t: Tensor, program: Program) -> str:
    return ", ".join(_text(n, program) for n in t.shape)
