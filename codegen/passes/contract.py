"""a * b + c as one operation, where the user allows it (math = "fast"): a fused multiply-add of
floats, or products of neighbours added to the sum they belong to."""

from __future__ import annotations

from polyc.codegen.loops import Bin, Dot, Fma, Lit, Stmt, Un, Value, dtype_of
from polyc.codegen.rewrite import map_value, map_values


def contract(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """Every sum or difference with a product as an operand becomes an `Fma`."""
    return map_values(body, lambda v: map_value(v, _fuse))


def _fuse(v: Value) -> Value:
    match v:
        case Bin("+", c, Dot(a, b, Lit(0))) | Bin("+", Dot(a, b, Lit(0)), c):
            return Dot(a, b, c)
        case Bin("+", Bin("*", a, b), c) | Bin("+", c, Bin("*", a, b)) if dtype_of(v).is_float:
            return Fma(a, b, c)
        case Bin("-", Bin("*", a, b), c) if dtype_of(v).is_float:
            return Fma(a, b, Un("neg", c))
        case Bin("-", c, Bin("*", a, b)) if dtype_of(v).is_float:
            return Fma(Un("neg", a), b, c)
        case _:
            return v
