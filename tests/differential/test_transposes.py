"""Permutations with ragged sides: every backend, dtype and target, against NumPy."""

from __future__ import annotations

import re
import shutil
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from polyc.codegen import interpret
from polyc.codegen.loops import Buffer, Load, Shuffle
from polyc.codegen.walk import all_values, statements, values_of
from polyc.errors import CompileError
from polyc.target import require_here

Array = NDArray[Any]
needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no cc on the PATH")
BACKENDS = ("llvm", pytest.param("c", marks=needs_cc))
TARGETS = ("x86-64-v2", "x86-64-v3", "x86-64-v4")
SIDES = [(1, 7), (7, 1), (15, 16), (16, 15), (17, 33), (33, 17)]
DTYPES = ("int8", "uint16", "float16", "int32", "float32", "int64", "float64", "complex64", "bool")
SUM = "def f({0}(N,M) X, {0}(N) a, {0}(M,N) Z) -> (Y) {{ Y(j,i) = X(i,j) * a(i) + Z(j,i) }}"
COPY = "def f({0}(N,M) X, {0}(N) a, {0}(M,N) Z) -> (Y) {{ Y(j,i) = X(i,j) }}"
HERE = "def f(float(N,M) X) -> (Y) { Y(j,i) = X(i,j) }"


def drawn(shape: tuple[int, ...], dtype: str, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    out = rng.integers(0, 2 if dtype == "bool" else 9, shape)
    return (out + 1j * rng.integers(0, 9, shape) if dtype == "complex64" else out).astype(dtype)


def arguments(n: int, m: int, dtype: str) -> tuple[Array, Array, Array]:
    return drawn((n, m), dtype, 0), drawn((n,), dtype, 1), drawn((m, n), dtype, 2)


def skip_unless_runs(on: str) -> None:
    try:
        require_here(on)
    except CompileError as e:
        pytest.skip(str(e))


@pytest.mark.parametrize("on", TARGETS)
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_and_size(dtype: str, backend: str, on: str) -> None:
    """One kernel for all sizes, from contiguous, transposed and sliced inputs."""
    skip_unless_runs(on)
    bare = dtype == "bool"
    operator = polyc.compile((COPY if bare else SUM).format(dtype))
    with polyc.config(backend=backend, target=on, cache=False):
        kernel = operator.specialize({})
        for n, m in SIDES:
            x, a, z = arguments(n, m, dtype)
            expected = x.T if bare else x.T * a + z
            for view in (x, np.asfortranarray(x), np.repeat(x, 2, axis=1)[:, ::2]):
                np.testing.assert_array_equal(kernel(view, a, z), expected, f"{n} x {m}")


def interpreted(kernel: polyc.Kernel, shape: tuple[int, ...], **inputs: Array) -> Array:
    """What the loops leave in the one output; loops may see dimensions that were merged."""
    out = np.zeros(shape, np.float32)
    data = dict[str, Array]()
    for b in kernel.loops.arguments:
        assert isinstance(b, Buffer)
        data[b.name] = inputs.get(b.name, out).reshape(tuple(n.value for n in b.shape))
    assert interpret.run(kernel.loops, data, {}, {}) == 0
    return out


@pytest.mark.parametrize("on", TARGETS)
@pytest.mark.parametrize("side", SIDES)
def test_known_sizes(side: tuple[int, int], on: str) -> None:
    """Also in the interpreter, which finds lanes that touch what they must not."""
    n, m = side
    skip_unless_runs(on)
    x, a, z = arguments(n, m, "float32")
    with polyc.config(target=on, cache=False):
        kernel = polyc.compile(SUM.format("float32")).specialize({"N": n, "M": m})
    np.testing.assert_array_equal(kernel(x, a, z), x.T * a + z)
    found = interpreted(kernel, (m, n), X=x, a=a, Z=z)
    np.testing.assert_array_equal(found, x.T * a + z)


PERMUTATIONS = [
    ("def f(float(A,B,C,D) X) -> (Y) { Y(b,a,d,c) = X(a,b,c,d) }", (1, 0, 3, 2)),
    ("def f(float(A,B,C,D) X) -> (Y) { Y(d,c,b,a) = X(a,b,c,d) }", (3, 2, 1, 0)),
    ("def f(float(A,B,C,D) X) -> (Y) { Y(a,d,b,c) = X(a,b,c,d) }", (0, 3, 1, 2)),
    ("def f(float(A,B,C,D) X) -> (Y) { Y(d,a,b,c) = X(a,b,c,d) }", (3, 0, 1, 2)),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("text", "order"), PERMUTATIONS)
def test_permutations(text: str, order: tuple[int, ...], backend: str) -> None:
    x = drawn((3, 18, 9, 21), "float32", 0)
    with polyc.config(backend=backend, cache=False):
        for sizes in ({}, {"A": 3, "B": 18, "C": 9, "D": 21}):
            kernel = polyc.compile(text).specialize(sizes)
            np.testing.assert_array_equal(kernel(x), x.transpose(order))


def test_a_product_of_two_transposed_operands() -> None:
    text = "def f(float(N,M) X, float(N,M) Z) -> (Y) { Y(j,i) = X(i,j) * Z(i,j) + X(i,j) }"
    x, z = drawn((37, 41), "float32", 0), drawn((37, 41), "float32", 1)
    with polyc.config(cache=False):
        np.testing.assert_array_equal(polyc.compile(text)(x, z), (x * z + x).T)


# ---- what it is made of
@pytest.mark.parametrize("on", TARGETS)
def test_the_hot_loop_is_loads_shuffles_and_stores(on: str) -> None:
    """`lanes` vector loads and stores, log2(lanes) * lanes shuffles; nothing else moves lanes and
    no vector waits on the stack."""
    lanes = {"x86-64-v2": 4, "x86-64-v3": 8, "x86-64-v4": 16}[on]
    with polyc.config(target=on, threads=1, cache=False):
        kernel = polyc.compile(HERE).specialize({"N": 128, "M": 128})
    values = [v for s in statements(kernel.loops.body) for x in values_of(s) for v in all_values(x)]
    assert sum(isinstance(v, Load) for v in values) == lanes
    assert sum(isinstance(v, Shuffle) for v in values) == lanes * (lanes.bit_length() - 1)
    text = kernel.asm
    assert len(re.findall(r"\tv?(?:unpck|shuf|perm2f)\w*", text)) >= lanes * (
        lanes.bit_length() - 2
    )
    assert not re.search(r"\tv?(?:gather|pinsr|pextr|insertps|movss)\w*", text)
    assert not re.search(r"-byte (?:Spill|Reload|Folded)", text)


def test_the_packing_copy_of_a_register_tile() -> None:
    """14 rows of 16 lanes: the rows that are not there are not loaded."""
    text = "def f(float(M,K) A) -> (P) { P(i,k,j) = A(14*i+j,k) where i in 0:5, j in 0:14 }"
    a = drawn((70, 48), "float32", 0)
    with polyc.config(target="x86-64-v4", threads=1, cache=False):
        kernel = polyc.compile(text).specialize({"M": 70, "K": 48})
    values = [v for s in statements(kernel.loops.body) for x in values_of(s) for v in all_values(x)]
    assert sum(isinstance(v, Load) for v in values) == 14
    assert "gather" not in kernel.asm
    found = interpreted(kernel, (5, 48, 14), A=a)
    np.testing.assert_array_equal(found, a.reshape(5, 14, 48).transpose(0, 2, 1))
