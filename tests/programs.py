"""The corpus of programs.toml with seeded inputs, NumPy's answers and tolerances."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.expressions import EXPRESSIONS

Array = NDArray[Any]
Sizes = Mapping[str, int]

_NUMPY_NAMES = {"float": "float32", "double": "float64", "int": "int32"}
_PARAMETER = re.compile(r"(?P<type>\w+)\s*(?:\((?P<dims>[^)]*)\))?\s+(?P<name>\w+)\s*,?\s*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared input: dims are names of sizes or numbers; a scalar has none."""

    name: str
    dtype: str
    dims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One program of the corpus."""

    name: str
    text: str
    sizes: tuple[Sizes, ...]
    smoke: Sizes
    odd: tuple[Sizes, ...]
    terms: tuple[str, ...]
    entry: str | None = None
    consts: Mapping[str, int] = field(default_factory=dict)
    exact: bool = False
    scale: float = 1.0

    def parameters(self) -> tuple[Parameter, ...]:
        """The entry's declared inputs, read from its text without the compiler's help."""
        name = self.entry or re.findall(r"\bdef\s+(\w+)", self.text)[-1]
        header = re.search(rf"\bdef\s+{name}\s*\((?P<list>.*?)\)\s*->", self.text, re.DOTALL)
        assert header, f"{self.name}: no header of {name}"
        found = _PARAMETER.finditer(header["list"])
        return tuple(
            Parameter(
                m["name"],
                _NUMPY_NAMES.get(m["type"], m["type"]),
                tuple(d.strip() for d in (m["dims"] or "").split(",") if d.strip()),
            )
            for m in found
            if m["name"] not in self.consts
        )

    def inputs(self, sizes: Sizes, seed: int = 0) -> dict[str, Any]:
        """Seeded arguments by name. Indices of the table `T` lie in its first dimension."""
        rng = np.random.default_rng([seed, *map(ord, self.name)])
        return {p.name: self._random(p, sizes, rng) for p in self.parameters()}

    def _random(self, p: Parameter, sizes: Sizes, rng: np.random.Generator) -> Any:
        known = {**self.consts, **sizes}
        shape = tuple(int(d) if d.isdigit() else known[d] for d in p.dims)
        dtype = np.dtype(p.dtype)
        if dtype == np.int8:
            return rng.integers(-128, 128, shape, dtype)
        if dtype.kind in "iu":
            return rng.integers(0, sizes["E"], shape, dtype)
        if self.exact:
            return rng.integers(-8, 9, shape).astype(dtype)
        if p.name == "eps":
            return dtype.type(1e-5)
        drawn = rng.uniform(-self.scale, self.scale, shape).astype(dtype)
        return drawn if shape else dtype.type(abs(drawn) + 0.25)

    def expected(self, inputs: Mapping[str, Any]) -> tuple[Array, ...]:
        """NumPy's answer to these inputs in float64 or int64."""
        wide = {k: _widen(v) for k, v in inputs.items()}
        found = EXPRESSIONS[self.name](**wide, **self.consts)
        return found if isinstance(found, tuple) else (found,)

    def tolerance(self, dtype: np.dtype[Any], sizes: Sizes) -> float:
        """Largest error allowed, as a fraction of the largest element; 0 for integers.

        Rounding errors of a sum of n terms grow like the square root of n (a random walk).
        """
        if dtype.kind != "f":
            return 0.0
        terms = math.prod(sizes[t] for t in self.terms)
        return float(np.finfo(dtype).eps) * 4 * (8 + math.sqrt(terms))

    def check(self, found: tuple[Array, ...], inputs: Mapping[str, Any], sizes: Sizes) -> None:
        """Every output is NumPy's, in shape and in value."""
        expected = self.expected(inputs)
        assert len(found) == len(expected)
        for k, (got, want) in enumerate(zip(found, expected, strict=True)):
            assert got.shape == want.shape, f"{self.name}, output {k}"
            error = difference(got, want)
            bound = self.tolerance(got.dtype, sizes)
            assert error <= bound, f"{self.name} at {dict(sizes)}, output {k}: error {error:.3g}"


def difference(got: Array, want: Array) -> float:
    """The largest absolute difference as a fraction of the largest element; NaN is never equal."""
    if not got.size:
        return 0.0
    scale = max(float(np.abs(want).max()), float(np.finfo(np.float32).tiny))
    error = float(np.abs(got.astype(want.dtype) - want).max()) / scale
    return math.inf if math.isnan(error) else error


def _widen(value: Any) -> Any:
    kind = np.asarray(value).dtype.kind
    return np.asarray(value).astype({"f": np.float64, "i": np.int64}[kind])


def _load() -> dict[str, Case]:
    text = (Path(__file__).parent / "programs.toml").read_text(encoding="utf-8")
    return {c.name: c for c in map(_case, tomllib.loads(text)["program"])}


def _case(row: dict[str, Any]) -> Case:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Case(**fields)


CORPUS = _load()


def sampled(names: Iterable[str], often: Iterable[str]) -> list[Any]:
    """Parameters of a test: those of `often` in every run, the others in `make slow` too."""
    chosen = set(often)
    known = list(names)
    assert chosen <= set(known)
    return [pytest.param(n, marks=() if n in chosen else pytest.mark.slow) for n in known]
