"""The built-in functions with the error each may have, and where the truth comes from.

float32 is compared with the function in float64 (NumPy's, SciPy's), whose own error is some 2^-28
of a unit of float32. float64 is compared with mpmath in 180 bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
import scipy.special

Array = npt.NDArray[Any]
ROOT = 2 * math.sqrt(2 / math.pi)


@dataclass(frozen=True, slots=True)
class Row:
    """`bound` in ulp on every target; `wide` on float64 arrays, `exact` on mpmath's numbers."""

    bound: float
    wide: Callable[..., Array]
    exact: Callable[..., Any]
    arity: int = 1


def _sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, e) / (1 + e))


def _left(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """x f(x), which is -0 at minus infinity, where the product has no value."""
    return lambda x: np.where(x == -np.inf, -0.0, x * f(x))


def _softplus(x: Array) -> Array:
    return np.asarray(np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0))


def _erfinv(x: Array) -> Array:
    """SciPy's takes microseconds outside of [-1, 1], and loses the sign of 0."""
    inside = np.where(np.abs(x) > 1, np.nan, x)
    return np.asarray(np.copysign(scipy.special.erfinv(inside), x))


def _round(x: Array) -> Array:
    return np.asarray(np.copysign(np.floor(np.abs(x) + 0.5), x))


def _ieee(f: Callable[[float, float], float]) -> Callable[[Array, Array], Array]:
    def one(x: float, y: float) -> float:
        try:
            return f(x, y)
        except ValueError:
            return math.nan

    return np.vectorize(one, otypes=[float])


def _mp_sigmoid(x: Any) -> Any:
    return 1 / (1 + _mp_exp(-x))


def _mp_tanh_argument(x: Any) -> Any:
    return 2 * mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)


def _mp_erfc(x: Any) -> Any:
    """mpmath's own overflows beyond."""
    return mpmath.erfc(x) if abs(x) < 200 else mpmath.mpf(2 if x < 0 else 0)


def _mp_erf(x: Any) -> Any:
    return mpmath.erf(x) if abs(x) < 200 else mpmath.sign(x)


def _mp_exp(x: Any) -> Any:
    return mpmath.exp(max(-2000, min(2000, x)))


def _mp_normcdf(x: Any) -> Any:
    return _mp_erfc(-x / mpmath.sqrt(2)) / 2


def _mp_softplus(x: Any) -> Any:
    return mpmath.log1p(_mp_exp(-abs(x))) + max(x, 0)


def _mp_cbrt(x: Any) -> Any:
    return mpmath.sign(x) * mpmath.cbrt(abs(x))


ROWS: dict[str, Row] = {
    "exp": Row(1.0, np.exp, _mp_exp),
    "exp2": Row(1.0, np.exp2, lambda x: mpmath.power(2, x)),
    "expm1": Row(2.0, np.expm1, mpmath.expm1),
    "log": Row(1.0, np.log, mpmath.log),
    "log2": Row(2.0, np.log2, lambda x: mpmath.log(x, 2)),
    "log10": Row(2.0, np.log10, mpmath.log10),
    "log1p": Row(2.0, np.log1p, mpmath.log1p),
    "sqrt": Row(0.5, np.sqrt, mpmath.sqrt),
    "rsqrt": Row(1.0, lambda x: 1 / np.sqrt(x), lambda x: 1 / mpmath.sqrt(x)),
    "cbrt": Row(2.0, np.cbrt, _mp_cbrt),
    "sin": Row(1.0, np.sin, mpmath.sin),
    "cos": Row(1.0, np.cos, mpmath.cos),
    "tan": Row(2.0, np.tan, mpmath.tan),
    "asin": Row(2.0, np.arcsin, mpmath.asin),
    "acos": Row(2.0, np.arccos, mpmath.acos),
    "atan": Row(2.0, np.arctan, mpmath.atan),
    "sinh": Row(2.0, np.sinh, mpmath.sinh),
    "cosh": Row(2.0, np.cosh, mpmath.cosh),
    "tanh": Row(2.0, np.tanh, mpmath.tanh),
    "asinh": Row(2.0, np.arcsinh, mpmath.asinh),
    "acosh": Row(2.0, np.arccosh, mpmath.acosh),
    "atanh": Row(2.0, np.arctanh, mpmath.atanh),
    "erf": Row(2.0, scipy.special.erf, _mp_erf),
    "erfc": Row(2.0, scipy.special.erfc, _mp_erfc),
    "erfinv": Row(2.0, _erfinv, mpmath.erfinv),
    "normcdf": Row(2.0, scipy.special.ndtr, _mp_normcdf),
    "sigmoid": Row(2.0, _sigmoid, _mp_sigmoid),
    "silu": Row(2.0, _left(_sigmoid), lambda x: x * _mp_sigmoid(x)),
    "softplus": Row(2.0, _softplus, _mp_softplus),
    "gelu": Row(2.0, _left(scipy.special.ndtr), lambda x: x * _mp_normcdf(x)),
    "gelu_tanh": Row(
        2.0,
        _left(lambda x: _sigmoid(ROOT * (x + 0.044715 * x**3))),
        lambda x: x * _mp_sigmoid(_mp_tanh_argument(x)),
    ),
    "floor": Row(0.5, np.floor, mpmath.floor),
    "ceil": Row(0.5, np.ceil, mpmath.ceil),
    "trunc": Row(0.5, np.trunc, lambda x: mpmath.sign(x) * mpmath.floor(abs(x))),
    "rint": Row(0.5, np.rint, mpmath.nint),
    "round": Row(0.5, _round, lambda x: mpmath.sign(x) * mpmath.floor(abs(x) + 0.5)),
    "pow": Row(2.0, np.power, mpmath.power, 2),
    "atan2": Row(2.0, np.arctan2, mpmath.atan2, 2),
    "hypot": Row(2.0, np.hypot, mpmath.hypot, 2),
    "fmod": Row(0.5, np.fmod, lambda x, y: math.fmod(x, y), 2),
    "remainder": Row(0.5, _ieee(math.remainder), lambda x, y: math.remainder(x, y), 2),
    "copysign": Row(0.5, np.copysign, lambda x, y: math.copysign(x, y), 2),
}
