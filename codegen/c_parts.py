"""Inline C functions that take floats apart: AVX-512's instructions, or the same lane by lane."""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen.c_arithmetic import builtin, intrinsic
from polyc.codegen.c_text import Helpers, T, define, lanes

_MANTISSA = "MM_getmant_PS(CAST x, 3, 2)"  # in [3/4, 3/2); NaN for negative numbers
_CALLS = {
    "mantissa": _MANTISSA,
    "exponent": f"MM_sub_PS(MM_getexp_PS(CAST x), MM_getexp_PS({_MANTISSA}))",
}


def _parts(h: Helpers, name: str, t: T) -> str:
    what = name.split("_")[0]
    if t.lanes > 1:
        one = h(what, T(t.scalar, 1))
        plain = lanes(t, f"{one}(x[l])")
        return intrinsic(h, t, _CALLS[what], f"{t.name} x", plain, name)
    special = {
        "mantissa": "if (x == 0 || x - x != 0) return x < 0 ? NAN : x == x ? 1 : x;",
        "exponent": "if (x == 0 || x - x != 0) return x == 0 ? -INFINITY : x * x;",
    }
    small = f"m < 0.75{'f' if t.scalar == 'f32' else ''}"
    result = {"mantissa": f"x < 0 ? NAN : {small} ? 2 * m : m", "exponent": f"e - ({small})"}
    return define(
        t.c,
        name,
        f"{t.c} x",
        special[what],
        "int e;",
        f"{t.c} m = {builtin(t, 'frexp')}({builtin(t, 'fabs')}(x), &e);",
        f"return {result[what]};",
    )


def _limit(h: Helpers, name: str, t: T) -> str:
    parameters = f"{t.name} x, {t.name} y"
    copysign, fmin, fabs = (builtin(t, fn) for fn in ("copysign", "fmin", "fabs"))
    if t.lanes == 1:
        return define(t.c, name, parameters, f"return {copysign}({fmin}({fabs}(x), y), x);")
    plain = lanes(t, f"{copysign}({fmin}({fabs}(x[l]), y[l]), x[l])")
    return intrinsic(
        h, t, "MM_range_PS(CAST x, CAST y, 2)", parameters, plain, name, "__AVX512DQ__"
    )


def _scale(h: Helpers, name: str, t: T) -> str:
    """x * 2^y. AVX-512 has an instruction, which takes any y; else by two factors, so that a
    denormal rounds once."""
    parameters = f"{t.name} x, {t.name} y"
    if t.bits // 8 * t.lanes >= 64:
        limited = f"(int){builtin(t, 'fmin')}({builtin(t, 'fmax')}(y[l], -4000), 4000)"
        scaled = f"{builtin(t, 'ldexp')}(x[l], y[l] == y[l] ? {limited} : 0)"
        plain = lanes(t, f"y[l] == y[l] ? {scaled} : y[l]")
        return intrinsic(h, t, "MM_scalef_PS(CAST x, CAST y)", parameters, plain, name)
    magic, bias, shift = (23, 254, 23) if t.scalar == "f32" else (52, 2046, 52)
    return define(
        t.name,
        name,
        parameters,
        f"{t.name} biased = y + ({t.c})(0x1.8p{magic} + {bias}.0), one, two;",
        f"{h.type(t.unsigned)} i, half;",
        "memcpy(&i, &biased, sizeof i);",
        "half = i >> 1;",
        f"i = (i - half) << {shift};",
        f"half <<= {shift};",
        "memcpy(&one, &half, sizeof one);",
        "memcpy(&two, &i, sizeof two);",
        "return x * one * two;",
    )


PARTS: dict[str, Callable[..., str]] = {
    "exponent": _parts,
    "mantissa": _parts,
    "limit": _limit,
    "scale": _scale,
}
