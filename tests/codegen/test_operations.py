"""Every operation on every dtype, scalar and vector: both backends against the interpreter."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from polyc.codegen.interpret_ops import numpy_dtype
from polyc.codegen.loops import (
    COMPARISONS,
    Bin,
    Bits,
    Buffer,
    Convert,
    Fma,
    Fold,
    For,
    FromInt,
    Libm,
    Lit,
    Load,
    LoopNest,
    Scalar,
    Sel,
    Shuffle,
    Splat,
    Stmt,
    Store,
    Un,
    Value,
)
from polyc.frontend.dtypes import (
    BFLOAT16,
    BOOL,
    DTYPES,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    INT32,
    INT64,
    UINT32,
    Dtype,
)
from polyc.frontend.integers import Int
from polyc.target import target
from tests.codegen.support import agree, buffer, needs_cc, nest

Array = npt.NDArray[Any]
REAL = [d for d in DTYPES.values() if not d.is_complex]
N = 64
BACKENDS = ["llvm", pytest.param("c", marks=needs_cc)]
TARGETS = ["host", "x86-64-v3", "x86-64-v2"]


def samples(dtype: Dtype, seed: int) -> Array:
    """Ordinary numbers, and the ones that break things."""
    rng = np.random.default_rng(seed)
    to = numpy_dtype(dtype)
    if dtype == BOOL:
        return rng.integers(0, 2, N).astype(bool)
    if dtype.is_integer:
        info = np.iinfo(to)
        special = [0, 1, info.max, info.min, info.max - 1, 2, 7]
        x = rng.integers(info.min, info.max, N, to, endpoint=True)
        x[rng.permutation(N)[: N // 2]] = rng.integers(0, 9, N // 2)
        if dtype.kind == "i":
            x[5:9] = [-1, -1, -2, -7]
        x[rng.permutation(N)[: len(special)]] = special
        return x
    with np.errstate(all="ignore"):
        x = (rng.standard_normal(N) * 2.0 ** rng.integers(-12, 20, N)).astype(to)
    numbers = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -0.5, 2.5, 3.5, -2.5, 1e-7, 6e-8, 3e-39]
    with np.errstate(all="ignore"):
        x[rng.permutation(N)[: len(numbers)]] = np.array(numbers).astype(to)
    return x


def operations(d: Dtype, x: Value, y: Value, z: Value) -> dict[str, Value]:
    """name -> value, for the operations that the dtype has."""
    out: dict[str, Value] = {op: Bin(op, x, y) for op in sorted(COMPARISONS)}  # type: ignore[arg-type]
    if d == BOOL:
        out |= {op: Bin(op, x, y) for op in ("and", "or", "xor")}
        return out | {"not": Un("not", x), "sel": Sel(x, y, z)}
    out |= {op: Bin(op, x, y) for op in ("+", "-", "*", "/", "%", "min", "max")}
    out |= {op: Un(op, x) for op in ("neg", "abs", "floor", "ceil", "trunc", "rint")}
    out["sel"] = Sel(Bin("<", x, y), z, x)
    if d.is_float:
        out |= {op: Bin(op, x, y) for op in ("fmin", "fmax", "copysign")}
        out |= {"sqrt": Un("sqrt", Un("abs", x))}
        return out | ({"fma": Fma(x, y, z)} if d == FLOAT32 else {})
    out |= {op: Bin(op, x, y) for op in ("and", "or", "xor")}
    lanes = x.lanes if isinstance(x, Load) else 1
    three = Lit(3, d, lanes)
    out |= {"shl": Bin("shl", x, three), "shr": Bin("shr", x, three), "not": Un("not", x)}
    divisors = (3, 8, 0, -1) if d.kind == "i" else (3, 8, 0)
    return out | {f"/{k}": Bin("/", x, Lit(k, d, lanes)) for k in divisors}


def loads(d: Dtype, lanes: int) -> tuple[Value, Value, Value]:
    i = Int.of("i")
    return tuple(Load(f"{v}_{d}", (i,), d, lanes, (1,)) for v in "xyz")  # type: ignore[return-value]


def arguments(d: Dtype) -> dict[str, Array]:
    return {f"{v}_{d}": samples(d, seed) for seed, v in enumerate("xyz")}


def kernel(dtypes: list[Dtype], lanes: int) -> tuple[LoopNest, dict[str, Array]]:
    """One loop that applies every operation and stores each result in a row of its own."""
    i, body, data = Int.of("i"), list[Stmt](), dict[str, Array]()
    declared: list[Buffer | Scalar] = []
    for d in dtypes:
        values = operations(d, *loads(d, lanes))
        plain = {k: v for k, v in values.items() if k not in COMPARISONS}
        tests = {k: v for k, v in values.items() if k in COMPARISONS}
        for name, rows, to in (("out", plain, d), ("test", tests, BOOL)):
            target_ = buffer(f"{name}_{d}", to, len(rows), N, out=True)
            declared.append(target_)
            data[target_.name] = np.zeros((len(rows), N), numpy_dtype(to))
            for row, v in enumerate(rows.values()):
                body.append(Store(target_.name, (Int.of(row), i), v, step=(0, 1)))
        declared += [buffer(f"{v}_{d}", d, N) for v in "xyz"]
        data |= arguments(d)
    return nest(declared, [For("i", Int.of(0), Int.of(N), lanes, tuple(body))]), data


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("lanes", [1, 8])
def test_every_operation_on_every_dtype(backend: str, lanes: int) -> None:
    n, data = kernel(REAL, lanes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        agree(n, backend, data)


@pytest.mark.parametrize("level", ["x86-64-v2", "x86-64-v3"])
def test_every_operation_on_lesser_targets(level: str) -> None:
    """Without half conversions, without a wide vector; multiply-adds round twice without FMA."""
    t = target(level)
    dtypes = [FLOAT16, BFLOAT16, FLOAT64, INT32, INT64, BOOL] + ([FLOAT32] if t.fma else [])
    n, data = kernel(dtypes, 8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        agree(n, "llvm", data, t=t)


def conversions(sources: list[Dtype], lanes: int) -> tuple[LoopNest, dict[str, Array]]:
    i, body, data = Int.of("i"), list[Stmt](), dict[str, Array]()
    declared: list[Buffer | Scalar] = []
    for d in sources:
        declared.append(buffer(f"x_{d}", d, N))
        data[f"x_{d}"] = samples(d, 3)
        for to in REAL:
            name = f"{to}_of_{d}"
            declared.append(buffer(name, to, N, out=True))
            data[name] = np.zeros(N, numpy_dtype(to))
            value = Convert(Load(f"x_{d}", (i,), d, lanes, (1,)), to)
            body.append(Store(name, (i,), value, step=(1,)))
    return nest(declared, [For("i", Int.of(0), Int.of(N), lanes, tuple(body))]), data


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("lanes", [1, 16])
def test_every_conversion(backend: str, lanes: int) -> None:
    n, data = conversions(REAL, lanes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        agree(n, backend, data)


def test_conversions_without_instructions_for_half() -> None:
    n, data = conversions([FLOAT16, BFLOAT16, FLOAT32, FLOAT64], 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        agree(n, "llvm", data, t=target("x86-64-v2"))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", REAL, ids=str)
def test_shuffles(dtype: Dtype, backend: str) -> None:
    """Any lanes of two vectors, as many as before, half or twice as many."""
    x, y = (Load("x", (Int.of(at),), dtype, 8, (1,)) for at in (0, 8))
    orders = [(0, 8, 1, 9, 2, 10, 3, 11), (15, 3, 3, 0), (*range(15, -1, -1),), (7, 8)]
    body = [
        Store("y", (Int.of(16 * row),), Shuffle(x, y, order), step=(1,))
        for row, order in enumerate(orders)
    ]
    data = {"x": samples(dtype, 5), "y": np.zeros(N, numpy_dtype(dtype))}
    agree(nest([buffer("x", dtype, N), buffer("y", dtype, N, out=True)], body), backend, data)


@pytest.mark.parametrize("backend", BACKENDS)
def test_lanes(backend: str) -> None:
    """Splats, folds, numbers of lanes, bits and the C library, on vectors."""
    x = Load("x", (Int.of(0),), FLOAT32, 16, (1,))
    k = Load("k", (Int.of(0),), INT32, 16, (1,))
    body: list[Stmt] = []

    def put(name: str, at: int, v: Value, lanes: int) -> None:
        body.append(Store(name, (Int.of(at),), v, step=(1,) if lanes > 1 else ()))

    for row, op in enumerate(("+", "*", "min", "max")):
        put("f", row, Fold(op, x), 1)  # type: ignore[arg-type]
        put("g", row, Fold(op, k), 1)  # type: ignore[arg-type]
    put("g", 4, Fold("and", k), 1)
    put("g", 5, Fold("or", k), 1)
    below = Bin("<", x, Splat(Load("x", (Int.of(3),), FLOAT32), 16))
    put("g", 6, Convert(Fold("or", below), INT32), 1)
    put("g", 7, Convert(Fold("and", below), INT32), 1)
    put("f", 16, FromInt(Int.of("n") + 2, FLOAT32, 16, 3), 16)
    put("g", 16, FromInt(Int.of("n") + 2, INT32, 16, -3), 16)
    put("g", 32, Convert(Bits(x, UINT32), INT32), 16)
    put("f", 32, Libm("expf", (x,)), 16)
    put("f", 48, Libm("powf", (Un("abs", x), x)), 16)
    mixed = Sel(below, Convert(Convert(below, INT64), FLOAT32), x)
    put("f", 64, mixed, 16)
    double = Convert(x, FLOAT64)
    put("f", 80, Convert(Sel(below, double, Un("neg", double)), FLOAT32), 16)
    both = Bin("and", below, Bin("<", double, Lit(0.0, FLOAT64, 16)))
    put("g", 48, Convert(both, INT32), 16)
    put("g", 64, Convert(Sel(both, below, Un("not", below)), INT32), 16)
    n = nest(
        [
            buffer("x", FLOAT32, 16),
            buffer("k", INT32, 16),
            buffer("f", FLOAT32, 96, out=True),
            buffer("g", INT32, 96, out=True),
        ],
        body,
        ("n",),
    )
    rng = np.random.default_rng(0)
    data = {
        "x": rng.standard_normal(16).astype(np.float32),
        "k": rng.integers(-9, 9, 16).astype(np.int32),
        "f": np.zeros(96, np.float32),
        "g": np.zeros(96, np.int32),
    }
    agree(n, backend, data, ints={"n": 5})
