"""Loops split where a minimum or a guard changes its mind."""

from __future__ import annotations

import pytest

from polyc.codegen.loops import Store
from polyc.codegen.passes.split import split
from polyc.codegen.passes.tidy import tidy
from polyc.frontend.integers import Int, maximum, minimum
from tests.passes.support import Block, add, agree, copy, i, j, loop, n, read, shown, text, when


def term(at: Int) -> Store:
    """`Y[at] += X[at]`."""
    return add("Y", at, value=read("X", at))


TABLE: dict[str, tuple[Block, str]] = {
    "the last tile of an unrolled loop": (
        (loop("i", 4, loop("j", minimum(14, 50 - i * 14), term(i * 14 + j), kind="unroll")),),
        """
        for i in 0:3
          unroll for j in 0:14
            Y[14*i + j] += X[14*i + j]
        unroll for j in 0:8
          Y[j + 42] += X[j + 42]""",
    ),
    "a parallel loop, which stays one region": (
        (
            loop(
                "i",
                4,
                loop("j", minimum(14, 50 - i * 14), term(i * 14 + j), kind="unroll"),
                kind="parallel",
            ),
        ),
        """
        parallel for i in 0:4
          if 36 >= 14*i
            unroll for j in 0:14
              Y[14*i + j] += X[14*i + j]
          else
            unroll for j in 0:8
              Y[j + 42] += X[j + 42]""",
    ),
    "guards": (
        (loop("i", 10, when(i - 3, copy(i)), when(5 - i, add("Y", i, value=read("X", i)))),),
        """
        for i in 0:3
          Y[i] += X[i]
        for i in 3:6
          Y[i] = X[i]
          Y[i] += X[i]
        for i in 6:10
          Y[i] = X[i]""",
    ),
    "one side of a guard": (
        (loop("i", 10, when(i - 9, copy(i), orelse=(copy(i + 1),))),),
        """
        for i in 0:9
          Y[i + 1] = X[i + 1]
        Y[9] = X[9]""",
    ),
    "not for a plain loop": (
        (loop("i", 4, loop("j", minimum(14, 50 - i * 14), copy(i * 14 + j))),),
        """
        for i in 0:4
          for j in 0:min(14, -14*i + 50)
            Y[14*i + j] = X[14*i + j]""",
    ),
    "not for a copy": (
        (loop("i", 4, loop("j", minimum(14, 50 - i * 14), copy(i * 14 + j), kind="vector")),),
        """
        for i in 0:4
          vector for j in 0:min(14, -14*i + 50)
            Y[14*i + j] = X[14*i + j]""",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_blocks(name: str) -> None:
    before, expected = TABLE[name]
    after = split(tidy(before))
    assert text(*after) == shown(expected)
    agree(before, after, {"X": (60,), "Y": (60,)})


def test_the_inner_loop_is_split_by_a_guard_of_both() -> None:
    before = (loop("i", 4, loop("j", 5, when(i + j - 4, copy(i, j)))),)
    after = split(before)
    assert text(*after) == shown("""
        for i in 0:4
          for j in -i + 4:5
            Y[i, j] = X[i, j]""")
    agree(before, after, {"X": (5, 5), "Y": (5, 5)})


@pytest.mark.parametrize("size", [0, 1, 13, 14, 15, 28, 50])
def test_open_sizes(size: int) -> None:
    inner = loop("j", minimum(14, n - i * 14), term(i * 14 + j), kind="unroll")
    before = (loop("i", (n + 13) // 14, inner),)
    after = split(before)
    assert text(*after) == shown("""
        for i in 0:n/14
          unroll for j in 0:14
            Y[14*i + j] += X[14*i + j]
        if (n + 13)/14 >= n/14 + 1
          unroll for j in 0:n - 14*(n/14)
            Y[j + 14*(n/14)] += X[j + 14*(n/14)]""")
    agree(before, after, {"X": (60,), "Y": (60,)}, {"n": size})


@pytest.mark.parametrize("size", [0, 2, 5, 9])
@pytest.mark.parametrize("cut", [-3, 0, 4, 20])
@pytest.mark.parametrize("slope", [-3, -1, 2])
def test_the_cut_is_exact(size: int, cut: int, slope: int) -> None:
    inner = loop("j", maximum(1, i - cut), add("Y", j, value=read("X", i)), kind="unroll")
    before = (loop("i", n, when(i * slope + cut, copy(i)), inner),)
    agree(before, split(before), {"X": (30,), "Y": (30,)}, {"n": size})
