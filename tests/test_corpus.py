"""The corpus itself: every program has an expression, declared inputs and sensible sizes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.expressions import EXPRESSIONS
from tests.programs import CORPUS, Case, difference


def test_every_program_has_an_expression() -> None:
    assert set(CORPUS) == set(EXPRESSIONS)


@pytest.mark.parametrize("case", CORPUS.values(), ids=lambda c: c.name)
def test_numpy_answers_at_small_sizes(case: Case) -> None:
    for sizes in (case.smoke, *case.odd):
        inputs = case.inputs(sizes)
        for out in case.expected(inputs):
            assert np.isfinite(out).all()


def test_inputs_are_seeded() -> None:
    case = CORPUS["matmul"]
    first, again = case.inputs(case.smoke), case.inputs(case.smoke)
    other = case.inputs(case.smoke, seed=1)
    assert (first["A"] == again["A"]).all()
    assert (first["A"] != other["A"]).any()


def test_a_wrong_answer_is_found() -> None:
    case = CORPUS["matmul"]
    inputs = case.inputs(case.smoke)
    (right,) = case.expected(inputs)
    case.check((right.astype(np.float32),), inputs, case.smoke)
    wrong = right.astype(np.float32)
    wrong[3, 4] += 1e-4
    with pytest.raises(AssertionError, match="matmul"):
        case.check((wrong,), inputs, case.smoke)


def test_nan_is_a_difference() -> None:
    assert difference(np.array([np.nan]), np.array([1.0])) == np.inf
