"""Kernels that stream: shared loops, sums of few terms, sums down columns, order of tiles.

What is decided is read off the loops; what is computed is compared with the oracle.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import polyc
from tests.differential.test_programs import BACKENDS

POOL = (
    "def f(float(N,C,H,W) x) -> (y) { y(n,c,h,w) %s= x(n,c,2*h+r,2*w+s) where r in 0:2, s in 0:2 }"
)
TEXTS = {
    "max_pool": POOL % "max",
    "sum_pool": POOL % "+",
    "pool_3": """def f(float(N,C,H,W) x) -> (y) {
      y(n,c,h,w) += x(n,c,3*h+r,3*w+s) where r in 0:3, s in 0:3 }""",
    "depthwise": """def f(float(N,C,H,W) x, float(C,3,3) k) -> (float(N,C,H,W) y) {
      y(n,c,h,w) += pad(x(n,c,h+r-1,w+s-1), 0) * k(c,r,s) }""",
    "moments": """def f(float(N,W) x) -> (m, v) { m(n) += x(n,k)
      v(n) += x(n,k) * x(n,k)
      m(n) = m(n) / W
      v(n) = v(n) / W - m(n) * m(n) }""",
    "columns": "def f(float(H,W) x) -> (y) { y(w) += x(h,w) }",
    "gemver": """def f(float(H,W) A, float(H) u, float(W) v, float(H) a, float(W) b) -> (w) {
      B(i,j) = A(i,j) + u(i) * v(j)
      x(j) += B(i,j) * a(i)
      x(j) = x(j) + b(j)
      w(i) += B(i,j) * x(j) }""",
    "softmax": """def f(float(N,W) x) -> (y) { m(n) max= x(n,d)
      e(n,d) = exp(x(n,d) - m(n))
      s(n) += e(n,d)
      y(n,d) = e(n,d) / s(n) }""",
    "relu": """def f(float(N,H) x, float(H,W) w, float(W) b) -> (y) { y(m,n) += x(m,k) * w(k,n)
      y(m,n) = max(y(m,n) + b(n), 0) }""",
    "argmax": "def f(float(N,W) x) -> (int32(N) y) { y(m) argmax= x(m,n) }",
    "two_columns": """def f(float(H,W) x) -> (s, q) { s(w) += x(h,w)
      q(w) += x(h,w) * x(h,w) }""",
}
SIZES: tuple[Mapping[str, int], ...] = (
    {"N": 2, "C": 3, "H": 8, "W": 40},
    {"N": 1, "C": 1, "H": 3, "W": 6},
    {"N": 3, "C": 2, "H": 37, "W": 307},
    {"N": 5, "C": 1, "H": 21, "W": 1030},
)


@functools.cache
def operator(name: str) -> polyc.Operator:
    return polyc.compile(TEXTS[name])


def kernel(name: str, sizes: Mapping[str, int], **options: Any) -> polyc.Kernel:
    with polyc.config(cache=False, check=True, **options):
        op = operator(name)
        return op.specialize({k: v for k, v in sizes.items() if k in op.sizes})


def inputs(name: str, sizes: Mapping[str, int]) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    shapes = {s.name: s.shape for s in operator(name).inputs}
    return {
        n: rng.integers(-3, 4, [sizes[d] if d in sizes else int(d) for d in shape]).astype("f")
        for n, shape in shapes.items()
    }


def agree(name: str, run: polyc.Kernel, sizes: Mapping[str, int]) -> None:
    x = inputs(name, sizes)
    found, expected = run(**x), operator(name).reference(**x)
    pairs = zip(*(v if isinstance(v, tuple) else (v,) for v in (found, expected)), strict=True)
    for a, b in pairs:
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-4)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", TEXTS)
def test_results(name: str, backend: str) -> None:
    for sizes in SIZES:
        agree(name, kernel(name, sizes, backend=backend), sizes)


@pytest.mark.parametrize("target", ["x86-64-v2", "x86-64-v3", "x86-64-v4"])
@pytest.mark.parametrize("name", TEXTS)
def test_results_on_other_targets(name: str, target: str) -> None:
    agree(name, kernel(name, SIZES[2], target=target), SIZES[2])


@pytest.mark.parametrize("name", TEXTS)
def test_one_kernel_for_all_sizes(name: str) -> None:
    run = kernel(name, {})
    for sizes in SIZES:
        agree(name, run, sizes)


@pytest.mark.parametrize("name", TEXTS)
def test_strict_mathematics(name: str) -> None:
    agree(name, kernel(name, SIZES[2], math="strict"), SIZES[2])


def joins(k: polyc.Kernel) -> set[str]:
    return {d.subject for d in k.schedule.decisions if d.kind == "join"}


def stores(k: polyc.Kernel, tensor: str) -> list[str]:
    return [x.strip() for x in str(k.loops).splitlines() if x.strip().startswith(f"{tensor}[")]


def test_a_pooled_element_is_written_once() -> None:
    k = kernel("max_pool", {"N": 2, "C": 3, "H": 8, "W": 32}, target="x86-64-v4")
    assert joins(k) == {"S0 with S1"}
    assert len(stores(k, "y")) == 1
    assert "y[" not in stores(k, "y")[0].split("=", 1)[1]


def test_sums_over_one_row_read_it_once() -> None:
    k = kernel("moments", {"N": 64, "W": 8192})
    assert str(k.loops).count("for ") == 2  # rows, and terms of both sums
    assert len(stores(k, "m")) == len(stores(k, "v")) == 1


def test_an_image_is_padded_where_it_is_used() -> None:
    k = kernel("depthwise", {"N": 8, "C": 64, "H": 56, "W": 56})
    (home,) = (s for s in k.schedule.storage if s.tensor == "x_padded0")
    assert home.scope == "tile"


def test_rows_are_added_to_all_sums_at_a_time() -> None:
    k = kernel("columns", {"H": 4096, "W": 4096}, target="x86-64-v4")
    rows = {
        line.split("x[")[1].split(",")[0] for line in str(k.loops).splitlines() if "x[4*" in line
    }
    assert len(rows) == 4


def test_short_rows_stay_in_registers() -> None:
    k = kernel("columns", {"H": 4096, "W": 128}, target="x86-64-v4")
    assert "var r0" in str(k.loops)


def test_a_value_per_term_is_made_where_the_sum_takes_it() -> None:
    k = kernel("gemver", {"H": 400, "W": 400})
    assert any("S0 with" in x for x in joins(k))


def test_tiles_follow_each_other_in_memory() -> None:
    k = kernel("max_pool", {"N": 16, "C": 8, "H": 112, "W": 112})
    assert "in 128 x " in next(d.reason for d in k.schedule.decisions if d.kind == "parallel")
