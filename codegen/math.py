"""Built-in functions of the language as arithmetic of a `LoopNest`.

    exp, log, tanh, erf, sin, ...   range reduction and a polynomial, on all lanes at once
    asin, cbrt, tgamma, ...         the C library, lane by lane

A nest names a function of the language in a `Libm` node until `expand` has replaced it; that is
the last pass, so that the passes before it see one node and not forty.
"""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen import math_erf, math_exp, math_inverse, math_log, math_power, math_trig
from polyc.codegen.loops import (
    Bin,
    Check,
    Convert,
    Declare,
    For,
    If,
    Let,
    Libm,
    Set,
    Stmt,
    Store,
    Un,
    Value,
    dtype_of,
)
from polyc.codegen.math_values import Lets, X
from polyc.codegen.rewrite import map_stmts, map_value
from polyc.frontend.dtypes import compute_dtype
from polyc.target import Target


def expand(body: tuple[Stmt, ...], target: Target) -> tuple[Stmt, ...]:
    """The statements with every function of the language written out.

        y[i] = exp(x[i])        let f1 = ...
                           ->   let f2 = ...
                                y[i] = scale(f7, f3)

    Values that a formula uses twice become `Let`s before the statement.
    """
    lets = Lets(target, "f")

    def value(v: Value) -> Value:
        return map_value(v, lambda x: _expanded(x, lets))

    def statement(s: Stmt) -> tuple[Stmt, ...]:
        match s:
            case Store(buffer, index, v, op, step, active):
                s = Store(buffer, index, value(v), op, step, active)
            case Let(name, v):
                s = Let(name, value(v))
            case Declare(name, v):
                s = Declare(name, value(v))
            case Set(name, v):
                s = Set(name, value(v))
            case Check(v, code):
                s = Check(value(v), code)
            case For() | If():
                pass
            case _:
                pass
        return (*lets.taken(), s)

    return map_stmts(body, statement)


def function(fn: str, args: tuple[Value, ...], lets: Lets) -> Value:
    """A function of the language on values; what it names goes to `lets`."""
    d = dtype_of(args[0])
    wide = compute_dtype(d)
    xs = [X(a if d == wide else Convert(a, wide), lets) for a in args]
    out = _FUNCTIONS[fn](*xs).v if fn in _FUNCTIONS else _library(fn, xs)
    return out if d == wide else Convert(out, d)


def _expanded(v: Value, lets: Lets) -> Value:
    match v:
        case Libm(fn, args, None) if fn in _FUNCTIONS or fn in _LIBRARY:
            return function(fn, args, lets)
        case _:
            return v


def _library(fn: str, xs: list[X]) -> Value:
    return xs[0].libm(fn, *xs[1:]).v


def _round(x: X) -> X:
    """Halves away from zero: the number below 1/2 keeps 0.49999997 from becoming 1."""
    below = 0.5 - 2.0 ** (-25 if x.single else -54)
    return (x + x.lit(below).copysign(x)).trunc()


def _binary(op: str) -> Callable[[X, X], X]:
    return lambda x, y: X(Bin(op, x.v, y.v), x.lets)  # type: ignore[arg-type]


def _unary(op: str) -> Callable[[X], X]:
    return lambda x: X(Un(op, x.v), x.lets)  # type: ignore[arg-type]


_FUNCTIONS: dict[str, Callable[..., X]] = {
    "exp": math_exp.exp,
    "exp2": math_exp.exp2,
    "expm1": math_exp.expm1,
    "tanh": math_exp.tanh,
    "sinh": math_exp.sinh,
    "cosh": math_exp.cosh,
    "sigmoid": math_exp.sigmoid,
    "silu": math_exp.silu,
    "gelu_tanh": math_exp.gelu_tanh,
    "log": math_log.log,
    "log2": math_log.log2,
    "log10": math_log.log10,
    "log1p": math_log.log1p,
    "softplus": math_log.softplus,
    "erf": math_erf.erf,
    "erfc": math_erf.erfc,
    "normcdf": math_erf.normcdf,
    "gelu": math_erf.gelu,
    "erfinv": math_erf.erfinv,
    "sin": math_trig.sin,
    "cos": math_trig.cos,
    "tan": math_trig.tan,
    "asin": math_inverse.asin,
    "acos": math_inverse.acos,
    "atan": math_inverse.atan,
    "atan2": math_inverse.atan2,
    "pow": math_power.power,
    "cbrt": math_power.cbrt,
    "hypot": math_power.hypot,
    "rsqrt": math_power.rsqrt,
    "round": _round,
    "fmod": _binary("%"),
    "fabs": _unary("abs"),
    **{op: _unary(op) for op in ("abs", "sqrt", "floor", "ceil", "trunc", "rint")},
    **{op: _binary(op) for op in ("min", "max", "fmin", "fmax", "copysign")},
}
# C's functions of the same names. In float32 they gain an f, which ends the expansion.
_LIBRARY = frozenset(
    {
        *("asinh", "acosh", "atanh", "tgamma", "lgamma", "remainder"),
    }
)
