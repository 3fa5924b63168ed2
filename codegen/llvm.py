"""LoopNest -> LLVM IR text.

NAME            the ABI: loads pointers and sizes from its arguments, calls NAME.body
NAME.body       the nest; every array of the caller is a `noalias` parameter
NAME.parN.team  what one member of a team runs: unpacks the shared data, calls NAME.parN
NAME.parN       takes iterations of parallel loop N until none is left
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.llvm_function import Function, Module
from polyc.codegen.llvm_parallel import Parallel, define, parameter_text
from polyc.codegen.llvm_statements import Body
from polyc.codegen.llvm_types import Val, memory_type
from polyc.codegen.loops import Buffer, LoopNest, Scalar
from polyc.codegen.workspace import ALIGN, Workspace, layout
from polyc.frontend.dtypes import BOOL, UINT8
from polyc.target import Target


def emit(nest: LoopNest, target: Target, *, numbered: bool = False) -> str:
    """The module: `i32 @NAME(ptr buffers, ptr ints, ptr workspace, i32 threads)`.

    buffers[i] is the address of argument i's data (of a scalar, of its value), ints the values of
    `nest.ints`. It returns 0, or the code of a failed `Check`. `numbered`: a comment behind each
    instruction says which statement of the nest it is of, in the order of the nest's text.
    """
    nest = replace(nest, name=nest.symbol)
    module = Module(target, numbered=numbered)
    body(nest, layout(nest), module)
    _entry(nest, module)
    return text(nest, module)


def text(nest: LoopNest, module: Module) -> str:
    """The module with the attributes of its functions."""
    width = module.target.vector_bytes * 8
    attributes = (
        "attributes #0 = { nounwind mustprogress "
        f'"prefer-vector-width"="{width}" "min-legal-vector-width"="{width}" }}'
    )
    return f"; {nest.name}\n" + module.text(attributes)


def body(nest: LoopNest, places: Workspace, module: Module) -> None:
    """Adds NAME.body and the functions of its parallel loops."""
    f = Function(module)
    code = Body(f, None, None)
    code.parallel = Parallel(nest.name, places).emit
    parameters: list[str] = []
    for number, a in enumerate(nest.arguments):
        match a:
            case Buffer(name, dtype):
                parameters.append(parameter_text(f"%a{number}", a))
                code.buffers[name] = (a, f"%a{number}")
            case Scalar(name, dtype):
                value = Val(f"%a{number}", dtype, 1)
                parameters.append(value.typed)
                code.locals[name] = value
    for number, name in enumerate(nest.ints):
        parameters.append(f"i64 %n{number}")
        f.levels[0].names[name] = f"%n{number}"
    parameters += ["ptr %workspace", "i32 %threads"]
    _workspace(code, places)
    code.block(nest.body)
    f.fence()
    f.line("ret i32 0")
    module.functions.append(define("internal i32", f"{nest.name}.body", parameters, f))


def _workspace(body: Body, places: Workspace) -> None:
    """Buffers of the workspace; a thread buffer is that of thread 0 outside parallel loops."""
    f = body.f
    shared = dict(places.shared)
    shared |= {b: places.slices + at for b, at in places.thread.items()}
    for b, at in shared.items():
        text = f"getelementptr i8, ptr %workspace, i64 {f.integer(at)}"
        body.buffers[b.name] = (_aligned(b), f.op(text, f.levels[0].head))


def _aligned(b: Buffer) -> Buffer:
    return replace(b, align=max(b.align, ALIGN))


def _entry(nest: LoopNest, module: Module) -> None:
    """Unpacks the arrays of the ABI."""
    f = Function(module)
    args: list[str] = []
    for number, a in enumerate(nest.arguments):
        slot = f.op(f"getelementptr ptr, ptr %buffers, i64 {number}")
        address = f.op(f"load ptr, ptr {slot}, align 8")
        if isinstance(a, Buffer):
            args.append(f"ptr {address}")
            continue
        raw = f.op(f"load {memory_type(a.dtype)}, ptr {address}, align {a.dtype.bytes}")
        value = Val(raw, a.dtype, 1)
        if a.dtype == BOOL:
            value = Val(f.op(f"icmp ne {Val(raw, UINT8, 1).typed}, 0"), BOOL, 1)
        args.append(value.typed)
    for number in range(len(nest.ints)):
        slot = f.op(f"getelementptr i64, ptr %ints, i64 {number}")
        args.append("i64 " + f.op(f"load i64, ptr {slot}, align 8"))
    args += ["ptr %workspace", "i32 %threads"]
    code = f.op(f"call i32 @{nest.name}.body({', '.join(args)})")
    f.line(f"ret i32 {code}")
    parameters = ["ptr %buffers", "ptr %ints", "ptr %workspace", "i32 %threads"]
    module.functions.append(define("i32", nest.name, parameters, f))
