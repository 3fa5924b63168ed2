"""Statements of a `LoopNest` in C."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from polyc.codegen.c_convert import mask_as
from polyc.codegen.c_text import T, define
from polyc.codegen.c_types import CVal, bare, element, short
from polyc.codegen.c_values import Expressions
from polyc.codegen.loops import (
    Alloc,
    Buffer,
    Check,
    Declare,
    For,
    If,
    Let,
    LoopNest,
    Set,
    Stmt,
    Store,
)
from polyc.codegen.walk import buffers_of
from polyc.codegen.workspace import ALIGN, Workspace
from polyc.frontend.dtypes import BOOL
from polyc.frontend.integers import Int, product
from polyc.target import WORTH_THREADS


@dataclass(slots=True)
class Writer:
    """Lines of C; thread buffers are found anew in every parallel loop."""

    e: Expressions
    places: Workspace
    in_parallel: bool = False
    streams: bool = False  # some store went past the caches
    lines: list[str] = field(default_factory=list)
    here: set[str] = field(default_factory=set)  # locals of the present block
    starts: list[int] = field(default_factory=list)  # the first line of each statement

    def kernel(self, nest: LoopNest) -> None:
        pad, used = "    ", buffers_of(nest.body)
        for b, at in self.places.shared.items():
            self._pointer(b, f"(char *)workspace + {self._operand(at)}", used, pad)
        self._thread_buffers("0", used, pad)
        self.block(nest.body, pad)
        self._fence(pad)
        self.lines.append(f"{pad}return 0;")

    def _operand(self, e: Int) -> str:
        return self.e.integer(e) if len(e.terms) < 2 else f"({self.e.integer(e)})"

    def _pointer(self, b: Buffer, address: str, used: set[str], pad: str) -> None:
        """`used` are the buffers of the block that the pointer is for."""
        self.e.buffers[b.name] = b
        kind, name = element(b.dtype), self.e.names("buffer", b.name)
        restrict = "restrict " if self.places.alone(b.name, used) else ""
        self.lines.append(f"{pad}{kind} *{restrict}{name} = ({kind} *)({address});")

    def _thread_buffers(self, slot: str, used: set[str], pad: str) -> None:
        for b, at in self.places.thread.items():
            start = self.places.slices + at
            slice_ = "" if slot == "0" else f" + {slot} * {self._operand(self.places.slice_bytes)}"
            self._pointer(b, f"(char *)workspace + {self._operand(start)}{slice_}", used, pad)

    # ---- statements
    def block(self, body: tuple[Stmt, ...], pad: str) -> None:
        outer, here = dict(self.e.locals), self.here
        self.here = set()
        for s in body:
            self.statement(s, pad)
        self.e.locals, self.here = outer, here

    def statement(self, s: Stmt, pad: str) -> None:
        self.starts.append(len(self.lines))
        match s:
            case For():
                self._loop(s, pad)
            case If(cond, then, orelse):
                self.lines.append(f"{pad}if ({self.e.condition(cond)}) {{")
                self.block(then, pad + "    ")
                if orelse:
                    self.lines.append(f"{pad}}} else {{")
                    self.block(orelse, pad + "    ")
                self.lines.append(f"{pad}}}")
            case Store():
                self._store(s, pad)
            case Let(name, value):
                self._declare(name, self.e.value(value), "const ", pad)
            case Declare(name, value):
                self._declare(name, self.e.value(value), "", pad)
            case Set(name, value):
                local = self.e.locals[name]
                x = mask_as(self.e.h, self.e.value(value), local.bits)
                self.lines.append(f"{pad}{local.text} = {bare(x.text)};")
            case Alloc(buffer):
                self._alloc(buffer, pad)
            case Check(value, code):
                test = self.e.value(value).text
                self.lines.append(f"{pad}if (!{test}) return {code};")
            case _:
                assert_never(s)

    def _declare(self, name: str, x: CVal, const: str, pad: str) -> None:
        again = 0  # a block may bind a name twice; C may not
        while (c := self.e.names("local", name + "_" * again)) in self.here:
            again += 1
        self.here.add(c)
        if x.lanes > 1:
            kind = f"i{x.bits}" if x.dtype == BOOL else short(x.dtype)
            self.e.h.type(T(kind, x.lanes))
        self.lines.append(f"{pad}{const}{x.type} {c} = {bare(x.text)};")
        self.e.locals[name] = CVal(c, x.dtype, x.lanes, x.bits)

    def _store(self, s: Store, pad: str) -> None:
        x = self.e.value(s.value)
        w = self.e.where(s.buffer, s.index, s.step, x.lanes, s.active)
        if s.op is not None:
            x = self.e.binary(s.op, self.e.load(w), x)
        self.streams |= s.stream
        self.lines.append(pad + self.e.store(w, x, stream=s.stream))

    def _alloc(self, b: Buffer, pad: str) -> None:
        if b.space == "thread":
            return
        self.e.buffers[b.name] = b
        name, size = self.e.names("buffer", b.name), product(b.shape).value
        align = f"__attribute__((aligned({max(b.align, ALIGN)})))"
        self.lines.append(f"{pad}{element(b.dtype)} {name}[{max(size, 1)}] {align};")

    # ---- loops
    def _loop(self, s: For, pad: str) -> None:
        parallel = s.kind == "parallel" and not self.in_parallel
        if s.note:
            self.lines.append(f"{pad}// {s.note}")
        var = self.e.names("int", s.var)
        lower, upper = self.e.integer(s.lower), self.e.integer(s.upper)
        if parallel:
            worth = "threads > 1"
            if s.work is not None:
                worth += f" && {self.e.integer(s.work)} >= {WORTH_THREADS}"
            self._pragma(f"parallel num_threads(threads) if ({worth})")
            self.lines.append(f"{pad}{{")
            self._pragma("for schedule(guided) nowait")
        by = f"{var}++" if s.step == 1 else f"{var} += {s.step}"
        self.lines.append(f"{pad}for (int64_t {var} = {lower}; {var} < {upper}; {by}) {{")
        if parallel:
            self.in_parallel = True
            self._slot(buffers_of(s.body), pad + "    ")
        self.block(s.body, pad + "    ")
        self.in_parallel = self.in_parallel and not parallel
        self.lines.append(f"{pad}}}")
        if parallel:
            self._fence(pad)
            self.lines.append(f"{pad}}}")

    def _pragma(self, text: str) -> None:
        self.lines += ["#ifdef _OPENMP", f"#pragma omp {text}", "#endif"]

    def _fence(self, pad: str) -> None:
        """What went past the caches is there for other threads from here on."""
        if self.streams:
            lines = ("#if defined(__SSE2__)", "_mm_sfence();", "#endif")
            name = self.e.h.add("fence", lambda: define("void", "fence", "void", *lines))
            self.lines.append(f"{pad}{name}();")

    def _slot(self, used: set[str], pad: str) -> None:
        if not self.places.thread:
            return
        self.lines += [
            f"{pad}int64_t slice = 0;",
            "#ifdef _OPENMP",
            f"{pad}slice = omp_get_thread_num();",
            "#endif",
        ]
        self._thread_buffers("slice", used, pad)
