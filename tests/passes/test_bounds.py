"""Bounds of integer expressions inside loops never promise too much."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyc.codegen.bounds import Ranges
from polyc.frontend.integers import Int, maximum, minimum
from tests.passes.support import i, j, n

SIZES = (0, 1, 3, 7)  # of the one size, n
Bounds = tuple[tuple[Int, Int], ...]


def expressions(names: str) -> st.SearchStrategy[Int]:
    """Sums, multiples, quotients, remainders, minima and maxima."""
    leaf = st.integers(-9, 9).map(Int.of) | st.sampled_from(names).map(Int.of)

    def extend(inner: st.SearchStrategy[Int]) -> st.SearchStrategy[Int]:
        small, divisor = st.integers(-4, 4), st.integers(1, 6)
        return (
            st.builds(lambda a, b: a + b, inner, inner)
            | st.builds(lambda a, c: a * c, inner, small)
            | st.builds(lambda a, d: a // d, inner, divisor)
            | st.builds(lambda a, d: a % d, inner, divisor)
            | st.builds(minimum, inner, inner)
            | st.builds(maximum, inner, inner)
        )

    return st.recursive(leaf, extend, max_leaves=6)


def ranges(bounds: Bounds) -> Ranges:
    found = Ranges()
    for name, (low, high) in zip("ij", bounds, strict=True):
        found = found.inside(name, low, high)
    return found


def values(bounds: Bounds) -> list[dict[str, int]]:
    """Every place inside the two loops."""
    found = []
    for size in SIZES:
        (low, high), inner = bounds
        for a in range(low.eval({"n": size}), high.eval({"n": size})):
            outer = {"n": size, "i": a}
            found += [{**outer, "j": b} for b in range(*(x.eval(outer) for x in inner))]
    return found


loops = st.tuples(
    st.tuples(expressions("n"), expressions("n")),
    st.tuples(expressions("ni"), expressions("ni")),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(loops, expressions("ijn"))
def test_no_value_is_below_the_bound(bounds: Bounds, e: Int) -> None:
    low = ranges(bounds).lower_bound(e)
    if low is not None:
        assert all(e.eval(v) >= low for v in values(bounds))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(loops, expressions("ijn"))
def test_simplifying_changes_no_value(bounds: Bounds, e: Int) -> None:
    simple = ranges(bounds).simplify(e)
    for v in values(bounds):
        assert simple.eval(v) == e.eval(v), (v, str(e), str(simple))


# ---- what must be found, for loops without guards
INSIDE = (
    Ranges.around(("X.s0",))
    .inside("i", Int.of(0), (n + 13) // 14)
    .inside("j", Int.of(0), Int.of(14))
)
TILED = ranges(((Int.of(0), (n + 13) // 14), (Int.of(0), minimum(14, n - i * 14))))


@pytest.mark.parametrize(
    ("e", "low"),
    [
        (i * 14 + j, 0),
        (13 - j, 0),
        (n, 0),
        (maximum(j, 3), 3),
        (-minimum(j, 3), -3),
        (j // 4, 0),
        (-(j // 4), -3),
        (Int.of("X.s0"), None),
        (-n, None),
    ],
)
def test_bounds_of_a_tile(e: Int, low: int | None) -> None:
    assert INSIDE.lower_bound(e) == low


def test_the_last_element_of_a_tile_is_inside() -> None:
    assert TILED.never_negative(n - 1 - (i * 14 + j))


@pytest.mark.parametrize(
    ("e", "simple"),
    [
        ((i * 14 + j) // 14, i),
        ((i * 14 + j) % 14, j),
        (minimum(j, 20), j),
        (maximum(j, -1) + maximum(i, 0), i + j),
        (minimum(j, 5), minimum(j, 5)),
        (j // 7, j // 7),
    ],
)
def test_what_simplifies(e: Int, simple: Int) -> None:
    assert INSIDE.simplify(e) == simple


def test_every_value_of_a_small_box() -> None:
    """Affine expressions in a box have exact bounds."""
    box = ranges(((Int.of(-2), Int.of(3)), (Int.of(1), Int.of(4))))
    for a, b in product(range(-3, 4), repeat=2):
        e = i * a + j * b
        assert box.lower_bound(e) == min(a * x + b * y for x in range(-2, 3) for y in range(1, 4))


def test_signed_arguments_may_be_negative() -> None:
    k = Int.of("k")
    assert Ranges().never_negative(k)
    signed = Ranges.around(("k",))
    assert not signed.never_negative(k)
    assert not signed.inside("i", Int.of(0), n).never_negative(Int.of("i") + k)
    assert signed.simplify(maximum(k, 0)) == maximum(k, 0)
    assert signed.never_negative(n)
