"""Results larger than the caches hold are stored past them.

A store into a cache first reads the line it writes to; a result that is not read again and that
does not fit beside the inputs pays that traffic, and drives the inputs out, for nothing. So its
stores go past the caches where all of this holds:

- the array is a result that the kernel never reads;
- it is larger than the cache of a core, and all arrays together larger than half of the last cache
  (a smaller one may still be there when its reader comes);
- the kernel waits for memory: stores past the caches come no faster than memory takes them, where
  a cache would hide a burst of them behind the arithmetic that follows;
- every store to it is a whole vector at an address that is a multiple of its size: a line that is
  stored in two ways is slower than either. What only the call knows, the address of the array and
  open sizes, is asked there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import gcd
from typing import TypeGuard

from polyc.codegen.loops import (
    Aligned,
    All,
    Buffer,
    Cond,
    For,
    Ge,
    If,
    LoopNest,
    Stmt,
    Store,
    lanes_of,
)
from polyc.codegen.passes.throughput import cycles, typical
from polyc.codegen.rewrite import map_stmts
from polyc.codegen.walk import loads_of, statements
from polyc.frontend.integers import Int, product
from polyc.target import Target

Conditions = Mapping[str, list[Cond]]  # by buffer

_SHARE = 2  # of the last cache: what all arrays take must be more than one part of so many
_WAITS = 2  # times the arithmetic that memory must take


def stream(nest: LoopNest, target: Target) -> LoopNest:
    """The nest with such stores in two versions, one past the caches where the call allows it."""
    if not target.streams:
        return nest
    allowed = _large(nest, target)
    if not allowed or not _waits(nest, target):
        return nest
    buffers = {a.name: a for a in nest.arguments if isinstance(a, Buffer) and a.name in allowed}
    places = _Places(buffers, set(nest.ints), target)
    for name, asked in places.visit(nest.body, {}):
        if asked is None:
            allowed.pop(name, None)
        elif name in allowed:
            allowed[name] += asked
    return replace(nest, body=_versions(nest.body, allowed)) if allowed else nest


def _large(nest: LoopNest, target: Target) -> dict[str, list[Cond]]:
    """Results that are never read and may be large, with what open sizes must fulfil."""
    read = {x.buffer for x in loads_of(nest.body)}
    read |= {s.buffer for s in statements(nest.body) if isinstance(s, Store) and s.op}
    arrays = [a for a in nest.arguments if isinstance(a, Buffer)]
    total = sum((_bytes(a) for a in arrays), Int.of(0))
    out: dict[str, list[Cond]] = {}
    for a in arrays:
        if a.writable and a.name not in read:
            asked = [total * _SHARE - target.l3_bytes, _bytes(a) - target.l2_bytes]
            if not any(e.is_const and e.value < 0 for e in asked):
                out[a.name] = [Ge(e) for e in asked if not e.is_const]
    return out


def _bytes(a: Buffer) -> Int:
    return product(a.shape) * a.dtype.bytes


def _waits(nest: LoopNest, target: Target) -> bool:
    """Memory takes longer than arithmetic, each array moved once and results read before."""
    sizes = typical(nest)
    moved = sum(
        _bytes(a).eval(sizes) * (2 if a.writable else 1)
        for a in nest.arguments
        if isinstance(a, Buffer)
    )
    return moved / target.memory_bytes > _WAITS * cycles(nest.body, sizes)


@dataclass(slots=True)
class _Places:
    """What each store to one of the buffers asks of a call."""

    buffers: Mapping[str, Buffer]
    ints: set[str]
    target: Target

    def visit(
        self, body: tuple[Stmt, ...], factors: Mapping[str, int]
    ) -> Iterator[tuple[str, list[Cond] | None]]:
        """Conditions, or None where no call fulfils them; variables are multiples of `factors`."""
        for s in body:
            match s:
                case For(var, lower, _, step):
                    start = lower.value if lower.is_const else 1
                    yield from self.visit(s.body, {**factors, var: gcd(start, step)})
                case If(_, then, orelse):
                    yield from self.visit((*then, *orelse), factors)
                case Store() if s.buffer in self.buffers:
                    yield s.buffer, self._asked(s, factors)
                case _:
                    pass

    def _asked(self, s: Store, factors: Mapping[str, int]) -> list[Cond] | None:
        b, lanes = self.buffers[s.buffer], lanes_of(s.value)
        size = lanes * b.dtype.bytes
        beside = s.step and not any(s.step[:-1]) and s.step[-1] == 1 and b.strides[-1] == Int.of(1)
        if s.active is not None and not s.active.is_const:
            return []  # the end of an open row: none where rows are whole vectors
        if size != self.target.vector_bytes or not beside or s.active is not None:
            return None
        offset = sum((i * by for i, by in zip(s.index, b.strides, strict=True)), Int.of(0))
        asked: list[Cond] = [Aligned(s.buffer, size)]
        for atoms, c in offset.terms:
            known, open_ = c, Int.of(1)
            for a in atoms:
                if isinstance(a, str) and a in self.ints:
                    open_ = open_ * Int.of(a)
                elif isinstance(a, str):
                    known *= factors.get(a, 1)
            if known % lanes == 0:
                continue
            if open_.is_const:
                return None
            asked.append(Ge((open_ // lanes) * lanes - open_))
        return asked


def _versions(body: tuple[Stmt, ...], conditions: Conditions) -> tuple[Stmt, ...]:
    """Innermost loops with such stores twice, and ends of blocks that hold some outside loops."""
    out: list[Stmt] = []
    for k, s in enumerate(body):
        match s:
            case For() if s.kind == "parallel" or _holds_loop(s.body):
                out.append(replace(s, body=_versions(s.body, conditions)))
            case For():
                out += _two((s,), conditions)
            case If(cond, then, orelse):
                out.append(If(cond, _versions(then, conditions), _versions(orelse, conditions)))
            case Store() if _whole(s, conditions) and not _holds_loop(body[k:]):
                return (*out, *_two(body[k:], conditions))
            case Store():
                out += _two((s,), conditions)
            case _:
                out.append(s)
    return tuple(out)


def _holds_loop(body: tuple[Stmt, ...]) -> bool:
    return any(isinstance(s, For) for s in statements(body))


def _two(body: tuple[Stmt, ...], conditions: Conditions) -> tuple[Stmt, ...]:
    """The statements in two versions, where they store to one of these buffers."""
    stored = {s.buffer for s in statements(body) if _whole(s, conditions)}
    asked = dict.fromkeys(c for name, cs in conditions.items() if name in stored for c in cs)

    def one(s: Stmt) -> tuple[Stmt, ...]:
        return (replace(s, stream=True) if _whole(s, conditions) else s,)

    return (If(All(tuple(asked)), map_stmts(body, one), body),) if asked else body


def _whole(s: Stmt, conditions: Conditions) -> TypeGuard[Store]:
    """A store of a whole vector to one of these buffers."""
    return isinstance(s, Store) and s.buffer in conditions and s.active is None
