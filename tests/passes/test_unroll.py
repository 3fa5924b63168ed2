"""Loops marked "unroll" written out, or moved out of the loops around them."""

from __future__ import annotations

import pytest

from polyc.codegen.loops import Bin, Get, Let, Stmt
from polyc.codegen.passes.unroll import LIMIT, unroll
from polyc.frontend.dtypes import FLOAT32
from polyc.frontend.integers import IntLike, minimum
from tests.passes.support import add, agree, i, k, loop, n, read, shown, text, times, write

SHAPES = {"A": (101, 6), "B": (6,), "C": (101,)}


def product(rows: IntLike) -> tuple[Stmt, ...]:
    term = add("C", i, value=times(read("A", i, k), read("B", k)))
    return (loop("k", 5, loop("i", rows, term, kind="unroll")),)


def test_copies() -> None:
    after = unroll(product(2))
    assert text(*after) == shown("""
        for k in 0:5
          C[0] += A[0, k] * B[k]
          C[1] += A[1, k] * B[k]""")
    agree(product(2), after, SHAPES)


def test_a_start_other_than_zero() -> None:
    before = (loop("k", 5, loop("i", k + 2, add("C", i, value=read("B", k)), kind="unroll", at=k)),)
    after = unroll(before)
    assert text(*after) == shown("""
        for k in 0:5
          C[k] += B[k]
          C[k + 1] += B[k]""")
    agree(before, after, SHAPES)


def test_copies_have_locals_of_their_own() -> None:
    body = (
        Let("x", read("A", i, k)),
        write("C", i, value=Bin("+", Get("x", FLOAT32), read("B", k))),
    )
    before = (loop("k", 5, loop("i", 2, *body, kind="unroll")),)
    after = unroll(before)
    assert text(*after) == shown("""
        for k in 0:5
          let x.0 = A[0, k]
          C[0] = x.0 + B[k]
          let x.1 = A[1, k]
          C[1] = x.1 + B[k]""")
    agree(before, after, SHAPES)


def test_marks_inside_marks() -> None:
    term = add("C", i, value=read("A", i, k))
    before = (loop("i", 2, loop("k", 2, term, kind="unroll"), kind="unroll"),)
    after = unroll(before)
    assert text(*after) == shown("""
        C[0] += A[0, 0]
        C[0] += A[0, 1]
        C[1] += A[1, 0]
        C[1] += A[1, 1]""")
    agree(before, after, SHAPES)


@pytest.mark.parametrize("rows", [LIMIT + 1, 100])
def test_a_long_loop_moves_out(rows: int) -> None:
    after = unroll(product(rows))
    assert text(*after) == shown(f"""
        for i in 0:{rows}  # moved out: not unrolled
          for k in 0:5
            C[i] += A[i, k] * B[k]""")
    agree(product(rows), after, SHAPES)


def test_the_longest_loop_that_is_copied() -> None:
    (after,) = unroll(product(LIMIT))
    assert text(after).count("+=") == LIMIT


@pytest.mark.parametrize("size", [0, 1, 5])
def test_a_loop_of_open_length_moves_out(size: int) -> None:
    after = unroll(product(minimum(n, 6)))
    assert text(*after) == shown("""
        for i in 0:min(n, 6)  # moved out: not unrolled
          for k in 0:5
            C[i] += A[i, k] * B[k]""")
    agree(product(minimum(n, 6)), after, SHAPES, {"n": size})


def test_a_loop_stays_inside_the_one_that_bounds_it() -> None:
    after = unroll(product(k + n))
    assert text(*after) == shown("""
        for k in 0:5
          for i in 0:k + n  # moved out: not unrolled
            C[i] += A[i, k] * B[k]""")
    agree(product(k + n), after, SHAPES, {"n": 3})


def test_a_loop_stays_beside_other_statements() -> None:
    (inner,) = product(100)
    assert text(*unroll((loop("j", 2, inner, add("C", 0, value=read("B", 0))),))) == shown("""
        for j in 0:2
          for i in 0:100  # moved out: not unrolled
            for k in 0:5
              C[i] += A[i, k] * B[k]
          C[0] += B[0]""")
