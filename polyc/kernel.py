"""`Kernel`: an operator compiled for some sizes: call it, read its stages, time it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar, cast

from polyc import arrays, calls, options, recipe, remembered, runtime
from polyc.arrays import Array
from polyc.entry import ENTRY
from polyc.options import Options
from polyc.recipe import Recipe
from polyc.remembered import Remembered
from polyc.runtime import Function
from polyc.signature import Signature

if TYPE_CHECKING:
    from polyc.codegen.loops import LoopNest
    from polyc.driver import Lowered
    from polyc.export import Package
    from polyc.files import Export
    from polyc.frontend.program import Program
    from polyc.report.data import Report
    from polyc.scheduler.cost import Cost
    from polyc.scheduler.dependences import Dependences
    from polyc.scheduler.legality import Certificate
    from polyc.scheduler.tree import Schedule
    from polyc.timing import Timing

T = TypeVar("T")
# Whose multiply-adds compute a result of that type.
_ARITHMETIC = {"float16": "float32", "bfloat16": "float32", "complex64": "float32"}
_ARITHMETIC |= {"complex128": "float64", "float32": "float32", "float64": "float64"}
_CONTIGUOUS = 0x1  # NPY_ARRAY_C_CONTIGUOUS


class Kernel:
    """Made by `Operator.specialize`. Safe to call from any number of threads.

    Inputs in C order run the code that the stages below print. For other strides a variant is
    compiled at the first call that needs it; nothing is copied.
    """

    def __init__(self, made_from: Recipe, chosen: Options) -> None:
        self._recipe = made_from
        self._options = chosen
        self._functions: dict[tuple[int, ...], Function] = {}
        self._stages: dict[str, Any] = {}
        self._calls = Remembered(chosen.backend)

    @property
    def signature(self) -> Signature:
        """How the compiled function is called: arguments, symbolic sizes, workspace."""
        return self.function(()).signature

    def __call__(
        self, /, *args: object, out: object = None, threads: int | None = None, **named: object
    ) -> Any:
        """Runs on arrays given by position or by name; scalars are numbers or 0-d arrays.

        out     an array, or for several outputs a tuple of arrays or None: C-contiguous ones are
                written in place, others through a buffer
        Returns a new array in the caller's array type, `out`, or a tuple for several outputs.
        Raises ArgumentError for a wrong dtype, rank, extent, overlap or name; then, and for any
        other error, outputs are untouched.
        """
        known = self._calls
        if known.rows and threads is None and not named:
            n = known.threads(self._threads(None)) if known.parallel else None
            result = ENTRY.call(known.rows, args, out, n)
            if result is not NotImplemented:
                return result
        signature = self.signature
        inputs = calls.in_order(signature.names, args, named)
        found = [calls.fitting(a, x) for a, x in zip(signature.inputs, inputs, strict=True)]
        return self.run(inputs, found, self.bind(found), out, self._threads(threads))

    def again(self, inputs: tuple[object, ...], out: object, threads: int | None) -> Any:
        """The result of a call like an earlier one, else NotImplemented."""
        known = self._calls
        if not known.rows:
            return NotImplemented
        n = known.threads(threads) if known.parallel else None
        return ENTRY.call(known.rows, inputs, out, n)

    def run(
        self,
        inputs: Sequence[object],
        found: Sequence[Array],
        sizes: Sequence[int],
        out: object,
        threads: int | None,
    ) -> Any:
        """Runs on `found`, the addressable arrays that `inputs` are, and their symbolic sizes."""
        signature = self.signature
        function = self.function(strided(describe(found)))
        convert = arrays.returner(inputs)
        result = calls.execute(function, sizes, found, out, convert, threads)
        if self._values_decide_nothing(signature):
            any_size = bool(sizes) and self._any_size(signature)
            self._calls.learn(inputs, found, function, sizes, numbers=True, any_size=any_size)
        return result

    def _values_decide_nothing(self, signature: Signature) -> bool:
        """Whether the values of arguments decide nothing before the kernel runs."""
        if not signature.sizes and not self._recipe.sizes:
            return True
        kinds = [a.dtype for a in signature.arguments if a.role == "scalar"]
        return all(arrays.dtype(kind).kind not in "biu" for kind in kinds)

    def _any_size(self, signature: Signature) -> bool:
        """Whether only extents that agree are asked of a call."""
        plain = remembered.plain_sizes(signature.arguments, signature.sizes)
        return plain and not signature.conditional

    def function(self, which: tuple[int, ...]) -> Function:
        """The machine code for inputs at these positions coming with strides of their own."""
        if which not in self._functions:
            with runtime.LOCK:
                if which not in self._functions:
                    self._functions[which] = recipe.function(self._recipe, self._options, which)
        return self._functions[which]

    def _threads(self, given: int | None) -> int | None:
        """Argument, else the options the kernel was made with, else those in force now."""
        if given is not None:
            return options.resolve(self._options, threads=given).threads
        return self._options.threads or options.in_force().threads

    def bind(self, found: Sequence[Array]) -> Sequence[int]:
        """Values of the symbolic sizes; ArgumentError where the arrays' shapes disagree."""
        signature = self.signature
        if self._recipe.sizes:
            calls.check_fixed(signature.inputs, found, dict(self._recipe.sizes))
        if not signature.sizes:
            for a, x in zip(signature.inputs, found, strict=True):
                if x.shape != a.extents:
                    calls.check_shape(x, a.name, a.extents)
            return ()
        if self._any_size(signature):
            plain = remembered.sizes_of(signature, found)
            if plain is not None:
                return plain
        from polyc.frontend.bind import bind  # isl, and the messages of what is wrong

        program = self.text
        pairs = list(zip(program.inputs, found, strict=True))
        shapes = {t.name: x.shape for t, x in pairs}
        scalars = {t.name: x.item() for t, x in pairs if t.scalar and t.dtype.is_integer}
        with runtime.LOCK if program.preconditions else nullcontext():  # isl evaluates them
            table = bind(program, shapes, scalars)
        return [table[name] for name in signature.sizes]

    # ---- the stages, each of which prints
    def _stage(self, name: str, make: Callable[[], T]) -> T:
        """Made at the first use. Not a cached_property, whose own lock does not survive a fork."""
        if name not in self._stages:
            with runtime.LOCK:
                if name not in self._stages:
                    self._stages[name] = make()
        return cast(T, self._stages[name])

    @property
    def _lowered(self) -> Lowered:
        return self._stage("lowered", lambda: recipe.lowered(self._recipe, self._options, ()))

    @property
    def text(self) -> Program:
        """What was written, with its sizes fixed, before anything is rewritten."""
        return self._stage("program", self._recipe.program)

    @property
    def program(self) -> Program:
        """What is computed: the text with its sizes fixed, after the rewritings that copy operands,
        split long sums and merge dimensions."""
        return self._lowered.program

    @property
    def dependences(self) -> Dependences:
        """What must happen before what."""
        return self._lowered.dependences

    @property
    def schedule(self) -> Schedule:
        """The order chosen; prints isl's YAML, which reads back."""
        return self._lowered.schedule

    @property
    def loops(self) -> LoopNest:
        """The loops that both backends print."""
        from polyc import driver

        return self._stage("loops", lambda: driver.emitted(self._lowered)[0])

    def check_schedule(self) -> None:
        """Raises what is wrong with a schedule that was given as text."""
        _ = self._lowered

    @property
    def certificate(self) -> Certificate:
        """The proof that the schedule is legal, made by code that did not make the schedule."""
        from polyc import driver  # like every import below: a kernel from the disk needs none

        return self._stage("certificate", lambda: driver.certify(self._lowered))

    @property
    def cost(self) -> Cost:
        """Operations of the text, bytes moved through each level of the target's memory, and the
        workspace of a call with the threads in force. Raises ArgumentError where sizes are open."""
        from polyc import driver

        text = self.text
        low, n = self._lowered, self._workers()
        return self._stage(f"cost {n}", lambda: driver.cost(text, low, n))

    def explain(self, /, *args: object, **named: Any) -> Report:
        """What is made of the text, and why: prints as tables, shows as a page in notebooks, and
        `.save("report.html")` writes that page.

        Nothing runs, unless arrays are given as for a call: then calls are timed, and the report
        has what was measured beside what was predicted.
        """
        from polyc.report.data import report

        low, text = self._lowered, self.text
        timing = self.benchmark(*args, **named) if args or named else None
        cost = None if text.sizes else self.cost
        n = self._workers()
        return report(self._recipe.text, text, low, self.certificate, cost, n, timing)

    def _workers(self) -> int:
        """Threads that a call uses."""
        from polyc import driver

        parallel = driver.is_parallel(self._lowered.nest.body)
        return runtime.workers(parallel, self._options.backend, self._threads(None))

    @property
    def c(self) -> str:
        """The kernel in C11."""
        from polyc.codegen import c

        return self._stage("c", lambda: c.emit(self.loops, self._lowered.target))

    @property
    def llvm(self) -> str:
        """The kernel in LLVM IR."""
        from polyc.codegen import llvm

        return self._stage("llvm", lambda: llvm.emit(self.loops, self._lowered.target))

    @property
    def asm(self) -> str:
        """The target's assembly of `llvm`."""
        from polyc.codegen import native

        return self._stage("asm", lambda: native.assembly(self.llvm, self._lowered.target))

    @property
    def machine_code(self) -> bytes:
        """The kernel's object code for the target, an ELF, Mach-O or COFF file."""
        from polyc.codegen import native

        return self._stage("o", lambda: native.object_from_ir(self.llvm, self._lowered.target))

    def package(self, name: str | None = None) -> Package:
        """What `export` writes, each part made when it is asked for: `.c`, `.h`, `.o`, ...."""
        from polyc import export

        text = self.text
        sizes = self._stage("sizes", self._recipe.given_sizes)
        return export.package(text, self._lowered, sizes, name)

    def export(self, folder: str | os.PathLike[str] = ".", *, name: str | None = None) -> Export:
        """Writes the kernel as C source, header, object, shared library and JSON description.

        folder  where to: it is made if it is not there
        name    of the C function and of the files, by default that of the definition

        Inputs are C-contiguous then. Where no linker makes the library, `.so` is None and `.reason`
        says why. Raises ArgumentError for a name that C does not take or a folder that cannot be
        written; nothing is written then. `polyc.load` reads the JSON.
        """
        from polyc import export

        return export.write(folder, self.package(name))

    def benchmark(self, /, *args: object, seconds: float = 0.2, **named: object) -> Timing:
        """Times calls on these arguments (as for a call) for about `seconds`, into one output."""
        from polyc import driver, roofs
        from polyc.timing import measure

        text = self.text
        count = self._stage("operations", lambda: driver.operations(text))
        kind = _ARITHMETIC.get(text.outputs[0].dtype.name, "")

        def peak() -> float | None:
            how = self.signature
            chosen = cast("int | None", named.get("threads"))
            n = runtime.workers(how.parallel, self._options.backend, self._threads(chosen))
            return roofs.flop_peak(kind, n)

        return measure(self, args, named, seconds, count, peak)

    def __repr__(self) -> str:
        signature = self.signature
        free = f", symbolic in {', '.join(signature.sizes)}" if signature.sizes else ""
        text = ", ".join(
            f"{a.name}: {a.dtype}[{', '.join(map(str, a.shape))}]" for a in signature.arguments
        )
        return f"<polyc.Kernel {signature.symbol}({text}){free}>"


def describe(found: Sequence[Array]) -> tuple[tuple[Any, ...], ...]:
    """What of the arrays decides which code runs: dtype, extents, and whether in C order."""
    return tuple([(a.dtype, a.shape, a.flags.num & _CONTIGUOUS) for a in found])


def strided(described: Sequence[tuple[Any, ...]]) -> tuple[int, ...]:
    """Positions of the arrays that are not in C order."""
    return tuple(i for i, (_, _, contiguous) in enumerate(described) if not contiguous)
