"""`Case`: one operator at one set of sizes, with its inputs and what they should give."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from polyc import arrays, driver
from polyc.bench.einsums import einsum_of
from polyc.bench.expressions import arrays as expressions
from polyc.errors import ArgumentError, ResourceError
from polyc.kernel import Kernel
from polyc.operator import Operator
from polyc.options import Options
from polyc.scheduler.cost import least
from polyc.scheduler.counting import estimate

Array = Any
_ORACLE_POINTS = 30_000_000  # about half a minute of the oracle


@dataclass(frozen=True, slots=True)
class Case:
    """What is timed. Plain data, so that it can be sent to another process.

    run     the function in `expressions` that says the same for other libraries, None without one
    c       the hand-written C function and the sizes it takes, () where there is none
    values  how inputs are drawn that are not from the normal distribution, by name
    dtype   of inputs whose type the text leaves open
    """

    name: str
    text: str
    sizes: Mapping[str, int]
    run: str | None = None
    c: Sequence[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    dtype: str | None = None
    entry: str | None = None

    def kernel(self, options: Options | None = None, symbolic: bool = False) -> Kernel:
        """Raises LanguageError for a wrong text, ArgumentError for wrong sizes."""
        kind = None if self.dtype is None else arrays.dtype(self.dtype)
        operator = Operator(self.text, self.entry, None, options)
        return operator.specialize({} if symbolic else self.sizes, kind)


@cache
def catalogue() -> Mapping[str, Any]:
    """The tables of suites.toml by the operator's name."""
    text = resources.files("polyc.bench").joinpath("suites.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def suites() -> list[str]:
    """Names of the suites, in the order in which the file mentions them."""
    return list(dict.fromkeys(s for row in catalogue().values() for s in row["suites"]))


def case(name: str) -> Case:
    """The operator of that name in the suites."""
    row = {k: v for k, v in catalogue()[name].items() if k != "suites"}
    return Case(name, **row)


def suite(name: str) -> list[Case]:
    """Its operators; "all" has every operator once."""
    return [case(n) for n, row in catalogue().items() if name in ("all", *row["suites"])]


@dataclass(frozen=True, slots=True)
class Facts:
    """What follows from the text: operations and compulsory bytes, the einsum it is, if one."""

    flops: int | None
    bytes: int
    einsum: str | None
    points: int


def facts(kernel: Kernel) -> Facts:
    """Of a kernel whose sizes are all fixed."""
    program = kernel.text
    points = sum(estimate(s.domain) for s in program.statements)
    return Facts(driver.operations(program), least(program), einsum_of(program), points)


def inputs(case: Case, kernel: Kernel) -> list[Array]:
    """Arrays in the order of a call, the same every time. Raises ResourceError where they do not
    fit in memory."""
    rng = np.random.default_rng(zlib.crc32(case.name.encode()))
    out: list[Array] = []
    for t in kernel.text.inputs:
        shape, kind = tuple(n.value for n in t.shape), arrays.dtype(t.dtype.name)
        if t.label in case.sizes:  # an integer scalar
            out.append(np.asarray(case.sizes[t.label], kind))
            continue
        try:
            out.append(_draw(rng, case, t.label, shape, kind))
        except (MemoryError, ValueError):
            size = " x ".join(map(str, shape))
            raise ResourceError(f"{t.label}: no memory for {size} elements") from None
    return out


def _draw(
    rng: np.random.Generator, case: Case, name: str, shape: tuple[int, ...], kind: Any
) -> Array:
    how = case.values.get(name, "")
    if how.startswith("below "):
        return rng.integers(0, case.sizes[how.removeprefix("below ")], shape).astype(kind)
    if kind.kind in "biu":
        return np.asarray(rng.integers(0, 2 if kind.kind == "b" else 8, shape)).astype(kind)
    if how == "uniform":
        return np.asarray(rng.random(shape, np.float32)).astype(kind)
    values = np.asarray(rng.standard_normal(shape, np.float32))
    return (values / np.float32(16 if how == "small" else 1)).astype(kind)


def reference(case: Case, known: Facts, given: Sequence[Array]) -> tuple[list[Array], str] | None:
    """What the inputs should give, in float64, and who says so: an expression of NumPy, or the
    oracle. None where the text has no expression and is too large for the oracle."""
    wide = [x.astype(_wider(x.dtype)) for x in given]
    if case.run is not None:
        found = getattr(expressions, case.run)(np, *wide)
    elif known.einsum is not None:
        found = np.einsum(known.einsum, *wide, optimize=True)
    elif known.points <= _ORACLE_POINTS:
        found = Operator(case.text, case.entry, None, None).reference(*given)
        return _listed(found), "oracle"
    else:
        return None
    return _listed(found), "numpy, float64"


def _listed(found: Any) -> list[Array]:
    return [np.asarray(x) for x in (found if isinstance(found, tuple) else (found,))]


def _wider(kind: Any) -> Any:
    if kind.kind == "c":
        return np.complex128
    return kind if kind.kind in "biu" else np.float64


_TOLERANCE = {"float16": 1e-2, "bfloat16": 5e-2, "float64": 1e-10, "complex128": 1e-10}


def error(found: Sequence[Array], wanted: Sequence[Array]) -> tuple[float, float]:
    """The largest difference relative to the largest element, and the limit it must keep.

    Raises ArgumentError where shapes disagree: a contender computed something else.
    """
    worst, limit = 0.0, 0.0
    for x, y in zip(found, wanted, strict=True):
        if x.shape != y.shape:
            raise ArgumentError(f"a result has shape {x.shape}, expected {y.shape}")
        exact = x.dtype.kind in "biu" and y.dtype.kind in "biu"
        limit = max(limit, 0.0 if exact else _TOLERANCE.get(x.dtype.name, 1e-4))
        scale = max(1e-30, float(np.max(np.abs(y), initial=0.0)))
        apart = float(np.max(np.abs(x.astype(_wider(y.dtype)) - y), initial=0.0)) / scale
        worst = max(worst, apart if apart == apart else float("inf"))
    return worst, limit
