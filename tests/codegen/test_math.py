"""How the built-in functions are expanded; `tests/accuracy` says how right their results are."""

from __future__ import annotations

import math
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
    np.testing.assert_array_max_ulp(y, (x.astype(float) ** exponent).astype(np.float32), 2)


def test_inverse_functions_return() -> None:
    y = np.linspace(-0.999, 0.999, 4001)
    back = apply("erf", FLOAT64, apply("erfinv", FLOAT64, y))
    np.testing.assert_allclose(back, y, rtol=4e-15, atol=1e-300)
    edge = np.array([1.0, -1.0, 0.0, -0.0, 1.5, math.nan])
    found = apply("erfinv", FLOAT64, edge)
    np.testing.assert_array_equal(found, [math.inf, -math.inf, 0.0, -0.0, math.nan, math.nan])


UNARY = [fn for fn, f in FUNCTIONS.items() if f.arity == 1 and f.result == "float"]


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
@pytest.mark.parametrize(
    ("dtype", "lanes"), [(FLOAT32, 16), (FLOAT32, 1), (FLOAT64, 4), (FLOAT64, 8)]
)
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
