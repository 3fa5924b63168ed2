"""Element types that C has no name for, in arrays and by value, in the object and the source."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import polyc
from tests.export.support import COMPILERS, library, needs_cc

pytestmark = needs_cc
INTEGERS = [f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)]
FLOATS = ["float16", "bfloat16", "float32", "float64"]
COMPLEX = ["complex64", "complex128"]


def dtype(name: str) -> np.dtype[Any]:
    return np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)


def both(text: str, sizes: dict[str, int], folder: Path) -> list[Any]:
    """The function of the exported library, and of the exported source compiled."""
    made = polyc.compile(text).specialize(sizes).export(folder)
    again = folder / "again"
    again.mkdir()
    name = made.json.stem
    shutil.copy(made.json, again)
    library(COMPILERS[-1], made.c, again / f"{name}.so", "-O1")
    return [polyc.load(made.json), polyc.load(again / f"{name}.json", verify=False)]


@pytest.mark.parametrize("name", [*INTEGERS, *FLOATS, *COMPLEX])
def test_a_scalar_by_value(name: str, tmp_path: Path) -> None:
    """Small positive and negative values, so that a wrong extension shows."""
    kind = dtype(name)
    text = (
        f"def f({name}(N) x, {name} a, {name}(N) z, {name} b) -> (y) {{ y(i) = a*x(i) + b*z(i) }}"
    )
    values = np.arange(-4, 5) if name[0] != "u" else np.arange(9)
    x, z = values.astype(kind), values[::-1].astype(kind)
    a, b = (kind.type(3), kind.type(2 if name[0] == "u" else -2))
    if name in COMPLEX:
        a, b, x = kind.type(3 - 1j), kind.type(-2j), x * kind.type(1 + 2j)
    expected = (a * x + b * z).astype(kind)
    for f in both(text, {}, tmp_path):
        found = f(x, a, z, b)
        assert found.dtype == kind
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("value", [True, False])
def test_bool(value: bool, tmp_path: Path) -> None:
    text = "def f(bool(N) m, bool b, float(N) x) -> (y, n) { y(i) = b && m(i) ? x(i) : 0.0\n"
    text += "n(i) = !m(i) }"
    m, x = np.array([True, False, True]), np.array([1, 2, 3], np.float32)
    for f in both(text, {}, tmp_path):
        y, n = f(m, value, x)
        np.testing.assert_array_equal(y, np.where(m & value, x, 0))
        np.testing.assert_array_equal(n, ~m)


@pytest.mark.parametrize("name", INTEGERS)
def test_an_integer_scalar_that_bounds(name: str, tmp_path: Path) -> None:
    text = f"def f(float(N) x, {name} w) -> (y) {{ y(i) += x(i+k) where k in 0:w }}"
    x = np.arange(7, dtype=np.float32)
    for f in both(text, {}, tmp_path):
        np.testing.assert_array_equal(f(x, 3), np.convolve(x, np.ones(3), "valid"))
        with pytest.raises(polyc.ArgumentError, match=r"needs N \+ 1 >= w"):
            f(x, 100)


@pytest.mark.parametrize("name", ["int64", "uint64"])
def test_a_scalar_beyond_every_array(name: str, tmp_path: Path) -> None:
    text = f"def f(float(N) x, {name} w) -> (y) {{ y(i) = i <= w ? x(i) : 0.0 where i in 0:N }}"
    x = np.ones(5, np.float32)
    for f in both(text, {}, tmp_path):
        np.testing.assert_array_equal(f(x, 1), [1, 1, 0, 0, 0])
        with pytest.raises(polyc.ArgumentError, match=r"beyond 2\^40"):
            f(x, 1 << 62)
