"""From a schedule to a `LoopNest`: loops from isl, bodies from the program, then the passes."""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.ast import loops_of_tree
from polyc.codegen.expressions import Body
from polyc.codegen.gathers import check_gathers
from polyc.codegen.loops import (
    Alloc,
    Buffer,
    For,
    If,
    LoopNest,
    Scalar,
    Space,
    Stmt,
)
from polyc.codegen.passes.pipeline import run_passes
from polyc.codegen.statements import statement
from polyc.codegen.walk import buffers_of
from polyc.frontend.dtypes import real_part
from polyc.frontend.integers import ONE, Int, product
from polyc.frontend.program import Program, Tensor
from polyc.options import Options
from polyc.scheduler.tree import Schedule, Storage
from polyc.target import Target


def build(
    program: Program,
    schedule: Schedule,
    target: Target,
    options: Options,
    contiguous: frozenset[str] | None = None,
) -> LoopNest:
    """The complete LoopNest of a scheduled program, passes included.

    Inputs that are not in `contiguous` (None: all are) take one stride per dimension, in elements,
    as the integer arguments `NAME.s0`, `NAME.s1`, ….
    """
    nest = skeleton(program, schedule, contiguous)
    return run_passes(nest, target, options)


def skeleton(
    program: Program, schedule: Schedule, contiguous: frozenset[str] | None = None
) -> LoopNest:
    """The LoopNest before any pass: plain scalar loops with their marks."""
    homes = {x.tensor: x for x in schedule.storage}
    strided = [
        t
        for t in program.inputs
        if not t.scalar and contiguous is not None and t.name not in contiguous
    ]
    buffers = {
        t.name: _buffer(t, homes.get(t.name), t in strided)
        for t in program.tensors
        if not _by_value(t)
    }
    body = Body(program, buffers, homes)

    def fill(name: str, values: tuple[Int, ...]) -> tuple[Stmt, ...]:
        s = program.statement(name)
        return statement(body, s, dict(zip(s.vars, values, strict=True)))

    loops = loops_of_tree(schedule.tree, program.context, fill)
    loops, private = _allocate(loops, [b for b in buffers.values() if b.space == "thread"])
    checks, messages = check_gathers(body)
    arguments = (*program.inputs, *program.outputs)
    strides = [f"{t.name}.s{d}" for t in strided for d in range(len(t.shape))]
    ints = (*(z.name for z in program.sizes), *strides)
    signed = (*(z.name for z in program.sizes if z.scalar), *strides)
    shared = [b for b in buffers.values() if b.space == "workspace"]
    shared += [
        replace(b, space="workspace")
        for b in buffers.values()
        if b.space == "thread" and b.name not in private
    ]
    return LoopNest(
        program.name,
        tuple(_argument(t, buffers) for t in arguments),
        ints,
        tuple(shared),
        (*checks, *loops),
        messages,
        signed,
    )


def _by_value(t: Tensor) -> bool:
    """A scalar, unless it is complex: that is two numbers in memory."""
    return t.scalar and not t.dtype.is_complex


def _argument(t: Tensor, buffers: dict[str, Buffer]) -> Buffer | Scalar:
    return Scalar(t.name, t.dtype) if _by_value(t) else buffers[t.name]


def _buffer(t: Tensor, home: Storage | None, strided: bool) -> Buffer:
    """Memory of a tensor; a complex one is a real one with a last dimension of two."""
    shape = t.shape
    if home is not None:
        shape = tuple(
            Int.of(w.extent) if w else n for w, n in zip(home.windows, t.shape, strict=True)
        )
    parts = 2 if t.dtype.is_complex else 1
    strides: tuple[Int, ...]
    if strided:
        strides = tuple(Int.of(f"{t.name}.s{d}") * parts for d in range(len(shape)))
    else:
        strides = tuple(product(shape[d + 1 :]) * parts for d in range(len(shape)))
    if parts == 2:
        shape, strides = (*shape, Int.of(2)), (*strides, ONE)
    if t.kind == "temporary":
        mine = home is not None and home.scope == "tile"
        space: Space = "thread" if mine else "workspace"
        return Buffer(t.name, real_part(t.dtype), shape, strides, space, align=64)
    align = real_part(t.dtype).bytes
    return Buffer(t.name, real_part(t.dtype), shape, strides, "argument", t.kind == "output", align)


def _allocate(body: tuple[Stmt, ...], private: list[Buffer]) -> tuple[tuple[Stmt, ...], set[str]]:
    """Per-thread buffers are allocated at the top of the parallel loop that uses them."""
    placed: set[str] = set()

    def visit(s: Stmt) -> Stmt:
        match s:
            case For(kind="parallel"):
                used = buffers_of(s.body)
                mine = tuple(Alloc(b) for b in private if b.name in used)
                placed.update(a.buffer.name for a in mine)
                return replace(s, body=(*mine, *s.body))
            case For():
                return replace(s, body=tuple(map(visit, s.body)))
            case If(cond, then, orelse):
                return If(cond, tuple(map(visit, then)), tuple(map(visit, orelse)))
            case _:
                return s

    return tuple(map(visit, body)), placed
