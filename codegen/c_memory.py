"""Loads and stores of lanes in C, splats and shuffles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from polyc.codegen.c_convert import convert
from polyc.codegen.c_text import Helpers, T, define, lanes
from polyc.codegen.c_types import CVal, bare, short
from polyc.codegen.loops import Buffer
from polyc.frontend.dtypes import BOOL, UINT8, Dtype
from polyc.frontend.integers import Int

Integer = Callable[[Int], str]  # spells an integer expression


@dataclass(frozen=True, slots=True)
class Where:
    """The lanes of an access: the address of the first, their distance, how many are active."""

    buffer: Buffer
    first: str
    stride: Int
    data: CVal | None  # int64 per lane, added to the address
    lanes: int
    active: Int | None


def splat(h: Helpers, x: CVal, n: int) -> CVal:
    if x.lanes == n:
        return x
    if x.lanes > 1:
        few, all_ = T(short(x.dtype), x.lanes), T(short(x.dtype), n)
        name = f"repeat_{few.tag}_{all_.tag}"
        text = define(h.type(all_), name, f"{h.type(few)} x", *lanes(all_, f"x[l % {x.lanes}]"))
        return CVal(f"{h.add(name, lambda: text)}({bare(x.text)})", x.dtype, n)
    if x.dtype == BOOL:
        mask = h("splat", T("i32", n))
        return CVal(f"{mask}(-(int32_t){x.text})", BOOL, n, 32)
    return CVal(f"{h('splat', T(short(x.dtype), n))}({bare(x.text)})", x.dtype, n)


def shuffle(h: Helpers, t: T, order: tuple[int, ...]) -> str:
    """The name of a function from two vectors to the given lanes of both, one after the other."""
    kind, out = h.type(t), h.type(T(t.scalar, len(order)))
    name = f"shuffle_{t.tag}_{'_'.join(map(str, order))}"
    picked = ", ".join(f"x[{n}]" if n < t.lanes else f"y[{n - t.lanes}]" for n in order)
    lines = (
        "#if defined(__clang__) || __GNUC__ >= 12",
        f"return __builtin_shufflevector(x, y, {', '.join(map(str, order))});",
        "#else",
        f"return ({out}){{{picked}}};",
        "#endif",
    )
    return h.add(name, lambda: define(out, name, f"{kind} x, {kind} y", *lines))


def _count(w: Where, integer: Integer) -> str:
    return str(w.lanes) if w.active is None else integer(w.active)


def load(h: Helpers, w: Where, integer: Integer) -> CVal:
    d, n, t = w.buffer.dtype, w.lanes, T(short(w.buffer.dtype), w.lanes)
    if n == 1 or not (w.stride or w.data or w.active is not None):
        return splat(h, _loaded(h, CVal(w.first, UINT8 if d == BOOL else d, 1), d), n)
    if w.data is not None:
        args = f"&{w.first}, {bare(w.data.text)}, {integer(w.stride)}, {_count(w, integer)}"
        text = f"{h('gather', t)}({args})"
    elif w.stride != Int.of(1):
        by = integer(w.stride)
        text = f"{h('load_by', t)}(&{w.first}, {by}, {_count(w, integer)})"
    elif w.active is None:
        text = f"{h('load', t)}(&{w.first})"
    else:
        text = f"{h('load_some', t)}(&{w.first}, {_count(w, integer)})"
    return _loaded(h, CVal(text, UINT8 if d == BOOL else d, n), d)


def _loaded(h: Helpers, x: CVal, d: Dtype) -> CVal:
    return convert(h, x, BOOL) if d == BOOL else x


def store(h: Helpers, w: Where, x: CVal, integer: Integer, *, stream: bool = False) -> str:
    d, n, t = w.buffer.dtype, w.lanes, T(short(w.buffer.dtype), w.lanes)
    text = bare((convert(h, x, UINT8) if d == BOOL else x).text)
    if stream:
        return f"{h('stream', t)}(&{w.first}, {text});"
    if n == 1:
        return f"{w.first} = {text};"
    if w.stride != Int.of(1):
        by = integer(w.stride)
        return f"{h('store_by', t)}(&{w.first}, {by}, {text}, {_count(w, integer)});"
    if w.active is None:
        return f"{h('store', t)}(&{w.first}, {text});"
    return f"{h('store_some', t)}(&{w.first}, {text}, {_count(w, integer)});"
