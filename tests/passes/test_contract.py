"""Products and sums as fused multiply-adds."""

from __future__ import annotations

import numpy as np
import pytest

from polyc.codegen.loops import Value
from polyc.codegen.passes.contract import contract
from polyc.frontend.dtypes import INT32
from tests.passes.support import read, results, text, times, write

a, b, c = (read(x) for x in "abc")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (times(times(a, b), c, "+"), "fma(a[], b[], c[])"),
        (times(c, times(a, b), "+"), "fma(a[], b[], c[])"),
        (times(times(a, b), c, "-"), "fma(a[], b[], -c[])"),
        (times(c, times(a, b), "-"), "fma(-a[], b[], c[])"),
        (times(times(a, a), times(b, c), "+"), "fma(a[], a[], b[] * c[])"),
        (times(times(a, b), c), "(a[] * b[]) * c[]"),
        (times(a, b, "+"), "a[] + b[]"),
    ],
)
def test_floats(value: Value, expected: str) -> None:
    before = (write("Y", value=value),)
    after = contract(before)
    assert text(*after) == f"Y[] = {expected}"
    shapes: dict[str, tuple[int, ...]] = {"a": (), "b": (), "c": (), "Y": ()}
    np.testing.assert_array_equal(results(after, shapes)["Y"], results(before, shapes)["Y"])


def test_integers_stay() -> None:
    x, y, z = (read(name, dtype=INT32) for name in "xyz")
    before = (write("Y", value=times(times(x, y), z, "+")),)
    assert contract(before) == before
