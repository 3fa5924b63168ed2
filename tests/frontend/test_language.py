"""Every construct of the language against a NumPy expression, through the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from polyc.frontend import load
from polyc.frontend.bind import bind
from polyc.frontend.reference import run
from tests.constructs import ROWS, Array, Row, X


def call(text: str, *arrays: Any, consts: dict[str, int] | None = None) -> tuple[Array, ...]:
    """The oracle's results for arguments in order."""
    program = load(text, consts=consts)
    inputs = {t.name: a for t, a in zip(program.inputs, arrays, strict=True)}
    shapes = {n: np.shape(a) for n, a in inputs.items()}
    ints = {n: int(a) for n, a in inputs.items() if isinstance(a, int)}
    return tuple(run(program, inputs, bind(program, shapes, ints)).values())


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_construct(row: Row) -> None:
    want = row.want()
    found = call(row.text, *row.args, consts=row.consts)
    wanted = want if isinstance(want, tuple) else (want,)
    assert len(found) == len(wanted)
    for got, expected in zip(found, wanted, strict=True):
        assert got.shape == expected.shape
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_a_gather_out_of_range_raises() -> None:
    with pytest.raises(IndexError):
        call("def f(float(N) T, int32(B) I) -> (O) { O(b) = T(I(b)) }", X, np.array([9]))


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ("f(i) * 0.5", "float32"), ("f(i) * 2", "float32"), ("f(i) + l(i)", "float32"),
        ("d(i) + f(i)", "float64"), ("h(i) * h(i)", "float16"), ("h(i) * f(i)", "float32"),
        ("l(i) * 0.5", "float32"), ("b(i) + b(i)", "int32"), ("b(i) && f(i) > 0", "bool"),
        ("s(i) + u(i)", "int16"), ("s(i) * 2", "int8"), ("z(i) * d(i)", "complex128"),
        ("z(i) * f(i)", "complex64"), ("l(i) + i", "int64"), ("s(i) + i", "int8"),
        ("exp(s(i))", "float32"), ("exp(d(i))", "float64"), ("abs(s(i))", "int8"),
        ("max(s(i), 3)", "int8"), ("isnan(f(i))", "bool"), ("!b(i)", "bool"), ("-b(i)", "int32"),
        ("float16(f(i))", "float16"), ("f(i) > 0 ? s(i) : 0.5", "float32"), ("3", "int32"),
        ("0.5", "float32"), ("i", "int64"), ("N", "int64"), ("h(i) + w(i)", "float32"),
    ],
)  # fmt: skip
def test_undeclared_types(value: str, dtype: str) -> None:
    text = (
        "def f(float(N) f, float64(N) d, float16(N) h, bfloat16(N) w, int64(N) l, int8(N) s,"
        f" uint8(N) u, bool(N) b, complex64(N) z) -> (O) {{ O(i) = {value} where i in 0:N }}"
    )
    assert load(text).outputs[0].dtype.name == dtype
