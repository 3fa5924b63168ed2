"""Statements of a `LoopNest` in LLVM IR, in structured SSA form.

A loop or a branch that sets a local gets one `phi` for it, so no pass has to find registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from polyc.codegen.llvm_function import Function, Text
from polyc.codegen.llvm_memory import load, store
from polyc.codegen.llvm_types import Val, memory_type
from polyc.codegen.llvm_values import Values
from polyc.codegen.loops import (
    Aligned,
    All,
    Alloc,
    Buffer,
    Check,
    Cond,
    Declare,
    For,
    Ge,
    If,
    Let,
    Set,
    Shuffle,
    Some,
    Stmt,
    Store,
)
from polyc.errors import InternalError
from polyc.frontend.integers import product


@dataclass(slots=True)
class Outer:
    """How a name that a function does not know reaches it: None where no caller has it either."""

    integer: Callable[[str], str | None]
    local: Callable[[str], Val | None]
    buffer: Callable[[str], tuple[Buffer, str] | None]


@dataclass(slots=True)
class Body:
    """A function that holds statements, and what its names mean at the present place."""

    f: Function
    outer: Outer | None
    parallel: Callable[[Body, For], None] | None  # None: parallel loops run serially
    locals: dict[str, Val] = field(default_factory=dict)
    buffers: dict[str, tuple[Buffer, str]] = field(default_factory=dict)
    captured: dict[str, Val] = field(default_factory=dict)
    values: Values = field(init=False)

    def __post_init__(self) -> None:
        self.values = Values(self.f, self.local, self.buffer)

    # ---- names
    def local(self, name: str) -> Val:
        if name in self.locals:
            return self.locals[name]
        if name not in self.captured:
            found = self.outer.local(name) if self.outer else None
            if found is None:
                raise InternalError(f"no local {name}")
            self.captured[name] = found
        return self.captured[name]

    def buffer(self, name: str) -> tuple[Buffer, str]:
        if name not in self.buffers:
            found = self.outer.buffer(name) if self.outer else None
            if found is None:
                raise InternalError(f"no buffer {name}")
            self.buffers[name] = found
        return self.buffers[name]

    # ---- statements
    def block(self, body: tuple[Stmt, ...]) -> None:
        """Statements in order; what they declare ends with them."""
        outer = dict(self.locals)
        for s in body:
            with self.f.module.statement():
                self.statement(s)
        self.locals = {n: self.locals[n] for n in outer}

    def statement(self, s: Stmt) -> None:
        self.values.forget()
        match s:
            case For(kind="parallel") if self.parallel is not None:
                self.parallel(self, s)
            case For():
                self._loop(s)
            case If():
                self._branch(s)
            case Store():
                self._store(s)
            case Let(name, value) | Declare(name, value) | Set(name, value):
                self.locals[name] = self.values(value)
            case Alloc(buffer):
                self._alloc(buffer)
            case Check(value, code):
                self._check(self.values(value), code)
            case _:
                assert_never(s)

    def _store(self, s: Store) -> None:
        value = self.values(s.value)
        place = self.values.place(s.buffer, s.index, s.step, value.lanes, s.active)
        if s.op is not None:
            value = self.values.combine(s.op, load(self.f, place), value)
        store(self.f, place, value, stream=s.stream)

    def _alloc(self, b: Buffer) -> None:
        if b.space == "thread":
            self.buffer(b.name)
            return
        count = product(b.shape).value
        name = f"%{self.f.fresh('stack')}"
        kind = memory_type(b.dtype)
        self.f.entry.append(f"  {name} = alloca [{count} x {kind}], align {max(b.align, 64)}")
        self.buffers[b.name] = (replace(b, align=max(b.align, 64)), name)

    def _check(self, value: Val, code: int) -> None:
        good, bad = self.f.fresh("good"), self.f.fresh("bad")
        self.f.line(f"br i1 {value.text}, label %{good}, label %{bad}")
        self.f.start(bad)
        self.f.line(f"ret i32 {code}")
        self.f.start(good)

    # ---- control flow
    def condition(self, c: Cond) -> str:
        f = self.f
        match c:
            case Ge(expr):
                return f.op(f"icmp sge i64 {f.integer(expr)}, 0")
            case All(parts):
                return self._joined("and", [self.condition(p) for p in parts], "true")
            case Some(parts):
                return self._joined("or", [self.condition(p) for p in parts], "false")
            case Aligned(buffer, size):
                return f.in_head(f.levels[0], lambda: self._aligned(buffer, size))

    def _aligned(self, buffer: str, size: int) -> str:
        address = self.f.op(f"ptrtoint ptr {self.buffer(buffer)[1]} to i64")
        rest = self.f.op(f"and i64 {address}, {size - 1}")
        return self.f.op(f"icmp eq i64 {rest}, 0")

    def _joined(self, word: str, parts: list[str], empty: str) -> str:
        if not parts:
            return empty
        out = parts[0]
        for p in parts[1:]:
            out = self.f.op(f"{word} i1 {out}, {p}")
        return out

    def _branch(self, s: If) -> None:
        f = self.f
        then, other, end = f.fresh("then"), f.fresh("else"), f.fresh("end")
        f.line(f"br i1 {self.condition(s.cond)}, label %{then}, label %{other}")
        changed = self._changed((*s.then, *s.orelse))
        before = dict(self.locals)
        ends: list[tuple[dict[str, Val], str]] = []
        for label, body in ((then, s.then), (other, s.orelse)):
            f.start(label)
            self.locals = dict(before)
            self.block(body)
            ends.append(({n: self.locals[n] for n in changed}, f.label))
            f.branch(end)
        f.start(end)
        self.locals = before
        for n in changed:
            came = ", ".join(f"[ {values[n].text}, %{label} ]" for values, label in ends)
            old = before[n]
            self.locals[n] = Val(f.op(f"phi {old.type} {came}"), old.dtype, old.lanes)

    def _changed(self, body: tuple[Stmt, ...]) -> list[str]:
        """Locals of outside that the statements set."""
        return [n for n in dict.fromkeys(_set_names(body)) if n in self.locals]

    def _loop(self, s: For) -> None:
        f = self.f
        lower, upper = f.integer(s.lower), f.integer(s.upper)
        ahead, loop, end = f.fresh("ahead"), f.fresh("loop"), f.fresh("end")
        gap = s.upper - s.lower
        runs = gap.is_const and gap.value > 0
        before = f.label
        if not runs:
            some = f.op(f"icmp slt i64 {lower}, {upper}")
            f.line(f"br i1 {some}, label %{ahead}, label %{end}")
            f.start(ahead)
        enter = f.label
        f.branch(loop)
        after = self._iterate(s, (lower, upper), loop, enter, end)
        latch = f.label
        f.start(end)
        for n, (old, new) in after.items():
            came = "" if runs else f"[ {old.text}, %{before} ], "
            text = f"phi {old.type} {came}[ {new.text}, %{latch} ]"
            self.locals[n] = Val(f.op(text), old.dtype, old.lanes)

    def _iterate(
        self, s: For, bounds: tuple[str, str], loop: str, enter: str, end: str
    ) -> dict[str, tuple[Val, Val]]:
        """The body and the branch back; the locals it changes, before and after."""
        f, (lower, upper) = self.f, bounds
        changed = self._changed(s.body)
        old = {n: self.locals[n] for n in changed}
        f.start(loop)
        phis: Text = []
        f.code.append(phis)
        i = f"%{f.fresh(_plain(s.var))}"
        current = {n: f"%{f.fresh(_plain(n))}" for n in changed}
        for n, v in old.items():
            self.locals[n] = Val(current[n], v.dtype, v.lanes)
        level = f.push_level()
        level.names[s.var] = i
        level.rows = any(isinstance(x, Let) and isinstance(x.value, Shuffle) for x in s.body)
        self.block(s.body)
        f.pop_level()
        step = f.op(f"add nsw i64 {i}, {s.step}")
        again = f.op(f"icmp slt i64 {step}, {upper}")
        f.line(f"br i1 {again}, label %{loop}, label %{end}")
        phis.append(f"  {i} = phi i64 [ {lower}, %{enter} ], [ {step}, %{f.label} ]")
        new = {n: self.locals[n] for n in changed}
        for n in changed:
            came = f"[ {old[n].text}, %{enter} ], [ {new[n].text}, %{f.label} ]"
            phis.append(f"  {current[n]} = phi {old[n].type} {came}")
        return {n: (old[n], new[n]) for n in changed}


def _plain(name: str) -> str:
    """A stem for names: letters and digits only, ending in a dot."""
    return "".join(c if c.isalnum() else "_" for c in name if c.isascii()) + "."


def _set_names(body: tuple[Stmt, ...]) -> Iterator[str]:
    for s in body:
        match s:
            case Set(name):
                yield name
            case For():
                yield from _set_names(s.body)
            case If():
                yield from _set_names(s.then)
                yield from _set_names(s.orelse)
            case _:
                pass
