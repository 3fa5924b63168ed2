"""Every program of the corpus, on every backend, specialised and symbolic, against NumPy.

Each schedule is proved legal before its code runs (`conftest.py`).
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from polyc.codegen import interpret
from polyc.operator import Operator
from tests.programs import CORPUS, Case, Sizes, difference
from tests.scheduler.text_edits import bare

Array = NDArray[Any]

needs_cc = pytest.mark.skipif(
    shutil.which("cc") is None, reason="the C backend needs a compiler: no cc on the PATH"
)
BACKENDS = ("llvm", pytest.param("c", marks=needs_cc))
# Programs that the compiler promises to compile. This set only grows.
WORKING = tuple(CORPUS)

corpus = pytest.mark.parametrize("case", [CORPUS[n] for n in WORKING], ids=WORKING)


@functools.cache
def operator(name: str) -> Operator:
    case = CORPUS[name]
    return polyc.compile(case.text, entry=case.entry, consts=case.consts)


def run(kernel: polyc.Kernel, inputs: Mapping[str, Any], threads: int) -> tuple[Array, ...]:
    with polyc.config(threads=threads):
        found = kernel(**inputs)
    return found if isinstance(found, tuple) else (found,)


def check(kernel: polyc.Kernel, case: Case, sizes: Sizes) -> None:
    """One and two threads give the same bits, and those are NumPy's answer."""
    inputs = case.inputs(sizes)
    alone, together = run(kernel, inputs, 1), run(kernel, inputs, 2)
    case.check(alone, inputs, sizes)
    for a, b in zip(alone, together, strict=True):
        assert a.tobytes() == b.tobytes(), f"{case.name}: threads change the result"


@corpus
def test_the_oracle_is_numpy(case: Case) -> None:
    for sizes in (case.smoke, *case.odd):
        inputs = case.inputs(sizes)
        found = operator(case.name).reference(**inputs)
        pairs = zip(
            found if isinstance(found, tuple) else (found,), case.expected(inputs), strict=True
        )
        for got, want in pairs:
            assert got.shape == want.shape
            assert difference(got, want) <= 1e-12


@corpus
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_kernel_for_one_size(case: Case, backend: str) -> None:
    for sizes in (case.smoke, case.odd[-1]):
        with polyc.config(backend=backend):
            kernel = operator(case.name).specialize(sizes)
        check(kernel, case, sizes)


@corpus
@pytest.mark.parametrize("backend", BACKENDS)
def test_one_kernel_for_all_sizes(case: Case, backend: str) -> None:
    with polyc.config(backend=backend):
        kernel = operator(case.name).specialize({})
    for sizes in (case.smoke, *case.odd):
        check(kernel, case, sizes)


@corpus
def test_schedules_read_back(case: Case) -> None:
    """The printed schedule gives the same kernel; without its marks, one that is right too."""
    op = operator(case.name)
    for sizes in ({}, case.smoke):
        kernel = op.specialize(sizes)
        text = str(kernel.schedule)
        again = op.specialize(sizes, schedule=text)
        assert str(again.schedule) == text
        assert again.schedule.storage == kernel.schedule.storage
        assert str(again.loops) == str(kernel.loops)
    check(again, case, case.smoke)
    check(op.specialize(case.smoke, schedule=bare(text)), case, case.smoke)


@corpus
def test_loops_are_right_before_any_backend(case: Case) -> None:
    kernel = operator(case.name).specialize(case.smoke)
    inputs = case.inputs(case.smoke)
    forwards, backwards = (_interpreted(kernel, inputs, order) for order in (False, True))
    case.check(forwards, inputs, case.smoke)
    for a, b in zip(forwards, backwards, strict=True):
        assert a.tobytes() == b.tobytes(), "iterations of a parallel loop depend on each other"


def _interpreted(
    kernel: polyc.Kernel, inputs: Mapping[str, Any], backwards: bool
) -> tuple[Array, ...]:
    arguments = kernel.signature.arguments
    outputs = {a.name: np.zeros(a.extents, a.dtype) for a in arguments if a.role == "output"}
    data = {**inputs, **outputs}
    assert interpret.run(kernel.loops, data, data, {}, backwards=backwards) == 0
    return tuple(outputs.values())


@corpus
@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=[needs_cc, pytest.mark.slow])])
def test_sizes_that_users_run(case: Case, backend: str) -> None:
    """Large enough for packing, for many tiles and for threads."""
    for sizes in case.sizes:
        with polyc.config(backend=backend):
            kernel = operator(case.name).specialize(sizes)
        check(kernel, case, sizes)
