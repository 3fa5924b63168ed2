"""Conversions between dtypes in LLVM IR, float16 and bfloat16 included.

Where the target has no instruction for a small float, integer operations do it: the library
function that LLVM would call does not exist in a process without a compiler's runtime.
"""

from __future__ import annotations

from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_ops import binary, bits, cast, compare, instruction, select, unary
from polyc.codegen.llvm_types import SMALL_FLOATS, Val, constant, memory_type, vector
from polyc.frontend.dtypes import (
    BFLOAT16,
    BOOL,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    INT32,
    UINT16,
    UINT32,
    Dtype,
)


def convert(f: Function, x: Val, to: Dtype) -> Val:
    d = x.dtype
    if d == to:
        return x
    if d in SMALL_FLOATS:
        return convert(f, _widen(f, x), to)
    if to == BOOL:
        return compare(f, "!=", x, constant(0, d, x.lanes))
    if to in SMALL_FLOATS:
        return _narrow(f, x, to)
    if to.is_float:
        if d.is_float:
            return cast(f, "fpext" if to == FLOAT64 else "fptrunc", x, to)
        return cast(f, "sitofp" if d.kind == "i" else "uitofp", x, to)
    if d.is_float:
        return _saturate(f, x, to)
    if d == BOOL:
        return cast(f, "zext", x, to)
    if d.bits == to.bits:
        return Val(x.text, to, x.lanes)
    word = "trunc" if to.bits < d.bits else "sext" if d.kind == "i" else "zext"
    return cast(f, word, x, to)


def _saturate(f: Function, x: Val, to: Dtype) -> Val:
    """Float to integer: clamped to the type's range, NaN to 0.

    llvm.fptosi.sat says the same, but becomes scalar code on x86.
    """
    low = -(1 << (to.bits - 1)) if to.kind == "i" else 0
    high = 1 << (to.bits - (to.kind == "i"))
    over = compare(f, ">=", x, constant(float(high), x.dtype, x.lanes))
    fits = binary(
        f,
        "and",
        compare(f, ">=", x, constant(float(low), x.dtype, x.lanes)),
        compare(f, "<", x, constant(float(high), x.dtype, x.lanes)),
    )
    safe = select(f, fits, x, constant(0.0, x.dtype, x.lanes))
    wide = to if to.bits >= 32 else INT32
    whole = convert(f, cast(f, "fptosi" if wide.kind == "i" else "fptoui", safe, wide), to)
    out = select(f, over, constant(high - 1, to, x.lanes), whole)
    if low == 0:
        return out
    under = compare(f, "<", x, constant(float(low), x.dtype, x.lanes))
    return select(f, under, constant(low, to, x.lanes), out)


# ---- small floats
def _has_half(f: Function) -> bool:
    """True where float16 converts in one instruction; else it would be a call into a library."""
    t = f.module.target
    return "+f16c" in t.features or t.name in ("x86-64-v3", "x86-64-v4") or "aarch64" in t.triple


def _widen(f: Function, x: Val) -> Val:
    if x.dtype == FLOAT16 and _has_half(f):
        half = f.op(f"bitcast {x.typed} to {vector('half', x.lanes)}")
        text = f"fpext {vector('half', x.lanes)} {half} to {vector('float', x.lanes)}"
        return instruction(f, text, FLOAT32, x.lanes)
    raw = convert(f, Val(x.text, UINT16, x.lanes), UINT32)
    if x.dtype == BFLOAT16:
        return bits(f, binary(f, "shl", raw, constant(16, UINT32, x.lanes)), FLOAT32)
    return _widen_half(f, raw)


def _narrow(f: Function, x: Val, to: Dtype) -> Val:
    if x.dtype == FLOAT64:
        x = _round_to_odd(f, x) if to == FLOAT16 else cast(f, "fptrunc", x, FLOAT32)
    elif x.dtype != FLOAT32:
        x = convert(f, x, FLOAT32)
    if to == FLOAT16 and _has_half(f):
        half = f.op(f"fptrunc {x.typed} to {vector('half', x.lanes)}")
        text = f"bitcast {vector('half', x.lanes)} {half} to {memory_type(to, x.lanes)}"
        return instruction(f, text, to, x.lanes)
    raw = (_narrow_half if to == FLOAT16 else _narrow_brain)(f, bits(f, x, UINT32))
    return Val(convert(f, raw, UINT16).text, to, x.lanes)


def _round_to_odd(f: Function, x: Val) -> Val:
    """float64 to float32 so that rounding once more to float16 is as if it were done once."""
    single = cast(f, "fptrunc", x, FLOAT32)
    back = cast(f, "fpext", single, FLOAT64)
    raw = bits(f, single, UINT32)
    one = constant(1, UINT32, x.lanes)
    inexact = instruction(f, f"fcmp one {back.typed}, {x.text}", BOOL, x.lanes)
    even = compare(f, "==", binary(f, "and", raw, one), constant(0, UINT32, x.lanes))
    above = compare(f, ">", unary(f, "abs", back), unary(f, "abs", x))
    odd = select(f, above, binary(f, "-", raw, one), binary(f, "+", raw, one))
    chosen = select(f, binary(f, "and", inexact, even), odd, raw)
    return bits(f, chosen, FLOAT32)


def _u32(value: int, lanes: int) -> Val:
    return constant(value, UINT32, lanes)


def _widen_half(f: Function, raw: Val) -> Val:
    """The exponent is moved by 112 with a multiplication, which also makes denormals right."""
    n = raw.lanes
    body = binary(f, "and", raw, _u32(0x7FFF, n))
    moved = bits(f, binary(f, "shl", body, _u32(13, n)), FLOAT32)
    scaled = bits(f, binary(f, "*", moved, constant(2.0**112, FLOAT32, n)), UINT32)
    special = compare(f, ">=", body, _u32(0x7C00, n))  # infinities and NaN
    with_exponent = binary(f, "or", scaled, _u32(0xFF << 23, n))
    sign = binary(f, "shl", binary(f, "and", raw, _u32(0x8000, n)), _u32(16, n))
    return bits(f, binary(f, "or", select(f, special, with_exponent, scaled), sign), FLOAT32)


def _narrow_half(f: Function, raw: Val) -> Val:
    """Round to nearest even, by an addition that carries into the kept bits."""
    n = raw.lanes
    body = binary(f, "and", raw, _u32(0x7FFFFFFF, n))
    odd = binary(f, "and", binary(f, "shr", body, _u32(13, n)), _u32(1, n))
    # Rebias by -112, then add just under half a unit, or half where the kept part is odd.
    rebias = binary(f, "+", body, binary(f, "+", odd, _u32((0xFFF - (112 << 23)) % 2**32, n)))
    normal = binary(f, "shr", rebias, _u32(13, n))
    # Adding 0.5 puts a denormal's bits at the low end of the sum's mantissa, rounded.
    half = constant(0.5, FLOAT32, n)
    sum_ = bits(f, binary(f, "+", bits(f, body, FLOAT32), half), UINT32)
    tiny = binary(f, "-", sum_, _u32(0x3F000000, n))
    out = select(f, compare(f, "<", body, _u32(113 << 23, n)), tiny, normal)
    over = compare(f, ">=", body, _u32(0x477FF000, n))  # 65520 and above
    out = select(f, over, _u32(0x7C00, n), out)
    is_nan = compare(f, ">", body, _u32(0x7F800000, n))
    out = select(f, is_nan, _u32(0x7E00, n), out)
    sign = binary(f, "shr", binary(f, "and", raw, _u32(0x80000000, n)), _u32(16, n))
    return binary(f, "or", out, sign)


def _narrow_brain(f: Function, raw: Val) -> Val:
    """In integers even where AVX-512 has an instruction, which flushes denormals."""
    n = raw.lanes
    high = binary(f, "shr", raw, _u32(16, n))
    odd = binary(f, "and", high, _u32(1, n))
    carried = binary(f, "+", raw, binary(f, "+", odd, _u32(0x7FFF, n)))
    rounded = binary(f, "shr", carried, _u32(16, n))
    body = binary(f, "and", raw, _u32(0x7FFFFFFF, n))
    is_nan = compare(f, ">", body, _u32(0x7F800000, n))
    return select(f, is_nan, binary(f, "or", high, _u32(0x40, n)), rounded)
