"""The built-in functions: one row each, with their meaning in NumPy.

`result` says the type: "float" (integers become float32 first), "same" (the common type of the
arguments), "bool". `reference` works on float64 or integer arrays and is the definition the
backends are tested against.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Array = Any  # an ndarray of float64, complex128, an integer type or bool


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in function of `arity` arguments."""

    name: str
    arity: int
    result: Literal["float", "same", "bool"]
    reference: Callable[..., Array]


def _each(
    f: Callable[[float], float], bad: Callable[[float], float] | None = None
) -> Callable[..., Array]:
    """A scalar function over an array; `bad` answers where it raises."""

    def one(x: float) -> float:
        try:
            return f(x)
        except (ValueError, OverflowError):
            return bad(x) if bad else math.nan

    def many(x: Array) -> Array:
        return np.vectorize(one, otypes=[np.float64])(x)

    return many


def _erfinv(y: float) -> float:
    """Newton's iteration on erf from Giles's starting point; good to 1 ulp of float64 or so."""
    if abs(y) >= 1 or y != y:
        return math.copysign(math.inf, y) if abs(y) == 1 else math.nan
    w = -math.log((1 - y) * (1 + y))
    # Winitzki 2008: erfinv(y) ~ sqrt(sqrt(t^2 - ln(1-y^2)/a) - t), a = 0.147
    t = 2 / (math.pi * 0.147) - w / 2
    x = math.copysign(math.sqrt(max(0.0, math.sqrt(t * t + w / 0.147) - t)), y)
    for _ in range(4):
        # erfc keeps the digits that erf loses near 1.
        gap = math.erfc(abs(x)) - (1 - abs(y))
        x += math.copysign(1, y) * gap * math.sqrt(math.pi) / 2 * math.exp(x * x)
    return x


def _gamma_pole(x: float) -> float:
    if x == 0:
        return math.copysign(math.inf, x)
    return math.inf if x > 0 else math.nan


def _sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def _times(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """x f(x), which comes to -0 at minus infinity, where the product has no value."""
    return lambda x: np.where(x == -np.inf, -0.0, x * f(x))


def _half_tanh(x: Array) -> Array:
    """(1 + tanh(u)) / 2 as 1 / (1 + exp(-2u)), which does not cancel for negative u."""
    return _sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


@np.vectorize
def _remainder(x: float, y: float) -> float:
    """IEEE's, which is exact."""
    return math.remainder(x, y) if math.isfinite(x) and y else math.nan


_erf, _erfc = _each(math.erf), _each(math.erfc)


def _normcdf(x: Array) -> Array:
    return 0.5 * _erfc(-x / math.sqrt(2))


def _clamp(x: Array, lo: Array, hi: Array) -> Array:
    return np.minimum(np.maximum(x, lo), hi)


def _relu(x: Array) -> Array:
    return np.maximum(x, np.zeros_like(x))


def _round(x: Array) -> Array:
    """C's round: halves away from zero."""
    return np.copysign(np.floor(np.abs(x) + np.where(np.abs(x) < 2.0**52, 0.5, 0)), x)


_FLOAT: dict[str, tuple[int, Callable[..., Array]]] = {
    "exp": (1, np.exp), "exp2": (1, np.exp2), "expm1": (1, np.expm1),
    "log": (1, np.log), "log2": (1, np.log2), "log10": (1, np.log10), "log1p": (1, np.log1p),
    "sqrt": (1, np.sqrt), "rsqrt": (1, lambda x: 1 / np.sqrt(x)), "cbrt": (1, np.cbrt),
    "sin": (1, np.sin), "cos": (1, np.cos), "tan": (1, np.tan),
    "asin": (1, np.arcsin), "acos": (1, np.arccos), "atan": (1, np.arctan),
    "atan2": (2, np.arctan2),
    "sinh": (1, np.sinh), "cosh": (1, np.cosh), "tanh": (1, np.tanh),
    "asinh": (1, np.arcsinh), "acosh": (1, np.arccosh), "atanh": (1, np.arctanh),
    "erf": (1, _erf), "erfc": (1, _erfc), "erfinv": (1, _each(_erfinv)),
    "tgamma": (1, _each(math.gamma, _gamma_pole)),
    "lgamma": (1, _each(math.lgamma, lambda _: math.inf)),
    "pow": (2, np.power), "fmod": (2, np.fmod),
    "remainder": (2, _remainder),
    "floor": (1, np.floor), "ceil": (1, np.ceil), "trunc": (1, np.trunc),
    "round": (1, _round), "rint": (1, np.rint),
    "copysign": (2, np.copysign), "hypot": (2, np.hypot), "fabs": (1, np.fabs),
    "sigmoid": (1, _sigmoid), "silu": (1, _times(_sigmoid)),
    "gelu": (1, _times(_normcdf)), "gelu_tanh": (1, _times(_half_tanh)),
    "softplus": (1, lambda x: np.logaddexp(x, 0.0)), "normcdf": (1, _normcdf),
}  # fmt: skip
_SAME: dict[str, tuple[int, Callable[..., Array]]] = {
    "abs": (1, np.abs), "relu": (1, _relu), "clamp": (3, _clamp),
    "fmin": (2, np.fmin), "fmax": (2, np.fmax), "min": (2, np.minimum), "max": (2, np.maximum),
}  # fmt: skip
_BOOL: dict[str, tuple[int, Callable[..., Array]]] = {
    "isnan": (1, np.isnan), "isinf": (1, np.isinf), "isfinite": (1, np.isfinite),
    "signbit": (1, np.signbit),
}  # fmt: skip

FUNCTIONS: dict[str, Function] = {
    **{n: Function(n, k, "float", f) for n, (k, f) in _FLOAT.items()},
    **{n: Function(n, k, "same", f) for n, (k, f) in _SAME.items()},
    **{n: Function(n, k, "bool", f) for n, (k, f) in _BOOL.items()},
}
# Spelled like functions, but forms of the language: a choice, and a guarded read.
FORMS: dict[str, int] = {"select": 3, "pad": 2}
