"""Blocks of two loops marked "vector", as rows that are loaded and columns that are stored."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import Bin, Buffer, Get, If, Let, Load, Shuffle, Store, Value
from polyc.codegen.passes.exchange import exchange
from polyc.codegen.passes.split import split
from polyc.codegen.passes.transpose import transpose
from polyc.codegen.passes.vectorise import vectorise
from polyc.codegen.walk import all_values, statements, values_of
from polyc.frontend.dtypes import FLOAT32
from polyc.frontend.integers import Int, minimum, product
from polyc.target import target
from tests.passes.support import (
    V3,
    Block,
    add,
    agree,
    i,
    j,
    loop,
    n,
    read,
    shown,
    text,
    times,
    vector,
    when,
    write,
)

V2, V4 = target("x86-64-v2"), target("x86-64-v4")
SHAPES = {"X": (40, 40), "Z": (40, 40), "Y": (40, 40), "a": (40,)}
TURN = write("Y", i, j, value=read("X", j, i))


def buffers(strided: str = "") -> Mapping[str, Buffer]:
    out = {}
    for name, shape in SHAPES.items():
        extents = tuple(map(Int.of, shape))
        steps = tuple(product(extents[d + 1 :]) for d in range(len(shape)))
        if name == strided:
            steps = tuple(Int.of(f"{name}.s{d}") for d in range(len(shape)))
        out[name] = Buffer(name, FLOAT32, extents, steps, "argument")
    return out


def block(rows: Int | int, columns: Int | int, *body: Store | Let | If) -> Block:
    """`for i in 0:columns vector { for j in 0:rows vector { body } }`."""
    return (vector("i", columns, vector("j", rows, *body)),)


def turned(before: Block, on: str = "x86-64-v3", strided: str = "") -> Block:
    t = target(on)
    return vectorise(transpose(before, t, buffers(strided)), t)


def shuffles(body: Block) -> int:
    values = [x for s in statements(body) for v in values_of(s) for x in all_values(v)]
    return sum(isinstance(x, Shuffle) for x in values)


def loads(body: Block) -> list[Load]:
    values = [x for s in statements(body) for v in values_of(s) for x in all_values(v)]
    return [x for x in values if isinstance(x, Load)]


# ---- the exchange
def follow(lanes: int, width: int, element_bytes: int) -> list[list[tuple[int, int]]]:
    """(row, column) in every lane of every vector after all stages, in order of columns."""
    plan = exchange(lanes, width, element_bytes)
    held = [[(r, c) for r in rows for c in range(width)] for rows in plan.rows]
    for s in plan.stages:
        for k in range(width):
            if not k & s.distance:
                both = held[k] + held[k + s.distance]
                held[k], held[k + s.distance] = [both[x] for x in s.low], [both[x] for x in s.high]
    return [held[plan.columns.index(c)] for c in range(width)]


@pytest.mark.parametrize("element_bytes", [1, 2, 4, 8])
@pytest.mark.parametrize("lanes", [2, 4, 8, 16, 32])
def test_every_vector_ends_as_a_column(lanes: int, element_bytes: int) -> None:
    width = 1
    while width <= lanes:
        expected = [[(r, c) for r in range(lanes)] for c in range(width)]
        assert follow(lanes, width, element_bytes) == expected
        width *= 2


def test_stages_are_as_many_as_the_columns_have_bits() -> None:
    assert [len(exchange(16, w, 4).stages) for w in (2, 4, 8, 16)] == [1, 2, 3, 4]


# ---- the pass
def test_a_square() -> None:
    after = transpose(
        block(4, 4, write("Y", i, j, value=times(read("X", j, i), read("a", j)))), V2, buffers()
    )
    assert text(*after) == shown("""
        let X.0.r0 = X[0, 0:4]
        let X.0.r1 = X[2, 0:4]
        let X.0.r2 = X[1, 0:4]
        let X.0.r3 = X[3, 0:4]
        let X.0.s0 = shuffle(X.0.r0, X.0.r1, 0 4 1 5)
        let X.0.s1 = shuffle(X.0.r0, X.0.r1, 2 6 3 7)
        let X.0.s2 = shuffle(X.0.r2, X.0.r3, 0 4 1 5)
        let X.0.s3 = shuffle(X.0.r2, X.0.r3, 2 6 3 7)
        let X.0.t0 = shuffle(X.0.s0, X.0.s2, 0 4 1 5)
        let X.0.t2 = shuffle(X.0.s0, X.0.s2, 2 6 3 7)
        let X.0.t1 = shuffle(X.0.s1, X.0.s3, 0 4 1 5)
        let X.0.t3 = shuffle(X.0.s1, X.0.s3, 2 6 3 7)
        Y[0, 0:4] = X.0.t0 * a[0:4]
        Y[1, 0:4] = X.0.t2 * a[0:4]
        Y[2, 0:4] = X.0.t1 * a[0:4]
        Y[3, 0:4] = X.0.t3 * a[0:4]""")


@pytest.mark.parametrize("on", ["x86-64-v2", "x86-64-v3", "x86-64-v4"])
@pytest.mark.parametrize("rows", [1, 3, 8, 15, 16])
@pytest.mark.parametrize("columns", [1, 7, 14, 16])
def test_ragged_sides(rows: int, columns: int, on: str) -> None:
    before = block(rows, columns, TURN)
    after = turned(before, on)
    assert shuffles(after)
    assert not any(x.step == (1, 0) for x in loads(after)), "a gather is left"
    agree(before, after, SHAPES)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 31, 33])
def test_open_sizes_have_a_full_form_and_masked_ones(size: int) -> None:
    t = Int.of("t")
    inner = block(minimum(8, n - t * 8), 8, write("Y", i, t * 8 + j, value=read("X", t * 8 + j, i)))
    before: Block = (loop("t", (n + 7) // 8, *inner),)
    whole = split(before)
    assert len(whole) == 2, "full tiles and the rest"
    after = vectorise(transpose(whole, V3, buffers(), Ranges()), V3)
    full = [x for x in loads(after[:1]) if x.buffer == "X"]
    assert full
    assert all(x.active is None for x in full)
    assert all(x.active is not None for x in loads(after[1:]))
    exact = {"X": (max(size, 1), 40), "Y": (40, 40)}  # no row of X beyond the last may be read
    agree(before, after, exact, {"n": size})


def test_several_loads_share_the_registers() -> None:
    both = write("Y", i, j, value=Bin("+", read("X", j, i), read("Z", j, i)))
    before = block(16, 16, both)
    after = turned(before, "x86-64-v4")
    rows = [x for x in loads(after) if x.buffer == "X"]
    assert {x.lanes for x in rows} == {8}, "half as wide: 16 registers for both"
    agree(before, after, SHAPES)


def test_sums_and_locals() -> None:
    body = (
        Let("x", times(read("X", j, i), read("a", j))),
        add("Y", i, j, value=Bin("+", Get("x", FLOAT32), read("Z", i, j))),
    )
    before = block(11, 9, *body)
    after = turned(before)
    assert shuffles(after)
    agree(before, after, SHAPES)


def test_a_guard_that_does_not_move() -> None:
    before = (loop("t", 3, *block(8, 8, when(Int.of("t") - 1, TURN))),)
    after = turned(before)
    assert shuffles(after)
    agree(before, after, SHAPES)


NO_FORM: dict[str, Block] = {
    "nothing lies across": block(8, 8, write("Y", i, j, value=read("X", i, j))),
    "a row depends on the column": block(i + 1, 8, TURN),
    "a guard that moves": block(8, 8, when(j - 3, TURN)),
    "the result lies across": block(8, 8, write("Y", j, i, value=read("X", j, i))),
    "no bound": block(n, 8, TURN),
    "lanes that are near": block(8, 8, write("Y", i, j, value=read("a", j * 3 + i))),
}


@pytest.mark.parametrize("name", NO_FORM)
def test_no_form(name: str) -> None:
    """The outer loop becomes a plain one."""
    before = NO_FORM[name]
    after = turned(before)
    assert not shuffles(after)
    agree(before, after, SHAPES, {"n": 5})


def test_rows_that_may_not_be_contiguous_are_left() -> None:
    assert not shuffles(turned(block(8, 8, TURN), strided="X"))


def test_the_width_follows_the_registers() -> None:
    value: Value = read("X", j, i)
    for k in range(4):
        value = Bin("+", value, read("Z", j, i + k))
    before = block(8, 8, write("Y", i, j, value=value))
    after = turned(before)
    assert {x.lanes for x in loads(after) if x.buffer == "X"} == {2}
    agree(before, after, SHAPES)
