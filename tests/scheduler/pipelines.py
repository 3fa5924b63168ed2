"""Pipelines of stages that read neighbourhoods, with what they mean in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Stages:
    """A text, sizes for it (none a multiple of a tile), and its results from its inputs.

    `tiled` are the statements that come out in tiles where tiles are forced, for `open` sizes too.
    """

    text: str
    sizes: Mapping[str, int]
    result: Callable[..., tuple[Array, ...]]
    tiled: str
    open: bool = True


def _five(x: Array, axis: int) -> Array:
    n = x.shape[axis] - 4
    total = np.zeros_like(np.take(x, range(n), axis))
    for k in range(5):
        total += np.take(x, range(k, k + n), axis)
    return total * 0.2


def _unsharp(x: Array) -> tuple[Array, ...]:
    q = _five(_five(x, 1), 0)
    return (2.0 * x[2:-2, 2:-2] - q,)


def _windows(x: Array, n: int, step: int = 1) -> Array:
    """[..., h, w, n, n] of [..., H, W]"""
    found = np.lib.stride_tricks.sliding_window_view(x, (n, n), axis=(-2, -1))
    return found[..., ::step, ::step, :, :]


def _conv_pool(x: Array, f: Array) -> tuple[Array, ...]:
    a = np.einsum("chwrs,kcrs->khw", _windows(x, 3), f)
    return (_windows(a, 3, 2).max(axis=(-2, -1)),)


def _corners(x: Array) -> tuple[Array, ...]:
    dx, dy = x[1:-1, 2:] - x[1:-1, :-2], x[2:, 1:-1] - x[:-2, 1:-1]
    a, b, c = (_windows(p, 3).sum(axis=(-2, -1)) for p in (dx * dx, dx * dy, dy * dy))
    return (a * c - b * b - 0.04 * (a + c) ** 2,)


def _guarded(x: Array) -> tuple[Array, ...]:
    p = np.pad(x * 2, ((1, 1), (0, 0)))
    return (p[:-2] + p[1:-1] + p[2:],)


def _five_stages(x: Array) -> tuple[Array, ...]:
    for k in range(1, 6):
        x = x[k:] - 0.5 * x[:-k]
    return (x,)


def _rewritten(x: Array) -> tuple[Array, ...]:
    a = x * 3
    b = a[:-2] + a[2:]
    a = np.maximum(a, 0.5)
    return (b * a[1:-1] + a[2:],)


def _two_scales(x: Array) -> tuple[Array, ...]:
    a = x[:-1] + x[1:]
    n = (len(a) - 1) // 2
    return a[:-1] * a[1:], a[0 : 2 * n : 2] + a[1 : 2 * n + 1 : 2]


def _to_columns(x: Array) -> tuple[Array, ...]:
    a = (x + 1.0).T
    return (a[:, :-2] + a[:, 2:],)


def _sum_of_blur(x: Array) -> tuple[Array, ...]:
    b = _five(_five(x, 1), 0)
    return (b - b.sum(axis=0),)


def _numbered(x: Array) -> tuple[Array, ...]:
    a = x * np.arange(len(x))
    return (a[:-3] + a[3:],)


def _running(x: Array) -> tuple[Array, ...]:
    a = np.cumsum(x, axis=1)
    return (a[:-1] * a[1:],)


FIVE = "({0}(i,j) + {0}(i,j+1) + {0}(i,j+2) + {0}(i,j+3) + {0}(i,j+4)) * 0.2"
DOWN = "({0}(i,j) + {0}(i+1,j) + {0}(i+2,j) + {0}(i+3,j) + {0}(i+4,j)) * 0.2"
STAGES = {
    "blur": Stages(
        f"""def f(float(H,W) X) -> (Y) {{
  P(i,j) = {FIVE.format("X")}
  Y(i,j) = {DOWN.format("P")}
}}""",
        {"H": 31, "W": 37},
        lambda x: (_five(_five(x, 1), 0),),
        "S0 S1",
    ),
    "unsharp": Stages(
        f"""def f(float(H,W) X) -> (Y) {{
  P(i,j) = {FIVE.format("X")}
  Q(i,j) = {DOWN.format("P")}
  Y(i,j) = 2.0 * X(i+2,j+2) - Q(i,j)
}}""",
        {"H": 23, "W": 29},
        _unsharp,
        "S0 S1 S2",
    ),
    "conv and pool": Stages(
        """def f(float(C,H,W) X, float(K,C,3,3) F) -> (Y) {
  A(k,h,w) += X(c,h+r,w+s) * F(k,c,r,s)
  Y(k,h,w) max= A(k,2*h+r,2*w+s) where r in 0:3, s in 0:3
}""",
        {"C": 2, "H": 21, "W": 27, "K": 3},
        _conv_pool,
        "S0 S1 S2 S3",
    ),
    "corners": Stages(
        """def f(float(H,W) I) -> (R) {
  X(i,j) = I(i+1,j+2) - I(i+1,j) where i in 0:H-2, j in 0:W-2
  Y(i,j) = I(i+2,j+1) - I(i,j+1) where i in 0:H-2, j in 0:W-2
  A(i,j) += X(i+r,j+s) * X(i+r,j+s) where r in 0:3, s in 0:3
  B(i,j) += X(i+r,j+s) * Y(i+r,j+s) where r in 0:3, s in 0:3
  C(i,j) += Y(i+r,j+s) * Y(i+r,j+s) where r in 0:3, s in 0:3
  R(i,j) = A(i,j) * C(i,j) - B(i,j) * B(i,j) - 0.04 * (A(i,j) + C(i,j)) * (A(i,j) + C(i,j))
}""",
        {"H": 19, "W": 22},
        _corners,
        "S0 S1 S2 S3 S4 S5 S6 S7 S8",
    ),
    "guarded": Stages(
        """def f(float(N,M) X) -> (float(N,M) Y) {
  P(i,j) = X(i,j) * 2
  Y(i,j) = pad(P(i-1,j), 0) + P(i,j) + pad(P(i+1,j), 0)
}""",
        {"N": 18, "M": 21},
        _guarded,
        "S0 S1",
    ),
    "five stages": Stages(
        """def f(float(N) X) -> (Y) {
  A(i) = X(i+1) - 0.5 * X(i)
  B(i) = A(i+2) - 0.5 * A(i)
  C(i) = B(i+3) - 0.5 * B(i)
  D(i) = C(i+4) - 0.5 * C(i)
  Y(i) = D(i+5) - 0.5 * D(i)
}""",
        {"N": 83},
        _five_stages,
        "S0 S1 S2 S3 S4",
    ),
    "a value that changes": Stages(
        """def f(float(N) X) -> (Y) {
  A(i) = X(i) * 3
  B(i) = A(i) + A(i+2)
  A(i) = max(A(i), 0.5)
  Y(i) = B(i) * A(i+1) + A(i+2)
}""",
        {"N": 45},
        _rewritten,
        "S0 S1 S2 S3",
    ),
    "two scales": Stages(
        """def f(float(N) X) -> (Y, Z) {
  A(i) = X(i) + X(i+1)
  Y(i) = A(i) * A(i+1)
  Z(i) = A(2*i) + A(2*i+1) where i in 0:(N-2)/2
}""",
        {"N": 50},
        _two_scales,
        "S0 S1 S2",
        open=False,  # which of (N-2)/2 * 2 and N-2 is more?
    ),
    "turned": Stages(
        """def f(float(N,M) X) -> (Y) {
  A(i,j) = X(j,i) + 1.0
  Y(i,j) = A(i,j) + A(i,j+2)
}""",
        {"N": 27, "M": 14},
        _to_columns,
        "S0 S1",
    ),
    "a sum at the end": Stages(
        f"""def f(float(H,W) X) -> (Y) {{
  P(i,j) = {FIVE.format("X")}
  B(i,j) = {DOWN.format("P")}
  s(j) += B(i,j)
  Y(i,j) = B(i,j) - s(j)
}}""",
        {"H": 31, "W": 17},
        _sum_of_blur,
        "S0 S1",
    ),
    "its place as a value": Stages(
        """def f(float(N) X) -> (Y) {
  A(i) = X(i) * i
  Y(i) = A(i) + A(i+3)
}""",
        {"N": 39},
        _numbered,
        "S0 S1",
    ),
    "running sums": Stages(
        """def f(float(N,M) X) -> (Y) {
  A(i,j) = X(i,j) where j in 0:1
  A(i,j) = A(i,j-1) + X(i,j) where j in 1:M
  Y(i,j) = A(i,j) * A(i+1,j)
}""",
        {"N": 21, "M": 12},
        _running,
        "S0 S1 S2",
    ),
}
