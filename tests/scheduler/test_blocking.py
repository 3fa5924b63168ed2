"""Register tiles by what they cost, blocks of terms, and statements that share a register tile."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

import polyc
from polyc.codegen.build import build
from polyc.codegen.interpret import run
from polyc.codegen.loops import For, Store
from polyc.codegen.walk import statements
from polyc.options import Options
from polyc.scheduler.blocking import sliver_room
from polyc.scheduler.registers import shape
from polyc.scheduler.schedule import schedule
from polyc.target import Target, target
from tests.scheduler.support import V3, Case, case

V4 = target("x86-64-v4")
MATMUL = "def f(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"
DENSE = """
def f(float(M,K) A, float(K,N) B, float(N) b) -> (C) {
  C(m,n) += A(m,k) * B(k,n)
  C(m,n) = max(C(m,n) + b(n), 0)
}"""


@pytest.mark.parametrize("machine", [V3, V4], ids=["16 registers", "32 registers"])
@pytest.mark.parametrize("rows", [1, 2, 5, 6, 13, 100, 1024])
@pytest.mark.parametrize("vectors", [1, 2, 3, 7, 64])
def test_a_register_tile_fits_the_registers(machine: Target, rows: int, vectors: int) -> None:
    r, w = shape(rows, vectors, machine)
    assert 1 <= r <= rows
    assert 1 <= w <= vectors
    assert r * w + w <= machine.vector_registers - 1


def test_large_products_have_six_rows() -> None:
    assert shape(1024, 64, V4) == (6, 4)  # 24 sums, 4 vectors and a broadcast of 32 registers
    assert shape(1024, 128, V3) == (6, 2)  # 12, 2 and 1 of 16


def decisions(c: Case, machine: Target = V4) -> dict[tuple[str, str], str]:
    plan = schedule(c.program, c.deps, machine, Options())
    assert c.verify(plan).ok
    return {(d.kind, d.subject): d.verdict for d in plan.decisions}


def test_long_sums_come_in_blocks_that_keep_the_order() -> None:
    c = case(MATMUL, {"M": 64, "N": 256, "K": 4096})
    assert decisions(c)["block", "S1"] == "k:1024"
    short = case(MATMUL, {"M": 64, "N": 256, "K": 1024})
    assert ("block", "S1") not in decisions(short) or decisions(short)["block", "S1"] == "none"


def test_the_reason_of_a_block_names_the_room_that_decides() -> None:
    c = case(MATMUL, {"M": 64, "N": 256, "K": 4096})
    (why,) = [
        d.reason for d in schedule(c.program, c.deps, V4, Options()).decisions if d.kind == "block"
    ]
    assert f"{sliver_room(V4) // 1024} KiB of L1" in why
    assert 6 * 4 * 1024 <= sliver_room(V4) < 6 * 4 * 1025  # six rows of the 1,024 terms of a block


def test_blocks_compute_the_same() -> None:
    machine = replace(V4, l1_bytes=2048)  # a sliver of six rows leaves it after 64 terms
    c = case(MATMUL, {"M": 7, "N": 70, "K": 301})
    plan = schedule(c.program, c.deps, machine, Options())
    assert c.verify(plan).ok
    nest = build(c.program, plan, machine, Options())
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(s).astype(np.float32) for s in ((7, 301), (301, 70)))
    out = np.full((7, 70), np.nan, np.float32)
    assert run(nest, {"A": a, "B": b, "C": out}, {}, {}) == 0
    np.testing.assert_allclose(out, a.astype(np.float64) @ b, rtol=1e-4, atol=1e-4)


def test_a_sum_starts_and_ends_in_registers() -> None:
    """No element of the result is stored twice: not by the start of the sum, not before what
    follows it."""
    c = case(DENSE, {"M": 48, "N": 256, "K": 64})
    plan = c.schedule()
    nest = build(c.program, plan, V3, Options())
    stores = [s for s in statements(nest.body) if isinstance(s, Store)]
    inside = [
        s
        for loop in statements(nest.body)
        if isinstance(loop, For)
        for s in loop.body
        if isinstance(s, Store)
    ]
    assert stores
    assert all(s.op is None for s in stores)
    places = [(s.buffer, s.index, s.step) for s in inside]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("backend", ["llvm", "c"])
@pytest.mark.parametrize(
    "sizes", [(1, 1, 1), (6, 64, 64), (7, 65, 3), (50, 130, 1600), (13, 3, 40)]
)
def test_dense_layers_of_many_shapes(
    backend: Literal["llvm", "c"], sizes: tuple[int, int, int]
) -> None:
    m, n, k = sizes
    rng = np.random.default_rng(1)
    a, b = (rng.standard_normal(s).astype(np.float32) for s in ((m, k), (k, n)))
    bias = rng.standard_normal(n).astype(np.float32)
    op = polyc.compile(DENSE, options=Options(backend=backend))
    want = np.maximum(a.astype(np.float64) @ b + bias, 0)
    np.testing.assert_allclose(op(a, b, bias), want, rtol=1e-4, atol=1e-3)
