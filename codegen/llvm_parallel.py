"""Parallel loops in LLVM IR: the body becomes a function that a team of threads runs.

The caller packs what the body uses into a structure on its stack:

    { i64 ticket, i64 slot, i64 bytes of a slice, i64 parts, captured pointers, integers, ... }

Every member takes a slot (its number, which selects its slice of the thread buffers), then
tickets: each ticket is one iteration. Iterations are independent, so their order does not matter.
A member takes neighbouring tickets together, one of `parts` equal parts of those that are left: so
it reads memory in long runs, which the processor fetches ahead, and all members end together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from polyc.codegen.llvm_function import Function, Text
from polyc.codegen.llvm_statements import Body, Outer
from polyc.codegen.llvm_types import Val
from polyc.codegen.loops import Buffer, For
from polyc.codegen.walk import buffers_of
from polyc.codegen.workspace import Workspace
from polyc.frontend.integers import Int
from polyc.target import WORTH_THREADS

_HEADER = ("i64", "i64", "i64", "i64")  # ticket, slot, bytes of a slice, parts
_PARTS = 4  # for each thread


def define(kind: str, name: str, parameters: list[str], f: Function) -> str:
    head = f"define {kind} @{name}({', '.join(parameters)}) #0 {{"
    return f"{head}\nentry:\n{f.body_text()}\n}}"


def parameter_text(name: str, b: Buffer, *, alone: bool = True) -> str:
    """A pointer; `alone` says that the function uses no other that meets its memory."""
    alias, access = " noalias" if alone else "", "" if b.writable else " readonly"
    return f"ptr{alias} captures(none){access} align {max(b.align, b.dtype.bytes)} {name}"


@dataclass(slots=True)
class _Captures:
    """What the body of a parallel loop takes from around it, in order of first use."""

    fields: list[str] = field(default_factory=lambda: [*_HEADER])  # types
    values: list[str] = field(default_factory=list)  # in the caller, of those after the header
    parameters: list[str] = field(default_factory=list)  # of the body
    threads: list[int] = field(default_factory=list)  # fields that point to thread buffers

    def add(self, kind: str, value: str, parameter: str | None = None) -> str:
        name = f"%c{len(self.fields)}"
        self.fields.append(kind)
        self.values.append(value)
        self.parameters.append(f"{parameter} {name}" if parameter else f"{kind} {name}")
        return name

    @property
    def struct(self) -> str:
        return f"{{ {', '.join(self.fields)} }}"


@dataclass(slots=True)
class Parallel:
    """Numbers the parallel loops of a kernel and emits each."""

    kernel: str
    places: Workspace
    count: int = 0

    def emit(self, caller: Body, s: For) -> None:
        name = f"{self.kernel}.par{self.count}"
        self.count += 1
        captures = _Captures()
        _iterations(name, caller, s, captures, self.places)
        _member(name, caller.f, captures)
        _call(name, caller, captures, self.places, s.work)


def _outer(caller: Body, s: For, captures: _Captures, places: Workspace) -> Outer:
    thread, used = {b.name for b in places.thread}, buffers_of(s.body)

    def integer(name: str) -> str | None:
        return captures.add("i64", caller.f.integer(Int.of(name)))

    def local(name: str) -> Val | None:
        v = caller.local(name)
        return Val(captures.add(v.type, v.text), v.dtype, v.lanes)

    def buffer(name: str) -> tuple[Buffer, str] | None:
        b, pointer = caller.buffer(name)
        if name in thread:
            captures.threads.append(len(captures.fields))
        parameter = parameter_text("", b, alone=places.alone(name, used)).rstrip()
        return b, captures.add("ptr", pointer, parameter)

    return Outer(integer, local, buffer)


def _iterations(name: str, caller: Body, s: For, captures: _Captures, places: Workspace) -> None:
    """void @NAME(ptr ticket, i64 parts, captures...): takes tickets until there are none."""
    outer = _outer(caller, s, captures, places)
    f = Function(caller.f.module, outer.integer)
    body = Body(f, outer, None)
    lower = f.integer(s.lower)
    trips = f.integer((s.upper - s.lower + (s.step - 1)) // s.step)
    next_, run, done = f.fresh("next"), f.fresh("run"), f.fresh("done")
    f.branch(next_)
    first, end, enter = _take(f, trips, next_, run, done)
    f.start(run)
    ticket, after = f"%{f.fresh('ticket')}", f"%{f.fresh('after')}"
    latch: Text = []
    f.code.append(latch)
    i = f.op(f"add nsw i64 {lower}, {f.op(f'mul nsw i64 {ticket}, {s.step}')}")
    f.push_level().names[s.var] = i
    body.block(s.body)
    f.pop_level()
    latch.append(f"  {ticket} = phi i64 [ {first}, %{enter} ], [ {after}, %{f.label} ]")
    f.line(f"{after} = add nsw i64 {ticket}, 1")
    again = f.op(f"icmp slt i64 {after}, {end}")
    f.line(f"br i1 {again}, label %{run}, label %{next_}")
    f.start(done)
    f.fence()
    f.line("ret void")
    # The ticket is shared: not noalias.
    parameters = ["ptr captures(none) %ticket", "i64 %parts", *captures.parameters]
    caller.f.module.functions.append(define("internal void", name, parameters, f))


def _take(f: Function, trips: str, next_: str, run: str, done: str) -> tuple[str, str, str]:
    """Takes tickets: the first of them, the one after the last, and the block that has them."""
    f.start(next_)
    first = f.op("load atomic i64, ptr %ticket monotonic, align 8")
    take = f.fresh("take")
    f.line(f"br i1 {f.op(f'icmp slt i64 {first}, {trips}')}, label %{take}, label %{done}")
    f.start(take)
    f.module.declare("declare i64 @llvm.smax.i64(i64, i64)")
    part = f.op(f"sdiv i64 {f.op(f'sub i64 {trips}, {first}')}, %parts")
    end = f.op(f"add i64 {first}, {f.op(f'call i64 @llvm.smax.i64(i64 {part}, i64 1)')}")
    taken = f.op(f"cmpxchg ptr %ticket, i64 {first}, i64 {end} monotonic monotonic")
    mine = f.op(f"extractvalue {{ i64, i1 }} {taken}, 1")
    f.line(f"br i1 {mine}, label %{run}, label %{next_}")
    return first, end, take


def _member(name: str, caller: Function, captures: _Captures) -> None:
    """void @NAME.team(ptr data): finds its slot, unpacks the data."""
    f = Function(caller.module)
    struct = captures.struct

    def at(number: int) -> str:
        return f.op(f"getelementptr {struct}, ptr %data, i64 0, i32 {number}")

    slot = f.op(f"atomicrmw add ptr {at(1)}, i64 1 monotonic")
    size = f.op(f"load i64, ptr {at(2)}, align 8")
    parts = f.op(f"load i64, ptr {at(3)}, align 8")
    start = f.op(f"mul i64 {slot}, {size}")
    args = []
    for number, kind in enumerate(captures.fields[len(_HEADER) :], start=len(_HEADER)):
        value = f.op(f"load {kind}, ptr {at(number)}")
        if number in captures.threads:
            value = f.op(f"getelementptr i8, ptr {value}, i64 {start}")
        args.append(f"{kind} {value}")
    ticket = at(0)
    f.line(f"call void @{name}({', '.join([f'ptr {ticket}', f'i64 {parts}', *args])})")
    f.line("ret void")
    caller.module.functions.append(define("internal void", f"{name}.team", ["ptr %data"], f))


def _call(
    name: str, caller: Body, captures: _Captures, places: Workspace, work: Int | None
) -> None:
    """Packs the data and runs the team; alone where one thread is allowed."""
    f, struct = caller.f, captures.struct
    data = f"%{f.fresh('data')}"
    f.entry.append(f"  {data} = alloca {struct}, align 64")
    parts = f.op(f"mul i64 {f.op('zext i32 %threads to i64')}, {_PARTS}")
    parts = f.op(f"call i64 @llvm.smax.i64(i64 {parts}, i64 1)")
    values = ["0", "0", f.integer(places.slice_bytes), parts, *captures.values]
    for number, (kind, value) in enumerate(zip(captures.fields, values, strict=True)):
        at = f.op(f"getelementptr {struct}, ptr {data}, i64 0, i32 {number}")
        f.line(f"store {kind} {value}, ptr {at}")
    alone, team, end = f.fresh("alone"), f.fresh("team"), f.fresh("end")
    single = f.op("icmp sle i32 %threads, 1")
    if work is not None:
        small = f.op(f"icmp slt i64 {f.integer(work)}, {WORTH_THREADS}")
        single = f.op(f"or i1 {single}, {small}")
    f.line(f"br i1 {single}, label %{alone}, label %{team}")
    f.start(alone)
    f.line(f"call void @{name}.team(ptr {data})")
    f.branch(end)
    f.start(team)
    f.module.declare(f"declare void @{f.module.region}(ptr, ptr, i32, i32)")
    f.line(f"call void @{f.module.region}(ptr @{name}.team, ptr {data}, i32 %threads, i32 0)")
    f.branch(end)
    f.start(end)
