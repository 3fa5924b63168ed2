"""The small inline functions at the top of generated C, each written only where it is used.

A helper is asked for by name: what it does, then the types it does it on, `select_f32x16`. The
table maps the first part to a function that writes the C.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from polyc.codegen.c_types import vector_typedefs


class T(NamedTuple):
    """A C type: f32x16, or f32 for the scalar."""

    scalar: str  # f32
    lanes: int

    @property
    def name(self) -> str:
        return f"{self.scalar}x{self.lanes}" if self.lanes > 1 else self.c

    @property
    def tag(self) -> str:
        return f"{self.scalar}x{self.lanes}" if self.lanes > 1 else self.scalar

    @property
    def c(self) -> str:
        if self.scalar[0] == "f":
            return "float" if self.scalar == "f32" else "double"
        return f"{'u' if self.scalar[0] == 'u' else ''}int{self.scalar[1:]}_t"

    @property
    def bits(self) -> int:
        return int(self.scalar[1:])

    @property
    def mask(self) -> T:
        return T(f"i{self.bits}", self.lanes)

    @property
    def unsigned(self) -> T:
        return T(f"u{self.bits}", self.lanes)

    @property
    def is_float(self) -> bool:
        return self.scalar[0] == "f"


@dataclass(slots=True)
class Helpers:
    """Those asked for so far, in an order in which C can read them."""

    types: dict[str, None] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)

    def type(self, t: T) -> str:
        if t.lanes > 1:
            self.types[t.name] = None
        return t.name

    def __call__(self, what: str, *types: T) -> str:
        """The name of a helper, which is written if it is new."""
        name = "_".join([what, *(t.tag for t in types)])
        if name not in self.functions:
            for t in types:
                self.type(t)
            text = _WRITERS[what](self, name, *types)
            self.functions[name] = text
        return name

    def add(self, name: str, text: Callable[[], str]) -> str:
        if name not in self.functions:
            self.functions[name] = text()
        return name

    def text(self) -> str:
        return "\n".join([*vector_typedefs(list(self.types)), *self.functions.values()])


def define(result: str, name: str, parameters: str, *lines: str) -> str:
    body = "\n".join(line if line.startswith("#") else f"    {line}" for line in lines)
    return f"INLINE {result} {name}({parameters}) {{\n{body}\n}}"


def lanes(t: T, expression: str, more: str = "") -> tuple[str, ...]:
    """A vector computed lane by lane."""
    loop = f"for (int l = 0; l < {t.lanes}; l++) out[l] = {expression};"
    return (f"{t.name} out{more};", loop, "return out;")


# ---- memory
def _load(h: Helpers, name: str, t: T) -> str:
    lines = (f"{t.name} out;", "memcpy(&out, p, sizeof out);", "return out;")
    return define(t.name, name, f"const {t.c} *p", *lines)


def _store(h: Helpers, name: str, t: T) -> str:
    return define("void", name, f"{t.c} *p, {t.name} x", "memcpy(p, &x, sizeof x);")


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


# ---- arithmetic
_X86 = {
    64: ("__AVX512F__", "_mm512", "__m512"),
    32: ("__FMA__", "_mm256", "__m256"),
    16: ("__FMA__", "_mm", "__m128"),
}


def _intrinsic(t: T, call: str, parameters: str, plain: tuple[str, ...], name: str) -> str:
    """x86's instruction where the compiler may use it: compilers do not find it by themselves."""
    facts = _X86.get(t.bits // 8 * t.lanes) if t.lanes > 1 and t.is_float else None
    if facts is None:
        return define(t.name, name, parameters, *plain)
    macro, prefix, kind = facts
    cast = f"({kind}{'d' if t.scalar == 'f64' else ''})"
    end = "pd" if t.scalar == "f64" else "ps"
    fast = call.replace("MM", prefix).replace("CAST", cast).replace("PS", end)
    guard = (f"#ifdef {macro}", f"return ({t.name}){fast};", "#else", *plain, "#endif")
    return define(t.name, name, parameters, *guard)


def _builtin(t: T, fn: str) -> str:
    return f"__builtin_{fn}{'f' if t.scalar == 'f32' else ''}"


def _fma(h: Helpers, name: str, t: T) -> str:
    parameters = f"{t.name} a, {t.name} b, {t.name} c"
    if t.lanes == 1:
        return define(t.name, name, parameters, f"return {_builtin(t, 'fma')}(a, b, c);")
    plain = lanes(t, f"{_builtin(t, 'fma')}(a[l], b[l], c[l])")
    return _intrinsic(t, "MM_fmadd_PS(CAST a, CAST b, CAST c)", parameters, plain, name)


_ROUND = {"floor": (9, "floor"), "ceil": (10, "ceil"), "trunc": (11, "trunc"), "rint": (8, "rint")}


def _rounded(h: Helpers, name: str, t: T) -> str:
    number, fn = _ROUND[name.split("_")[0]]
    if t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return {_builtin(t, fn)}(x);")
    word = "roundscale" if t.bits // 8 * t.lanes == 64 else "round"
    plain = lanes(t, f"{_builtin(t, fn)}(x[l])")
    return _intrinsic(t, f"MM_{word}_PS(CAST x, {number})", f"{t.name} x", plain, name)


def _sqrt(h: Helpers, name: str, t: T) -> str:
    if t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return {_builtin(t, 'sqrt')}(x);")
    plain = lanes(t, f"{_builtin(t, 'sqrt')}(x[l])")
    return _intrinsic(t, "MM_sqrt_PS(CAST x)", f"{t.name} x", plain, name)


def _abs(h: Helpers, name: str, t: T) -> str:
    if t.is_float and t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return {_builtin(t, 'fabs')}(x);")
    if t.is_float:
        line = f"return ({t.name})(({h.type(t.unsigned)})x << 1 >> 1);"
        return define(t.name, name, f"{t.name} x", line)
    negative = f"{h('neg', t)}(x)"
    if t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return x < 0 ? {negative} : x;")
    return define(t.name, name, f"{t.name} x", f"return {h('select', t)}(x < 0, {negative}, x);")


def _copysign(h: Helpers, name: str, t: T) -> str:
    parameters = f"{t.name} x, {t.name} y"
    if t.lanes == 1:
        return define(t.name, name, parameters, f"return {_builtin(t, 'copysign')}(x, y);")
    u = h.type(t.unsigned)
    line = f"return ({t.name})((({u})x << 1 >> 1) | (({u})y >> {t.bits - 1} << {t.bits - 1}));"
    return define(t.name, name, parameters, line)


def _scale(h: Helpers, name: str, t: T) -> str:
    """x * 2^y by two factors, so that a denormal rounds once; AVX-512 has an instruction."""
    magic, bias, shift = (23, 254, 23) if t.scalar == "f32" else (52, 2046, 52)
    u = h.type(t.unsigned)
    plain = (
        f"{t.name} biased = y + ({t.c})(0x1.8p{magic} + {bias}.0), one, two;",
        f"{u} i, half;",
        "memcpy(&i, &biased, sizeof i);",
        "half = i >> 1;",
        f"i = (i - half) << {shift};",
        f"half <<= {shift};",
        "memcpy(&one, &half, sizeof one);",
        "memcpy(&two, &i, sizeof two);",
        "return x * one * two;",
    )
    parameters = f"{t.name} x, {t.name} y"
    if t.bits // 8 * t.lanes < 64:
        return define(t.name, name, parameters, *plain)
    return _intrinsic(t, "MM_scalef_PS(CAST x, CAST y)", parameters, plain, name)


def _wrapping(h: Helpers, name: str, t: T) -> str:
    """Signed and narrow integers through unsigned ones, which wrap."""
    sign = {"add": "+", "sub": "-", "mul": "*", "shl": "<<"}[name.split("_")[0]]
    u = h.type(t.unsigned)
    if t.lanes == 1 and t.bits < 32:
        u = "uint32_t"
    line = f"return ({t.name})(({u})x {sign} ({u})y);"
    return define(t.name, name, f"{t.name} x, {t.name} y", line)


def _neg(h: Helpers, name: str, t: T) -> str:
    u = h.type(t.unsigned) if t.lanes > 1 or t.bits >= 32 else "uint32_t"
    zero = "0u" if t.lanes == 1 else f"({u}){{0}}"
    return define(t.name, name, f"{t.name} x", f"return ({t.name})({zero} - ({u})x);")


def _bitwise(h: Helpers, name: str, t: T) -> str:
    sign = {"and": "&", "or": "|", "xor": "^", "shr": ">>"}[name.split("_")[0]]
    return define(t.name, name, f"{t.name} x, {t.name} y", f"return ({t.name})(x {sign} y);")


def _divided(h: Helpers, name: str, t: T) -> str:
    """0 for a zero divisor; the least integer over -1 wraps."""
    sign = "/" if name.startswith("div") else "%"
    parameters = f"{t.name} x, {t.name} y"
    if t.lanes > 1:
        one = h(name.split("_")[0], T(t.scalar, 1))
        return define(t.name, name, parameters, *lanes(t, f"{one}(x[l], y[l])"))
    guard = []
    if t.scalar[0] == "i":
        wrapped = f"{h('neg', t)}(x)" if sign == "/" else "0"
        guard = [f"if (y == -1) return {wrapped};"]
    return define(
        t.name, name, parameters, *guard, f"return y == 0 ? 0 : ({t.c})(x {sign} (y == 0 ? 1 : y));"
    )


def _remainder(h: Helpers, name: str, t: T) -> str:
    if t.lanes == 1:
        return define(
            t.name, name, f"{t.name} x, {t.name} y", f"return {_builtin(t, 'fmod')}(x, y);"
        )
    expression = f"{_builtin(t, 'fmod')}(x[l], y[l])"
    return define(t.name, name, f"{t.name} x, {t.name} y", *lanes(t, expression))


def _extreme(h: Helpers, name: str, t: T) -> str:
    """min and max propagate NaN, fmin and fmax prefer numbers; zeros count as equal."""
    what = name.split("_")[0]
    order = "<" if what.endswith("min") else ">"
    parameters = f"{t.name} x, {t.name} y"
    first = "y" if what.startswith("f") else "x"  # whose NaN the comparison does not handle
    if t.lanes == 1:
        best = f"x {order} y ? x : y"
        line = f"{first} != {first} ? x : ({best})" if t.is_float else best
        return define(t.name, name, parameters, f"return {line};")
    select = h("select", t)
    if not t.is_float:
        return define(t.name, name, parameters, f"return {select}(x {order} y, x, y);")
    best = h("least" if order == "<" else "most", t)
    return define(
        t.name, name, parameters, f"return {select}({first} != {first}, x, {best}(x, y));"
    )


def _better(h: Helpers, name: str, t: T) -> str:
    """x where it is better than y, else y: y where one is NaN."""
    order, word = ("<", "min") if name.startswith("least") else (">", "max")
    plain = (f"return {h('select', t)}(x {order} y, x, y);",)
    call = f"MM_{word}_PS(CAST x, CAST y)"
    return _intrinsic(t, call, f"{t.name} x, {t.name} y", plain, name)


_WRITERS: dict[str, Callable[..., str]] = {
    "load": _load, "store": _store, "load_some": _load_some, "store_some": _store_some,
    "load_by": _load_by, "store_by": _store_by, "gather": _gather,
    "splat": _splat, "range": _range, "select": _select,
    **{f"fold_{op}": _fold for op in ("add", "mul", "min", "max", "and", "or")},
    "any": _any, "all": _all,
    "fma": _fma, "sqrt": _sqrt, "abs": _abs, "copysign": _copysign, "scale": _scale,
    "floor": _rounded, "ceil": _rounded, "trunc": _rounded, "rint": _rounded,
    "add": _wrapping, "sub": _wrapping, "mul": _wrapping, "shl": _wrapping, "neg": _neg,
    "and": _bitwise, "or": _bitwise, "xor": _bitwise, "shr": _bitwise,
    "div": _divided, "rem": _divided, "fmod": _remainder,
    "min": _extreme, "max": _extreme, "fmin": _extreme, "fmax": _extreme,
    "least": _better, "most": _better,
}  # fmt: skip
