"""Which texts are one einsum."""

from __future__ import annotations

import numpy as np
import pytest

from polyc.bench.cases import Case, facts, inputs

FOUND = {
    "ij,jk->ik": {"i": 3, "j": 4, "k": 5},
    "C[i,j] += A[i,k] * B[j,k]": {"A.0": 3, "A.1": 4, "B.0": 2},
    "y[j,i] = x[i,j]": {"x.0": 2, "x.1": 3},
    "y[i] += x[i,j]": {"x.0": 2, "x.1": 3},
    "def f(float(N) a, float(M) b) -> (c) { c(i,j) = b(j) * a(i) }": {"N": 3, "M": 2},
    "ii->i": {"i": 3},
}
NOT = {
    "a window": ("y[i] += x[i+r] * w[r]", {"x.0": 9, "w.0": 2}),
    "a function": ("y[i] += exp(x[i,j])", {"x.0": 2, "x.1": 3}),
    "a part": ("def f(float(N) x) -> (y) { y(i) = x(i) where i in 0:2 }", {"N": 5}),
    "a triangle": ("def f(float(N,N) x) -> (y) { y(i) += x(i,j) where j <= i }", {"N": 4}),
    "a maximum": ("y[i] max= x[i,j]", {"x.0": 2, "x.1": 3}),
    "a square": ("y[i] = x[i] * x[i]", {"x.0": 2}),
    "a factor": ("y[i] = 2.0 * x[i]", {"x.0": 2}),
    "two statements": ("def f(float(N) x) -> (y) { t(i) = x(i) \n y(i) = t(i) }", {"N": 4}),
}


@pytest.mark.parametrize("text", FOUND)
def test_the_string_computes_what_the_text_does(text: str) -> None:
    case = Case("text", text, FOUND[text])
    kernel = case.kernel()
    string = facts(kernel).einsum
    assert string is not None
    given = inputs(case, kernel)
    np.testing.assert_allclose(np.einsum(string, *given), kernel(*given), rtol=1e-5)


@pytest.mark.parametrize("name", NOT)
def test_other_texts_are_none(name: str) -> None:
    text, sizes = NOT[name]
    assert facts(Case("text", text, sizes).kernel()).einsum is None
