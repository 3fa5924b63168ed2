"""Inline C functions for arithmetic: what GNU vectors have no operator for."""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen.c_text import Helpers, T, define, lanes

_X86 = {
    64: ("__AVX512F__", "_mm512", "__m512"),
    32: ("__FMA__", "_mm256", "__m256"),
    16: ("__FMA__", "_mm", "__m128"),
}


def intrinsic(
    h: Helpers, t: T, call: str, parameters: str, plain: tuple[str, ...], name: str, macro: str = ""
) -> str:
    """x86's instruction where the compiler may use it: compilers do not find it by themselves.

    What is wider than a register is done by halves.
    """
    size = t.bits // 8 * t.lanes if t.lanes > 1 and t.is_float else 0
    if size > 64:
        return define(t.name, name, parameters, *_by_halves(h, name, t, parameters))
    facts = _X86.get(size)
    if facts is None:
        return define(t.name, name, parameters, *plain)
    usual, prefix, kind = facts
    cast = f"({kind}{'d' if t.scalar == 'f64' else ''})"
    end = "pd" if t.scalar == "f64" else "ps"
    fast = call.replace("MM", prefix).replace("CAST", cast).replace("PS", end)
    guard = (f"#ifdef {macro or usual}", f"return ({t.name}){fast};", "#else", *plain, "#endif")
    return define(t.name, name, parameters, *guard)


def _by_halves(h: Helpers, name: str, t: T, parameters: str) -> tuple[str, ...]:
    half = T(t.scalar, t.lanes // 2)
    one, size = h(name.split("_")[0], half), t.bits // 16 * t.lanes
    names = [p.split()[-1] for p in parameters.split(",")]
    return (
        f"{half.name} {', '.join(f'{n}_[2]' for n in names)}, out_[2];",
        f"{t.name} out;",
        *(f"memcpy({n}_, &{n}, {2 * size});" for n in names),
        *(f"out_[{k}] = {one}({', '.join(f'{n}_[{k}]' for n in names)});" for k in (0, 1)),
        f"memcpy(&out, out_, {2 * size});",
        "return out;",
    )


def builtin(t: T, fn: str) -> str:
    return f"__builtin_{fn}{'f' if t.scalar == 'f32' else ''}"


def _fma(h: Helpers, name: str, t: T) -> str:
    parameters = f"{t.name} a, {t.name} b, {t.name} c"
    if t.lanes == 1:
        return define(t.name, name, parameters, f"return {builtin(t, 'fma')}(a, b, c);")
    plain = lanes(t, f"{builtin(t, 'fma')}(a[l], b[l], c[l])")
    return intrinsic(h, t, "MM_fmadd_PS(CAST a, CAST b, CAST c)", parameters, plain, name)


_ROUND = {"floor": (9, "floor"), "ceil": (10, "ceil"), "trunc": (11, "trunc"), "rint": (8, "rint")}


def _rounded(h: Helpers, name: str, t: T) -> str:
    number, fn = _ROUND[name.split("_")[0]]
    if t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return {builtin(t, fn)}(x);")
    word = "roundscale" if t.bits // 8 * t.lanes == 64 else "round"
    plain = lanes(t, f"{builtin(t, fn)}(x[l])")
    return intrinsic(h, t, f"MM_{word}_PS(CAST x, {number})", f"{t.name} x", plain, name)


def _sqrt(h: Helpers, name: str, t: T) -> str:
    if t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return {builtin(t, 'sqrt')}(x);")
    plain = lanes(t, f"{builtin(t, 'sqrt')}(x[l])")
    return intrinsic(h, t, "MM_sqrt_PS(CAST x)", f"{t.name} x", plain, name)


def _abs(h: Helpers, name: str, t: T) -> str:
    if t.is_float and t.lanes == 1:
        return define(t.name, name, f"{t.name} x", f"return {builtin(t, 'fabs')}(x);")
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
        return define(t.name, name, parameters, f"return {builtin(t, 'copysign')}(x, y);")
    u = h.type(t.unsigned)
    line = f"return ({t.name})((({u})x << 1 >> 1) | (({u})y >> {t.bits - 1} << {t.bits - 1}));"
    return define(t.name, name, parameters, line)


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


def _bitwise(_h: Helpers, name: str, t: T) -> str:
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


def _remainder(_h: Helpers, name: str, t: T) -> str:
    if t.lanes == 1:
        return define(
            t.name, name, f"{t.name} x, {t.name} y", f"return {builtin(t, 'fmod')}(x, y);"
        )
    expression = f"{builtin(t, 'fmod')}(x[l], y[l])"
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
    return intrinsic(h, t, call, f"{t.name} x, {t.name} y", plain, name)


ARITHMETIC: dict[str, Callable[..., str]] = {
    "fma": _fma,
    "sqrt": _sqrt,
    "abs": _abs,
    "copysign": _copysign,
    "floor": _rounded,
    "ceil": _rounded,
    "trunc": _rounded,
    "rint": _rounded,
    "add": _wrapping,
    "sub": _wrapping,
    "mul": _wrapping,
    "shl": _wrapping,
    "neg": _neg,
    "and": _bitwise,
    "or": _bitwise,
    "xor": _bitwise,
    "shr": _bitwise,
    "div": _divided,
    "rem": _divided,
    "fmod": _remainder,
    "min": _extreme,
    "max": _extreme,
    "fmin": _extreme,
    "fmax": _extreme,
    "least": _better,
    "most": _better,
}
