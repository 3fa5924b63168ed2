"""Sums of products of neighbours in C: an intrinsic where the compiler has it, else a loop."""

from __future__ import annotations

from polyc.codegen.c_convert import convert
from polyc.codegen.c_text import Helpers, T, define
from polyc.codegen.c_types import CVal, bare, short

_INTRINSICS = {  # operands in this order -> macro, intrinsic, type of an operand, of the sum
    ("uint8", "int8"): ("__AVX512VNNI__", "dpbusd_epi32", "__m512i", "__m512i"),
    ("int16", "int16"): ("__AVX512VNNI__", "dpwssd_epi32", "__m512i", "__m512i"),
    ("bfloat16", "bfloat16"): ("__AVX512BF16__", "dpbf16_ps", "__m512bh", "__m512"),
}


def dot(h: Helpers, a: CVal, b: CVal, c: CVal) -> CVal:
    """c + the products of a and b, lanes(a) / lanes(c) of them in each lane."""
    if (b.dtype.name, a.dtype.name) in _INTRINSICS:
        a, b = b, a
    x, y, t = T(short(a.dtype), a.lanes), T(short(b.dtype), b.lanes), T(short(c.dtype), c.lanes)
    name = f"dot_{a.dtype}_{b.dtype}_{t.tag}"
    h.add(name, lambda: _function(h, name, (a, x), (b, y), (c, t)))
    return CVal(f"{name}({bare(c.text)}, {bare(a.text)}, {bare(b.text)})", c.dtype, c.lanes)


def _function(
    h: Helpers, name: str, a: tuple[CVal, T], b: tuple[CVal, T], c: tuple[CVal, T]
) -> str:
    x, y, t = a[1], b[1], c[1]
    plain = _loop(h, a, b, c)
    parameters = f"{h.type(t)} c, {h.type(x)} a, {h.type(y)} b"
    found = _INTRINSICS.get((a[0].dtype.name, b[0].dtype.name))
    if found is None or t.lanes != 16:
        return define(t.name, name, parameters, *plain)
    macro, intrinsic, operand, total = found
    call = f"_mm512_{intrinsic}(({total})c, ({operand})a, ({operand})b)"
    fast = f"return ({t.name}){call};"
    return define(t.name, name, parameters, f"#ifdef {macro}", fast, "#else", *plain, "#endif")


def _loop(h: Helpers, a: tuple[CVal, T], b: tuple[CVal, T], c: tuple[CVal, T]) -> list[str]:
    """Integers are added as unsigned ones, which wrap."""
    (_, x), (total, t) = a, c
    terms = x.lanes // t.lanes
    texts = [
        convert(h, CVal(f"{v}[{terms} * l + p]", operand.dtype, 1), total.dtype).text
        for v, (operand, _) in (("a", a), ("b", b))
    ]
    if t.is_float:
        step = f"c[l] += {texts[0]} * {texts[1]};"
    else:
        step = f"c[l] = ({t.c})((uint32_t)c[l] + (uint32_t)({texts[0]} * {texts[1]}));"
    return [
        f"for (int l = 0; l < {t.lanes}; l++)",
        f"    for (int p = 0; p < {terms}; p++)",
        f"        {step}",
        "return c;",
    ]
