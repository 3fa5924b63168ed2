"""The readable text of a `LoopNest`. Deterministic: golden tests compare it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from polyc.codegen.loops import (
    Aligned,
    All,
    Alloc,
    Bin,
    Bits,
    Buffer,
    Check,
    Cond,
    Convert,
    Declare,
    Dot,
    Fma,
    Fold,
    For,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Libm,
    Lit,
    Load,
    LoopNest,
    Scalar,
    Sel,
    Set,
    Shuffle,
    Some,
    Splat,
    Stmt,
    Store,
    Un,
    Value,
    lanes_of,
)
from polyc.codegen.workspace import layout
from polyc.frontend.integers import Int

Places = Mapping[Buffer, Int]  # bytes from the start of the workspace or of a slice
_INFIX = frozenset(["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!="])
_SIGNS = {"and": "&", "or": "|", "xor": "^", "shl": "<<", "shr": ">>"}


def loops_text(nest: LoopNest) -> str:
    """The whole kernel, one statement to a line."""
    w = layout(nest)
    places = {**w.shared, **w.thread}
    lines = [f"kernel {nest.name}({', '.join(nest.ints)})"]
    lines += [f"  {_argument(a)}" for a in nest.arguments]
    lines += [f"  {_placed(b, places)}" for b in nest.workspace]
    lines += _block(nest.body, "  ", places)
    lines += [f"  code {code}: {m}" for code, m in enumerate(nest.messages, start=1)]
    return "\n".join(lines) + "\n"


def _argument(a: Buffer | Scalar) -> str:
    match a:
        case Buffer():
            return _buffer(a)
        case Scalar(name, dtype):
            return f"scalar {dtype} {name}"


def _buffer(b: Buffer) -> str:
    kind = ("output" if b.writable else "input") if b.space == "argument" else b.space
    shape = ", ".join(map(str, b.shape))
    dense = tuple(_dense(b.shape)) == b.strides
    strides = "" if dense else f" strides ({', '.join(map(str, b.strides))})"
    return f"{kind} {b.dtype} {b.name}[{shape}]{strides}" + (
        f" align {b.align}" if b.align > b.dtype.bytes else ""
    )


def _placed(b: Buffer, places: Places) -> str:
    """With its offset in the workspace or the thread's slice: buffers of one place share it."""
    return f"{_buffer(b)} at {places[b]}" if b in places else _buffer(b)


def _dense(shape: tuple[Int, ...]) -> list[Int]:
    out: list[Int] = []
    step = Int.of(1)
    for n in reversed(shape):
        out.insert(0, step)
        step = step * n
    return out


def _block(body: tuple[Stmt, ...], pad: str, places: Places) -> Iterator[str]:
    for s in body:
        yield from _stmt(s, pad, places)


def _stmt(s: Stmt, pad: str, places: Places) -> Iterator[str]:
    match s:
        case For(var, lower, upper, step, body, kind, note):
            mark = "" if kind == "serial" else f"{kind} "
            by = "" if step == 1 else f" by {step}"
            tail = f"  # {note}" if note else ""
            yield f"{pad}{mark}for {var} in {lower}:{upper}{by}{tail}"
            yield from _block(body, pad + "  ", places)
        case If(cond, then, orelse):
            yield f"{pad}if {cond_text(cond)}"
            yield from _block(then, pad + "  ", places)
            if orelse:
                yield f"{pad}else"
                yield from _block(orelse, pad + "  ", places)
        case Store(buffer, index, value, op, step, active, stream):
            place = _place(buffer, tuple(index), step, lanes_of(s.value), active)
            mark = "stream " if stream else ""
            yield f"{pad}{mark}{place} {_SIGNS.get(op or '', op or '')}= {value_text(value)}"
        case Let(name, value):
            yield f"{pad}let {name} = {value_text(value)}"
        case Declare(name, value):
            yield f"{pad}var {name} = {value_text(value)}"
        case Set(name, value):
            yield f"{pad}{name} = {value_text(value)}"
        case Alloc(buffer):
            yield f"{pad}alloc {_placed(buffer, places)}"
        case Check(value, code):
            yield f"{pad}check {value_text(value)} else return {code}"
        case _:
            assert_never(s)


def _place(
    buffer: str,
    index: tuple[Int | Value, ...],
    step: tuple[int, ...],
    lanes: int,
    active: Int | None,
) -> str:
    """C[m, n:n+16]; with a step other than 1, C[m, n:n+32:2]; with active lanes, C[...]{r}."""
    steps = step or (0,) * len(index)
    parts = []
    for i, by in zip(index, steps, strict=True):
        if isinstance(i, Int):
            end = f":{i + lanes * by}" + (f":{by}" if by != 1 else "")
            parts.append(str(i) + (end if by and lanes > 1 else ""))
        else:
            parts.append(value_text(i))
    same = f"<{lanes}>" if lanes > 1 and not any(steps) else ""
    mask = "" if active is None else f"{{{active}}}"
    return f"{buffer}[{', '.join(parts)}]{same}{mask}"


def cond_text(c: Cond) -> str:
    """A condition; sums are moved so that both sides are positive."""
    match c:
        case Ge(expr):
            left = Int({m: k for m, k in expr.terms if k > 0})
            return f"{left} >= {left - expr}"
        case All(parts):
            return " and ".join(f"({cond_text(p)})" for p in parts) or "true"
        case Some(parts):
            return " or ".join(f"({cond_text(p)})" for p in parts) or "false"
        case Aligned(buffer, size):
            return f"{buffer} is aligned to {size} bytes"


def value_text(v: Value) -> str:
    """A value as an expression; operands of infix operators stand in parentheses."""
    match v:
        case Lit(value, dtype, lanes):
            return _lit(value) + _suffix(dtype.name, lanes)
        case FromInt(expr, dtype, lanes, step):
            by = f" by {step}" if step else ""
            return f"{dtype}({expr}{by})" + (f"<{lanes}>" if lanes > 1 else "")
        case Load(buffer, index, _, lanes, step, active):
            return _place(buffer, index, step, lanes, active)
        case Get(name):
            return name
        case Un("neg", x):
            return f"-{_operand(x)}"
        case Un(op, x):
            return f"{op}({value_text(x)})"
        case Bin(op, x, y) if op in _INFIX or op in _SIGNS:
            return f"{_operand(x)} {_SIGNS.get(op, op)} {_operand(y)}"
        case Bin(op, x, y):
            return f"{op}({value_text(x)}, {value_text(y)})"
        case Fma(a, b, c):
            return f"fma({value_text(a)}, {value_text(b)}, {value_text(c)})"
        case Dot(a, b, c):
            return f"dot({value_text(a)}, {value_text(b)}, {value_text(c)})"
        case Sel(cond, yes, no):
            return f"select({value_text(cond)}, {value_text(yes)}, {value_text(no)})"
        case Convert(x, dtype):
            return f"{dtype}({value_text(x)})"
        case Bits(x, dtype):
            return f"bits<{dtype}>({value_text(x)})"
        case Libm(fn, args, where):
            rare = "" if where is None else f" where {value_text(where)}"
            return f"{fn}({', '.join(map(value_text, args))}{rare})"
        case Splat(x, lanes):
            return f"splat<{lanes}>({value_text(x)})"
        case Fold(op, x):
            return f"fold<{op}>({value_text(x)})"
        case Shuffle(x, y, order):
            return f"shuffle({value_text(x)}, {value_text(y)}, {' '.join(map(str, order))})"
        case _:
            assert_never(v)


def _operand(v: Value) -> str:
    text = value_text(v)
    infix = isinstance(v, Bin) and (v.op in _INFIX or v.op in _SIGNS)
    return f"({text})" if infix or (isinstance(v, Un) and v.op == "neg") else text


def _lit(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _suffix(dtype: str, lanes: int) -> str:
    short = {"float32": "", "bool": ""}.get(dtype, f"_{dtype}")
    return short + (f"<{lanes}>" if lanes > 1 else "")
