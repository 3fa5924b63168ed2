"""Rows of a ragged register tile that hold nothing run all the same."""

from __future__ import annotations

import pytest

from polyc.codegen.loops import Buffer, Store
from polyc.codegen.passes.ragged import ragged
from polyc.frontend.dtypes import FLOAT32
from polyc.frontend.integers import Int, maximum, minimum
from tests.passes.support import Block, add, agree, copy, i, j, loop, read, shown, text, times

t, b, k = (Int.of(v) for v in "tbk")
SHAPES = {"A": (24, 8), "B": (24, 8), "C": (24, 24), "X": (24, 24), "Y": (24, 24)}


def buffers(**shapes: tuple[int, ...]) -> dict[str, Buffer]:
    return {
        name: Buffer(name, FLOAT32, tuple(map(Int.of, s)), (Int.of(1),) * len(s), "argument")
        for name, s in {**SHAPES, **shapes}.items()
    }


def term(row: Int, column: Int) -> Store:
    """`C[row, column] += A[row, k] * B[column, k]`."""
    return add("C", row, column, value=times(read("A", row, k), read("B", column, k)))


def tile(first: Int, last: Int, *body: object) -> Block:
    """Rows of tiles of 6, columns of tiles of 8, 8 terms."""
    rows = loop("i", last, *body, kind="unroll", at=first)  # type: ignore[arg-type]
    return (loop("t", 4, loop("b", 3, loop("k", 8, rows))),)


def lower() -> Block:
    columns = loop("j", minimum(8, i - b * 8 + 1), term(i, b * 8 + j), kind="vector")
    return tile(maximum(t * 6, b * 8), t * 6 + 6, columns)


def upper() -> Block:
    columns = loop("j", 8, term(i, b * 8 + j), kind="vector", at=maximum(0, i - b * 8))
    return tile(t * 6, minimum(t * 6 + 6, b * 8 + 8), columns)


def test_a_lower_triangle() -> None:
    after = ragged(lower(), buffers())
    assert text(*after) == shown("""
        for t in 0:4
          for b in 0:3
            if 6*t + 5 >= 8*b
              for k in 0:8
                unroll for i in 6*t:6*t + 6
                  vector for j in 0:min(8, i - 8*b + 1)
                    C[i, 8*b + j] += A[i, k] * B[8*b + j, k]""")
    agree(lower(), after, SHAPES)


def test_an_upper_triangle() -> None:
    after = ragged(upper(), buffers())
    assert text(*after) == shown("""
        for t in 0:4
          for b in 0:3
            if 8*b + 7 >= 6*t
              for k in 0:8
                unroll for i in 6*t:6*t + 6
                  vector for j in max(0, i - 8*b):8
                    C[i, 8*b + j] += A[i, k] * B[8*b + j, k]""")
    agree(upper(), after, SHAPES)


def test_rows_that_are_not_there_are_not_loaded() -> None:
    before = lower()
    assert ragged(before, buffers(A=(23, 8))) == before
    assert ragged(before, {}) == before


def test_a_row_with_columns_stays_out() -> None:
    columns = loop("j", minimum(8, i - b * 8 + 2), term(i, b * 8 + j), kind="vector")
    before = tile(maximum(t * 6, b * 8), t * 6 + 6, columns)
    assert ragged(before, buffers()) == before


@pytest.mark.parametrize("body", [copy(i, j), term(i, j)], ids=["a copy", "no vector"])
def test_only_for_vectors_that_add(body: Store) -> None:
    inner = loop("j", i - b * 8 + 1, body, kind="vector" if body.op is None else "serial")
    before = tile(maximum(t * 6, b * 8), t * 6 + 6, inner)
    assert ragged(before, buffers()) == before
