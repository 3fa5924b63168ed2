"""Built-in functions that are one or two operations; the others are expanded after vectorisation,
when the number of lanes is known (`codegen.math`)."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from polyc.codegen.loops import Bin, BinOp, Bits, Libm, Lit, Un, UnOp, Value, dtype_of
from polyc.frontend.dtypes import INT32, INT64


def call(fn: str, args: tuple[Value, ...]) -> Value:
    """The value of a built-in function: operations where there are such, else a `Libm` node."""
    simple = _SIMPLE.get(fn)
    return simple(*args) if simple is not None else Libm(fn, args)


def _unary(op: UnOp) -> Callable[[Value], Value]:
    return lambda x: Un(op, x)


def _rounding(op: UnOp) -> Callable[[Value], Value]:
    """Rounding leaves integers as they are."""
    return lambda x: Un(op, x) if dtype_of(x).is_float else x


def _binary(op: BinOp) -> Callable[[Value, Value], Value]:
    return lambda x, y: Bin(op, x, y)


def _zero(x: Value) -> Lit:
    dtype = dtype_of(x)
    return Lit(0.0 if dtype.is_float else 0, dtype)


def _false(x: Value) -> Value:
    return Bin("!=", x, x)


def _isinf(x: Value) -> Value:
    if not dtype_of(x).is_float:
        return _false(x)
    return Bin("==", Un("abs", x), Lit(inf, dtype_of(x)))


def _isfinite(x: Value) -> Value:
    if not dtype_of(x).is_float:
        return Bin("==", x, x)
    return Bin("<", Un("abs", x), Lit(inf, dtype_of(x)))


def _signbit(x: Value) -> Value:
    dtype = dtype_of(x)
    if not dtype.is_float:
        return Bin("<", x, _zero(x))
    bits = INT32 if dtype.bits == 32 else INT64
    return Bin("<", Bits(x, bits), Lit(0, bits))


_SIMPLE: dict[str, Callable[..., Value]] = {
    "abs": _unary("abs"),
    "fabs": _unary("abs"),
    "sqrt": _unary("sqrt"),
    **{op: _rounding(op) for op in ("floor", "ceil", "trunc", "rint")},
    **{op: _binary(op) for op in ("min", "max", "fmin", "fmax", "copysign")},
    "relu": lambda x: Bin("max", x, _zero(x)),
    "clamp": lambda x, low, high: Bin("min", Bin("max", x, low), high),
    "isnan": _false,
    "isinf": _isinf,
    "isfinite": _isfinite,
    "signbit": _signbit,
}
