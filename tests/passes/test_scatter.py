"""Vectors stored across memory, side by side, become rows that are stored along it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import polyc
from polyc.codegen.loops import Buffer, Get, Let, Load, Stmt, Store
from polyc.codegen.passes.scatter import scatter
from polyc.codegen.walk import statements
from polyc.frontend.dtypes import FLOAT32
from polyc.frontend.integers import Int
from tests.passes.support import Block, agree, loop, n, when

LANES = 8
SHAPES = {"X": (40, 40), "Y": (40, 40)}


def row(number: int) -> Load:
    """Lanes along the last dimension of X."""
    return Load("X", (Int.of(number), Int.of(0)), FLOAT32, LANES, (0, 1))


def column(number: int, active: Int | None = None, of: Load | None = None) -> Store:
    """Lanes down a column of Y."""
    value = of or row(number)
    return Store("Y", (Int.of(0), Int.of(number)), value, step=(1, 0), active=active)


def buffers(last: int = 1) -> dict[str, Buffer]:
    shape = (Int.of(40), Int.of(40))
    return {b: Buffer(b, FLOAT32, shape, (Int.of(40), Int.of(last)), "argument") for b in SHAPES}


def stores(body: Block) -> list[Store]:
    return [s for s in statements(body) if isinstance(s, Store)]


def across(body: Block) -> int:
    """Stores whose lanes lie in different rows."""
    return sum(bool(s.step and s.step[0]) for s in stores(body))


@pytest.mark.parametrize("count", range(2, 9))
def test_every_count_of_columns(count: int) -> None:
    before = tuple(column(k) for k in range(count))
    after = scatter(before, buffers())
    assert across(before) == count
    assert across(after) == 0
    assert len(stores(after)) == LANES
    agree(before, after, SHAPES)


def test_more_columns_than_lanes_are_several_blocks() -> None:
    before = tuple(column(k) for k in range(LANES + 3))
    after = scatter(before, buffers())
    assert len(stores(after)) == 2 * LANES
    agree(before, after, SHAPES)


def test_a_column_alone_stays() -> None:
    before = (column(2), column(5))
    assert scatter(before, buffers()) == before


@pytest.mark.parametrize("lanes", [1, 3, 8])
def test_lanes_that_are_off_are_not_stored(lanes: int) -> None:
    fixed = tuple(column(k, Int.of(lanes)) for k in range(4))
    agree(fixed, scatter(fixed, buffers()), SHAPES)
    open_ = tuple(column(k, n) for k in range(4))
    after = scatter(open_, buffers())
    assert across(after) == 0
    agree(open_, after, SHAPES, {"n": lanes})


def test_rows_that_are_not_contiguous_stay() -> None:
    before = tuple(column(k) for k in range(4))
    assert scatter(before, buffers(last=2)) == before


def test_a_read_of_what_was_stored_comes_after_it() -> None:
    """The stores do not move behind a statement that reads their buffer, nor behind one that
    writes what they read."""
    back = Load("Y", (Int.of(0), Int.of(1)), FLOAT32, LANES, (1, 0))
    after_it = (column(0), column(1), column(2, of=back), column(3, of=back))
    before_it = (column(2, of=back), column(3, of=row(4)), column(1))
    for body in (after_it, before_it):
        agree(body, scatter(body, buffers()), SHAPES)
    assert across(scatter(after_it, buffers())) == 2
    assert scatter(before_it, buffers()) == before_it


def test_places_that_may_be_the_same_keep_their_order() -> None:
    twice = (column(0), column(1), column(1, of=row(5)))
    assert scatter(twice, buffers()) == twice


def test_inside_loops_and_guards() -> None:
    body = (column(0), column(1))
    before: Block = (loop("i", 3, *body), when(n, *body))
    after = scatter(before, buffers())
    assert across(after) == 0
    agree(before, after, SHAPES, {"n": 0})


def test_accumulating_stores_stay() -> None:
    before = tuple(replace(column(k), op="+") for k in range(4))
    assert scatter(before, buffers()) == before


def test_a_name_that_is_bound_again_keeps_stores_apart() -> None:
    """Both groups store `v`, which means something else the second time."""

    def group(at: int) -> Block:
        parts: list[Stmt] = []
        for k in (0, 1):
            name = f"v{k}"
            parts.append(Let(name, row(at + k)))
            parts.append(replace(column(at + k), value=Get(name, FLOAT32, LANES)))
        return tuple(parts)

    before = (*group(0), *group(2))
    after = scatter(before, buffers())
    assert across(after) == 0
    agree(before, after, SHAPES)


def test_a_complex_result_of_two_widths() -> None:
    x = np.arange(15).reshape(5, 3) + 1j
    np.testing.assert_array_equal(polyc.einsum(",ij->ij", np.array(2 + 3j), x), (2 + 3j) * x)
