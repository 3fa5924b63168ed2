"""Arithmetic in LLVM IR: every operation of a `LoopNest` on values that have been computed.

No fast-math flag is ever set: what may be contracted or reassociated is in the nest already.
"""

from __future__ import annotations

from collections.abc import Callable

from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_types import Val, constant, register_type, suffix
from polyc.codegen.loops import COMPARISONS, Lit
from polyc.errors import InternalError
from polyc.frontend.dtypes import BOOL, FLOAT32, Dtype

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
    best = select(f, compare(f, "<" if op.endswith("min") else ">", x, y), x, y)
    if not x.dtype.is_float:
        return best
    if op in ("min", "max"):
        return select(f, _is_nan(f, x), x, best)  # a NaN of y is in `best` already
    return select(f, _is_nan(f, y), x, best)  # C's: a NaN of x took y already


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
        return intrinsic(f, op, x, y)  # copysign
    if op in ("/", "%"):
        return _division(f, op, x, y)
    word = ("ashr" if d.kind == "i" else "lshr") if op == "shr" else _INTEGER[op]
    return instruction(f, f"{word} {x.typed}, {y.text}", d, x.lanes)


def unary(f: Function, op: str, x: Val) -> Val:
    d = x.dtype
    if op == "neg":
        if d.is_float:
            return instruction(f, f"fneg {x.typed}", d, x.lanes)
        return binary(f, "-", constant(0, d, x.lanes), x)
    if op == "not":
        ones = constant(True if d == BOOL else -1, d, x.lanes)
        return instruction(f, f"xor {x.typed}, {ones.text}", d, x.lanes)
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


def shuffle(f: Function, x: Val, lanes: list[int]) -> Val:
    order = f"<{len(lanes)} x i32> <{', '.join(f'i32 {n}' for n in lanes)}>"
    if len(lanes) == 1:
        return lane(f, x, lanes[0])
    text = f"shufflevector {x.typed}, {x.type} poison, {order}"
    return instruction(f, text, x.dtype, len(lanes))


def fold(f: Function, combine: Callable[[Val, Val], Val], x: Val) -> Val:
    """Halves are combined until one lane is left."""
    if x.lanes & (x.lanes - 1):
        raise InternalError(f"fold of {x.lanes} lanes, which is no power of two")
    while x.lanes > 1:
        half = x.lanes // 2
        low = shuffle(f, x, list(range(half)))
        x = combine(low, shuffle(f, x, list(range(half, x.lanes))))
    return x


def libm(f: Function, fn: str, args: tuple[Val, ...]) -> Val:
    """A function of the C library, lane by lane. errno is nobody's business here."""
    d, parts = args[0].dtype, []
    for number in range(args[0].lanes):
        scalars = tuple(lane(f, a, number) for a in args)
        name = call(f, fn, register_type(d), scalars, " nounwind willreturn memory(none)")
        parts.append(Val(name, d, 1))
    return gather_lanes(f, parts)
