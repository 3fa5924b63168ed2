"""Loops marked "vector" as operations on vectors of eight float32."""

from __future__ import annotations

import numpy as np
import pytest

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import Bin, FromInt, Get, Let, Sel
from polyc.codegen.passes.vectorise import vectorise
from polyc.frontend.dtypes import FLOAT32, FLOAT64
from polyc.frontend.integers import Int, maximum, minimum
from polyc.target import target
from tests.passes.support import (
    V3,
    Block,
    add,
    agree,
    copy,
    i,
    j,
    loop,
    n,
    read,
    results,
    shown,
    text,
    times,
    vector,
    when,
    write,
)

SCALED = write("Y", j, value=times(read("X", j), read("a")))
TERM = add("Y", i * 16 + j, value=read("X", i * 16 + j))
SHAPES = {"X": (120,), "Y": (120,), "a": ()}

TABLE: dict[str, tuple[Block, str]] = {
    "full vectors": (
        (vector("j", 16, SCALED),),
        """
        Y[0:8] = X[0:8] * splat<8>(a[])
        Y[8:16] = X[8:16] * splat<8>(a[])""",
    ),
    "a masked tail": (
        (vector("j", 13, SCALED),),
        """
        Y[0:8] = X[0:8] * splat<8>(a[])
        Y[8:16]{5} = X[8:16]{5} * splat<8>(a[])""",
    ),
    "a long loop": (
        (vector("j", 100, SCALED),),
        """
        for j in 0:12  # vector
          Y[8*j:8*j + 8] = X[8*j:8*j + 8] * splat<8>(a[])
        Y[96:100] = X[96:100] * splat<4>(a[])""",
    ),
    "a tail that is no shorter vector": (
        (vector("j", 99, SCALED),),
        """
        for j in 0:12  # vector
          Y[8*j:8*j + 8] = X[8*j:8*j + 8] * splat<8>(a[])
        Y[96:104]{3} = X[96:104]{3} * splat<8>(a[])""",
    ),
    "a start other than zero": (
        (loop("i", 3, vector("j", i + 8, SCALED, at=i)),),
        """
        for i in 0:3
          Y[i:i + 8] = X[i:i + 8] * splat<8>(a[])""",
    ),
    "strided reads": (
        (vector("j", 8, write("Y", j, value=read("X", j * 2 + 1))),),
        "Y[0:8] = X[1:17:2]",
    ),
    "a write backwards": (
        (vector("j", 8, write("Y", 9 - j, value=read("X", j))),),
        "Y[9:1:-1] = X[0:8]",
    ),
    "a sum": (
        (vector("j", 12, add("Y", 0, value=read("X", j))),),
        """
        Y[0]<8> += X[0:8]
        Y[0]<8> += select(int32(0 by 1)<8> < splat<8>(int32(4)), X[8:16]{4}, -0.0<8>)""",
    ),
    "a maximum": (
        (vector("j", 3, add("Y", 0, value=read("X", j), op="max")),),
        "Y[0]<8> max= select(int32(0 by 1)<8> < splat<8>(int32(3)), X[0:8]{3}, -inf<8>)",
    ),
    "a guard that does not move": (
        (loop("i", 4, vector("j", 8, when(i - 3, copy(j)))),),
        """
        for i in 0:4
          if i >= 3
            Y[0:8] = X[0:8]""",
    ),
    "an index as a value": (
        (vector("j", 8, write("Y", j, value=FromInt(j * 2 + 1, FLOAT32))),),
        "Y[0:8] = float32(1 by 2)<8>",
    ),
    "a register tile with a short end": (
        (loop("i", 3, vector("j", minimum(16, 40 - i * 16), TERM)),),
        """
        for i in 0:3
          Y[16*i:16*i + 8] += X[16*i:16*i + 8]
          Y[16*i + 8:16*i + 16]{min(16, -16*i + 40) - 8} += X[16*i + 8:16*i + 16]{min(16, -16*i + 40) - 8}""",  # noqa: E501
    ),
    "no form: one element for all": (
        (vector("j", 8, write("Y", 0, value=read("X", j))),),
        """
        for j in 0:8
          Y[0] = X[j]""",
    ),
    "no form: a guard that moves": (
        (vector("j", 8, when(j - 3, copy(j))),),
        """
        for j in 0:8
          if j >= 3
            Y[j] = X[j]""",
    ),
    "no form: a quotient": (
        (vector("j", 8, write("Y", j, value=read("X", j // 2))),),
        """
        for j in 0:8
          Y[j] = X[j/2]""",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_blocks(name: str) -> None:
    before, expected = TABLE[name]
    after = vectorise(before, V3)
    assert text(*after) == shown(expected)
    if not name.startswith("a sum") and not name.startswith("a maximum"):
        agree(before, after, SHAPES)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 31])
def test_open_sizes(size: int) -> None:
    before = (vector("j", n, copy(j)),)
    after = vectorise(before, V3)
    assert text(*after) == shown("""
        for j in 0:n/8  # vector
          Y[8*j:8*j + 8] = X[8*j:8*j + 8]
        if n >= 8*(n/8) + 1
          Y[8*(n/8):8*(n/8) + 8]{n - 8*(n/8)} = X[8*(n/8):8*(n/8) + 8]{n - 8*(n/8)}""")
    agree(before, after, {"X": (33,), "Y": (33,)}, {"n": size})


@pytest.mark.parametrize(("name", "lanes"), [("x86-64-v2", 4), ("x86-64-v4", 16)])
def test_the_width_is_the_targets(name: str, lanes: int) -> None:
    after = vectorise((vector("j", 32, copy(j)),), target(name))
    assert len(after) == 32 // lanes


def test_the_widest_element_decides() -> None:
    before = (vector("j", 8, write("Y", j, value=read("X", j, dtype=FLOAT64))),)
    assert len(vectorise(before, V3)) == 2


def test_locals_become_vectors() -> None:
    double = Let("x", times(read("X", j), read("a")))
    body = (double, write("Y", j, value=Bin("+", Get("x", FLOAT32), Get("x", FLOAT32))))
    before = (vector("j", 8, *body),)
    after = vectorise(before, V3)
    assert text(*after) == shown("""
        let x = X[0:8] * splat<8>(a[])
        Y[0:8] = x + x""")
    agree(before, after, SHAPES)


def test_a_select_on_data() -> None:
    value = Sel(Bin("<", read("X", j), read("a")), read("X", j), read("X", 0))
    before = (vector("j", 9, write("Y", j, value=value)),)
    agree(before, vectorise(before, V3), SHAPES)


def test_lanes_beyond_the_range_are_not_touched() -> None:
    after = vectorise((vector("j", 3, copy(j)),), V3)
    found = results(after, {"X": (3,), "Y": (5,)})
    untouched = results((), {"X": (3,), "Y": (5,)})
    np.testing.assert_array_equal(found["Y"][3:], untouched["Y"][3:])


@pytest.mark.parametrize(
    ("e", "most"),
    [
        (Int.of(7), 7),
        (minimum(16, n), 16),
        (minimum(minimum(n, 9), 12 + n), 9),
        (n, None),
        (maximum(3, n), None),
    ],
)
def test_ceilings(e: Int, most: int | None) -> None:
    assert Ranges().upper_bound(e) == most
