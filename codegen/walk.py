"""Questions about blocks: which buffers, names and loads are in them."""

from __future__ import annotations

from collections.abc import Iterator

from polyc.codegen.loops import (
    Aligned,
    All,
    Bin,
    Bits,
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
    Sel,
    Set,
    Shuffle,
    Some,
    Splat,
    Stmt,
    Store,
    Un,
    Value,
)
from polyc.frontend.integers import Int


def operands(v: Value) -> tuple[Value, ...]:
    """The values inside a value, one level down."""
    match v:
        case Lit() | FromInt() | Get():
            return ()
        case Load():
            return tuple(i for i in v.index if not isinstance(i, Int))
        case Un(_, x) | Convert(x) | Bits(x) | Splat(x) | Fold(_, x):
            return (x,)
        case Bin(_, x, y) | Shuffle(x, y):
            return (x, y)
        case Fma(a, b, c) | Dot(a, b, c) | Sel(a, b, c):
            return (a, b, c)
        case Libm(_, args, where):
            return args if where is None else (*args, where)


def all_values(v: Value) -> Iterator[Value]:
    """A value and everything inside it."""
    yield v
    for x in operands(v):
        yield from all_values(x)


def statements(body: tuple[Stmt, ...]) -> Iterator[Stmt]:
    """Every statement of a block, nested ones after their parent."""
    for s in body:
        yield s
        match s:
            case For():
                yield from statements(s.body)
            case If(_, then, orelse):
                yield from statements(then)
                yield from statements(orelse)
            case _:
                pass


def accumulates(body: tuple[Stmt, ...]) -> bool:
    """Some store in the block adds to what is there."""
    return any(isinstance(s, Store) and s.op is not None for s in statements(body))


def blocked(s: For) -> For | None:
    """The loop directly inside, where both are marked "vector": a block of two variables."""
    match s:
        case For(kind="vector", body=(For(kind="vector") as inner,)):
            return inner
    return None


def values_of(s: Stmt) -> tuple[Value, ...]:
    """The values a statement itself evaluates."""
    match s:
        case Store() | Let() | Declare() | Set() | Check():
            return (s.value,)
        case _:
            return ()


def loads_of(body: tuple[Stmt, ...]) -> Iterator[Load]:
    """Every load in a block."""
    for s in statements(body):
        for v in values_of(s):
            yield from (x for x in all_values(v) if isinstance(x, Load))


def buffers_of(body: tuple[Stmt, ...]) -> set[str]:
    """Names of the buffers that a block loads or stores."""
    stored = {s.buffer for s in statements(body) if isinstance(s, Store)}
    return stored | {x.buffer for x in loads_of(body)}


def names_of_value(v: Value) -> set[str]:
    """Names in the integers of a value."""
    out: set[str] = set()
    for x in all_values(v):
        match x:
            case FromInt(expr):
                out |= expr.names
            case Load():
                out |= {n for i in x.index if isinstance(i, Int) for n in i.names}
                out |= x.active.names if x.active is not None else set()
            case _:
                pass
    return out


def names_of_cond(c: Cond) -> set[str]:
    match c:
        case Ge(e):
            return set(e.names)
        case All(parts) | Some(parts):
            return {n for p in parts for n in names_of_cond(p)}
        case Aligned():
            return set()
