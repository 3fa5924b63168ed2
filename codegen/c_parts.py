"""Inline C functions that take floats apart and scale them.

Targets with AVX-512 have instructions, for which there is a loop over lanes where the compiler may
not use them.
"""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen.c_arithmetic import builtin, intrinsic
from polyc.codegen.c_text import Helpers, T, define, lanes

_MANTISSA = "MM_getmant_PS(CAST x, 3, 2)"  # in [3/4, 3/2); NaN for negative numbers
_CALLS = {
    "mantissa": _MANTISSA,
    "exponent": f"MM_sub_PS(MM_getexp_PS(CAST x), MM_getexp_PS({_MANTISSA}))",
    "limit": "MM_range_PS(CAST x, CAST y, 2)",
    "scaled": "MM_scalef_PS(CAST x, CAST y)",
}


def _instruction(h: Helpers, name: str, t: T) -> str:
    what = name.split("_")[0]
    names = ("x", "y") if what in ("limit", "scaled") else ("x",)
    parameters = ", ".join(f"{t.name} {n}" for n in names)
    if t.bits * t.lanes < 128:
        return _in_register(h, name, t, names)
    scalar = T(t.scalar, 1)
    one = h.add(f"one_{what}_{t.scalar}", lambda: _one(f"one_{what}_{t.scalar}", what, scalar))
    plain = lanes(t, f"{one}({', '.join(f'{n}[l]' for n in names)})")
    macro = "__AVX512DQ__" if what == "limit" or t.bits * t.lanes == 512 else "__AVX512VL__"
    return intrinsic(h, t, _CALLS[what], parameters, plain, name, macro)


def _in_register(h: Helpers, name: str, t: T, names: tuple[str, ...]) -> str:
    """What is narrower than a register is computed in one."""
    wide = T(t.scalar, 128 // t.bits)
    at = [f"[{n % t.lanes}]" if t.lanes > 1 else "" for n in range(wide.lanes)]
    args = ", ".join(f"({h.type(wide)}){{{', '.join(n + a for a in at)}}}" for n in names)
    call = f"{wide.name} out = {h(name.split('_')[0], wide)}({args});"
    few = ", ".join(f"out[{n}]" for n in range(t.lanes))
    result = f"return ({t.name}){{{few}}};" if t.lanes > 1 else "return out[0];"
    return define(t.name, name, ", ".join(f"{t.name} {n}" for n in names), call, result)


def _one(name: str, what: str, t: T) -> str:
    """Of a single number, without the instruction."""
    frexp, ldexp, fabs, fmin, fmax, copysign = (
        builtin(t, fn) for fn in ("frexp", "ldexp", "fabs", "fmin", "fmax", "copysign")
    )
    small = f"m < 0.75{'f' if t.scalar == 'f32' else ''}"
    split = ("int e;", f"{t.c} m = {frexp}({fabs}(x), &e);")
    lines: dict[str, tuple[str, ...]] = {
        "mantissa": (
            "if (x == 0 || x - x != 0) return x < 0 ? NAN : x == x ? 1 : x;",
            *split,
            f"return x < 0 ? NAN : {small} ? 2 * m : m;",
        ),
        "exponent": (
            "if (x == 0 || x - x != 0) return x == 0 ? -INFINITY : x * x;",
            *split,
            f"return e - ({small});",
        ),
        "limit": (f"return {copysign}({fmin}({fabs}(x), y), x);",),
        "scaled": (f"return y == y ? {ldexp}(x, (int){fmin}({fmax}(y, -4000), 4000)) : y;",),
    }
    parameters = f"{t.c} x, {t.c} y" if what in ("limit", "scaled") else f"{t.c} x"
    return define(t.c, name, parameters, *lines[what])


def _scale(h: Helpers, name: str, t: T) -> str:
    """x * 2^y by two factors, so that a denormal rounds once."""
    magic, bias, shift = (23, 254, 23) if t.scalar == "f32" else (52, 2046, 52)
    return define(
        t.name,
        name,
        f"{t.name} x, {t.name} y",
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
    **dict.fromkeys(_CALLS, _instruction),
    "scale": _scale,
}
