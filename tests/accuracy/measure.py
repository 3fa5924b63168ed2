"""Compiled functions, inputs for them, and the distance of results from the truth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt

from polyc.codegen.loops import For, Libm, Load, LoopNest, Store
from polyc.codegen.math import expand
from polyc.codegen.native import Loaded
from polyc.frontend.dtypes import FLOAT32, Dtype
from polyc.frontend.integers import Int
from polyc.target import target
from tests.accuracy.rows import ROWS, Row
from tests.codegen.support import buffer, call, compiled, nest

Array = npt.NDArray[Any]
PRECISION = 180  # bits
SPECIAL = [
    *(0.0, 1.0, 0.5, 2.0, 3.0, 1.5, math.pi / 2, math.pi, 1e-40, 1e-45, 1.17549435e-38),
    *(5e-324, 2.2250738585072014e-308, 1.1e38, 3.4e38, 3.4028234663852886e38, 1e300),
    *(1.7976931348623157e308, math.inf, math.nan, 0.49999997, 1e30, 88.7, 709.7, 8388607.5),
]


def kernel(fn: str, d: Dtype, level: str, lanes: int | None = None) -> LoopNest:
    """y[i] = fn(x0[i], ...) by whole vectors of the target, or of so many lanes."""
    t, arity = target(level), ROWS[fn].arity
    lanes, i = lanes or t.lanes(d.bytes), Int.of("i")
    args = tuple(Load(f"x{k}", (i,), d, lanes, (1,)) for k in range(arity))
    loop = For("i", Int.of(0), Int.of("n"), lanes, (Store("y", (i,), Libm(fn, args), step=(1,)),))
    arguments = [*(buffer(f"x{k}", d, "n") for k in range(arity)), buffer("y", d, "n", out=True)]
    return nest(arguments, list(expand((loop,), t)), ("n",))


def function(
    fn: str, d: Dtype, backend: str = "llvm", level: str = "host", lanes: int | None = None
) -> Callable[..., Array]:
    """The function as it is compiled for a target, on arrays of any length."""
    t = target(level)
    n = kernel(fn, d, level, lanes)
    code, step = compiled(n, backend, t), lanes or t.lanes(d.bytes)
    return lambda *xs: applied(code, n, step, xs)


def applied(code: Loaded, n: LoopNest, lanes: int, xs: tuple[Array, ...]) -> Array:
    """The results of a compiled kernel, which takes whole vectors."""
    whole = -(-len(xs[0]) // lanes) * lanes
    data = {f"x{k}": np.resize(x, whole) for k, x in enumerate(xs)}
    data["y"] = np.empty_like(data["x0"])
    assert call(code.address, n, data, {}, {"n": whole}) == 0
    return data["y"][: len(xs[0])]


# ---- distances
def distance32(found: Array, wide: Array) -> Array:
    """In ulp of float32. A result that is the nearest counts as 0; a wrong kind, or a zero of the
    wrong sign, as infinite. Overflow is a step to 2^128."""
    with np.errstate(all="ignore"):  # NaN may signal
        nearest = wide.astype(np.float32)
        off = np.flatnonzero(found.view(np.int32) != nearest.view(np.int32))
        f, w, r = found[off].astype(float), wide[off], nearest[off].astype(float)
    out = np.zeros(len(found))
    top = 2.0**128
    with np.errstate(all="ignore"):
        unit = np.where(np.isinf(r), 2.0**104, np.abs(np.spacing(nearest[off])).astype(float))
        e = np.abs(np.clip(f, -top, top) - np.clip(w, -top, top)) / unit
    both = np.isnan(f) & np.isnan(w)
    e[both] = 0.0
    e[(f == 0) & (r == 0) & ~both] = np.inf
    # What comes out infinite must overflow, and what is infinite must come out so.
    e[np.isinf(w) & (f != w)] = np.inf
    out[off] = np.where(np.isnan(e), np.inf, e)
    return out


def distance64(fn: str, found: Array, xs: tuple[Array, ...]) -> Array:
    """In ulp of float64, from mpmath; arguments that are not finite, or lie on a pole or a branch,
    are compared with NumPy's result, which is exact there."""
    row = ROWS[fn]
    with np.errstate(all="ignore"):
        plain = row.wide(*xs)
    out = np.zeros(len(found))
    for k in range(len(found)):
        args = [float(x[k]) for x in xs]
        f, p = float(found[k]), float(plain[k])
        if _exact_kind(args, p):
            same = f == p and math.copysign(1, f) == math.copysign(1, p)
            out[k] = 0.0 if same or (f != f and p != p) else math.inf
            continue
        out[k] = _units(f, row, args)
    return out


def _exact_kind(args: list[float], plain: float) -> bool:
    return not all(map(math.isfinite, args)) or 0.0 in args or not math.isfinite(plain)


def _units(f: float, row: Row, args: list[float]) -> float:
    with mpmath.workprec(PRECISION):
        truth = row.exact(*map(mpmath.mpf, args))
        if isinstance(truth, mpmath.mpc):
            return 0.0 if f != f else math.inf
        if f != f:
            return math.inf
        top = mpmath.mpf(2) ** 1024
        value = top * (1 if f > 0 else -1) if math.isinf(f) else mpmath.mpf(f)
        truth = max(-top, min(top, truth))
        unit = mpmath.mpf(2) ** 971 if abs(truth) == top else mpmath.mpf(math.ulp(float(truth)))
        return float(abs(value - truth) / unit)


# ---- inputs
def sample(step: int, start: int = 0, count: int = 1 << 32) -> Array:
    """Every step-th float32, by its bits."""
    return np.arange(start, min(start + count, 1 << 32), step).astype(np.uint32).view(np.float32)


def points(d: Dtype, n: int, seed: int = 1) -> Array:
    """Numbers of every size, numbers as they are common, and the special ones with their
    neighbours."""
    rng = np.random.default_rng(seed)
    kind = np.dtype(d.name)
    bits = rng.integers(0, 1 << d.bits, n // 4, np.uint64).astype(f"uint{d.bits}").view(kind)
    common = rng.standard_normal(n // 2) * 2.0 ** rng.integers(-8, 6, n // 2)
    quarter = rng.integers(-300, 300, n // 8) * (math.pi / 4)
    near_one = 1 + rng.standard_normal(n // 8) * 2.0 ** rng.integers(-30, -1, n // 8)
    with np.errstate(all="ignore"):
        special = np.array(SPECIAL).astype(kind)
        special = np.concatenate([special, np.nextafter(special, kind.type(0))])
        usual = np.concatenate([common, quarter, near_one]).astype(kind)
    x = np.concatenate([bits, usual, special, -special])
    return np.where(np.isnan(x), kind.type(np.nan), x)  # NaN that do not signal


def pairs(d: Dtype, n: int) -> tuple[Array, Array]:
    """Two arguments: points against points, special against special, and near equal ones."""
    x, y = points(d, n, 2), np.random.default_rng(3).permutation(points(d, n, 4))
    kind = np.dtype(d.name)
    with np.errstate(all="ignore"):
        s = np.array([*SPECIAL, -2.5, 4.0, 5.0, 0.25]).astype(kind)
    s = np.concatenate([s, -s])
    a, b = (g.ravel() for g in np.meshgrid(s, s))
    usual = np.random.default_rng(5).uniform(-1, 1, (2, n)) * np.array([[40.0], [9.0]])
    first = np.abs(usual[0]).astype(kind)
    with np.errstate(all="ignore"):  # powers of every size
        ends = np.random.default_rng(6).uniform(-1.1, 1.1, n) * 2.0 ** (7 if d == FLOAT32 else 10)
        powers = (ends / np.log2(first.astype(float))).astype(kind)
    return (
        np.concatenate([x, a, first, first]),
        np.concatenate([y, b, usual[1].astype(kind), powers]),
    )
