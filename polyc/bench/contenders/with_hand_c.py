"""C that was written by hand for one operator: the files of `handwritten`, float32 in C order.

Each file defines one function of its own name, `void NAME(inputs..., outputs..., const long *n)`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.c_library import compiler_version, library
from polyc.bench.contenders.code import code_bytes

Array = Any
FOLDER = Path(str(resources.files("polyc.bench"))) / "handwritten"


class HandC:
    """Threads are OpenMP's: OMP_NUM_THREADS."""

    def versions(self) -> Mapping[str, str]:
        texts = b"".join(f.read_bytes() for f in sorted(FOLDER.glob("*.[ch]")))
        return {"compiler": compiler_version(), "sources": f"{crc32(texts):08x}"}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        del einsum
        if not case.c:
            return "no C was written for it by hand"
        name, *names = case.c
        source = FOLDER / f"{name}.c"
        code, data = library(source)
        outputs = [np.empty(s, np.float32) for s in _shapes(case)]
        function = code[name]
        function.restype = None
        sizes = (ctypes.c_long * len(names))(*(case.sizes[n] for n in names))
        arguments = [ctypes.c_void_p(x.ctypes.data) for x in (*given, *outputs)]

        def call() -> object:
            return function(*arguments, sizes)

        return Built(call, lambda: outputs, code_bytes(data), lines_of(source))


def _shapes(case: Case) -> list[tuple[int, ...]]:
    return [tuple(n.value for n in t.shape) for t in case.kernel().text.outputs]


def lines_of(source: Path) -> int:
    """Lines that are neither empty nor all comment."""
    lines = [line.strip() for line in source.read_text(encoding="utf-8").splitlines()]
    return len([x for x in lines if x and not x.startswith(("//", "/*", "*"))])


def contender(_: int) -> HandC:
    return HandC()
