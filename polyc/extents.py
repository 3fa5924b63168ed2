"""Extents over named sizes: read from text, and solved for the sizes; without isl and LLVM."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from polyc.errors import ArgumentError
from polyc.frontend.integers import Int, maximum, minimum

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+)|(?P<name>[^\W\d][\w.]*)|(?P<sign>[-+*/(),]))")


def read(text: str) -> Int:
    """The `Int` that prints as this text: "H - R + 1"; ValueError where none does."""
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"{text!r} is no extent")
        tokens.append(found[0].strip())
        at = found.end()
    try:
        e = _sum(tokens)
    except IndexError:
        raise ValueError(f"{text!r} ends too early") from None
    if tokens:
        raise ValueError(f"{text!r} has {tokens[0]!r} where it should end")
    return e


def _sum(tokens: list[str]) -> Int:
    negative = tokens[0] == "-"
    if negative:
        tokens.pop(0)
    total = -_product(tokens) if negative else _product(tokens)
    while tokens and tokens[0] in "+-":
        total = total + _product(tokens) if tokens.pop(0) == "+" else total - _product(tokens)
    return total


def _product(tokens: list[str]) -> Int:
    out = _factor(tokens)
    while tokens and tokens[0] in "*/":
        out = out * _factor(tokens) if tokens.pop(0) == "*" else out // _factor(tokens)
    return out


def _factor(tokens: list[str]) -> Int:
    first = tokens.pop(0)
    if first.isdigit():
        return Int.of(int(first))
    if first == "(":
        e = _sum(tokens)
        _expect(tokens, ")")
        return e
    if first in ("min", "max") and tokens and tokens[0] == "(":
        tokens.pop(0)
        a = _sum(tokens)
        _expect(tokens, ",")
        b = _sum(tokens)
        _expect(tokens, ")")
        return minimum(a, b) if first == "min" else maximum(a, b)
    if first in "-+*/(),":
        raise ValueError(f"{first!r} stands where a size or a number should")
    return Int.var(first)


def _expect(tokens: list[str], token: str) -> None:
    if tokens.pop(0) != token:
        raise ValueError(f"{token!r} is missing")


# ---- sizes of a call
Extents = Sequence[tuple[str, tuple[Int, ...], tuple[int, ...]]]  # name, expected, found


def solve(arrays: Extents, scalars: Mapping[str, int], sizes: Sequence[str]) -> dict[str, int]:
    """A value for every size. Raises ArgumentError for a wrong rank or extents that disagree."""
    values = dict(scalars)
    for name, shape, found in arrays:
        if len(shape) != len(found):
            raise ArgumentError(
                f"argument {name}: found {len(found)} dimensions, shape {found}, expected "
                f"{len(shape)}, shape {_shown(shape)}; pass an array of that rank"
            )
        for n, extent in zip(shape, found, strict=True):
            _solve(n, extent, values)
    if missing := [s for s in sizes if s not in values]:
        raise ArgumentError(f"no argument gives a value for {', '.join(missing)}")
    for name, shape, found in arrays:
        for d, (n, extent) in enumerate(zip(shape, found, strict=True)):
            if n.eval(values) != extent:
                known = ", ".join(f"{s} = {values[s]}" for s in sizes if s in n.names)
                raise ArgumentError(
                    f"argument {name}: found extent {extent} in dimension {d} of shape {found}, "
                    f"expected {n}{f' = {n.eval(values)} ({known})' if known else ''}; pass an "
                    f"array of the shape {_shown(shape)}"
                )
    return values


def _solve(n: Int, found: int, values: dict[str, int]) -> None:
    """An extent that is a number times one unknown size plus a number gives that size."""
    unknown = [x for x in n.names if x not in values]
    if len(unknown) != 1 or not (c := n.coefficient(unknown[0])):
        return
    rest = (n - Int.var(unknown[0]) * c).subs(values)
    if rest.is_const and (found - rest.value) % c == 0 and (found - rest.value) // c >= 0:
        values[unknown[0]] = (found - rest.value) // c


def _shown(shape: tuple[Int, ...]) -> str:
    return f"({', '.join(map(str, shape))})"
