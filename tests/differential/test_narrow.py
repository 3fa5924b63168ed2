"""Products of narrow types against NumPy: exact integers, bfloat16 within what it may lose."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import polyc
from tests.codegen.support import needs_cc

ml_dtypes = pytest.importorskip("ml_dtypes")
SIZES = [*itertools.product((65,), (63, 130), (1, 3, 5, 17, 63, 256)), (5, 300, 301), (130, 1, 999)]
BACKENDS = ["llvm", pytest.param("c", marks=needs_cc)]


def text(a: str, b: str, out: str = "") -> str:
    value = "int32(A(m,k)) * int32(B(k,n))" if a == "int16" else "A(m,k) * B(k,n)"
    return f"def f({a}(M,K) A, {b}(K,N) B) -> ({out} C) {{ C(m,n) += {value} }}"


def whole(dtype: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Values of the whole range; every third array is the least of them throughout."""
    info = np.iinfo(dtype)
    if seed % 3 == 0:
        return np.full(shape, info.min, dtype)
    rng = np.random.default_rng(seed)
    return rng.integers(info.min, info.max, shape, endpoint=True).astype(dtype)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("a", "b"),
    [("int8", "int8"), ("uint8", "int8"), ("int8", "uint8"), ("uint8", "uint8"), ("int16",) * 2],
)
def test_integers_are_exact(a: str, b: str, backend: str) -> None:
    options = polyc.Options(backend=backend)  # type: ignore[arg-type]
    op = polyc.compile(text(a, b, "int32(M,N)"), options=options)
    every = op.specialize({})
    fixed = SIZES[-3:] if backend == "c" else SIZES
    for number, (m, n, k) in enumerate(SIZES):
        x, y = whole(a, (m, k), number), whole(b, (k, n), number + 1)
        want = (x.astype(np.int64) @ y.astype(np.int64)).astype(np.int32)
        np.testing.assert_array_equal(every(x, y), want)
        if (m, n, k) in fixed:
            np.testing.assert_array_equal(op.specialize({"M": m, "N": n, "K": k})(x, y), want)


def test_sums_wrap() -> None:
    """Terms of 2^30 leave the range of int32 in every sum, several times."""
    op = polyc.compile(text("int16", "int16", "int32(M,N)"))
    x, y = np.full((70, 130), -32768, np.int16), np.full((130, 66), -32768, np.int16)
    want = (x.astype(np.int64) @ y.astype(np.int64)).astype(np.int32)
    np.testing.assert_array_equal(op(x, y), want)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("math", ["fast", "strict"])
def test_bfloat16_sums_in_float32(backend: str, math: str) -> None:
    options = polyc.Options(backend=backend, math=math)  # type: ignore[arg-type]
    op = polyc.compile(text("bfloat16", "bfloat16", "float32(M,N)"), options=options)
    rng = np.random.default_rng(2)
    every = op.specialize({})
    for m, n, k in (SIZES[0], SIZES[4], SIZES[-2], (64, 64, 1024)):
        x, y = (
            rng.standard_normal(s).astype(np.float32).astype(ml_dtypes.bfloat16)
            for s in ((m, k), (k, n))
        )
        a, b = x.astype(np.float64), y.astype(np.float64)
        most = (k + 2) * 2.0**-24 * (np.abs(a) @ np.abs(b))
        for kernel in (every, op.specialize({"M": m, "N": n, "K": k})):
            assert (np.abs(kernel(x, y) - a @ b) <= most).all()
            assert ("dot(" in str(kernel.loops)) <= (math == "fast")


def test_strict_sums_keep_the_order_of_the_text() -> None:
    op = polyc.compile(text("int8", "int8"), options=polyc.Options(math="strict"))
    kernel = op.specialize({"M": 1024, "N": 1024, "K": 1024})
    assert "_sums" not in str(kernel.program)
    assert "k/4" not in str(kernel.program)


def test_bfloat16_keeps_infinities_and_nan() -> None:
    op = polyc.compile(text("bfloat16", "bfloat16", "float32(M,N)"))
    x, y = np.ones((64, 256)), np.ones((256, 64))
    x[1, 3], x[2, 5], y[7, 1] = np.inf, np.nan, -np.inf
    brain = [v.astype(ml_dtypes.bfloat16) for v in (x, y)]
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(op(*brain), x @ y)


def test_operands_with_strides_of_their_own() -> None:
    x, y = whole("int8", (256, 130), 1), whole("int8", (132, 256), 2)
    want = x.T[::-1].astype(np.int64) @ y.T[:, ::2].astype(np.int64)[:256]
    found = polyc.compile(text("int8", "int8"))(x.T[::-1], y.T[:, ::2][:256])
    np.testing.assert_array_equal(found, want)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("channels", [16, 18])
def test_convolutions_are_exact(backend: str, channels: int) -> None:
    y = "Y(n,k,h,w) += X(n,c,h+r,w+s) * F(k,c,r,s)"
    options = polyc.Options(backend=backend)  # type: ignore[arg-type]
    op = polyc.compile(f"def f(int8(N,C,H,W) X, int8(K,C,R,S) F) -> (Y) {{ {y} }}", options=options)
    x, f = whole("int8", (2, channels, 21, 37), 4), whole("int8", (20, channels, 3, 3), 5)
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3)).astype(np.int64)
    want = np.einsum("nchwrs,kcrs->nkhw", windows, f.astype(np.int64), optimize=True)
    np.testing.assert_array_equal(op(x, f), want)
