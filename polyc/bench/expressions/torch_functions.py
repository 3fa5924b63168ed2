"""The operators of the suites in PyTorch, as its users write them."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as f

Tensor = Any


def mttkrp(x: Tensor, b: Tensor, c: Tensor) -> Tensor:
    return torch.einsum("ijr,jr->ir", x @ c, b)


# ---- convolutions
def conv2d(x: Tensor, w: Tensor) -> Tensor:
    return f.conv2d(x, w)


def conv2d_padded(x: Tensor, w: Tensor) -> Tensor:
    return f.conv2d(x, w, padding=1)


def conv2d_stride2(x: Tensor, w: Tensor) -> Tensor:
    return f.conv2d(x, w, stride=2)


def conv_bias_relu(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.relu(f.conv2d(x, w, b))


def depthwise(x: Tensor, w: Tensor) -> Tensor:
    return f.conv2d(x, w[:, None], groups=w.shape[0])


def conv_grouped(x: Tensor, w: Tensor) -> Tensor:
    found = f.conv2d(x.flatten(1, 2), w.flatten(0, 1), groups=w.shape[0])
    return found.unflatten(1, w.shape[:2])


def conv1d(x: Tensor, w: Tensor) -> Tensor:
    return f.conv1d(x, w)


# ---- streaming
def triad(a: Tensor, b: Tensor) -> Tensor:
    return torch.add(a, b, alpha=3)


def transpose(x: Tensor) -> Tensor:
    return x.T.contiguous()


def gather_rows(table: Tensor, ids: Tensor) -> Tensor:
    return f.embedding(ids, table)


def largest(x: Tensor) -> Tensor:
    return x.argmax(1).to(torch.int32)


# ---- fused
def softmax(x: Tensor) -> Tensor:
    return torch.softmax(x, -1)


def layernorm(x: Tensor, g: Tensor, b: Tensor) -> Tensor:
    return f.layer_norm(x, g.shape, g, b, 1e-5)


def rmsnorm(x: Tensor, g: Tensor) -> Tensor:
    return f.rms_norm(x, g.shape, g, 1e-5)


def dense_gelu(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return f.gelu(torch.addmm(b, x, w), approximate="tanh")


def chain(x: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(x * a + b) * x


def perceptron(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    return torch.relu(f.linear(torch.relu(f.linear(x, w1, b1)), w2, b2))


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return f.scaled_dot_product_attention(q[None], k[None], v[None], scale=0.125)[0]


# ---- stencils
def jacobi(x: Tensor) -> Tensor:
    x, y = x.clone(), x.clone()
    for _ in range(20):
        near = x[1:-1, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:] + x[:-2, 1:-1] + x[2:, 1:-1]
        y[1:-1, 1:-1] = 0.2 * near
        x, y = y, x
    return x


def heat3d(x: Tensor) -> Tensor:
    x, y, i = x.clone(), x.clone(), slice(1, -1)
    for _ in range(10):
        near = x[:-2, i, i] + x[2:, i, i] + x[i, :-2, i] + x[i, 2:, i] + x[i, i, :-2] + x[i, i, 2:]
        y[i, i, i] = 0.4 * x[i, i, i] + 0.1 * near
        x, y = y, x
    return x


def blur_twice(x: Tensor) -> Tensor:
    a = (x[:, :-2] + x[:, 1:-1] + x[:, 2:]) * 0.33333333
    return (a[:-2] + a[1:-1] + a[2:]) * 0.33333333


# ---- PolyBench
def pb_2mm(a: Tensor, b: Tensor, c: Tensor, d0: Tensor) -> Tensor:
    return torch.addmm(d0, a @ b, c, beta=1.2, alpha=1.5)


def pb_3mm(a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    return (a @ b) @ (c @ d)


def pb_gemver(a: Tensor, u: Tensor, v: Tensor, y: Tensor, z: Tensor) -> Tensor:
    b = torch.addr(a, u, v)
    return b @ torch.addmv(z, b.T, y, alpha=1.2)


def pb_mvt(a: Tensor, y1: Tensor, y2: Tensor) -> tuple[Tensor, Tensor]:
    return a @ y1, a.T @ y2


def pb_atax(a: Tensor, x: Tensor) -> Tensor:
    return a.T @ (a @ x)


def pb_syrk(a: Tensor, c0: Tensor) -> Tensor:
    return torch.tril(torch.addmm(c0, a, a.T, beta=1.2, alpha=1.5))


def pb_trmm(a: Tensor, b0: Tensor) -> Tensor:
    return torch.addmm(b0, torch.tril(a, -1).T, b0, beta=1.5, alpha=1.5)


# ---- layers of models
def swiglu(x: Tensor, u: Tensor, g: Tensor) -> Tensor:
    return f.silu(f.linear(x, g)) * f.linear(x, u)


def rotary(x: Tensor, c: Tensor, s: Tensor) -> Tensor:
    c, s = c[:, None, :], s[:, None, :]
    first, second = x[:, :, 0], x[:, :, 1]
    return torch.stack((first * c - second * s, second * c + first * s), 2)


def max_pool(x: Tensor) -> Tensor:
    return f.max_pool2d(x, 2)


def batch_norm_relu(x: Tensor, m: Tensor, v: Tensor, g: Tensor, b: Tensor) -> Tensor:
    return torch.relu(f.batch_norm(x, m, v, g, b, eps=1e-5))


def global_mean(x: Tensor) -> Tensor:
    return x.mean((2, 3))
