"""`Options(check=True)`: every access is tested inside the kernel, and what is wrong is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import polyc
from polyc import driver
from polyc.codegen import build as building
from polyc.codegen import workspace
from polyc.codegen.loops import Load, LoopNest, Stmt, Store, Value
from polyc.codegen.notes import Site, fault
from polyc.codegen.rewrite import map_value, map_values
from polyc.codegen.walk import loads_of, statements
from polyc.codegen.workspace import Workspace
from polyc.errors import ArgumentError, InternalError
from polyc.frontend.integers import Int
from tests.codegen.support import needs_cc
from tests.programs import CORPUS, Case, sampled

BACKENDS = ("llvm", pytest.param("c", marks=needs_cc))
backends = pytest.mark.parametrize("backend", BACKENDS)
SOME = ("conv2d_same", "softmax", "embedding_bag", "prefix_sum")  # on the C backend too
FIXED = {"M": 40, "N": 50, "K": 70}
MATMUL = "def mm(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"


def moved(nest: LoopNest, buffer: str, by: int) -> LoopNest:
    """The nest with every access of a buffer shifted along its last dimension: a wrong compiler."""

    def load(v: Value) -> Value:
        if not isinstance(v, Load) or v.buffer != buffer:
            return v
        last = v.index[-1]
        assert isinstance(last, Int)
        return replace(v, index=(*v.index[:-1], last + by))

    def store(s: Stmt) -> Stmt:
        if not isinstance(s, Store) or s.buffer != buffer:
            return s
        return replace(s, index=(*s.index[:-1], s.index[-1] + by))

    return replace(nest, body=map_values(nest.body, lambda v: map_value(v, load), store))


def break_compiler(patch: pytest.MonkeyPatch, buffer: str, by: int) -> None:
    right = building.build
    patch.setattr(driver, "build", lambda *args: moved(right(*args), buffer, by))


@pytest.mark.parametrize(
    ("buffer", "by", "what"),
    [
        ("A", 1, r"read of A\[\d+, 70\], which has the extents \[40, 70\]"),
        ("B", -1, r"read of B\[\d+, -1\], which has the extents \[70, 50\]"),
        ("C", 3, r"write of C\[\d+, 5[0-2]\], which has the extents \[40, 50\]"),
    ],
)
@pytest.mark.parametrize(
    ("backend", "sizes"),
    [
        ("llvm", {}),
        ("llvm", FIXED),
        pytest.param("c", FIXED, marks=needs_cc),
        pytest.param("c", {}, marks=[needs_cc, pytest.mark.slow]),
    ],
)
def test_an_access_outside_is_named_and_outputs_are_intact(
    buffer: str,
    by: int,
    what: str,
    sizes: dict[str, int],
    backend: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_compiler(monkeypatch, buffer, by)
    options = polyc.Options(check=True, cache=False, backend=backend, math="strict")
    kernel = polyc.compile(MATMUL, options=options).specialize(sizes)
    out = np.full((40, 50), 7, np.float32)
    a, b = np.ones((40, 70), np.float32), np.ones((70, 50), np.float32)
    for threads in (1, 4, None, None, None):  # later calls must not take a way around the tests
        with pytest.raises(InternalError, match=what):
            kernel(a, b, out=out, threads=threads)
        assert (out == 7).all()


def test_both_ends_of_a_vector_are_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "def f(float(N) x) -> (y) { y(i) = x(N-1-i) }"
    for by in (-1, 1):
        with monkeypatch.context() as patch:
            break_compiler(patch, "x", by)
            op = polyc.compile(text, options=polyc.Options(check=True, cache=False))
            with pytest.raises(InternalError, match=rf"x\[{-1 if by < 0 else 64}\]"):
                op(np.ones(64, np.float32))


def test_every_access_has_a_site() -> None:
    with polyc.config(check=True, cache=False):
        kernel = polyc.compile(MATMUL).specialize({"M": 40, "N": 50, "K": 70})
    plain = driver.lower(kernel._recipe.program(), kernel._options).nest
    stores = [s for s in statements(plain.body) if isinstance(s, Store)]
    sites = kernel.signature.checks
    assert sum(s.what == "write" for s in sites) == len(stores)
    reads = [s.buffer for s in sites if s.what == "read"]
    assert set(reads) == {x.buffer for x in loads_of(plain.body)}
    assert "check.notes" in str(kernel.loops)
    assert "check.notes" not in str(plain)


def test_a_workspace_that_is_written_past_its_end_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A layout that is too short: accesses are inside their buffers, but those not inside it."""
    text = """def f(float(N) x) -> (y) {
        t(i) += x(j) * x(i)
        y(i) = t(N-1-i) }"""
    right = workspace.layout

    def short(nest: LoopNest) -> Workspace:
        return replace(right(nest), slices=Int.of(64))

    monkeypatch.setattr(driver, "layout", short)
    options = polyc.Options(check=True, cache=False, fusion="none")
    op = polyc.compile(text, options=options)
    with pytest.raises(InternalError, match="outside its 64 bytes of workspace"):
        op(np.ones(48, np.float32))


def test_a_mistake_of_the_caller_is_still_the_callers() -> None:
    text = "O(b,d) = T(I(b), d) where b in 0:4"
    with polyc.config(check=True, cache=False):
        op = polyc.compile(text)
        with pytest.raises(ArgumentError, match="read from data is outside"):
            op(np.ones((3, 5), np.float32), np.array([0, 1, 9, 2]))
        found = op(np.ones((3, 5), np.float32), np.array([0, 1, 2, 2]))
    np.testing.assert_array_equal(found, np.ones((4, 5), np.float32))


def test_a_fault_names_the_lane() -> None:
    n = Int.var("n")
    sites = (Site("read", "x", (n, Int.of(8)), (0, 2)), Site("write", "y", (n,), (0,)))
    assert fault(sites, [0, 0, 0, 0, 0, 0, 0], {"n": 3}) is None
    first = "read of x[1, 8], which has the extents [3, 8]"
    assert fault(sites, [1, 4, 1, 4, 0, 0, 0], {"n": 3}) == first
    assert fault(sites, [0, 0, 0, 0, 1, 1, 3], {"n": 3}) == (
        "write of y[3], which has the extents [3]"
    )


@pytest.mark.parametrize("name", sampled(CORPUS, (*SOME, "matmul", "maxpool", "syrk_lower")))
def test_the_corpus_with_checks(name: str) -> None:
    _run(CORPUS[name], "llvm", {})


@pytest.mark.parametrize("case", [CORPUS[n] for n in SOME], ids=SOME)
@needs_cc
def test_programs_with_checks_on_the_c_backend(case: Case) -> None:
    _run(case, "c", case.smoke)


def _run(case: Case, backend: Any, sizes: Any) -> None:
    options = polyc.Options(check=True, cache=False, backend=backend)
    op = polyc.compile(case.text, entry=case.entry, consts=case.consts, options=options)
    inputs = case.inputs(case.smoke)
    kernel = op.specialize(sizes)
    for threads in (1, 2):
        found = kernel(**inputs, threads=threads)
        case.check(found if isinstance(found, tuple) else (found,), inputs, case.smoke)
