"""Integers, conditions, values and memory accesses of a `LoopNest` as C expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from polyc.codegen.c_convert import convert, mask_as
from polyc.codegen.c_dot import dot
from polyc.codegen.c_memory import Where, load, shuffle, splat, store
from polyc.codegen.c_text import Helpers, T, define, lanes
from polyc.codegen.c_types import SMALL_FLOATS, CVal, Names, bare, literal, short, whole
from polyc.codegen.loops import (
    COMPARISONS,
    Aligned,
    All,
    Bin,
    Bits,
    Buffer,
    Cond,
    Convert,
    Dot,
    Fma,
    Fold,
    FromInt,
    Ge,
    Get,
    Libm,
    Lit,
    Load,
    Sel,
    Shuffle,
    Some,
    Splat,
    Un,
    Value,
)
from polyc.frontend.dtypes import BOOL, FLOAT32, INT64, UINT8, Dtype
from polyc.frontend.integers import ZERO, Atom, Extreme, FloorDiv, Int
from polyc.target import Target

_INFIX = {"+", "-", "*", "/"}
_WORDS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "rem"}


def _t(dtype: Dtype, n: int) -> T:
    return T(short(dtype), n)


@dataclass(slots=True)
class Expressions:
    """Expressions of one kernel; `local` knows the locals at the present place."""

    target: Target
    h: Helpers
    names: Names
    buffers: dict[str, Buffer]
    locals: dict[str, CVal]

    # ---- integers
    def integer(self, e: Int) -> str:
        """An int64_t expression; an operand only if it is a single name or number."""
        out = ""
        terms = (*e.terms[1:], e.terms[0]) if e.constant and len(e.terms) > 1 else e.terms
        for m, c in terms:
            factors = [self._atom(a) for a in m]
            if not m or abs(c) != 1:
                factors.insert(0, whole(abs(c)))
            body = " * ".join(factors)
            out += (" - " if c < 0 else " + ") + body if out else ("-" if c < 0 else "") + body
        return out or "0"

    def _atom(self, atom: Atom) -> str:
        match atom:
            case str():
                return self.names("int", atom)
            case FloorDiv(num, den):
                self.h.add("floor_div_i64", _floor_div)
                return f"floor_div_i64({self.integer(num)}, {self.integer(den)})"
            case Extreme(op, a, b):
                return f"{self.h(op, T('i64', 1))}({self.integer(a)}, {self.integer(b)})"

    def condition(self, c: Cond) -> str:
        match c:
            case Ge(expr):
                left = Int({m: k for m, k in expr.terms if k > 0})
                return f"{self.integer(left)} >= {self.integer(left - expr)}"
            case All(parts):
                return " && ".join(f"({self.condition(p)})" for p in parts) or "true"
            case Some(parts):
                return " || ".join(f"({self.condition(p)})" for p in parts) or "false"
            case Aligned(buffer, size):
                return f"(uintptr_t){self.names('buffer', buffer)} % {size} == 0"

    # ---- values
    def value(self, v: Value) -> CVal:
        match v:
            case Lit(value, dtype, n):
                return splat(self.h, CVal(literal(value, dtype), dtype, 1), n)
            case FromInt():
                return self._from_int(v)
            case Load():
                return self.load(self.where(v.buffer, v.index, v.step, v.lanes, v.active))
            case Get(name):
                return self.locals[name]
            case Un(op, x):
                return self._widely(lambda a: self._unary(op, a), self.value(x))
            case Bin(op, x, y):
                return self.binary(op, self.value(x), self.value(y))
            case Fma(a, b, c):
                return self._widely(self._fma, *map(self.value, (a, b, c)))
            case Dot(a, b, c):
                return dot(self.h, *map(self.value, (a, b, c)))
            case Sel(cond, yes, no):
                return self._select(self.value(cond), self.value(yes), self.value(no))
            case Convert(x, dtype):
                return convert(self.h, self.value(x), dtype)
            case Bits(x, dtype):
                return self._bits(self.value(x), dtype)
            case Libm(fn, args, where):
                values = [self.value(a) for a in args]
                if where is None:
                    return self._libm(fn, values)
                return self._libm_where(fn, values, self.value(where))
            case Splat(x, n):
                return splat(self.h, self.value(x), n)
            case Fold(op, x):
                return self._fold(op, self.value(x))
            case Shuffle(x, y, order):
                return self._shuffle(self.value(x), self.value(y), order)
            case _:
                assert_never(v)

    def _widely(self, op: Callable[..., CVal], *args: CVal) -> CVal:
        """Small floats compute in float and round after every operation."""
        d = args[0].dtype
        if d not in SMALL_FLOATS:
            return op(*args)
        out = op(*(convert(self.h, a, FLOAT32) for a in args))
        return out if out.dtype == BOOL else convert(self.h, out, d)

    def call(self, what: str, dtype: Dtype, n: int, *args: CVal) -> CVal:
        name = self.h(what, _t(dtype, n))
        return CVal(f"{name}({', '.join(bare(a.text) for a in args)})", dtype, n)

    def binary(self, op: str, x: CVal, y: CVal) -> CVal:
        if x.dtype == BOOL:
            return self._logic(op, x, y)
        return self._widely(lambda a, b: self._binary(op, a, b), x, y)

    def _binary(self, op: str, x: CVal, y: CVal) -> CVal:
        d, n = x.dtype, x.lanes
        if op in COMPARISONS:
            return CVal(f"({x.text} {op} {y.text})", BOOL, n, d.bits)
        if d.is_float and op in _INFIX:
            return CVal(f"({x.text} {op} {y.text})", d, n)
        if d.is_float and op == "%":
            return self.call("fmod", d, n, x, y)
        if op == "scale" and self.target.avx512:
            op = "scaled"  # by any y
        if d.kind == "u" and d.bits >= 32 and op in ("+", "-", "*"):
            return CVal(f"({x.text} {op} {y.text})", d, n)
        return self.call(_WORDS.get(op, op), d, n, x, y)

    def _logic(self, op: str, x: CVal, y: CVal) -> CVal:
        """bool: bitwise on masks and on 0 and 1 alike."""
        sign = {"and": "&", "or": "|", "xor": "^", "min": "&", "max": "|", "*": "&", "+": "|"}
        sign |= {"==": "==", "!=": "!="}
        if op not in sign:  # an order of truth values
            a, b = (convert(self.h, v, UINT8) for v in (x, y))
            return self._binary(op, a, b)
        y = mask_as(self.h, y, x.bits)
        if x.lanes == 1:
            return CVal(f"({x.text} {sign[op]} {y.text})", BOOL, 1)
        return CVal(f"({x.text} {sign[op]} {y.text})", BOOL, x.lanes, x.bits)

    def _unary(self, op: str, x: CVal) -> CVal:
        d, n = x.dtype, x.lanes
        if op == "not":
            sign = "!" if d == BOOL and n == 1 else "~"
            text = f"({sign}{x.text})"
            if n == 1 and d != BOOL:
                text = f"({T(short(d), 1).c})~{x.text}"
            return CVal(f"({text})" if n == 1 else text, d, n, x.bits)
        if op == "neg" and d.is_float:
            return CVal(f"(-{x.text})", d, n)
        if op == "neg" or (op == "abs" and d.kind in "if") or d.is_float:
            return self.call(op, d, n, x)
        return x

    def _fma(self, a: CVal, b: CVal, c: CVal) -> CVal:
        if self.target.fma:
            return self.call("fma", a.dtype, a.lanes, a, b, c)
        return CVal(f"({a.text} * {b.text} + {c.text})", a.dtype, a.lanes)

    def _select(self, cond: CVal, yes: CVal, no: CVal) -> CVal:
        d, n = yes.dtype, yes.lanes
        if cond.lanes == 1:
            no = mask_as(self.h, no, yes.bits)
            return CVal(f"({cond.text} ? {yes.text} : {no.text})", d, n, yes.bits)
        if d == BOOL:
            parts = (mask_as(self.h, v, 32) for v in (cond, yes, no))
            name = self.h("select", T("i32", n))
            return CVal(f"{name}({', '.join(p.text for p in parts)})", BOOL, n, 32)
        return self.call("select", d, n, mask_as(self.h, cond, d.bits), yes, no)

    def _bits(self, x: CVal, to: Dtype) -> CVal:
        n = x.lanes
        a, b = _t(x.dtype, n), _t(to, n)
        if a == b:
            return CVal(x.text, to, n)
        if n > 1 or (x.dtype.is_integer and to.is_integer):
            return CVal(f"(({self.h.type(b)}){x.text})", to, n)
        name = f"bits_{b.tag}_of_{a.tag}"
        lines = (f"{b.c} out;", "memcpy(&out, &x, sizeof out);", "return out;")
        self.h.add(name, lambda: define(b.c, name, f"{a.c} x", *lines))
        return CVal(f"{name}({bare(x.text)})", to, 1)

    def _libm(self, fn: str, args: list[CVal]) -> CVal:
        d, n = args[0].dtype, args[0].lanes
        texts = ", ".join(bare(a.text) for a in args)
        if n == 1:
            return CVal(f"{fn}({texts})", d, 1)
        t = _t(d, n)
        self.h.type(t)
        name = f"each_{fn}_{t.tag}"
        parameters = ", ".join(f"{t.name} x{k}" for k in range(len(args)))
        inner = ", ".join(f"x{k}[l]" for k in range(len(args)))
        self.h.add(name, lambda: define(t.name, name, parameters, *lanes(t, f"{fn}({inner})")))
        return CVal(f"{name}({texts})", d, n)

    def _libm_where(self, fn: str, args: list[CVal], where: CVal) -> CVal:
        """0 in the lanes that are not chosen."""
        d, n = args[0].dtype, args[0].lanes
        texts = ", ".join(bare(a.text) for a in args)
        if n == 1:
            return CVal(f"({where.text} ? {fn}({texts}) : 0)", d, 1)
        t, mask = _t(d, n), mask_as(self.h, where, d.bits)
        name = f"rare_{fn}_{t.tag}"
        parameters = f"{self.h.type(t.mask)} mask, " + ", ".join(
            f"{self.h.type(t)} x{k}" for k in range(len(args))
        )
        inner = ", ".join(f"x{k}[l]" for k in range(len(args)))
        loop = f"for (int l = 0; l < {n}; l++) if (mask[l]) out[l] = {fn}({inner});"
        lines = (f"{t.name} out = {{0}};", loop, "return out;")
        self.h.add(name, lambda: define(t.name, name, parameters, *lines))
        return CVal(f"{name}({bare(mask.text)}, {texts})", d, n)

    # ---- lanes
    def _shuffle(self, x: CVal, y: CVal, order: tuple[int, ...]) -> CVal:
        y = mask_as(self.h, y, x.bits)
        scalar = f"i{x.bits}" if x.dtype == BOOL else short(x.dtype)
        name = shuffle(self.h, T(scalar, x.lanes), order)
        return CVal(f"{name}({bare(x.text)}, {bare(y.text)})", x.dtype, len(order), x.bits)

    def _fold(self, op: str, x: CVal) -> CVal:
        if x.dtype in SMALL_FLOATS:
            d = x.dtype
            return self._fold_small(op, x, d)
        if x.dtype == BOOL:
            name = self.h({"and": "all", "min": "all"}.get(op, "any"), T(f"i{x.bits}", x.lanes))
            return CVal(f"{name}({x.text})", BOOL, 1)
        out = self.call(f"fold_{_WORDS.get(op, op)}", x.dtype, x.lanes, x)
        return out._replace(lanes=1)

    def _fold_small(self, op: str, x: CVal, d: Dtype) -> CVal:
        """Rounds after every step, as one operation at a time does."""
        t = _t(d, x.lanes)
        a, b = CVal("x[l]", d, 1), CVal("x[l + half]", d, 1)
        step = self.binary(op, a, b).text
        name = f"fold_{_WORDS.get(op, op)}_{d}_{x.lanes}"
        outer = f"for (int half = {x.lanes // 2}; half; half /= 2)"
        inner = f"    for (int l = 0; l < half; l++) x[l] = {step};"
        self.h.add(
            name, lambda: define(t.c, name, f"{self.h.type(t)} x", outer, inner, "return x[0];")
        )
        return CVal(f"{name}({bare(x.text)})", d, 1)

    def _from_int(self, v: FromInt) -> CVal:
        start = CVal(f"({self.integer(v.expr)})", INT64, 1)
        if v.lanes == 1 or v.step == 0:
            return splat(self.h, convert(self.h, start, v.dtype), v.lanes)
        d = v.dtype if v.dtype.is_integer else INT64
        first = convert(self.h, start, d)
        name = self.h("range", _t(d, v.lanes))
        out = CVal(f"{name}({bare(first.text)}, {whole(v.step)})", d, v.lanes)
        return convert(self.h, out, v.dtype)

    # ---- memory
    def load(self, w: Where) -> CVal:
        return load(self.h, w, self.integer)

    def store(self, w: Where, x: CVal, *, stream: bool = False) -> str:
        return store(self.h, w, x, self.integer, stream=stream)

    def where(
        self,
        name: str,
        index: tuple[Int | Value, ...],
        step: tuple[int, ...],
        n: int,
        active: Int | None,
    ) -> Where:
        buffer = self.buffers[name]
        offset, stride = ZERO, ZERO
        data: CVal | None = None
        for i, by, size in zip(index, step or (0,) * len(index), buffer.strides, strict=True):
            stride = stride + size * by
            if isinstance(i, Int):
                offset = offset + i * size
                continue
            at = self.value(i)
            if size != Int.of(1):
                by_size = splat(self.h, CVal(f"({self.integer(size)})", INT64, 1), at.lanes)
                at = CVal(f"({at.text} * {by_size.text})", INT64, at.lanes)
            if data is not None:
                width = max(data.lanes, at.lanes)
                a, b = splat(self.h, data, width), splat(self.h, at, width)
                at = CVal(f"({a.text} + {b.text})", INT64, width)
            data = at
        place = self.integer(offset)
        if data is not None and data.lanes == 1:
            place, data = f"{place} + {data.text}" if offset else bare(data.text), None
        pointer = f"{self.names('buffer', name)}[{place}]"
        return Where(buffer, pointer, stride, data, n, active)


def _floor_div() -> str:
    lines = ("int64_t q = a / b;", "return q - (a % b < 0);")
    return define("int64_t", "floor_div_i64", "int64_t a, int64_t b", *lines)
