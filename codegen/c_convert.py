"""Conversions between dtypes in C, the same as LLVM's: saturating, NaN to 0, half by integers."""

from __future__ import annotations

from polyc.codegen.c_text import Helpers, T, define, lanes
from polyc.codegen.c_types import SMALL_FLOATS, CVal, short
from polyc.frontend.dtypes import BFLOAT16, BOOL, FLOAT16, FLOAT32, FLOAT64, Dtype


def mask_as(h: Helpers, x: CVal, bits: int) -> CVal:
    """A mask with lanes of another width."""
    if x.lanes == 1 or x.bits == bits:
        return x
    to = h.type(T(f"i{bits}", x.lanes))
    return CVal(f"__builtin_convertvector({x.text}, {to})", BOOL, x.lanes, bits)


def convert(h: Helpers, x: CVal, to: Dtype) -> CVal:
    d, n = x.dtype, x.lanes
    if d == to:
        return x
    if d in SMALL_FLOATS:
        name = h.add(f"float_of_{d}_{n}", lambda: _widen(h, d, n))
        return convert(h, CVal(f"{name}({x.text})", FLOAT32, n), to)
    if to == BOOL:
        return CVal(f"({x.text} != 0)", BOOL, n, d.bits)
    if to in SMALL_FLOATS:
        return _narrow(h, x, to)
    if d == BOOL and n > 1:
        return _from_mask(h, x, to)
    if d.is_float and not to.is_float:
        return _saturated(h, x, to)
    if n > 1:
        target = h.type(T(short(to), n))
        return CVal(f"__builtin_convertvector({x.text}, {target})", to, n)
    return CVal(f"({T(short(to), 1).c}){x.text}", to, 1)


def _from_mask(h: Helpers, x: CVal, to: Dtype) -> CVal:
    signed = mask_as(h, x, to.bits)
    one = f"(-{signed.text})"
    if to.kind == "i":
        return CVal(one, to, x.lanes)
    target = h.type(T(short(to), x.lanes))
    return CVal(f"__builtin_convertvector({one}, {target})", to, x.lanes)


# ---- float to integer
def _saturated(h: Helpers, x: CVal, to: Dtype) -> CVal:
    a, b = T(short(x.dtype), x.lanes), T(short(to), x.lanes)
    name = f"{b.tag}_of_{a.tag}"
    return CVal(f"{h.add(name, lambda: _saturating(h, name, a, b))}({x.text})", to, x.lanes)


def _saturating(h: Helpers, name: str, a: T, b: T) -> str:
    signed = b.scalar[0] == "i"
    end = "f" if a.scalar == "f32" else ""
    high = f"0x1p{b.bits - signed}{end}"
    low = f"-{high}" if signed else f"0.0{end}"
    top = f"{'INT' if signed else 'UINT'}{b.bits}_MAX"
    bottom = f"INT{b.bits}_MIN" if signed else "0"
    h.type(a)
    if b.lanes == 1:
        inside = f"x >= {low} && x < {high} ? ({b.c})x"
        return define(
            b.c,
            name,
            f"{a.c} x",
            f"return {inside} : x >= {high} ? {top} : x < {low} ? {bottom} : 0;",
        )
    m, wide = a.mask, T(b.mask.scalar, b.lanes)
    keep = [
        f"{h.type(m)} over = x >= {high}, under = x < {low};",
        f"{m.name} fits = ~over & ~under & (x == x);",
        f"{a.name} safe = ({a.name})(({m.name})x & fits);",
        f"{h.type(b)} out = __builtin_convertvector(safe, {b.name});",
        f"{h.type(wide)} above = __builtin_convertvector(over, {wide.name});",
        f"{wide.name} below = __builtin_convertvector(under, {wide.name});",
        f"out = {h('select', b)}(above, {h('splat', b)}({top}), out);",
        f"return {h('select', b)}(below, {h('splat', b)}({bottom}), out);",
    ]
    return define(b.name, name, f"{a.name} x", *keep)


# ---- small floats
def _widen(h: Helpers, d: Dtype, n: int) -> str:
    u16, u32, f32 = T("u16", n), T("u32", n), T("f32", n)
    name = f"float_of_{d}_{n}"
    for t in (u16, u32, f32):
        h.type(t)
    wide = "raw" if n == 1 else f"__builtin_convertvector(raw, {u32.name})"
    start = f"{u32.name} u = {wide};"
    if d == BFLOAT16:
        return define(f32.name, name, f"{u16.name} raw", start, "u <<= 16;", *_as_float(n, "u"))
    lines = [
        start,
        f"{u32.name} body = u & 0x7FFFu, sign = (u & 0x8000u) << 16, moved = body << 13;",
        *_float_of_bits(n, "f", "moved"),
        # The exponent moves by 112, which also makes denormals right.
        "f *= 0x1p112f;",
        *_bits_of_float(n, "scaled", "f"),
        *_where(n, "scaled", "body >= 0x7C00u", "scaled | 0x7F800000u"),
        "scaled |= sign;",
        *_as_float(n, "scaled"),
    ]
    return define(f32.name, name, f"{u16.name} raw", *lines)


def _vector(n: int, kind: str) -> str:
    return T(kind, n).name


def _float_of_bits(n: int, name: str, bits: str) -> list[str]:
    f32 = _vector(n, "f32")
    return [f"{f32} {name};", f"memcpy(&{name}, &{bits}, sizeof {name});"]


def _bits_of_float(n: int, name: str, x: str) -> list[str]:
    u32 = _vector(n, "u32")
    return [f"{u32} {name};", f"memcpy(&{name}, &{x}, sizeof {name});"]


def _as_float(n: int, bits: str) -> list[str]:
    return [*_float_of_bits(n, "out", bits), "return out;"]


def _where(n: int, name: str, cond: str, value: str) -> list[str]:
    """`if (cond) name = value`, lane by lane."""
    if n == 1:
        return [f"{name} = {cond} ? ({value}) : {name};"]
    u32 = _vector(n, "u32")
    return [f"{name} = (({u32})({cond}) & ({value})) | (~({u32})({cond}) & {name});"]


def _narrow(h: Helpers, x: CVal, to: Dtype) -> CVal:
    n = x.lanes
    if x.dtype == FLOAT64 and to == FLOAT16:
        name = h.add(f"odd_float_{n}", lambda: _round_to_odd(h, n))
        x = CVal(f"{name}({x.text})", FLOAT32, n)
    elif x.dtype != FLOAT32:
        x = convert(h, x, FLOAT32)
    name = h.add(f"{to}_of_float_{n}", lambda: _narrowing(h, to, n))
    return CVal(f"{name}({x.text})", to, n)


def _narrowing(h: Helpers, to: Dtype, n: int) -> str:
    u16, u32, f32 = T("u16", n), T("u32", n), T("f32", n)
    for t in (u16, u32, f32):
        h.type(t)
    lines = [*_bits_of_float(n, "u", "x"), f"{u32.name} body = u & 0x7FFFFFFFu, out;"]
    lines += _brain(n) if to == BFLOAT16 else _half(n)
    done = f"__builtin_convertvector(out, {u16.name})" if n > 1 else "(uint16_t)out"
    return define(u16.name, f"{to}_of_float_{n}", f"{f32.name} x", *lines, f"return {done};")


def _brain(n: int) -> list[str]:
    rounded = "out = (u + 0x7FFFu + ((u >> 16) & 1u)) >> 16;"
    return [rounded, *_where(n, "out", "body > 0x7F800000u", "(u >> 16) | 0x40u")]


def _half(n: int) -> list[str]:
    """Normal numbers round by an addition that carries; 0.5 + x rounds a denormal."""
    return [
        "out = (body - 0x38000000u + 0xFFFu + ((body >> 13) & 1u)) >> 13;",
        *_float_of_bits(n, "tiny", "body"),
        "tiny += 0.5f;",
        *_bits_of_float(n, "small", "tiny"),
        *_where(n, "out", "body < 0x38800000u", "small - 0x3F000000u"),
        *_where(n, "out", "body >= 0x477FF000u", "body * 0u + 0x7C00u"),
        *_where(n, "out", "body > 0x7F800000u", "body * 0u + 0x7E00u"),
        "out |= (u & 0x80000000u) >> 16;",
    ]


def _round_to_odd(h: Helpers, n: int) -> str:
    """double to float so that rounding once more to half is as if it were done once."""
    name, f32, f64 = f"odd_float_{n}", T("f32", n), T("f64", n)
    for t in (f32, f64):
        h.type(t)
    single = [
        "float f = (float)v;", "double back = (double)f;", "uint32_t u;",
        "memcpy(&u, &f, sizeof u);",
        "if (back == back && back != v && !(u & 1u))",
        "    u += (back < 0 ? -back : back) > (v < 0 ? -v : v) ? UINT32_MAX : 1u;",
        "memcpy(&f, &u, sizeof f);",
    ]  # fmt: skip
    if n == 1:
        return define("float", name, "double v", *single, "return f;")
    one = h.add("odd_float_1", lambda: _round_to_odd(h, 1))
    return define(f32.name, name, f"{f64.name} x", *lanes(f32, f"{one}(x[l])"))
