"""Accuracy of the built-in functions: against float64 in float32, against the C library in float64.

The float32 sample is every 1987th bit pattern, so it holds denormals, both zeros' neighbours,
NaN of either sign and everything up to overflow; special values are added by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from polyc.codegen import calls
from polyc.codegen.loops import For, Libm, Lit, Load, LoopNest, Stmt, Store, Value
from polyc.codegen.math import expand
from polyc.frontend.dtypes import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, INT32, Dtype
from polyc.frontend.functions import FUNCTIONS
from polyc.frontend.integers import Int
from polyc.target import target
from tests.codegen.support import agree, buffer, needs_cc, nest, run

Array = npt.NDArray[Any]
SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 1e-40, -1e-40, 3.4e38]


def every(step: int) -> Array:
    """Float32 numbers of every size: each step-th bit pattern, and the special ones."""
    bits = np.arange(0, 2**32, step, dtype=np.int64).astype(np.uint32).view(np.float32)
    return np.concatenate([bits, np.array(SPECIAL, np.float32)])


def kernel(fns: list[str], d: Dtype, lanes: int, level: str = "host") -> LoopNest:
    """y_fn[i] = fn(x0[i], x1[i], ...) for each function."""
    i, n = Int.of("i"), Int.of("n")
    arity = max(FUNCTIONS[fn].arity for fn in fns)
    body: list[Stmt] = []
    for fn in fns:
        args = [Load(f"x{k}", (i,), d, lanes, (1,)) for k in range(FUNCTIONS[fn].arity)]
        body.append(Store(f"y_{fn}", (i,), Libm(fn, tuple(args)), step=(1,)))
    arguments: list[Any] = [buffer(f"x{k}", d, "n") for k in range(arity)]
    arguments += [buffer(f"y_{fn}", d, "n", out=True) for fn in fns]
    loop = For("i", Int.of(0), n, lanes, tuple(body))
    return nest(arguments, list(expand((loop,), target(level))), ("n",))


def apply(fn: str, d: Dtype, *xs: Array, level: str = "host") -> Array:
    """The LLVM backend's results."""
    t = target(level)
    lanes = t.lanes(d.bytes)
    n = len(xs[0])
    whole = -(-n // lanes) * lanes
    data = {f"x{k}": np.resize(x, whole) for k, x in enumerate(xs)}
    data[f"y_{fn}"] = np.zeros(whole, xs[0].dtype)
    code, after = run(kernel([fn], d, lanes, level), "llvm", data, ints={"n": whole}, t=t)
    assert code == 0
    return after[f"y_{fn}"][:n]


def errors(found: Array, exact: Array) -> Array:
    """Distance in units in the last place of the result's type; infinite where a kind is wrong."""
    with np.errstate(all="ignore"):
        rounded = exact.astype(found.dtype)
        unit = np.abs(np.spacing(rounded)).astype(np.float64)
        out = np.abs(found.astype(np.float64) - exact) / unit
    out[found == rounded] = np.fmin(out[found == rounded], 0.5)  # infinities too
    out[np.isnan(found) & np.isnan(exact)] = 0.0
    out[(found == 0) & (rounded == 0) & (np.signbit(found) != np.signbit(rounded))] = np.inf
    # One unit below overflow is an error of one unit.
    edge = np.isinf(rounded) & (np.abs(found) == np.finfo(found.dtype).max)
    out[edge & np.isfinite(exact)] = 1.0
    return np.where(np.isnan(out), np.inf, out)


def assert_accurate(fn: str, x: Array, found: Array, exact: Array, bound: float) -> None:
    e = errors(found, exact)
    k = int(np.argmax(e))
    what = f"{fn}({x[k]!r}) = {found[k]!r}, expected {exact[k]!r}: {e[k]:.3f} ulp"
    assert e[k] <= bound, what


def _erfc(x: Array) -> Array:
    out: Array = np.vectorize(math.erfc, otypes=[float])(x)
    return out


def _sigmoid(x: Array) -> Array:
    out: Array = np.where(x >= 0, 1.0, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x)))
    return out


def _limit(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """x f(x) is -0 at minus infinity, where the product has no value."""
    return lambda x: np.where(x == -np.inf, -0.0, x * f(x))


def _gelu_tanh(x: Array) -> Array:
    return _limit(lambda v: _sigmoid(2 * math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))(x)


EXACT: dict[str, tuple[float, int, Callable[[Array], Array]]] = {  # bound in ulp, step, reference
    "exp": (1.0, 997, np.exp),
    "exp2": (1.0, 997, np.exp2),
    "log": (1.0, 997, np.log),
    "log2": (1.0, 1987, np.log2),
    "log10": (1.0, 1987, np.log10),
    "log1p": (1.0, 1987, np.log1p),
    "expm1": (1.5, 1987, np.expm1),
    "tanh": (1.5, 1987, np.tanh),
    "sinh": (2.0, 4001, np.sinh),
    "cosh": (1.5, 4001, np.cosh),
    "sin": (1.5, 4001, np.sin),
    "cos": (1.5, 4001, np.cos),
    "tan": (1.0, 4001, np.tan),
    "rsqrt": (1.5, 4001, lambda x: 1 / np.sqrt(x)),
    "sqrt": (0.5, 4001, np.sqrt),
    "sigmoid": (1.5, 4001, _sigmoid),
    "silu": (2.5, 4001, _limit(_sigmoid)),
    "softplus": (2.0, 4001, lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)),
    "gelu_tanh": (2.5, 4001, _gelu_tanh),
    "erf": (1.0, 20011, lambda x: np.vectorize(math.erf, otypes=[float])(x)),
    "erfc": (2.0, 20011, _erfc),
    "normcdf": (2.5, 20011, lambda x: 0.5 * _erfc(-x * math.sqrt(0.5))),
    "gelu": (2.5, 20011, _limit(lambda x: 0.5 * _erfc(-x * math.sqrt(0.5)))),
    "round": (0.5, 20011, lambda x: np.copysign(np.floor(np.abs(x) + 0.5), x)),
}


@pytest.mark.parametrize("fn", EXACT)
def test_float32(fn: str) -> None:
    bound, step, exact = EXACT[fn]
    x = every(step)
    with np.errstate(all="ignore"):
        expected = exact(x.astype(np.float64))
    assert_accurate(fn, x, apply(fn, FLOAT32, x), expected, bound)


@pytest.mark.parametrize("level", ["x86-64-v2", "x86-64-v3"])
def test_float32_on_lesser_targets(level: str) -> None:
    """Without scalef, and on v2 without multiply-add, half an ulp is lost."""
    x = every(20011)
    for fn in ("exp", "exp2", "log", "tanh", "erf", "sin"):
        with np.errstate(all="ignore"):
            expected = EXACT[fn][2](x.astype(np.float64))
        found = apply(fn, FLOAT32, x, level=level)
        assert_accurate(f"{fn} on {level}", x, found, expected, EXACT[fn][0] + 0.5)


def test_pow() -> None:
    rng = np.random.default_rng(5)
    x = np.concatenate([np.exp(rng.uniform(-30, 30, 20000)), rng.integers(-5, 6, 2000), SPECIAL])
    y = np.concatenate([rng.uniform(-3, 3, 20000), rng.integers(-4, 5, 2000), SPECIAL[::-1]])
    x, y = x.astype(np.float32), y.astype(np.float32)
    with np.errstate(all="ignore"):
        expected = np.power(x.astype(np.float64), y.astype(np.float64))
    assert_accurate("pow", x, apply("pow", FLOAT32, x, y), expected, 1.0)


@pytest.mark.parametrize("exponent", [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0])
def test_small_whole_powers_are_products(exponent: float) -> None:
    i = Int.of("i")
    value = Libm("pow", (Load("x", (i,), FLOAT32, 8, (1,)), Lit(exponent, FLOAT32, 8)))
    body = (For("i", Int.of(0), Int.of(64), 8, (Store("y", (i,), value, step=(1,)),)),)
    n = nest(
        [buffer("x", FLOAT32, 64), buffer("y", FLOAT32, 64, out=True)],
        list(expand(body, target())),
    )
    assert "pow" not in str(n)
    x = np.linspace(-3, 3, 64, dtype=np.float32)
    y = run(n, "llvm", {"x": x, "y": x})[1]["y"]
    assert_accurate("pow", x, y, x.astype(float) ** exponent, 2.0)


def test_float64_against_numpy() -> None:
    """NumPy's own results are within an ulp or so, which the bounds include."""
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.standard_normal(20000) * 2.0 ** rng.integers(-30, 9, 20000), SPECIAL])
    for fn, (bound, _, exact) in EXACT.items():
        if fn in ("erf", "erfc", "normcdf", "gelu", "silu", "softplus", "gelu_tanh", "round"):
            continue
        with np.errstate(all="ignore"):
            expected = exact(x)
        assert_accurate(fn, x, apply(fn, FLOAT64, x), expected, bound + 2.0)


def test_inverse_functions_return() -> None:
    y = np.linspace(-0.999, 0.999, 4001)
    back = apply("erf", FLOAT64, apply("erfinv", FLOAT64, y))
    np.testing.assert_allclose(back, y, rtol=4e-15, atol=1e-300)
    edge = np.array([1.0, -1.0, 0.0, -0.0, 1.5, math.nan])
    found = apply("erfinv", FLOAT64, edge)
    np.testing.assert_array_equal(found, [math.inf, -math.inf, 0.0, -0.0, math.nan, math.nan])


UNARY = [fn for fn, f in FUNCTIONS.items() if f.arity == 1 and f.result == "float"]


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
@pytest.mark.parametrize(("dtype", "lanes"), [(FLOAT32, 16), (FLOAT32, 1), (FLOAT64, 4)])
def test_backends_and_interpreter_agree_on_every_function(
    backend: str, dtype: Dtype, lanes: int
) -> None:
    """Same formulas, same bits, but for float64 fma, which the interpreter rounds twice."""
    rng = np.random.default_rng(3)
    n = 32
    x = np.concatenate([rng.standard_normal(n - 10) * 3, SPECIAL])
    with np.errstate(over="ignore"):
        x = x.astype(dtype.name)
    data = {"x0": x} | {f"y_{fn}": np.zeros(n, dtype.name) for fn in UNARY}
    k = kernel(UNARY, dtype, lanes)
    agree(k, backend, data, ints={"n": n}, ulps=0 if dtype == FLOAT32 else 64)


@pytest.mark.parametrize("dtype", [FLOAT16, BFLOAT16])
def test_small_floats_compute_in_float32(dtype: Dtype) -> None:
    import ml_dtypes

    kind = np.float16 if dtype == FLOAT16 else ml_dtypes.bfloat16
    x = np.linspace(-4, 4, 64).astype(kind)
    found = apply("exp", dtype, x)
    expected = np.exp(x.astype(np.float64)).astype(kind)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_the_language_has_an_expansion(name: str) -> None:
    f = FUNCTIONS[name]
    dtypes = [FLOAT32, FLOAT64] + ([] if f.result == "float" else [INT32])
    for d in dtypes:
        args: tuple[Value, ...] = tuple(Load("x", (Int.of(k),), d) for k in range(f.arity))
        value = calls.call(name, args)
        store = Store("y", (Int.of(0),), value)
        text = str(nest([buffer("x", d, 3)], list(expand((store,), target()))))
        # Nothing is left that the C library does not have.
        for own in ("sigmoid", "silu", "gelu", "normcdf", "erfinv", "rsqrt", "softplus"):
            assert f"{own}(" not in text
