"""The contenders of `polyc bench` by name: what each needs, and which file runs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Protocol

from polyc.bench.cases import Case
from polyc.errors import ArgumentError

Array = Any


@dataclass(frozen=True, slots=True)
class Built:
    """An operator that is ready to be timed on its inputs.

    call        runs it once and returns when it is done
    results     what the last call gave, as NumPy arrays
    code_bytes  size of its machine code, where it has code of its own
    lines       lines of source that somebody wrote for it
    describe    what the compiler says of it: its explanation and the bytes it expects to move
    """

    call: Callable[[], object]
    results: Callable[[], Sequence[Array]]
    code_bytes: int | None = None
    lines: int | None = None
    describe: Callable[[], Mapping[str, Any]] | None = None


class Contender(Protocol):
    """One library, or one configuration of it, with a fixed number of threads."""

    def versions(self) -> Mapping[str, str]: ...

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        """The operator on these inputs, or why there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table.

    module   the file that has `contender(threads, **options)`
    needs    modules that must be importable; "cc" is a C compiler
    install  how to get what it needs
    """

    module: str
    needs: tuple[str, ...] = ()
    install: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def missing(self) -> list[str]:
        return [n for n in self.needs if not (compiler() if n == "cc" else find_spec(n))]


def compiler() -> str | None:
    """The C compiler, by its path."""
    return shutil.which(os.environ.get("CC") or "cc")


_CC = {"needs": ("cc",), "install": "install a C compiler, for example: apt install gcc"}
CONTENDERS: Mapping[str, Entry] = {
    "polyc-llvm": Entry("with_polyc", options={"backend": "llvm"}),
    "polyc-c": Entry("with_polyc", **_CC, options={"backend": "c"}),  # type: ignore[arg-type]
    "symbolic": Entry("with_polyc", options={"symbolic": True}),
    "strict": Entry("with_polyc", options={"math": "strict"}),
    "naive-c": Entry("with_naive_c", **_CC),  # type: ignore[arg-type]
    "hand-c": Entry("with_hand_c", **_CC),  # type: ignore[arg-type]
    "numpy": Entry("with_numpy"),
    "opt_einsum": Entry("with_opt_einsum", ("opt_einsum",), "pip install opt_einsum"),
    "torch": Entry("with_torch", ("torch",), "pip install torch"),
    "inductor": Entry("with_torch", ("torch", "cc"), "pip install torch", {"compiled": True}),
    "jax": Entry("with_jax", ("jax",), "pip install jax"),
    "onnxruntime": Entry(
        "with_onnxruntime", ("onnxruntime", "onnx"), "pip install onnxruntime onnx"
    ),
    "numba": Entry("with_numba", ("numba",), "pip install numba"),
}
ALIASES = {"c": ("naive-c", "hand-c"), "polyc": ("polyc-llvm",), "all": tuple(CONTENDERS)}


def chosen(names: Sequence[str]) -> list[str]:
    """Names of contenders, aliases resolved, each once; polyc-llvm is one where no polyc is.

    Raises ArgumentError for a name that is not in the table.
    """
    out: list[str] = []
    for name in names:
        if name not in CONTENDERS and name not in ALIASES:
            known = ", ".join((*CONTENDERS, *ALIASES))
            raise ArgumentError(f"--against: found {name!r}, expected some of {known}")
        out += ALIASES.get(name, (name,))
    polyc = any(CONTENDERS[n].module == "with_polyc" for n in out)
    return list(dict.fromkeys(out if polyc else ["polyc-llvm", *out]))
