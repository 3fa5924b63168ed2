"""Temporaries whose values go from register to register take no memory."""

from __future__ import annotations

import numpy as np
import pytest

import polyc
from polyc.codegen.loops import Alloc, LoopNest, Store
from polyc.codegen.passes.unread import drop_unread
from polyc.codegen.walk import statements

CHAIN = """def f(float(N) x) -> (y) {
  t(i) = x(i) + 1.0
  u(i) = t(i) * t(i)
  y(i) = u(i) - x(i)
}"""
ROWS = """def f(float(N,D) x) -> (y) {
  s(n) += x(n,d)
  q(n) = s(n) * s(n)
  y(n,d) = x(n,d) * q(n)
}"""


def places(nest: LoopNest) -> set[str]:
    """What the kernel stores to, and what it has memory for."""
    inside = list(statements(nest.body))
    stored = {s.buffer for s in inside if isinstance(s, Store)}
    made = {s.buffer.name for s in inside if isinstance(s, Alloc)}
    return stored | made | {b.name for b in nest.workspace}


def test_a_chain_stores_its_end_only() -> None:
    kernel = polyc.compile(CHAIN).specialize({"N": 1000})
    assert places(kernel.loops) == {"y"}
    assert kernel.cost.scratch_bytes == 0
    x = np.linspace(-3, 3, 1000, dtype=np.float32)
    np.testing.assert_allclose(kernel(x), (x + 1) ** 2 - x, rtol=1e-5)


def test_what_is_read_stays() -> None:
    kernel = polyc.compile(ROWS).specialize({"N": 64, "D": 100})
    assert drop_unread(kernel.loops) == kernel.loops
    assert places(kernel.loops) == {"y", "s", "q"}  # a loop later reads them
    x = np.random.default_rng(0).random((64, 100), np.float32)
    np.testing.assert_allclose(kernel(x), x * x.sum(1, keepdims=True) ** 2, rtol=1e-4)


@pytest.mark.parametrize("check", [False, True])
def test_results_are_never_dropped(check: bool) -> None:
    text = "def f(float(N) x) -> (y, z) { y(i) = x(i) + 1.0\n z(i) = y(i) * 2.0 }"
    kernel = polyc.compile(text, options=polyc.Options(check=check)).specialize({"N": 77})
    x = np.arange(77, dtype=np.float32)
    y, z = kernel(x)
    np.testing.assert_array_equal(y, x + 1)
    np.testing.assert_array_equal(z, 2 * (x + 1))
