"""The table of inline C functions, and those that move lanes: memory, splats, folds."""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen.c_arithmetic import ARITHMETIC
from polyc.codegen.c_parts import PARTS
from polyc.codegen.c_text import Helpers, T, define, lanes


def helpers() -> Helpers:
    """None is written yet."""
    return Helpers(_WRITERS)


# ---- memory
def _load(h: Helpers, name: str, t: T) -> str:
    lines = (f"{t.name} out;", "memcpy(&out, p, sizeof out);", "return out;")
    return define(t.name, name, f"const {t.c} *p", *lines)


def _store(h: Helpers, name: str, t: T) -> str:
    return define("void", name, f"{t.c} *p, {t.name} x", "memcpy(p, &x, sizeof x);")


def _stream(h: Helpers, name: str, t: T) -> str:
    """Past the caches, where the processor can; p is a multiple of the vector's size."""
    width = t.lanes * t.bits
    macro = {512: "__AVX512F__", 256: "__AVX__", 128: "__SSE2__"}.get(width)
    plain = "memcpy(p, &x, sizeof x);"
    parameters = f"{t.c} *p, {t.name} x"
    if macro is None:
        return define("void", name, parameters, plain)
    prefix, kind = "" if width == 128 else width, f"__m{width}i"
    fast = f"_mm{prefix}_stream_si{width}(({kind} *)p, ({kind})x);"
    return define("void", name, parameters, f"#ifdef {macro}", fast, "#else", plain, "#endif")


_MASKED = {("f32", 16): "ps", ("f64", 8): "pd", ("i32", 16): "epi32", ("i64", 8): "epi64"}


def _load_some(h: Helpers, name: str, t: T) -> str:
    """Lanes l < n; the others are 0 and are not touched."""
    plain = (
        f"{t.name} out = {{0}};",
        f"for (int l = 0; l < {t.lanes} && l < n; l++) out[l] = p[l];",
    )
    kind = _MASKED.get((t.scalar, t.lanes))
    if kind is None:
        return define(t.name, name, f"const {t.c} *p, int64_t n", *plain, "return out;")
    fast = f"return ({t.name})_mm512_maskz_loadu_{kind}({_mask_of(t)}, p);"
    return define(
        t.name,
        name,
        f"const {t.c} *p, int64_t n",
        *("#ifdef __AVX512F__", fast, "#else", *plain, "return out;", "#endif"),
    )


def _mask_of(t: T) -> str:
    count = f"(n >= {t.lanes} ? {t.lanes} : n < 0 ? 0 : n)"
    return f"(__mmask{max(t.lanes, 8)})((1u << {count}) - 1u)"


def _store_some(h: Helpers, name: str, t: T) -> str:
    plain = f"for (int l = 0; l < {t.lanes} && l < n; l++) p[l] = x[l];"
    parameters = f"{t.c} *p, {t.name} x, int64_t n"
    kind = _MASKED.get((t.scalar, t.lanes))
    if kind is None:
        return define("void", name, parameters, plain)
    cast = {"ps": "__m512", "pd": "__m512d"}.get(kind, "__m512i")
    fast = f"_mm512_mask_storeu_{kind}(p, {_mask_of(t)}, ({cast})x);"
    return define("void", name, parameters, "#ifdef __AVX512F__", fast, "#else", plain, "#endif")


def _load_by(h: Helpers, name: str, t: T) -> str:
    loop = f"for (int l = 0; l < {t.lanes} && l < n; l++) out[l] = p[l * by];"
    parameters = f"const {t.c} *p, int64_t by, int64_t n"
    return define(t.name, name, parameters, f"{t.name} out = {{0}};", loop, "return out;")


def _store_by(h: Helpers, name: str, t: T) -> str:
    loop = f"for (int l = 0; l < {t.lanes} && l < n; l++) p[l * by] = x[l];"
    return define("void", name, f"{t.c} *p, int64_t by, {t.name} x, int64_t n", loop)


def _gather(h: Helpers, name: str, t: T) -> str:
    loop = f"for (int l = 0; l < {t.lanes} && l < n; l++) out[l] = p[at[l] + l * by];"
    at = h.type(T("i64", t.lanes))
    parameters = f"const {t.c} *p, {at} at, int64_t by, int64_t n"
    return define(t.name, name, parameters, f"{t.name} out = {{0}};", loop, "return out;")


# ---- lanes
def _splat(h: Helpers, name: str, t: T) -> str:
    return define(t.name, name, f"{t.c} x", f"return ({t.name}){{{', '.join(['x'] * t.lanes)}}};")


def _range(h: Helpers, name: str, t: T) -> str:
    u = t.unsigned.c
    expression = f"({t.c})(({u})first + ({u})l * ({u})step)"
    return define(t.name, name, f"{t.c} first, {t.c} step", *lanes(t, expression))


def _select(h: Helpers, name: str, t: T) -> str:
    m = h.type(t.mask)
    line = f"return ({t.name})((mask & ({m})yes) | (~mask & ({m})no));"
    return define(t.name, name, f"{m} mask, {t.name} yes, {t.name} no", line)


def _fold(h: Helpers, name: str, t: T) -> str:
    op = name.split("_")[1]
    combine = {"add": "+", "mul": "*"}.get(op) if t.is_float else None
    if combine:
        expression = f"x[l] {combine} x[l + half]"
    else:
        expression = f"{h(op, T(t.scalar, 1))}(x[l], x[l + half])"
    outer = f"for (int half = {t.lanes // 2}; half; half /= 2)"
    return define(
        t.c,
        name,
        f"{t.name} x",
        outer,
        f"    for (int l = 0; l < half; l++) x[l] = {expression};",
        "return x[0];",
    )


def _any(h: Helpers, name: str, t: T) -> str:
    return define(
        "bool",
        name,
        f"{t.name} x",
        "bool out = false;",
        f"for (int l = 0; l < {t.lanes}; l++) out |= x[l] != 0;",
        "return out;",
    )


def _all(h: Helpers, name: str, t: T) -> str:
    return define(
        "bool",
        name,
        f"{t.name} x",
        "bool out = true;",
        f"for (int l = 0; l < {t.lanes}; l++) out &= x[l] != 0;",
        "return out;",
    )


_WRITERS: dict[str, Callable[..., str]] = {
    **ARITHMETIC,
    **PARTS,
    "load": _load,
    "store": _store,
    "stream": _stream,
    "load_some": _load_some,
    "store_some": _store_some,
    "load_by": _load_by,
    "store_by": _store_by,
    "gather": _gather,
    "splat": _splat,
    "range": _range,
    "select": _select,
    **{f"fold_{op}": _fold for op in ("add", "mul", "min", "max", "and", "or")},
    "any": _any,
    "all": _all,
}
