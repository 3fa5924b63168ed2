"""Loads of every 2nd or 3rd element that interleave are marked as lanes of one run."""

from __future__ import annotations

import pytest

from polyc.codegen.loops import Load, Stmt
from polyc.codegen.passes.vectorise import vectorise
from polyc.codegen.passes.windows import windows
from polyc.codegen.walk import all_values, values_of
from tests.passes.support import V3, Block, agree, j, read, times, vector, write

SHAPES = {"X": (64,), "Y": (8,)}


def marks(body: Block) -> list[int | None]:
    """`window` of every strided load, in order."""
    found: list[int | None] = []
    for s in windows(vectorise(body, V3)):
        found += _marks(s)
    return found


def _marks(s: Stmt) -> list[int | None]:
    loads = [x for v in values_of(s) for x in all_values(v)]
    return [x.window for x in loads if isinstance(x, Load) and x.step]


def pair(step: int, *places: int, count: int = 8) -> Block:
    value = read("X", j * step + places[0])
    for p in places[1:]:
        value = times(value, read("X", j * step + p), "+")  # type: ignore[assignment]
    return (vector("j", count, write("Y", j, value=value)),)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (pair(2, 0, 1), [0, 1]),
        (pair(2, 3, 2), [1, 0]),
        (pair(3, 0, 2, 1), [0, 2, 1]),
        (pair(2, 0, 3), [None, None]),  # nothing reads element 1
        (pair(3, 0, 1), [None, None]),
        (pair(2, 0), [None]),
        (pair(2, 0, 1, count=7), [None, None]),  # masked: not every element is read
        (pair(1, 0, 1), [None, None]),
    ],
)
def test_runs(body: Block, expected: list[int | None]) -> None:
    assert marks(body) == expected
    agree(body, windows(vectorise(body, V3)), SHAPES)
