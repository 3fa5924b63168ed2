"""a * b + c as one fused multiply-add, for floats, where the user allows it (math = "fast")."""

from __future__ import annotations

from polyc.codegen.loops import Bin, Fma, Stmt, Un, Value, dtype_of
from polyc.codegen.rewrite import map_value, map_values


def contract(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """Every sum or difference with a product as an operand becomes an `Fma`."""
    return map_values(body, lambda v: map_value(v, _fuse))


def _fuse(v: Value) -> Value:
    match v:
        case Bin("+", Bin("*", a, b), c) | Bin("+", c, Bin("*", a, b)) if dtype_of(v).is_float:
            return Fma(a, b, c)
        case Bin("-", Bin("*", a, b), c) if dtype_of(v).is_float:
            return Fma(a, b, Un("neg", c))
        case Bin("-", c, Bin("*", a, b)) if dtype_of(v).is_float:
            return Fma(Un("neg", a), b, c)
        case _:
            return v
