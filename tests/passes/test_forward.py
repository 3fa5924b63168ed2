"""Values that were just stored are used instead of loaded, and stores that nobody sees go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from polyc.codegen.loops import Get, Let, Lit
from polyc.codegen.passes.dead import drop_overwritten
from polyc.codegen.passes.forward import forward
from polyc.codegen.passes.promote import promote
from polyc.codegen.passes.vectorise import vectorise
from polyc.frontend.dtypes import FLOAT32
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
    shown,
    text,
    times,
    vector,
    when,
    write,
)

SHAPES = {"A": (6, 20), "C": (101,), "D": (40,)}
A = read("A", 0, k)
TWO = Lit(2.0, FLOAT32)

TABLE: dict[str, tuple[Block, str]] = {
    "a sum starts in its register and ends in the next statement": (
        (
            write("C", 3, value=TWO),
            loop("k", 5, add("C", 3, value=A)),
            write("C", 3, value=times(read("C", 3), TWO)),
        ),
        """
        var r0 = 2.0
        for k in 0:5
          r0 = r0 + A[0, k]
        let kept.0 = r0
        C[3] = kept.0 * 2.0""",
    ),
    "terms one after another": (
        (
            write("C", 3, value=read("D", 0)),
            add("C", 3, value=read("D", 1)),
            add("C", 3, value=read("D", 2)),
        ),
        """
        let kept.0 = D[0]
        let kept.1 = kept.0 + D[1]
        C[3] = kept.1 + D[2]""",
    ),
    "a value of outside is used in a loop that does not store to the buffer": (
        (write("C", 3, value=A), loop("i", 4, write("D", i, value=read("C", 3)))),
        """
        let kept.0 = A[0, k]
        C[3] = kept.0
        for i in 0:4
          D[i] = kept.0""",
    ),
}

KEPT: dict[str, Block] = {
    "another element": (write("C", 3, value=TWO), write("D", 0, value=read("C", 4))),
    "a store between that may be to the same element": (
        write("C", 3, value=TWO),
        write("C", k, value=A),
        write("D", 0, value=read("C", 3)),
    ),
    "a loop between that stores to the buffer": (
        write("C", 3, value=TWO),
        loop("i", 4, write("C", i, value=A)),
        write("D", 0, value=read("C", 3)),
    ),
    "a store in the same loop, after the load": (
        write("C", 3, value=TWO),
        loop("i", 4, write("D", i, value=read("C", 3)), write("C", 3, value=A)),
    ),
    "a branch between that stores": (
        write("C", 3, value=TWO),
        when(k - 3, write("C", 3, value=A)),
        write("D", 0, value=read("C", 3)),
    ),
    "threads get their values from memory": (
        write("C", 3, value=TWO),
        loop("i", 4, write("D", i, value=read("C", 3)), kind="parallel"),
    ),
    "a read before the second store": (
        write("C", 3, value=TWO),
        loop("i", 4, write("D", i, value=read("C", i))),
        write("C", 3, value=A),
    ),
    "a second store that may not happen": (
        write("C", 3, value=TWO),
        loop("i", n, write("C", 3, value=A)),
    ),
}


def better(body: Block) -> Block:
    return drop_overwritten(forward(promote(body)))


@pytest.mark.parametrize("name", TABLE)
def test_blocks(name: str) -> None:
    before, expected = TABLE[name]
    after = better(before)
    assert text(*after) == shown(expected)
    agree((loop("k", 3, *before),), (loop("k", 3, *after),), SHAPES)


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    assert better(KEPT[name]) == KEPT[name]


@pytest.mark.parametrize("size", [0, 1, 4])
def test_a_loop_that_may_not_turn(size: int) -> None:
    before = (write("C", 3, value=TWO), loop("k", n, add("C", 3, value=A)))
    after = better(before)
    assert text(*after) == shown("""
        var r0 = 2.0
        for k in 0:n
          r0 = r0 + A[0, k]
        C[3] = r0""")
    agree(before, after, SHAPES, {"n": size})


@pytest.mark.parametrize("size", [0, 1, 4])
def test_lanes_added_up_after_a_loop_that_may_not_turn(size: int) -> None:
    row = vector("j", 8, add("C", 3, value=read("A", k, j)))
    before = (write("C", 3, value=TWO), loop("k", n, row))
    after = better(vectorise(before, V3))
    assert text(*after) == shown("""
        var r0 = -0.0<8>
        for k in 0:n
          r0 = r0 + A[k, 0:8]
        C[3] = 2.0 + fold<+>(r0)""")
    agree(before, after, SHAPES, {"n": size})


def test_masked_vectors_of_one_place() -> None:
    first = vector("j", 13, write("C", j, value=TWO))
    row = vector("j", 13, add("C", j, value=read("A", k, j)))
    before = (first, loop("k", 5, row))
    after = better(vectorise(before, V3))
    assert text(*after).count("C[") == 2  # both stores at the end, nothing else
    agree(before, after, SHAPES)


def test_a_vector_over_other_elements_is_another_place() -> None:
    first = vector("j", 8, write("C", j, value=TWO))
    then = vector("j", 8, write("D", j, value=read("C", j + 1)))
    before = vectorise((first, then), V3)
    assert better(before) == before


def test_a_value_is_named_before_what_it_reads_changes() -> None:
    before = (
        write("C", 3, value=read("D", 1)),
        write("D", 1, value=TWO),
        write("D", 2, value=read("C", 3)),
    )
    after = better(before)
    assert text(*after) == shown("""
        let kept.0 = D[1]
        C[3] = kept.0
        D[1] = 2.0
        D[2] = kept.0""")
    agree(before, after, SHAPES)


def test_registers_are_not_called_as_a_scalar_of_the_program() -> None:
    used = replace(add("C", 3, value=A), value=times(A, Get("r0", FLOAT32)))
    before = (Let("r0", TWO), loop("k", 5, used))
    assert "var r1 = C[3]" in text(*promote(before))
    agree(before, better(before), SHAPES)
