"""What lives when, and where it lies; how pointers to shared memory are declared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest

import polyc
from polyc.codegen import c, llvm
from polyc.codegen.liveness import live_spans
from polyc.codegen.loops import Alloc, Bin, Buffer, For, Ge, If, Load, LoopNest, Stmt, Store
from polyc.codegen.workspace import layout
from polyc.frontend.dtypes import FLOAT32, INT32, Dtype
from polyc.frontend.integers import Int, IntLike
from tests.codegen.support import HOST, agree, buffer, needs_cc, nest

of = Int.of
KIB = 1024


def work(name: str, *shape: IntLike, dtype: Dtype = FLOAT32, space: str = "workspace") -> Buffer:
    return buffer(name, dtype, *(shape or (256,)), space=space, align=64)


def copy(to: str, *sources: str, var: str = "i", size: IntLike = 256, kind: str = "serial") -> For:
    """for i in 0:size { to[i] = sum of sources[i] + to be exact }"""
    i = (of(var),)
    first, *more = (Load(s, i, FLOAT32) for s in sources)
    value: object = first
    for x in more:
        value = Bin("+", value, x)  # type: ignore[arg-type]
    return For(var, of(0), of(size), 1, (Store(to, i, value),), kind)  # type: ignore[arg-type]


def chain(names: Sequence[str], **options: IntLike) -> list[Stmt]:
    """X -> names[0] -> names[1] -> ... -> Y"""
    steps = ["X", *names, "Y"]
    return [copy(b, a, **options) for a, b in pairwise(steps)]  # type: ignore[arg-type]


def whole(
    body: Sequence[Stmt], *workspace: Buffer, size: IntLike = 256, ints: tuple[str, ...] = ()
) -> LoopNest:
    arguments = [buffer("X", FLOAT32, size), buffer("Y", FLOAT32, size, out=True)]
    return nest(arguments, body, ints, workspace)


def offsets(n: LoopNest, ints: Mapping[str, int] | None = None) -> dict[str, int]:
    w = layout(n)
    return {b.name: at.eval(ints or {}) for b, at in {**w.shared, **w.thread}.items()}


# ---- live ranges
def test_a_buffer_lives_from_its_first_statement_to_its_last() -> None:
    n = whole(chain(["A", "B"]), work("A"), work("B"))
    assert live_spans(n) == {
        "X": ((0, 0),), "A": ((0, 1),), "B": ((1, 2),), "Y": ((2, 2),),
    }  # fmt: skip


def test_loops_are_opaque_and_branches_are_not() -> None:
    """In a loop around all of them A may be read again; under an `if` it is not."""
    inside = tuple(chain(["A", "B", "C"]))
    a, b, c3 = work("A"), work("B"), work("C")
    looped = live_spans(whole([For("t", of(0), of(2), 1, inside)], a, b, c3))
    assert looped["A"] == looped["B"] == looped["C"] == ((0, 3),)
    branch = live_spans(whole([If(Ge(of("n")), inside[:2], inside[2:])], a, b, c3))
    assert branch["A"] == ((0, 1),)
    assert branch["C"] == ((2, 3),)


def test_an_allocation_ends_with_its_block() -> None:
    """Two parallel loops, each with buffers of its own, that share by their place in the body."""
    first = work("A", space="thread"), work("B", space="thread"), work("C", space="thread")
    body = [
        For("p", of(0), of(4), 1, (*map(Alloc, first), *chain(["A", "B", "C"])), "parallel"),
        For("p", of(0), of(4), 1, (Alloc(first[0]), *chain(["A"])), "parallel"),
    ]
    n = whole(body)
    assert live_spans(n)["A"] == ((3, 4), (8, 9))
    assert offsets(n) == {"A": 0, "B": KIB, "C": 0}
    assert layout(n).slice_bytes == of(2 * KIB)


def test_slices_of_threads_are_reused_by_the_next_loop() -> None:
    a, b = work("A", space="thread"), work("B", space="thread")
    body = [For("p", of(0), of(4), 1, (Alloc(x), *chain([x.name])), "parallel") for x in (a, b)]
    assert offsets(whole(body)) == {"A": 0, "B": 0}


# ---- places
def test_a_chain_needs_two_arrays() -> None:
    names = [f"T{k}" for k in range(9)]
    n = whole(chain(names), *map(work, names))
    at = offsets(n)
    assert [at[t] for t in names] == [0, KIB] * 4 + [0]
    assert layout(n).slices == of(2 * KIB)


def test_two_small_ones_lie_side_by_side_in_a_large_one() -> None:
    body = [*chain(["L"]), copy("A", "X"), copy("B", "A"), copy("Y", "A", "B")]
    n = whole(body, work("A"), work("L", 512), work("B"))
    assert offsets(n) == {"A": 0, "L": 0, "B": KIB}
    w = layout(n)
    assert w.slices == of(2 * KIB)
    assert w.overlaps == {"L": {"A", "B"}, "A": {"L"}, "B": {"L"}}  # A and B do not meet


def test_a_small_one_that_does_not_fit_has_a_place_of_its_own() -> None:
    body = [*chain(["L"]), copy("A", "X"), copy("B", "A"), copy("Y", "A", "B")]
    n = whole(body, work("A"), work("L", 480), work("B"))
    assert offsets(n) == {"L": 0, "A": 0, "B": 1920}


def test_sizes_that_only_the_call_knows() -> None:
    """T0 and T2 share a place as long as the longer of them, whichever it is."""
    shapes = {"T0": of("n"), "T1": of("m"), "T2": of("k")}
    body = [
        copy("T0", "X", size="n"), copy("T1", "X", size="m"), copy("Y", "T0", size="n"),
        copy("T2", "T1", size=1), copy("Y", "T2", size=1),
    ]  # fmt: skip
    n = whole(body, *(work(t, s) for t, s in shapes.items()), size=4096, ints=("n", "m", "k"))
    w = layout(n)
    for sizes in (
        {"n": 100, "m": 7, "k": 33},
        {"n": 5, "m": 700, "k": 900},
        {"n": 0, "m": 1, "k": 1},
    ):
        at = offsets(n, sizes)
        rounded = {t: -(-4 * s.eval(sizes) // 64) * 64 for t, s in shapes.items()}
        assert at["T0"] == at["T2"]
        longest = max(rounded["T0"], rounded["T2"])
        assert w.slices.eval(sizes) == longest + rounded["T1"]
        low, high = sorted([(at["T0"], longest), (at["T1"], rounded["T1"])])
        assert low[0] == 0
        assert high[0] == low[1]


def test_types_are_kept_apart() -> None:
    """A C compiler may move stores of one type across loads of another."""
    body = [*chain(["A"]), copy("B", "X"), copy("Y", "B")]
    assert offsets(whole(body, work("A"), work("B"))) == {"A": 0, "B": 0}
    other = whole(body, work("A"), work("B", dtype=INT32))
    assert sorted(offsets(other).values()) == [0, KIB]


# ---- pointers
def test_pointers_that_meet_make_no_promise_in_c() -> None:
    names = ["A", "B", "C"]
    n = whole(chain(names), *map(work, names))
    text = c.emit(n, HOST)
    found = re.findall(r"float \*(restrict )?(\w+) = ", text)
    declared = {name: promise for promise, name in found}
    assert declared == {"A": "", "B": "restrict ", "C": ""}


def parallel(names: Sequence[str]) -> LoopNest:
    """Every thread takes a chain through buffers of its own, eight floats at a time."""
    at = of("p") * 256
    own = [work(x, space="thread") for x in names]
    steps = chain(names)
    first, last = steps[0], steps[-1]
    assert isinstance(first, For)
    assert isinstance(last, For)
    i = of("i")
    head = For("i", of(0), of(256), 1, (Store(names[0], (i,), Load("X", (at + i,), FLOAT32)),))
    tail = For("i", of(0), of(256), 1, (Store("Y", (at + i,), Load(names[-1], (i,), FLOAT32)),))
    body = (*map(Alloc, own), head, *steps[1:-1], tail)
    return whole([For("p", of(0), of(4), 1, body, "parallel")], size=1024)


def test_parameters_that_meet_make_no_promise_in_llvm() -> None:
    n = parallel(["A", "B", "C"])
    text = llvm.emit(n, HOST)
    head = re.search(r"define internal void @kernel_kernel.par0\((.*)\)", text)
    assert head
    _ticket, _parts, *own, x, y = head[1].split(", ")
    assert "noalias" in x
    assert "noalias" in y
    assert ["noalias" in p for p in own] == [False, True, False]


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
@pytest.mark.parametrize("threads", [1, 2])
def test_memory_that_is_shared_holds_what_was_written(backend: str, threads: int) -> None:
    data = {"X": np.arange(1024, dtype=np.float32), "Y": np.zeros(1024, np.float32)}
    names = [f"T{k}" for k in range(5)]
    found = agree(parallel(names), backend, data, threads=threads)
    np.testing.assert_array_equal(found["Y"], data["X"])
    one = {"X": data["X"][:256], "Y": data["Y"][:256]}
    found = agree(whole(chain(names), *map(work, names)), backend, one)
    np.testing.assert_array_equal(found["Y"], one["X"])


# ---- from the text on
def test_a_chain_of_products_needs_three_arrays() -> None:
    """Ten products: nine arrays between them and packed operands, in three places."""
    n = 512
    inputs = ", ".join(f"float(N,N) W{k}" for k in range(10))
    steps = ["X", *(f"T{k}" for k in range(9)), "Y"]
    lines = [f"  {b}(i,j) += {a}(i,k) * W{k}(k,j)" for k, (a, b) in enumerate(pairwise(steps))]
    text = f"def f(float(N,N) X, {inputs}) -> (Y) {{\n" + "\n".join(lines) + "\n}"
    with polyc.config(fusion="none", target="x86-64-v4", cache=False):
        k = polyc.compile(text).specialize({"N": n})
    assert len(k.loops.workspace) > 9 + 5
    assert layout(k.loops).slices.value <= 3.2 * 4 * n * n
    assert "workspace float32 T8[512, 512] align 64 at " in str(k.loops)
