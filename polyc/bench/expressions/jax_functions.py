"""The operators for which JAX has functions of its own; the others are those of `arrays`."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

Array = Any


def conv2d(x: Array, f: Array) -> Array:
    return lax.conv(x, f, (1, 1), "VALID")


def conv2d_padded(x: Array, f: Array) -> Array:
    return lax.conv(x, f, (1, 1), "SAME")


def conv2d_stride2(x: Array, f: Array) -> Array:
    return lax.conv(x, f, (2, 2), "VALID")


def conv_bias_relu(x: Array, f: Array, b: Array) -> Array:
    return jax.nn.relu(conv2d(x, f) + b[:, None, None])


def conv1d(x: Array, f: Array) -> Array:
    return lax.conv(x, f, (1,), "VALID")


def depthwise(x: Array, f: Array) -> Array:
    return lax.conv_general_dilated(x, f[:, None], (1, 1), "VALID", feature_group_count=f.shape[0])


def conv_grouped(x: Array, f: Array) -> Array:
    n, g, c, h, w = x.shape
    found = lax.conv_general_dilated(
        x.reshape(n, g * c, h, w),
        f.reshape(-1, *f.shape[2:]),
        (1, 1),
        "VALID",
        feature_group_count=g,
    )
    return found.reshape(n, g, -1, *found.shape[2:])


def transpose(x: Array) -> Array:
    return jnp.copy(x.T)


def softmax(x: Array) -> Array:
    return jax.nn.softmax(x, -1)


def dense_gelu(x: Array, w: Array, b: Array) -> Array:
    return jax.nn.gelu(x @ w + b, approximate=True)


def chain(x: Array, a: Array, b: Array) -> Array:
    return jax.nn.sigmoid(x * a + b) * x


def swiglu(x: Array, u: Array, g: Array) -> Array:
    return jax.nn.silu(x @ g.T) * (x @ u.T)
