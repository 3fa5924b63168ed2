"""Compilations of many kinds, each with what NumPy says; values are small integers, sums exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import polyc

Array = np.ndarray[Any, np.dtype[Any]]
Job = Callable[[int], tuple[Any, Array]]  # of a number that decides sizes and constants


def _numbers(*shape: int, kind: str = "float32") -> Array:
    return (np.arange(int(np.prod(shape))) % 7 - 3).reshape(shape).astype(kind)


def _einsum(text: str, *letters: str) -> Job:
    def job(k: int) -> tuple[Any, Array]:
        sizes = {c: 2 + (k * (3 + i)) % 11 for i, c in enumerate("ijkb")}
        arrays = [_numbers(*(sizes[c] for c in word)) for word in letters]
        return polyc.einsum(text, *arrays), np.einsum(text, *arrays)

    return job


def _definition(text: str, expected: Callable[[Sequence[Array], int], Array], *ranks: int) -> Job:
    """`text` with a constant in the place of %d."""

    def job(k: int) -> tuple[Any, Array]:
        arrays = [_numbers(*range(3 + k % 5, 3 + k % 5 + r), kind="float64") for r in ranks]
        op = polyc.compile(text % (k % 13))
        kernel = op if k % 3 else op.specialize()
        return kernel(*arrays), expected(arrays, k % 13)

    return job


JOBS: tuple[Job, ...] = (
    _einsum("ij,jk->ik", "ij", "jk"),
    _einsum("bij,bjk->bik", "bij", "bjk"),
    _einsum("ij->j", "ij"),
    _einsum("i,j->ij", "i", "j"),
    _einsum("ij,jk,ki->", "ij", "jk", "ki"),
    _definition(
        "def scaled(double(N,M) x) -> (y) { y(i) += x(i,j) * %d }", lambda a, c: a[0].sum(1) * c, 2
    ),
    _definition("def shifted(double(N) x) -> (y) { y(i) = x(i) + %d }", lambda a, c: a[0] + c, 1),
    _definition(
        "def two(double(N,M) x) -> (y) { t(i) max= x(i,j)\n y(i,j) = x(i,j) - t(i) + %d }",
        lambda a, c: a[0] - a[0].max(1, keepdims=True) + c,
        2,
    ),
    _definition(
        "def turned(double(N,M) x) -> (y) { y(j,i) = x(i,j) * %d }", lambda a, c: a[0].T * c, 2
    ),
)


def check(k: int) -> None:
    """Compiles and runs compilation number `k`. Raises AssertionError for a wrong result."""
    found, expected = JOBS[k % len(JOBS)](k // len(JOBS))
    assert np.array_equal(found, expected), (k, found, expected)
