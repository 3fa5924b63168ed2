"""Whatever a text calls its definitions, tensors, sizes and variables, the code is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc
from polyc.errors import LanguageError
from tests.codegen.support import needs_cc
from tests.programs import sampled

NAMES = (  # words of C, its library, compilers, OpenMP, LLVM, this compiler, the linker
    *("if", "while", "restrict", "volatile", "long", "asm", "_Bool", "INLINE", "int32_t"),
    *("main", "printf", "malloc", "free", "memcpy", "exit", "errno", "sqrtf", "expf", "M_PI"),
    *("__builtin_trap", "__linux__", "unix", "omp_get_thread_num", "GOMP_parallel", "llvm"),
    *("polyc_parallel", "workspace", "threads", "buffers", "ints", "out", "_start", "environ"),
    *("x" * 9_000, "select_f32", "f32x16", "f_kernel", "f_kernel_body"),
)
PLACES = (
    "def {} (float(N,M) x) -> (y) {{ y(n) += sqrt(x(n,m)) }}",
    "def f(float(N,M) {0}) -> (y) {{ y(n) += sqrt({0}(n,m)) }}",
    "def f(float(N,M) x) -> ({0}) {{ {0}(a) += sqrt(x(a,m)) }}",
    "def f(float({0},M) x) -> (y) {{ y(a) += sqrt(x(a,m)) }}",
    "def f(float(N,M) x) -> (y) {{ {0}(a) += sqrt(x(a,m)); y(a) = {0}(a) }}",
)
X = np.arange(40, dtype=np.float32).reshape(5, 8)
ALIKE = "def f(float(N,M) x) -> (y) { x_(a) += x(a,m); x__(a) = x_(a); X(a) = x__(a); y(a) = X(a) }"


@pytest.mark.parametrize("name", NAMES, ids=lambda n: n[:20])
def test_a_name_of_something_else(name: str) -> None:
    for place in PLACES:
        _right(place.format(name), "llvm")


OFTEN = ("if", "int32_t", "main", "sqrtf", "M_PI", "workspace", "x" * 9_000, "f_kernel_body")


@needs_cc
@pytest.mark.parametrize("name", sampled(NAMES, OFTEN), ids=lambda n: n[:20])
def test_a_name_of_something_else_in_c(name: str) -> None:
    """One C file for all: a definition, a temporary and a size of that name."""
    text = "def {0}(float({0}_,M) x) -> (y) {{ {0}__(a) += sqrt(x(a,m)); y(a) = {0}__(a) }}"
    for place in (text, *PLACES[1:2]):
        _right(place.format(name), "c")


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
def test_names_that_are_nearly_alike(backend: Any) -> None:
    with polyc.config(backend=backend, cache=False):
        np.testing.assert_array_equal(polyc.compile(ALIKE)(X), X.sum(1))


def test_a_long_name_does_not_break_the_dump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYC_DUMP", str(tmp_path))
    _right(PLACES[0].format("x" * 10_000), "llvm")
    assert list(tmp_path.iterdir())


def _right(text: str, backend: Any) -> None:
    with polyc.config(backend=backend, cache=False):
        if (refused := _refusal(text)) is not None:
            assert refused in ("E003", "E010", "E011", "E012", "E013"), refused
            return
        found = polyc.compile(text)(X)
    np.testing.assert_allclose(found, np.sqrt(X).sum(1), rtol=1e-6)


def _refusal(text: str) -> str | None:
    """The code of the error for a name that the language keeps: its words and functions."""
    try:
        polyc.compile(text)
    except LanguageError as e:
        return e.code
    return None
