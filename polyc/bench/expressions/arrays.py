"""The operators of the suites for libraries with NumPy's functions: NumPy itself and jax.numpy.

Each takes the library (`xp`) and the inputs in the order of the text, and returns what the text
does. NumPy in float64 is what every contender is compared with.
"""

from __future__ import annotations

from typing import Any

Array = Any


def mttkrp(xp: Any, x: Array, b: Array, c: Array) -> Array:
    return xp.einsum("ijr,jr->ir", xp.matmul(x, c), b)


# ---- convolutions: windows that are views, times the filters
def _windows(xp: Any, x: Array, r: int, s: int, step: int = 1) -> Array:
    """x[n,c,h,w] as [n,c,h',w',r,s]."""
    h, w = (x.shape[2] - r) // step + 1, (x.shape[3] - s) // step + 1
    if hasattr(xp.lib, "stride_tricks"):
        found = xp.lib.stride_tricks.sliding_window_view(x, (r, s), (2, 3))
        return found[:, :, ::step, ::step]
    pieces = [
        x[:, :, i : i + step * (h - 1) + 1 : step, j : j + step * (w - 1) + 1 : step]
        for i in range(r)
        for j in range(s)
    ]
    return xp.stack(pieces, -1).reshape(*x.shape[:2], h, w, r, s)


def conv2d(xp: Any, x: Array, f: Array, step: int = 1) -> Array:
    windows = _windows(xp, x, f.shape[2], f.shape[3], step)
    return xp.moveaxis(xp.tensordot(windows, f, ((1, 4, 5), (1, 2, 3))), 3, 1)


def conv2d_padded(xp: Any, x: Array, f: Array) -> Array:
    return conv2d(xp, xp.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), f)


def conv2d_stride2(xp: Any, x: Array, f: Array) -> Array:
    return conv2d(xp, x, f, 2)


def conv_bias_relu(xp: Any, x: Array, f: Array, b: Array) -> Array:
    return xp.maximum(conv2d(xp, x, f) + b[:, None, None], 0)


def depthwise(xp: Any, x: Array, f: Array) -> Array:
    return xp.einsum("nchwrs,crs->nchw", _windows(xp, x, 3, 3), f)


def conv_grouped(xp: Any, x: Array, f: Array) -> Array:
    n, g, c, h, w = x.shape
    windows = _windows(xp, x.reshape(n, g * c, h, w), 3, 3).reshape(n, g, c, h - 2, w - 2, 3, 3)
    return xp.einsum("ngchwrs,gkcrs->ngkhw", windows, f, optimize=True)


def conv1d(xp: Any, x: Array, f: Array) -> Array:
    return conv2d(xp, x[:, :, None, :], f[:, :, None, :])[:, :, 0, :]


# ---- streaming
def triad(_: Any, a: Array, b: Array) -> Array:
    return a + 3 * b


def transpose(xp: Any, x: Array) -> Array:
    return xp.ascontiguousarray(x.T)


def gather_rows(xp: Any, table: Array, ids: Array) -> Array:
    return xp.take(table, ids, axis=0)


def largest(xp: Any, x: Array) -> Array:
    return xp.argmax(x, 1).astype("int32")


# ---- fused
def softmax(xp: Any, x: Array) -> Array:
    e = xp.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def layernorm(xp: Any, x: Array, g: Array, b: Array) -> Array:
    d = x - x.mean(-1, keepdims=True)
    return d / xp.sqrt((d * d).mean(-1, keepdims=True) + 1e-5) * g + b


def rmsnorm(xp: Any, x: Array, g: Array) -> Array:
    return x / xp.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * g


def dense_gelu(xp: Any, x: Array, w: Array, b: Array) -> Array:
    z = x @ w + b
    return 0.5 * z * (1 + xp.tanh(0.7978845608028654 * (z + 0.044715 * z * z * z)))


def chain(xp: Any, x: Array, a: Array, b: Array) -> Array:
    return x / (1 + xp.exp(-(x * a + b)))


def perceptron(xp: Any, x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Array:
    return xp.maximum(xp.maximum(x @ w1.T + b1, 0) @ w2.T + b2, 0)


def attention(xp: Any, q: Array, k: Array, v: Array) -> Array:
    return softmax(xp, (q @ k.swapaxes(-1, -2)) * 0.125) @ v


# ---- stencils
def _inside(xp: Any, y: Array, value: Array) -> Array:
    """y with all but its border replaced."""
    at = (slice(1, -1),) * y.ndim
    if xp.__name__ == "numpy":
        y = y.copy()
        y[at] = value
        return y
    return y.at[at].set(value)


def jacobi(xp: Any, x: Array) -> Array:
    for _ in range(20):
        near = x[1:-1, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:] + x[:-2, 1:-1] + x[2:, 1:-1]
        x = _inside(xp, x, 0.2 * near)
    return x


def heat3d(xp: Any, x: Array) -> Array:
    i = slice(1, -1)
    for _ in range(10):
        near = x[:-2, i, i] + x[2:, i, i] + x[i, :-2, i] + x[i, 2:, i] + x[i, i, :-2] + x[i, i, 2:]
        x = _inside(xp, x, 0.4 * x[i, i, i] + 0.1 * near)
    return x


def blur_twice(_: Any, x: Array) -> Array:
    a = (x[:, :-2] + x[:, 1:-1] + x[:, 2:]) * 0.33333333
    return (a[:-2] + a[1:-1] + a[2:]) * 0.33333333


# ---- PolyBench
def pb_2mm(_: Any, a: Array, b: Array, c: Array, d0: Array) -> Array:
    return 1.2 * d0 + 1.5 * (a @ b) @ c


def pb_3mm(_: Any, a: Array, b: Array, c: Array, d: Array) -> Array:
    return (a @ b) @ (c @ d)


def pb_gemver(xp: Any, a: Array, u: Array, v: Array, y: Array, z: Array) -> Array:
    b = a + xp.outer(u, v)
    return b @ (1.2 * (y @ b) + z)


def pb_mvt(_: Any, a: Array, y1: Array, y2: Array) -> tuple[Array, Array]:
    return a @ y1, y2 @ a


def pb_atax(_: Any, a: Array, x: Array) -> Array:
    return (a @ x) @ a


def pb_syrk(xp: Any, a: Array, c0: Array) -> Array:
    return xp.tril(1.2 * c0 + 1.5 * (a @ a.T))


def pb_trmm(xp: Any, a: Array, b0: Array) -> Array:
    return 1.5 * (b0 + xp.tril(a, -1).T @ b0)


# ---- layers of models
def swiglu(xp: Any, x: Array, u: Array, g: Array) -> Array:
    gate = x @ g.T
    return gate / (1 + xp.exp(-gate)) * (x @ u.T)


def rotary(xp: Any, x: Array, c: Array, s: Array) -> Array:
    c, s = c[:, None, :], s[:, None, :]
    first, second = x[:, :, 0], x[:, :, 1]
    return xp.stack((first * c - second * s, second * c + first * s), 2)


def max_pool(_: Any, x: Array) -> Array:
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))


def batch_norm_relu(xp: Any, x: Array, m: Array, v: Array, g: Array, b: Array) -> Array:
    def wide(y: Array) -> Array:
        return y[:, None, None]

    return xp.maximum((x - wide(m)) * wide(g / xp.sqrt(v + 1e-5)) + wide(b), 0)


def global_mean(_: Any, x: Array) -> Array:
    return x.mean((2, 3))
