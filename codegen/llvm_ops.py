"""Arithmetic in LLVM IR: every operation of a `LoopNest` on values that have been computed.

No fast-math flag is ever set: what may be contracted or reassociated is in the nest already.
"""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen import llvm_x86
from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_types import Val, constant, register_type, suffix
from polyc.codegen.loops import COMPARISONS, Lit
from polyc.errors import InternalError
from polyc.frontend.dtypes import BOOL, DTYPES, FLOAT32, UINT32, UINT64, Dtype

_FLOAT = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
_INTEGER = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "and": "and",
    "or": "or",
    "xor": "xor",
    "shl": "shl",
}
_ORDERED = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "==": "oeq", "!=": "une"}
_INT_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def instruction(f: Function, text: str, dtype: Dtype, lanes: int) -> Val:
    return Val(f.op(text), dtype, lanes)


def call(f: Function, name: str, result: str, args: tuple[Val, ...], attributes: str = "") -> str:
    """A call of a declared function; the name of its result."""
    f.module.declare(f"declare {result} @{name}({', '.join(a.type for a in args)}){attributes}")
    return f.op(f"call {result} @{name}({', '.join(a.typed for a in args)})")


def intrinsic(f: Function, name: str, *args: Val) -> Val:
    x = args[0]
    return Val(call(f, f"llvm.{name}.{suffix(x.dtype, x.lanes)}", x.type, args), x.dtype, x.lanes)


def compare(f: Function, op: str, x: Val, y: Val) -> Val:
    if x.dtype.is_float:
        text = f"fcmp {_ORDERED[op]} {x.typed}, {y.text}"
    else:
        sign = "s" if x.dtype.kind == "i" else "u"
        word = {"==": "eq", "!=": "ne"}.get(op) or sign + _INT_COMPARE[op]
        text = f"icmp {word} {x.typed}, {y.text}"
    return instruction(f, text, BOOL, x.lanes)


def select(f: Function, cond: Val, yes: Val, no: Val) -> Val:
    return instruction(f, f"select {cond.typed}, {yes.typed}, {no.typed}", yes.dtype, yes.lanes)


def _is_nan(f: Function, x: Val) -> Val:
    return instruction(f, f"fcmp uno {x.typed}, {x.text}", BOOL, x.lanes)


def _extreme(f: Function, op: str, x: Val, y: Val) -> Val:
    """One vmaxps takes y where the operands are unordered; the other NaN needs a blend."""
    best = _better(f, op[-3:], x, y)
    if not x.dtype.is_float:
        return best
    if op in ("min", "max"):
        return select(f, _is_nan(f, x), x, best)  # a NaN of y is in `best` already
    return select(f, _is_nan(f, y), x, best)  # C's: a NaN of x took y already


_X86_EXTREME = {  # by bits of the vector
    512: ("avx512", ".512", ", i32 4"),
    256: ("avx", ".256", ""),
    128: ("sse", "", ""),
}


def _better(f: Function, op: str, x: Val, y: Val) -> Val:
    """x where it is better than y, else y: y where one is NaN.

    As x86's intrinsic where that is one, for LLVM would merge the comparison with the blend that
    follows into two comparisons.
    """
    width = x.lanes * x.dtype.bits
    t = f.module.target
    x86 = x.dtype.is_float and x.lanes > 1 and t.triple.startswith("x86_64")
    if not (x86 and width in _X86_EXTREME and width <= t.vector_bytes * 8):
        return select(f, compare(f, "<" if op == "min" else ">", x, y), x, y)
    family, end, rounding = _X86_EXTREME[width]
    kind = "ps" if x.dtype == FLOAT32 else "pd"
    name = f"llvm.x86.{family}{'2' if family == 'sse' and kind == 'pd' else ''}.{op}.{kind}{end}"
    declared = f"declare {x.type} @{name}({x.type}, {x.type}{', i32' if rounding else ''})"
    f.module.declare(declared)
    text = f"call {x.type} @{name}({x.typed}, {y.typed}{rounding})"
    return instruction(f, text, x.dtype, x.lanes)


def _division(f: Function, op: str, x: Val, y: Val) -> Val:
    """Never traps: 0 for a zero divisor, and the least integer over -1 wraps."""
    d = x.dtype
    word = ("s" if d.kind == "i" else "u") + ("div" if op == "/" else "rem")
    zero = constant(0, d, x.lanes)
    by_zero = compare(f, "==", y, zero)
    unsafe = by_zero
    if d.kind == "i":
        least = compare(f, "==", x, constant(-(1 << (d.bits - 1)), d, x.lanes))
        minus = compare(f, "==", y, constant(-1, d, x.lanes))
        wraps = binary(f, "and", least, minus)
        unsafe = binary(f, "or", by_zero, wraps)
    safe = select(f, unsafe, constant(1, d, x.lanes), y)
    out = instruction(f, f"{word} {x.typed}, {safe.text}", d, x.lanes)
    return select(f, by_zero, zero, out)


def divide_by_literal(f: Function, op: str, x: Val, divisor: Lit) -> Val:
    """An integer quotient or remainder by a number: LLVM multiplies by its reciprocal."""
    value = int(divisor.value)
    if value == 0:
        return constant(0, x.dtype, x.lanes)
    y = constant(value, x.dtype, x.lanes)
    if value == -1:
        return _division(f, op, x, y)
    word = ("s" if x.dtype.kind == "i" else "u") + ("div" if op == "/" else "rem")
    return instruction(f, f"{word} {x.typed}, {y.text}", x.dtype, x.lanes)


def binary(f: Function, op: str, x: Val, y: Val) -> Val:
    d = x.dtype
    if d != y.dtype or x.lanes != y.lanes:
        raise InternalError(f"{op}: {d}<{x.lanes}> and {y.dtype}<{y.lanes}> do not match")
    if op in COMPARISONS:
        return compare(f, op, x, y)
    if op in ("min", "max", "fmin", "fmax"):
        return _extreme(f, op, x, y)
    if d.is_float:
        if op in _FLOAT:
            return instruction(f, f"{_FLOAT[op]} {x.typed}, {y.text}", d, x.lanes)
        if op == "%":
            return libm(f, "fmodf" if d == FLOAT32 else "fmod", (x, y))
        if op == "limit":
            return _by_registers(f, llvm_x86.limit, x, y)
        return scale(f, x, y) if op == "scale" else intrinsic(f, op, x, y)
    if op in ("/", "%"):
        return _division(f, op, x, y)
    word = ("ashr" if d.kind == "i" else "lshr") if op == "shr" else _INTEGER[op]
    return instruction(f, f"{word} {x.typed}, {y.text}", d, x.lanes)


_MAGIC = {"float32": (1.5 * 2.0**23, 254, 23, UINT32), "float64": (1.5 * 2.0**52, 2046, 52, UINT64)}


def scale(f: Function, x: Val, y: Val) -> Val:
    """x * 2^y. AVX-512 has it; else by two factors 2^a * 2^b, so that a denormal rounds once.

    Adding 1.5 * 2^23 leaves y, biased, in the low bits of the sum; half of it and the rest of it,
    shifted to the place of the exponent, are the factors.
    """
    n, d = x.lanes, x.dtype
    if f.module.target.avx512:
        return _by_registers(f, llvm_x86.scalef, x, y)
    magic, bias, shift, u = _MAGIC[d.name]
    i = bits(f, binary(f, "+", y, constant(magic + bias, d, n)), u)
    half = binary(f, "shr", i, constant(1, u, n))
    places = constant(shift, u, n)
    one = bits(f, binary(f, "shl", half, places), d)
    two = bits(f, binary(f, "shl", binary(f, "-", i, half), places), d)
    return binary(f, "*", binary(f, "*", x, one), two)


def _by_registers(f: Function, op: Callable[..., Val], *xs: Val) -> Val:
    """An instruction of AVX-512 on values that fill a register, several, or none."""
    x = xs[0]
    least, most = 128 // x.dtype.bits, f.module.target.vector_bytes * 8 // x.dtype.bits
    if x.lanes < least:
        again = [n % x.lanes for n in range(least)]
        wide = [shuffle(f, v, again) if v.lanes > 1 else splat(f, v, least) for v in xs]
        return shuffle(f, op(f, *wide), list(range(x.lanes)))
    if x.lanes <= most:
        return op(f, *xs)
    half = x.lanes // 2
    low, high = (
        _by_registers(f, op, *(shuffle(f, v, list(range(at, at + half))) for v in xs))
        for at in (0, half)
    )
    return shuffle(f, low, list(range(x.lanes)), high)


_PARTS = {"exponent": llvm_x86.exponent, "mantissa": llvm_x86.mantissa}


def unary(f: Function, op: str, x: Val) -> Val:
    d = x.dtype
    if op == "neg":
        if d.is_float:
            return instruction(f, f"fneg {x.typed}", d, x.lanes)
        return binary(f, "-", constant(0, d, x.lanes), x)
    if op == "not":
        ones = constant(True if d == BOOL else -1, d, x.lanes)
        return instruction(f, f"xor {x.typed}, {ones.text}", d, x.lanes)
    if op in _PARTS:
        return _by_registers(f, _PARTS[op], x)
    if d.is_float:
        return intrinsic(f, {"abs": "fabs", "rint": "roundeven"}.get(op, op), x)
    if op == "abs" and d.kind == "i":
        below = compare(f, "<", x, constant(0, d, x.lanes))
        return select(f, below, unary(f, "neg", x), x)
    return x  # whole and not negative already


def fma(f: Function, a: Val, b: Val, c: Val) -> Val:
    if f.module.target.fma:
        return intrinsic(f, "fma", a, b, c)
    return binary(f, "+", binary(f, "*", a, b), c)


def cast(f: Function, word: str, x: Val, dtype: Dtype) -> Val:
    text = f"{word} {x.typed} to {register_type(dtype, x.lanes)}"
    return instruction(f, text, dtype, x.lanes)


def bits(f: Function, x: Val, to: Dtype) -> Val:
    if register_type(x.dtype) == register_type(to):
        return Val(x.text, to, x.lanes)
    return cast(f, "bitcast", x, to)


# ---- lanes
def splat(f: Function, x: Val, lanes: int) -> Val:
    if x.lanes == lanes:
        return x
    if x.lanes > 1:  # neighbours as one wide integer
        width, count = x.lanes * x.dtype.bits, lanes // x.lanes
        raw = Val(f.op(f"bitcast {x.typed} to i{width}"), DTYPES[f"uint{width}"], 1)
        wide = splat(f, raw, count)
        text = f"bitcast {wide.typed} to {register_type(x.dtype, lanes)}"
        return instruction(f, text, x.dtype, lanes)
    if not x.text.startswith("%"):
        return Val(f"splat ({x.typed})", x.dtype, lanes)
    kind = register_type(x.dtype, lanes)
    first = f.op(f"insertelement {kind} poison, {x.typed}, i64 0")
    zeros = f"<{lanes} x i32> zeroinitializer"
    text = f"shufflevector {kind} {first}, {kind} poison, {zeros}"
    return instruction(f, text, x.dtype, lanes)


def lane(f: Function, x: Val, number: int) -> Val:
    if x.lanes == 1:
        return x
    return instruction(f, f"extractelement {x.typed}, i64 {number}", x.dtype, 1)


def gather_lanes(f: Function, parts: list[Val]) -> Val:
    """A vector from its lanes."""
    if len(parts) == 1:
        return parts[0]
    kind, out = register_type(parts[0].dtype, len(parts)), "poison"
    for number, part in enumerate(parts):
        out = f.op(f"insertelement {kind} {out}, {part.typed}, i64 {number}")
    return Val(out, parts[0].dtype, len(parts))


def shuffle(f: Function, x: Val, lanes: list[int], y: Val | None = None) -> Val:
    """The given lanes of x, or of x followed by y."""
    order = f"<{len(lanes)} x i32> <{', '.join(f'i32 {n}' for n in lanes)}>"
    if len(lanes) == 1:
        return lane(f, x, lanes[0])
    other = y.typed if y is not None else f"{x.type} poison"
    return instruction(f, f"shufflevector {x.typed}, {other}, {order}", x.dtype, len(lanes))


def fold(f: Function, combine: Callable[[Val, Val], Val], x: Val) -> Val:
    """Halves are combined until one lane is left."""
    if x.lanes & (x.lanes - 1):
        raise InternalError(f"fold of {x.lanes} lanes, which is no power of two")
    while x.lanes > 1:
        half = x.lanes // 2
        low = shuffle(f, x, list(range(half)))
        x = combine(low, shuffle(f, x, list(range(half, x.lanes))))
    return x


def libm(f: Function, fn: str, args: tuple[Val, ...], where: Val | None = None) -> Val:
    """A function of the C library, lane by lane. errno is nobody's business here."""
    if where is not None:
        return _libm_where(f, fn, args, where)
    parts = [_libm_lane(f, fn, args, number) for number in range(args[0].lanes)]
    return gather_lanes(f, parts)


def _libm_lane(f: Function, fn: str, args: tuple[Val, ...], number: int) -> Val:
    d = args[0].dtype
    scalars = tuple(lane(f, a, number) for a in args)
    name = call(f, fn, register_type(d), scalars, " nounwind willreturn memory(none)")
    return Val(name, d, 1)


def _libm_where(f: Function, fn: str, args: tuple[Val, ...], where: Val) -> Val:
    """0 in the lanes that are not chosen; one branch around everything, and one for each lane."""
    d, n = args[0].dtype, args[0].lanes
    zero = constant(0.0, d, n)
    some, end, before = f.fresh("some"), f.fresh("end"), f.label
    any_ = fold(f, lambda a, b: binary(f, "or", a, b), where)
    _branch_rarely(f, any_, some, end)
    f.start(some)
    out = zero
    for number in range(n):
        out = _put_lane(f, fn, args, (out, where), number)
    last = f.label
    f.branch(end)
    f.start(end)
    text = f"phi {zero.type} [ {zero.text}, %{before} ], [ {out.text}, %{last} ]"
    return instruction(f, text, d, n)


def _branch_rarely(f: Function, cond: Val, some: str, end: str) -> None:
    """The weights keep what is in registers there, and save and load it around the rare calls."""
    weights = f.module.metadata('!{!"branch_weights", i32 1, i32 100000}')
    f.line(f"br i1 {cond.text}, label %{some}, label %{end}, !prof {weights}")


def _put_lane(
    f: Function, fn: str, args: tuple[Val, ...], out_where: tuple[Val, Val], number: int
) -> Val:
    out, where = out_where
    now, end, before = f.fresh("lane"), f.fresh("end"), f.label
    f.line(f"br i1 {lane(f, where, number).text}, label %{now}, label %{end}")
    f.start(now)
    one = _libm_lane(f, fn, args, number)
    text = f"insertelement {out.typed}, {one.typed}, i64 {number}"
    new = instruction(f, text, out.dtype, out.lanes) if out.lanes > 1 else one
    f.branch(end)
    f.start(end)
    came = f"[ {out.text}, %{before} ], [ {new.text}, %{now} ]"
    return instruction(f, f"phi {out.type} {came}", out.dtype, out.lanes)
