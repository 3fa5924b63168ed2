"""NumPy's answer to every program of programs.toml, written without polyc, in float64 or integers.

One function per program, its parameters named as in the program's text; constants of the
program are parameters too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]


def _sum(equation: str, *operands: Array) -> Array:
    return np.asarray(np.einsum(equation, *operands, optimize=True))


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _relu(x: Array) -> Array:
    return np.maximum(x, 0)


def _gelu_tanh(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def _windows(x: Array, *lengths: int) -> Array:
    """Every window of the last dimensions: [..., h, w] -> [..., h', w', r, s]."""
    axes = tuple(range(-len(lengths), 0))
    return sliding_window_view(x, lengths, axis=axes)


def _zeros_around(x: Array, *lengths: int) -> Array:
    """The last dimensions padded so that windows of these lengths are centred as `- r/2` says."""
    kept = [(0, 0)] * (x.ndim - len(lengths))
    return np.pad(x, kept + [(n // 2, n - 1 - n // 2) for n in lengths])


def matmul(A: Array, B: Array) -> Array:
    return A @ B


def matmul_nt(A: Array, B: Array) -> Array:
    return A @ B.T


def batched(X: Array, Y: Array) -> Array:
    return X @ Y


def gradients_of_matmul(A: Array, B: Array, G: Array) -> tuple[Array, Array]:
    return G @ B.T, A.T @ G


def two_layer(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return _relu(_relu(X @ W1.T + b1) @ W2.T + b2)


def conv2d_same(X: Array, F: Array, b: Array) -> Array:
    windows = _windows(_zeros_around(X, *F.shape[2:]), *F.shape[2:])
    return _sum("nchwrs,kcrs->nkhw", windows, F) + b[:, None, None]


def conv2d_strided_dilated(X: Array, F: Array, st: int, di: int) -> Array:
    _, _, R, S = F.shape
    windows = _windows(X, di * (R - 1) + 1, di * (S - 1) + 1)
    return _sum("nchwrs,kcrs->nkhw", windows[:, :, ::st, ::st, ::di, ::di], F)


def conv_grouped(X: Array, F: Array) -> Array:
    return _sum("ngchwrs,gkcrs->ngkhw", _windows(X, *F.shape[3:]), F)


def conv_depthwise_then_pointwise(X: Array, D: Array, P: Array, b: Array) -> Array:
    windows = _windows(_zeros_around(X, *D.shape[1:]), *D.shape[1:])
    T = _relu(_sum("chwrs,crs->chw", windows, D))
    return _relu(_sum("chw,kc->khw", T, P) + b[:, None, None])


def conv1d_full(a: Array, w: Array) -> Array:
    return np.convolve(a, w)


def conv3d(X: Array, F: Array) -> Array:
    return _sum("ncdhwqrs,kcqrs->nkdhw", _windows(X, *F.shape[2:]), F)


def maxpool(X: Array) -> Array:
    return np.asarray(_windows(X, 2, 2)[:, :, ::2, ::2].max((-1, -2)))


def softmax(X: Array) -> Array:
    return _softmax(X)


def layernorm(X: Array, g: Array, b: Array, eps: float) -> Array:
    centred = X - X.mean(1, keepdims=True)
    return np.asarray(centred / np.sqrt(X.var(1, keepdims=True) + eps) * g + b)


def groupnorm(X: Array, gamma: Array, beta: Array) -> Array:
    mean, variance = X.mean((2, 3, 4), keepdims=True), X.var((2, 3, 4), keepdims=True)
    scale, shift = gamma[:, :, None, None], beta[:, :, None, None]
    return np.asarray(scale * (X - mean) / np.sqrt(variance + 1e-5) + shift)


def moments(X: Array) -> tuple[Array, Array]:
    return X.mean(1), X.var(1)


def attention(q: Array, k: Array, v: Array, scale: float) -> Array:
    return _softmax(q @ k.swapaxes(-1, -2) * scale) @ v


def causal_attention(q: Array, k: Array, v: Array, scale: float) -> Array:
    scores = q @ k.swapaxes(-1, -2) * scale
    past = np.tril(np.ones(scores.shape[-2:], bool))
    return _softmax(np.where(past, scores, -np.inf)) @ v


def embedding_bag(T: Array, I: Array) -> Array:  # noqa: E741  (the program's own name)
    return np.asarray(T[I].sum(1))


def kronecker3(X: Array, U: Array, V: Array, W: Array) -> Array:
    return _sum("mabc,pa,qb,rc->mpqr", X, U, V, W)


def bilinear(X: Array, W: Array, Y: Array) -> Array:
    return _sum("ni,kij,nj->nk", X, W, Y)


def argmax_rows(X: Array) -> tuple[Array, Array]:
    return X.argmax(1), X.max(1)


def nearest_centroid(X: Array, C: Array) -> Array:
    return np.asarray(((X * X).sum(1)[:, None] - 2 * X @ C.T + (C * C).sum(1)).argmin(1))


def transpose4(X: Array) -> Array:
    return X.transpose(1, 0, 3, 2)


def concat_columns(X: Array, Y: Array) -> Array:
    return np.concatenate([X, Y], 1)


def prefix_sum(X: Array) -> Array:
    return X.cumsum(0)


def linear_recurrence(a: Array, x: Array) -> Array:
    h = x.copy()
    for t in range(1, len(x)):
        h[t] += a[t] * h[t - 1]
    return h


def lstm(X: Array, Wx: Array, Wh: Array, bias: Array, h0: Array, c0: Array) -> Array:
    h, c = [h0], c0
    for x in X:
        z = _sum("bk,gik->gbi", x, Wx) + _sum("bk,gik->gbi", h[-1], Wh) + bias[:, None]
        c = _sigmoid(z[1]) * c + _sigmoid(z[0]) * np.tanh(z[2])
        h.append(_sigmoid(z[3]) * np.tanh(c))
    return np.stack(h)


def jacobi2d(A0: Array, T: int) -> Array:
    A = A0.copy()
    for _ in range(2 * T):
        old = A.copy()
        sides = old[1:-1, :-2] + old[1:-1, 2:] + old[2:, 1:-1] + old[:-2, 1:-1]
        A[1:-1, 1:-1] = 0.2 * (old[1:-1, 1:-1] + sides)
    return A


def fdtd2d(EX: Array, EY: Array, HZ: Array, F: Array, T: int) -> tuple[Array, Array, Array]:
    ex, ey, hz = EX.copy(), EY.copy(), HZ.copy()
    for t in range(T):
        ey[0] = F[t]
        ey[1:] -= 0.5 * (hz[1:] - hz[:-1])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        curl = ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1]
        hz[:-1, :-1] -= 0.7 * curl
    return ex, ey, hz


def seidel2d(A0: Array, T: int) -> Array:
    A = A0.copy()
    for _ in range(T):
        for i in range(1, len(A) - 1):
            for j in range(1, len(A) - 1):
                sides = A[i - 1, j] + A[i, j - 1] + A[i, j + 1] + A[i + 1, j]
                A[i, j] = (sides + A[i, j]) / 5
    return A


def syrk_lower(A: Array, C0: Array) -> Array:
    return np.asarray(C0 + np.tril(A @ A.T))


def covariance(X: Array) -> Array:
    centred = X - X.mean(0)
    return np.asarray(centred.T @ centred / (len(X) - 1))


def gemver(
    A0: Array,
    u1: Array,
    v1: Array,
    u2: Array,
    v2: Array,
    y: Array,
    z: Array,
    alpha: float,
    beta: float,
) -> Array:
    A = A0 + np.outer(u1, v1) + np.outer(u2, v2)
    return np.asarray(alpha * (A @ (z + beta * (A.T @ y))))


def atax(A: Array, x: Array) -> Array:
    return np.asarray(A.T @ (A @ x))


def int8_matmul(A: Array, B: Array) -> Array:
    return A @ B


def gelu_residual(X: Array, a: Array, b: Array, R: Array) -> Array:
    return _gelu_tanh(X * a + b) + R


def names_of_the_compiler(x: Array, r0: Array) -> Array:
    return np.asarray(x.sum(1) * r0)


def dense_gelu(X: Array, W: Array, b: Array) -> Array:
    return _gelu_tanh(X @ W + b)


def gated_dilated_conv(
    X: Array, Wf: Array, bf: Array, Wg: Array, bg: Array, Wr: Array, br: Array, dil: int
) -> Array:
    past = np.pad(X, ((0, 0), (0, 0), (dil, 0)))[:, :, : X.shape[2]]

    def taps(weights: Array, bias: Array) -> Array:
        now, before = weights[:, :, 1], weights[:, :, 0]
        return _sum("bct,dc->bdt", X, now) + _sum("bct,dc->bdt", past, before) + bias[:, None]

    gate = np.tanh(taps(Wf, bf)) * _sigmoid(taps(Wg, bg))
    return X + br[:, None] + _sum("bdt,cd->bct", gate, Wr)


EXPRESSIONS: dict[str, Callable[..., Array | tuple[Array, ...]]] = {
    f.__name__: f
    for f in (
        *(matmul, matmul_nt, batched, gradients_of_matmul, two_layer, conv2d_same),
        *(conv2d_strided_dilated, conv_grouped, conv_depthwise_then_pointwise, conv1d_full),
        *(conv3d, maxpool, softmax, layernorm, groupnorm, moments, attention, causal_attention),
        *(embedding_bag, kronecker3, bilinear, argmax_rows, nearest_centroid, transpose4),
        *(
            concat_columns,
            prefix_sum,
            linear_recurrence,
            lstm,
            jacobi2d,
            fdtd2d,
            seidel2d,
            syrk_lower,
        ),
        *(covariance, gemver, atax, int8_matmul, gelu_residual, dense_gelu, gated_dilated_conv),
        names_of_the_compiler,
    )
}
