"""What every operation of a `LoopNest` computes, on NumPy arrays. The meaning the backends copy."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from polyc.errors import InternalError
from polyc.frontend.dtypes import BFLOAT16, BOOL, Dtype

Array = npt.NDArray[Any]


def numpy_dtype(dtype: Dtype) -> np.dtype[Any]:
    """NumPy's own type; that of ml_dtypes, an optional package, for bfloat16."""
    if dtype == BFLOAT16:
        brain: np.dtype[Any] = np.dtype(importlib.import_module("ml_dtypes").bfloat16)
        return brain
    return np.dtype(dtype.name)


def literal(value: bool | int | float, dtype: Dtype) -> Any:
    """The number in its type; integers wrap, as a constant in the backends does."""
    if dtype.is_integer:
        return np.array(int(value) % (1 << dtype.bits), f"uint{dtype.bits}").view(dtype.name)[()]
    return numpy_dtype(dtype).type(value)


def convert(x: Array, dtype: Dtype) -> Array:
    """C's conversion; float to integer saturates and takes NaN to 0; anything to bool is != 0."""
    to = numpy_dtype(dtype)
    if dtype == BOOL:
        return np.not_equal(x, 0)
    if not dtype.is_integer or x.dtype.kind in "iub":
        return x.astype(to)
    wide = x.astype(np.float64)
    info = np.iinfo(to)
    # 2**63 and 2**64 - 1 are not doubles: compare with the power of two above the maximum.
    over, under = wide >= float(int(info.max) + 1), wide <= float(info.min)
    safe = np.where(over | under | np.isnan(wide), 0.0, wide)
    out = np.trunc(safe).astype(to)
    return np.where(over, info.max, np.where(under, info.min, out)).astype(to)


_UNARY: dict[str, Callable[[Array], Array]] = {
    "neg": np.negative,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "rint": np.rint,
    "mantissa": lambda x: _parts(x)[0],
    "exponent": lambda x: _parts(x)[1],
}
_ROUNDINGS = frozenset({"floor", "ceil", "trunc", "rint"})


def unary(op: str, x: Array) -> Array:
    if op == "not":
        return np.logical_not(x) if x.dtype.kind == "b" else np.invert(x)
    if x.dtype.kind in "iub" and op in _ROUNDINGS:
        return x
    return _UNARY[op](x).astype(x.dtype)


def _quotient(x: Array, y: Array) -> Array:
    """Truncated, 0 for a zero divisor; the least integer over -1 wraps."""
    if x.dtype.kind not in "iu":
        return np.true_divide(x, y)
    one = np.where(y == 0, np.ones_like(y), y)
    with np.errstate(all="ignore"):
        floor = x // one
        inexact = (floor * one != x) & ((x < 0) != (one < 0))
    return np.where(y == 0, np.zeros_like(x), floor + inexact.astype(x.dtype))


def _remainder(x: Array, y: Array) -> Array:
    if x.dtype.kind not in "iu":
        return np.fmod(x, y)
    return np.where(y == 0, np.zeros_like(x), x - _quotient(x, y) * y)


def _scale(x: Array, y: Array) -> Array:
    whole = np.clip(np.where(np.isnan(y), 0, y), -4000, 4000).astype(np.int32)
    return np.where(np.isnan(y), y, np.ldexp(x, whole))


def _limit(x: Array, y: Array) -> Array:
    return np.where(np.isnan(x), y, np.copysign(np.minimum(np.abs(x), y), x))


def _parts(x: Array) -> tuple[Array, Array]:
    """Mantissas in [3/4, 3/2) and exponents."""
    m, e = np.frexp(x)
    below = m < 0.75
    m, e = np.where(below, 2 * m, m), np.where(below, e - 1, e).astype(x.dtype)
    plain = (x == 0) | np.isinf(x)
    m = np.where(plain, x.dtype.type(1), m)
    e = np.where(x == 0, -np.inf, np.where(np.isinf(x), np.inf, e)).astype(x.dtype)
    return np.where(x < 0, x.dtype.type(np.nan), m), e


_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": _quotient,
    "%": _remainder,
    "min": np.minimum,
    "max": np.maximum,
    "fmin": np.fmin,
    "fmax": np.fmax,
    "copysign": np.copysign,
    "scale": _scale,
    "limit": _limit,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "shl": np.left_shift,
    "shr": np.right_shift,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def binary(op: str, x: Array, y: Array) -> Array:
    if x.dtype != y.dtype or x.shape != y.shape:
        raise InternalError(f"{op}: {x.dtype}{x.shape} and {y.dtype}{y.shape} do not match")
    return _BINARY[op](x, y)


def fma(a: Array, b: Array, c: Array) -> Array:
    """One rounding in float32 (all but the rarest ties); two in float64."""
    wide = a.astype(np.float64) * b.astype(np.float64) + c.astype(np.float64)
    return wide.astype(a.dtype)


def dot(a: Array, b: Array, c: Array) -> Array:
    """The terms of a lane are added one after another."""
    products = a.astype(c.dtype) * b.astype(c.dtype)
    for terms in products.reshape(len(c), -1).T:
        c = c + terms
    return c


def fold(op: str, x: Array) -> Array:
    while len(x) > 1:
        half = len(x) // 2
        x = binary(op, x[:half], x[half:])
    return x


def libm(fn: str, args: list[Array]) -> Array:
    """The C library's function, lane by lane."""
    f = _libm_function(fn, len(args), args[0].dtype.name)
    return np.array([f(*map(float, lane)) for lane in zip(*args, strict=True)], args[0].dtype)


@functools.cache
def _libm_function(fn: str, arity: int, dtype: str) -> Callable[..., float]:
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    f = library[fn]
    c_type = ctypes.c_float if dtype == "float32" else ctypes.c_double
    f.restype, f.argtypes = c_type, [c_type] * arity
    return f
