"""Sums kept in registers while a loop runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from polyc.codegen.passes.promote import LIMIT, promote
from polyc.codegen.passes.vectorise import vectorise
from polyc.frontend.integers import minimum
from tests.passes.support import (
    V3,
    Block,
    add,
    agree,
    i,
    j,
    k,
    loop,
    n,
    read,
    results,
    shown,
    text,
    vector,
    when,
    write,
)

SHAPES = {"A": (6, 20), "C": (101,), "D": (6,)}
A = read("A", 0, k)

TABLE: dict[str, tuple[Block, str]] = {
    "one place": (
        (loop("k", 5, add("C", 3, value=A)),),
        """
        var r0 = C[3]
        for k in 0:5
          r0 = r0 + A[0, k]
        C[3] = r0""",
    ),
    "two places": (
        (loop("k", 5, add("C", 0, value=A), add("C", 1, value=A)),),
        """
        var r0 = C[0]
        var r1 = C[1]
        for k in 0:5
          r0 = r0 + A[0, k]
          r1 = r1 + A[0, k]
        C[0] = r0
        C[1] = r1""",
    ),
    "one place twice": (
        (loop("k", 5, add("C", 0, value=A), add("C", 0, value=A)),),
        """
        var r0 = C[0]
        for k in 0:5
          r0 = r0 + A[0, k]
          r0 = r0 + A[0, k]
        C[0] = r0""",
    ),
    "the outermost loop that does not move it": (
        (loop("i", 3, loop("j", 4, loop("k", 5, add("C", i, value=A)))),),
        """
        for i in 0:3
          var r0 = C[i]
          for j in 0:4
            for k in 0:5
              r0 = r0 + A[0, k]
          C[i] = r0""",
    ),
}

KEPT: dict[str, Block] = {
    "a place that moves": (loop("k", 5, add("C", k, value=A)),),
    "places that may overlap": (
        loop("i", 2, loop("j", 2, loop("k", 5, add("C", i, value=A), add("C", j, value=A)))),
    ),
    "a buffer that is read": (loop("k", 5, add("C", 3, value=read("C", k))),),
    "a guarded sum": (loop("k", 5, when(k - 3, add("C", 3, value=A))),),
    "a plain store": (loop("k", 5, write("C", 3, value=A)),),
    "two operators": (loop("k", 5, add("C", 3, value=A), add("C", 3, value=A, op="max")),),
    "a parallel loop": (loop("k", 5, add("C", 3, value=A), kind="parallel"),),
}


@pytest.mark.parametrize("name", TABLE)
def test_blocks(name: str) -> None:
    before, expected = TABLE[name]
    after = promote(before)
    assert text(*after) == shown(expected)
    agree(before, after, SHAPES)


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    assert promote(KEPT[name]) == KEPT[name]


@pytest.mark.parametrize("size", [0, 1, 4])
def test_a_loop_that_may_not_turn_reads_nothing(size: int) -> None:
    before = (loop("k", n, add("C", 3, value=A)),)
    after = promote(before)
    assert text(*after) == shown("""
        if n >= 1
          var r0 = C[3]
          for k in 0:n
            r0 = r0 + A[0, k]
          C[3] = r0""")
    agree(before, after, SHAPES, {"n": size})


def test_vectors_of_a_register_tile() -> None:
    row = vector("j", 16, add("C", j, value=read("A", k, j)))
    before = (loop("k", 5, row),)
    after = promote(vectorise(before, V3))
    assert text(*after) == shown("""
        var r0 = C[0:8]
        var r1 = C[8:16]
        for k in 0:5
          r0 = r0 + A[k, 0:8]
          r1 = r1 + A[k, 8:16]
        C[0:8] = r0
        C[8:16] = r1""")
    agree(before, after, SHAPES)


def test_a_sum_over_lanes_has_several_chains() -> None:
    before = (loop("k", 5, vector("j", 16, add("C", 0, value=read("A", k, j)))),)
    after = promote(vectorise(before, V3))
    assert text(*after) == shown("""
        var r0 = -0.0<8>
        var r1 = -0.0<8>
        for k in 0:5
          r0 = r0 + A[k, 0:8]
          r1 = r1 + A[k, 8:16]
        C[0] += fold<+>(r0 + r1)""")
    agree(before, after, SHAPES)  # small integers: the order of the terms changes nothing


def test_a_sum_over_lanes_without_a_loop_is_folded() -> None:
    before = (vector("j", 8, add("C", 0, value=read("A", 0, j))),)
    after = promote(vectorise(before, V3))
    assert text(*after) == "C[0] += fold<+>(A[0, 0:8])"
    agree(before, after, SHAPES)


@pytest.mark.parametrize(
    ("op", "fold"), [("max", np.max), ("min", np.min), ("+", np.sum), ("*", np.prod)]
)
@pytest.mark.parametrize("size", [1, 8, 13])
def test_operators_over_masked_lanes(op: str, fold: Callable[[object], float], size: int) -> None:
    before = (
        write("C", 0, value=read("A", 0, 0)),
        loop("k", 4, vector("j", size, add("C", 0, value=read("A", k, j), op=op))),
    )
    after = promote(vectorise(before, V3))
    found = results(after, SHAPES)
    again = {"+": found["A"][0, 0], "*": found["A"][0, 0]}
    terms = [again.get(op, found["A"][0, 0]), fold(found["A"][:4, :size])]
    assert found["C"][0] == fold(np.array(terms))


def test_no_more_registers_than_the_limit() -> None:
    many = [add("C", p, value=A) for p in range(LIMIT + 1)]
    before = (loop("k", 5, *many),)
    assert promote(before) == before
    assert text(*promote((loop("k", 5, *many[1:]),))).count("var") == LIMIT


def test_masked_lanes_are_not_written() -> None:
    row = vector("j", minimum(n, 8), add("C", j, value=read("A", k, j)))
    before = (loop("k", 5, row),)
    for size in (0, 3, 8, 11):
        agree(before, promote(vectorise(before, V3)), SHAPES, {"n": size})
