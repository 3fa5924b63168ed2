"""The pipeline on one page: Program -> Schedule -> LoopNest -> source -> object.

Every step goes through one hook, which times it, logs it, and writes its text to POLYC_DUMP.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

from polyc import options as settings
from polyc.codegen import llvm, native
from polyc.codegen.build import build
from polyc.codegen.checks import checked
from polyc.codegen.loops import Buffer, For, If, LoopNest, Stmt
from polyc.codegen.notes import Site
from polyc.codegen.workspace import layout, workspace_bytes
from polyc.errors import ArgumentError, InternalError
from polyc.frontend.program import Program
from polyc.hook import Hook, log_as_asked
from polyc.limits import demand_few, demand_short, limited
from polyc.options import Options
from polyc.scheduler import cost as costs
from polyc.scheduler.combining import Origin
from polyc.scheduler.cost import Cost
from polyc.scheduler.counting import SET, extent
from polyc.scheduler.dependences import Dependences, analyse
from polyc.scheduler.flatten import flatten
from polyc.scheduler.given import bounded, demand_legal, read_back
from polyc.scheduler.legality import Certificate, verify
from polyc.scheduler.operations import operations as count_operations
from polyc.scheduler.overlap import overlap
from polyc.scheduler.packing import pack
from polyc.scheduler.padding import pad_operands
from polyc.scheduler.privatise import privatise
from polyc.scheduler.rewriting import Rewritten
from polyc.scheduler.schedule import schedule
from polyc.scheduler.simplify import simplify
from polyc.scheduler.tree import Schedule
from polyc.scheduler.widening import widen
from polyc.signature import Argument, Signature
from polyc.target import Target, target
from polyc.threads import LOCK


@dataclass(frozen=True, slots=True)
class Lowered:
    """The stages up to loops. `contiguous` names the inputs in C order, None means all of them."""

    program: Program
    target: Target
    options: Options
    contiguous: frozenset[str] | None
    dependences: Dependences
    schedule: Schedule
    nest: LoopNest
    origin: Origin  # the program before its long reductions were split


@dataclass(frozen=True, slots=True)
class Compiled:
    """The end of the pipeline: what a kernel is made from."""

    lowered: Lowered
    source: str  # LLVM IR or C, as options.backend says
    object: bytes
    signature: Signature
    seconds: tuple[tuple[str, float], ...]  # time of each step, in order


def compile(
    program: Program,
    options: Options,
    contiguous: frozenset[str] | None,
    text: str | None = None,
) -> Compiled:
    """Object code of a program whose sizes are fixed as far as they will be; `text` is a schedule
    that is used in place of one made here.

    Raises CompileError, ResourceError at a limit of `polyc.limits`, InternalError where
    `options.check` finds the schedule illegal, and ArgumentError where `text` is no legal schedule.
    """
    with LOCK, limited(options):
        log_as_asked()
        step = Hook(program.name, settings.places().dump)
        low = lower(program, options, contiguous, step, text)
        nest, sites = emitted(low)
        source, data = _BACKENDS[options.backend](nest, low.target, step)
        how = replace(signature(program, low.nest), checks=sites)
        return Compiled(low, source, data, how, tuple(step.seconds))


def emitted(low: Lowered) -> tuple[LoopNest, tuple[Site, ...]]:
    """The loops that a backend prints: with `options.check` each access is tested, and the sites
    say what the kernel's notes mean."""
    if not low.options.check:
        return low.nest, ()
    nest, sites = checked(low.nest)
    labels = {t.name: t.label for t in low.program.tensors}
    return nest, tuple(replace(s, buffer=labels.get(s.buffer, s.buffer)) for s in sites)


def lower(
    program: Program,
    options: Options,
    contiguous: frozenset[str] | None = None,
    step: Hook | None = None,
    text: str | None = None,
) -> Lowered:
    """The pipeline down to loops: all that printing a kernel's stages needs.

    A schedule that comes as text is always proved, whatever `options.check` says.
    """
    with LOCK, limited(options):
        demand_few(program)
        step = step or Hook(program.name, None)
        machine = target(options.target)
        if options.math == "strict":  # they add their products in an order of their own
            machine = replace(machine, dots=())
        step("program", "txt", lambda: program)
        program = step("simpler", "txt", lambda: flatten(simplify(program), contiguous))
        made = step("packed", "txt", lambda: rewrite(program, machine, contiguous))
        split = step("parts", "txt", lambda: privatise(made.program, machine, options))
        program, origin = split.program, split.origin
        deps = step("deps", "txt", lambda: analyse(program))
        found = step("overlapped", "txt", lambda: overlap(program, deps, machine, options))
        program, deps = found.program, found.dependences
        plan = step("schedule", "yaml", lambda: schedule(program, deps, machine, options))
        plan = replace(
            plan,
            decisions=(*made.decisions, *split.decisions, *found.decisions, *plan.decisions),
        )
        if text is not None:
            with _fitting(program, contiguous), bounded("reading it"):
                plan = step("given", "yaml", lambda: read_back(text, program, deps, plan))
            with bounded("proving it"):
                demand_legal(
                    step("certificate", "txt", lambda: verify(program, deps, plan, origin))
                )
        elif proves(options):
            demand(step("certificate", "txt", lambda: verify(program, deps, plan, origin)))
        with nullcontext() if text is None else bounded("making loops of it"):
            nest = step("loops", "txt", lambda: build(program, plan, machine, options, contiguous))
        return Lowered(program, machine, options, contiguous, deps, plan, nest, origin)


def rewrite(
    program: Program, machine: Target, contiguous: frozenset[str] | None = None
) -> Rewritten:
    """The program with copies of operands: padded ones first, which then may be packed; then sums
    in the register tiles that the copies are made for."""
    packed = pad_operands(program).then(lambda padded: pack(padded, machine, contiguous))
    return packed.then(lambda p: widen(p, machine))


@contextmanager
def _fitting(program: Program, contiguous: frozenset[str] | None) -> Iterator[None]:
    """A given schedule is one of inputs in C order, whose dimensions may have been merged."""
    try:
        yield
    except ArgumentError as e:
        if contiguous is None or all(t.scalar or t.name in contiguous for t in program.inputs):
            raise
        raise ArgumentError(
            "schedule: it is for inputs in C order and does not fit these, which have strides of "
            "their own; fix: pass numpy.ascontiguousarray(x)"
        ) from e


def proves(options: Options) -> bool:
    """Whether a schedule made here is proved before code is made of it."""
    return options.check


def demand(proof: Certificate) -> None:
    """InternalError with the counter-example of a schedule that is not legal."""
    if not proof.ok:
        raise InternalError(
            "the scheduler produced an illegal schedule; this is a bug of polyc, please report it "
            f"with the program\n{proof}"
        )


def certify(low: Lowered) -> Certificate:
    """The proof that the schedule keeps every dependence, or its counter-example."""
    with LOCK, limited(low.options):
        return verify(low.program, low.dependences, low.schedule, low.origin)


def cost(text: Program, low: Lowered, threads: int) -> Cost:
    """What a call on so many threads computes, moves and allocates; `text` is the program before
    any copy. Raises ArgumentError where sizes are open."""
    costs.demand_sizes(text)
    with LOCK, limited(low.options):
        scratch = workspace_bytes(low.nest, {}, threads)
        return costs.cost(text, low.program, low.schedule, low.target, scratch)


def operations(text: Program) -> int | None:
    """Operations of a text; None where sizes are open or a domain is too involved to count."""
    if text.sizes:
        return None
    with LOCK:
        found, exact = count_operations(text)
        return found if exact else None


def signature(program: Program, nest: LoopNest) -> Signature:
    """How the kernel of a nest is called."""
    tensors = (*program.inputs, *program.outputs)
    assert [a.name for a in nest.arguments] == [t.name for t in tensors]
    arguments = tuple(
        Argument(
            t.label,
            t.dtype.name,
            t.shape,
            "output" if t.kind == "output" else "scalar" if t.scalar else "input",
        )
        for t in tensors
    )
    space = layout(nest)
    sizes = tuple(z.name for z in program.sizes)
    places = {
        f"{b.name}.s{d}": (i, d)
        for i, b in enumerate(nest.arguments)
        if isinstance(b, Buffer)
        for d in range(len(b.shape))
    }
    return Signature(
        symbol=nest.symbol,
        arguments=arguments,
        sizes=sizes,
        strided=tuple(places[name] for name in nest.ints[len(sizes) :]),
        shared_bytes=space.slices,
        thread_bytes=space.slice_bytes,
        parallel=is_parallel(nest.body),
        messages=nest.messages,
        points=_points(program),
        conditional=bool(program.preconditions),
    )


def _points(program: Program) -> int | None:
    """An upper bound of the points of all domains, from their extents; None for open sizes."""
    if program.sizes:
        return None
    domains = [s.domain for s in program.statements if not s.domain.is_empty()]
    return sum(math.prod(extent(d, k) for k in range(d.dim(SET))) for d in domains)


def is_parallel(body: tuple[Stmt, ...]) -> bool:
    """Some loop of it runs on threads."""
    return any(
        s.kind == "parallel" or is_parallel(s.body)
        if isinstance(s, For)
        else isinstance(s, If) and (is_parallel(s.then) or is_parallel(s.orelse))
        for s in body
    )


def _llvm(nest: LoopNest, machine: Target, step: Hook) -> tuple[str, bytes]:
    source = step("source", "ll", lambda: llvm.emit(nest, machine))
    demand_short(source)
    return source, step("object", "o", lambda: native.object_from_ir(source, machine))


def _c(nest: LoopNest, machine: Target, step: Hook) -> tuple[str, bytes]:
    from polyc.codegen import c  # 20 ms that the default backend need not pay

    source = step("source", "c", lambda: c.emit(nest, machine))
    demand_short(source)
    return source, step("object", "so", lambda: native.shared_library_from_c(source, machine))


_BACKENDS = {"llvm": _llvm, "c": _c}
