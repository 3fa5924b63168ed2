"""polyc: compiled for the sizes or for all sizes, through LLVM or C, fast or strict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import polyc
from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.code import code_bytes
from polyc.kernel import Kernel

Array = Any


class Polyc:
    def __init__(self, threads: int, symbolic: bool, options: Mapping[str, Any]) -> None:
        # A kernel from the disk would be compiled in no time.
        self._options = polyc.Options(threads=threads, cache=False, **options)
        self._symbolic = symbolic
        tiny = Case("tiny", "i->i", {"i": 8}).kernel(self._options)
        for _ in range(3):  # what a process loads once is no part of compiling an operator
            tiny(np.zeros(8, np.float32))

    def versions(self) -> Mapping[str, str]:
        return {"polyc": polyc.__version__}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        del einsum
        kernel = case.kernel(self._options, self._symbolic)
        first = kernel(*given)  # what strides need is compiled here, and the results are kept
        found = first if isinstance(first, tuple) else (first,)
        out = first

        def call() -> object:
            return kernel(*given, out=out)

        describe = None if self._symbolic else lambda: description(kernel)
        lines = len([line for line in case.text.splitlines() if line.strip()])
        code = None if self._options.backend == "c" else code_bytes(kernel.machine_code)
        return Built(call, lambda: [np.asarray(x) for x in found], code, lines, describe)


def description(kernel: Kernel) -> Mapping[str, Any]:
    """What the compiler says of a kernel: why it is as it is, and the bytes it should move."""
    return {"explanation": str(kernel.explain()), "bytes_moved": dict(kernel.cost.bytes_moved)}


def contender(threads: int, symbolic: bool = False, **options: Any) -> Polyc:
    return Polyc(threads, symbolic, options)
