"""The bounds of `rows` on every target and both backends; `make accuracy` tries every float32."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest

import polyc
from polyc.codegen import c, native
from polyc.frontend.dtypes import FLOAT32, FLOAT64
from polyc.frontend.functions import FUNCTIONS
from polyc.target import target
from tests.accuracy.measure import (
    applied,
    distance32,
    distance64,
    function,
    kernel,
    pairs,
    points,
    sample,
)
from tests.accuracy.rows import ROWS
from tests.codegen.support import needs_cc
from tests.programs import sampled

Array = npt.NDArray[Any]
LEVELS = ["host", "x86-64-v3", "x86-64-v2"]
SLOW = {"remainder": 3_000}  # the reference is Python's, one number at a time


def _arguments(fn: str) -> tuple[Array, ...]:
    """Every 40009th float32 and the special ones, or pairs."""
    if ROWS[fn].arity == 1:
        return (np.concatenate([sample(40_009), points(FLOAT32, 4_000)]),)
    return tuple(x[: SLOW.get(fn)] for x in pairs(FLOAT32, 30_000))


OFTEN = ("exp", "log", "sin", "tanh", "erf", "gelu", "pow", "atan2", "rsqrt", "remainder")


def _demand(fn: str, e: Array, xs: tuple[Array, ...], found: Array) -> None:
    k = int(np.argmax(e))
    at = ", ".join(repr(x[k]) for x in xs)
    assert e[k] <= ROWS[fn].bound, f"{fn}({at}) = {found[k]!r} is off by {e[k]:.3f} ulp"


def _wide(fn: str, xs: tuple[Array, ...]) -> Array:
    with np.errstate(all="ignore"):
        return ROWS[fn].wide(*(x.astype(float) for x in xs))


@pytest.mark.parametrize("fn", sampled(ROWS, OFTEN))
def test_float32(fn: str) -> None:
    xs = _arguments(fn)
    truth = _wide(fn, xs)
    for level in LEVELS:
        found = function(fn, FLOAT32, level=level)(*xs)
        _demand(f"{fn}", distance32(found, truth), xs, found)


@pytest.mark.parametrize("fn", sampled(ROWS, OFTEN))
def test_float64(fn: str) -> None:
    two = ROWS[fn].arity == 2
    xs = tuple(x[::4] for x in pairs(FLOAT64, 200)) if two else (points(FLOAT64, 400),)
    for level in LEVELS:
        found = function(fn, FLOAT64, level=level)(*xs)
        _demand(f"{fn}", distance64(fn, found, xs), xs, found)


@needs_cc
@pytest.mark.parametrize("fn", sampled(ROWS, OFTEN))
def test_the_c_backend_gives_the_same_bits(fn: str) -> None:
    xs = _arguments(fn)
    a, b = (function(fn, FLOAT32, backend)(*xs) for backend in ("llvm", "c"))
    with np.errstate(invalid="ignore"):
        same = (a.view(np.int32) == b.view(np.int32)) | (np.isnan(a) & np.isnan(b))
    k = int(np.argmin(same))
    assert same.all(), f"{fn}({[x[k] for x in xs]}): {a[k]!r} and {b[k]!r}"


@needs_cc
@pytest.mark.skipif(not target().avx512, reason="the C code has a second branch on AVX-512 only")
@pytest.mark.parametrize("fn", ["exp", "exp2", "log", "log1p", "sin", "gelu", "pow", "cbrt"])
def test_c_for_avx512_runs_on_lesser_processors(fn: str) -> None:
    """Where the C compiler has no AVX-512, loops over lanes stand for its instructions."""
    xs = tuple(x[::5] for x in _arguments(fn))
    n, lesser = kernel(fn, FLOAT32, "host"), replace(target("x86-64-v3"), vector_bytes=32)
    library = native.shared_library_from_c(c.emit(n, target()), lesser)
    found = applied(native.load_shared(library, n.symbol), n, 16, xs)
    _demand(fn, distance32(found, _wide(fn, xs)), xs, found)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("fn", ROWS)
def test_the_reference_knows_special_values(fn: str) -> None:
    """Infinities, NaN, zeros and their signs, as the compiled functions have them."""
    special = np.array([0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 1e300, -3.0])
    xs = np.meshgrid(special, special) if ROWS[fn].arity == 2 else [special]
    xs = [x.ravel() for x in xs]
    found, want = FUNCTIONS[fn].reference(*xs), function(fn, FLOAT64)(*xs)
    np.testing.assert_allclose(found, want, rtol=1e-12)
    zero = want == 0
    np.testing.assert_array_equal(np.signbit(found)[zero], np.signbit(want)[zero])


def test_every_function_of_numbers_has_a_bound() -> None:
    """But those of C's library that nobody asked to bound, and absolute values."""
    numbers = {fn for fn, f in FUNCTIONS.items() if f.result == "float"}
    assert numbers - set(ROWS) == {"fabs", "tgamma", "lgamma"}


def test_distances_tell_wrong_results() -> None:
    """A sign of zero, a NaN, an infinity too early, and a unit are seen for what they are."""
    wide = np.array([0.0, 1.0, 1.0, 3.3e38, np.inf, 1.0 + 2.0**-24])
    found = np.array([-0.0, np.nan, 1 + 2**-23, np.inf, 3.4028235e38, 1.0], np.float32)
    e = distance32(found, wide)
    assert np.isinf(e[[0, 1, 4]]).all()
    assert e[2] == 1.0
    assert e[3] > 1000
    assert e[5] <= 0.5
    x = np.array([2.0, 0.0, np.nan])
    exact = np.array([2**0.5, 0.0, np.nan])
    assert distance64("sqrt", exact, (x,)).max() <= 0.5
    assert np.isinf(distance64("sqrt", np.array([np.nan, -0.0, 1.0]), (x,))).all()
    assert 0.9 < distance64("sqrt", np.nextafter(exact, 9)[:1], (x[:1],))[0] < 1.6


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
def test_strict_mathematics_is_the_text_bit_by_bit(backend: Literal["llvm", "c"]) -> None:
    """Terms in their order, and no product fused with a sum: what docs/math.md promises."""
    text = """def f(float(M,K) A, float(K,N) B) -> (C, S, D) {
        C(m,n) += A(m,k) * B(k,n)
        S(m) += A(m,k)
        D(m,k) = A(m,k) * A(m,k) + A(m,k) - A(m,k) / 3
    }"""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((7, 999)).astype(np.float32)
    b = rng.standard_normal((999, 19)).astype(np.float32)
    options = polyc.Options(math="strict", backend=backend)
    found = polyc.compile(text, options=options)(a, b)
    c, s = np.zeros((7, 19), np.float32), np.zeros(7, np.float32)
    for k in range(999):
        c, s = c + a[:, k : k + 1] * b[k], s + a[:, k]
    for got, want in zip(found, (c, s, (a * a + a) - a / np.float32(3)), strict=True):
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("fn", ["exp", "log", "log1p", "exp2", "pow", "erfinv", "gelu", "tanh"])
@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
def test_a_result_does_not_depend_on_the_number_of_lanes(backend: str, fn: str) -> None:
    """One at a time, or 2 to 16: the ends of an array are as its middle."""
    xs = tuple(x[::37] for x in _arguments(fn))
    found = [function(fn, FLOAT32, backend, lanes=n)(*xs) for n in (1, 2, 4, 8, 16)]
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])
