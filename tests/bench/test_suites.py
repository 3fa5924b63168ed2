"""Operators of the suites: three ways of saying each, which agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from polyc.bench import cases
from polyc.bench.contenders import with_naive_c, with_polyc
from polyc.operator import Operator
from tests.bench.support import needs_cc, small

NAMES = list(cases.catalogue())


def listed(x: Any) -> list[Any]:
    return list(x) if isinstance(x, tuple) else [np.asarray(x)]


@pytest.mark.parametrize("name", NAMES)
def test_text_oracle_and_numpy_agree(name: str) -> None:
    case = small(name)
    kernel = case.kernel()
    given = cases.inputs(case, kernel)
    found = cases.reference(case, cases.facts(kernel), given)
    assert found is not None
    wanted, by = found
    assert by == "numpy, float64"
    apart, _ = cases.error(listed(Operator(case.text, None, None, None).reference(*given)), wanted)
    assert apart < 1e-6
    apart, limit = cases.error(listed(kernel(*given)), wanted)
    assert apart <= limit


@needs_cc
@pytest.mark.parametrize(
    "name", ["matmul_512", "conv3x3_padded", "layernorm", "dense_gelu", "jacobi", "pb_syrk"]
)
def test_plain_loops_in_c_agree(name: str) -> None:
    case = small(name)
    kernel = case.kernel()
    given = cases.inputs(case, kernel)
    found = cases.reference(case, cases.facts(kernel), given)
    assert found is not None
    built = with_naive_c.contender(1).build(case, None, given)
    assert not isinstance(built, str)
    built.call()
    apart, limit = cases.error(built.results(), found[0])
    assert apart <= limit
    assert built.lines
    assert built.code_bytes


def test_every_suite_of_the_interface_exists() -> None:
    wanted = {"contraction", "convolution", "streaming", "fused", "stencil", "polybench"}
    assert {*wanted, "language-model", "vision"} == set(cases.suites())
    assert all(len(cases.suite(s)) >= 3 for s in cases.suites())


def test_sizes_are_those_of_the_text() -> None:
    for name in NAMES:
        case = cases.case(name)
        assert set(case.sizes) == set(Operator(case.text, None, None, None).sizes), name


def test_inputs_are_the_same_every_time() -> None:
    case = small("gather_rows")
    first, second = (cases.inputs(case, case.kernel()) for _ in range(2))
    for x, y in zip(first, second, strict=True):
        np.testing.assert_array_equal(x, y)
    assert first[1].dtype == np.int32
    assert first[1].max() < case.sizes["V"]


def test_a_text_without_an_expression_is_compared_with_the_oracle() -> None:
    case = cases.Case("own", "y[i] = x[i] * x[i] + 1.0", {"x.0": 5})
    kernel = case.kernel()
    given = cases.inputs(case, kernel)
    found = cases.reference(case, cases.facts(kernel), given)
    assert found is not None
    assert found[1] == "oracle"
    np.testing.assert_allclose(found[0][0], given[0].astype(float) ** 2 + 1)
    large = cases.Case("own", case.text, {"x.0": 50_000_000})
    facts = cases.facts(large.kernel())
    assert cases.reference(large, facts, given) is None  # too much for the oracle


def test_errors_are_relative_and_nan_is_wrong() -> None:
    wanted = [np.array([100.0, 1.0])]
    assert cases.error([np.array([100.0, 2.0], np.float32)], wanted) == (0.01, 1e-4)
    assert cases.error([np.array([100.0, np.nan], np.float32)], wanted)[0] == float("inf")
    exact = cases.error([np.array([1, 2], np.int32)], [np.array([1, 3], np.int32)])
    assert exact == (1 / 3, 0.0)


def test_polyc_says_what_it_expects() -> None:
    case = small("matmul_512")
    given = cases.inputs(case, case.kernel())
    built = with_polyc.contender(1, backend="llvm").build(case, None, given)
    assert not isinstance(built, str)
    assert built.describe is not None
    about = built.describe()
    assert set(about["bytes_moved"]) == {"L1", "L2", "L3", "DRAM"}
    assert "Decisions" in about["explanation"] or "decision" in about["explanation"].lower()
