"""`Exported` -> LLVM IR of an object that links alone: the same function as `codegen.c_export`.

Parallel loops are OpenMP regions, through the entry that GNU's and LLVM's runtimes share.
"""

from __future__ import annotations

from dataclasses import dataclass

from polyc.codegen import llvm
from polyc.codegen.exported import BAD_SIZE, MOST, NO_MEMORY, NULL, Exported, Parameter
from polyc.codegen.llvm_function import Function, Module
from polyc.codegen.llvm_parallel import define
from polyc.codegen.llvm_statements import Body
from polyc.codegen.llvm_types import Val, constant, memory_type
from polyc.codegen.loops import Buffer
from polyc.codegen.scratch import too_much
from polyc.codegen.workspace import ALIGN, layout
from polyc.frontend.dtypes import BOOL, UINT8
from polyc.frontend.integers import Int
from polyc.target import Target


def emit(x: Exported, target: Target) -> str:
    """The module. Arguments come as C passes them: bool as a byte, small floats as their bits."""
    module = Module(target, region="GOMP_parallel")
    places = layout(x.nest)
    llvm.body(x.nest, places, module)
    _Entry(x, Function(module)).emit()
    return llvm.text(x.nest, module)


@dataclass(slots=True)
class _Entry:
    """The function under construction. A value's name follows from the place of its parameter."""

    x: Exported
    f: Function

    def emit(self) -> None:
        x, f = self.x, self.f
        self._pointers()
        for k, p in enumerate(x.parameters):
            if p.fixed is not None:
                only = constant(p.fixed, p.dtype).text if p.dtype != BOOL else str(int(p.fixed))
                self._unless(f.op(f"icmp eq {_type(p)} %p{k}, {only}"), BAD_SIZE)
            if p.integer is not None:
                f.levels[0].names[p.integer] = self._integer(k, p)
        body = Body(f, None, None)
        for code, limit in enumerate(x.limits, BAD_SIZE + 1):
            self._open_level()
            self._unless(body.condition(limit), code)
        self._open_level()
        self._call()
        parameters = [f"{_type(p)} %p{k}" for k, p in enumerate(x.parameters)]
        f.module.functions.append(define("signext i32", x.symbol, parameters, f))

    def _open_level(self) -> None:
        """What comes is computed here, after the checks before: a level of no loop."""
        self.f.push_level()
        self.f.levels[-1].names.update(self.f.levels[0].names)

    def _unless(self, good: str, code: int) -> None:
        f = self.f
        on, bad = f.fresh("on"), f.fresh("bad")
        f.line(f"br i1 {good}, label %{on}, label %{bad}")
        f.start(bad)
        f.line(f"ret i32 {code}")
        f.start(on)

    def _pointers(self) -> None:
        for k, p in enumerate(self.x.parameters):
            if p.pointer:
                self._unless(self.f.op(f"icmp ne ptr %p{k}, null"), NULL)

    def _integer(self, k: int, p: Parameter) -> str:
        """The parameter as an int64 within bounds."""
        f, kind = self.f, memory_type(p.dtype)
        if p.dtype.bits < 64:
            word = "sext" if p.dtype.kind == "i" else "zext"
            return f.op(f"{word} {kind} %p{k} to i64")
        low = 0 if p.kind == "size" or p.dtype.kind == "u" else -MOST
        shifted = f.op(f"sub i64 %p{k}, {low}")
        self._unless(f.op(f"icmp ule i64 {shifted}, {MOST - low}"), BAD_SIZE)
        return f"%p{k}"

    def _argument(self, number: int) -> str:
        k, p = next((k, p) for k, p in enumerate(self.x.parameters) if p.argument == number)
        if isinstance(self.x.nest.arguments[number], Buffer):
            return f"ptr %p{k}"
        if p.dtype == BOOL:
            byte = Val(f"%p{k}", UINT8, 1)
            return Val(self.f.op(f"icmp ne {byte.typed}, 0"), BOOL, 1).typed
        return Val(f"%p{k}", p.dtype, 1).typed

    def _call(self) -> None:
        x, f, places = self.x, self.f, layout(self.x.nest)
        team, scratch = "1", "null"
        if x.parallel:
            f.module.declare("declare i32 @omp_get_max_threads()")
            team = f.op("call i32 @omp_get_max_threads()")
        if (excess := too_much(places)) is not None:
            few = f.op(f"xor {Body(f, None, None).values(excess).typed}, true")
            self._unless(few, NO_MEMORY)
        if not places.is_empty:
            size = f.integer(places.slices)
            if places.slice_bytes:
                wide = f.op(f"sext i32 {team} to i64")
                slices = f.op(f"mul nsw i64 {wide}, {f.integer(places.slice_bytes)}")
                size = f.op(f"add nsw i64 {size}, {slices}")
            scratch = self._allocated(size)
        args = [self._argument(k) for k in range(len(x.nest.arguments))]
        args += [f"i64 {f.integer(Int.of(name))}" for name in x.nest.ints]
        inner = ", ".join([*args, f"ptr {scratch}", f"i32 {team}"])
        code = f.op(f"call i32 @{x.symbol}.body({inner})")
        if not places.is_empty:
            f.module.declare("declare void @free(ptr)")
            f.line(f"call void @free(ptr {scratch})")
        failed = f.op(f"icmp ne i32 {code}, 0")
        moved = f.op(f"add i32 {code}, {x.first_check}")
        f.line(f"ret i32 {f.op(f'select i1 {failed}, i32 {moved}, i32 0')}")

    def _allocated(self, size: str) -> str:
        """Scratch of so many bytes: of none, whatever the allocator gives."""
        f = self.f
        f.module.declare("declare ptr @aligned_alloc(i64, i64)")
        f.module.declare("declare i64 @llvm.smax.i64(i64, i64)")
        some = f.op(f"call i64 @llvm.smax.i64(i64 {size}, i64 {ALIGN})")
        scratch = f.op(f"call ptr @aligned_alloc(i64 {ALIGN}, i64 {some})")
        self._unless(f.op(f"icmp ne ptr {scratch}, null"), NO_MEMORY)
        return scratch


def _type(p: Parameter) -> str:
    return "ptr" if p.pointer else memory_type(p.dtype)
