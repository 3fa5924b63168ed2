"""How element types combine in the language, and how a value takes the type of its context.

Constants are weak: they take the other operand's type. Sizes and variables are integers that adapt.
float16 and bfloat16 are types of storage: values of them compute in float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from polyc.frontend.dtypes import (
    BFLOAT16,
    BOOL,
    COMPLEX64,
    COMPLEX128,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    INT8,
    INT16,
    INT32,
    INT64,
    Dtype,
    compute_dtype,
)  # fmt: skip
from polyc.frontend.program import Cast, Const, Expr, Index

WIDER = {8: INT16, 16: INT32, 32: INT64, 64: INT64}


@dataclass(frozen=True, slots=True)
class Typed:
    """A lowered value: `type` is the language's type of a strong value, None for a weak one.

    The expression of a strong value has `compute_dtype(type)`; a weak one is a `Const` or `Index`.
    """

    expr: Expr
    type: Dtype | None
    weak: Literal["", "int", "float", "index"] = ""


def promote(a: Dtype, b: Dtype) -> Dtype:
    """The type of `a + b`: float over integer, wider over narrower, bool as int32.

    Integers of one width and different signs give the next wider signed type (int64 at most).
    """
    if a == b:
        return INT32 if a == BOOL else a
    a, b = (INT32 if t == BOOL else t for t in (a, b))
    if a.is_complex or b.is_complex:
        return COMPLEX128 if {a, b} & {COMPLEX128, FLOAT64} else COMPLEX64
    if a.is_float != b.is_float:
        return a if a.is_float else b
    if {a, b} == {FLOAT16, BFLOAT16}:
        return FLOAT32
    if a.kind == b.kind or a.is_float:
        return a if a.bits >= b.bits else b
    signed, unsigned = (a, b) if a.kind == "i" else (b, a)
    return signed if signed.bits > unsigned.bits else WIDER[unsigned.bits]


def common(a: Typed, b: Typed) -> Dtype:
    """The type two operands take together."""
    if a.type and b.type:
        return promote(a.type, b.type)
    if not a.type and not b.type:
        return max(natural(a), natural(b), key=lambda t: (t.is_float, t.bits))
    strong, weak = (a, b) if a.type else (b, a)
    assert strong.type is not None
    if weak.weak == "float" and not (strong.type.is_float or strong.type.is_complex):
        return FLOAT32
    return INT32 if strong.type == BOOL else strong.type


def natural(t: Typed) -> Dtype:
    """The type of a value that stands alone: constants are float32 or int32, indices int64."""
    match t:
        case Typed(type=Dtype() as dtype):
            return dtype
        case Typed(weak="float"):
            return FLOAT32
        case Typed(Const(int() as value), weak="int") if -(2**31) <= value < 2**31:
            return INT32
        case _:
            return INT64


def coerce(t: Typed, dtype: Dtype) -> Expr:
    """The value as `compute_dtype(dtype)`."""
    want = compute_dtype(dtype)
    match t.expr:
        case Const(value) if t.weak:
            return constant(value, want)
        case Index(expr) if expr.is_const:
            return constant(expr.value, want)
        case expr if expr.dtype == want:
            return expr
        case expr:
            return Cast(expr, want)


def constant(value: bool | int | float | complex, dtype: Dtype) -> Expr:
    """A number of the given type; what does not fit an integer type is converted when it runs."""
    match dtype.kind:
        case "c":
            return Const(complex(value), dtype)
        case "f" if not isinstance(value, complex):
            return Const(float(value), dtype)
        case "b":
            return Const(bool(value), dtype)
        case _ if isinstance(value, int) and fits(int(value), dtype):
            return Const(int(value), dtype)
        case _ if isinstance(value, int):
            return Cast(Const(value, INT64), dtype)
        case _:
            return Cast(Const(value, FLOAT64), dtype)


def fits(value: int, dtype: Dtype) -> bool:
    """Whether an integer type holds a value."""
    lo, hi = integer_range(dtype)
    return lo <= value <= hi


def integer_range(dtype: Dtype) -> tuple[int, int]:
    """The least and greatest value of an integer type."""
    if dtype.kind == "u":
        return 0, 2**dtype.bits - 1
    return -(2 ** (dtype.bits - 1)), 2 ** (dtype.bits - 1) - 1


def store(t: Typed, dtype: Dtype) -> Expr:
    """The value as an element of a tensor of type `dtype`."""
    e = coerce(t, dtype)
    return e if e.dtype == dtype else Cast(e, dtype)


def narrow(dtype: Dtype) -> bool:
    """Types whose products accumulate in int32."""
    return (dtype.bits == 8 and dtype.is_integer) or dtype == INT8
