"""Extents as text, and sizes from shapes, without isl."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from polyc import ArgumentError
from polyc.extents import read, solve
from polyc.frontend.integers import Int, maximum, minimum

NAMES: tuple[str, ...] = ("N", "K", "I.0", "min_", "_x")


def _grown(smaller: st.SearchStrategy[Int]) -> st.SearchStrategy[Int]:
    pair = st.tuples(smaller, smaller)
    return st.one_of(
        pair.map(lambda p: p[0] + p[1]),
        pair.map(lambda p: p[0] - p[1]),
        pair.map(lambda p: p[0] * p[1]),
        pair.map(lambda p: minimum(*p)),
        pair.map(lambda p: maximum(*p)),
        st.tuples(smaller, st.integers(1, 9)).map(lambda p: p[0] // p[1]),
    )


LEAVES = st.one_of(st.integers(-99, 99).map(Int.of), st.sampled_from(NAMES).map(Int.var))
EXTENTS = st.recursive(LEAVES, _grown, max_leaves=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no bug
@given(EXTENTS, st.lists(st.integers(0, 50), min_size=5, max_size=5))
def test_what_prints_reads_back(e: Int, values: list[int]) -> None:
    """As an expression of equal value: a sum under a quotient may be written in another order."""
    table = dict(zip(NAMES, values, strict=True))
    assert read(str(e)).eval(table) == e.eval(table)


def test_quotients_round_down() -> None:
    assert read("(W - 3*K)/2").eval({"W": 4, "K": 3}) == -3
    assert read("-N + 2*(N/2)").eval({"N": 7}) == -1


@pytest.mark.parametrize(
    "text", ["", "N+", "N N", "(N", "min(N)", "N)", "2**N", "N;", "os.system('x')", "N[0]", "/N"]
)
def test_what_is_no_extent(text: str) -> None:
    with pytest.raises(ValueError, match=r"extent|early|end|missing|stands"):
        read(text)


def test_sizes_of_a_call() -> None:
    shape = (read("2*N + 1"), read("H - R + 1"))
    arrays = [("x", shape, (7, 5)), ("r", (read("R"),), (2,))]
    with pytest.raises(ArgumentError, match="no argument gives a value for H"):
        solve(arrays, {}, ("N", "R", "H"))
    again = [arrays[1], arrays[0]]
    assert solve(again, {}, ("N", "R", "H")) == {"N": 3, "R": 2, "H": 6}
    with pytest.raises(ArgumentError, match=r"x: found extent 6 in dimension 0 .* 2\*N \+ 1"):
        solve([("x", shape[:1], (6,))], {"N": 3}, ("N",))
    with pytest.raises(ArgumentError, match="y: found 2 dimensions"):
        solve([("y", shape[:1], (6, 1))], {}, ("N",))
