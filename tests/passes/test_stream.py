"""Results that no cache holds are stored past the caches, where the kernel waits for memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from polyc.codegen.loops import If, LoopNest, Store
from polyc.codegen.passes.stream import stream
from polyc.codegen.passes.throughput import cycles, typical
from polyc.codegen.printer import cond_text
from polyc.codegen.walk import statements
from polyc.target import target
from tests.codegen.support import needs_cc

# Caches so little that small arrays overflow them.
LITTLE = replace(target("x86-64-v4"), l2_bytes=1 << 10, l3_bytes=1 << 14)
TRIPLE = "def f(float(N,D) x) -> (y) { y(n,d) = 3.0 * x(n,d) }"
TURNED = "def f(float(N,D) x) -> (y) { y(d,n) = x(n,d) }"
SCALED = """def f(float(N,D) x) -> (y) {
  s(n) += x(n,d)
  y(n,d) = x(n,d) * s(n)
}"""
ERRORS = "def f(float(N,D) x) -> (y) { y(n,d) = erf(exp(sin(x(n,d)))) }"
TWICE = """def f(float(N,D) x) -> (y, z) {
  y(n,d) = 3.0 * x(n,d)
  z(n) += y(n,d)
  z(n) = z(n) * y(n,0)
}"""


def nest(text: str, **sizes: int) -> LoopNest:
    """The loops for caches of an ordinary size, which these arrays do not overflow."""
    op = polyc.compile(text, options=polyc.Options(target="x86-64-v4", cache=False))
    return op.specialize(sizes).loops


def streamed(n: LoopNest) -> set[str]:
    return {s.buffer for s in statements(n.body) if isinstance(s, Store) and s.stream}


def conditions(n: LoopNest) -> set[str]:
    return {cond_text(s.cond) for s in statements(n.body) if isinstance(s, If) and s.orelse}


@pytest.mark.parametrize("text", [TRIPLE, TURNED, SCALED])
def test_a_large_result_goes_past_the_caches(text: str) -> None:
    before = nest(text, N=64, D=64)
    assert streamed(before) == set()
    after = stream(before, LITTLE)
    assert streamed(after) == {"y"}
    assert conditions(after) == {"(y is aligned to 64 bytes)"}


@pytest.mark.parametrize(
    ("text", "n", "d", "why"),
    [
        (TRIPLE, 16, 16, "it fits into a cache"),
        (SCALED, 64, 56, "some vectors are not whole"),
        (ERRORS, 64, 64, "the arithmetic takes longer than memory"),
        (TWICE, 64, 64, "the result is read"),
    ],
)
def test_others_do_not(text: str, n: int, d: int, why: str) -> None:
    before = nest(text, N=n, D=d)
    assert stream(before, LITTLE) == before, why


def test_a_processor_without_such_stores() -> None:
    before = nest(TRIPLE, N=64, D=64)
    assert stream(before, replace(LITTLE, streams=False)) == before


def test_open_sizes_are_asked_at_the_call() -> None:
    (found,) = conditions(nest(SCALED))
    parts = found.split(" and ")
    large = ["(16*D*N >= 16777216)", "(4*D*N >= 1048576)"]  # all arrays, and the result
    assert parts == [*large, "(y is aligned to 64 bytes)", "(16*(D/16) >= D)"]


def test_the_time_of_loops_counts_what_they_compute() -> None:
    plain, costly = nest(TRIPLE, N=64, D=64), nest(ERRORS, N=64, D=64)
    assert cycles(plain.body, {}) == 64 * 64 / 16 * 1.5 / 2  # a product and a load, two a cycle
    assert cycles(costly.body, {}) > 20 * cycles(plain.body, {})
    assert typical(nest(TRIPLE)) == {"N": 1024, "D": 1024}


def _shifted(shape: tuple[int, ...], by: int) -> NDArray[np.float32]:
    """An array that starts so many elements after a multiple of 64 bytes."""
    raw = np.zeros(int(np.prod(shape)) + 32, np.float32)
    start = -(raw.ctypes.data // 4) % 16 + by
    return raw[start : start + int(np.prod(shape))].reshape(shape)


CALLS: list[tuple[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]] = [
    (TRIPLE, lambda x: 3 * x),
    (TURNED, lambda x: x.T),
    (SCALED, lambda x: x * x.sum(1, keepdims=True)),
]


@pytest.mark.parametrize(
    ("backend", "fixed", "threads"),
    [
        ("llvm", True, 1),
        ("llvm", True, 2),
        ("llvm", False, 2),
        pytest.param("c", True, 2, marks=needs_cc),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_the_result_is_right_wherever_it_lies(
    backend: Literal["llvm", "c"],
    fixed: bool,
    threads: int,
    call: tuple[str, Callable[..., NDArray[np.float64]]],
) -> None:
    text, expected = call
    n, d = 2048, 2048  # 16 MiB each
    options = polyc.Options(backend=backend, threads=threads)
    kernel = polyc.compile(text, options=options).specialize({"N": n, "D": d} if fixed else {})
    x = np.random.default_rng(0).random((n, d), np.float32)
    for by in (0, 1):
        out = _shifted((n, d), by)
        kernel(x, out=out)
        np.testing.assert_allclose(out, expected(x.astype(np.float64)), rtol=1e-5)


@pytest.mark.skipif(not target().streams, reason="the processor has no such stores")
def test_the_machine_code_has_them_and_a_fence() -> None:
    options = polyc.Options(cache=False)
    op = polyc.compile(TRIPLE, options=options)
    large, small = op.specialize({"N": 4096, "D": 4096}).asm, op.specialize({"N": 64, "D": 64}).asm
    assert "movnt" in large
    assert "sfence" in large
    assert "movnt" not in small
    assert "sfence" not in small
