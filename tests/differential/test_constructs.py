"""Every construct of the language on every backend, specialised and symbolic, against the oracle.

Each schedule is proved legal before its code runs (`conftest.py`).
"""

from __future__ import annotations

import functools
import shutil
from typing import Any

import numpy as np
import pytest

import polyc
from polyc.operator import Operator
from tests.constructs import ROWS, Row
from tests.differential.test_programs import BACKENDS

constructs = pytest.mark.parametrize("name", ROWS)
backends = pytest.mark.parametrize("backend", BACKENDS)


@functools.cache
def operator(name: str) -> Operator:
    return polyc.compile(ROWS[name].text, consts=ROWS[name].consts)


def arguments(name: str) -> list[Any]:
    """The row's arguments in the types that its text declares."""
    pairs = zip(operator(name).inputs, ROWS[name].args, strict=True)
    return [a if t.dtype is None else np.asarray(a).astype(t.dtype)[()] for t, a in pairs]


def check(kernel: polyc.Kernel, name: str) -> None:
    """The oracle's values to the accuracy of the result's type; integers exactly."""
    inputs = arguments(name)
    found, want = kernel(*inputs), operator(name).reference(*inputs)
    pairs = zip(_tuple(found), _tuple(want), _tuple(ROWS[name].want()), strict=True)
    for got, expected, numpys in pairs:
        assert got.shape == expected.shape == numpys.shape
        kind = got.dtype.kind
        eps = float(np.finfo(got.dtype).eps) * 16 if kind in "fc" else 0.0
        scale = float(np.abs(expected).max(initial=1, where=np.isfinite(expected)))
        np.testing.assert_allclose(got, expected, rtol=eps, atol=eps * scale)


def _tuple(found: Any) -> tuple[Any, ...]:
    return found if isinstance(found, tuple) else (found,)


def _sizes(row: Row, op: Operator) -> dict[str, int]:
    """The extents of the row's arguments, and its integer scalars, by the names of the text."""
    sizes: dict[str, int] = {}
    for spec, a in zip(op.inputs, row.args, strict=True):
        if isinstance(a, int):
            sizes[spec.name] = a
        sizes |= dict(zip(spec.shape, np.shape(a), strict=True))
    return {name: n for name, n in sizes.items() if name in op.sizes}


def _kernel(name: str, backend: str, sizes: dict[str, int]) -> polyc.Kernel:
    op = operator(name)
    pairs = zip(op.inputs, arguments(name), strict=True)
    kinds = {t.name: a.dtype for t, a in pairs if t.dtype is None}
    with polyc.config(backend=backend):
        return op.specialize(sizes, kinds)


@constructs
@backends
def test_a_kernel_for_one_size(name: str, backend: str) -> None:
    check(_kernel(name, backend, _sizes(ROWS[name], operator(name))), name)


@constructs
def test_one_kernel_for_all_sizes(name: str) -> None:
    check(_kernel(name, "llvm", {}), name)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no cc on the PATH")
@constructs
def test_one_kernel_for_all_sizes_in_c(name: str) -> None:
    check(_kernel(name, "c", {}), name)


def test_a_gather_out_of_range_writes_nothing() -> None:
    op = polyc.compile("def f(float(N) T, int32(B) I) -> (O) { O(b) = T(I(b)) }")
    out = np.full(2, 7, np.float32)
    for bad in (9, -1):
        with pytest.raises(polyc.ArgumentError, match="read from data is outside 0:9"):
            op(np.ones(9, np.float32), np.array([0, bad], np.int32), out=out)
        assert (out == 7).all()


@pytest.mark.parametrize("text", ["mk,kn->mn", "C(m,n) += A(m,k) * B(k,n)"])
def test_a_kernel_for_all_sizes_of_a_chosen_type(text: str) -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    found = polyc.compile(text).specialize({}, "float64")(a, b)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, a @ b)


@pytest.mark.parametrize("sizes", [{}, {"T.0": 9, "I.0": 2}], ids=["symbolic", "specialised"])
def test_an_undeclared_index_is_an_integer(sizes: dict[str, int]) -> None:
    op = polyc.compile("O[b] = T[I[b]]")
    table = np.arange(9, dtype=np.float32)
    found = op.specialize(sizes)(table, np.array([3, 8]))
    assert found.tolist() == [3, 8]
    assert op(table, np.array([1, 0], np.int32)).tolist() == [1, 0]
