"""Triangles, bands and windows across many register tiles, on both backends, against NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from polyc.codegen.loops import For, If, Stmt
from polyc.codegen.passes.unroll import MOVED

Array = NDArray[Any]
MASKS: dict[str, Callable[[Array, Array], Array]] = {
    "j <= i": lambda i, j: j <= i,
    "j > i": lambda i, j: j > i,
    "j <= i + 9, i <= j + 17": lambda i, j: (j <= i + 9) & (i <= j + 17),
    "j <= i, i < j + 40": lambda i, j: (j <= i) & (i < j + 40),
}
PRODUCT = """
def f(float(N,K) A, float(M,K) B) -> (C) {{
  C(i,j) = 0.0 where i in 0:N, j in 0:M
  C(i,j) += A(i,k) * B(j,k) where {0}
}}"""
HEADS = """
def f(float(H,T,D) q, float(H,T,D) k, float(H,T,D) v) -> (o) {{
  s(h,i,j) += q(h,i,d) * k(h,j,d) where {0}
  m(h,i) max= s(h,i,j) where {0}
  e(h,i,j) = exp(s(h,i,j) - m(h,i)) where {0}
  z(h,i) += e(h,i,j) where {0}
  u(h,i,d) += e(h,i,j) * v(h,j,d) where {0}
  o(h,i,d) = u(h,i,d) / z(h,i)
}}"""


def holds(mask: str, rows: int, columns: int) -> Array:
    return MASKS[mask](np.arange(rows)[:, None], np.arange(columns)[None, :])


@pytest.mark.parametrize(
    ("mask", "backend"), [*((m, "llvm") for m in MASKS), (list(MASKS)[2], "c")]
)
def test_products(mask: str, backend: Literal["llvm", "c"]) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.standard_normal((n, 90), dtype=np.float32) for n in (155, 203))
    op = polyc.compile(PRODUCT.format(mask), options=polyc.Options(check=True, backend=backend))
    expected = np.where(holds(mask, 155, 203), a.astype(float) @ b.astype(float).T, 0)
    np.testing.assert_allclose(op(a, b), expected, atol=1e-4)
    np.testing.assert_allclose(op.reference(a, b), expected, atol=1e-4)


@pytest.mark.parametrize("length", [96, 151])
@pytest.mark.parametrize("mask", ["j <= i", "j <= i, i < j + 40"])
def test_softmax_of_a_window(mask: str, length: int) -> None:
    rng = np.random.default_rng(2)
    q, k, v = (rng.standard_normal((2, length, 24), dtype=np.float32) for _ in range(3))
    s = q.astype(float) @ k.astype(float).transpose(0, 2, 1)
    s = np.where(holds(mask, length, length), s, -np.inf)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    expected = e / e.sum(axis=-1, keepdims=True) @ v
    op = polyc.compile(HEADS.format(mask), options=polyc.Options(check=True))
    np.testing.assert_allclose(op(q, k, v), expected, atol=1e-4)
    np.testing.assert_allclose(op.reference(q, k, v), expected, atol=1e-4)


def left_as_loops(body: tuple[Stmt, ...]) -> Iterator[For]:
    """Register tiles that could not be written out: a loop over rows around one over terms."""
    for s in body:
        match s:
            case For():
                if s.note == MOVED and any(isinstance(x, For) and not x.note for x in s.body):
                    yield s
                yield from left_as_loops(s.body)
            case If(_, then, orelse):
                yield from left_as_loops(then + orelse)
            case _:
                pass


@pytest.mark.parametrize(
    ("mask", "length"), [("j <= i", 4096), ("j <= i", 4092), ("j <= i, i < j + 40", 4096)]
)
def test_every_tile_of_a_mask_is_in_registers(mask: str, length: int) -> None:
    op = polyc.compile(HEADS.format(mask), options=polyc.Options(target="x86-64-v4"))
    k = op.specialize({"H": 2, "T": length, "D": 64})
    assert list(left_as_loops(k.loops.body)) == []
