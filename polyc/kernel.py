"""`Kernel`: an operator compiled for some sizes: call it, read its stages, time it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from polyc import arrays, calls, options, recipe, runtime
from polyc.arrays import Array
from polyc.options import Options
from polyc.recipe import Recipe
from polyc.runtime import Function
from polyc.signature import Signature

if TYPE_CHECKING:
    from polyc.codegen.loops import LoopNest
    from polyc.driver import Lowered
    from polyc.frontend.program import Program
    from polyc.scheduler.dependences import Dependences
    from polyc.scheduler.legality import Certificate
    from polyc.scheduler.tree import Schedule
    from polyc.timing import Timing

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

    @cached_property
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
        signature = self.signature
        inputs = calls.in_order([a.name for a in signature.inputs], args, named)
        found: list[Array] = []
        for a, x in zip(signature.inputs, inputs, strict=True):
            kind = arrays.dtype(a.dtype)
            if a.role == "scalar" or (not a.shape and isinstance(x, (bool, int, float, complex))):
                found.append(calls.scalar(x, a.name, kind))
                continue
            found.append(arrays.addressable(arrays.view(x, a.name)))
            calls.check_dtype(found[-1].dtype, a.name, kind)
        sizes = self._bind(found)
        function = self.function(strided(describe(found)))
        convert = arrays.returner(inputs)
        return calls.execute(function, sizes, found, out, convert, self._threads(threads))

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
        return self._options.threads or options.resolve().threads

    def _bind(self, found: Sequence[Array]) -> Sequence[int]:
        signature = self.signature
        calls.check_fixed(signature.inputs, found, dict(self._recipe.sizes))
        if not signature.sizes:
            for a, x in zip(signature.inputs, found, strict=True):
                calls.check_shape(x, a.name, tuple(n.value for n in a.shape))
            return ()
        from polyc.frontend.bind import bind  # needs isl, like the symbolic sizes themselves

        pairs = list(zip(signature.inputs, found, strict=True))
        shapes = {a.name: x.shape for a, x in pairs}
        scalars = {
            a.name: x.item() for a, x in pairs if a.role == "scalar" and x.dtype.kind in "iu"
        }
        table = bind(self.program, shapes, scalars)
        return [table[name] for name in signature.sizes]

    # ---- the stages, each of which prints
    @cached_property
    def _lowered(self) -> Lowered:
        return recipe.lowered(self._recipe, self._options, ())

    @property
    def program(self) -> Program:
        """What is computed: the text with its sizes fixed."""
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
        return self._lowered.nest

    @cached_property
    def certificate(self) -> Certificate:
        """The proof that the schedule is legal, made by code that did not make the schedule."""
        from polyc import driver

        return driver.certify(self._lowered)

    @cached_property
    def c(self) -> str:
        """The kernel in C11."""
        from polyc.codegen import c

        return c.emit(self.loops, self._lowered.target)

    @cached_property
    def llvm(self) -> str:
        """The kernel in LLVM IR."""
        from polyc.codegen import llvm

        return llvm.emit(self.loops, self._lowered.target)

    @cached_property
    def asm(self) -> str:
        """The target's assembly of `llvm`."""
        from polyc.codegen import native

        with runtime.LOCK:
            return native.assembly(self.llvm, self._lowered.target)

    @cached_property
    def machine_code(self) -> bytes:
        """The kernel's object code for the target, an ELF, Mach-O or COFF file."""
        from polyc.codegen import native

        with runtime.LOCK:
            return native.object_from_ir(self.llvm, self._lowered.target)

    def benchmark(self, /, *args: object, seconds: float = 0.2, **named: object) -> Timing:
        """Times calls on these arguments (as for a call) for about `seconds`, into one output."""
        from polyc.timing import measure

        return measure(self, args, named, seconds)

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
