"""Decided bounds, guards and loops."""

from __future__ import annotations

import pytest

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import All, For, Ge, Some
from polyc.codegen.passes.tidy import FALSE, TRUE, decide, tidy
from polyc.frontend.integers import Int, maximum, minimum
from tests.passes.support import Block, agree, copy, i, j, loop, n, shown, text, when

TABLE: dict[str, tuple[Block, str]] = {
    "a loop of one trip": (
        (loop("i", 1, loop("j", minimum(8, 16 - i * 8), copy(i, j))),),
        """
        for j in 0:8
          Y[0, j] = X[0, j]""",
    ),
    "a loop of one trip that starts late": (
        (loop("i", 4, copy(i, i), at=3),),
        "Y[3, 3] = X[3, 3]",
    ),
    "decided guards": (
        (loop("i", 8, when(i, copy(i, 0)), when(i - 8, copy(i, 1)), when(i - 3, copy(i, 2))),),
        """
        for i in 0:8
          Y[i, 0] = X[i, 0]
          if i >= 3
            Y[i, 2] = X[i, 2]""",
    ),
    "a guard that fails": (
        (loop("i", 8, when(i - 8, copy(i, 1), orelse=(copy(i, 2),))),),
        """
        for i in 0:8
          Y[i, 2] = X[i, 2]""",
    ),
    "quotients": (
        (loop("i", 4, loop("j", 8, copy((i * 8 + j) // 8, (i * 8 + j) % 8))),),
        """
        for i in 0:4
          for j in 0:8
            Y[i, j] = X[i, j]""",
    ),
    "a loop that never turns": ((loop("i", 4, loop("j", i - 4, copy(i, j))),), ""),
    "a bound of two": (
        (loop("i", 4, loop("j", minimum(maximum(i, 2), 9), copy(i, j))),),
        """
        for i in 0:4
          for j in 0:max(i, 2)
            Y[i, j] = X[i, j]""",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_blocks(name: str) -> None:
    before, expected = TABLE[name]
    after = tidy(before)
    assert text(*after) == shown(expected)
    agree(before, after, {"X": (8, 8), "Y": (8, 8)})


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_loop_of_at_most_one_trip_is_a_guard(size: int) -> None:
    before = (loop("i", minimum(n, 1), copy(i)),)
    after = tidy(before)
    assert text(*after) == shown("""
        if min(n, 1) >= 1
          Y[0] = X[0]""")
    agree(before, after, {"X": (4,), "Y": (4,)}, {"n": size})


def test_a_parallel_loop_of_one_trip_stays() -> None:
    before = (loop("i", 1, copy(i), kind="parallel"),)
    (after,) = tidy(before)
    assert isinstance(after, For)
    assert after.kind == "parallel"


def test_conditions() -> None:
    inside = Ranges().inside("i", Int.of(0), Int.of(8))
    yes, no, open_ = Ge(i), Ge(i - 9), Ge(i - 3)
    assert decide(All((yes, open_)), inside) == open_
    assert decide(All((no, open_)), inside) == FALSE
    assert decide(Some((no, open_)), inside) == open_
    assert decide(Some((yes, open_)), inside) == TRUE
    assert decide(All(()), inside) == TRUE
    assert decide(Some(()), inside) == FALSE
    assert decide(Some((All((no, yes)), All((open_, Ge(i - 4))))), inside) == All(
        (open_, Ge(i - 4))
    )
