"""The three texts of a kernel with the statement that each line is of: loops, C and assembly."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from polyc.codegen import c
from polyc.codegen.loops import For, If, LoopNest, Stmt
from polyc.target import Target


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and the number of its statement in the nest, if it is of one."""

    text: str
    statement: int | None


def loops_lines(nest: LoopNest) -> tuple[Line, ...]:
    """The printed nest; its statements are numbered in this order."""
    lines = str(nest).splitlines()
    first = 1 + len(nest.arguments) + len(nest.workspace)
    end = len(lines) - len(nest.messages)
    out: list[Line] = []
    number = 0
    for k, text in enumerate(lines):
        if not first <= k < end or text.strip() == "else":
            out.append(Line(text, None))
            continue
        out.append(Line(text, number))
        number += 1
    return tuple(out)


def c_lines(nest: LoopNest, target: Target) -> tuple[Line, ...]:
    """The C backend's file."""
    made = c.written(nest, target)
    out: list[Line] = []
    for k, text in enumerate(made.text.splitlines()):
        number = bisect_right(made.starts, k) - 1
        inside = number >= 0 and k < made.end and text.strip() not in ("", "}", "return 0;")
        out.append(Line(text, number if inside else None))
    return tuple(out)


def runs_of(nest: LoopNest) -> dict[int, int]:
    """How often each statement runs, about: loops inside others are looked at in the middle of
    those, both branches count. What open sizes decide is left out."""
    out: dict[int, int] = {}
    _count(nest.body, 1, {}, 0, out)
    return out


def _count(
    body: tuple[Stmt, ...],
    runs: int | None,
    middle: dict[str, int],
    number: int,
    out: dict[int, int],
) -> int:
    """The number after the last statement of the block."""
    for s in body:
        if runs is not None:
            out[number] = runs
        number += 1
        match s:
            case For():
                trips, at = _trips(s, middle)
                inner = None if runs is None or trips is None else runs * trips
                number = _count(s.body, inner, {**middle, s.var: at}, number, out)
            case If():
                number = _count(s.then, runs, middle, number, out)
                number = _count(s.orelse, runs, middle, number, out)
            case _:
                pass
    return number


def _trips(s: For, middle: dict[str, int]) -> tuple[int | None, int]:
    """Iterations of a loop, None where sizes decide, and a value of its variable in the middle."""
    try:
        lower, upper = s.lower.eval(middle), s.upper.eval(middle)
    except KeyError:
        return None, 0
    trips = max(0, -(-(upper - lower) // s.step))
    return trips, lower + trips // 2 * s.step
