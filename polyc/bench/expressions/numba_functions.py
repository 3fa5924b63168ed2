"""Operators of the suites as loops for Numba, compiled with `parallel` and `fastmath`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, prange

Array = Any
F = TypeVar("F", bound=Callable[..., Any])


def loops(f: F) -> F:
    """The function, compiled at its first call; `prange` runs on threads."""
    return cast(F, njit(parallel=True, fastmath=True)(f))


@loops
def conv2d(x: Array, f: Array) -> Array:
    n, c, h, w = x.shape
    k = f.shape[0]
    y = np.zeros((n, k, h - 2, w - 2), np.float32)
    for a in prange(n * k):
        for i in range(c):
            for r in range(3):
                for s in range(3):
                    t = f[a % k, i, r, s]
                    for p in range(h - 2):
                        for q in range(w - 2):
                            y[a // k, a % k, p, q] += x[a // k, i, p + r, q + s] * t
    return y


@loops
def depthwise(x: Array, f: Array) -> Array:
    n, c, h, w = x.shape
    y = np.zeros((n, c, h - 2, w - 2), np.float32)
    for a in prange(n * c):
        for p in range(h - 2):
            for r in range(3):
                for s in range(3):
                    for q in range(w - 2):
                        y[a // c, a % c, p, q] += x[a // c, a % c, p + r, q + s] * f[a % c, r, s]
    return y


@loops
def triad(a: Array, b: Array) -> Array:
    y = np.empty_like(a)
    for i in prange(a.size):
        y[i] = a[i] + np.float32(3) * b[i]
    return y


@loops
def transpose(x: Array) -> Array:
    m, n = x.shape
    y = np.empty((n, m), np.float32)
    for j in prange((n + 31) // 32):
        for i in range(0, m, 32):
            for q in range(32 * j, min(32 * j + 32, n)):
                for p in range(i, min(i + 32, m)):
                    y[q, p] = x[p, q]
    return y


@loops
def gather_rows(table: Array, ids: Array) -> Array:
    y = np.empty((ids.size, table.shape[1]), np.float32)
    for i in prange(ids.size):
        y[i] = table[ids[i]]
    return y


@loops
def largest(x: Array) -> Array:
    y = np.empty(x.shape[0], np.int32)
    for i in prange(x.shape[0]):
        y[i] = np.argmax(x[i])
    return y


@loops
def softmax(x: Array) -> Array:
    y = np.empty_like(x)
    for i in prange(x.shape[0]):
        top = np.max(x[i])
        total = np.float32(0)
        for j in range(x.shape[1]):
            y[i, j] = np.exp(x[i, j] - top)
            total += y[i, j]
        for j in range(x.shape[1]):
            y[i, j] /= total
    return y


@loops
def layernorm(x: Array, g: Array, b: Array) -> Array:
    y = np.empty_like(x)
    n = x.shape[1]
    for i in prange(x.shape[0]):
        mean = np.float32(0)
        for j in range(n):
            mean += x[i, j]
        mean /= np.float32(n)
        square = np.float32(0)
        for j in range(n):
            square += (x[i, j] - mean) * (x[i, j] - mean)
        scale = np.float32(1) / np.sqrt(square / np.float32(n) + np.float32(1e-5))
        for j in range(n):
            y[i, j] = (x[i, j] - mean) * scale * g[j] + b[j]
    return y


@loops
def chain(x: Array, a: Array, b: Array) -> Array:
    y = np.empty_like(x)
    one = np.float32(1)
    for i in prange(x.size):
        y[i] = x[i] / (one + np.exp(-(x[i] * a[i] + b[i])))
    return y


@loops
def jacobi(x: Array) -> Array:
    a, b = x.copy(), x.copy()
    for _ in range(20):
        for i in prange(1, x.shape[0] - 1):
            for j in range(1, x.shape[1] - 1):
                near = a[i, j] + a[i, j - 1] + a[i, j + 1] + a[i - 1, j] + a[i + 1, j]
                b[i, j] = np.float32(0.2) * near
        a, b = b, a
    return a


@loops
def blur_twice(x: Array) -> Array:
    h, w = x.shape
    y = np.empty((h - 2, w - 2), np.float32)
    third = np.float32(0.33333333)
    for i in prange(h - 2):
        for j in range(w - 2):
            t = np.float32(0)
            for r in range(3):
                t += (x[i + r, j] + x[i + r, j + 1] + x[i + r, j + 2]) * third
            y[i, j] = t * third
    return y
